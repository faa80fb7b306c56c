"""Notification rules: recipients, texts, channels and times. Pure functions."""
