"""The second wall: what a query forgets to ask, PostgreSQL asks."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction

from bekhedmetkom.cases import commands, row_security
from bekhedmetkom.cases.models import Case, CaseText, Particulars
from bekhedmetkom.cases.queries import find_case_by_code
from bekhedmetkom.cases.queries.visibility import build_request_filter, build_visibility_filter
from bekhedmetkom.cases.workspace_models import Draft
from bekhedmetkom.catalogue.rules import Disposition
from bekhedmetkom.config.database.roles import RESET_ROW_SECURITY, WEB_ROLE, WORKER_ROLE
from bekhedmetkom.identity.queries import get_active_officer, get_actor
from bekhedmetkom.kernel.actor import Actor
from tests.personas import DAY, HOUR, NOON, Jordan
from tests.queries.cases.test_queues import many as many

OWN = (
    "case_text",
    "case_particulars",
    "case_draft",
    "case_presence",
)  # a case's own tables, behind the wall with it
OUTSIDE = {
    "case_lock",
    "case_reference",
    "case_of_contact",
    "cases_of_contact",
    "cases_asked_by_day",
    "cases_had_by",
    "erase_words",
    "appeals_in_hand",
    "case_last_moved_by",
    "find_cases",
    "find_people",
    "open_cases_of",
    "raised_in_confidence",
    "public_cases",
    "public_answers",
    "calls_endings",
}


@contextmanager
def behind(role: str, actor: Actor | None = None) -> Iterator[None]:
    """As a process with this database role, with nobody or this officer let in."""
    with connection.cursor() as cursor:
        cursor.execute(RESET_ROW_SECURITY)
        cursor.execute(f"SET LOCAL ROLE {role}")
    if actor:
        row_security.allow_officer(actor)
    yield
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute(RESET_ROW_SECURITY)


def references() -> set[str]:
    return set(Case.objects.values_list("reference", flat=True))


def test_who_was_not_let_in_sees_nothing(many: Jordan) -> None:
    with behind(WEB_ROLE):
        assert not Case.objects.exists()
        assert not CaseText.objects.exists()
        assert not Particulars.objects.exists()
        assert not Draft.objects.exists()


def test_who_sends_a_reply_back_leaves_its_words_to_their_writer_alone(jordan: Jordan) -> None:
    case, writer = jordan.create_case(), jordan.roads_officer
    commands.assign_case(case=case.pk, seen=1, unit=jordan.roads, actor=jordan.main, at=NOON)
    commands.submit_reply(
        case=case.pk, seen=2, text="أصلحنا الحفرة.", disposition=Disposition.UPHELD, actor=writer, at=NOON
    )
    with behind(WEB_ROLE, jordan.approver):
        with pytest.raises(DatabaseError), transaction.atomic():
            Draft.objects.create(case=case, officer_id=jordan.main.officer_id or 0, saved_at=NOON)
        commands.send_back_reply(case=case.pk, seen=3, reason="متى؟", actor=jordan.approver, at=NOON)
        assert not Draft.objects.exists()
    with behind(WEB_ROLE, writer):
        assert Draft.objects.get().text == "أصلحنا الحفرة."


def test_the_worker_sees_everything(many: Jordan) -> None:
    everything = references()
    with behind(WORKER_ROLE):
        assert references() == everything
        assert CaseText.objects.exists()
        assert Particulars.objects.count() == len(everything)


def test_the_rival_body_does_not_see_it_by_any_table(many: Jordan) -> None:
    case = many.create_case("لا يراه غيرنا")
    commands.save_reply_draft(case=case.pk, actor=many.main, at=NOON + HOUR, text="مسودة")
    with behind(WEB_ROLE, many.rival), connection.cursor() as cursor:
        cursor.execute('SELECT count(*) FROM "case" WHERE id = %s', [case.pk])
        assert cursor.fetchone() == (0,)
        for table in OWN:
            cursor.execute(f"SELECT count(*) FROM {table} WHERE case_id = %s", [case.pk])
            assert cursor.fetchone() == (0,)
    with behind(WEB_ROLE, many.main):
        assert Case.objects.filter(pk=case.pk).exists()
        assert Draft.objects.filter(case=case).exists()
    with behind(WEB_ROLE, many.manager):  # an unsent draft is its writer's alone
        assert not Draft.objects.filter(case=case).exists()


def test_whatever_the_desk_may_show_the_wall_shows_too(many: Jordan) -> None:
    for name, actor in many.people.items():
        may_find = set(
            Case.objects.filter(build_visibility_filter(actor) | build_request_filter(actor)).values_list(
                "reference", flat=True
            )
        )
        with behind(WEB_ROLE, actor):
            assert may_find <= references(), name


def test_what_is_planned_once_a_connection_shows_each_request_its_own(many: Jordan) -> None:
    """One connection serves one officer after the other, with the plan that the first of them left."""
    asked_once = 'SELECT reference FROM "case" WHERE received_at < %s'

    def planned_once() -> set[str]:
        with connection.cursor() as cursor:
            cursor.execute(asked_once, [NOON + 30 * DAY])
            return {reference for (reference,) in cursor.fetchall()}

    people = [many.main, many.rival, many.inspector, many.roads_officer, many.pm]
    own = []
    for actor in people:
        with behind(WEB_ROLE, actor):
            own.append(references())
    assert len({frozenset(each) for each in own}) == len(people)
    for _ in range(4):
        for actor, theirs in zip(people, own, strict=True):
            with behind(WEB_ROLE, actor):
                assert planned_once() == theirs
        with behind(WEB_ROLE):
            assert planned_once() == set()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT generic_plans FROM pg_prepared_statements WHERE statement LIKE %s",
            [asked_once[:40] + "%"],
        )
        assert cursor.fetchone()[0] > len(people)


def test_who_is_asked_for_by_a_plan_of_another_is_themselves(many: Jordan) -> None:
    for _ in range(4):
        for actor in (many.main, many.rival, many.roads_officer):
            found = get_active_officer(actor.officer_id or 0, NOON)
            assert found is not None
            assert (found.pk, get_actor(found, NOON).grants) == (actor.officer_id, actor.grants)


def test_need_to_know_stays_with_who_needs_to_know(many: Jordan) -> None:
    guarded = set(Case.objects.exclude(care="open").values_list("reference", flat=True))
    assert guarded
    for name in ("main", "manager", "head", "minister", "rival", "agent", "administrator"):
        with behind(WEB_ROLE, many.people[name]):
            assert not guarded & references(), name
    with behind(WEB_ROLE, many.inspector):
        assert guarded & references()


def test_an_administrator_sees_no_case(many: Jordan) -> None:
    with behind(WEB_ROLE, many.administrator):
        assert not references()


def test_the_right_code_lets_in_to_its_case_alone(jordan: Jordan) -> None:
    mine, other = jordan.submit(), jordan.submit("غيره")
    with behind(WEB_ROLE):
        assert find_case_by_code(mine.reference, other.access_code) is None
        assert not references()
        assert find_case_by_code(mine.reference, mine.access_code) == mine.case
        assert references() == {mine.reference}
        assert {row.case_id for row in CaseText.objects.all()} == {mine.case}


def test_a_case_is_brought_by_who_sees_none(jordan: Jordan) -> None:
    with behind(WEB_ROLE):
        sent = jordan.submit()
        assert jordan.submit(key="the-same-key-again-1").reference != sent.reference
        assert not references()
    assert Case.objects.filter(pk=sent.case).exists()


def test_a_case_may_be_referred_out_of_its_officers_sight(jordan: Jordan) -> None:
    case = jordan.create_case()
    with behind(WEB_ROLE, jordan.main), transaction.atomic():
        commands.refer_case(
            case=case.pk, seen=1, actor=jordan.main, at=NOON + HOUR, entity=jordan.entities["MOH"],
            reason="مستشفى",
        )  # fmt: skip
    with behind(WEB_ROLE, jordan.rival):
        assert Case.objects.get().reference == case.reference


def test_a_case_out_of_sight_is_not_moved(jordan: Jordan) -> None:
    case = jordan.create_case()
    with behind(WEB_ROLE, jordan.rival), connection.cursor() as cursor:
        cursor.execute('UPDATE "case" SET urgent = true, seq = seq + 1 WHERE id = %s', [case.pk])
        assert cursor.rowcount == 0
        cursor.execute("UPDATE case_particulars SET phone = '' WHERE case_id = %s", [case.pk])
        assert cursor.rowcount == 0


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM event",
        "UPDATE event SET kind = 'closed'",
        "TRUNCATE event",
        "UPDATE change_record SET id = id",
        'DELETE FROM "case"',
        "DELETE FROM case_particulars",
        "SELECT * FROM case_search",
        "DELETE FROM django_migrations",
        "CREATE TABLE mine (id int)",
        'ALTER TABLE "case" DISABLE ROW LEVEL SECURITY',
        "SET ROLE postgres",
    ],
)
def test_what_no_process_may_do(jordan: Jordan, statement: str) -> None:
    jordan.create_case()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL SESSION AUTHORIZATION bekhedmetkom_web")
        with pytest.raises(DatabaseError), transaction.atomic():
            cursor.execute(statement)
        cursor.execute("RESET SESSION AUTHORIZATION")


def test_the_doors_through_the_wall_are_these(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT proname, proconfig::text, has_function_privilege('pg_monitor', oid, 'EXECUTE') FROM pg_proc "
            "WHERE prosecdef AND pronamespace = 'public'::regnamespace AND prorettype <> 'trigger'::regtype"
        )
        doors = cursor.fetchall()
    assert {name for name, _, _ in doors} == OUTSIDE
    assert all("search_path" in config for _, config, _ in doors)
    assert not any(public for _, _, public in doors)


def test_every_table_of_a_case_is_behind_the_wall(db: None) -> None:
    """A new table that names a case is either behind the wall or here, with its reason."""
    free = {
        "event",  # holds no personal word, and followers of every process read it
        "idempotency",  # read before anybody is let in; holds no words
        "case_sent_off",  # two numbers
        "notifications_message",  # the worker's; officers see none, administrators masked ones
        "notifications_pushsubscription",  # where a browser takes messages; written before anybody is let in
        "notifications_bymessenger",  # which conversation it came from
        "calls_taken",  # who took it down, during which call
        "calls_opened",  # which was proven to be a caller's
        "calls_callback",  # whom to call about what: a number and a date; the case itself is behind the wall
        "webhooks_delivery",  # what programs are told: names nobody, quotes nothing, never need-to-know
        "webhooks_brought",  # which program brought it
        "webhooks_forwarding",  # where it stands on its way to its body's own system: numbers, no word of the case
        "live_told",  # of whom to take out again what was told; holds no reference and no word, and lasts an hour
        "problems_similarcase",  # which cases say the same: names nobody, quotes nothing, never need-to-know
        "analytics_counted",  # on which day it was counted as what: no word; with care no unit, topic or place either
        "case_picture",  # an address that a program named, for the worker
    }
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid "
            "WHERE c.relkind = 'r' AND NOT c.relrowsecurity AND a.attname IN ('case_id', 'case') "
            "AND c.relnamespace = 'public'::regnamespace"
        )
        assert {name for (name,) in cursor.fetchall()} <= free


def test_several_cases_may_be_opened_at_once(jordan: Jordan) -> None:
    first, second, third = (jordan.submit(f"الطلب {n}") for n in range(3))
    with behind(WEB_ROLE):
        row_security.allow_citizen(first.case, second.case)
        assert references() == {first.reference, second.reference}
        assert third.reference not in references()


def test_an_appeal_finds_its_reviewer_across_the_wall(jordan: Jordan) -> None:
    case = jordan.create_case()
    commands.answer_case(
        case=case.pk, seen=1, text="أُصلحت", disposition=Disposition.UPHELD, actor=jordan.main, at=NOON + HOUR
    )
    with behind(WEB_ROLE):
        row_security.allow_citizen(case.pk)
        commands.appeal_case(
            case=case.pk, seen=None, reason="لم يُحل", actor=jordan.get_citizen(case), at=NOON + 2 * HOUR
        )
    assert isinstance(case.pk, UUID)
    case.refresh_from_db()
    assert case.reviewer_id in {jordan.reviewer.officer_id, jordan.second_reviewer.officer_id}
