"""Unsubscribe page linked from every e-mail about a case."""
