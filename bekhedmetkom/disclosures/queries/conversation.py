"""Queries of disclosers. An invalid receipt costs the same, and is answered alike, as a valid one."""

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
    """A turn of the Commission: the encrypted message and the parts with it."""

    turn: int
    day: date
    encrypted_message: bytes
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Conversation:
    """A report for its discloser: its status and the Commission's messages, never what the discloser sent."""

    recipient: str
    anchor: bytes
    status: Status
    reason: str
    received: date
    next_turn: int
    discloser_days: tuple[date, ...]  # days on which the discloser wrote
    messages: tuple[CommissionMessage, ...]


def get_encrypted_conversation(lookup: bytes) -> bytes:
    """Return a conversation encrypted to its receipt; for an unknown look-up id, one nobody can decrypt."""
    unwrapped, is_match = _find_report_or_decoy(lookup)
    conversation = _build_conversation(unwrapped)
    nobody = generate_discarded_recipient()
    return encrypt_conversation(
        _build_payload(unwrapped, conversation), unwrapped.report.reader if is_match else nobody
    )


def get_conversation(lookup: bytes) -> Conversation | None:
    """Return the conversation for server-side decryption, without JavaScript; None for an unknown id."""
    unwrapped, is_match = _find_report_or_decoy(lookup)
    conversation = _build_conversation(unwrapped)
    return conversation if is_match else None


def read_file(lookup: bytes, identifier: UUID, side: Side = "commission") -> Iterator[bytes]:
    """Yield the encrypted bytes of a file in this receipt's conversation. Raises `NoSuchReport`."""
    unwrapped = get_report(lookup=lookup)
    part = unwrapped.state.find_part(identifier, side)
    if part is None:
        raise NoSuchReport
    return part_storage.iterate_part(part, unwrapped.outer_key)


def get_outer_key(lookup: bytes) -> bytes:
    """Return the outer key of this receipt's report. Raises `NoSuchReport`."""
    return get_report(lookup=lookup).outer_key


def _find_report_or_decoy(lookup: bytes) -> tuple[UnwrappedReport, bool]:
    """Return the report or the decoy, and whether it is the report. Either way one row is read."""
    decoy = get_decoy_lookup()
    candidates = Report.objects.filter(lookup__in=[lookup, decoy]).order_by(
        Case(When(lookup=lookup, then=0), default=1)
    )
    report = candidates.first()
    if report is None:
        raise LookupError("`box prepare` was not run: there is no decoy")
    try:
        return unwrap_report(report), bytes(report.lookup) != decoy
    except (outer_keys.MissingOuterKey, CorruptData):  # erased or corrupt: same answer as an unknown receipt
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
