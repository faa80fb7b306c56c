"""Replies in parts, and the templates that they began from, as the journal keeps them."""

from datetime import date
from typing import Any

import pytest

from bekhedmetkom.cases import commands
from bekhedmetkom.cases.commands import LowQualityReply
from bekhedmetkom.cases.models import Case, CaseText, Event
from bekhedmetkom.cases.queries import find_case_for_citizen, find_desk_case, verify_journal
from bekhedmetkom.cases.workspace_models import Draft
from bekhedmetkom.catalogue.models import ResponseTemplate
from bekhedmetkom.catalogue.rules import Disposition
from bekhedmetkom.kernel.errors import InvalidInput
from tests.commands.cases.case_stages import ANSWER, create_assigned_case
from tests.personas import DAY, HOUR, NOON, Jordan, require_approval

OBJECT = "إن لم تقتنع فلك أن تعترض خلال 30 يومًا."
SUNDAY = date(2026, 11, 29)


def answer(jordan: Jordan, case: Case, text: str = ANSWER, **given: Any) -> dict[str, Any]:
    commands.answer_case(
        case=case.pk, seen=2, text=text, disposition=Disposition.UPHELD, actor=jordan.roads_officer, at=NOON + DAY,
        **given,
    )  # fmt: skip
    return dict(Event.objects.get(case=case, kind="case.answered").data)


def test_parts_are_in_the_text_and_by_themselves(jordan: Jordan) -> None:
    sent = jordan.submit()
    commands.assign_case(case=sent.case, seen=1, unit=jordan.roads, actor=jordan.main, at=NOON + HOUR)
    case = Case.objects.get(pk=sent.case)
    data = answer(jordan, case, unit=jordan.roads, on=SUNDAY, objection=OBJECT)
    assert (data["done_by"], data["done_on"]) == (jordan.roads, "2026-11-29")
    found = find_case_for_citizen(case.reference, sent.access_code, NOON + DAY)
    assert found and found.parts
    assert found.response.startswith(f"{ANSWER}\n\nالقسم المسؤول: ")
    assert found.response.endswith(f"التاريخ: الأحد 29 تشرين الثاني 2026.\n\n{OBJECT}")
    assert (found.parts.done, found.parts.on, found.parts.objection) == (ANSWER, SUNDAY, OBJECT)
    assert list(verify_journal()) == []


def test_one_text_stays_one_text(jordan: Jordan) -> None:
    case = create_assigned_case(jordan)
    answer(jordan, case)
    assert set(CaseText.objects.filter(case=case, seq=3).values_list("field", flat=True)) == {"answer"}


def test_what_the_text_says_itself_is_not_said_twice(jordan: Jordan) -> None:
    case = create_assigned_case(jordan)
    answer(jordan, case, f"{ANSWER} {OBJECT}", objection=OBJECT)
    assert CaseText.objects.get(case=case, field="answer").body.count("تعترض") == 1


@pytest.mark.parametrize("wrong", [{"unit": 0}, {"on": date(1999, 1, 1)}, {"objection": "ا" * 601}])
def test_a_part_that_is_none_is_refused_and_nothing_is_stored(jordan: Jordan, wrong: dict[str, Any]) -> None:
    case = create_assigned_case(jordan)
    with pytest.raises(InvalidInput) as refused:
        answer(jordan, case, **wrong)
    assert [error.field for error in refused.value.errors] == list(wrong)
    assert Event.objects.filter(case=case).count() == 2


@pytest.mark.parametrize("reason", ["", "مستعجل"])
def test_a_blank_that_is_left_is_named_and_no_reason_lets_it_out(jordan: Jordan, reason: str) -> None:
    with pytest.raises(InvalidInput, match="“ما أُنجز”"):
        answer(jordan, create_assigned_case(jordan), f"{ANSWER} {{ما أُنجز}}", quality_reason=reason)


def test_an_approved_reply_goes_out_with_its_parts_and_its_template(jordan: Jordan) -> None:
    require_approval(jordan.entities["GAM"])
    template = ResponseTemplate.objects.create(
        kind="complaint", disposition="upheld", name_ar="تم الإصلاح", body_ar=ANSWER, body_en=""
    )
    case = create_assigned_case(jordan)
    given: dict[str, Any] = {"unit": jordan.roads, "on": SUNDAY, "objection": OBJECT, "template": template.pk}
    sent: dict[str, Any] = {
        "case": case.pk,
        "text": ANSWER,
        "disposition": Disposition.UPHELD,
        "actor": jordan.roads_officer,
    }
    commands.submit_reply(**sent, seen=2, at=NOON + DAY, **given)
    commands.send_back_reply(
        case=case.pk, seen=3, reason="أين رقم الأمر؟", actor=jordan.approver, at=NOON + DAY
    )
    assert Draft.objects.get(case=case).text == ANSWER
    commands.submit_reply(**sent, seen=4, at=NOON + DAY, **given)
    commands.approve_reply(case=case.pk, seen=5, actor=jordan.approver, at=NOON + DAY)
    data = Event.objects.get(case=case, kind="reply.approved").data
    assert (data["template"], data["done_by"], data["body"]) == (
        template.pk,
        jordan.roads,
        jordan.entities["GAM"],
    )
    texts = {text.field: text.body for text in CaseText.objects.filter(case=case, seq=6)}
    assert (texts["done"], texts["objection"]) == (ANSWER, OBJECT)
    assert list(verify_journal()) == []


def test_a_template_that_was_written_over_is_not_counted_as_used(jordan: Jordan) -> None:
    template = ResponseTemplate.objects.create(
        kind="complaint",
        disposition="upheld",
        name_ar="كشف",
        body_ar="كشفنا على الموقع ووجدنا هبوطًا.",
        body_en="",
    )
    assert "template" not in answer(jordan, create_assigned_case(jordan), template=template.pk)
    assert "template" not in answer(jordan, create_assigned_case(jordan), template=0)


def test_a_decision_that_says_nothing_needs_a_reason_that_is_counted(jordan: Jordan) -> None:
    case = create_assigned_case(jordan)
    answer(jordan, case)
    commands.appeal_case(
        case=case.pk, seen=None, reason="لم تُصلح", actor=jordan.get_citizen(case), at=NOON + 2 * DAY
    )
    case.refresh_from_db()
    reviewer = next(who for who in jordan.people.values() if who.officer_id == case.reviewer_id)
    decision: dict[str, Any] = {"case": case.pk, "seen": case.seq, "outcome": Disposition.NOT_UPHELD, "actor": reviewer,
                                "at": NOON + 3 * DAY, "text": "تم اتخاذ الإجراءات اللازمة."}  # fmt: skip
    with pytest.raises(LowQualityReply):
        commands.decide_appeal(**decision)
    commands.decide_appeal(**decision, quality_reason="القرار في ملف القضية")
    data = Event.objects.get(case=case, kind="appeal.rejected").data
    assert (data["overridden"], data["body"]) == (1, jordan.entities["GAM"])
    page = find_desk_case(jordan.main, case.reference, NOON + 3 * DAY)
    assert page and "القرار في ملف القضية" in {said.body for entry in page.journal for said in entry.texts}
