"""The address at the foot of every e-mail about a case."""
