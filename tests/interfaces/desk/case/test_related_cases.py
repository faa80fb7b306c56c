"""What stands beside a case: earlier and similar ones that the officer may find anyway, and where it could go."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bekhedmetkom.cases import commands
from bekhedmetkom.cases.feed import advance_consumer
from bekhedmetkom.cases.models import Case, Particulars
from bekhedmetkom.cases.projection import SearchProjection
from bekhedmetkom.cases.workspace_models import Presence
from bekhedmetkom.catalogue.rules import Disposition, Kind
from bekhedmetkom.entities.table_cache import refresh_versions
from bekhedmetkom.interfaces.desk import request_context
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.routing.models import Rule
from tests.interfaces.desk.conftest import Desk
from tests.personas import DAY, HOUR, NOON, POTHOLE, Jordan

Sits = Callable[[Actor], Desk]
ANSWER = "ردم قسم صيانة الشوارع الحفرة أمام المدرسة يوم الأحد. إن لم يُحل الأمر فلك أن تعترض خلال 30 يومًا."
RELATED_QUERIES = 8


def get_related_cases(desk: Desk, case: Case) -> Any:
    return desk.client.get(reverse("desk:related", args=[case.reference]), headers={"X-By-Itself": "1"})


def get_related_html(desk: Desk, case: Case) -> str:
    return str(get_related_cases(desk, case).content.decode())


def index_cases() -> None:
    """As the search's follower does it."""
    advance_consumer(SearchProjection(), horizon=2**62)


def create_answered_case(jordan: Jordan, text: str = POTHOLE, **given: Any) -> Case:
    case = jordan.create_case(text, **given)
    commands.assign_case(case=case.pk, seen=1, unit=jordan.roads, actor=jordan.main, at=NOON + HOUR)
    commands.answer_case(
        case=case.pk, seen=2, text=ANSWER, disposition=Disposition.UPHELD, actor=jordan.roads_officer, at=NOON + HOUR
    )  # fmt: skip
    return case


def confirm_phones(*cases: Case) -> None:
    Particulars.objects.filter(case__in=cases).update(phone_confirmed=True)


def test_a_similar_case_is_shown_with_its_answer_and_begins_the_reply(jordan: Jordan, sits: Sits) -> None:
    other, case = create_answered_case(jordan), jordan.create_case()
    commands.assign_case(case=case.pk, seen=1, unit=jordan.roads, actor=jordan.main, at=NOON + HOUR)
    index_cases()
    desk = sits(jordan.main)
    page = get_related_html(desk, case)
    assert other.reference in page
    assert ANSWER in page
    begun = desk.submit(case, "answer", use="answer", begin=other.reference)
    assert begun.status_code == 200
    assert f"{ANSWER}</textarea>" in begun.content.decode()
    case.refresh_from_db()
    assert case.state == "assigned"


def test_what_the_officer_may_not_find_is_not_beside_it_either(jordan: Jordan, sits: Sits) -> None:
    elsewhere = jordan.create_case(entity=jordan.entities["MOH"])
    lighting = jordan.create_case()
    commands.assign_case(case=lighting.pk, seen=1, unit=jordan.lighting, actor=jordan.main, at=NOON + HOUR)
    kept = jordan.create_case(kind=Kind.VIOLATION)
    case = create_assigned_case(jordan)
    index_cases()
    confirm_phones(elsewhere, lighting, kept, case)
    page = get_related_html(sits(jordan.roads_officer), case)
    assert not [other for other in (elsewhere, lighting, kept) if other.reference in page]
    commands.answer_case(
        case=elsewhere.pk, seen=1, text=ANSWER, disposition=Disposition.UPHELD, actor=jordan.rival, at=NOON + HOUR
    )  # fmt: skip
    begun = sits(jordan.roads_officer).submit(case, "answer", use="answer", begin=elsewhere.reference)
    assert ANSWER not in begun.content.decode()


def test_a_case_kept_with_care_has_nothing_beside_it(jordan: Jordan, sits: Sits) -> None:
    other, kept = create_answered_case(jordan), jordan.create_case(kind=Kind.VIOLATION)
    index_cases()
    confirm_phones(other, kept)
    page = get_related_html(sits(jordan.inspector), kept)
    assert other.reference not in page


def test_earlier_cases_are_those_of_a_contact_that_is_confirmed_on_both(jordan: Jordan, sits: Sits) -> None:
    first, second, case = (
        jordan.create_case("أقترح مظلات في مواقف الباصات", at=NOON - number * DAY) for number in (2, 1, 0)
    )
    desk = sits(jordan.main)
    confirm_phones(first, case)
    page = get_related_html(desk, case)
    assert first.reference in page
    assert second.reference not in page
    assert "طلباته الأخرى" in page


@pytest.mark.parametrize("which", ["this", "other"])
def test_a_withheld_name_is_joined_to_nobody(jordan: Jordan, sits: Sits, which: str) -> None:
    other = jordan.create_case("أقترح مظلات", withhold_identity=which == "other")
    case = jordan.create_case("حفرة كبيرة أمام المدرسة", withhold_identity=which == "this")
    confirm_phones(other, case)
    assert "طلباته الأخرى" not in get_related_html(sits(jordan.main), case)


def test_a_withheld_case_may_be_similar_without_saying_whose_it_is(jordan: Jordan, sits: Sits) -> None:
    other, case = create_answered_case(jordan, withhold_identity=True), jordan.create_case()
    index_cases()
    page = get_related_html(sits(jordan.main), case)
    assert other.reference in page
    assert "سامر" not in page


def test_where_a_case_could_go_and_why(jordan: Jordan, sits: Sits) -> None:
    create_answered_case(jordan)
    case = jordan.create_case()
    Rule.objects.create(entity_id=jordan.entities["GAM"], unit_id=jordan.lighting, priority=5)
    index_cases()
    desk = sits(jordan.main)
    page = get_related_html(desk, case)
    assert "التوجيه المقترح" in page
    assert "أجاب عن طلب مشابه" in page
    chosen = desk.client.get(f"/desk/cases/{case.reference}/assign?to=unit:{jordan.roads}").content.decode()
    assert f'<option value="unit:{jordan.roads}" selected>' in chosen
    assert f'unit:{jordan.roads}" selected' not in desk.open_form(case, "assign").content.decode()
    case.refresh_from_db()
    assert case.seq == 1


def test_the_bodys_own_rule_comes_first_in_its_own_words_and_never_a_unit_complained_of(
    jordan: Jordan, sits: Sits
) -> None:
    create_answered_case(jordan)
    case = jordan.create_case()
    Rule.objects.create(entity_id=jordan.entities["GAM"], unit_id=jordan.lighting, priority=5)
    refresh_versions()
    index_cases()
    desk = sits(jordan.main)
    first, second = get_related_cases(desk, case).context["suggested"]
    assert (first.choice, second.choice) == (f"unit:{jordan.lighting}", f"unit:{jordan.roads}")
    assert "كل الموضوعات" in first.reasons[0]
    for complained_of, left in ((jordan.lighting, jordan.roads), (jordan.roads, jordan.lighting)):
        case = jordan.create_case()
        index_cases()
        commands.set_complaint_subject(
            case=case.pk, seen=1, actor=jordan.main, at=NOON + HOUR, unit=complained_of
        )
        assert [one.choice for one in get_related_cases(desk, case).context["suggested"]] == [f"unit:{left}"]


def test_nobody_is_suggested_once_the_case_is_given(jordan: Jordan, sits: Sits) -> None:
    case = jordan.create_case()
    commands.assign_case(case=case.pk, seen=1, unit=jordan.roads, actor=jordan.main, at=NOON + HOUR)
    assert "التوجيه المقترح" not in get_related_html(sits(jordan.main), case)


def test_it_costs_a_handful_of_queries_however_many_there_are(jordan: Jordan, sits: Sits) -> None:
    cases = [create_answered_case(jordan) for _ in range(6)]
    case = jordan.create_case()
    index_cases()
    confirm_phones(*cases, case)
    desk = sits(jordan.main)
    get_related_cases(desk, case)
    with CaptureQueriesContext(connection) as asked:
        get_related_cases(desk, case)
    assert len(asked) <= RELATED_QUERIES


def test_without_a_script_it_is_a_page(jordan: Jordan, sits: Sits) -> None:
    case = jordan.create_case()
    page = sits(jordan.main).client.get(reverse("desk:related", args=[case.reference]))
    assert "<h1>" in page.content.decode()


# ---------- who is there ----------


def get_presence(desk: Desk, case: Case, **said: str) -> str:
    answer = desk.client.post(reverse("desk:here", args=[case.reference]), {"seen": "2", **said})
    return str(answer.content.decode())


def create_assigned_case(jordan: Jordan) -> Case:
    case = jordan.create_case()
    commands.assign_case(case=case.pk, seen=1, unit=jordan.roads, actor=jordan.main, at=NOON + HOUR)
    return case


def test_who_writes_is_seen_by_whoever_else_has_the_case_open(jordan: Jordan, sits: Sits) -> None:
    case = create_assigned_case(jordan)
    assert get_presence(sits(jordan.main), case, writing="1").strip() == ""
    page = get_presence(sits(jordan.roads_officer), case)
    assert "قيد الكتابة الآن: موظف main" in page
    assert "مفتوح أيضًا عند موظف roads_officer" in get_presence(sits(jordan.main), case)


def test_who_went_away_is_gone_in_half_a_minute(
    jordan: Jordan, sits: Sits, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = create_assigned_case(jordan)
    get_presence(sits(jordan.main), case, writing="1")
    monkeypatch.setattr(request_context, "now", lambda: NOON + 3 * HOUR)
    assert "main" not in get_presence(sits(jordan.roads_officer), case)
    assert commands.delete_stale_presence(NOON + 4 * HOUR) == 2
    assert not Presence.objects.exists()


def test_nobody_is_named_who_may_not_read_the_case_any_more(jordan: Jordan, sits: Sits) -> None:
    case = create_assigned_case(jordan)
    get_presence(sits(jordan.roads_officer), case, writing="1")
    commands.recuse_officer(
        case=case.pk, seen=2, reason="قريبي", actor=jordan.roads_officer, at=NOON + 2 * HOUR
    )
    assert "roads_officer" not in get_presence(sits(jordan.main), case)


def test_a_stranger_neither_sees_who_is_there_nor_is_there(jordan: Jordan, sits: Sits) -> None:
    case = create_assigned_case(jordan)
    kept = jordan.create_case(kind=Kind.VIOLATION)
    for stranger, one in ((jordan.rival, case), (jordan.main, kept)):
        address = reverse("desk:here", args=[one.reference])
        assert sits(stranger).client.post(address, {"seen": "1"}).status_code == 404
    assert not Presence.objects.exists()


def test_the_page_says_when_somebody_has_acted_meanwhile(jordan: Jordan, sits: Sits) -> None:
    case, desk = create_assigned_case(jordan), sits(jordan.main)
    assert "استجدّ شيء" not in get_presence(desk, case)
    sits(jordan.roads_officer).submit(case, "note", text="اتصلت بالمقاول")
    assert "استجدّ شيء" in get_presence(desk, case)
    assert "استجدّ شيء" not in get_presence(desk, case, seen="3")


def test_whatever_the_page_says_is_taken_in_peace(jordan: Jordan, sits: Sits) -> None:
    case, desk = create_assigned_case(jordan), sits(jordan.main)
    for said in ("", "x", "-1", "9" * 40, "٣"):
        get_presence(desk, case, seen=said, writing=said)
