"""Commands of the Commission, except messages. Each appends a journal entry."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from uuid import UUID

from django.db import transaction

from .. import current_manifest, journal, outer_keys, part_storage
from ..models import Report
from ..reports import (
    UnwrappedReport,
    list_former_key_rings,
    list_reports,
    lock_report,
    lock_report_for_officer,
    lock_report_writes,
    save_state,
)
from ..rules.report_state import IdentityRequest, Part
from ..rules.statuses import Status, can_set_status
from .row_shuffling import shuffle_reports_of_day

MAX_FORMER_KEY_RINGS = 50  # for each report: limits what officers store by replacing each other's rings


class NotPossibleNow(Exception):
    """The report's state does not allow the command."""


def set_status(report: UUID, *, officer: str, status: Status, reason: str, today: date) -> None:
    """Set a report's status. Raises `NoSuchReport`, `NotPossibleNow`."""
    with lock_report_for_officer(officer, report) as unwrapped:
        if not can_set_status(unwrapped.state.status, status, reason):
            raise NotPossibleNow
        what = f"status {status}" + (f" {reason}" if reason else "")
        journal.append_entry(who=officer, what=what, report=report, day=today)
        save_state(unwrapped, replace(unwrapped.state, status=status, since=today, reason=reason))
        shuffle_reports_of_day(unwrapped.report.day)


def open_report(report: UUID, *, officer: str, today: date) -> UnwrappedReport:
    """Return a report for an officer, after the journal has the access. Raises `NoSuchReport`."""
    with lock_report_for_officer(officer, report) as unwrapped:
        journal.append_entry(who=officer, what="opened", report=report, day=today)
        if unwrapped.state.unread:
            save_state(unwrapped, replace(unwrapped.state, unread=False))
            shuffle_reports_of_day(unwrapped.report.day)
        return unwrapped


def request_identity(report: UUID, *, officer: str, reason: bytes, today: date) -> None:
    """Ask the custodians for the identity, with an encrypted reason. Raises `NoSuchReport`, `NotPossibleNow`."""
    with lock_report_for_officer(officer, report) as unwrapped:
        request = unwrapped.state.asked
        if request and not request.refused:
            raise NotPossibleNow
        if request:
            part_storage.delete_parts([request.reason.id])
        part = part_storage.store_part(reason, unwrapped.outer_key, today)
        journal.append_entry(who=officer, what="asked for the identity", report=report, day=today)
        save_state(unwrapped, replace(unwrapped.state, asked=IdentityRequest(officer, today, part)))
        shuffle_reports_of_day(unwrapped.report.day)


def open_identity(report: UUID, *, custodian: str, today: date) -> bytes:
    """Return a requested identity's ciphertext, after the journal has the access. Raises `NotPossibleNow`."""
    with lock_report(id=report) as unwrapped:
        if not unwrapped.state.asked or unwrapped.state.asked.refused:
            raise NotPossibleNow
        journal.append_entry(who=custodian, what="opened the identity", report=report, day=today)
        return unwrapped.encrypted_identity


def answer_identity_request(report: UUID, *, custodian: str, identity: bytes | None, today: date) -> None:
    """Release an identity re-encrypted to the report's key, or refuse it (`None`). Raises `NotPossibleNow`."""
    with lock_report(id=report) as unwrapped:
        request = unwrapped.state.asked
        if not request or request.refused or request.released:
            raise NotPossibleNow
        part: Part | None = (
            part_storage.store_part(identity, unwrapped.outer_key, today) if identity is not None else None
        )
        what = "released the identity" if part else "refused the identity"
        journal.append_entry(who=custodian, what=what, report=report, day=today)
        save_state(
            unwrapped, replace(unwrapped.state, asked=request._replace(released=part, refused=part is None))
        )
        shuffle_reports_of_day(unwrapped.report.day)


def renew_key_ring(report: UUID, *, officer: str, ring: bytes, today: date) -> None:
    """Replace a report's key ring by one for the current manifest, encrypted by an officer.

    Raises `NotPossibleNow`.

    The server cannot check that others can decrypt it, so earlier rings are kept: the other officers fall back
    to them and one of them corrects it. The author of the current ring cannot replace it again under the same
    manifest.
    """
    epoch = current_manifest.get_current_manifest(today).epoch
    with lock_report_for_officer(officer, report) as unwrapped:
        state = unwrapped.state
        is_correction = state.former and state.ring_by != officer and len(state.former) < MAX_FORMER_KEY_RINGS
        if state.epoch >= epoch and not is_correction:
            raise NotPossibleNow
        journal.append_entry(who=officer, what="renewed the key ring", report=report, day=today)
        changes: Mapping[str, object] = {"ring": outer_keys.encrypt(unwrapped.outer_key, ring)}
        Report.objects.filter(id=report).update(**changes)
        before = part_storage.store_part(unwrapped.key_ring, unwrapped.outer_key, today)
        save_state(unwrapped, replace(state, epoch=epoch, ring_by=officer, former=(*state.former, before)))
        shuffle_reports_of_day(unwrapped.report.day)


def export_key_rings(*, who: str, today: date) -> dict[UUID, list[bytes]]:
    """Return every report's key rings, the discloser's first, after the journal has the export."""
    with transaction.atomic():
        lock_report_writes()
        journal.append_entry(who=who, what="took the key rings out", report=None, day=today)
        return {
            unwrapped.report.id: [*list_former_key_rings(unwrapped), unwrapped.key_ring]
            for unwrapped in list_reports()
        }
