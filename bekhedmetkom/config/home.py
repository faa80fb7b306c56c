"""Where the project stands, and where an installation keeps what is its own."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def bk_home() -> Path:
    """`BK_HOME`, or `.data` beside the project: embedded database, keys, logs, static files."""
    return Path(os.environ.get("BK_HOME") or ROOT / ".data").absolute()
