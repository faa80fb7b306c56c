"""The shapes of what is sent and answered: of the directory, of a citizen's case, of the desk."""
