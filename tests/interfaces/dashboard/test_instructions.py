"""An instruction about a figure: given from the screen, answered by the body, tracked to its end, never rewritten."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import DatabaseError, transaction

from bekhedmetkom.analytics.commands.instructions import (
    answer_instruction,
    give_instruction,
    withdraw_instruction,
)
from bekhedmetkom.analytics.queries.instructions import list_instructions
from bekhedmetkom.analytics.rules.slices import Slice
from bekhedmetkom.analytics.storage import Instruction, InstructionEnd
from bekhedmetkom.identity.models import Membership
from bekhedmetkom.identity.rules import Role
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.errors import InvalidInput, NotAllowed
from bekhedmetkom.notifications.models import Message
from tests.interfaces.dashboard.conftest import DashboardBrowser
from tests.interfaces.dashboard.test_overview import run_projection
from tests.personas import DAY, NOON, Jordan, place_under_minister

pytestmark = pytest.mark.django_db

SignIn = Callable[[Actor], DashboardBrowser]
TODAY = NOON.date()
INSTRUCTION_TEXT = "ما سبب التأخر؟"


def create_instruction(jordan: Jordan, by: str = "minister", **more: Any) -> int:
    fields: dict[str, Any] = {
        "entity": jordan.entities["GAM"], "figure": "on_time", "query": "entity=GAM", "text": INSTRUCTION_TEXT,
        "wanted": Slice(TODAY - timedelta(29), TODAY, frozenset({jordan.entities["GAM"]})),
        "until": TODAY + timedelta(2), "actor": jordan.people[by], "at": NOON,
    }  # fmt: skip
    return give_instruction(**(fields | more))


def list_visible_instructions(actor: Actor, at: Any = NOON) -> list[tuple[str, bool, bool, str]]:
    return [
        (one.text, one.is_for_viewer, one.is_by_viewer, str(one.outcome or ""))
        for one in list_instructions(actor, at)
    ]


def test_from_the_screen_to_its_end(jordan: Jordan, sits: SignIn) -> None:
    place_under_minister(jordan)
    jordan.submit(at=NOON - DAY)
    run_projection()
    minister = sits(jordan.pm)
    asking = str(minister.page(entity="GAM").select(".kpi__ask a")[0]["href"])
    page = BeautifulSoup(minister.client.get(asking).content, "html.parser")
    assert page.select("form.decide textarea")
    wrong = minister.client.post(asking, {"text": INSTRUCTION_TEXT, "until": "2026-11-01"})
    assert (wrong.status_code, Instruction.objects.count()) == (422, 0)
    assert INSTRUCTION_TEXT in wrong.content.decode()
    for _twice in range(2):
        sent = minister.client.post(asking, {"text": INSTRUCTION_TEXT, "until": "2026-11-26"})
        assert (sent.status_code, sent["Location"]) == (302, "/dashboard?entity=GAM")
    asked = Instruction.objects.get()
    assert asked.query == "entity=GAM"
    mails = Message.objects.filter(template="to_figure_asked")
    assert {mail.officer_id for mail in mails} == {jordan.head.officer_id, jordan.main.officer_id}
    assert all("/desk/instructions" in mail.body and INSTRUCTION_TEXT not in mail.body for mail in mails)
    assert "card-figures" in minister.client.get("/desk/needs-you").content.decode()
    for who in (jordan.head, jordan.main):
        assert INSTRUCTION_TEXT in sits(who).client.get("/desk/instructions").content.decode()
    assert INSTRUCTION_TEXT not in sits(jordan.rival).client.get("/desk/instructions").content.decode()
    head = sits(jordan.head).client
    empty = head.post(f"/desk/instructions/figures/{asked.pk}", {"text": " "})
    assert (empty.status_code, "need__answer" in empty.content.decode()) == (422, True)
    assert head.post(f"/desk/instructions/figures/{asked.pk}", {"text": "عطل في النظام"}).status_code == 302
    assert "عطل في النظام" in minister.client.get("/desk/instructions").content.decode()
    assert "card-figures" not in minister.client.get("/desk/needs-you").content.decode()
    late = head.post(f"/desk/instructions/figures/{asked.pk}", {"text": "مرة ثانية"})
    assert late.status_code == 422


def test_who_may_ask_answer_and_take_back(jordan: Jordan) -> None:
    place_under_minister(jordan)
    for other in ("manager", "head", "rival"):
        with pytest.raises(NotAllowed):
            create_instruction(jordan, by=other)
    with pytest.raises(NotAllowed):
        create_instruction(jordan, entity=jordan.entities["MOH"])
    asked = create_instruction(jordan)
    for nobody in ("manager", "rival", "pm", "minister"):
        with pytest.raises(NotAllowed):
            answer_instruction(instruction=asked, text="نعم", actor=jordan.people[nobody], at=NOON)
    for nobody in ("office", "head"):
        with pytest.raises(NotAllowed):
            withdraw_instruction(instruction=asked, actor=jordan.people[nobody], at=NOON)
    withdraw_instruction(instruction=asked, actor=jordan.minister, at=NOON)
    with pytest.raises(InvalidInput):
        answer_instruction(instruction=asked, text="نعم", actor=jordan.head, at=NOON)
    assert list_visible_instructions(jordan.head) == [(INSTRUCTION_TEXT, True, False, "withdrawn")]


def test_without_an_answer_it_climbs(jordan: Jordan) -> None:
    place_under_minister(jordan)
    create_instruction(jordan, by="office")
    assert list_visible_instructions(jordan.office) == [(INSTRUCTION_TEXT, False, True, "")]
    assert list_visible_instructions(jordan.minister) == list_visible_instructions(jordan.pm) == []
    assert list_visible_instructions(jordan.minister, NOON + 3 * DAY) == [
        (INSTRUCTION_TEXT, False, False, "")
    ]
    assert list_visible_instructions(jordan.pm, NOON + 3 * DAY) == []
    assert list_visible_instructions(jordan.pm, NOON + 12 * DAY) == [(INSTRUCTION_TEXT, False, False, "")]
    assert list_visible_instructions(jordan.rival, NOON + 12 * DAY) == []


def test_where_nobody_heads_a_body_nobody_is_asked(jordan: Jordan) -> None:
    Membership.objects.filter(role=Role.HEAD_OF_BODY).delete()
    with pytest.raises(InvalidInput):
        create_instruction(jordan, by="pm")


def test_neither_what_was_asked_nor_what_was_answered_is_rewritten(jordan: Jordan) -> None:
    asked = create_instruction(jordan, by="pm")
    answer_instruction(instruction=asked, text="نعم", actor=jordan.main, at=NOON)
    with pytest.raises(DatabaseError), transaction.atomic():
        Instruction.objects.update(text="غيره")
    with pytest.raises(DatabaseError), transaction.atomic():
        InstructionEnd.objects.update(text="غيره")
    with pytest.raises(DatabaseError), transaction.atomic():
        InstructionEnd.objects.all().delete()
