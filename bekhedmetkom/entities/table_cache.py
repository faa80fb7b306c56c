"""Tables so small and so often asked that each process holds them in memory, at most 10 seconds late.

Triggers give every edit of a part of the directory a number never used before (migration 0002), even one that
is rolled back, so equal numbers mean equal rows. Asking for the numbers is one short query for all parts.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from time import monotonic
from typing import Generic, TypeVar

from django.db import connection, connections, transaction

from .models import Version

MAX_AGE_SECONDS = 10.0  # seconds

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _VersionSnapshot:
    """What a database said. One test's database is not another's: its name counts too."""

    database: str
    versions: Mapping[str, int]

    def get(self, part: str) -> tuple[str, int]:
        return self.database, self.versions.get(part, 0)


class _VersionReader:
    """What the database said last, and when: the same object until it is asked again."""

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
    """The version of "tree", "units", "calendar", "catalogue" and others': greater after any change, 0 before any."""
    return _versions.get_snapshot().get(part)[1]


def refresh_versions() -> None:
    """Forget the numbers, so that this process sees what it has just changed: now, and once committed."""
    _versions.read_at = float("-inf")
    if connection.in_atomic_block:
        transaction.on_commit(lambda: setattr(_versions, "read_at", float("-inf")))


class CachedTable(Generic[T]):
    """A table read whole by `load`, and again only when the number of one of its parts has moved."""

    def __init__(self, part: str, load: Callable[[], T], *more: str):
        self.parts = part, *more
        self.load = load
        self._cached: tuple[list[tuple[str, int]], T] | None = None
        self._snapshot: _VersionSnapshot | None = None

    def __call__(self) -> T:
        # Asked before the rows: newer rows under an older number are read once more.
        said = _versions.get_snapshot()
        if self._cached is None or self._snapshot is not said:
            version = [said.get(part) for part in self.parts]
            if self._cached is None or self._cached[0] != version:
                self._cached = version, self.load()
            self._snapshot = said
        return self._cached[1]
