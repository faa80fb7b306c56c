"""Several cases at once: each its own act, and a report that says how each went. Nothing by the way, nothing twice."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from bekhedmetkom.cases import commands
from bekhedmetkom.cases.models import Case, Event
from bekhedmetkom.cases.queries import verify_journal
from bekhedmetkom.cases.rules.applicant import Applicant
from bekhedmetkom.catalogue.models import ResponseTemplate
from bekhedmetkom.catalogue.rules import Disposition, Kind
from bekhedmetkom.entities.table_cache import refresh_versions
from bekhedmetkom.identity.models import Membership, Officer
from bekhedmetkom.identity.queries import get_actor
from bekhedmetkom.identity.rules import Role
from bekhedmetkom.kernel.actor import Actor
from tests.commands.cases.case_stages import ANSWER
from tests.interfaces.desk.conftest import Desk
from tests.personas import DAY, HOUR, NOON, Jordan, require_approval

Sits = Callable[[Actor], Desk]
Now = Callable[[object], None]
EMPTY_REPLY = "تم اتخاذ الإجراءات اللازمة."
TWO_HOURS_LATER = NOON + 2 * HOUR


def build_selection(cases: Iterable[Case]) -> list[str]:
    return [f"{case.reference}:{case.seq}" for case in cases]


def perform_bulk_action(desk: Desk, verb: str, cases: Iterable[Case], **fields: Any) -> Any:
    return desk.client.post(reverse("desk:bulk", args=[verb]), {"case": build_selection(cases), **fields})


def parse_report(answer: Any) -> tuple[list[str], dict[str, str]]:
    """The references of what was done, and for each that was not, why."""
    assert answer.status_code == 200, answer.content.decode()
    return (
        [one.reference for one in answer.context["done"]],
        {one.reference: one.refusal.ar for one in answer.context["not_done"]},
    )


def reload_case(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def test_each_is_assigned_by_an_event_of_its_own(jordan: Jordan, sits: Sits) -> None:
    cases = [jordan.create_case(f"حفرة رقم {n} في الشارع") for n in range(3)]
    done, not_done = parse_report(
        perform_bulk_action(sits(jordan.main), "assign", cases, to=f"unit:{jordan.roads}")
    )
    assert (done, not_done) == ([case.reference for case in cases], {})
    assert {reload_case(case).unit_id for case in cases} == {jordan.roads}
    assert Event.objects.filter(case__in=cases, kind="case.assigned").count() == 3
    assert list(verify_journal()) == []


def test_what_cannot_be_done_is_said_and_holds_up_no_other(jordan: Jordan, sits: Sits) -> None:
    fine, moved, answered, elsewhere = (jordan.create_case(f"حفرة {n}") for n in range(4))
    commands.add_note(case=moved.pk, seen=1, actor=jordan.manager, at=TWO_HOURS_LATER, text="رأيتها")
    commands.answer_case(
        case=answered.pk,
        seen=1,
        actor=jordan.main,
        at=TWO_HOURS_LATER,
        text=ANSWER,
        disposition=Disposition.UPHELD,
    )
    commands.refer_case(
        case=elsewhere.pk,
        seen=1,
        actor=jordan.main,
        at=TWO_HOURS_LATER,
        entity=jordan.entities["MOH"],
        reason="للصحة",
    )
    seen_long_ago = [fine, moved, elsewhere]
    cases = [*seen_long_ago, reload_case(answered)]
    done, not_done = parse_report(
        perform_bulk_action(sits(jordan.main), "assign", cases, to=f"unit:{jordan.roads}")
    )
    assert done == [fine.reference]
    assert "تغيّر الطلب" in not_done[moved.reference]
    assert "لا يمكن ذلك" in not_done[answered.reference]
    assert not_done[elsewhere.reference] == "الطلب ليس عندك."


def test_the_same_form_again_does_nothing(jordan: Jordan, sits: Sits) -> None:
    cases, desk = [jordan.create_case("أولى"), jordan.create_case("ثانية")], sits(jordan.main)
    perform_bulk_action(desk, "assign", cases, to=f"unit:{jordan.roads}")
    done, not_done = parse_report(perform_bulk_action(desk, "assign", cases, to=f"unit:{jordan.roads}"))
    assert (done, set(not_done)) == ([], {case.reference for case in cases})
    assert Event.objects.filter(case__in=cases).count() == 4


def test_a_case_named_twice_is_one(jordan: Jordan, sits: Sits) -> None:
    case = jordan.create_case()
    done, not_done = parse_report(
        perform_bulk_action(sits(jordan.main), "assign", [case, case], to=f"unit:{jordan.roads}")
    )
    assert (done, not_done) == ([case.reference], {})


def test_a_page_at_most(jordan: Jordan, sits: Sits) -> None:
    case = jordan.create_case()
    many = [f"BK-{n:04d}-0000:1" for n in range(80)]
    page = sits(jordan.main).client.post(
        reverse("desk:bulk", args=["assign"]),
        {"case": [*build_selection([case]), *many], "to": f"unit:{jordan.roads}"},
    )
    assert page.context["all"] <= 50


def test_what_is_not_ones_own_is_neither_touched_nor_named(jordan: Jordan, sits: Sits) -> None:
    secret = jordan.create_case("مطعم بلا رخصة في شارع الجامعة", kind=Kind.VIOLATION)
    rivals = jordan.create_case("ممرضة لطيفة", entity=jordan.entities["MOH"])
    desk = sits(jordan.main)
    form = desk.client.get(
        reverse("desk:bulk", args=["assign"]),
        {"case": build_selection([secret, rivals, jordan.create_case()])},
    )
    assert "مطعم" not in form.content.decode()
    assert "ممرضة" not in form.content.decode()
    answer = perform_bulk_action(
        desk, "assign", [secret, rivals, jordan.create_case()], to=f"unit:{jordan.roads}"
    )
    done, not_done = parse_report(answer)
    assert len(done) == 1
    assert set(not_done.values()) == {"الطلب ليس عندك."}
    assert "مطعم" not in answer.content.decode()
    assert (reload_case(secret).seq, reload_case(rivals).seq) == (1, 1)


def test_referred_together_they_leave_together(jordan: Jordan, sits: Sits) -> None:
    cases = [jordan.create_case("أولى"), jordan.create_case("ثانية")]
    desk = sits(jordan.main)
    done, _ = parse_report(
        perform_bulk_action(desk, "refer", cases, entity=str(jordan.entities["MOH"]), reason="للصحة")
    )
    assert len(done) == 2
    assert {reload_case(case).entity_id for case in cases} == {jordan.entities["MOH"]}


def test_without_its_reason_nothing_happens_and_the_choice_stays(jordan: Jordan, sits: Sits) -> None:
    cases = [jordan.create_case("أولى"), jordan.create_case("ثانية")]
    page = perform_bulk_action(
        sits(jordan.main), "refer", cases, entity=str(jordan.entities["MOH"]), reason=""
    )
    assert page.status_code == 422
    kept = BeautifulSoup(page.content, "html.parser")
    assert [str(field["value"]) for field in kept.select("main input[name=case]")] == build_selection(cases)
    assert Event.objects.filter(case__in=cases).count() == 2


def test_one_persons_cases_become_one_and_another_persons_stays(jordan: Jordan, sits: Sits) -> None:
    kept, same = jordan.create_case("الحفرة"), jordan.create_case("الحفرة نفسها")
    other = jordan.create_case("حفرة غيرها", applicant=Applicant(phone="+962799999999"))
    done, not_done = parse_report(
        perform_bulk_action(sits(jordan.main), "merge", [kept, same, other], into=kept.reference)
    )
    assert done == [same.reference]
    assert "للشخص نفسه" in not_done[other.reference]
    assert (reload_case(same).merged_into, reload_case(kept).state) == (kept.reference, "received")


def test_a_template_answers_each_in_the_language_of_its_citizen(jordan: Jordan, sits: Sits) -> None:
    template = ResponseTemplate.objects.create(
        kind="complaint", disposition="upheld", name_ar="تم الإصلاح", body_ar=ANSWER,
        body_en="The street maintenance unit repaired the hole before the school on Wednesday.",
    )  # fmt: skip
    arabic = jordan.create_case("حفرة", service=jordan.services["GAM-002"])
    english = jordan.create_case("A hole", language="en", service=jordan.services["GAM-002"])
    desk = sits(jordan.main)
    cases = [arabic, english]
    begun = BeautifulSoup(
        perform_bulk_action(desk, "answer", cases, template=str(template.pk), use="template").content,
        "html.parser",
    )
    fields = {
        name: begun.select(f"textarea[name={name}]")[0].get_text().strip() for name in ("text", "text_en")
    }
    assert fields == {"text": ANSWER, "text_en": template.body_en}
    option = begun.select(f"option[value='{template.pk}']")[0]  # what the page's script puts in
    assert (option["data-text"], option["data-text-en"]) == (ANSWER, template.body_en)
    done, not_done = parse_report(
        perform_bulk_action(desk, "answer", cases, disposition="upheld", template=str(template.pk), **fields)
    )
    assert (len(done), not_done) == (2, {})
    used = Event.objects.filter(case__in=cases, kind="case.answered").values_list("data__template", flat=True)
    assert list(used) == [template.pk] * 2
    said = {
        case.language: desk.open_case(case).context["reply"].text
        for case in (reload_case(arabic), reload_case(english))
    }
    assert said == {"ar": ANSWER, "en": template.body_en}


def test_a_reply_that_says_nothing_goes_to_nobody(jordan: Jordan, sits: Sits) -> None:
    cases = [jordan.create_case("أولى"), jordan.create_case("ثانية")]
    done, not_done = parse_report(
        perform_bulk_action(sits(jordan.main), "answer", cases, disposition="upheld", text=EMPTY_REPLY)
    )
    assert (done, len(not_done)) == ([], 2)
    assert {reload_case(case).state for case in cases} == {"received"}


def test_where_replies_are_approved_they_go_up_for_approval(jordan: Jordan, sits: Sits) -> None:
    require_approval(jordan.entities["GAM"])
    case = jordan.create_case()
    parse_report(perform_bulk_action(sits(jordan.main), "answer", [case], disposition="upheld", text=ANSWER))
    assert reload_case(case).state == "awaiting_approval"


def create_pending_reply(jordan: Jordan, text: str, writer: Actor, title: str) -> Case:
    case = jordan.create_case(title)
    commands.submit_reply(
        case=case.pk, seen=1, actor=writer, at=TWO_HOURS_LATER, text=text, disposition=Disposition.UPHELD
    )
    return reload_case(case)


def test_only_what_passes_the_checks_is_approved_and_never_ones_own(jordan: Jordan, sits: Sits) -> None:
    good = create_pending_reply(jordan, ANSWER, jordan.main, "حفرة الشارع الأول")
    poor = create_pending_reply(jordan, EMPTY_REPLY, jordan.main, "حفرة الشارع الثاني")
    desk = sits(jordan.approver)
    form = desk.client.get(reverse("desk:bulk", args=["approve"]), {"case": build_selection([good, poor])})
    shown = BeautifulSoup(form.content, "html.parser")
    assert ANSWER in shown.get_text()
    assert len(shown.select(".quality--blocks")) == 1
    done, not_done = parse_report(perform_bulk_action(desk, "approve", [good, poor]))
    assert done == [good.reference]
    assert poor.reference in not_done
    assert reload_case(poor).state == "awaiting_approval"
    own = create_pending_reply(jordan, ANSWER + " وعاد السير.", jordan.main, "حفرة الشارع الثالث")
    assert (
        "صلاحيات" in parse_report(perform_bulk_action(sits(jordan.main), "approve", [own]))[1][own.reference]
    )


def test_nobody_approves_their_own_among_others(jordan: Jordan, sits: Sits) -> None:
    """An approver who is the main officer too."""
    both = Officer.objects.get(pk=jordan.approver.id)
    Membership.objects.create(
        officer=both, role=Role.MAIN_OFFICER, entity_id=jordan.entities["GAM"], valid_from=NOON - 300 * DAY
    )
    refresh_versions()
    writer = get_actor(both, NOON)
    own, others = (
        create_pending_reply(jordan, ANSWER, writer, "حفرة"),
        create_pending_reply(jordan, ANSWER, jordan.main, "حفرة أخرى"),
    )
    done, not_done = parse_report(perform_bulk_action(sits(writer), "approve", [own, others]))
    assert done == [others.reference]
    assert "رد" in not_done[own.reference]


def test_all_of_it_is_taken_back_by_one_button_and_one_by_its_own(
    jordan: Jordan, sits: Sits, now: Now
) -> None:
    cases, desk = [jordan.create_case(f"حفرة {n}") for n in range(3)], sits(jordan.main)
    page = BeautifulSoup(
        perform_bulk_action(desk, "assign", cases, to=f"unit:{jordan.roads}").content, "html.parser"
    )
    only = str(page.select("button[name=only]")[0]["value"])
    every = [str(field["value"]) for field in page.select("form[data-seconds] input[name=case]")]
    now(TWO_HOURS_LATER + timedelta(seconds=5))
    one = desk.client.post(reverse("desk:bulk-undo"), {"only": only, "case": every})
    assert parse_report(one) == ([cases[0].reference], {})
    done, not_done = parse_report(desk.client.post(reverse("desk:bulk-undo"), {"case": every}))
    assert (len(done), list(not_done)) == (2, [cases[0].reference])
    assert {reload_case(case).unit_id for case in cases} == {None}
    now(TWO_HOURS_LATER + timedelta(seconds=30))
    assert parse_report(desk.client.post(reverse("desk:bulk-undo"), {"case": every}))[0] == []


def test_nothing_picked_is_said(jordan: Jordan, sits: Sits) -> None:
    client = sits(jordan.main).client
    for verb in ("assign", "refer", "merge", "answer", "approve"):
        address = reverse("desk:bulk", args=[verb])
        assert "لم تختر طلبًا" in client.get(address).content.decode()
        assert client.post(address).status_code == 422
    case = jordan.create_case()
    assert (
        "طلبين أو أكثر"
        in client.get(
            reverse("desk:bulk", args=["merge"]), {"case": build_selection([case])}
        ).content.decode()
    )
    assert client.get(reverse("desk:bulk", args=["reveal"])).status_code == 404


@pytest.mark.parametrize(
    "value", ["", ":", "BK-7F3K-92MD", "BK-7F3K-92MD:", "x:1", "BK-7F3K-92MD:-1", "BK-7F3K-92MD:²"]
)
def test_what_is_no_case_is_nothing(jordan: Jordan, sits: Sits, value: str) -> None:
    page = sits(jordan.main).client.post(reverse("desk:bulk", args=["assign"]), {"case": [value]})
    assert page.status_code == 422
