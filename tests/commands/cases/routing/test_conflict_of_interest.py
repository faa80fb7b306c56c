"""A case that complains of somebody never comes to them, to their unit, or to anybody under them."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bekhedmetkom.cases import commands, row_security
from bekhedmetkom.cases.journal import CaseNotFound
from bekhedmetkom.cases.models import Case, Event
from bekhedmetkom.cases.queries import ALL_CASES, get_case_page, list_queues, verify_journal
from bekhedmetkom.cases.queries.visibility import build_visibility_filter
from bekhedmetkom.cases.rules.access import has_permission
from bekhedmetkom.catalogue.rules import Disposition
from bekhedmetkom.config.database.roles import RESET_ROW_SECURITY, WEB_ROLE
from bekhedmetkom.entities.models import Unit
from bekhedmetkom.entities.queries import get_ancestors, get_prime_ministry
from bekhedmetkom.entities.table_cache import refresh_versions
from bekhedmetkom.identity.models import Membership, Officer
from bekhedmetkom.identity.queries import get_actor, get_organisation
from bekhedmetkom.identity.rules import Permission, Role
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.errors import InvalidInput, NotAllowed, Refusal
from tests.commands.cases.case_stages import ANSWER
from tests.personas import DAY, HOUR, NOON, Jordan

R = Role


def now(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def again(who: Actor, at: datetime = NOON) -> Actor:
    return get_actor(Officer.objects.get(pk=who.id), at)


def gives(jordan: Jordan, case: Case, **to: int | None) -> None:
    commands.assign_case(case=case.pk, seen=now(case).seq, actor=jordan.main, at=NOON + HOUR, **to)


def about(jordan: Jordan, case: Case, by: Actor | None = None, **whom: int | None) -> None:
    commands.set_complaint_subject(
        case=case.pk, seen=now(case).seq, actor=by or jordan.main, at=NOON + HOUR, **whom
    )


def test_a_unit_that_was_chosen_binds_at_once(jordan: Jordan) -> None:
    case = jordan.create_case(about_unit="قسم صيانة الشوارع")
    assert (case.about_unit_id, case.entity_id) == (jordan.roads, jordan.entities["GAM"])
    assert not has_permission(again(jordan.roads_officer), Permission.READ, case.standing)
    with pytest.raises(InvalidInput):
        gives(jordan, case, unit=jordan.roads)
    with pytest.raises(InvalidInput):
        gives(jordan, case, officer=jordan.roads_officer.officer_id)
    gives(jordan, case, unit=jordan.lighting)
    assert list(verify_journal()) == []


def test_a_name_that_was_typed_binds_nobody_until_somebody_says_who_it_is(jordan: Jordan) -> None:
    case = jordan.create_case(about_employee="موظف roads_officer", about_unit="الشباب تبع الشوارع")
    assert (case.about_officer_id, case.about_unit_id) == (None, None)
    about(jordan, case, officer=jordan.roads_officer.officer_id)
    assert now(case).about_officer_id == jordan.roads_officer.officer_id
    with pytest.raises(NotAllowed):
        about(jordan, case, by=jordan.lighting_officer, officer=jordan.main.officer_id)


def test_whose_hands_it_was_in_loses_it_with_the_draft(jordan: Jordan) -> None:
    case = jordan.create_case()
    gives(jordan, case, unit=jordan.roads, officer=jordan.roads_officer.officer_id)
    commands.submit_reply(
        case=case.pk, seen=2, actor=jordan.roads_officer, at=NOON + HOUR, text=ANSWER, disposition=Disposition.UPHELD
    )  # fmt: skip
    about(jordan, case, officer=jordan.roads_officer.officer_id)
    row = now(case)
    assert (row.state, row.officer_id, row.unit_id, row.drafted_by_id, row.disposition) == (
        "classified", None, None, None, None
    )  # fmt: skip
    assert list(verify_journal()) == []


def test_the_pause_ends_where_the_question_came_from_whom_it_complains_of(jordan: Jordan) -> None:
    case = jordan.create_case()
    gives(jordan, case, unit=jordan.roads)
    commands.ask_citizen(case=case.pk, seen=2, actor=jordan.roads_officer, at=NOON + HOUR, text="أي شارع؟")
    commands.set_complaint_subject(
        case=case.pk, seen=3, actor=jordan.main, at=NOON + 2 * DAY, unit=jordan.roads
    )
    row = now(case)
    assert (row.state, row.paused_at, row.paused_days) == ("classified", None, 2)
    assert row.due_at > case.due_at


@pytest.mark.parametrize(
    ("whom", "body", "served_at", "by"),
    [
        ("agent", "GAM-01", "GAM", "main"),  # the district's own main officer, in this test
        ("main", "GAM", "PM", "pm"),
        ("head", "GAM-01", "PM", "pm"),
        ("minister", "PSD", "PM", "pm"),
        ("roads_officer", "GAM", "GAM", "main"),
    ],
)
def test_where_nobody_clean_serves_it_goes_up_to_who_is(
    jordan: Jordan, whom: str, body: str, served_at: str, by: str
) -> None:
    Membership.objects.create(
        officer_id=int(jordan.agent.id), role=R.MAIN_OFFICER, entity_id=jordan.entities["GAM-01"],
        valid_from=date(2026, 1, 1),
    )  # fmt: skip
    refresh_versions()
    case = jordan.create_case(entity=jordan.entities[body])
    about(jordan, case, by=jordan.pm, officer=jordan.people[whom].officer_id)
    row = now(case)
    assert (row.entity_id, row.triage) == (jordan.entities[served_at], served_at == "PM")
    assert row.pk in {line.id for line in get_case_page(again(jordan.people[by]), "mine", NOON).items}
    assert Event.objects.filter(case=case, kind="case.concerns").count() == 1


def test_it_is_not_sent_where_nobody_clean_serves(jordan: Jordan) -> None:
    case = jordan.create_case(entity=jordan.entities["MOH"])
    about(jordan, case, by=jordan.pm, officer=jordan.head.officer_id)
    with pytest.raises(InvalidInput):
        commands.refer_case(
            case=case.pk, seen=2, actor=jordan.rival, at=NOON + HOUR, entity=jordan.entities["GAM"], reason="لهم"
        )  # fmt: skip


def test_who_begins_to_work_under_somebody_sees_no_complaint_of_them(jordan: Jordan) -> None:
    case = jordan.create_case()
    about(jordan, case, officer=jordan.lighting_officer.officer_id)
    gives(jordan, case, unit=jordan.roads, officer=jordan.roads_officer.officer_id)
    Membership.objects.create(
        officer_id=int(jordan.lighting_officer.id), role=R.MANAGER, entity_id=jordan.entities["GAM"],
        valid_from=date(2026, 11, 25),
    )  # fmt: skip
    refresh_versions()
    assert commands.resolve_conflicts(NOON + 2 * HOUR) == 0
    assert commands.resolve_conflicts(NOON + DAY) == 1
    row = now(case)
    assert (row.state, row.officer_id, row.entity_id) == ("classified", None, jordan.entities["PM"])
    assert commands.resolve_conflicts(NOON + DAY) == 0
    assert list(verify_journal()) == []


def test_an_appeal_goes_to_a_reviewer_whom_it_does_not_concern(jordan: Jordan) -> None:
    case = jordan.create_case()
    about(jordan, case, officer=jordan.reviewer.officer_id)
    commands.answer_case(
        case=case.pk, seen=2, actor=jordan.main, at=NOON + HOUR, text=ANSWER, disposition=Disposition.UPHELD
    )  # fmt: skip
    commands.appeal_case(
        case=case.pk, seen=None, actor=jordan.get_citizen(case), at=NOON + 2 * HOUR, reason="لا"
    )
    assert now(case).reviewer_id == jordan.second_reviewer.officer_id
    about(jordan, case, officer=jordan.second_reviewer.officer_id)
    assert now(case).reviewer_id == jordan.reviewer.officer_id


def test_whom_it_complains_of_does_not_find_it_by_any_way(jordan: Jordan) -> None:
    case = jordan.create_case()
    about(jordan, case, unit=jordan.roads)
    roads = again(jordan.roads_officer)
    for queue in (*list_queues(roads), ALL_CASES):
        assert get_case_page(roads, queue, NOON).items == []
    with pytest.raises(NotAllowed):
        commands.add_note(case=case.pk, seen=2, actor=roads, at=NOON + HOUR, text="x")


# Whatever happens to it, by whoever tries, in any organisation


POSTS = st.lists(
    st.tuples(
        st.sampled_from(["main", "roads_officer", "lighting_officer", "reviewer", "manager", "head", "approver",
                         "ministry_main", "minister", "rival", "pm", "agent"]),
        st.sampled_from([R.MAIN_OFFICER, R.SUB_OFFICER, R.APPROVER, R.REVIEWER, R.MANAGER, R.HEAD_OF_BODY, R.MINISTER]),
        st.sampled_from(["GAM", "GAM-01", "MOI", "MOH"]), st.sampled_from(["ROADS", "LIGHTING", "POTHOLES", ""]),
    ), max_size=6,
)  # fmt: skip
VERBS = st.lists(
    st.tuples(
        st.sampled_from(["assign_unit", "assign_officer", "refer", "classify", "return", "recuse", "ask", "write",
                         "submit", "approve", "send_back", "answer", "appeal", "decide", "concern", "leave", "clear"]),
        st.integers(0, 11), st.integers(0, 11),
    ), min_size=3, max_size=12,
)  # fmt: skip


@given(posts=POSTS, verbs=VERBS, unit=st.booleans(), whom=st.integers(0, 11))
@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    max_examples=60,
)
def test_it_never_lands_there(
    jordan: Jordan,
    posts: list[tuple[str, Role, str, str]],
    verbs: list[tuple[str, int, int]],
    unit: bool,
    whom: int,
) -> None:
    with transaction.atomic():
        people = [*_employed(jordan, posts)]
        case = jordan.create_case()
        target: dict[str, Any] = {"unit": jordan.roads} if unit else {"officer": people[whom].officer_id}
        about(jordan, case, by=again(jordan.pm), **target)
        _holds(case, people)
        at = NOON + HOUR
        for verb, who, other in verbs:
            at += 7 * HOUR
            try:
                _tries(jordan, case, verb, people[who], people[other], at)
            except (Refusal, InvalidInput, NotAllowed, CaseNotFound):
                continue
            _holds(case, people)
        commands.resolve_conflicts(at)
        _holds(case, people)
        _at_the_nearest_that_is_clean(now(case), jordan, at)
        assert commands.resolve_conflicts(at) == 0
        assert list(verify_journal()) == []
        transaction.set_rollback(True)
    refresh_versions()


def _employed(jordan: Jordan, posts: list[tuple[str, Role, str, str]]) -> Iterator[Actor]:
    """Everybody, with further posts drawn for some of them, and a unit below another."""
    gam = jordan.entities["GAM"]
    below = Unit.objects.create(
        entity_id=gam, code="POTHOLES", name_ar="شعبة الحفر", name_en="Potholes", parent_id=jordan.roads
    )
    units = {"ROADS": jordan.roads, "LIGHTING": jordan.lighting, "POTHOLES": below.pk}
    for name, role, body, unit in posts:
        own = units.get(unit) if body == "GAM" and role in (R.SUB_OFFICER, R.MANAGER, R.APPROVER) else None
        if role is R.SUB_OFFICER and own is None:
            continue
        held = {
            "officer_id": jordan.people[name].officer_id,
            "role": role,
            "entity_id": jordan.entities[body],
            "unit_id": own,
        }
        if not Membership.objects.filter(**held).exists():
            Membership.objects.create(**held, valid_from=date(2026, 1, 1))
    refresh_versions()
    for name in ("main", "roads_officer", "lighting_officer", "reviewer", "manager", "head", "approver",
                 "ministry_main", "minister", "rival", "pm", "agent"):  # fmt: skip
        yield again(jordan.people[name])


def _tries(jordan: Jordan, case: Case, verb: str, who: Actor, other: Actor, at: datetime) -> None:
    row = now(case)
    common: dict[str, Any] = {"case": case.pk, "seen": row.seq, "actor": who, "at": at}
    citizen: dict[str, Any] = {"case": case.pk, "seen": None, "actor": jordan.get_citizen(case), "at": at}
    bodies = sorted(jordan.entities.values())
    key = other.officer_id or 0
    doing: dict[str, Callable[[], object]] = {
        "assign_unit": lambda: commands.assign_case(unit=(jordan.roads, jordan.lighting)[key % 2], **common),
        "assign_officer": lambda: commands.assign_case(officer=key, **common),
        "refer": lambda: commands.refer_case(entity=bodies[key % len(bodies)], reason="لهم", **common),
        "classify": lambda: commands.classify_case(entity=bodies[key % len(bodies)], **common),
        "return": lambda: commands.return_case(reason="ليس لنا", **common),
        "recuse": lambda: commands.recuse_officer(reason="قريبي", **common),
        "ask": lambda: commands.ask_citizen(text="أين؟", **common),
        "write": lambda: commands.add_message(text="هنا", **citizen),
        "submit": lambda: commands.submit_reply(text=ANSWER, disposition=Disposition.UPHELD, **common),
        "approve": lambda: commands.approve_reply(**common),
        "send_back": lambda: commands.send_back_reply(reason="ناقص", **common),
        "answer": lambda: commands.answer_case(text=ANSWER, disposition=Disposition.UPHELD, **common),
        "appeal": lambda: commands.appeal_case(reason="لا", **citizen),
        "decide": lambda: commands.decide_appeal(outcome=Disposition.UPHELD, text="نعم", **common),
        "concern": lambda: commands.set_complaint_subject(officer=key, **common),
        "leave": lambda: commands.release_cases_of_departed_officers(at),
        "clear": lambda: commands.resolve_conflicts(at),
    }
    doing[verb]()


def _holds(case: Case, people: list[Actor]) -> None:
    """Nobody whom it concerns has it, may do anything to it, or finds it: by the rules, in the lists, past the wall."""
    row = now(case)
    barred = get_organisation(NOON).list_concerned(row.about_officer_id, row.about_unit_id)
    assert not barred & {row.officer_id, row.reviewer_id}
    if row.unit_id is not None and row.about_unit_id is not None:
        assert row.about_unit_id not in get_organisation(NOON).get_unit_path(row.unit_id)
    for actor in people:
        if actor.officer_id not in barred:
            continue
        assert not any(has_permission(actor, permission, row.standing) for permission in Permission)
        assert not Case.objects.filter(build_visibility_filter(actor), pk=case.pk).exists()
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL ROLE {WEB_ROLE}")
            cursor.execute(RESET_ROW_SECURITY)
            row_security.allow_officer(actor)
            assert not Case.objects.filter(pk=case.pk).exists()
            cursor.execute("RESET ROLE")
            cursor.execute(RESET_ROW_SECURITY)


def _at_the_nearest_that_is_clean(row: Case, jordan: Jordan, at: datetime) -> None:
    """Some main officer whom it does not concern serves its body, unless the Prime Ministry has it."""
    if row.state in ("answered", "resolved", "closed") or row.entity_id == get_prime_ministry():
        return
    barred = get_organisation(at).list_concerned(row.about_officer_id, row.about_unit_id)
    main = Membership.objects.filter(role=R.MAIN_OFFICER)
    for body in reversed(get_ancestors(row.entity_id)):
        if there := set(main.filter(entity=body).values_list("officer", flat=True)):
            assert there - barred
            return
