"""What a discloser finds. A receipt that opens nothing costs as much as one that does, and answers as much."""

from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Case, When

from .. import outer_keys, part_storage
from ..encryption import encrypt_conversation, generate_discarded_recipient
from ..models import Report
from ..reports import NoSuchReport, UnwrappedReport, get_decoy_lookup, get_report, unwrap_report
from ..rules.frame import CorruptData
from ..rules.report_state import Part, Side
from ..rules.statuses import Status


@dataclass(frozen=True, slots=True)
class CommissionMessage:
    """What the Commission has said at once: the message's sealed bytes, and the files with it."""

    turn: int
    day: date
    message: bytes
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Conversation:
    """A report as its discloser finds it: where it stands, and what the Commission said. Never what they sent."""

    recipient: str
    anchor: bytes
    status: Status
    reason: str
    day: date
    turn: int  # of what is said next
    wrote: tuple[date, ...]  # days on which the discloser wrote
    said: tuple[CommissionMessage, ...]


def get_encrypted_conversation(lookup: bytes) -> bytes:
    """What is answered to anyone who asks with a look-up id: one sealed file, which its own words alone open."""
    found, right = _find_report_or_decoy(lookup)
    talk = _build_conversation(found)
    nobody = generate_discarded_recipient()
    return encrypt_conversation(_build_payload(found, talk), found.report.reader if right else nobody)


def get_conversation(lookup: bytes) -> Conversation | None:
    """The same for the server itself, when it opens for somebody without JavaScript."""
    found, right = _find_report_or_decoy(lookup)
    talk = _build_conversation(found)
    return talk if right else None


def read_file(lookup: bytes, identifier: UUID, side: Side = "commission") -> Iterator[bytes]:
    """The sealed bytes of a file of the talk that these words open, and of no other. Raises `NoSuchReport`."""
    found = get_report(lookup=lookup)
    part = found.state.part(identifier, side)
    if part is None:
        raise NoSuchReport
    return part_storage.iterate_part(part, found.key)


def get_outer_key(lookup: bytes) -> bytes:
    """The outer key of the report that these words open. Raises `NoSuchReport`."""
    return get_report(lookup=lookup).key


def _find_report_or_decoy(lookup: bytes) -> tuple[UnwrappedReport, bool]:
    """The report, or the decoy; and whether it was the report. One row is read either way."""
    decoy = get_decoy_lookup()
    asked = Report.objects.filter(lookup__in=[lookup, decoy]).order_by(
        Case(When(lookup=lookup, then=0), default=1)
    )
    report = asked.first()
    if report is None:
        raise LookupError("`box prepare` makes the decoy, and was not run")
    try:
        return unwrap_report(report), bytes(report.lookup) != decoy
    except (
        outer_keys.MissingOuterKey,
        CorruptData,
    ):  # erased, but its row is there still, or spoiled: it opens nothing
        return unwrap_report(Report.objects.get(lookup=decoy)), False


def _build_conversation(found: UnwrappedReport) -> Conversation:
    state = found.state
    said = tuple(
        CommissionMessage(number, turn.day, part_storage.read_part(turn.parts[0], found.key), turn.parts)
        for number, turn in enumerate(state.turns)
        if turn.side == "commission"
    )
    return Conversation(
        recipient=found.report.recipient,
        anchor=bytes(found.report.anchor),
        status=state.status,
        reason=state.reason,
        day=state.received,
        turn=len(state.turns),
        wrote=tuple(turn.day for turn in state.turns if turn.side == "discloser"),
        said=said,
    )


def _build_payload(found: UnwrappedReport, talk: Conversation) -> dict[str, Any]:
    messages = [
        {
            "turn": said.turn,
            "place": place_,
            "day": str(said.day),
            "id": str(part.id),
            "size": part.size,
            "bytes": b64encode(said.message).decode() if place_ == 0 else None,
        }
        for said in talk.said
        for place_, part in enumerate(said.parts)
    ]
    due = found.state.due
    return {
        "status": str(talk.status),
        "closed_reason": talk.reason,
        "day": str(talk.day),
        "recipient": talk.recipient,
        "reader": found.report.reader,
        "anchor": talk.anchor.hex(),
        "turn": talk.turn,
        "due": {"promise": due.promise, "by": str(due.by)} if due else None,
        "wrote": [str(day) for day in talk.wrote],
        "messages": messages,
    }
