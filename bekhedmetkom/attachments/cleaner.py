"""Starts the cleaning program for one file, at most two at a time on this machine."""

import fcntl
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic, sleep

from django.conf import settings

from . import rules
from .rules import FileRefused, Format, MediaType, TryAgain

AT_ONCE = 2
PATIENCE = 2.0  # seconds for a turn; then the sender is told to try again, and the thread is free for others
LONGEST = 60  # seconds for one file, waiting for the processor included
AGAIN_AFTER = 5

_WHY = {
    "damaged": rules.DAMAGED,
    "locked": rules.LOCKED,
    "too_large_inside": rules.TOO_LARGE_INSIDE,
    "uncleanable": rules.UNCLEANABLE,
}


@contextmanager
def cleaned(source: Path, kind: Format) -> Iterator[tuple[Path, MediaType]]:
    """The clean file and what it is, for as long as the block lasts. Raises `FileRefused`, or `TryAgain` when busy."""
    with _turn(), tempfile.TemporaryDirectory(dir=workshop()) as folder:
        target = Path(folder) / "clean"
        said = _run(kind, source, target)
        if "unfit" in said:
            raise FileRefused(_WHY[said["unfit"]])
        yield target, MediaType(said["media_type"])


def workshop() -> Path:
    """Where files lie while they are received and cleaned: on the installation's own disk, for its owner alone."""
    folder = Path(settings.FILE_UPLOAD_TEMP_DIR)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def _run(kind: Format, source: Path, target: Path) -> dict[str, str]:
    """The program gets two names and nothing of our environment; that it died or hung is said like damage."""
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-m", "bekhedmetkom.attachments.cleaning", kind, source, target],
            stdin=subprocess.DEVNULL, capture_output=True, timeout=LONGEST, check=False,
            env={"MALLOC_ARENA_MAX": "2"}, cwd="/",
        )  # fmt: skip
        said: dict[str, str] = json.loads(done.stdout) if done.returncode == 0 else {"unfit": "damaged"}
    except (subprocess.TimeoutExpired, ValueError):
        return {"unfit": "too_large_inside"}
    return said


@contextmanager
def _turn() -> Iterator[None]:
    """One of the places, held by a lock that the system lets go when its holder dies."""
    until = monotonic() + PATIENCE
    while True:
        for place in range(AT_ONCE):
            with (workshop() / f"turn-{place}").open("w") as held, suppress(BlockingIOError):
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                yield
                return
        if monotonic() > until:
            raise TryAgain(rules.BUSY, AGAIN_AFTER)
        sleep(0.05)
