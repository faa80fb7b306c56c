"""What holds in the box whatever database or page is around it."""
