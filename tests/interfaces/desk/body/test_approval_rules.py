"""What a body sets up itself: which of its replies are approved, said in words; for nobody else."""

from collections.abc import Callable
from typing import Any

from django.urls import reverse

from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.routing.models import ApprovalRule
from tests.commands.cases.case_stages import ANSWER, create_assigned_case
from tests.hostile_values import HOSTILE_TEXTS, HostileValue
from tests.interfaces.desk.conftest import Desk, get_state
from tests.personas import Jordan, require_approval

Sits = Callable[[Actor], Desk]


def submit_form(desk: Desk, entity: str = "GAM", **fields: Any) -> Any:
    return desk.client.post(f"{reverse('desk:approval')}?entity={entity}", fields)


def is_sendable(bad: HostileValue) -> bool:
    """Half a pair of surrogates is no text that a browser could send."""
    return isinstance(bad.value, bytes) or not any("\ud800" <= letter <= "\udfff" for letter in bad.value)


def test_a_manager_adds_a_rule_reads_it_in_words_and_ends_it(jordan: Jordan, sits: Sits) -> None:
    desk = sits(jordan.manager)
    assert submit_form(desk, add="1", kind="complaint", who="new:90").status_code == 302
    page = desk.client.get(reverse("desk:approval")).content.decode()
    assert "الردود على الشكاوى لمن بدأ عمله قبل أقل من 90 يومًا" in page
    english = desk.client.get("/en/desk/approval").content.decode()
    assert "Replies to complaints of officers who began less than 90 days ago" in english
    rule = ApprovalRule.objects.get()
    assert submit_form(desk, end=str(rule.pk)).status_code == 302
    assert submit_form(desk, end=str(rule.pk)).status_code == 302  # a colleague pressed it a moment before
    rule.refresh_from_db()
    assert rule.ended_on
    assert "لا قاعدة. تُرسل الردود بلا اعتماد." in desk.client.get(reverse("desk:approval")).content.decode()


def test_an_officer_is_named_and_only_one_of_the_body(jordan: Jordan, sits: Sits) -> None:
    desk = sits(jordan.main)
    who = f"officer:{jordan.roads_officer.officer_id}"
    assert submit_form(desk, add="1", who=who).status_code == 302
    assert ApprovalRule.objects.get().officer_id == jordan.roads_officer.officer_id
    assert submit_form(desk, add="1", who=f"officer:{jordan.rival.officer_id}").status_code == 422
    page = submit_form(desk, add="1", who=who)
    assert "هذه القاعدة موجودة." in page.content.decode()
    assert ApprovalRule.objects.count() == 1


def test_a_main_officer_sets_up_the_bodies_below_and_no_other(jordan: Jordan, sits: Sits) -> None:
    desk = sits(jordan.main)
    assert submit_form(desk, "GAM-01", add="1").status_code == 302
    assert ApprovalRule.objects.get().entity_id == jordan.entities["GAM-01"]
    assert submit_form(desk, "MOH", add="1").status_code == 404
    assert submit_form(sits(jordan.roads_officer), add="1").status_code == 403


def test_whatever_is_sent_is_refused_in_words_and_stores_nothing(jordan: Jordan, sits: Sits) -> None:
    desk = sits(jordan.manager)
    for bad in HOSTILE_TEXTS[::4]:
        if not is_sendable(bad):
            continue
        added = submit_form(desk, add="1", kind=bad.value, service="x", who=bad.value).status_code
        ended = submit_form(desk, end=bad.value or "0").status_code
        assert (added in (400, 422), ended in (302, 400)) == (True, True), bad.name
    assert submit_form(desk, "x\x00'", add="1").status_code == 404
    assert not ApprovalRule.objects.exists()


def test_only_who_sets_it_up_has_the_way_there(jordan: Jordan, sits: Sits) -> None:
    address = reverse("desk:approval")
    assert address in sits(jordan.main).open_list().content.decode()
    assert address not in sits(jordan.roads_officer).open_list().content.decode()


# What the two of them see


def test_a_writer_reads_before_writing_that_it_is_approved_by_whom_and_why(
    jordan: Jordan, sits: Sits
) -> None:
    require_approval(jordan.entities["GAM"])
    page = sits(jordan.roads_officer).open_case(create_assigned_case(jordan)).content.decode()
    assert "كل الردود تُعتمد في جهتك قبل إرسالها." in page
    assert "يعتمده:" in page


def test_a_sent_back_reply_is_a_draft_again_with_the_reason_beside_it(jordan: Jordan, sits: Sits) -> None:
    require_approval(jordan.entities["GAM"])
    case, writer, approver = create_assigned_case(jordan), sits(jordan.roads_officer), sits(jordan.approver)
    writer.submit(case, "submit", text=ANSWER, disposition="upheld")
    approver.submit(case, "send-back", reason="اذكر رقم أمر العمل")
    page = writer.open_case(case).content.decode()
    assert f"{ANSWER}</textarea>" in page
    assert '<option value="upheld" selected>' in page
    assert "اذكر رقم أمر العمل" in page.partition('id="act-h"')[2]


def test_an_approver_sees_what_was_changed_since_and_how_often(jordan: Jordan, sits: Sits) -> None:
    require_approval(jordan.entities["GAM"])
    case, writer, approver = create_assigned_case(jordan), sits(jordan.roads_officer), sits(jordan.approver)
    writer.submit(case, "submit", text=ANSWER, disposition="upheld")
    assert 'class="difference"' not in approver.open_case(case).content.decode()
    approver.submit(case, "send-back", reason="اذكر رقم أمر العمل")
    writer.submit(case, "submit", text=ANSWER.replace("الأربعاء", "الأحد"), disposition="upheld")
    page = approver.open_case(case).content.decode()
    assert '<del><span class="vh">حُذف: </span> الأربعاء' in page
    assert '<ins><span class="vh">أُضيف: </span> الأحد' in page
    assert "الجولة 2" in page
    assert approver.submit(case, "approve").status_code == 302
    assert get_state(case) == "answered"
