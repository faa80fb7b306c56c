"""Rules of the conversation: messages, the table of steps, parsing and presentation. Independent of Django."""
