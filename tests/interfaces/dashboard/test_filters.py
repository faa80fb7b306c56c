"""Every state is an address: what it asks for, and that what cannot be is no choice."""

from datetime import date, timedelta

import pytest
from django.http import QueryDict

from bekhedmetkom.analytics.rules.slices import Slice
from bekhedmetkom.identity.queries import get_reachable_bodies
from bekhedmetkom.identity.rules import Permission
from bekhedmetkom.interfaces.dashboard.drill_down_links import (
    build_body_instruction_address,
    build_cases_address,
)
from bekhedmetkom.interfaces.dashboard.filters import Filters, parse_filters
from bekhedmetkom.interfaces.dashboard.request_context import RequestContext
from bekhedmetkom.kernel.actor import Actor
from tests.personas import NOON, Jordan, place_under_minister

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)


def parse_address(actor: Actor, address: str) -> Filters:
    visit = RequestContext(actor, NOON, "ar", "", get_reachable_bodies(actor, Permission.WATCH))
    return parse_filters(QueryDict(address), visit)


@pytest.mark.parametrize(
    ("address", "start", "end"),
    [
        ("", TODAY - timedelta(29), TODAY),
        ("from=2026-11-01", date(2026, 11, 1), TODAY),
        ("to=2026-10-31", date(2026, 10, 2), date(2026, 10, 31)),
        ("from=2026-11-01&to=2026-11-10", date(2026, 11, 1), date(2026, 11, 10)),
        ("from=2026-11-10&to=2026-11-01", date(2026, 11, 1), date(2026, 11, 10)),
        ("from=2099-01-01", TODAY, TODAY),
        ("to=2099-01-01", TODAY - timedelta(29), TODAY),
        ("from=yesterday&to=%00", TODAY - timedelta(29), TODAY),
        ("from=0001-01-01&to=0001-01-02", TODAY - timedelta(29), TODAY),
    ],
)  # fmt: skip
def test_days(jordan: Jordan, address: str, start: date, end: date) -> None:
    part = parse_address(jordan.pm, address).slice
    assert (part.start, part.end) == (start, end)


def test_what_narrows_a_slice(jordan: Jordan) -> None:
    found = parse_address(
        jordan.pm, "entity=GAM&unit=ROADS&topic=GAM-002&kind=complaint&governorate=GOV-AM&channel=phone"
    )
    assert found.slice == Slice(
        TODAY - timedelta(29), TODAY, entities=frozenset({jordan.entities["GAM"]}), unit=jordan.roads,
        service=jordan.services["GAM-002"], kind="complaint", governorate=jordan.governorates["GOV-AM"],
        channel="phone",
    )  # fmt: skip


def test_the_country_is_not_narrowed_and_a_body_is_its_own(jordan: Jordan) -> None:
    place_under_minister(jordan)
    assert parse_address(jordan.pm, "").slice.entities is None
    assert parse_address(jordan.manager, "").slice.entities == frozenset({jordan.entities["GAM"]})
    assert parse_address(jordan.minister, "").slice.entities == frozenset(
        {jordan.entities["GAM"], jordan.entities["GAM-01"]}
    )


@pytest.mark.parametrize(
    "address", ["entity=MOH", "entity=nobody", "sector=%F0", "unit=ROADS", "kind=x&channel=", "topic=GAM-002"]
)
def test_what_is_not_there_or_not_theirs_is_no_choice(jordan: Jordan, address: str) -> None:
    """Of a unit and a topic the body is not said."""
    place_under_minister(jordan)
    found = parse_address(jordan.minister, address)
    assert found.query == {}
    assert found.slice == parse_address(jordan.minister, "").slice


def test_an_address_spells_itself_again(jordan: Jordan) -> None:
    address = "from=2026-11-01&entity=GAM&kind=complaint&view=wall&show=2"
    found = parse_address(jordan.pm, address)
    assert found.build_query_string() == address
    assert found.query_string == "from=2026-11-01&entity=GAM&kind=complaint"
    assert (
        parse_address(jordan.pm, found.build_query_string(governorate="GOV-AM")).slice.governorate
        == jordan.governorates["GOV-AM"]
    )


def test_usual_days_are_links_of_which_one_is_current(jordan: Jordan) -> None:
    periods = parse_address(jordan.pm, "").list_periods()
    assert [address for _title, address, current in periods if current] == [""]
    assert sum(current for *_rest, current in parse_address(jordan.pm, "from=2026-11-01").list_periods()) == 1


def test_a_figure_leads_to_its_cases_and_to_the_head_of_its_body(jordan: Jordan) -> None:
    found = parse_address(jordan.pm, "entity=GAM&topic=GAM-001&kind=complaint&view=wall")
    assert (
        build_cases_address(found, "overdue")
        == "/dashboard/cases/overdue?entity=GAM&kind=complaint&topic=GAM-001"
    )
    assert build_cases_address(found, "on_time", part="kept", entity="MOH") == (
        "/dashboard/cases/on_time?entity=MOH&kind=complaint&part=kept"
    )
    assert (
        build_cases_address(parse_address(jordan.pm, "to=2026-11-01"), "overdue") == ""
    )  # what is late is late now
    assert build_cases_address(found, "centres") == ""
    assert (
        build_body_instruction_address(found, "on_time")
        == "/dashboard/ask/on_time?entity=GAM&kind=complaint&topic=GAM-001"
    )
    assert (
        build_body_instruction_address(parse_address(jordan.pm, ""), "on_time")
        == build_body_instruction_address(parse_address(jordan.manager, ""), "on_time")
        == ""
    )
