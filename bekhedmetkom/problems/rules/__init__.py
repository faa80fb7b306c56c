"""What cases are alike by, when many of them are too many, and what becomes of a problem. Pure."""
