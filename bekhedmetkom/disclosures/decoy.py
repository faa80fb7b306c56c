"""The report of nobody: looked at, in full, for every receipt that opens nothing (`queries.answers`)."""

import secrets

from bekhedmetkom.config.secrets import made_once

from .place import place


def decoy_lookup() -> bytes:
    """Of this installation; random, so that nobody can tell the row by it."""
    return made_once(place().home / "secrets" / "decoy", lambda: secrets.token_bytes(16))
