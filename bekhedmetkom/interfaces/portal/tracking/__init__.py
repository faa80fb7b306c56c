"""A case as its citizen sees it, opened with reference and access code."""
