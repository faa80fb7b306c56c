"""What everybody may know of how bodies answer, without anybody being found by a small number."""

from datetime import timedelta

import pytest

from bekhedmetkom.analytics.projection import AnalyticsProjection
from bekhedmetkom.analytics.rules.indicators import INDICATORS
from bekhedmetkom.analytics.rules.totals import MIN_PUBLISHED_COUNT
from bekhedmetkom.cases import feed
from bekhedmetkom.kernel.clock import get_local_date
from tests.interfaces.api.api_client import ApiClient
from tests.personas import NOON, Jordan


@pytest.fixture
def anyone() -> ApiClient:
    return ApiClient()


def submit_cases(jordan: Jordan, cases: int) -> None:
    for _ in range(cases):
        jordan.submit()
    feed.advance_consumer(AnalyticsProjection(), horizon=2**62)


def get_indicators(anyone: ApiClient, **query: str) -> dict[str, dict[str, object]]:
    day = get_local_date(NOON).isoformat()
    answer = anyone.get("/indicators", **{"from": day, "to": day, **query})
    assert answer.status_code == 200, answer.content
    assert answer.json()["from"] == day
    return {one["key"]: one for one in answer.json()["items"]}


def test_it_counts_what_came_and_hides_small_numbers(jordan: Jordan, anyone: ApiClient) -> None:
    submit_cases(jordan, MIN_PUBLISHED_COUNT)
    received = get_indicators(anyone)["received"]
    assert (received["value"], received["n"]) == (MIN_PUBLISHED_COUNT, MIN_PUBLISHED_COUNT)
    assert get_indicators(anyone, entity="MOH")["received"]["value"] == 0
    assert get_indicators(anyone, kind="praise")["received"]["value"] == 0
    submit_cases(jordan, 1)
    assert get_indicators(anyone, channel="portal")["received"]["value"] == MIN_PUBLISHED_COUNT + 1


def test_below_five_nothing_is_said(jordan: Jordan, anyone: ApiClient) -> None:
    submit_cases(jordan, MIN_PUBLISHED_COUNT - 1)
    received = get_indicators(anyone)["received"]
    assert (received["value"], received["n"]) == (None, None)


def test_a_period_runs_forward_and_three_years_at_most(jordan: Jordan, anyone: ApiClient) -> None:
    day = get_local_date(NOON)
    back = {"from": day.isoformat(), "to": (day - timedelta(days=1)).isoformat()}
    long = {"from": (day - timedelta(days=2000)).isoformat(), "to": day.isoformat()}
    assert [anyone.get("/indicators", **period).status_code for period in (back, long)] == [422, 422]


def test_each_figure_has_its_definition(db: None, anyone: ApiClient) -> None:
    said = anyone.get("/indicators/definition").json()
    assert [one["key"] for one in said["items"]] == list(INDICATORS)
    assert all(one["source"] for one in said["items"] if one["target"] is not None)
