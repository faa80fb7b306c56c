"""Erasure: the rows are deleted, then the outer key. Backups keep ciphertext that nobody can decrypt."""

from datetime import date, timedelta
from uuid import UUID

from .. import journal, outer_keys, part_storage
from ..installation import get_installation
from ..models import Piece, Report
from ..reports import UnwrappedReport, list_reports, lock_report, unwrap_report
from ..rules.frame import CorruptData
from ..rules.statuses import Status, get_erasure_date

SYSTEM_ACTOR = "box"  # journal actor of automatic erasure


def erase_report(report: UUID, *, who: str, today: date) -> None:
    """Erase a report. Raises `NoSuchReport`."""
    with lock_report(id=report) as unwrapped:
        journal.append_entry(who=who, what="erased", report=report, day=today)
        _delete_report(unwrapped)


def erase_expired_reports(today: date) -> None:
    """Erase reports closed long enough ago, and pieces of incomplete uploads."""
    for unwrapped in list(list_reports()):
        closed = unwrapped.state.since if unwrapped.state.status is Status.CLOSED else None
        if closed and get_erasure_date(closed, get_installation().retention_days) <= today:
            erase_report(unwrapped.report.id, who=SYSTEM_ACTOR, today=today)
    _delete_orphaned_pieces(today - timedelta(1))


def _delete_report(unwrapped: UnwrappedReport) -> None:
    """Delete the key last: if the transaction fails, the report must not be lost without a journal entry."""
    part_storage.delete_parts(part.id for part in unwrapped.state.list_parts())
    Report.objects.filter(id=unwrapped.report.id).delete()
    outer_keys.delete_key(unwrapped.report.id, unwrapped.report.day)


def _delete_orphaned_pieces(before: date) -> None:
    """Delete pieces that belong to no report, left by interrupted uploads.

    Nothing is deleted while a row is corrupt, since its pieces only seem orphaned. Outer keys without a row are
    kept: rows that an administrator removes for a day could still be restored from a backup.
    """
    known: set[UUID] = set()
    for report in Report.objects.iterator(50):
        try:
            known.update(part.id for part in unwrap_report(report).state.list_parts())
        except outer_keys.MissingOuterKey:
            continue
        except CorruptData:
            return
    old_parts = Piece.objects.filter(day__lt=before).values_list("part", flat=True).distinct()
    part_storage.delete_parts(set(old_parts) - known)
