"""The address that the telephone exchange calls, which is in no language."""
