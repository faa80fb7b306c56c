"""Every spot of the call centre into which somebody can put a value: its console, and what its exchange tells."""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from typing import Any

from bekhedmetkom.calls import commands as calls
from bekhedmetkom.calls.models import Call, CallBack
from bekhedmetkom.calls.rules.events import CallEvent, Name
from bekhedmetkom.cases.commands import confirm_contact
from bekhedmetkom.cases.models import Case
from bekhedmetkom.cases.rules.contact import Contact, Known
from bekhedmetkom.config import settings as configured
from bekhedmetkom.identity.models import Officer
from tests.interfaces.api.stages import answered
from tests.interfaces.every_answer.places import Place, Visitor, arguments, in_headers, once, pages, quoted
from tests.personas import Jordan
from tests.ugly import Bad

PHONE = "+962791234567"
SAID = {"event": "newCall", "from": "0791234567", "to": "065008080", "direction": "in", "callId": "9", "user[]": "21",
        "queue": "arabic", "answeringNumber": "21", "cause": "busy"}  # fmt: skip


def console(jordan: Jordan) -> list[Place]:
    """A call in hand with a case open in it, a call-back in hand, and between the two."""
    at, agent, other = datetime.now(UTC), Visitor(), Visitor()
    agent.client.force_login(Officer.objects.get(pk=jordan.agent.id))
    other.client.force_login(Officer.objects.get(pk=jordan.pm.id))
    case = Case.objects.get(pk=jordan.submit().case)
    answered(jordan, case)
    confirm_contact(case=case.pk, actor=jordan.citizen(case), at=at, known=Known(Contact.PHONE, PHONE))
    calls.hear_event(call_id="one", event=CallEvent(at, Name.NEW_CALL, PHONE, "in", ("21",)))
    calls.hear_event(call_id="two", event=CallEvent(at, Name.NEW_CALL, PHONE, "in", ("22",)))
    call = Call.objects.get(call_id="one").pk
    calls.take(call=call, actor=jordan.agent, at=at)
    sent = calls.code_for(call=call, actor=jordan.agent, at=at)
    calls.prove_number(call=call, code=sent.code, actor=jordan.agent, at=at)
    calls.open_of_number(call=call, reference=case.reference, actor=jordan.agent, at=at)
    back = CallBack.objects.create(
        case=case, seq=1, why="check", since=at, not_before=at, officer_id=jordan.agent.officer_id, held_at=at
    )

    def places() -> Iterator[Place]:
        yield from pages(agent, f"/calls/{call}")
        yield from pages(agent, f"/en/calls/back/{back.pk}")
        yield from pages(other, "/calls")
        yield from pages(other, "/calls/ringing")
        for pattern in ("calls/<call>", "calls/back/<back>", "webhooks/calls/<token>"):
            yield from arguments(agent, "", pattern, {})
        yield from in_headers(agent, f"/calls/{call}/draft", "post")
        yield from in_headers(Visitor(), "/webhooks/calls", "post")
        for name in SAID:
            yield Place(f"post /webhooks/calls: {name}", partial(_told, name), whole=_told_whole)

    return once(places())


def _told(name: str, bad: Bad) -> Any:
    body = "&".join(f"{quoted(key)}={quoted(value)}" for key, value in (SAID | {name: bad.value}).items())
    return _told_whole(body.encode(), "application/x-www-form-urlencoded")


def _told_whole(body: bytes, content_type: str) -> Any:
    return Visitor(headers={"X-Token": configured.CALLS_TOKEN}).ask(
        "post", "/webhooks/calls", body, content_type
    )
