"""What the Commission does with a report, beside talking. Each is a line of its journal."""

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

MAX_FORMER_KEY_RINGS = 50  # that are kept of one report: two officers who undo each other's work fill no disk


class NotPossibleNow(Exception):
    """This cannot follow upon where the report stands."""


def set_status(report: UUID, *, officer: str, status: Status, reason: str, today: date) -> None:
    """How far it is. Raises `NoSuchReport`, `NotNow`."""
    with lock_report_for_officer(officer, report) as unwrapped:
        if not can_set_status(unwrapped.state.status, status, reason):
            raise NotPossibleNow
        what = f"status {status}" + (f" {reason}" if reason else "")
        journal.append_entry(who=officer, what=what, report=report, day=today)
        save_state(unwrapped, replace(unwrapped.state, status=status, since=today, reason=reason))
        shuffle_reports_of_day(unwrapped.report.day)


def open_report(report: UUID, *, officer: str, today: date) -> UnwrappedReport:
    """An officer opens a report: the journal knows before anything is shown. Raises `NoSuchReport`."""
    with lock_report_for_officer(officer, report) as unwrapped:
        journal.append_entry(who=officer, what="opened", report=report, day=today)
        if unwrapped.state.unread:
            save_state(unwrapped, replace(unwrapped.state, unread=False))
            shuffle_reports_of_day(unwrapped.report.day)
        return unwrapped


def request_identity(report: UUID, *, officer: str, reason: bytes, today: date) -> None:
    """An officer asks the custodians, with a reason that only they read. Raises `NoSuchReport`, `NotNow`."""
    with lock_report_for_officer(officer, report) as unwrapped:
        asked = unwrapped.state.asked
        if asked and not asked.refused:
            raise NotPossibleNow
        if asked:
            part_storage.delete_parts([asked.reason.id])
        part = part_storage.store_part(reason, unwrapped.outer_key, today)
        journal.append_entry(who=officer, what="asked for the identity", report=report, day=today)
        save_state(unwrapped, replace(unwrapped.state, asked=IdentityRequest(officer, today, part)))
        shuffle_reports_of_day(unwrapped.report.day)


def open_identity(report: UUID, *, custodian: str, today: date) -> bytes:
    """A custodian opens an identity that was asked for: its ciphertext, after the journal has it."""
    with lock_report(id=report) as unwrapped:
        if not unwrapped.state.asked or unwrapped.state.asked.refused:
            raise NotPossibleNow
        journal.append_entry(who=custodian, what="opened the identity", report=report, day=today)
        return unwrapped.encrypted_identity


def answer_identity_request(report: UUID, *, custodian: str, identity: bytes | None, today: date) -> None:
    """A custodian lets an identity go, sealed anew to the report's key; or refuses (`None`)."""
    with lock_report(id=report) as unwrapped:
        asked = unwrapped.state.asked
        if not asked or asked.refused or asked.released:
            raise NotPossibleNow
        part: Part | None = (
            part_storage.store_part(identity, unwrapped.outer_key, today) if identity is not None else None
        )
        what = "released the identity" if part else "refused the identity"
        journal.append_entry(who=custodian, what=what, report=report, day=today)
        save_state(
            unwrapped, replace(unwrapped.state, asked=asked._replace(released=part, refused=part is None))
        )
        shuffle_reports_of_day(unwrapped.report.day)


def renew_key_ring(report: UUID, *, officer: str, ring: bytes, today: date) -> None:
    """The key ring for the manifest of today, made by an officer who could open the old one.

    Nobody here can tell whether it opens for the others. So each ring that was there before is kept: where the new one
    does not fit the report, the others read by an older one, and one of them sets it right. Raises `NotNow` for a ring
    of today's manifest that this officer has made, or the discloser.
    """
    epoch = current_manifest.get_current_manifest(today).epoch
    with lock_report_for_officer(officer, report) as unwrapped:
        state = unwrapped.state
        sets_right = state.former and state.ring_by != officer and len(state.former) < MAX_FORMER_KEY_RINGS
        if state.epoch >= epoch and not sets_right:
            raise NotPossibleNow
        journal.append_entry(who=officer, what="renewed the key ring", report=report, day=today)
        changes: Mapping[str, object] = {"ring": outer_keys.encrypt(unwrapped.outer_key, ring)}
        Report.objects.filter(id=report).update(**changes)
        before = part_storage.store_part(unwrapped.key_ring, unwrapped.outer_key, today)
        save_state(unwrapped, replace(state, epoch=epoch, ring_by=officer, former=(*state.former, before)))
        shuffle_reports_of_day(unwrapped.report.day)


def export_key_rings(*, who: str, today: date) -> dict[UUID, list[bytes]]:
    """Every report's key rings, the discloser's first, for the machine of the escrow; the journal has it first."""
    with transaction.atomic():
        lock_report_writes()
        journal.append_entry(who=who, what="took the key rings out", report=None, day=today)
        return {
            unwrapped.report.id: [*list_former_key_rings(unwrapped), unwrapped.key_ring]
            for unwrapped in list_reports()
        }
