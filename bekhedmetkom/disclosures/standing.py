"""A report with its outer layer off: what every command and query begins with."""

import hashlib
import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import NamedTuple
from uuid import UUID

from django.db import connection, transaction

from bekhedmetkom.kernel.canonical import canonical

from . import keeping, outer
from .models import Report
from .rules.padding import Broken
from .rules.state import State, decoded

LOCK = 5_150_002  # whoever writes, and whoever mixes rows: one at a time


class NoSuchReport(Exception):
    """Nobody's, or erased, or not for who asks: all are one."""


class Standing(NamedTuple):
    """A report's row, its outer key and its state."""

    report: Report
    key: bytes
    state: State

    @property
    def ring(self) -> bytes:
        """Its key ring, without the outer layer; `SPOILED` where it is not what was put there."""
        try:
            return outer.opened(self.key, bytes(self.report.ring))
        except Broken:
            return keeping.SPOILED

    @property
    def identity(self) -> bytes:
        """The identity box, without the outer layer."""
        return outer.opened(self.key, bytes(self.report.identity))


def standing(report: Report, key: bytes | None = None) -> Standing:
    """Raises `outer.Gone` where it was erased, `Broken` where its row is not what was put there."""
    key = key or outer.of(report.id, report.day)
    try:
        found = Standing(report, key, decoded(outer.opened(key, bytes(report.state))))
    except (ValueError, TypeError, LookupError) as error:
        raise Broken from error
    if found.state.row != in_clear(report):
        raise Broken
    return found


def in_clear(report: Report) -> str:
    """A hash of what a row says in clear: its `state` holds it, so nobody leads other words or keys to a report."""
    said = {
        "lookup": bytes(report.lookup).hex(),
        "reader": report.reader,
        "recipient": report.recipient,
        "anchor": bytes(report.anchor).hex(),
    }
    return hashlib.sha256(canonical(said)).hexdigest()


def standing_or_none(report: Report, key: bytes | None = None) -> Standing | None:
    """The same; nothing for what was erased, for the decoy, and for a row that somebody spoiled: it hides no other."""
    try:
        found = standing(report, key)
    except outer.Gone:
        return None
    except Broken:
        logging.getLogger("box").error("a report's row is not what was put there")
        return None
    return None if found.state.decoy else found


def every() -> Iterator[Standing]:
    """All reports there are, in no order; none that was erased, and not the decoy."""
    yield from these(Report.objects.order_by("id").iterator(50))


def these(reports: Iterable[Report]) -> Iterator[Standing]:
    """Of many reports those that stand; each day's outer keys are read once."""
    keys = cache(outer.of_the_day)
    for report in reports:
        if found := standing_or_none(report, keys(report.day).get(str(report.id))):
            yield found


def former_rings(found: Standing) -> list[bytes]:
    """The key rings that a report had before, the discloser's first."""
    return [keeping.whole(part, found.key) for part in found.state.former]


@contextmanager
def in_hand(**which: object) -> Iterator[Standing]:
    """One report while it is being changed; nobody else changes it meanwhile, nor moves its row."""
    with transaction.atomic():
        lock()
        yield the_one(**which)


@contextmanager
def in_hand_of(officer: str, report: UUID) -> Iterator[Standing]:
    """The same for an officer; what they were excluded from is not there."""
    with in_hand(id=report) as found:
        if officer in found.state.excluded:
            raise NoSuchReport
        yield found


def the_one(**which: object) -> Standing:
    """One report. Raises `NoSuchReport`."""
    report = Report.objects.filter(**which).first()
    found = standing_or_none(report) if report else None
    if found is None:
        raise NoSuchReport
    return found


def lock() -> None:
    """Until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def save(before: Standing, state: State) -> None:
    """Its new state."""
    Report.objects.filter(id=before.report.id).update(state=outer.closed(before.key, state.encoded()))
