"""Runs the file cleaner for one file, at most two at a time on this machine."""

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
from .rules import FileRefused, Format, MediaType, TemporaryFailure

MAX_CONCURRENT = 2
SLOT_WAIT_SECONDS = (
    2.0  # seconds for a turn; then the sender is told to try again, and the thread is free for others
)
MAX_SECONDS = 60  # seconds for one file, waiting for the processor included
RETRY_AFTER_SECONDS = 5

_FAILURE_MESSAGES = {
    "damaged": rules.DAMAGED,
    "locked": rules.LOCKED,
    "too_large_inside": rules.TOO_LARGE_INSIDE,
    "uncleanable": rules.UNCLEANABLE,
}


@contextmanager
def clean_file(source: Path, kind: Format) -> Iterator[tuple[Path, MediaType]]:
    """The clean file and what it is, for as long as the block lasts. Raises `FileRefused`, or `TryAgain` when busy."""
    with _wait_for_slot(), tempfile.TemporaryDirectory(dir=get_work_folder()) as folder:
        target = Path(folder) / "clean"
        said = _run_cleaner(kind, source, target)
        if "unfit" in said:
            raise FileRefused(_FAILURE_MESSAGES[said["unfit"]])
        yield target, MediaType(said["media_type"])


def get_work_folder() -> Path:
    """Where files lie while they are received and cleaned: on the installation's own disk, for its owner alone."""
    folder = Path(settings.FILE_UPLOAD_TEMP_DIR)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def _run_cleaner(kind: Format, source: Path, target: Path) -> dict[str, str]:
    """The program gets two names and nothing of our environment; that it died or hung is said like damage."""
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-m", "bekhedmetkom.attachments.file_cleaner", kind, source, target],
            stdin=subprocess.DEVNULL, capture_output=True, timeout=MAX_SECONDS, check=False,
            env={"MALLOC_ARENA_MAX": "2"}, cwd="/",
        )  # fmt: skip
        said: dict[str, str] = json.loads(done.stdout) if done.returncode == 0 else {"unfit": "damaged"}
    except (subprocess.TimeoutExpired, ValueError):
        return {"unfit": "too_large_inside"}
    return said


@contextmanager
def _wait_for_slot() -> Iterator[None]:
    """One of the places, held by a lock that the system lets go when its holder dies."""
    until = monotonic() + SLOT_WAIT_SECONDS
    while True:
        for place in range(MAX_CONCURRENT):
            with (get_work_folder() / f"turn-{place}").open("w") as held, suppress(BlockingIOError):
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                yield
                return
        if monotonic() > until:
            raise TemporaryFailure(rules.BUSY, RETRY_AFTER_SECONDS)
        sleep(0.05)
