"""No address of ours without an audience, none without its rows in the permission table."""

from collections import defaultdict
from itertools import product

import pytest

from bekhedmetkom.cases.rules.actions import ACTIONS
from bekhedmetkom.identity.rules import Role
from bekhedmetkom.interfaces.access_control import Audience
from bekhedmetkom.interfaces.desk.case.actions import ACTIONS as DESK_VERBS
from tests.interfaces.case_permission_table import CASE_PERMISSIONS, READ, ROLE_LETTERS
from tests.interfaces.permission_table import ANYONE, CITIZEN, SITUATIONS, load_all_rows
from tests.meta.routes import Route, iterate_routes

ROUTES = list(iterate_routes())
NEEDED: dict[Audience, set[str]] = {
    "public": {ANYONE},
    "citizen": {ANYONE, CITIZEN},
    "machine": {ANYONE},
    "officer": {ANYONE, *Role},
    "administrator": {ANYONE, *Role},
}


def test_there_are_routes() -> None:
    assert {"healthz", "readyz", "metrics"} <= {route.name for route in ROUTES}


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.pattern)
def test_every_view_says_for_whom_it_is(route: Route) -> None:
    assert getattr(route.view, "audience", None) in NEEDED


def test_every_route_has_a_name_of_its_own() -> None:
    patterns = defaultdict(set)
    for route in ROUTES:
        patterns[route.name].add(route.pattern)
    assert {name: found for name, found in patterns.items() if not name or len(found) > 1} == {}


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.pattern)
def test_every_route_has_its_rows(route: Route) -> None:
    roles = {str(row.role) for row in load_all_rows() if row.route == route.name}
    assert {str(role) for role in NEEDED[route.view.audience]} - roles == set()


def test_no_row_is_of_a_route_that_is_gone() -> None:
    assert {row.route for row in load_all_rows()} - {route.name for route in ROUTES} == set()


def test_no_two_rows_disagree() -> None:
    answers = defaultdict(set)
    for row in load_all_rows():
        answers[row.route, row.role, row.situation, row.method, row.verb].add(row.status)
    assert {case: statuses for case, statuses in answers.items() if len(statuses) > 1} == {}


CASE_ROUTES = [route for route in ROUTES if route.view.audience == "officer" and "reference" in route.pattern]


@pytest.mark.parametrize("route", CASE_ROUTES, ids=lambda route: route.pattern)
def test_every_address_of_a_case_answers_every_role_in_every_situation(route: Route) -> None:
    """A new verb is a line of `tests/interfaces/case_permission_table.py`; another address, a line in its interface."""
    answered = defaultdict(set)
    for row in load_all_rows():
        if row.route == route.name:
            answered[row.verb].add((row.role, row.situation))
    verbs = set(DESK_VERBS) if route.name == "desk:act" else set(answered) or {""}
    missing = {verb: sorted(set(product(map(str, Role), SITUATIONS)) - answered[verb]) for verb in verbs}
    assert {verb: rows for verb, rows in missing.items() if rows} == {}


def test_there_are_addresses_of_cases() -> None:
    assert {"desk:case", "desk:act", "api:desk-case", *(f"api:desk-{verb}" for verb in ACTIONS)} <= {
        route.name for route in CASE_ROUTES
    }


def test_the_table_of_cases_has_a_line_for_each_verb_and_none_besides() -> None:
    assert set(CASE_PERMISSIONS) == {READ, *ACTIONS, *DESK_VERBS}


@pytest.mark.parametrize("verb", CASE_PERMISSIONS)
def test_a_line_says_each_situation_in_letters_of_roles(verb: str) -> None:
    cells = [cell.strip().removeprefix("(").removesuffix(")") for cell in CASE_PERMISSIONS[verb].split("|")]
    assert len(cells) == len(SITUATIONS)
    assert all(len(set(cell)) == len(cell) and set(cell) <= set(ROLE_LETTERS.values()) for cell in cells)


def test_every_role_has_a_letter_of_its_own() -> None:
    assert set(ROLE_LETTERS) == set(Role)
    assert len(set(ROLE_LETTERS.values())) == len(Role)
