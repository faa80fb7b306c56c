"""Erasure: the outer key goes, then the rows. A backup of yesterday holds ciphertext that nobody can open."""

from datetime import date, timedelta
from uuid import UUID

from .. import journal, keeping, outer
from ..models import Piece, Report
from ..place import place
from ..rules.deadlines import erased_on
from ..rules.padding import Broken
from ..rules.statuses import Status
from ..standing import Standing, every, in_hand, standing

CLOCK = "box"  # in the journal, where nobody did it


def erase(report: UUID, *, who: str, today: date) -> None:
    """Everything of one report. Raises `NoSuchReport`."""
    with in_hand(id=report) as found:
        journal.write(who=who, what="erased", report=report, day=today)
        _erase(found)


def erase_what_is_over(today: date) -> None:
    """Reports that were closed long enough ago; and what is left of uploads and reports that never became whole."""
    for found in list(every()):
        closed = found.state.since if found.state.status is Status.CLOSED else None
        if closed and erased_on(closed, place().keep_days) <= today:
            erase(found.report.id, who=CLOCK, today=today)
    _clear_orphans(today - timedelta(1))


def _erase(found: Standing) -> None:
    """The key last: were it first and the transaction undone, the report would be lost unjournalled."""
    keeping.drop(part.id for part in found.state.every_part())
    Report.objects.filter(id=found.report.id).delete()
    outer.forget(found.report.id, found.report.day)


def _clear_orphans(before: date) -> None:
    """Pieces that no report knows: of who was cut off halfway.

    None goes where a row is spoiled, for its pieces only seem nobody's. No outer key goes either: whoever takes rows
    out of the database for a day must not make the clock destroy what a backup could bring back.
    """
    known: set[UUID] = set()
    for report in Report.objects.iterator(50):
        try:
            known.update(part.id for part in standing(report).state.every_part())
        except outer.Gone:
            continue
        except Broken:
            return
    begun = Piece.objects.filter(day__lt=before).values_list("part", flat=True).distinct()
    keeping.drop(set(begun) - known)
