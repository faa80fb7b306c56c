"""The files of cases, at addresses of their own that are good for a few minutes."""
