"""Messenger: the webhook that Meta posts to, and the command that sets up the page."""
