"""The call console: ringing calls, verification, registration and call-backs."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.test import Client
from django.urls import reverse

from bekhedmetkom.calls.models import Call
from bekhedmetkom.cases import commands as cases
from bekhedmetkom.cases.models import Case
from bekhedmetkom.cases.queries import find_case_by_code
from bekhedmetkom.kernel.actor import Actor
from tests.commands.calls.call_helpers import (
    BRIBE_TEXT,
    confirm_phone,
    create_answered_case,
    get_sent_code,
    run_subscriber,
)
from tests.interfaces.calls.conftest import TOKEN, Console, Exchange
from tests.personas import NOON, POTHOLE, Jordan

SignIn = Callable[[Actor], Console]
pytestmark = pytest.mark.django_db


def page(answer: Any) -> BeautifulSoup:
    return BeautifulSoup(answer.content, "html.parser")


def sheet(console: Console, call: int, **given: str) -> dict[str, str]:
    key = page(console.get("call", call)).select_one('[name="key"]')
    assert key
    return {"key": str(key["value"]), "kind": "complaint", "text": POTHOLE, "language": "ar", "name": "أم يزن",
            "phone": "079 123 4567", "reply_by": "sms"} | given  # fmt: skip


class TestExchangeWebhook:
    @pytest.mark.parametrize("way", ["bearer", "x-token", "path", "json"])
    def test_event_is_accepted_as_form_or_json_with_token_in_header_or_path(
        self, exchange: Exchange, way: str
    ) -> None:
        said = {"event": "newCall", "callId": "9", "from": "anonymous", "user[]": ["21", "22"]}
        headers = {"bearer": {"Authorization": f"Bearer {TOKEN}"}, "x-token": {"X-Token": TOKEN},
                   "json": {"X-Token": TOKEN}}.get(way, {})  # fmt: skip
        address = reverse("call-events-by-path", args=[TOKEN]) if way == "path" else reverse("call-events")
        sent: Any = json.dumps(said | {"callId": 9}) if way == "json" else said
        kind: Any = {"content_type": "application/json"} if way == "json" else {}
        answer = exchange.client.post(address, sent, headers=headers, **kind)
        assert (answer.status_code, answer.content) == (200, b"{}")
        call = Call.objects.get(call_id="9")
        assert (call.number, call.lines) == ("", ["21", "22"])

    def test_wrong_token_is_refused(self, exchange: Exchange) -> None:
        for headers in ({}, {"Authorization": "Bearer other"}, {"X-Token": "رمز"}):
            answer = Client().post(
                reverse("call-events"), {"event": "newCall", "callId": "9"}, headers=headers
            )
            assert answer.status_code == 403
        assert not Call.objects.exists()

    @pytest.mark.parametrize("body", ["", "[]", "[[[", "null", '"x"', '{"event": "newCall"}', "{" * 5000])
    def test_malformed_event_is_refused_with_a_reason(self, exchange: Exchange, body: str) -> None:
        answer = exchange.client.post(
            reverse("call-events"), body, content_type="application/json", headers={"X-Token": TOKEN}
        )
        assert answer.status_code == 400
        assert len(answer.content.splitlines()) == 1

    @pytest.mark.parametrize(
        "odd",
        [
            {"event": "dtmf"}, {"event": 7}, {"event": "newCall", "user": {"a": 1}}, {"event": "answer", "user": None},
            {"event": "newCall", "from": ["x", 1]}, {"event": "hangup", "cause": "\x00\u202e" * 80},
            {"event": "newCall", "from": True, "to": 1e400, "direction": "sideways", "queue": "ق" * 4000},
        ],
    )  # fmt: skip
    def test_unexpected_types_are_ignored(self, exchange: Exchange, odd: dict[str, Any]) -> None:
        answer = exchange.client.post(
            reverse("call-events"), json.dumps({"callId": "z"} | odd), content_type="application/json",
            headers={"X-Token": TOKEN},
        )  # fmt: skip
        assert (answer.status_code, answer.content) == (200, b"{}")


class TestCallPage:
    def test_call_rings_is_taken_and_wrapped_up(
        self, jordan: Jordan, sign_in: SignIn, ring: Callable[..., int]
    ) -> None:
        agent, call = sign_in(jordan.agent), ring()
        home = agent.get("home")
        assert "079 ••• ••67" in page(home).get_text(" ")
        assert "0791234567" not in home.content.decode()
        assert agent.post("take", call)["Location"] == reverse("calls:call", args=[call])
        assert agent.get("home")["Location"] == reverse("calls:call", args=[call])
        assert agent.post("wrap", call).status_code == 422
        assert agent.post("wrap", call, wrap="answered")["Location"] == reverse("calls:home")
        assert agent.get("call", call).status_code == 404

    def test_call_answered_on_the_agents_line_opens_by_itself(
        self, jordan: Jordan, sign_in: SignIn, ring: Callable[..., int], exchange: Exchange
    ) -> None:
        agent = sign_in(jordan.agent)
        agent.post("line", line="21")
        call = ring(user=["21", "22"])
        exchange.tells("answer", user="21")
        ringing = page(agent.get("ringing")).select_one("[data-mine]")
        assert ringing and ringing["data-mine"] == reverse("calls:call", args=[call])
        assert sign_in(jordan.pm).get("call", call).status_code == 404

    def test_unverified_call_shows_no_case_content(
        self, jordan: Jordan, sign_in: SignIn, ring: Callable[..., int]
    ) -> None:
        case = create_answered_case(jordan)
        confirm_phone(case)
        agent, call = sign_in(jordan.agent), ring()
        agent.post("take", call)
        said = agent.get("call", call).content.decode()
        assert f"…{case.reference[-2:]}" in said
        for word in (case.reference, "سامر", "حفرة", "الإسفلت"):
            assert word not in said

    def test_one_time_code_opens_the_case_and_shows_the_answer(
        self, jordan: Jordan, sign_in: SignIn, ring: Callable[..., int]
    ) -> None:
        case = create_answered_case(jordan)
        confirm_phone(case)
        agent, call = sign_in(jordan.agent), ring()
        agent.post("take", call)
        agent.post("prove", call, way="send")
        assert agent.post("prove", call, way="digits", digits="11").status_code == 422
        assert agent.post("prove", call, way="digits", digits=get_sent_code()).status_code == 302
        assert case.reference in agent.get("call", call).content.decode()
        agent.post("prove", call, way="open", reference=case.reference)
        read = page(agent.get("call", call))
        assert "الإسفلت" in read.get_text()
        assert {said.get("dir") for said in read.select(".said")} == {"auto"}  # in every page language
        seen = read.select_one('[name="seen"]')
        assert seen
        said = {"reference": case.reference, "seen": seen["value"], "solved": "yes", "stars": "5"}
        stopped = page(agent.post("hear", call, **said, comment=BRIBE_TEXT)).select_one('[name="seen"]')
        assert (
            stopped and stopped.get("value") == seen["value"]
        )  # so that it can be submitted with another text
        assert agent.post("hear", call, **said).status_code == 302
        case.refresh_from_db()
        assert (case.solved, case.stars) == (True, 5)
        taken = agent.post("register", call, **sheet(agent, call))
        assert taken.status_code == 200
        assert Case.objects.latest("received_at").particulars.phone_confirmed

    def test_access_code_opens_the_case_and_a_message_is_added(
        self, jordan: Jordan, sign_in: SignIn, ring: Callable[..., int]
    ) -> None:
        taken = jordan.submit()
        agent, call = sign_in(jordan.agent), ring()
        agent.post("take", call)
        wrong = agent.post("prove", call, reference=taken.reference, code="1234567890")
        assert wrong.status_code == 422
        assert taken.reference in wrong.content.decode()  # as it was typed
        agent.post("prove", call, reference=taken.reference, code=taken.access_code)
        stopped = agent.post("write", call, reference=taken.reference, text=BRIBE_TEXT)
        assert stopped.status_code == 422
        assert BRIBE_TEXT not in stopped.content.decode()
        assert agent.post("write", call, reference=taken.reference, text="جنب مخبز السلام").status_code == 302
        assert Case.objects.get(pk=taken.case).seq == 2

    def test_registered_case_shows_its_spelled_reference_and_code(
        self, jordan: Jordan, sign_in: SignIn, ring: Callable[..., int]
    ) -> None:
        agent, call = sign_in(jordan.agent), ring()
        agent.post("take", call)
        answer = agent.post("register", call, **sheet(agent, call))
        case = Case.objects.get()
        said = page(answer)
        assert (answer.status_code, case.channel) == (200, "phone")
        assert "no-store" in answer["Cache-Control"]
        assert "يصلك الرد قبل نهاية" in said.get_text()
        signs = ["".join(b.get_text() for b in row.select("b")) for row in said.select(".spell")]
        assert signs[0] == case.reference.removeprefix("BK-").replace("-", "")
        assert find_case_by_code(case.reference, signs[1]) == case.pk
        again = agent.post("register", call, **sheet(agent, call, key="short"))
        assert again.status_code == 422
        assert Case.objects.count() == 1

    def test_urgent_case_shows_the_time_of_its_deadline(
        self, jordan: Jordan, sign_in: SignIn, ring: Callable[..., int]
    ) -> None:
        agent, call = sign_in(jordan.agent), ring()
        agent.post("take", call)
        danger = "سلك كهرباء مكشوف على الرصيف وطفل انصعق منه"
        said = page(agent.post("register", call, **sheet(agent, call, text=danger))).get_text()
        assert Case.objects.get().urgent
        assert "عاجل: يصلك الرد قبل" in said
        assert "قبل نهاية" not in said

    def test_corruption_is_stopped_and_the_caller_may_decline_the_report(
        self, jordan: Jordan, sign_in: SignIn, ring: Callable[..., int]
    ) -> None:
        agent, call = sign_in(jordan.agent), ring()
        agent.post("take", call)
        form = sheet(agent, call, text=BRIBE_TEXT, to=f"entity:{jordan.entities['GAM']}")
        draft = agent.post("draft", call, **form)
        assert (draft.status_code, draft.json()) == (422, {"stopped": True})
        stopped = agent.post("register", call, **form)
        assert stopped.status_code == 422
        assert "البلاغ السري" in stopped.content.decode()
        assert settings.BOX_URL in stopped.content.decode()  # a URL that can be read out
        assert not Case.objects.exists()
        assert Call.objects.get().draft == {}
        assert agent.post("register", call, gate_declined="on", **form).status_code == 200

    def test_draft_is_saved_and_shows_its_destination(
        self, jordan: Jordan, sign_in: SignIn, ring: Callable[..., int]
    ) -> None:
        agent, call = sign_in(jordan.agent), ring()
        agent.post("take", call)
        form = sheet(agent, call, to=f"entity:{jordan.entities['GAM']}")
        said = agent.post("draft", call, **form).json()
        assert said["due"]
        assert said["to"]
        again = page(agent.get("call", call))
        text, key = again.select_one("textarea"), again.select_one('[name="key"]')
        assert text and text.get_text().strip() == POTHOLE
        assert key and key["value"] == form["key"]

    @pytest.mark.parametrize(
        ("given", "field"),
        [({"kind": ""}, "kind"), ({"text": ""}, "text"), ({"phone": "12"}, "phone"),
         ({"phone": "", "reply_by": "call"}, "phone"), ({"to": "entity:999999"}, "to")],
    )  # fmt: skip
    def test_invalid_form_shows_errors_and_keeps_the_text(
        self, jordan: Jordan, sign_in: SignIn, ring: Callable[..., int], given: dict[str, str], field: str
    ) -> None:
        agent, call = sign_in(jordan.agent), ring()
        agent.post("take", call)
        answer = agent.post("register", call, **sheet(agent, call, **given))
        assert answer.status_code == 422
        assert field in answer.context["form"].errors
        assert "أم يزن" in answer.content.decode()

    def test_console_needs_few_queries(
        self, jordan: Jordan, sign_in: SignIn, ring: Callable[..., int], django_assert_max_num_queries: Any
    ) -> None:
        agent, call = sign_in(jordan.agent), ring()
        agent.get("home")
        with django_assert_max_num_queries(14):
            agent.get("home")
        with django_assert_max_num_queries(11):
            agent.get("ringing")
        agent.post("take", call)
        with django_assert_max_num_queries(12):
            agent.get("call", call)


class TestCallBacks:
    def test_call_back_is_given_out_and_its_result_recorded(self, jordan: Jordan, sign_in: SignIn) -> None:
        case = unsolved(jordan)
        agent = sign_in(jordan.agent)
        assert case.reference not in agent.get("home").content.decode()
        back = agent.post("next")["Location"]
        shown = page(agent.client.get(back))
        assert "سامر" in shown.get_text()
        assert "الإسفلت" not in shown.get_text()
        pk = int(back.rsplit("/", 1)[1])
        wrong = agent.post("spoke", pk, seen="x", stars="9")
        assert wrong.status_code == 422
        seen = shown.select_one('[name="seen"]')
        assert seen
        assert agent.post("spoke", pk, seen=seen["value"], solved="yes", stars="3").status_code == 302
        case.refresh_from_db()
        assert (case.solved, case.stars) == (True, 3)

    def test_answer_is_shown_after_verification(self, jordan: Jordan, sign_in: SignIn) -> None:
        unsolved(jordan)
        agent = sign_in(jordan.agent)
        back = int(agent.post("next")["Location"].rsplit("/", 1)[1])
        agent.post("prove-back", back, way="send")
        assert agent.post("prove-back", back, way="digits", digits="").status_code == 422
        assert agent.post("prove-back", back, way="code", code="123").status_code == 422
        agent.post("prove-back", back, way="digits", digits=get_sent_code())
        assert "الإسفلت" in agent.get("back", back).content.decode()

    def test_unanswered_call_back_is_recorded(self, jordan: Jordan, sign_in: SignIn) -> None:
        unsolved(jordan)
        agent = sign_in(jordan.agent)
        back = int(agent.post("next")["Location"].rsplit("/", 1)[1])
        assert agent.post("tried", back).status_code == 422
        assert agent.post("tried", back, outcome="no-answer").status_code == 302
        assert agent.post("next")["Location"] == reverse("calls:home")


def unsolved(jordan: Jordan) -> Case:
    case = create_answered_case(jordan)
    cases.rate_case(
        case=case.pk, seen=None, actor=jordan.get_citizen(case), at=NOON + timedelta(minutes=1), solved=False
    )
    run_subscriber(case)
    case.refresh_from_db()
    return case
