"""Every spot of the call centre into which somebody can put a value: its console, and what its exchange tells."""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from typing import Any

from bekhedmetkom.calls import commands as calls
from bekhedmetkom.calls.models import Call, CallBack
from bekhedmetkom.calls.rules.call_events import CallEvent, EventName
from bekhedmetkom.cases.commands import confirm_contact
from bekhedmetkom.cases.models import Case
from bekhedmetkom.cases.rules.contact import ContactAddress, ContactType
from bekhedmetkom.config import settings as configured
from bekhedmetkom.identity.models import Officer
from tests.hostile_values import HostileValue
from tests.interfaces.api.case_stages import create_answered_case
from tests.interfaces.hostile_input.input_points import (
    InputPoint,
    Visitor,
    list_header_inputs,
    list_page_inputs,
    list_path_arguments,
    quote_value,
    remove_duplicates,
)
from tests.personas import Jordan

PHONE = "+962791234567"
CALL_EVENT = {
    "event": "newCall",
    "from": "0791234567",
    "to": "065008080",
    "direction": "in",
    "callId": "9",
    "user[]": "21",
    "queue": "arabic",
    "answeringNumber": "21",
    "cause": "busy",
}


def list_call_centre_inputs(jordan: Jordan) -> list[InputPoint]:
    """A call in hand with a case open in it, a call-back in hand, and between the two."""
    at, agent, other = datetime.now(UTC), Visitor(), Visitor()
    agent.client.force_login(Officer.objects.get(pk=jordan.agent.id))
    other.client.force_login(Officer.objects.get(pk=jordan.pm.id))
    case = Case.objects.get(pk=jordan.submit().case)
    create_answered_case(jordan, case)
    confirm_contact(
        case=case.pk, actor=jordan.get_citizen(case), at=at, known=ContactAddress(ContactType.PHONE, PHONE)
    )
    calls.record_event(call_id="one", event=CallEvent(at, EventName.NEW_CALL, PHONE, "in", ("21",)))
    calls.record_event(call_id="two", event=CallEvent(at, EventName.NEW_CALL, PHONE, "in", ("22",)))
    call = Call.objects.get(call_id="one").pk
    calls.take_call(call=call, actor=jordan.agent, at=at)
    sent = calls.issue_call_code(call=call, actor=jordan.agent, at=at)
    calls.verify_number(call=call, code=sent.code, actor=jordan.agent, at=at)
    calls.open_case_of_number(call=call, reference=case.reference, actor=jordan.agent, at=at)
    back = CallBack.objects.create(
        case=case, seq=1, why="check", since=at, not_before=at, officer_id=jordan.agent.officer_id, held_at=at
    )

    def places() -> Iterator[InputPoint]:
        yield from list_page_inputs(agent, f"/calls/{call}")
        yield from list_page_inputs(agent, f"/en/calls/back/{back.pk}")
        yield from list_page_inputs(other, "/calls")
        yield from list_page_inputs(other, "/calls/ringing")
        for pattern in ("calls/<call>", "calls/back/<back>", "webhooks/calls/<token>"):
            yield from list_path_arguments(agent, "", pattern, {})
        yield from list_header_inputs(agent, f"/calls/{call}/draft", "post")
        yield from list_header_inputs(Visitor(), "/webhooks/calls", "post")
        for name in CALL_EVENT:
            yield InputPoint(
                f"post /webhooks/calls: {name}", partial(_send_call_event, name), send_body=_send_body
            )

    return remove_duplicates(places())


def _send_call_event(name: str, bad: HostileValue) -> Any:
    body = "&".join(
        f"{quote_value(key)}={quote_value(value)}" for key, value in (CALL_EVENT | {name: bad.value}).items()
    )
    return _send_body(body.encode(), "application/x-www-form-urlencoded")


def _send_body(body: bytes, content_type: str) -> Any:
    return Visitor(headers={"X-Token": configured.CALLS_TOKEN}).request(
        "post", "/webhooks/calls", body, content_type
    )
