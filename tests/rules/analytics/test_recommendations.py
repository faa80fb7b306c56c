"""What a report recommends: only what the figures surely say, the weightiest first, few of a kind."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bekhedmetkom.analytics.rules.recommendation_texts import RECOMMENDATION_TEXTS, render_recommendation
from bekhedmetkom.analytics.rules.recommendations import (  # fmt: skip
    MAX_PER_RULE,
    MAX_RECOMMENDATIONS,
    Addressee,
    GovernorateOnTime,
    ReportFacts,
    Rule,
    TopicCounts,
    TransferCount,
    list_recommendations,
)
from bekhedmetkom.analytics.rules.reports import (
    BrokenPromise,
    RecurringTopic,
    ReportDetails,
    ReportedProblem,
    ReportLine,
    build_report_line,
)
from bekhedmetkom.analytics.rules.totals import IndicatorValue, Totals, build_share
from bekhedmetkom.kernel.text import BilingualText

NO_DETAILS = ReportDetails([], [], [], [], [], [], {})
QUIET_FACTS = ReportFacts(date(2026, 10, 31), False, NO_DETAILS, [], [], [], IndicatorValue(0.5, 1000))
PLAIN_NAMES = {
    name: BilingualText(f"«{name}»", f"“{name}”") for name in ("body", "other", "topic", "place", "unit")
}


def build_line(key: int = 1, late: int = 0, late_before: int = 0, **sums: int) -> ReportLine:
    """A body as its sums make it, with nothing in the month before."""
    return replace(build_report_line(key, Totals(sums), Totals()), late=late, late_before=late_before)


def build_facts(*of: ReportLine, **more: Any) -> ReportFacts:
    return replace(QUIET_FACTS, details=replace(NO_DETAILS, lines=list(of), **more))


def list_rules(facts: ReportFacts) -> list[Rule]:
    return [one.rule for one in list_recommendations(facts)]


def list_sentences(facts: ReportFacts) -> list[str]:
    return [
        f"{one.action.ar} {one.evidence.ar} {one.action.en} {one.evidence.en}"
        for one in (
            render_recommendation(
                found, PLAIN_NAMES, lambda value: BilingualText(f"{100 * value:.0f}%", f"{100 * value:.0f}%")
            )
            for found in list_recommendations(facts)
        )
    ]


def test_a_month_without_anything_has_no_advice() -> None:
    assert list_recommendations(QUIET_FACTS) == []
    assert (
        list_recommendations(
            build_facts(build_line(kept=90, missed=10, yes=75, no=25, received=100, answered=99))
        )
        == []
    )


def test_far_below_the_target_is_said_with_how_many_more_answers_reach_it() -> None:
    (one,) = list_recommendations(build_facts(build_line(7, kept=600, missed=400)))
    assert (one.rule, one.addressee, one.entity, one.counts["more"]) == (Rule.LATE, Addressee.BODY, 7, 300)
    assert "ينقصها 300 رد في الموعد" in list_sentences(build_facts(build_line(7, kept=600, missed=400)))[0]


@pytest.mark.parametrize("sums", [{"kept": 10, "missed": 12}, {"kept": 78, "missed": 22}, {}])
def test_what_too_few_say_or_may_be_chance_is_not_said(sums: dict[str, int]) -> None:
    assert list_recommendations(build_facts(build_line(**sums))) == []


def test_on_time_and_not_solved_is_a_matter_of_the_answers() -> None:
    assert list_rules(build_facts(build_line(kept=95, missed=5, yes=40, no=60, answered=100))) == [
        Rule.NOT_SOLVED
    ]


def test_a_fall_is_held_against_chance() -> None:
    fallen = replace(build_line(kept=820, missed=180), on_time_before=build_share(900, 1000))
    assert Rule.FELL in list_rules(build_facts(fallen))
    assert Rule.FELL not in list_rules(
        build_facts(replace(fallen, on_time=build_share(32, 39), on_time_before=build_share(36, 40)))
    )


def test_overdue_cases_are_asked_of_who_has_most_of_them_or_more_than_before() -> None:
    assert [
        one.entity
        for one in list_recommendations(build_facts(build_line(1, 900), build_line(2, 50), build_line(3, 40)))
    ] == [1]
    of_body = replace(build_facts(build_line(1, 50, 40)), is_for_body=True)
    assert list_rules(of_body) == [Rule.OVERDUE]
    assert list_rules(replace(build_facts(build_line(1, 40, 50)), is_for_body=True)) == []


def test_what_comes_again_and_what_was_promised() -> None:
    problem = ReportedProblem(
        1, "انقطاع المياه في الرصيفة", "No water in Rusaifa", 4, 2, 47, date(2026, 10, 20), None
    )
    facts = build_facts(
        problems=[
            problem,
            build_long_problem(problem, fixed_on=date(2026, 10, 19)),
            build_long_problem(problem, reported=None),
        ],
        broken_promises=[
            BrokenPromise("BK-7F3K-92MD", 4, 31, date(2026, 10, 5), done)
            for done in (None, date(2026, 10, 9))
        ],
        recurring_topics=[RecurringTopic(4, 31, 2, 40, 12), RecurringTopic(4, 32, 2, 40, 6)],
    )
    assert list_rules(facts) == [Rule.PROBLEM, Rule.RECURRING, Rule.PROMISE]
    text = list_sentences(facts)
    assert "إصلاح «انقطاع المياه في الرصيفة»" in text[0]
    assert "أبلغ عنها 47 شخصًا" in text[0]
    assert "وعد واحد" in text[2]


def build_long_problem(one: ReportedProblem, **more: Any) -> ReportedProblem:
    return one._replace(**more)


def test_topics_places_and_ways_between_bodies() -> None:
    facts = replace(
        QUIET_FACTS,
        topics=[TopicCounts(31, 4, 150, 100), TopicCounts(32, 4, 12, 4)],
        flows=[TransferCount(1, 2, 80), TransferCount(2, 1, 5)],
        governorates=[
            GovernorateOnTime(1, build_share(500, 1000)),
            GovernorateOnTime(2, build_share(14, 20)),
            GovernorateOnTime(3, build_share(890, 1000)),
        ],
    )
    assert list_rules(facts) == [Rule.GOVERNORATE, Rule.MISROUTED, Rule.RISES]


def test_a_unit_is_held_against_its_own_body() -> None:
    own = build_facts(
        build_line(1, kept=850, missed=150),
        units=[build_line(5, kept=60, missed=40), build_line(6, kept=90, missed=10)],
    )
    (one,) = list_recommendations(replace(own, is_for_body=True))
    assert (one.rule, one.unit, one.entity) == (Rule.UNIT, 5, 1)
    assert list_recommendations(own) == []


def test_it_says_whom_to_learn_from_and_when_the_citizens_word_is_unsure() -> None:
    good = build_line(9, kept=980, missed=20, yes=450, no=50, answered=1000)
    facts = replace(build_facts(good), response=IndicatorValue(0.1, 1000))
    assert list_rules(facts) == [Rule.EXAMPLE, Rule.LOW_RESPONSE]
    assert list_rules(replace(facts, is_for_body=True)) == [Rule.LOW_RESPONSE]


COUNTS = st.integers(0, 3000)


@settings(max_examples=25)
@given(st.lists(st.tuples(COUNTS, COUNTS, COUNTS, COUNTS, COUNTS, COUNTS), max_size=20), st.booleans())
def test_never_too_much_and_always_in_whole_sentences(found: list[tuple[int, ...]], of_body: bool) -> None:
    bodies = [
        build_line(key, late, before, kept=kept, missed=missed, yes=yes, no=no, answered=kept + missed)
        for key, (kept, missed, yes, no, late, before) in enumerate(found, 1)
    ]
    facts = replace(build_facts(*bodies), is_for_body=of_body)
    given_ = list_recommendations(facts)
    assert len(given_) <= MAX_RECOMMENDATIONS
    assert all([one.rule for one in given_].count(rule) <= MAX_PER_RULE for rule in Rule)
    assert [one.weight for one in given_] == sorted((one.weight for one in given_), reverse=True)
    assert not any("{" in text for text in list_sentences(facts))


def test_every_rule_has_its_sentence() -> None:
    assert set(RECOMMENDATION_TEXTS) == set(Rule)
