"""What an officer finds on the desk: theirs and nobody else's, the nearest date first, page by page."""

from dataclasses import replace
from datetime import datetime, timedelta
from importlib import import_module
from itertools import product
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.db.models import Q
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bekhedmetkom.cases import commands
from bekhedmetkom.cases.models import Case, CaseSearch
from bekhedmetkom.cases.projection import SearchProjection
from bekhedmetkom.cases.queries import (
    ALL_CASES,
    QueueFilter,
    count_queues,
    find_desk_case,
    get_case_page,
    list_queues,
)
from bekhedmetkom.cases.queries.lists import case_list, search
from bekhedmetkom.cases.queries.visibility import build_request_filter, build_visibility_filter
from bekhedmetkom.cases.rules.access import has_permission
from bekhedmetkom.cases.rules.states import EventType
from bekhedmetkom.cases.rules.transitions import NotPossibleNow
from bekhedmetkom.catalogue.queries import PolicyNotFound
from bekhedmetkom.catalogue.rules import Disposition, EscalationLevel, Kind
from bekhedmetkom.identity.rules import Permission
from bekhedmetkom.kernel.actor import Actor, Grant
from bekhedmetkom.kernel.errors import InvalidInput
from tests.personas import DAY, HOUR, NOON, Jordan
from tests.queries.cases.test_feed import events_of

sweep_module = import_module("bekhedmetkom.cases.commands.deadline_sweep")


@pytest.fixture
def many(jordan: Jordan) -> Jordan:
    """A case of each sort that access depends on."""
    moh = jordan.entities["MOH"]
    jordan.create_case()
    given = jordan.create_case("إنارة", at=NOON + HOUR)
    commands.assign_case(case=given.pk, seen=1, unit=jordan.lighting, actor=jordan.main, at=NOON + HOUR)
    jordan.create_assigned_case("رصيف", at=NOON + HOUR)
    helped = jordan.create_case("رصيف وإنارة", at=NOON + HOUR)
    commands.assign_case(case=helped.pk, seen=1, unit=jordan.roads, actor=jordan.main, at=NOON + HOUR)
    commands.create_task(
        case=helped.pk, seen=2, unit=jordan.lighting, text="صورة العمود", until=NOON + DAY, actor=jordan.main,
        at=NOON + HOUR,
    )  # fmt: skip
    joint = jordan.create_case("مكرهة عند المستشفى", at=NOON + HOUR)
    commands.request_participation(
        case=joint.pk, seen=1, entity=moh, text="ما نتيجة الكشف؟", until=NOON + DAY, actor=jordan.main,
        at=NOON + HOUR,
    )  # fmt: skip
    jordan.create_case("مستشفى", entity=moh)
    jordan.create_case("منطقة", entity=jordan.entities["GAM-01"])
    jordan.create_case("مطعم بلا رخصة", kind=Kind.VIOLATION)
    jordan.create_case("ضربني", entity=None, service=jordan.services["PSD-001"])
    jordan.create_case("إساءة", entity=None, service=jordan.services["FJPD-002"])
    jordan.create_case("سلك كهربا مكشوف وواقع على الأرض جنب مدرسة والأطفال بلعبوا حواليه")
    jordan.create_case("عندي موضوع", entity=None)
    aside = jordan.create_case("قريب")
    commands.recuse_officer(case=aside.pk, seen=1, reason="قريبي", actor=jordan.main, at=NOON + HOUR)
    done = jordan.create_case("رد")
    commands.answer_case(
        case=done.pk, seen=1, text="أُصلحت", disposition=Disposition.UPHELD, actor=jordan.main, at=NOON + HOUR
    )
    commands.appeal_case(
        case=done.pk, seen=None, reason="لا", actor=jordan.get_citizen(done), at=NOON + 2 * HOUR
    )
    return jordan


def test_what_the_lists_find_is_what_the_rules_allow(many: Jordan) -> None:
    cases = list(Case.objects.all())
    for actor in many.people.values():
        for permission in Permission:
            readable = build_visibility_filter(actor, permission) | build_request_filter(actor, permission)
            found = set(Case.objects.filter(readable).values_list("pk", flat=True))
            allowed = {case.pk for case in cases if has_permission(actor, permission, case.standing)}
            assert found == allowed, (actor, permission)


def test_a_new_case_stands_on_top_of_its_main_officers_list(jordan: Jordan) -> None:
    for days in range(5):
        jordan.create_case(at=NOON + days * DAY)
    late = jordan.create_case(at=NOON - 10 * DAY)
    page = get_case_page(jordan.main, "mine", NOON + 4 * DAY)
    assert page.items[0].id == late.pk
    assert page.items[0].overdue
    assert len(page.items) == 6


@pytest.mark.parametrize(
    ("body", "served_by"),
    [("GAM", "main"), ("GAM-01", "main"), ("MOH", "rival"), ("MUN-IR01", "pm"), ("NCHR", "pm")],
)
def test_a_body_without_a_main_officer_is_served_by_its_nearest_parent_or_the_prime_ministry(
    jordan: Jordan, body: str, served_by: str
) -> None:
    case = jordan.create_case("سؤال عام", entity=jordan.entities[body])
    for name in ("main", "rival", "pm", "ministry_main"):
        found = [row.id for row in get_case_page(jordan.people[name], "mine", NOON).items]
        assert found == ([case.pk] if name == served_by else []), name


def test_what_climbed_stands_on_one_list_and_not_on_those_above(jordan: Jordan) -> None:
    case = jordan.create_case(entity=jordan.entities["GAM-01"])
    commands.escalate_case(
        case=case.pk,
        seen=1,
        level=EscalationLevel.HEAD_OF_BODY,
        reason="خطر",
        actor=jordan.main,
        at=NOON + HOUR,
    )
    assert [row.id for row in get_case_page(jordan.head, "escalated", NOON).items] == [case.pk]
    assert get_case_page(jordan.minister, "escalated", NOON).items == []
    with pytest.raises(NotPossibleNow):
        commands.escalate_case(
            case=case.pk,
            seen=2,
            level=EscalationLevel.MANAGER,
            reason="أقل",
            actor=jordan.main,
            at=NOON + HOUR,
        )


def test_one_case_that_cannot_go_on_does_not_hold_up_the_others(
    jordan: Jordan, monkeypatch: pytest.MonkeyPatch
) -> None:
    stuck, well = jordan.create_case(), jordan.create_case()
    go_on = sweep_module.catch_up

    def sometimes(case: UUID, at: datetime) -> list[EventType]:
        if case == stuck.pk:
            raise PolicyNotFound
        return list(go_on(case, at))

    monkeypatch.setattr(sweep_module, "catch_up", sometimes)
    assert commands.sweep_deadlines(NOON + 4 * DAY) > 0
    stuck.refresh_from_db()
    well.refresh_from_db()
    assert (stuck.seq, well.seq > 1) == (1, True)


def test_a_sub_officer_finds_the_units_cases_alone(many: Jordan) -> None:
    for queue in list_queues(many.lighting_officer):
        assert {row.unit_id for row in get_case_page(many.lighting_officer, queue, NOON).items} <= {
            many.lighting
        }


def test_pages_follow_each_other_without_gap_or_repeat(jordan: Jordan) -> None:
    cases = {jordan.create_case(at=NOON + n * timedelta(minutes=7)).pk for n in range(23)}
    seen: list[object] = []
    cursor: str | None = ""
    while cursor is not None:
        page = get_case_page(jordan.main, "entity", NOON, cursor=cursor, limit=5)
        seen += [row.id for row in page.items]
        cursor = page.next
    assert len(seen) == len(set(seen)) == 23
    assert set(seen) == cases


def test_counts_say_what_the_queues_hold(many: Jordan) -> None:
    for actor in many.people.values():
        counts = count_queues(actor, NOON + 3 * DAY)
        for queue in list_queues(actor):
            assert counts[queue] == len(get_case_page(actor, queue, NOON + 3 * DAY, limit=100).items), (
                actor,
                queue,
            )


def test_counts_that_are_planned_once_follow_the_clock(jordan: Jordan) -> None:
    due = jordan.create_case().due_at
    assert [count_queues(jordan.main, at)["overdue"] for at in (NOON, due + HOUR, NOON)] == [0, 1, 0]


def test_an_administrator_has_no_queue_and_reads_no_case(many: Jordan) -> None:
    assert list_queues(many.administrator) == []
    assert count_queues(many.administrator, NOON) == {}
    for case in Case.objects.all():
        assert find_desk_case(many.administrator, case.reference, NOON) is None


def test_a_page_costs_the_same_queries_however_long_it_is(
    jordan: Jordan, django_assert_max_num_queries: Any
) -> None:
    for _ in range(12):
        jordan.create_case()
    get_case_page(jordan.main, "mine", NOON)
    with django_assert_max_num_queries(4):
        assert len(get_case_page(jordan.main, "mine", NOON).items) == 12


def test_what_is_snoozed_is_out_of_the_way_until_its_day(jordan: Jordan) -> None:
    case = jordan.create_case()
    commands.snooze_case(case=case.pk, seen=1, until=NOON + 2 * DAY, actor=jordan.main, at=NOON)
    assert get_case_page(jordan.main, "mine", NOON).items == []
    assert len(get_case_page(jordan.main, "mine", NOON + 2 * DAY).items) == 1


def test_what_was_answered_stands_in_a_list_of_its_own_for_a_week(jordan: Jordan) -> None:
    """The newest first; what became of it since does not matter."""
    first, second = jordan.create_assigned_case(), jordan.create_assigned_case()
    for case, hours in ((first, 1), (second, 2)):
        commands.answer_case(
            case=case.pk, seen=case.seq, text="أُصلحت", disposition=Disposition.UPHELD, actor=jordan.roads_officer,
            at=NOON + hours * HOUR,
        )  # fmt: skip
    commands.appeal_case(
        case=first.pk, seen=None, reason="لا", actor=jordan.get_citizen(first), at=NOON + 3 * HOUR
    )
    for who in (jordan.roads_officer, jordan.main, jordan.manager, jordan.pm):
        page = get_case_page(who, "answered", NOON + DAY, limit=1)
        assert [row.reference for row in page.items] == [second.reference]
        rest = get_case_page(who, "answered", NOON + DAY, cursor=page.next or "", limit=1, order="due")
        assert [row.reference for row in rest.items] == [first.reference]
        assert count_queues(who, NOON + DAY)["answered"] == 2
        assert get_case_page(who, "answered", NOON + 8 * DAY).items == []
    assert get_case_page(jordan.rival, "answered", NOON + DAY).items == []


def test_what_is_late_climbs_to_its_officials_own_lists(jordan: Jordan) -> None:
    case = jordan.create_case()
    assert get_case_page(jordan.head, "escalated", NOON).items == []
    commands.sweep_deadlines(case.due_at + HOUR)
    assert [row.id for row in get_case_page(jordan.head, "escalated", NOON).items] == [case.pk]
    assert get_case_page(jordan.pm, "escalated", NOON).items == []
    commands.sweep_deadlines(case.due_at + 20 * DAY)
    assert [row.id for row in get_case_page(jordan.pm, "escalated", NOON).items] == [case.pk]


@pytest.mark.parametrize(
    "cursor", ["x", "bm90IGpzb24=", "WzEsMl0=", "W10=", "\x00", "é" * 10, "WyIyMDI2LTAxLTAxIiwgIiJd"]
)
def test_a_broken_page_link_is_refused_with_a_sentence(jordan: Jordan, cursor: str) -> None:
    with pytest.raises(InvalidInput):
        get_case_page(jordan.main, "mine", NOON, cursor=cursor)


@pytest.mark.parametrize(
    ("typed", "found"),
    [("مدرسه", True), ("المدرسة", True), ("حفره", True), ("الحفرة", True), ("شارع", True), ("مستشفى", False),
     ("", True), ("!!!", False)],
)  # fmt: skip
def test_search_finds_words_as_people_spell_them(jordan: Jordan, typed: str, found: bool) -> None:
    case = jordan.create_case("في حفرة كبيرة بنص الشارع جنب المدرسة")
    SearchProjection().handle_events(events_of(case))
    assert CaseSearch.objects.count() == 1
    page = get_case_page(jordan.main, "entity", NOON, QueueFilter(q=typed))
    assert [row.id for row in page.items] == ([case.pk] if found else [])
    assert get_case_page(jordan.rival, "entity", NOON, QueueFilter(q=typed)).items == []


def test_a_search_beyond_the_queues_finds_what_is_over_the_newest_first(jordan: Jordan) -> None:
    over, open_ = jordan.create_case("حفرة"), jordan.create_case("حفرة أخرى", at=NOON + HOUR)
    commands.withdraw_case(case=over.pk, seen=1, actor=Actor.citizen(over.reference), at=NOON + HOUR)
    SearchProjection().handle_events([*events_of(over), *events_of(open_)])
    page = get_case_page(jordan.main, ALL_CASES, NOON + DAY, QueueFilter(q="حفرة"))
    assert [row.id for row in page.items] == [open_.pk, over.pk]
    assert get_case_page(jordan.rival, ALL_CASES, NOON + DAY, QueueFilter(q="حفرة")).items == []


def test_a_search_finds_the_newest_however_far_apart_they_came(jordan: Jordan) -> None:
    here, there = jordan.entities["GAM"], jordan.entities["MOH"]
    for n, hours in enumerate((0, 1, 3, 9, 20, 63, 64, 65, 200, 600, 1100, 2000)):
        for body in (here, there):
            case = jordan.create_case(
                "حفرة رصيف" if n % 4 == 1 else "حفرة", at=NOON - hours * HOUR, entity=body
            )
            SearchProjection().handle_events(events_of(case))
    came = dict(Case.objects.values_list("pk", "received_at"))
    for bodies, [word, number] in product((None, [here], [here, there]), {"حفر": 12, "رصيف": 3}.items()):
        holding = CaseSearch.objects.filter(words=word, entity__in=bodies or [here, there])
        times = sorted(holding.values_list("received_at", flat=True), reverse=True)
        assert len(times) == number * (1 if bodies == [here] else 2)
        for most in range(1, len(times) + 2):
            with connection.cursor() as cursor:
                find = "SELECT find_cases(%s::bigint[], '{open}', %s::tsquery, %s)"
                cursor.execute(find, [bodies, word, most])
                assert [came[key] for (key,) in cursor.fetchall()] == times[:most]


def test_an_officer_of_a_unit_searches_the_units_cases_however_many_the_body_has(
    jordan: Jordan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "MAX_RESULTS", 2)
    case_list._build_page_statement.cache_clear()
    theirs = jordan.create_case("حفرة", at=NOON - DAY)
    commands.assign_case(case=theirs.pk, seen=1, actor=jordan.main, at=NOON, unit=jordan.roads)
    newer = [jordan.create_case("حفرة", at=NOON + n * HOUR) for n in range(3)]
    for case in (theirs, *newer):
        SearchProjection().handle_events(events_of(case))

    def found(who: Actor) -> list[UUID]:
        return [row.id for row in get_case_page(who, ALL_CASES, NOON + DAY, QueueFilter(q="حفرة")).items]

    assert found(jordan.roads_officer) == [theirs.pk]
    assert found(jordan.main) == [newer[2].pk, newer[1].pk]
    commands.assign_case(case=theirs.pk, seen=2, actor=jordan.main, at=NOON + HOUR, unit=jordan.lighting)
    SearchProjection().handle_events(events_of(theirs))
    assert found(jordan.roads_officer) == []
    assert found(jordan.lighting_officer) == [theirs.pk]
    case_list._build_page_statement.cache_clear()


def test_whoever_reaches_the_whole_country_searches_it_without_a_body_of_their_own(jordan: Jordan) -> None:
    case = jordan.create_case("في حفرة كبيرة بنص الشارع جنب المدرسة")
    SearchProjection().handle_events(events_of(case))
    nationwide = replace(jordan.pm, grants=(Grant("pm_unit"),))
    assert [row.id for row in get_case_page(nationwide, "entity", NOON, QueueFilter(q="حفرة")).items] == [
        case.pk
    ]


@pytest.mark.parametrize(
    ("text", "title", "excerpt"),
    [
        ("حفرة في الشارع", "حفرة في الشارع", ""),
        ("كلمة " * 20, " ".join(["كلمة"] * 14), " ".join(["كلمة"] * 6)),
        ("ح" * 100, "ح" * 70, "ح" * 30),
    ],
)
def test_a_text_without_a_title_begins_with_whole_words(
    jordan: Jordan, text: str, title: str, excerpt: str
) -> None:
    jordan.create_case(text)
    [row] = get_case_page(jordan.main, "entity", NOON).items
    assert (row.title, row.excerpt) == (title, excerpt)


def test_search_takes_a_reference_in_any_spelling(jordan: Jordan) -> None:
    case = jordan.create_case()
    for typed in (case.reference, case.reference.lower(), case.reference.replace("-", " ")[3:]):
        assert len(get_case_page(jordan.main, "entity", NOON, QueueFilter(q=typed)).items) == 1


@given(st.text())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
def test_no_search_breaks(jordan: Jordan, typed: str) -> None:
    get_case_page(jordan.main, "entity", NOON, QueueFilter(q=typed))


def test_somebody_without_memberships_finds_nothing(many: Jordan) -> None:
    assert not Case.objects.filter(build_visibility_filter(Actor.citizen("BK-0000-0000"))).exists()
    assert Case.objects.filter(Q()).exists()
