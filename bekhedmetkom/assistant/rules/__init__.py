"""How a talk goes: what is heard, what is said, and the table of its steps. Knows nothing of Django."""
