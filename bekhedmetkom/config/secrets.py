"""Keys that are made once per installation and kept beside its data."""

import os
import secrets
from contextlib import suppress
from pathlib import Path


def kept_secret(home: Path, name: str) -> str:
    """The installation's secret of that name; made at first need, readable by its owner alone."""
    file = home / "secrets" / name
    with suppress(FileNotFoundError):
        if secret := file.read_text().strip():
            return secret
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    ours = file.with_name(f"{name}.{os.getpid()}")
    with os.fdopen(os.open(ours, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
        out.write(secrets.token_urlsafe(48))
    with suppress(FileExistsError):  # another process was first: its secret is the one
        os.link(ours, file)
    ours.unlink()
    return file.read_text().strip()
