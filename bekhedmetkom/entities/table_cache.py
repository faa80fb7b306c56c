"""In-process cache of small tables, at most 10 seconds stale.

Triggers give every change of a part of the directory a new version number (migration 0002), even if it is rolled
back, so equal versions mean equal rows. One short query reads all versions.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from time import monotonic
from typing import Generic, TypeVar

from django.db import connection, connections, transaction

from .models import Version

MAX_AGE_SECONDS = 10.0

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _VersionSnapshot:
    """The versions of one database; its name is included because tests use several."""

    database: str
    versions: Mapping[str, int]

    def get(self, part: str) -> tuple[str, int]:
        return self.database, self.versions.get(part, 0)


class _VersionReader:
    """Reads the versions and keeps the same snapshot until it expires."""

    def __init__(self) -> None:
        self.read_at = float("-inf")
        self.snapshot = _VersionSnapshot("", {})

    def get_snapshot(self) -> _VersionSnapshot:
        database = connections.settings["default"]["NAME"]
        if database != self.snapshot.database or monotonic() - self.read_at > MAX_AGE_SECONDS:
            self.snapshot = _VersionSnapshot(database, dict(Version.objects.values_list("part", "number")))
            self.read_at = monotonic()
        return self.snapshot


_versions = _VersionReader()


def get_version(part: str) -> int:
    """Return the version of a part ("tree", "units", "calendar", "catalogue" …): it grows with any change, 0 before."""
    return _versions.get_snapshot().get(part)[1]


def refresh_versions() -> None:
    """Expire the snapshot now and after commit, so that this process sees its own change."""
    _versions.read_at = float("-inf")
    if connection.in_atomic_block:
        transaction.on_commit(lambda: setattr(_versions, "read_at", float("-inf")))


class CachedTable(Generic[T]):
    """A table loaded by `load`, and again when the version of one of its parts has changed."""

    def __init__(self, part: str, load: Callable[[], T], *more: str):
        self.parts = part, *more
        self.load = load
        self._cached: tuple[list[tuple[str, int]], T] | None = None
        self._snapshot: _VersionSnapshot | None = None

    def __call__(self) -> T:
        # Versions before rows: newer rows under an older version are merely read again.
        snapshot = _versions.get_snapshot()
        if self._cached is None or self._snapshot is not snapshot:
            version = [snapshot.get(part) for part in self.parts]
            if self._cached is None or self._cached[0] != version:
                self._cached = version, self.load()
            self._snapshot = snapshot
        return self._cached[1]
