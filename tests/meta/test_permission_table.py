"""No address of ours without an audience, none without its rows in the permission table."""

from collections import defaultdict

import pytest

from bekhedmetkom.identity.rules import Role
from bekhedmetkom.interfaces.audience import Audience
from tests.interfaces.permission_table import ANYONE, CITIZEN, all_rows
from tests.meta.routes import Route, our_routes

ROUTES = list(our_routes())
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
    roles = {str(row.role) for row in all_rows() if row.route == route.name}
    assert {str(role) for role in NEEDED[route.view.audience]} - roles == set()


def test_no_row_is_of_a_route_that_is_gone() -> None:
    assert {row.route for row in all_rows()} - {route.name for route in ROUTES} == set()


def test_no_two_rows_disagree() -> None:
    answers = defaultdict(set)
    for row in all_rows():
        answers[row.route, row.role, row.whose, row.method].add(row.status)
    assert {case: statuses for case, statuses in answers.items() if len(statuses) > 1} == {}
