"""The demonstration: invented people who bring invented cases to the real directory, with journals that verify."""
