"""An officer leaves: nothing stays on the desk of somebody who no longer comes."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from bekhedmetkom.cases import commands, journal
from bekhedmetkom.cases.commands.routing import officer_departure
from bekhedmetkom.cases.models import Case, Event
from bekhedmetkom.cases.queries import verify_journal
from bekhedmetkom.catalogue.rules import Disposition
from bekhedmetkom.entities.models import Entity
from bekhedmetkom.entities.table_cache import refresh_versions
from bekhedmetkom.identity.models import Membership, Officer
from bekhedmetkom.interfaces.jobs.due_jobs import DueJobs
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.clock import get_local_date
from tests.personas import DAY, HOUR, NOON, Jordan


@pytest.fixture
def assigned(jordan: Jordan) -> Case:
    """A case in the hands of an officer for roads."""
    return jordan.create_assigned_case()


def number(who: Actor) -> int:
    assert who.officer_id
    return who.officer_id


def leaves(who: Actor, *, at: timedelta = DAY) -> None:
    Membership.objects.filter(officer_id=number(who)).update(valid_until=get_local_date(NOON + at))
    refresh_versions()


def now(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def test_what_they_had_in_hand_is_to_be_given_to_somebody_else(assigned: Case, jordan: Jordan) -> None:
    leaves(jordan.roads_officer)
    assert commands.release_cases_of_departed_officers(NOON + HOUR) == 0  # still the last day
    assert commands.release_cases_of_departed_officers(NOON + DAY) == 1
    case = now(assigned)
    assert (case.state, case.officer_id, case.unit_id) == ("classified", None, None)
    assert case.due_at == assigned.due_at
    assert jordan.roads_officer.officer_id in case.handlers
    assert commands.release_cases_of_departed_officers(NOON + DAY) == 0
    assert list(verify_journal()) == []


def test_one_case_that_cannot_go_on_holds_up_no_other(
    assigned: Case, jordan: Jordan, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = jordan.create_assigned_case()
    record = journal.record

    def breaks_at_the_first(*, case: UUID, **given: Any) -> int:
        if case == assigned.pk:
            raise RuntimeError("spoilt")
        return record(case=case, **given)

    monkeypatch.setattr(officer_departure, "record", breaks_at_the_first)
    leaves(jordan.roads_officer)
    assert commands.release_cases_of_departed_officers(NOON + DAY) == 1
    assert now(other).officer_id is None


def test_an_account_that_is_shut_leaves_too(assigned: Case, jordan: Jordan) -> None:
    Officer.objects.filter(pk=number(jordan.roads_officer)).update(is_active=False)
    refresh_versions()
    assert commands.release_cases_of_departed_officers(NOON + HOUR) == 1


@pytest.mark.parametrize(("body", "taken"), [("GAM", 0), ("MOH", 1)])
def test_another_role_there_keeps_it_and_one_elsewhere_does_not(
    assigned: Case, jordan: Jordan, body: str, taken: int
) -> None:
    leaves(jordan.roads_officer)
    Membership.objects.create(
        officer_id=number(jordan.roads_officer), role="manager", entity=Entity.objects.get(code=body),
        valid_from=get_local_date(NOON),
    )  # fmt: skip
    assert commands.release_cases_of_departed_officers(NOON + DAY) == taken


def test_the_prime_ministry_unit_is_at_home_everywhere(jordan: Jordan) -> None:
    case = jordan.create_case()
    commands.assign_case(case=case.pk, seen=1, actor=jordan.pm, at=NOON, officer=number(jordan.pm))
    assert commands.release_cases_of_departed_officers(NOON + HOUR) == 0


def test_while_the_citizen_is_asked_the_clock_goes_on_waiting(assigned: Case, jordan: Jordan) -> None:
    commands.ask_citizen(
        case=assigned.pk, seen=assigned.seq, actor=jordan.roads_officer, at=NOON + HOUR, text="أي شارع؟"
    )
    leaves(jordan.roads_officer)
    commands.release_cases_of_departed_officers(NOON + DAY)
    case = now(assigned)
    assert (case.state, case.officer_id, case.unit_id) == ("awaiting_citizen", None, jordan.roads)
    assert case.paused_at == NOON + HOUR


def test_what_awaits_approval_is_approved_without_its_writer(assigned: Case, jordan: Jordan) -> None:
    commands.submit_reply(
        case=assigned.pk, seen=assigned.seq, actor=jordan.roads_officer, at=NOON + HOUR,
        text="أصلحنا الحفرة يوم الأحد، ومن حقك الاعتراض من صفحة الطلب.", disposition=Disposition.UPHELD,
    )  # fmt: skip
    leaves(jordan.roads_officer)
    commands.release_cases_of_departed_officers(NOON + DAY)
    case = now(assigned)
    assert case.state == "awaiting_approval"
    commands.approve_reply(case=case.pk, seen=case.seq, actor=jordan.approver, at=NOON + DAY)
    assert now(assigned).state == "answered"


def test_an_appeal_goes_to_another_reviewer(assigned: Case, jordan: Jordan) -> None:
    case = now(assigned)
    commands.answer_case(
        case=case.pk, seen=case.seq, actor=jordan.roads_officer, at=NOON + HOUR, disposition=Disposition.UPHELD,
        text="أصلحنا الحفرة يوم الأحد، ومن حقك الاعتراض من صفحة الطلب.",
    )  # fmt: skip
    commands.appeal_case(
        case=case.pk,
        seen=None,
        actor=jordan.get_citizen(case),
        at=NOON + 2 * HOUR,
        reason="ما زالت الحفرة مكانها",
    )
    first = now(case).reviewer_id
    reviewers = {
        jordan.reviewer.officer_id: jordan.reviewer,
        jordan.second_reviewer.officer_id: jordan.second_reviewer,
    }
    leaves(reviewers.pop(first))
    commands.release_cases_of_departed_officers(NOON + DAY)
    assert now(case).reviewer_id in reviewers
    assert list(verify_journal()) == []


def test_the_clock_notices_it_by_itself_once(assigned: Case, jordan: Jordan) -> None:
    due = DueJobs()
    due.run_minute(NOON + HOUR)
    leaves(jordan.roads_officer)
    due.run_minute(NOON + 2 * HOUR)
    assert now(assigned).officer_id is not None
    due.run_minute(NOON + DAY)
    due.run_minute(NOON + DAY + HOUR)
    assert list(Event.objects.filter(case=assigned, kind="officer.left").values_list("actor", flat=True)) == [
        "clock"
    ]


def test_what_comes_back_to_who_has_left_since_is_given_to_somebody_else_within_a_minute(
    assigned: Case, jordan: Jordan
) -> None:
    due = DueJobs()
    commands.answer_case(
        case=assigned.pk, seen=assigned.seq, actor=jordan.roads_officer, at=NOON + HOUR,
        text="اكتب لنا رقم العمارة.", disposition=Disposition.INSUFFICIENT,
    )  # fmt: skip
    leaves(jordan.roads_officer)
    due.run_minute(NOON + DAY)
    assert now(assigned).state == "answered"
    commands.add_message(
        case=assigned.pk,
        seen=None,
        text="العمارة 12",
        actor=jordan.get_citizen(assigned),
        at=NOON + DAY + HOUR,
    )
    due.run_minute(NOON + DAY + HOUR + timedelta(minutes=1))
    case = now(assigned)
    assert (case.state, case.officer_id, case.unit_id) == ("classified", None, None)
