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
    encrypted_message: bytes
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Conversation:
    """A report as its discloser finds it: where it stands, and what the Commission said. Never what they sent."""

    recipient: str
    anchor: bytes
    status: Status
    reason: str
    received: date
    next_turn: int
    discloser_days: tuple[date, ...]  # days on which the discloser wrote
    messages: tuple[CommissionMessage, ...]


def get_encrypted_conversation(lookup: bytes) -> bytes:
    """What is answered to anyone who asks with a look-up id: one sealed file, which its own words alone open."""
    unwrapped, is_match = _find_report_or_decoy(lookup)
    conversation = _build_conversation(unwrapped)
    nobody = generate_discarded_recipient()
    return encrypt_conversation(
        _build_payload(unwrapped, conversation), unwrapped.report.reader if is_match else nobody
    )


def get_conversation(lookup: bytes) -> Conversation | None:
    """The same for the server itself, when it opens for somebody without JavaScript."""
    unwrapped, is_match = _find_report_or_decoy(lookup)
    conversation = _build_conversation(unwrapped)
    return conversation if is_match else None


def read_file(lookup: bytes, identifier: UUID, side: Side = "commission") -> Iterator[bytes]:
    """The sealed bytes of a file of the conversation that these words open, and of no other. Raises `NoSuchReport`."""
    unwrapped = get_report(lookup=lookup)
    part = unwrapped.state.find_part(identifier, side)
    if part is None:
        raise NoSuchReport
    return part_storage.iterate_part(part, unwrapped.outer_key)


def get_outer_key(lookup: bytes) -> bytes:
    """The outer key of the report that these words open. Raises `NoSuchReport`."""
    return get_report(lookup=lookup).outer_key


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


def _build_conversation(unwrapped: UnwrappedReport) -> Conversation:
    state = unwrapped.state
    messages = tuple(
        CommissionMessage(
            number, turn.day, part_storage.read_part(turn.parts[0], unwrapped.outer_key), turn.parts
        )
        for number, turn in enumerate(state.turns)
        if turn.side == "commission"
    )
    return Conversation(
        recipient=unwrapped.report.recipient,
        anchor=bytes(unwrapped.report.anchor),
        status=state.status,
        reason=state.reason,
        received=state.received,
        next_turn=len(state.turns),
        discloser_days=tuple(turn.day for turn in state.turns if turn.side == "discloser"),
        messages=messages,
    )


def _build_payload(unwrapped: UnwrappedReport, conversation: Conversation) -> dict[str, Any]:
    messages = [
        {
            "turn": message.turn,
            "place": place,
            "day": str(message.day),
            "id": str(part.id),
            "size": part.size,
            "bytes": b64encode(message.encrypted_message).decode() if place == 0 else None,
        }
        for message in conversation.messages
        for place, part in enumerate(message.parts)
    ]
    deadline = unwrapped.state.next_deadline
    return {
        "status": str(conversation.status),
        "closed_reason": conversation.reason,
        "day": str(conversation.received),
        "recipient": conversation.recipient,
        "reader": unwrapped.report.reader,
        "anchor": conversation.anchor.hex(),
        "turn": conversation.next_turn,
        "due": {"promise": deadline.kind, "by": str(deadline.last_day)} if deadline else None,
        "wrote": [str(day) for day in conversation.discloser_days],
        "messages": messages,
    }
