"""Every verb by its form: it does what it says, says what is wrong, and never loses a word."""

from collections.abc import Callable
from datetime import timedelta
from itertools import combinations

import pytest

from bekhedmetkom.cases import commands
from bekhedmetkom.cases.models import Case
from bekhedmetkom.cases.rules.actions import ACTIONS as PERMISSIONS
from bekhedmetkom.cases.rules.transitions import TRANSITIONS
from bekhedmetkom.interfaces.desk.case.actions import ACTIONS
from bekhedmetkom.kernel.actor import Actor
from tests.commands.cases.case_stages import ANSWER, create_assigned_case
from tests.interfaces.desk.conftest import Desk, get_state
from tests.personas import DAY, HOUR, NOON, POTHOLE, Jordan

Sits = Callable[[Actor], Desk]
Now = Callable[[object], None]


def test_the_table_has_every_verb_of_an_officer() -> None:
    assert set(ACTIONS) == set(PERMISSIONS)


def test_no_two_verbs_of_one_page_share_a_key() -> None:
    """Where one key does two things, no case is ever in a state in which both are possible."""
    by_outcome = ({"answer", "submit"}, {"approve", "confirm"})  # one of the two is offered, never both
    for first, second in combinations(ACTIONS.values(), 2):
        if first.key == second.key and {first.name, second.name} not in by_outcome:
            both = set.intersection(*({state for state, event in TRANSITIONS if event in PERMISSIONS[verb.name][1]}
                                      for verb in (first, second)))  # fmt: skip
            assert not both, (first.name, second.name, both)
    assert not {"j", "k"} & {verb.key for verb in ACTIONS.values()}


def test_every_verb_has_a_key() -> None:
    assert [verb.name for verb in ACTIONS.values() if not verb.key] == []


def test_a_main_officer_gives_a_case_to_a_unit(jordan: Jordan, sits: Sits) -> None:
    case = jordan.create_case()
    assert sits(jordan.main).submit(case, "assign", to=f"unit:{jordan.roads}").status_code == 302
    case.refresh_from_db()
    assert case.unit_id == jordan.roads


@pytest.mark.parametrize("seen", ["0", "0.0", "-1.0", "٠"])
def test_whatever_number_stands_for_what_was_seen_a_stale_page_is_told(
    jordan: Jordan, sits: Sits, seen: str
) -> None:
    assert sits(jordan.main).submit(jordan.create_case(), "note", seen=seen, text="مهم").status_code == 409


def test_a_main_officer_gives_a_case_to_a_person(jordan: Jordan, sits: Sits) -> None:
    case = jordan.create_case()
    sits(jordan.main).submit(case, "assign", to=f"officer:{jordan.lighting_officer.officer_id}")
    case.refresh_from_db()
    assert (case.officer_id, case.unit_id) == (jordan.lighting_officer.officer_id, jordan.lighting)


@pytest.mark.parametrize("to", ["", "unit:999999", "officer:x", "service:1", "nonsense"])
def test_a_choice_that_is_none_is_said_beside_its_field(jordan: Jordan, sits: Sits, to: str) -> None:
    page = sits(jordan.main).submit(jordan.create_case(), "assign", to=to)
    assert page.status_code == 422
    assert "اختر من القائمة." in page.content.decode()


def test_who_comes_second_learns_what_changed_and_keeps_the_words(jordan: Jordan, sits: Sits) -> None:
    case = create_assigned_case(jordan)
    first, second = sits(jordan.roads_officer), sits(jordan.main)
    first.submit(case, "ask", text="أمام أي بوابة؟", seen=2)
    page = second.submit(case, "note", text="اتصلت بالقسم", seen=2)
    text = page.content.decode()
    assert page.status_code == 409
    assert "تغيّر الطلب وأنت تعمل عليه" in text
    assert "سُئل مقدم الطلب" in text
    assert "اتصلت بالقسم</textarea>" in text
    assert 'name="seen" value="3"' in text
    assert second.submit(case, "note", text="اتصلت بالقسم", seen=3).status_code == 302


def test_what_is_no_longer_possible_says_what_is_and_keeps_the_words(jordan: Jordan, sits: Sits) -> None:
    case = create_assigned_case(jordan)
    sits(jordan.main).submit(case, "answer", text=ANSWER, disposition="upheld", seen=2)
    page = sits(jordan.roads_officer).submit(
        case, "answer", text="رد آخر كتبته", disposition="upheld", seen=2
    )
    assert page.status_code == 409
    assert "رد آخر كتبته" in page.content.decode()
    assert "تعهّد" in page.content.decode()
    late = sits(jordan.roads_officer).open_form(case, "ask")
    assert late.status_code == 409
    assert "لا يمكن ذلك في حالة الطلب الآن." in late.content.decode()


def test_what_the_role_does_not_have_is_refused_on_a_case_that_it_sees(jordan: Jordan, sits: Sits) -> None:
    case = create_assigned_case(jordan)
    desk = sits(jordan.roads_officer)
    assert desk.open_form(case, "assign").status_code == 403
    assert desk.submit(case, "assign", to=f"unit:{jordan.lighting}").status_code == 403
    case.refresh_from_db()
    assert case.unit_id == jordan.roads


@pytest.mark.parametrize("seen", ["", "x", "-1", "99", "9" * 40])
def test_a_nonsense_seen_is_no_error_of_ours(jordan: Jordan, sits: Sits, seen: str) -> None:
    case = create_assigned_case(jordan)
    page = sits(jordan.main).submit(case, "note", text="ملاحظة", seen=seen)
    assert page.status_code in (409, 422)
    assert "ملاحظة" in page.content.decode()


def test_a_case_is_referred_and_taken_on_elsewhere(jordan: Jordan, sits: Sits) -> None:
    case = jordan.create_case()
    gone = sits(jordan.main).submit(
        case, "refer", entity=str(jordan.entities["MOH"]), reason="الحفرة داخل مستشفى"
    )
    assert gone.headers["Location"] == "/desk"
    there = sits(jordan.rival)
    assert "الحفرة داخل مستشفى" in there.open_case(case).content.decode()
    assert there.submit(case, "accept").status_code == 302
    assert get_state(case) == "classified"


def test_not_ours_goes_back(jordan: Jordan, sits: Sits) -> None:
    case = create_assigned_case(jordan)
    assert (
        sits(jordan.roads_officer).submit(case, "return", reason="إنارة لا طرق").headers["Location"]
        == "/desk"
    )
    case.refresh_from_db()
    assert case.unit_id is None


def test_a_case_is_classified_down_into_the_sector(jordan: Jordan, sits: Sits) -> None:
    case = jordan.create_case()
    below = jordan.entities["GAM-01"]
    assert sits(jordan.main).submit(case, "classify", to=f"entity:{below}").status_code == 302
    case.refresh_from_db()
    assert case.entity_id == below


def test_a_kind_is_corrected_with_a_reason(jordan: Jordan, sits: Sits) -> None:
    case = jordan.create_case()
    sits(jordan.main).submit(case, "reclassify", kind="suggestion", reason="هو يقترح ولا يشكو")
    case.refresh_from_db()
    assert case.kind == "suggestion"


def test_an_official_above_extends_once_and_instructs(jordan: Jordan, sits: Sits) -> None:
    case, desk = create_assigned_case(jordan), sits(jordan.manager)
    case.refresh_from_db()
    due = case.due_at
    assert desk.submit(case, "extend", reason="ننتظر قطعة من المورّد").status_code == 302
    assert desk.submit(case, "instruct", text="أنهوه هذا الأسبوع", until="2026-11-26").status_code == 302
    case.refresh_from_db()
    assert case.due_at > due
    page = sits(jordan.roads_officer).open_case(case).content.decode()
    assert "أنهوه هذا الأسبوع" in page


@pytest.mark.parametrize(
    ("until", "said"),
    [
        ("2026-11-27", "هذا يوم عطلة. اختر يوم عمل."),
        ("2026-11-23", "اختر تاريخًا قادمًا."),
        ("0001-01-02", "اختر تاريخًا قادمًا."),
        ("9999-12-30", "اختر تاريخًا أقرب."),
        ("غدًا", "اكتب التاريخ مثل 2026-12-06."),
    ],
)
def test_a_day_that_is_no_day_for_a_promise(jordan: Jordan, sits: Sits, until: str, said: str) -> None:
    page = sits(jordan.roads_officer).submit(
        create_assigned_case(jordan), "commit", text="نعبّد الشارع", until=until
    )
    assert page.status_code == 422
    assert said in page.content.decode()


def test_a_promise_is_made_and_kept(jordan: Jordan, sits: Sits) -> None:
    case, desk = create_assigned_case(jordan), sits(jordan.roads_officer)
    assert "fulfil" not in {verb.name for verb in desk.open_case(case).context["more"]}
    desk.submit(case, "commit", text="نعبّد الشارع", until="2026-11-30")
    assert "fulfil" in {verb.name for verb in desk.open_case(case).context["more"]}
    desk.submit(case, "fulfil", text="عُبّد الشارع كله")
    assert "عُبّد الشارع كله" in desk.open_case(case).content.decode()


def test_a_snoozed_case_leaves_the_list_until_its_day(jordan: Jordan, sits: Sits, now: Now) -> None:
    case, desk = create_assigned_case(jordan), sits(jordan.roads_officer)
    desk.submit(case, "snooze", until="2026-11-26")
    assert case.reference not in [row.reference for row in desk.open_list(queue="unit").context["page"].items]
    now(NOON + 2 * DAY)
    assert case.reference in desk.open_list(queue="unit").content.decode()


def test_the_page_of_a_snoozed_case_says_until_when(jordan: Jordan, sits: Sits) -> None:
    case, desk = create_assigned_case(jordan), sits(jordan.roads_officer)
    desk.submit(case, "snooze", until="2026-11-26")
    assert "مؤجّل حتى الخميس 26 تشرين الثاني" in desk.open_case(case).content.decode()


def test_two_cases_of_one_person_become_one(jordan: Jordan, sits: Sits) -> None:
    kept, gone = jordan.create_case(), jordan.create_case("الحفرة نفسها مرة أخرى عند المدرسة")
    desk = sits(jordan.main)
    assert desk.submit(gone, "merge", into="هذا").status_code == 422
    assert desk.submit(gone, "merge", into="BK-0000-0000").status_code == 422
    assert desk.submit(gone, "merge", into=kept.reference.lower()).status_code == 302
    assert get_state(gone) == "merged"


def test_one_case_becomes_two(jordan: Jordan, sits: Sits) -> None:
    case = jordan.create_case("حفرة في الشارع، وعمود الإنارة مطفأ أيضًا")
    assert sits(jordan.main).submit(case, "split", text="عمود الإنارة مطفأ").status_code == 302
    assert Case.objects.filter(entity=case.entity_id).count() == 2


def test_who_steps_aside_no_longer_sees_the_case(jordan: Jordan, sits: Sits) -> None:
    case, desk = create_assigned_case(jordan), sits(jordan.roads_officer)
    assert desk.submit(case, "recuse", reason="مقدم الطلب أخي").headers["Location"] == "/desk"
    assert desk.open_case(case).status_code == 404


def test_a_case_is_raised_by_hand(jordan: Jordan, sits: Sits) -> None:
    case = create_assigned_case(jordan)
    sits(jordan.roads_officer).submit(case, "escalate", level="head_of_body", reason="يحتاج قرارًا من الأمين")
    assert case.reference in sits(jordan.head).open_list(queue="escalated").content.decode()


def test_a_reviewer_decides_an_appeal(jordan: Jordan, sits: Sits, now: Now) -> None:
    case = create_assigned_case(jordan)
    sits(jordan.roads_officer).submit(case, "answer", text=ANSWER, disposition="upheld")
    citizen = jordan.get_citizen(case)
    commands.appeal_case(
        case=case.pk, seen=None, reason="الحفرة ما زالت مكانها", actor=citizen, at=NOON + DAY
    )
    now(NOON + DAY + timedelta(hours=1))
    case.refresh_from_db()
    reviewer = next(who for who in jordan.people.values() if who.officer_id == case.reviewer_id)
    desk = sits(reviewer)
    assert case.reference in desk.open_list(queue="appeals").content.decode()
    page = desk.open_case(case)
    assert page.context["acting"].name == "decide"
    assert "الحفرة ما زالت مكانها" in page.content.decode()
    assert desk.submit(case, "decide", text="زرت الموقع، والحفرة باقية.", outcome="upheld").status_code == 302
    assert get_state(case) == "classified"


def test_an_empty_decision_is_asked_for_its_words_and_for_no_reason_why_they_say_little(
    jordan: Jordan, sits: Sits, now: Now
) -> None:
    case = create_assigned_case(jordan)
    sits(jordan.roads_officer).submit(case, "answer", text=ANSWER, disposition="upheld")
    commands.appeal_case(
        case=case.pk, seen=None, reason="باقية", actor=jordan.get_citizen(case), at=NOON + DAY
    )
    now(NOON + DAY + timedelta(hours=1))
    case.refresh_from_db()
    reviewer = sits(next(who for who in jordan.people.values() if who.officer_id == case.reviewer_id))
    asked = [field.name for field in reviewer.submit(case, "decide").context["panel"].form.visible_fields()]
    assert asked == ["outcome", "text"]
    weak = reviewer.submit(case, "decide", text="سيتم اتخاذ الإجراءات اللازمة.", outcome="upheld")
    asked = [field.name for field in weak.context["panel"].form.visible_fields()]
    assert asked == ["outcome", "text", "quality_reason"]


def test_a_case_that_came_from_another_leads_to_it_and_back(jordan: Jordan, sits: Sits) -> None:
    case, desk = create_assigned_case(jordan), sits(jordan.main)
    desk.submit(case, "split", text="والإنارة مطفأة من شهر")
    part = Case.objects.exclude(pk=case.pk).get()
    for one, other, words in ((part, case, "فُصل من"), (case, part, "فُصل منه")):
        page = desk.open_case(one).content.decode()
        assert words in page
        assert f'href="/desk/cases/{other.reference}"' in page
    desk.submit(part, "merge", into=case.reference)
    assert f'href="/desk/cases/{case.reference}"' in desk.open_case(part).content.decode()


def test_a_refused_form_says_of_each_field_what_is_wrong(jordan: Jordan, sits: Sits) -> None:
    page = sits(jordan.main).submit(create_assigned_case(jordan), "refer").content.decode()
    assert "<b>إلى</b> · اختر من القائمة." in page
    assert "<b>السبب</b> · اكتب نصًا هنا." in page


def test_a_solved_case_is_put_away(jordan: Jordan, sits: Sits) -> None:
    case = create_assigned_case(jordan)
    sits(jordan.roads_officer).submit(case, "answer", text=ANSWER, disposition="upheld")
    commands.rate_case(
        case=case.pk, seen=None, solved=True, stars=5, actor=jordan.get_citizen(case), at=NOON + 2 * HOUR
    )
    assert sits(jordan.main).submit(case, "close").status_code == 302
    assert get_state(case) == "closed"


def test_what_was_typed_for_a_case_that_went_elsewhere_is_not_lost(jordan: Jordan, sits: Sits) -> None:
    case, desk = create_assigned_case(jordan), sits(jordan.roads_officer)
    sits(jordan.main).submit(case, "assign", to=f"unit:{jordan.lighting}")
    page = desk.submit(case, "answer", text=ANSWER, disposition="upheld", seen=2)
    assert page.status_code == 404
    assert ANSWER in page.content.decode()
    assert POTHOLE not in page.content.decode()
