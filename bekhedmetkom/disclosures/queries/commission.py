"""Queries of the Commission. All content is encrypted to keys that only its members' browsers have."""

from base64 import b64encode
from collections.abc import Iterator
from itertools import islice
from typing import Any
from uuid import UUID

from django.db.models import Q

from .. import journal, part_storage
from ..models import Report
from ..reports import (
    NoSuchReport,
    UnwrappedReport,
    get_report,
    list_former_key_rings,
    list_reports,
    unwrap_reports,
)
from ..rules.report_state import ReportState

PAGE_SIZE = 50  # the officer's browser decrypts a key ring for each report
MAX_JOURNAL_ENTRIES = 100
MAX_INLINE_BYTES = 96 * 1024  # larger parts are fetched separately


def list_reports_for_officer(officer: str, after: UUID | None = None) -> tuple[list[dict[str, Any]], bool]:
    """Return a page of the reports that an officer may see, newest day first, and whether there are more.

    Within a day the order is that of the random ids. `after` is the last report of the page before. Reports
    that exclude the officer are not counted: every page but the last is full.
    """
    visible = (
        unwrapped
        for unwrapped in unwrap_reports(_iterate_rows_after(after))
        if officer not in unwrapped.state.excluded
    )
    items = [_build_item(unwrapped) for unwrapped in islice(visible, PAGE_SIZE + 1)]
    return items[:PAGE_SIZE], len(items) > PAGE_SIZE


def get_report_for_officer(officer: str, report: UUID) -> dict[str, Any]:
    """Return one item of that list. Raises `NoSuchReport`."""
    return _build_item(_get_visible_report(officer, report))


def list_former_key_rings_for_officer(officer: str, report: UUID) -> list[bytes]:
    """Return a report's earlier key rings, for an officer who cannot decrypt the current one.

    Raises `NoSuchReport`.
    """
    return list_former_key_rings(_get_visible_report(officer, report))


def list_parts(unwrapped: UnwrappedReport) -> list[dict[str, Any]]:
    """Return the conversation's parts in order; small ones with their encrypted bytes."""
    return [
        {
            "id": str(part.id),
            "turn": number,
            "place": place,
            "from": turn.side,
            "day": str(turn.day),
            "size": part.size,
            "bytes": b64encode(part_storage.read_part(part, unwrapped.outer_key)).decode()
            if part.size <= MAX_INLINE_BYTES
            else None,
        }
        for number, turn in enumerate(unwrapped.state.turns)
        for place, part in enumerate(turn.parts)
    ]


def get_released_identity(unwrapped: UnwrappedReport) -> bytes | None:
    """Return the identity that a custodian released, encrypted to the report's key, or None."""
    released = unwrapped.state.asked.released if unwrapped.state.asked else None
    return part_storage.read_part(released, unwrapped.outer_key) if released else None


def read_part_for_officer(officer: str, report: UUID, identifier: UUID) -> Iterator[bytes]:
    """Yield the encrypted bytes of a part. Raises `NoSuchReport`."""
    unwrapped = _get_visible_report(officer, report)
    part = unwrapped.state.find_part(identifier)
    if part is None:
        raise NoSuchReport
    return part_storage.iterate_part(part, unwrapped.outer_key)


def get_outer_key_for_officer(officer: str, report: UUID) -> bytes:
    """Return a report's outer key. Raises `NoSuchReport`."""
    return _get_visible_report(officer, report).outer_key


def list_identity_requests() -> list[dict[str, Any]]:
    """Return all identity requests, for the custodians."""
    return [
        {
            "report": str(unwrapped.report.id),
            "recipient": unwrapped.report.recipient,
            "day": str(unwrapped.state.asked.requested),
            "by": unwrapped.state.asked.officer,
            "reason": b64encode(
                part_storage.read_part(unwrapped.state.asked.reason, unwrapped.outer_key)
            ).decode(),
            "state": get_identity_request_state(unwrapped.state),
        }
        for unwrapped in list_reports()
        if unwrapped.state.asked
    ]


def list_journal_of_report(report: UUID) -> list[dict[str, str]]:
    """Return a report's journal entries. Officers get no numbers and hashes: gaps would reveal other reports."""
    return [
        {"day": str(entry.day), "who": entry.who, "what": entry.what}
        for entry in journal.list_entries(report)
    ]


def list_journal() -> list[dict[str, Any]]:
    """Return the journal's last entries, for the custodians."""
    return [
        {
            "n": entry.n,
            "day": str(entry.day),
            "who": entry.who,
            "what": entry.what,
            "report": str(entry.report or ""),
            "before": bytes(entry.before).hex(),
            "hash": bytes(entry.hash).hex(),
        }
        for entry in journal.list_last_entries(MAX_JOURNAL_ENTRIES)
    ]


def get_identity_request_state(state: ReportState) -> str:
    """Return the state of a report's identity request."""
    if not state.asked:
        return "none-asked"
    if state.asked.refused:
        return "refused"
    return "released" if state.asked.released else "asked"


def _iterate_rows_after(report: UUID | None) -> Iterator[Report]:
    last = Report.objects.filter(id=report).only("id", "day").first() if report else None
    while True:
        rows = Report.objects.order_by("-day", "id")
        if last:
            rows = rows.filter(Q(day__lt=last.day) | Q(day=last.day, id__gt=last.id))
        batch = list(rows[: PAGE_SIZE + 1])
        yield from batch
        if len(batch) <= PAGE_SIZE:
            return
        last = batch[-1]


def _get_visible_report(officer: str, report: UUID) -> UnwrappedReport:
    unwrapped = get_report(id=report)
    if officer in unwrapped.state.excluded:
        raise NoSuchReport
    return unwrapped


def _build_item(unwrapped: UnwrappedReport) -> dict[str, Any]:
    state, report = unwrapped.state, unwrapped.report
    deadline = state.next_deadline
    return {
        "id": str(report.id),
        "day": str(report.day),
        "status": str(state.status),
        "reason": state.reason,
        "due": str(deadline.last_day) if deadline else None,
        "next": deadline.kind if deadline else None,
        "ring": b64encode(unwrapped.key_ring).decode(),
        "recipient": report.recipient,
        "reader": report.reader,
        "anchor": bytes(report.anchor).hex(),
        "turn": len(state.turns),
        "unread": state.unread,
        "epoch": state.epoch,
        "ring_by": state.ring_by,
        "identity": get_identity_request_state(state),
    }
