"""Messenger: the address that Meta posts to, and the command that sets its page up."""
