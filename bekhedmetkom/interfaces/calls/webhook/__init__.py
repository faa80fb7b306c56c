"""The webhook of the telephone exchange, outside the language prefixes."""
