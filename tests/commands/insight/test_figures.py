"""Every figure of the page is what the journal says, to the last digit, whatever happened and whatever is asked."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from bekhedmetkom.cases import feed
from bekhedmetkom.identity.rules import Role
from bekhedmetkom.insight.follower import InsightFollower
from bekhedmetkom.insight.queries import indicators
from bekhedmetkom.insight.queries.behind import behind
from bekhedmetkom.insight.queries.board import board
from bekhedmetkom.insight.rules.behind import BEHIND, TIMED
from bekhedmetkom.insight.rules.indicators import INDICATORS
from bekhedmetkom.insight.rules.slices import Slice
from bekhedmetkom.insight.rules.totals import Reading
from bekhedmetkom.kernel.actor import Actor, ActorKind, Grant
from tests.commands.insight import plain
from tests.commands.insight.lives import (
    BODIES,
    CHANNELS,
    KINDS,
    LANGUAGES,
    PLACES,
    TOPICS,
    UNITS,
    some,
    write,
)
from tests.commands.insight.test_rollups import ALL, BEGAN, emptied


@pytest.mark.django_db
@settings(max_examples=2, phases=[Phase.generate])
@given(st.integers(0, 2**32))
def test_every_indicator_is_what_the_journal_says(seed: int) -> None:
    chance = Random(seed)
    with emptied():
        for case, told in some(chance, 16, BEGAN):
            write(case, told)
        while feed.advance(InsightFollower(), horizon=ALL):
            pass
        plain.read()
        for _ in range(5):
            wanted = asked(chance)
            said = plain.totals(wanted)
            kept = indicators.totals(wanted)
            assert dict(kept.sums) == dict(said.sums), wanted
            assert (kept.waiting, kept.late) == (said.waiting, said.late), wanted
            assert {spread: kept.spreads.get(spread, {}) for spread in plain.OBSERVED} == {
                spread: said.spreads.get(spread, {}) for spread in plain.OBSERVED
            }, wanted
            assert indicators.figures(wanted) == {key: one.of(said) for key, one in INDICATORS.items()}
        on_the_board(asked(chance))
        the_cases_behind(asked(chance))


def on_the_board(wanted: Slice) -> None:
    """The page's own parts: figures of three periods, days, bodies, places, topics, channels."""
    shown = board(wanted, BEGAN + timedelta(days=400))
    periods = wanted, wanted.before(), wanted.last_year()
    there = [period is wanted or plain.first_day() <= period.end for period in periods]
    for key, figure in shown.figures.items():
        assert (figure.now, figure.before, figure.last_year) == tuple(
            INDICATORS[key].of(plain.totals(period)) if is_there else Reading(None, 0)
            for period, is_there in zip(periods, there, strict=True)
        ), (key, wanted)
    assert sum(step.received for step in shown.trend) == shown.figures["received"].now.value
    for step in (*shown.trend[:2], *shown.trend[-2:], *shown.lately[:1], *shown.lately[-2:]):
        said = plain.totals(replace(wanted, start=step.day - timedelta(step.days - 1), end=step.day))
        assert (step.received, step.answered, step.waiting, step.late) == (
            said["received"], said["answered"], said.waiting, said.late,
        )  # fmt: skip
    for body in shown.ranking:
        said = plain.totals(replace(wanted, entities=frozenset({body.entity})))
        assert (body.received, body.answered) == (said["received"], said["answered"])
    for place in shown.places:
        assert place.received == plain.totals(replace(wanted, governorate=place.governorate))["received"]
    for topic in shown.topics:
        assert topic.received == plain.totals(replace(wanted, service=topic.service))["received"]
    for channel in shown.channels:
        assert channel.received == plain.totals(replace(wanted, channel=channel.channel))["received"]


def the_cases_behind(wanted: Slice) -> None:
    """Whoever may read all has as many lines behind each figure as it says, page by page, each with its day."""
    at = BEGAN + timedelta(days=400)
    said = plain.totals(wanted)
    for key, parts in BEHIND.items():
        for part in parts:
            found = behind(EVERYBODY, part, wanted, at)
            assert found.figure == found.readable == len(found.lines), (key, part.name, wanted)
            assert all(line.day and wanted.start <= line.day <= wanted.end for line in found.lines)
            if part.measures != (TIMED,):
                assert found.figure == sum(said[measure] for measure in part.measures)
    (part,) = BEHIND["received"]
    cursor: str | None = ""
    paged, whole = [], behind(EVERYBODY, part, wanted, at).lines
    while cursor is not None:
        page = behind(EVERYBODY, part, wanted, at, cursor, limit=3)
        paged += page.lines
        cursor = page.next
    assert paged == whole


EVERYBODY = Actor(ActorKind.OFFICER, "1", (Grant(str(Role.PM_UNIT)),))


def asked(chance: Random) -> Slice:
    """Any days, and any of what narrows them, several at once."""
    start = date(2026, 1, 1) + timedelta(days=chance.randrange(400))
    given: dict[str, Any] = {
        "entities": frozenset(chance.sample(BODIES, chance.randint(1, 2))), "unit": chance.choice((0, *UNITS)),
        "kind": chance.choice(KINDS), "service": chance.choice((0, *TOPICS)),
        "governorate": chance.choice((0, *PLACES)), "channel": chance.choice(CHANNELS),
        "language": chance.choice(LANGUAGES),
    }  # fmt: skip
    held = {name: value for name, value in given.items() if chance.random() < 0.25}
    return replace(Slice(start, start + timedelta(days=chance.choice((0, 6, 29, 100, 400)))), **held)
