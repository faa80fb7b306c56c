"""Attack 15 on the sealed box: a bribery text sent through each ordinary door leaves no row and no line in a log.

What a person then does deliberately is theirs to do: the last test shows that the same text passes once they say so.
"""

import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from bekhedmetkom.calls import commands as calls
from bekhedmetkom.calls.models import Call
from bekhedmetkom.calls.rules.call_events import CallEvent, EventName
from bekhedmetkom.cases import commands
from bekhedmetkom.cases.commands import SubmissionResult
from bekhedmetkom.cases.models import Case, Event
from bekhedmetkom.catalogue.rules import Disposition
from bekhedmetkom.identity.models import Officer
from bekhedmetkom.kernel.clock import now
from bekhedmetkom.language.corruption import detect_corruption
from tests.commands.cases.case_stages import ANSWER
from tests.interfaces.api.api_client import ApiClient
from tests.interfaces.open311.georeport_client import create_api_key
from tests.mutations import Mutation, check_with_mutations
from tests.personas import DAY, HOUR, POTHOLE, Jordan

Send = Callable[[Client, Jordan], Any]
MARKER = "زعفرانة"
BRIBERY_TEXT = f"موظف في البلدية طلب مني رشوة خمسين دينارًا ليمشّي المعاملة، اسمه {MARKER}"
TYPED_FIELDS = {
    "text": "الحفرة ما زالت مكانها",
    "kind": "complaint",
    "to": "GAM/-",
    "placed": "1",
    "governorate": "GOV-AM",
}


def _portal(*fields: str, go: str = "") -> Send:
    """Typed on the pages of `/new`, and sent on or sent off."""

    def send(client: Client, _jordan: Jordan) -> Any:
        typed = (
            TYPED_FIELDS
            | dict.fromkeys(fields, BRIBERY_TEXT)
            | {"contact": "none", "step": "describe", "key": "k" * 20}
        )
        return client.post(reverse("portal:new"), typed | {"go": go})

    return send


def _device(path: str, **typed: str) -> Send:
    """Written without a network and sent by the device, or shared with the app."""

    def send(client: Client, _jordan: Jordan) -> Any:
        if path == "portal:shared":
            return client.post(reverse(path), typed)
        body = {"key": "k" * 36, "answers": TYPED_FIELDS | {"contact": "none"} | typed}
        return client.post(reverse(path), body, "application/json")

    return send


def _chat(client: Client, _jordan: Jordan) -> Any:
    """Said to the assistant."""
    return client.post(reverse("chat:chat"), {"text": BRIBERY_TEXT, "key": "k-1"}, follow=True)


def _case(path: str, **typed: str) -> Send:
    """Typed by whoever has opened their answered case."""

    def send(client: Client, jordan: Jordan) -> Any:
        case = _opened(client, jordan)
        return client.post(reverse(f"portal:{path}", args=[case.reference]), typed)

    return send


def _api(path: str, **body: Any) -> Send:
    """Sent by a program, about a new case or one that it has the code of."""

    def send(client: Client, jordan: Jordan) -> Any:
        program = ApiClient(client=client)
        if path == "/cases":
            return program.submit_case(**body)
        if path == "/suggest":
            return program.post(path, body)
        case = _submitted(jordan)
        return program.with_access_code(case).post(f"/cases/{case.reference}{path}", body)

    return send


def _open311(extension: str, **form: str) -> Send:
    """Sent by a program with a key of its own."""

    def send(client: Client, jordan: Jordan) -> Any:
        key = create_api_key(jordan, "open311")
        fields = {"api_key": key, "service_code": "GAM-001", "lat": "31.9", "long": "35.9", **form}
        return client.post(f"/open311/v2/requests.{extension}", fields)

    return send


def _framed(route: str) -> Send:
    """Typed on a body's own site, or on the screen of a hall."""

    def send(client: Client, _jordan: Jordan) -> Any:
        typed = TYPED_FIELDS | {
            "text": BRIBERY_TEXT,
            "contact": "none",
            "step": "check",
            "go": "send",
            "key": "k" * 20,
        }
        return client.post(f"{reverse(route)}?entity=GAM", typed)

    return send


def _console(page: str, **typed: str) -> Send:
    """Said by telephone and typed by the agent: of a new case, or of the caller's own that is open."""

    def send(client: Client, jordan: Jordan) -> Any:
        kept, at = _submitted(jordan), now()
        calls.record_event(call_id="one", event=CallEvent(at, EventName.NEW_CALL, direction="in"))
        call = Call.objects.get().pk
        calls.take_call(call=call, actor=jordan.agent, at=at)
        calls.open_case_with_code(
            call=call, reference=kept.reference, code=kept.access_code, actor=jordan.agent, at=at
        )
        client.force_login(Officer.objects.get(pk=jordan.agent.id))
        about = {"reference": kept.reference, "seen": str(Case.objects.get().seq), "solved": "no"}
        sheet = {"key": "k" * 20, "kind": "complaint", "text": POTHOLE, "language": "ar", "reply_by": "sms"}
        return client.post(reverse(f"calls:{page}", args=[call]), about | sheet | typed)

    return send


def _submitted(jordan: Jordan) -> SubmissionResult:
    """A case that was answered a while ago."""
    at = now() - DAY
    kept = jordan.submit(at=at)
    seq = commands.assign_case(case=kept.case, seen=1, actor=jordan.main, at=at + HOUR, unit=jordan.roads)
    commands.answer_case(
        case=kept.case, seen=seq, actor=jordan.roads_officer, at=at + 2 * HOUR, text=ANSWER,
        disposition=Disposition.UPHELD,
    )  # fmt: skip
    return kept


def _opened(client: Client, jordan: Jordan) -> SubmissionResult:
    case = _submitted(jordan)
    client.post(reverse("portal:track"), {"reference": case.reference, "code": case.access_code})
    return case


SENDERS = {
    "the portal's text": _portal("text"),
    "the portal's text, sent off": _portal("text", go="send"),
    "the portal's address": _portal("address", go="send"),
    "the portal, whom it complains of": _portal("about_employee", go="send"),
    "what waited on a device": _device("portal:send", text=BRIBERY_TEXT),
    "what waited on a device, its address": _device("portal:send", address=BRIBERY_TEXT),
    "what was shared with the app": _device("portal:shared", text=BRIBERY_TEXT),
    "the portal's message": _case("write", text=BRIBERY_TEXT),
    "the portal's rating": _case("rate", solved="no", comment=BRIBERY_TEXT),
    "the portal's appeal": _case("appeal", reason=BRIBERY_TEXT),
    "the chat": _chat,
    "the API's text": _api("/cases", text=BRIBERY_TEXT),
    "the API's title": _api("/cases", title=BRIBERY_TEXT),
    "the API's address": _api("/cases", address=BRIBERY_TEXT),
    "the API, whom it complains of": _api("/cases", about={"unit": BRIBERY_TEXT[:90]}),
    "Open311's description": _open311("json", description=BRIBERY_TEXT),
    "Open311's address": _open311("xml", address_string=BRIBERY_TEXT),
    "a body's own site": _framed("portal:embed"),
    "a hall's screen": _framed("portal:kiosk"),
    "a call, while it is typed": _console("draft", text=BRIBERY_TEXT),
    "a call, its address while it is typed": _console("draft", address=BRIBERY_TEXT),
    "a call": _console("register", text=BRIBERY_TEXT),
    "a call, its address": _console("register", address=BRIBERY_TEXT),
    "a call about one's case": _console("write", text=BRIBERY_TEXT),
    "a call, whether it was solved": _console("hear", comment=BRIBERY_TEXT),
    "a call, an appeal": _console("appeal", reason=BRIBERY_TEXT),
    "suggestions": _api("/suggest", text=BRIBERY_TEXT),
    "the API's message": _api("/messages", text=BRIBERY_TEXT),
    "the API's rating": _api("/rating", solved=False, comment=BRIBERY_TEXT),
    "the API's appeal": _api("/appeal", reason=BRIBERY_TEXT),
}


@pytest.fixture
def lines() -> Iterator[list[str]]:
    """All that any logger says, down to the last detail."""
    said: list[str] = []

    class Ear(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            said.append(f"{record.getMessage()} {record.exc_info} {record.__dict__}")

    ear, root = Ear(), logging.getLogger()
    level = root.level
    root.addHandler(ear)
    root.setLevel(logging.DEBUG)
    yield said
    root.removeHandler(ear)
    root.setLevel(level)


def list_tables_containing(word: str) -> list[str]:
    with connection.cursor() as cursor:
        found = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT count(*) FROM "{table}" t WHERE t::text LIKE %s', [f"%{word}%"])
            found += [table] * cursor.fetchone()[0]
    return found


GATE_MODULES = (
    "cases.commands.text_validation",
    "interfaces.portal.new_case.views",
    "assistant.rules.dialogue_manager",
)


def _open_gate(patch: pytest.MonkeyPatch) -> None:
    for place in GATE_MODULES:
        patch.setattr(f"bekhedmetkom.{place}.detect_corruption", lambda _text: None)


def _told(patch: pytest.MonkeyPatch) -> None:
    def noted(text: str) -> object:
        hit = detect_corruption(text)
        if hit:
            logging.getLogger("bekhedmetkom").info("stopped: %s", text)
        return hit

    for place in GATE_MODULES:
        patch.setattr(f"bekhedmetkom.{place}.detect_corruption", noted)


DISABLED_GATE: dict[str, Mutation] = {"nobody stands at the gate": _open_gate}
LOGGING_GATE: dict[str, Mutation] = {"the gate writes down what it stops": _told}


@pytest.mark.parametrize("door", SENDERS)
def test_attack_15(door: str, jordan: Jordan, lines: list[str]) -> None:
    def promise() -> None:
        with transaction.atomic():
            try:
                lines.clear()
                before = Event.objects.count()
                answer = SENDERS[door](Client(), jordan)
                new = set(Event.objects.order_by("pk").values_list("kind", flat=True)[before:])
                assert new <= {
                    "case.submitted",
                    "case.assigned",
                    "case.answered",
                }  # what brought the case so far
                assert list_tables_containing(MARKER) == []
                assert not [line for line in lines if MARKER in line]
                assert answer.status_code in (200, 400, 422)
                assert "no-store" in answer["Cache-Control"]
            finally:
                transaction.set_rollback(True)

    # The first two keep nothing, whatever is typed; a talk lies sealed.
    stores = door not in ("the portal's text", "suggestions", "the chat")
    check_with_mutations(promise, (DISABLED_GATE if stores else {}) | LOGGING_GATE)


def test_once_and_deliberately_it_passes(jordan: Jordan) -> None:
    assert ApiClient().submit_case(text=BRIBERY_TEXT, gate="declined").status_code == 201
    assert list_tables_containing(MARKER) == ["case_text"]
