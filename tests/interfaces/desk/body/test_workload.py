"""The workload board: its numbers are those of the lists to which they lead, of cases that the asker may read."""

from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bekhedmetkom.cases import commands
from bekhedmetkom.cases.models import Case
from bekhedmetkom.cases.queries import get_workload_board
from bekhedmetkom.catalogue.rules import Disposition, Kind
from bekhedmetkom.entities.table_cache import refresh_versions
from bekhedmetkom.identity.models import Leave
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.clock import get_local_date
from tests.interfaces.desk.conftest import Desk
from tests.personas import DAY, NOON, Jordan

Sits = Callable[[Actor], Desk]
OPEN, TODAY, LATE, APPROVAL = range(4)


def perform_action(case: Case, command: Any, actor: Actor, **given: Any) -> None:
    case.refresh_from_db()
    command(case=case.pk, seen=case.seq, actor=actor, at=NOON, **given)


@pytest.fixture
def laden(jordan: Jordan) -> Jordan:
    """Roads has three cases (one late, one by name before its approver), lighting none, nobody has one."""
    late, named, plain = (jordan.create_case(at=NOON - days * DAY) for days in (60, 1, 1))
    for case in (late, plain):
        perform_action(case, commands.assign_case, jordan.main, unit=jordan.roads)
    mine = jordan.roads_officer
    perform_action(named, commands.assign_case, jordan.main, unit=jordan.roads, officer=mine.officer_id)
    perform_action(named, commands.submit_reply, mine, text="أُصلحت الحفرة", disposition=Disposition.UPHELD)
    done = jordan.create_case(at=NOON - DAY)
    perform_action(done, commands.assign_case, jordan.main, unit=jordan.roads)
    perform_action(
        done, commands.answer_case, mine, text="أُصلحت الحفرة اليوم", disposition=Disposition.UPHELD
    )
    jordan.create_case(at=NOON)
    jordan.create_case("مطعم بلا رخصة", kind=Kind.VIOLATION, at=NOON)
    return jordan


def get_tables(desk: Desk, **query: Any) -> list[Tag]:
    answer = desk.client.get(reverse("desk:workload"), query)
    assert answer.status_code == 200
    return list(BeautifulSoup(answer.content, "html.parser").select("table.board"))


def test_a_units_numbers_and_those_of_its_officers(laden: Jordan) -> None:
    board = get_workload_board(laden.main, laden.entities["GAM"], NOON)
    roads = board.units[laden.roads]
    assert (roads.open, roads.overdue, roads.approval, roads.answered) == (3, 1, 1, 1)
    mine = board.officers[laden.roads_officer.officer_id]
    assert (mine.open, mine.overdue, mine.approval) == (1, 0, 1)
    assert board.nobody.open == 1
    assert laden.lighting not in board.units


def test_each_number_is_that_of_the_list_to_which_it_leads(laden: Jordan, sits: Sits) -> None:
    desk = sits(laden.main)
    links = [link for table in get_tables(desk) for link in table.select("a")]
    assert len(links) > 8
    for link in links:
        page = BeautifulSoup(desk.client.get(str(link["href"])).content, "html.parser")
        listed = {row["href"] for row in page.select("tbody a[href*='/desk/cases/']")}
        assert len({str(one).partition("?")[0] for one in listed}) == int(link.get_text()), link


def test_what_is_need_to_know_is_counted_to_whom_may_read_it_alone(laden: Jordan) -> None:
    gam = laden.entities["GAM"]
    for who in (laden.main, laden.manager, laden.head, laden.pm):
        assert get_workload_board(who, gam, NOON).all.open == 4
    assert get_workload_board(laden.inspector, gam, NOON).all.open == 1
    assert get_workload_board(laden.rival, gam, NOON).all.open == 0


def test_a_case_that_complains_of_its_main_officer_is_not_counted_to_them(laden: Jordan) -> None:
    case = laden.create_case(at=NOON)
    perform_action(case, commands.set_complaint_subject, laden.pm, officer=laden.main.officer_id)
    assert get_workload_board(laden.main, laden.entities["GAM"], NOON).all.open == 4


def test_who_is_on_leave_is_shown_so(laden: Jordan, sits: Sits) -> None:
    today = get_local_date(NOON)
    Leave.objects.create(officer_id=int(laden.roads_officer.id), since=today, until=today.replace(day=30))
    refresh_versions()
    _units, officers = get_tables(sits(laden.main))
    (row,) = [row for row in officers.select("tbody tr") if "roads_officer" in row.get_text()]
    assert "في إجازة" in row.get_text()


def test_a_body_that_is_not_overseen_is_not_shown(laden: Jordan, sits: Sits) -> None:
    desk = sits(laden.main)
    moh = laden.entities["MOH"]
    for asked in (str(moh), "0", "x", "", "9" * 30):
        page = desk.client.get(reverse("desk:workload"), {"entity": asked}).content.decode()
        assert "أمانة عمّان" in page or "أمانة عمان" in page


def test_it_costs_as_many_queries_for_many_cases_as_for_one(jordan: Jordan, sits: Sits) -> None:
    desk = sits(jordan.main)
    jordan.create_case(at=NOON)
    asked = []
    for _round in range(2):
        get_tables(desk)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            get_tables(desk)
        asked.append(len(queries))
        for _case in range(10):
            case = jordan.create_case(at=NOON)
            perform_action(case, commands.assign_case, jordan.main, unit=jordan.roads)
    assert asked[0] == asked[1] <= 9
