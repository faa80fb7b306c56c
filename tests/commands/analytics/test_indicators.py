"""Every figure of the page is what the journal says, to the last digit, whatever happened and whatever is asked."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from bekhedmetkom.analytics.projection import AnalyticsProjection
from bekhedmetkom.analytics.queries import indicators
from bekhedmetkom.analytics.queries.dashboard import get_dashboard
from bekhedmetkom.analytics.queries.drill_down import list_counted_cases
from bekhedmetkom.analytics.rules.drill_down import INDICATOR_PARTS, TIMED
from bekhedmetkom.analytics.rules.indicators import INDICATORS
from bekhedmetkom.analytics.rules.slices import Slice
from bekhedmetkom.analytics.rules.totals import IndicatorValue
from bekhedmetkom.cases import feed
from bekhedmetkom.identity.rules import Role
from bekhedmetkom.kernel.actor import Actor, ActorKind, Grant
from tests.commands.analytics import reference_indicators
from tests.commands.analytics.random_journals import (
    BODY_IDS,
    CHANNELS,
    GOVERNORATE_IDS,
    KINDS,
    LANGUAGES,
    TOPIC_IDS,
    UNIT_IDS,
    generate_journals,
    insert_journal,
)
from tests.commands.analytics.test_rollups import BEGAN, NO_HORIZON, rolled_back


@pytest.mark.django_db
@settings(max_examples=2, phases=[Phase.generate])
@given(st.integers(0, 2**32))
def test_every_indicator_is_what_the_journal_says(seed: int) -> None:
    chance = Random(seed)
    with rolled_back():
        for case, told in generate_journals(chance, 16, BEGAN):
            insert_journal(case, told)
        while feed.advance_consumer(AnalyticsProjection(), horizon=NO_HORIZON):
            pass
        reference_indicators.create_acts_table()
        for _ in range(5):
            wanted = generate_slice(chance)
            said = reference_indicators.compute_totals(wanted)
            kept = indicators.get_totals(wanted)
            assert dict(kept.sums) == dict(said.sums), wanted
            assert (kept.waiting, kept.late) == (said.waiting, said.late), wanted
            assert {
                histogram: kept.histograms.get(histogram, {}) for histogram in reference_indicators.OBSERVED
            } == {
                histogram: said.histograms.get(histogram, {}) for histogram in reference_indicators.OBSERVED
            }, wanted
            assert indicators.get_indicator_values(wanted) == {
                key: one.get_value(said) for key, one in INDICATORS.items()
            }
        assert_dashboard_matches_journal(generate_slice(chance))
        assert_cases_match_counts(generate_slice(chance))


def assert_dashboard_matches_journal(wanted: Slice) -> None:
    """The page's own parts: figures of three periods, days, bodies, places, topics, channels."""
    shown = get_dashboard(wanted, BEGAN + timedelta(days=400))
    periods = wanted, wanted.get_previous_period(), wanted.get_same_period_last_year()
    there = [period is wanted or reference_indicators.get_first_day() <= period.end for period in periods]
    for key, figure in shown.figures.items():
        assert (figure.current, figure.previous, figure.last_year) == tuple(
            INDICATORS[key].get_value(reference_indicators.compute_totals(period))
            if is_there
            else IndicatorValue(None, 0)
            for period, is_there in zip(periods, there, strict=True)
        ), (key, wanted)
    assert sum(step.received for step in shown.trend) == shown.figures["received"].current.value
    for step in (*shown.trend[:2], *shown.trend[-2:], *shown.recent_days[:1], *shown.recent_days[-2:]):
        said = reference_indicators.compute_totals(
            replace(wanted, start=step.day - timedelta(step.day_count - 1), end=step.day)
        )
        assert (step.received, step.answered, step.waiting, step.late) == (
            said["received"], said["answered"], said.waiting, said.late,
        )  # fmt: skip
    for body in shown.ranking:
        said = reference_indicators.compute_totals(replace(wanted, entities=frozenset({body.entity})))
        assert (body.received, body.answered) == (said["received"], said["answered"])
    for place in shown.governorates:
        assert (
            place.received
            == reference_indicators.compute_totals(replace(wanted, governorate=place.governorate))["received"]
        )
    for topic in shown.topics:
        assert (
            topic.received
            == reference_indicators.compute_totals(replace(wanted, service=topic.service))["received"]
        )
    for channel in shown.channels:
        assert (
            channel.received
            == reference_indicators.compute_totals(replace(wanted, channel=channel.channel))["received"]
        )


def assert_cases_match_counts(wanted: Slice) -> None:
    """Whoever may read all has as many lines behind each figure as it says, page by page, each with its day."""
    at = BEGAN + timedelta(days=400)
    said = reference_indicators.compute_totals(wanted)
    for key, parts in INDICATOR_PARTS.items():
        for part in parts:
            found = list_counted_cases(UNLIMITED_VIEWER, part, wanted, at)
            assert found.total == found.readable == len(found.lines), (key, part.name, wanted)
            assert all(line.day and wanted.start <= line.day <= wanted.end for line in found.lines)
            if part.measures != (TIMED,):
                assert found.total == sum(said[measure] for measure in part.measures)
    (part,) = INDICATOR_PARTS["received"]
    cursor: str | None = ""
    paged, whole = [], list_counted_cases(UNLIMITED_VIEWER, part, wanted, at).lines
    while cursor is not None:
        page = list_counted_cases(UNLIMITED_VIEWER, part, wanted, at, cursor, limit=3)
        paged += page.lines
        cursor = page.next_cursor
    assert paged == whole


UNLIMITED_VIEWER = Actor(ActorKind.OFFICER, "1", (Grant(str(Role.PM_UNIT)),))


def generate_slice(chance: Random) -> Slice:
    """Any days, and any of what narrows them, several at once."""
    start = date(2026, 1, 1) + timedelta(days=chance.randrange(400))
    given: dict[str, Any] = {
        "entities": frozenset(chance.sample(BODY_IDS, chance.randint(1, 2))), "unit": chance.choice((0, *UNIT_IDS)),
        "kind": chance.choice(KINDS), "service": chance.choice((0, *TOPIC_IDS)),
        "governorate": chance.choice((0, *GOVERNORATE_IDS)), "channel": chance.choice(CHANNELS),
        "language": chance.choice(LANGUAGES),
    }  # fmt: skip
    held = {name: value for name, value in given.items() if chance.random() < 0.25}
    return replace(Slice(start, start + timedelta(days=chance.choice((0, 6, 29, 100, 400)))), **held)
