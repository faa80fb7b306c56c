"""The web chat: the same talk as in a messenger, on a page of ours. Works as a form; a script only spares clicks."""
