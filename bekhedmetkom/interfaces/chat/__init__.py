"""The web chat with the assistant. It works without a script."""
