"""While somebody is away, their deputy sees what is theirs and handles it by roles of their own."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection

from bekhedmetkom.cases import commands, row_security
from bekhedmetkom.cases.models import Case
from bekhedmetkom.cases.queries import (
    count_queues,
    find_desk_case,
    get_case_page,
    list_changes_during_absence,
    list_queues,
)
from bekhedmetkom.cases.queries.visibility import build_request_filter, build_visibility_filter
from bekhedmetkom.cases.rules.access import has_permission
from bekhedmetkom.catalogue.rules import Disposition, Kind
from bekhedmetkom.config.database.roles import RESET_ROW_SECURITY, WEB_ROLE
from bekhedmetkom.identity.commands import take_leave
from bekhedmetkom.identity.models import Officer
from bekhedmetkom.identity.queries import get_actor
from bekhedmetkom.identity.rules import Permission
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.clock import get_local_date
from bekhedmetkom.kernel.errors import NotAllowed
from tests.commands.cases.case_stages import ANSWER
from tests.personas import DAY, HOUR, NOON, Jordan
from tests.queries.cases.test_queues import many as many  # a fixture

Deputised = Callable[[Actor, Actor | None], None]


def of(who: Actor, at: timedelta = DAY) -> Actor:
    return get_actor(Officer.objects.get(pk=who.id), NOON + at)


def away(who: Actor, deputy: Actor | None) -> None:
    """From tomorrow, for three days."""
    tomorrow = get_local_date(NOON + DAY)
    take_leave(
        since=tomorrow, until=tomorrow + 3 * DAY, deputy=deputy.officer_id if deputy else None, actor=who, at=NOON
    )  # fmt: skip


@pytest.fixture
def theirs(jordan: Jordan) -> Case:
    """A case in the hands of an officer for roads."""
    return jordan.create_assigned_case()


def test_a_deputy_of_another_unit_finds_and_answers_what_was_given_by_name(
    jordan: Jordan, theirs: Case
) -> None:
    unit_s = jordan.create_case()
    commands.assign_case(case=unit_s.pk, seen=1, actor=jordan.main, at=NOON, unit=jordan.roads)
    assert get_case_page(of(jordan.lighting_officer), "mine", NOON + DAY).items == []
    away(jordan.roads_officer, jordan.lighting_officer)
    deputy = of(jordan.lighting_officer)
    assert [row.id for row in get_case_page(deputy, "mine", NOON + DAY).items] == [theirs.pk]
    shown = find_desk_case(deputy, theirs.reference, NOON + DAY)
    assert shown and {"answer", "ask", "return"} <= set(shown.can) and "extend" not in shown.can
    commands.answer_case(
        case=theirs.pk, seen=2, actor=deputy, at=NOON + DAY, text=ANSWER, disposition=Disposition.UPHELD
    )
    after = of(jordan.lighting_officer, 4 * DAY)
    assert not after.absent_colleagues
    assert find_desk_case(after, theirs.reference, NOON + 4 * DAY) is None


def test_a_deputy_gets_nothing_that_is_need_to_know(jordan: Jordan) -> None:
    case = jordan.create_case("مطعم بلا رخصة", kind=Kind.VIOLATION)
    commands.assign_case(
        case=case.pk, seen=1, actor=jordan.inspector, at=NOON, officer=jordan.roads_officer.officer_id
    )
    away(jordan.roads_officer, jordan.lighting_officer)
    assert find_desk_case(of(jordan.lighting_officer), case.reference, NOON + DAY) is None


def test_a_deputy_approves_no_reply_of_their_own(jordan: Jordan, theirs: Case) -> None:
    away(jordan.roads_officer, jordan.head)
    deputy = of(jordan.head)
    commands.submit_reply(
        case=theirs.pk, seen=2, actor=deputy, at=NOON + DAY, text=ANSWER, disposition=Disposition.UPHELD
    )
    with pytest.raises(NotAllowed):
        commands.approve_reply(case=theirs.pk, seen=3, actor=deputy, at=NOON + DAY)


def test_a_complaint_of_who_is_away_is_not_their_deputys_to_see(jordan: Jordan) -> None:
    case = jordan.create_case()
    commands.set_complaint_subject(
        case=case.pk, seen=1, actor=jordan.main, at=NOON, officer=jordan.roads_officer.officer_id
    )
    assert has_permission(of(jordan.manager), Permission.READ, Case.objects.get(pk=case.pk).standing)
    away(jordan.roads_officer, jordan.manager)
    assert not has_permission(of(jordan.manager), Permission.READ, Case.objects.get(pk=case.pk).standing)


def test_what_a_body_without_anybody_receives_stands_on_its_parents_list(jordan: Jordan) -> None:
    case = jordan.create_case()
    away(jordan.main, None)
    assert [row.id for row in get_case_page(of(jordan.pm), "mine", NOON + DAY).items] == [case.pk]
    assert get_case_page(of(jordan.pm, 4 * DAY), "mine", NOON + 4 * DAY).items == []


def test_the_deputy_of_a_main_officer_has_what_waits_for_distribution(jordan: Jordan, theirs: Case) -> None:
    case = jordan.create_case()
    away(jordan.main, jordan.lighting_officer)
    deputy = of(jordan.lighting_officer)
    assert case.pk in {row.id for row in get_case_page(deputy, "unassigned", NOON + DAY).items}
    commands.assign_case(case=case.pk, seen=1, actor=deputy, at=NOON + DAY, unit=jordan.roads)


def test_the_lists_and_the_wall_say_what_the_rules_say_of_deputies(many: Jordan) -> None:
    cases = list(Case.objects.all())
    for name in ("lighting_officer", "manager", "approver", "reviewer", "rival"):
        deputy = replace(many.people[name], absent_colleagues=frozenset({many.roads_officer.officer_id or 0}))
        for permission in Permission:
            found = set(
                Case.objects.filter(
                    build_visibility_filter(deputy, permission) | build_request_filter(deputy, permission)
                ).values_list("pk", flat=True)
            )
            assert found == {case.pk for case in cases if has_permission(deputy, permission, case.standing)}
        counts = count_queues(deputy, NOON + DAY)
        for queue in list_queues(deputy):
            assert counts[queue] == len(get_case_page(deputy, queue, NOON + DAY).items), (name, queue)
        may_find = set(Case.objects.filter(build_visibility_filter(deputy)).values_list("pk", flat=True))
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL ROLE {WEB_ROLE}")
            cursor.execute(RESET_ROW_SECURITY)
            row_security.allow_officer(deputy)
            assert may_find <= set(Case.objects.values_list("pk", flat=True))
            cursor.execute("RESET ROLE")
            cursor.execute(RESET_ROW_SECURITY)


def test_on_return_the_summary_says_what_others_did(jordan: Jordan, theirs: Case) -> None:
    untouched = jordan.create_case()
    commands.assign_case(
        case=untouched.pk, seen=1, actor=jordan.main, at=NOON, officer=jordan.roads_officer.officer_id
    )
    away(jordan.roads_officer, jordan.lighting_officer)
    commands.answer_case(
        case=theirs.pk, seen=2, actor=of(jordan.lighting_officer), at=NOON + DAY + HOUR, text=ANSWER,
        disposition=Disposition.UPHELD,
    )  # fmt: skip
    found = list_changes_during_absence(
        of(jordan.roads_officer, 4 * DAY), NOON + DAY, NOON + 4 * DAY, NOON + 4 * DAY
    )
    assert [one.case.id for one in found] == [theirs.pk]
    assert [entry.by.en for entry in found[0].entries] == ["Lighting_Officer"]
