"""The sealed box: reports of corruption that only the Commission can read."""
