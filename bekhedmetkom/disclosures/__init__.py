"""Disclosure box: confidential corruption reports that only the Commission can read."""
