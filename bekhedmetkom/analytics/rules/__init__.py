"""What is counted, over which slices, and what each indicator means. Pure."""
