"""How much people use what is offered: counted without knowing who."""

from datetime import date, timedelta

import pytest

from bekhedmetkom.analytics.commands.usage import record_page_view, sum_page_views
from bekhedmetkom.analytics.queries.indicators import NO_VALUE, get_usage
from bekhedmetkom.analytics.rules.slices import Slice
from bekhedmetkom.analytics.storage import AppDownloads, CasePageView, DailyPageViews
from bekhedmetkom.notifications.reachability import PushSubscription
from tests.personas import DAY, NOON, Jordan, jordan

from .rollup_rows import build_rollup_row

__all__ = ["jordan"]

pytestmark = pytest.mark.django_db

TODAY = NOON.date()


def test_visits_are_added_up_and_each_counts_once(jordan: Jordan) -> None:
    first, second = jordan.entities["GAM"], jordan.entities["MOH"]
    for entity, at in ((first, NOON), (first, NOON), (second, NOON), (first, NOON + DAY)):
        record_page_view(entity=entity, at=at)
    sum_page_views()
    record_page_view(entity=first, at=NOON)
    sum_page_views()
    sum_page_views()
    assert not CasePageView.objects.exists()
    assert set(DailyPageViews.objects.values_list("day", "entity", "count")) == {
        (TODAY, first, 3), (TODAY, second, 1), (TODAY + DAY, first, 1)
    }  # fmt: skip


def test_the_figures_of_some_days_and_bodies(jordan: Jordan) -> None:
    case = jordan.create_case()
    body = case.entity_id
    DailyPageViews.objects.create(day=TODAY, entity=body, count=40)
    DailyPageViews.objects.create(day=TODAY - timedelta(days=30), entity=jordan.entities["MOH"], count=7)
    build_rollup_row(date(2026, 10, 1), {"received": 1}).save(force_insert=True)  # the first day of all
    build_rollup_row(TODAY, {"wrote": 5, "answered": 50, "yes": 20, "no": 20}, entity=body).save(
        force_insert=True
    )
    PushSubscription.objects.create(
        case=case, endpoint="https://push.test/1", p256dh=b"k", auth=b"a", created_at=NOON
    )
    for month, n in ((date(2026, 10, 1), 900), (date(2026, 11, 1), 300)):
        AppDownloads.objects.create(month=month, store="google", count=n, source="لوحة المتجر")
    of_all = get_usage(Slice(date(2026, 10, 1), TODAY))
    assert {key: figure.current.value for key, figure in of_all.items()} == {
        "visits": 47, "wrote": 5, "response": 0.8, "subscribed": 1, "downloads": 900,
    }  # fmt: skip
    own = get_usage(Slice(TODAY, TODAY, entities=frozenset({body})))
    assert (own["visits"].current.value, own["visits"].previous.value, own["downloads"].current) == (
        40,
        0,
        NO_VALUE,
    )
    assert of_all["visits"].last_year == NO_VALUE


def test_what_nobody_entered_is_no_nought(jordan: Jordan) -> None:
    build_rollup_row(TODAY - DAY, {"received": 1}).save(force_insert=True)
    found = get_usage(Slice(TODAY, TODAY))
    assert (found["downloads"].current, found["visits"].current.value, found["visits"].previous.value) == (
        NO_VALUE,
        0,
        0,
    )
