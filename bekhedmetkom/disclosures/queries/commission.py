"""What the Commission's people are shown. Every byte of content is sealed to keys that only their browsers have."""

from base64 import b64encode
from collections.abc import Iterator
from random import SystemRandom
from typing import Any
from uuid import UUID

from .. import journal, keeping
from ..rules.state import State
from ..standing import NoSuchReport, Standing, every, the_one

INLINE = 96 * 1024  # sealed bytes that come with the list of parts; what is larger is fetched


def reports_for(officer: str) -> list[dict[str, Any]]:
    """Every report that this officer may know of. In an order by chance within a day."""
    items = [_item(found) for found in every() if officer not in found.state.excluded]
    SystemRandom().shuffle(items)
    return sorted(items, key=lambda item: str(item["day"]), reverse=True)


def parts_of(found: Standing) -> list[dict[str, Any]]:
    """The talk's parts, in its order."""
    return [
        {
            "id": str(part.id),
            "turn": number,
            "place": place,
            "from": turn.side,
            "day": str(turn.day),
            "size": part.size,
            "bytes": b64encode(keeping.whole(part, found.key)).decode() if part.size <= INLINE else None,
        }
        for number, turn in enumerate(found.state.turns)
        for place, part in enumerate(turn.parts)
    ]


def released_identity(found: Standing) -> bytes | None:
    """The identity that a custodian has let go, sealed to the report's key."""
    released = found.state.asked.released if found.state.asked else None
    return keeping.whole(released, found.key) if released else None


def part_for(officer: str, identifier: UUID) -> Iterator[bytes]:
    """The sealed bytes of one part of any report that this officer may know of. Raises `NoSuchReport`."""
    for found in every():
        part = found.state.part(identifier)
        if part and officer not in found.state.excluded:
            return keeping.sealed_bytes(part, found.key)
    raise NoSuchReport


def outer_key_for(officer: str, report: UUID) -> bytes:
    """The outer key of a report that this officer may know of. Raises `NoSuchReport`."""
    found = the_one(id=report)
    if officer in found.state.excluded:
        raise NoSuchReport
    return found.key


def requests() -> list[dict[str, Any]]:
    """Identities that were asked for, for the custodians."""
    return [
        {
            "report": str(found.report.id),
            "recipient": found.report.recipient,
            "day": str(found.state.asked.day),
            "by": found.state.asked.by,
            "reason": b64encode(keeping.whole(found.state.asked.reason, found.key)).decode(),
            "state": identity_state(found.state),
        }
        for found in every()
        if found.state.asked
    ]


def lines_of(report: UUID) -> list[dict[str, str]]:
    """What the journal says of one report, for its officers. No number and no hash: a gap in them would tell an officer
    that there are reports which name them."""
    return [{"day": str(entry.day), "who": entry.who, "what": entry.what} for entry in journal.lines(report)]


def lines() -> list[dict[str, Any]]:
    """The whole journal, as the custodians check it."""
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
        for entry in journal.lines()
    ]


def identity_state(state: State) -> str:
    """Of the asking for it."""
    if not state.asked:
        return "none-asked"
    if state.asked.refused:
        return "refused"
    return "released" if state.asked.released else "asked"


def _item(found: Standing) -> dict[str, Any]:
    state, report = found.state, found.report
    due = state.due
    return {
        "id": str(report.id),
        "day": str(report.day),
        "status": str(state.status),
        "reason": state.reason,
        "due": str(due.by) if due else None,
        "next": due.promise if due else None,
        "ring": b64encode(found.ring).decode(),
        "recipient": report.recipient,
        "reader": report.reader,
        "anchor": bytes(report.anchor).hex(),
        "turn": len(state.turns),
        "unread": state.unread,
        "epoch": state.epoch,
        "identity": identity_state(state),
    }
