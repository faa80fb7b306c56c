"""Case files at signed addresses that are valid for a few minutes."""
