"""What a discloser finds. A receipt that opens nothing costs as much as one that does, and answers as much."""

from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Case, When

from .. import keeping, outer
from ..decoy import decoy_lookup
from ..models import Report
from ..rules.padding import Broken
from ..rules.state import Part, Side
from ..rules.statuses import Status
from ..sealing import sealed_answer, throw_away
from ..standing import NoSuchReport, Standing, standing, the_one


@dataclass(frozen=True, slots=True)
class Said:
    """What the Commission has said at once: the message's sealed bytes, and the files with it."""

    turn: int
    day: date
    message: bytes
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Talk:
    """A report as its discloser finds it: where it stands, and what the Commission said. Never what they sent."""

    recipient: str
    anchor: bytes
    status: Status
    reason: str
    day: date
    turn: int  # of what is said next
    wrote: tuple[date, ...]  # days on which the discloser wrote
    said: tuple[Said, ...]


def answer(lookup: bytes) -> bytes:
    """What is answered to anyone who asks with a look-up id: one sealed file, which its own words alone open."""
    found, right = _found(lookup)
    talk = _talk(found)
    nobody = throw_away()
    return sealed_answer(_payload(found, talk), found.report.reader if right else nobody)


def talk_of(lookup: bytes) -> Talk | None:
    """The same for the server itself, when it opens for somebody without JavaScript."""
    found, right = _found(lookup)
    talk = _talk(found)
    return talk if right else None


def part_of(lookup: bytes, identifier: UUID, side: Side = "commission") -> Iterator[bytes]:
    """The sealed bytes of a file of the talk that these words open, and of no other. Raises `NoSuchReport`."""
    found = the_one(lookup=lookup)
    part = found.state.part(identifier, side)
    if part is None:
        raise NoSuchReport
    return keeping.sealed_bytes(part, found.key)


def outer_key(lookup: bytes) -> bytes:
    """The outer key of the report that these words open. Raises `NoSuchReport`."""
    return the_one(lookup=lookup).key


def _found(lookup: bytes) -> tuple[Standing, bool]:
    """The report, or the decoy; and whether it was the report. One row is read either way."""
    decoy = decoy_lookup()
    asked = Report.objects.filter(lookup__in=[lookup, decoy]).order_by(
        Case(When(lookup=lookup, then=0), default=1)
    )
    report = asked.first()
    if report is None:
        raise LookupError("`box prepare` makes the decoy, and was not run")
    try:
        return standing(report), bytes(report.lookup) != decoy
    except (outer.Gone, Broken):  # erased, but its row is there still, or spoiled: it opens nothing
        return standing(Report.objects.get(lookup=decoy)), False


def _talk(found: Standing) -> Talk:
    state = found.state
    said = tuple(
        Said(number, turn.day, keeping.whole(turn.parts[0], found.key), turn.parts)
        for number, turn in enumerate(state.turns)
        if turn.side == "commission"
    )
    return Talk(
        recipient=found.report.recipient,
        anchor=bytes(found.report.anchor),
        status=state.status,
        reason=state.reason,
        day=state.received,
        turn=len(state.turns),
        wrote=tuple(turn.day for turn in state.turns if turn.side == "discloser"),
        said=said,
    )


def _payload(found: Standing, talk: Talk) -> dict[str, Any]:
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
