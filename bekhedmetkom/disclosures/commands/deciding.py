"""What the Commission does with a report, beside talking. Each is a line of its journal."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from uuid import UUID

from django.db import transaction

from .. import chain, journal, keeping, outer
from ..models import Report
from ..rules.state import Asked, Part
from ..rules.statuses import Status, can_follow
from ..standing import Standing, every, former_rings, in_hand, in_hand_of, lock, save
from .mixing import mix_in

MOST_RINGS = 50  # that are kept of one report: two officers who undo each other's work fill no disk


class NotNow(Exception):
    """This cannot follow upon where the report stands."""


def set_status(report: UUID, *, officer: str, status: Status, reason: str, today: date) -> None:
    """How far it is. Raises `NoSuchReport`, `NotNow`."""
    with in_hand_of(officer, report) as found:
        if not can_follow(found.state.status, status, reason):
            raise NotNow
        what = f"status {status}" + (f" {reason}" if reason else "")
        journal.write(who=officer, what=what, report=report, day=today)
        save(found, replace(found.state, status=status, since=today, reason=reason))
        mix_in(found.report.day)


def opened_by(report: UUID, *, officer: str, today: date) -> Standing:
    """An officer opens a report: the journal knows before anything is shown. Raises `NoSuchReport`."""
    with in_hand_of(officer, report) as found:
        journal.write(who=officer, what="opened", report=report, day=today)
        if found.state.unread:
            save(found, replace(found.state, unread=False))
            mix_in(found.report.day)
        return found


def ask_for_identity(report: UUID, *, officer: str, reason: bytes, today: date) -> None:
    """An officer asks the custodians, with a reason that only they read. Raises `NoSuchReport`, `NotNow`."""
    with in_hand_of(officer, report) as found:
        asked = found.state.asked
        if asked and not asked.refused:
            raise NotNow
        if asked:
            keeping.drop([asked.reason.id])
        part = keeping.keep(reason, found.key, today)
        journal.write(who=officer, what="asked for the identity", report=report, day=today)
        save(found, replace(found.state, asked=Asked(officer, today, part)))
        mix_in(found.report.day)


def identity_for(report: UUID, *, custodian: str, today: date) -> bytes:
    """A custodian opens an identity that was asked for: its ciphertext, after the journal has it."""
    with in_hand(id=report) as found:
        if not found.state.asked or found.state.asked.refused:
            raise NotNow
        journal.write(who=custodian, what="opened the identity", report=report, day=today)
        return found.identity


def release(report: UUID, *, custodian: str, identity: bytes | None, today: date) -> None:
    """A custodian lets an identity go, sealed anew to the report's key; or refuses (`None`)."""
    with in_hand(id=report) as found:
        asked = found.state.asked
        if not asked or asked.refused or asked.released:
            raise NotNow
        part: Part | None = keeping.keep(identity, found.key, today) if identity is not None else None
        what = "released the identity" if part else "refused the identity"
        journal.write(who=custodian, what=what, report=report, day=today)
        save(found, replace(found.state, asked=asked._replace(released=part, refused=part is None)))
        mix_in(found.report.day)


def renew_ring(report: UUID, *, officer: str, ring: bytes, today: date) -> None:
    """The key ring for the manifest of today, made by an officer who could open the old one.

    Nobody here can tell whether it opens for the others. So each ring that was there before is kept: where the new one
    does not fit the report, the others read by an older one, and one of them sets it right. Raises `NotNow` for a ring
    of today's manifest that this officer has made, or the discloser.
    """
    epoch = chain.current(today).epoch
    with in_hand_of(officer, report) as found:
        state = found.state
        sets_right = state.former and state.ring_by != officer and len(state.former) < MOST_RINGS
        if state.epoch >= epoch and not sets_right:
            raise NotNow
        journal.write(who=officer, what="renewed the key ring", report=report, day=today)
        changes: Mapping[str, object] = {"ring": outer.closed(found.key, ring)}
        Report.objects.filter(id=report).update(**changes)
        before = keeping.keep(found.ring, found.key, today)
        save(found, replace(state, epoch=epoch, ring_by=officer, former=(*state.former, before)))
        mix_in(found.report.day)


def key_rings(*, who: str, today: date) -> dict[UUID, list[bytes]]:
    """Every report's key rings, the discloser's first, for the machine of the escrow; the journal has it first."""
    with transaction.atomic():
        lock()
        journal.write(who=who, what="took the key rings out", report=None, day=today)
        return {found.report.id: [*former_rings(found), found.ring] for found in every()}
