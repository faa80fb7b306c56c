"""What a report recommends: only what the figures surely say, the weightiest first, few of a kind."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bekhedmetkom.insight.rules.advice import (
    MOST,
    OF_A_RULE,
    Facts,
    Rule,
    To,
    Topic,
    Way,
    Where,
    advice,
)  # fmt: skip
from bekhedmetkom.insight.rules.advice_words import SENTENCES, said
from bekhedmetkom.insight.rules.reports import Again, Beside, Broken, Line, Shared, line_of
from bekhedmetkom.insight.rules.totals import Reading, Totals, share
from bekhedmetkom.kernel.text import BilingualText

NOTHING = Beside([], [], [], [], [], [], {})
QUIET = Facts(date(2026, 10, 31), False, NOTHING, [], [], [], Reading(0.5, 1000))
PLAIN = {
    name: BilingualText(f"«{name}»", f"“{name}”") for name in ("body", "other", "topic", "place", "unit")
}


def line(key: int = 1, late: int = 0, late_before: int = 0, **sums: int) -> Line:
    """A body as its sums make it, with nothing in the month before."""
    return replace(line_of(key, Totals(sums), Totals()), late=late, late_before=late_before)


def lines(*of: Line, **more: Any) -> Facts:
    return replace(QUIET, beside=replace(NOTHING, lines=list(of), **more))


def rules(facts: Facts) -> list[Rule]:
    return [one.rule for one in advice(facts)]


def sentences(facts: Facts) -> list[str]:
    return [
        f"{one.ask.ar} {one.why.ar} {one.ask.en} {one.why.en}"
        for one in (
            said(found, PLAIN, lambda value: BilingualText(f"{100 * value:.0f}%", f"{100 * value:.0f}%"))
            for found in advice(facts)
        )
    ]


def test_a_month_without_anything_has_no_advice() -> None:
    assert advice(QUIET) == []
    assert advice(lines(line(kept=90, missed=10, yes=75, no=25, received=100, answered=99))) == []


def test_far_below_the_target_is_said_with_how_many_more_answers_reach_it() -> None:
    (one,) = advice(lines(line(7, kept=600, missed=400)))
    assert (one.rule, one.to, one.entity, one.counts["more"]) == (Rule.LATE, To.BODY, 7, 300)
    assert "ينقصها 300 رد في الموعد" in sentences(lines(line(7, kept=600, missed=400)))[0]


@pytest.mark.parametrize("sums", [{"kept": 10, "missed": 12}, {"kept": 78, "missed": 22}, {}])
def test_what_too_few_say_or_may_be_chance_is_not_said(sums: dict[str, int]) -> None:
    assert advice(lines(line(**sums))) == []


def test_on_time_and_not_solved_is_a_matter_of_the_answers() -> None:
    assert rules(lines(line(kept=95, missed=5, yes=40, no=60, answered=100))) == [Rule.WORD]


def test_a_fall_is_held_against_chance() -> None:
    fallen = replace(line(kept=820, missed=180), on_time_before=share(900, 1000))
    assert Rule.FELL in rules(lines(fallen))
    assert Rule.FELL not in rules(lines(replace(fallen, on_time=share(32, 39), on_time_before=share(36, 40))))


def test_overdue_cases_are_asked_of_who_has_most_of_them_or_more_than_before() -> None:
    assert [one.entity for one in advice(lines(line(1, 900), line(2, 50), line(3, 40)))] == [1]
    of_body = replace(lines(line(1, 50, 40)), of_body=True)
    assert rules(of_body) == [Rule.STOCK]
    assert rules(replace(lines(line(1, 40, 50)), of_body=True)) == []


def test_what_comes_again_and_what_was_promised() -> None:
    problem = Shared(1, "انقطاع المياه في الرصيفة", "No water in Rusaifa", 4, 2, 47, date(2026, 10, 20), None)
    facts = lines(
        shared=[problem, replace_(problem, fixed=date(2026, 10, 19)), replace_(problem, reported=None)],
        broken=[Broken("BK-7F3K-92MD", 4, 31, date(2026, 10, 5), done) for done in (None, date(2026, 10, 9))],
        again=[Again(4, 31, 2, 40, 12), Again(4, 32, 2, 40, 6)],
    )  # fmt: skip
    assert rules(facts) == [Rule.PROBLEM, Rule.AGAIN, Rule.PROMISE]
    text = sentences(facts)
    assert "إصلاح «انقطاع المياه في الرصيفة»" in text[0]
    assert "أبلغ عنها 47 شخصًا" in text[0]
    assert "وعد واحد" in text[2]


def replace_(one: Shared, **more: Any) -> Shared:
    return one._replace(**more)


def test_topics_places_and_ways_between_bodies() -> None:
    facts = replace(
        QUIET, topics=[Topic(31, 4, 150, 100), Topic(32, 4, 12, 4)], flows=[Way(1, 2, 80), Way(2, 1, 5)],
        places=[Where(1, share(500, 1000)), Where(2, share(14, 20)), Where(3, share(890, 1000))],
    )  # fmt: skip
    assert rules(facts) == [Rule.PLACE, Rule.MISROUTED, Rule.RISES]


def test_a_unit_is_held_against_its_own_body() -> None:
    own = lines(
        line(1, kept=850, missed=150), units=[line(5, kept=60, missed=40), line(6, kept=90, missed=10)]
    )
    (one,) = advice(replace(own, of_body=True))
    assert (one.rule, one.unit, one.entity) == (Rule.UNIT, 5, 1)
    assert advice(own) == []


def test_it_says_whom_to_learn_from_and_when_the_citizens_word_is_unsure() -> None:
    good = line(9, kept=980, missed=20, yes=450, no=50, answered=1000)
    facts = replace(lines(good), response=Reading(0.1, 1000))
    assert rules(facts) == [Rule.EXAMPLE, Rule.QUIET]
    assert rules(replace(facts, of_body=True)) == [Rule.QUIET]


counts = st.integers(0, 3000)


@settings(max_examples=25)
@given(st.lists(st.tuples(counts, counts, counts, counts, counts, counts), max_size=20), st.booleans())
def test_never_too_much_and_always_in_whole_sentences(found: list[tuple[int, ...]], of_body: bool) -> None:
    bodies = [
        line(key, late, before, kept=kept, missed=missed, yes=yes, no=no, answered=kept + missed)
        for key, (kept, missed, yes, no, late, before) in enumerate(found, 1)
    ]
    facts = replace(lines(*bodies), of_body=of_body)
    given_ = advice(facts)
    assert len(given_) <= MOST
    assert all([one.rule for one in given_].count(rule) <= OF_A_RULE for rule in Rule)
    assert [one.weight for one in given_] == sorted((one.weight for one in given_), reverse=True)
    assert not any("{" in text for text in sentences(facts))


def test_every_rule_has_its_sentence() -> None:
    assert set(SENTENCES) == set(Rule)
