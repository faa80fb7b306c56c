"""Replies by their forms: written, approved, sent back; and a finding of abuse, which takes two people."""

from collections.abc import Callable

from bekhedmetkom.cases.workspace_models import Draft
from bekhedmetkom.catalogue.models import ResponseTemplate
from bekhedmetkom.catalogue.rules import Disposition
from bekhedmetkom.kernel.actor import Actor
from tests.commands.cases.case_stages import ANSWER, create_assigned_case
from tests.interfaces.desk.conftest import Desk, get_state
from tests.personas import Jordan, require_approval

Sits = Callable[[Actor], Desk]


def test_the_answer_goes_out_and_stands_on_the_page(jordan: Jordan, sits: Sits) -> None:
    case, desk = create_assigned_case(jordan), sits(jordan.roads_officer)
    assert desk.submit(case, "answer", text=ANSWER, disposition="upheld").status_code == 302
    assert get_state(case) == "answered"
    assert ANSWER in desk.open_case(case).content.decode()


def test_an_answer_without_its_outcome_comes_back_with_its_words(jordan: Jordan, sits: Sits) -> None:
    case = create_assigned_case(jordan)
    page = sits(jordan.roads_officer).submit(case, "answer", text=ANSWER)
    assert page.status_code == 422
    assert ANSWER in page.content.decode()
    assert get_state(case) == "assigned"


def test_where_replies_are_approved_one_writes_and_another_sends(jordan: Jordan, sits: Sits) -> None:
    require_approval(jordan.entities["GAM"])
    case, writer, approver = create_assigned_case(jordan), sits(jordan.roads_officer), sits(jordan.approver)
    assert "answer" not in {verb.name for verb in writer.open_case(case).context["panel"].buttons}
    writer.submit(case, "submit", text=ANSWER, disposition="upheld")
    assert case.reference in approver.open_list(queue="approval").content.decode()
    assert ANSWER in approver.open_case(case).content.decode()
    approver.submit(case, "send-back", reason="اذكر تاريخ الإصلاح")
    assert get_state(case) == "assigned"
    writer.submit(case, "submit", text=ANSWER + " يوم 6 كانون الأول.", disposition="upheld")
    assert approver.submit(case, "approve").status_code == 302
    assert get_state(case) == "answered"
    assert "اعتُمد الرد وأُرسل: ثبتت صحتها" in approver.open_case(case).content.decode()


def test_a_body_that_approves_refuses_a_reply_sent_past_it_and_keeps_it(jordan: Jordan, sits: Sits) -> None:
    case, desk = create_assigned_case(jordan), sits(jordan.roads_officer)
    require_approval(jordan.entities["GAM"])
    page = desk.submit(case, "answer", text=ANSWER, disposition="upheld")
    assert page.status_code == 409
    assert "كل الردود تُعتمد في جهتك قبل إرسالها. أرسله للاعتماد." in page.content.decode()
    assert ANSWER in page.content.decode()


def test_a_draft_is_kept_for_its_writer_even_without_an_outcome(jordan: Jordan, sits: Sits) -> None:
    case, desk = create_assigned_case(jordan), sits(jordan.roads_officer)
    assert desk.submit(case, "draft", text="نبدأ هكذا").status_code == 302
    assert Draft.objects.get(case=case).text == "نبدأ هكذا"
    assert "نبدأ هكذا" in desk.open_case(case).content.decode()
    assert "نبدأ هكذا" not in sits(jordan.main).open_form(case, "answer").content.decode()


def test_without_a_script_a_template_goes_on_from_what_was_typed(jordan: Jordan, sits: Sits) -> None:
    template = ResponseTemplate.objects.create(
        kind="complaint",
        disposition="upheld",
        name_ar="تم الإصلاح",
        body_ar="أصلحنا {ما أُصلح}.",
        body_en="Fixed.",
    )
    case, desk = create_assigned_case(jordan), sits(jordan.roads_officer)
    page = desk.submit(case, "answer", text="شكرًا لك.", template=str(template.pk), use="template")
    assert page.status_code == 200
    assert "شكرًا لك.\n\nأصلحنا {ما أُصلح}.</textarea>" in page.content.decode()
    assert '<option value="upheld" selected>' in page.content.decode()
    assert get_state(case) == "assigned"


def test_an_approver_who_comes_second_sees_the_reply_again_before_it_goes_out(
    jordan: Jordan, sits: Sits
) -> None:
    require_approval(jordan.entities["GAM"])
    case, approver = create_assigned_case(jordan), sits(jordan.approver)
    sits(jordan.roads_officer).submit(case, "submit", text=ANSWER, disposition="upheld")
    sits(jordan.manager).submit(case, "note", text="راجعوا التاريخ", seen=3)
    page = approver.submit(case, "approve", seen=3)
    text = page.content.decode()
    assert page.status_code == 409
    assert "راجع ما استجد" in text
    assert ANSWER in text
    assert 'name="seen" value="4"' in text
    assert get_state(case) == "awaiting_approval"


def test_abuse_needs_a_second_person(jordan: Jordan, sits: Sits) -> None:
    case = create_assigned_case(jordan)
    writer, second = sits(jordan.roads_officer), sits(jordan.main)
    refused = writer.submit(case, "answer", text="شتائم لا طلب", disposition=Disposition.ABUSE)
    assert refused.status_code == 409
    writer.submit(case, "submit", text="شتائم لا طلب فيها.", disposition=Disposition.ABUSE)
    assert second.submit(case, "confirm").status_code == 302
    assert get_state(case) == "answered"


def test_who_is_asked_to_agree_that_it_is_abuse_can_say_no(jordan: Jordan, sits: Sits) -> None:
    for actor in (jordan.main, jordan.manager):
        case, second = create_assigned_case(jordan), sits(actor)
        sits(jordan.roads_officer).submit(
            case, "submit", text="شتائم لا طلب فيها.", disposition=Disposition.ABUSE
        )
        page = second.open_case(case).content.decode()
        assert "يقول كاتب هذا الرد إن الطلب إساءة" in page
        assert f"/desk/cases/{case.reference}/send-back" in page
        assert second.submit(case, "send-back", reason="فيه طلب، وإن أساء").status_code == 302
        assert get_state(case) == "assigned"


def test_who_only_confirms_abuse_sends_back_no_other_reply(jordan: Jordan, sits: Sits) -> None:
    case, manager = create_assigned_case(jordan), sits(jordan.manager)
    sits(jordan.roads_officer).submit(case, "submit", text=ANSWER, disposition="upheld")
    assert manager.submit(case, "send-back", reason="أكمله").status_code == 403
    assert get_state(case) == "awaiting_approval"
