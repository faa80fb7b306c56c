"""What is expected is worked out for the country, each sector and each body, and read for just these."""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from bekhedmetkom.analytics.commands.forecast import update_forecasts
from bekhedmetkom.analytics.models import RollUp
from bekhedmetkom.analytics.queries.forecast import get_bodies_by_sector, get_forecasts
from bekhedmetkom.analytics.rules.grains import find_grain
from bekhedmetkom.analytics.storage import StoredForecast
from bekhedmetkom.entities.queries import get_tree
from tests.personas import Jordan, jordan

__all__ = ["jordan"]

pytestmark = pytest.mark.django_db

AT = datetime(2026, 6, 10, 6, tzinfo=UTC)
TODAY = AT.date()
DAYS = 100


def insert_daily_cases(bodies: Collection[int], mean: float = 20) -> None:
    """So much of each body, in as many days as count; a fifth of it is not answered."""
    random = np.random.default_rng(5)
    rows = []
    for body in bodies:
        for back in range(DAYS, 0, -1):
            day = TODAY - timedelta(back)
            counted = int(random.poisson(mean * (0.4 if day.weekday() in (4, 5) else 1.2)))
            cell = {"kind": "", "channel": "", "governorate": 0, "language": "", "service": 0, "unit": 0}
            flowed = {"received": counted, "entered": counted, "gone": counted * 4 // 5}
            rows.append(
                RollUp(grain=find_grain({"entity"}), span="day", day=day, entity=body, **cell, **flowed)
            )
    RollUp.objects.bulk_create(rows)


def test_what_is_expected_of_each_and_of_all(jordan: Jordan) -> None:
    bodies = next(those for those in get_bodies_by_sector().values() if len(those) > 1)
    first, second, *_others = sorted(bodies)
    insert_daily_cases([first, second])
    update_forecasts(AT)
    every, of_sector, one, none = (
        get_forecasts(those, TODAY)
        for those in (None, bodies, frozenset({first}), frozenset({first, second, -1}))
    )
    assert every
    assert of_sector
    assert one
    assert none is None
    assert every.intake
    assert one.intake
    assert [day.day for day in every.intake.days] == [TODAY + timedelta(n) for n in range(14)]
    assert sum(day.expected for day in every.intake.days) == pytest.approx(
        2 * sum(day.expected for day in one.intake.days), rel=0.15
    )
    assert of_sector.intake == every.intake  # nobody else has cases
    assert one.backlog
    assert one.backlog.days[-1].expected > DAYS * 20 / 5  # it grows


def test_it_is_made_anew_and_days_that_are_over_are_not_said(jordan: Jordan) -> None:
    bodies = [next(iter(get_tree())).id]
    insert_daily_cases(bodies)
    made = update_forecasts(AT)
    assert update_forecasts(AT + timedelta(hours=1)) == made == StoredForecast.objects.count()
    said = get_forecasts(None, TODAY + timedelta(3))
    assert said
    assert said.intake
    assert len(said.intake.days) == 11


def test_nothing_is_expected_where_nothing_came(jordan: Jordan) -> None:
    assert update_forecasts(AT) == 0
    assert get_forecasts(None, TODAY) is None
