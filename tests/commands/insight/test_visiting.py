"""How much people use what is offered: counted without knowing who."""

from datetime import date, timedelta

import pytest

from bekhedmetkom.insight.commands.visiting import fold_visits, visited
from bekhedmetkom.insight.kept import Download, Visit, Visits
from bekhedmetkom.insight.queries.interaction import NOTHING, interaction
from bekhedmetkom.insight.rules.slices import Slice
from bekhedmetkom.messages.reached import PushSubscription
from tests.personas import DAY, NOON, Jordan, jordan

from .figures import row

__all__ = ["jordan"]

pytestmark = pytest.mark.django_db

TODAY = NOON.date()


def test_visits_are_added_up_and_each_counts_once(jordan: Jordan) -> None:
    first, second = jordan.entities["GAM"], jordan.entities["MOH"]
    for entity, at in ((first, NOON), (first, NOON), (second, NOON), (first, NOON + DAY)):
        visited(entity=entity, at=at)
    fold_visits()
    visited(entity=first, at=NOON)
    fold_visits()
    fold_visits()
    assert not Visit.objects.exists()
    assert set(Visits.objects.values_list("day", "entity", "n")) == {
        (TODAY, first, 3), (TODAY, second, 1), (TODAY + DAY, first, 1)
    }  # fmt: skip


def test_the_figures_of_some_days_and_bodies(jordan: Jordan) -> None:
    case = jordan.case()
    body = case.entity_id
    Visits.objects.create(day=TODAY, entity=body, n=40)
    Visits.objects.create(day=TODAY - timedelta(days=30), entity=jordan.entities["MOH"], n=7)
    row(date(2026, 10, 1), {"received": 1}).save(force_insert=True)  # the first day of all
    row(TODAY, {"wrote": 5, "answered": 50, "yes": 20, "no": 20}, entity=body).save(force_insert=True)
    PushSubscription.objects.create(
        case=case, endpoint="https://push.test/1", p256dh=b"k", auth=b"a", created_at=NOON
    )
    for month, n in ((date(2026, 10, 1), 900), (date(2026, 11, 1), 300)):
        Download.objects.create(month=month, store="google", n=n, source="لوحة المتجر")
    of_all = interaction(Slice(date(2026, 10, 1), TODAY))
    assert {key: figure.now.value for key, figure in of_all.items()} == {
        "visits": 47, "wrote": 5, "response": 0.8, "subscribed": 1, "downloads": 900,
    }  # fmt: skip
    own = interaction(Slice(TODAY, TODAY, entities=frozenset({body})))
    assert (own["visits"].now.value, own["visits"].before.value, own["downloads"].now) == (40, 0, NOTHING)
    assert of_all["visits"].last_year == NOTHING


def test_what_nobody_entered_is_no_nought(jordan: Jordan) -> None:
    row(TODAY - DAY, {"received": 1}).save(force_insert=True)
    found = interaction(Slice(TODAY, TODAY))
    assert (found["downloads"].now, found["visits"].now.value, found["visits"].before.value) == (
        NOTHING,
        0,
        0,
    )
