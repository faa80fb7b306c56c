"""Erasure: the outer key goes, then the rows. A backup of yesterday holds ciphertext that nobody can open."""

from datetime import date, timedelta
from uuid import UUID

from .. import journal, outer_keys, part_storage
from ..installation import get_installation
from ..models import Piece, Report
from ..reports import UnwrappedReport, list_reports, lock_report, unwrap_report
from ..rules.frame import CorruptData
from ..rules.statuses import Status, get_erasure_date

SYSTEM_ACTOR = "box"  # in the journal, where nobody did it


def erase_report(report: UUID, *, who: str, today: date) -> None:
    """Everything of one report. Raises `NoSuchReport`."""
    with lock_report(id=report) as unwrapped:
        journal.append_entry(who=who, what="erased", report=report, day=today)
        _delete_report(unwrapped)


def erase_expired_reports(today: date) -> None:
    """Reports that were closed long enough ago; and what is left of uploads and reports that never became whole."""
    for unwrapped in list(list_reports()):
        closed = unwrapped.state.since if unwrapped.state.status is Status.CLOSED else None
        if closed and get_erasure_date(closed, get_installation().retention_days) <= today:
            erase_report(unwrapped.report.id, who=SYSTEM_ACTOR, today=today)
    _delete_orphaned_pieces(today - timedelta(1))


def _delete_report(unwrapped: UnwrappedReport) -> None:
    """The key last: were it first and the transaction undone, the report would be lost unjournalled."""
    part_storage.delete_parts(part.id for part in unwrapped.state.list_parts())
    Report.objects.filter(id=unwrapped.report.id).delete()
    outer_keys.delete_key(unwrapped.report.id, unwrapped.report.day)


def _delete_orphaned_pieces(before: date) -> None:
    """Pieces that no report knows: of who was cut off halfway.

    None goes where a row is spoiled, for its pieces only seem nobody's. No outer key goes either: whoever takes rows
    out of the database for a day must not make the clock destroy what a backup could bring back.
    """
    known: set[UUID] = set()
    for report in Report.objects.iterator(50):
        try:
            known.update(part.id for part in unwrap_report(report).state.list_parts())
        except outer_keys.MissingOuterKey:
            continue
        except CorruptData:
            return
    begun = Piece.objects.filter(day__lt=before).values_list("part", flat=True).distinct()
    part_storage.delete_parts(set(begun) - known)
