"""What says too little goes out only with a reason, and the reason is counted."""

from collections.abc import Mapping
from typing import Any

import pytest

from bekhedmetkom.cases import commands
from bekhedmetkom.cases.commands import LowQualityReply
from bekhedmetkom.cases.models import Case, CaseText, Event
from bekhedmetkom.cases.queries import find_desk_case, judge_case_reply, verify_journal
from bekhedmetkom.cases.queries.case.timeline import build_citizen_timeline
from bekhedmetkom.cases.rules.quality import FindingCode
from bekhedmetkom.cases.rules.states import State
from bekhedmetkom.cases.workspace_models import Draft
from bekhedmetkom.catalogue.models import ResponseTemplate
from bekhedmetkom.catalogue.rules import Disposition
from bekhedmetkom.entities.table_cache import refresh_versions
from bekhedmetkom.kernel.errors import InvalidInput
from tests.commands.cases.case_stages import ANSWER, create_assigned_case, get_state
from tests.personas import DAY, HOUR, NOON, Jordan

EMPTY = "تم اتخاذ الإجراءات اللازمة بهذا الخصوص."
WHY = "لا نستطيع أن نذكر التفاصيل، فالتحقيق مستمر."


def replies(jordan: Jordan, case: Case, command: Any, actor: Any = None, **given: Any) -> int:
    case.refresh_from_db()
    seq: int = command(
        case=case.pk, seen=case.seq, actor=actor or jordan.roads_officer, at=NOON + DAY, **given
    )
    return seq


def submitted(jordan: Jordan, text: str, **given: Any) -> Case:
    case = create_assigned_case(jordan)
    replies(jordan, case, commands.submit_reply, text=text, disposition=Disposition.UPHELD, **given)
    return case


def last(case: Case) -> Mapping[str, Any]:
    data: Mapping[str, Any] = Event.objects.filter(case=case).latest("seq").data
    return data


def test_an_answer_that_says_something_goes_out_with_its_score(jordan: Jordan) -> None:
    case = create_assigned_case(jordan)
    replies(jordan, case, commands.answer_case, text=ANSWER, disposition=Disposition.UPHELD)
    assert last(case)["quality"] == 92  # no word of where to object
    assert "overridden" not in last(case)


@pytest.mark.parametrize("text", [EMPTY, "رد", f"{ANSWER} وسيتم النظر في الموضوع."])
def test_an_answer_that_says_nothing_does_not(jordan: Jordan, text: str) -> None:
    case = create_assigned_case(jordan)
    with pytest.raises(LowQualityReply) as refused:
        replies(jordan, case, commands.answer_case, text=text, disposition=Disposition.UPHELD)
    assert refused.value.errors[0].field == "quality_reason"
    assert {error.field for error in refused.value.errors} == {"quality_reason", "text"}
    assert refused.value.quality.blocks
    assert get_state(case) is State.ASSIGNED


def test_with_a_reason_it_goes_out_and_is_counted(jordan: Jordan) -> None:
    case = create_assigned_case(jordan)
    replies(
        jordan, case, commands.answer_case, text=EMPTY, disposition=Disposition.UPHELD, quality_reason=WHY
    )
    assert last(case)["overridden"] == 1
    assert last(case)["quality"] < 50
    assert Event.objects.filter(data__overridden=1).count() == 1
    assert CaseText.objects.get(case=case, field="quality_reason").body == WHY
    assert list(verify_journal()) == []


def test_a_reason_for_what_needs_none_is_kept_and_not_counted(jordan: Jordan) -> None:
    case = create_assigned_case(jordan)
    replies(
        jordan, case, commands.answer_case, text=ANSWER, disposition=Disposition.UPHELD, quality_reason=WHY
    )
    assert "overridden" not in last(case)


def test_the_reason_is_for_officers_not_for_the_citizen(jordan: Jordan) -> None:
    case = create_assigned_case(jordan)
    replies(
        jordan, case, commands.answer_case, text=EMPTY, disposition=Disposition.UPHELD, quality_reason=WHY
    )
    case.refresh_from_db()
    citizens = build_citizen_timeline(case)
    inside = find_desk_case(jordan.manager, case.reference, NOON + DAY)
    assert inside
    assert WHY not in str(citizens)
    assert WHY in str(inside.journal)


def test_a_writer_may_submit_it_and_the_approver_decides(jordan: Jordan) -> None:
    case = submitted(jordan, EMPTY, quality_reason=WHY)
    assert last(case)["quality"] < 50
    assert "overridden" not in last(case)
    with pytest.raises(LowQualityReply):  # the writer's reason is not the approver's
        replies(jordan, case, commands.approve_reply, jordan.approver)
    with pytest.raises(LowQualityReply):
        replies(jordan, case, commands.approve_reply, jordan.approver, quality_reason="  ")
    assert get_state(case) is State.AWAITING_APPROVAL
    replies(
        jordan, case, commands.approve_reply, jordan.approver, quality_reason="وافق عليه المستشار القانوني"
    )
    assert last(case)["overridden"] == 1
    assert get_state(case) is State.ANSWERED
    assert list(verify_journal()) == []


def test_what_says_something_is_approved_without_a_word(jordan: Jordan) -> None:
    case = submitted(jordan, ANSWER)
    replies(jordan, case, commands.approve_reply, jordan.approver)
    assert last(case)["quality"] == 92
    assert get_state(case) is State.ANSWERED


def test_abuse_is_confirmed_by_a_second_person_whatever_its_words(jordan: Jordan) -> None:
    case = create_assigned_case(jordan)
    replies(jordan, case, commands.submit_reply, text="إزعاج", disposition=Disposition.ABUSE)
    replies(jordan, case, commands.confirm_abuse, jordan.manager)
    assert get_state(case) is State.ANSWERED


def test_a_reason_is_measured_like_any_text(jordan: Jordan) -> None:
    case = create_assigned_case(jordan)
    with pytest.raises(InvalidInput) as refused:
        replies(
            jordan, case, commands.answer_case, text=EMPTY, disposition=Disposition.UPHELD,
            quality_reason="س" * 4001,
        )  # fmt: skip
    assert [error.field for error in refused.value.errors] == ["quality_reason"]


def test_a_draft_is_kept_whatever_it_says(jordan: Jordan) -> None:
    case = create_assigned_case(jordan)
    commands.save_reply_draft(
        case=case.pk, actor=jordan.roads_officer, at=NOON + HOUR, text=EMPTY, quality_reason=WHY
    )
    assert Draft.objects.get().quality_reason == WHY


# What the officer wrote before


def found(jordan: Jordan, case: Case, text: str, writer: Any = None) -> set[FindingCode]:
    case.refresh_from_db()
    quality = judge_case_reply(
        case=case.pk, standing=case.standing, writer=(writer or jordan.roads_officer).officer_id,
        at=NOON + 2 * DAY, text=text, disposition=Disposition.UPHELD,
    )  # fmt: skip
    return {finding.code for finding in quality.findings}


def answered(jordan: Jordan, topic: str) -> Case:
    case = create_assigned_case(jordan, service=jordan.services[topic])
    replies(jordan, case, commands.answer_case, text=ANSWER, disposition=Disposition.UPHELD)
    return case


def test_ones_own_words_about_another_topic_are_known_again(jordan: Jordan) -> None:
    answered(jordan, "GAM-002")
    same, other = (
        create_assigned_case(jordan, service=jordan.services[topic]) for topic in ("GAM-002", "GAM-003")
    )
    assert FindingCode.ALIKE not in found(jordan, same, ANSWER)
    assert FindingCode.ALIKE in found(jordan, other, ANSWER)
    assert FindingCode.ALIKE not in found(jordan, other, ANSWER, jordan.lighting_officer)


def test_a_submitted_reply_counts_as_written(jordan: Jordan) -> None:
    submitted(jordan, ANSWER)
    assert FindingCode.ALIKE in found(
        jordan, create_assigned_case(jordan, service=jordan.services["GAM-003"]), ANSWER
    )


def test_what_a_template_of_the_body_says_does_not_count(jordan: Jordan) -> None:
    answered(jordan, "GAM-002")
    other = create_assigned_case(jordan, service=jordan.services["GAM-003"])
    ResponseTemplate.objects.create(
        kind="complaint", disposition="upheld", name_ar="حفرة", body_ar=ANSWER, body_en="Fixed."
    )
    refresh_versions()
    assert FindingCode.ALIKE not in found(jordan, other, ANSWER)


def test_a_unit_of_the_body_is_known_by_its_name_in_either_language(jordan: Jordan) -> None:
    case = create_assigned_case(jordan)
    assert FindingCode.UNIT not in found(jordan, case, "Street maintenance filled it on Monday.")
