"""Titles say what their pictures show, in both languages; no database."""

from datetime import date, timedelta

import pytest

from bekhedmetkom.analytics.queries.dashboard_data import (
    AgeRow,
    ChannelRow,
    FlowRow,
    GovernorateRow,
    HourlyCases,
    RankingRow,
    TopicRow,
    TrendStep,
)
from bekhedmetkom.analytics.rules.totals import IndicatorValue, Totals, build_share
from bekhedmetkom.interfaces.dashboard.overview import findings
from bekhedmetkom.interfaces.dashboard.trend import WEEK_DAYS, TrendPoint, build_trend, compute_daily_means
from bekhedmetkom.kernel.formatting import format_short_date
from bekhedmetkom.kernel.text import BilingualText

NO_VALUE = IndicatorValue(None, 0)
NAMES = {
    1: BilingualText("معان", "Ma'an"),
    2: BilingualText("الطفيلة", "Tafilah"),
    3: BilingualText("عمّان", "Amman"),
    4: BilingualText("إربد", "Irbid"),
}
FIRST_DAY = date(2026, 10, 1)


def build_ranking_row(entity: int, of_1000: int | None, place: int | None = 1) -> RankingRow:
    on_time = NO_VALUE if of_1000 is None else build_share(of_1000, 1000)
    return RankingRow(entity, place, None, on_time, NO_VALUE, NO_VALUE, 0, 1000, 0, 0)


def build_governorate_row(governorate: int, of_1000: int | None) -> GovernorateRow:
    return GovernorateRow(
        governorate, 0, 0, NO_VALUE if of_1000 is None else build_share(of_1000, 1000), NO_VALUE, 0, 0
    )


def build_steps(
    n: int, kept: int = 80, of: int = 100, open_from: int = 100, more: int = 0
) -> list[TrendStep]:
    """`kept` of `of` a day, one more kept each day where that is asked for."""
    return [
        TrendStep(
            FIRST_DAY + timedelta(at),
            Totals(
                {
                    "received": 10,
                    "answered": 8,
                    "kept": (now := min(kept + more * at, of)),
                    "missed": of - now,
                }
            ),
            open_from + more * at,
            0,
        )
        for at in range(n)
    ]


@pytest.mark.parametrize(
    ("shares", "ar", "en"),
    [
        ([950, 910, 800, 700], "جهتان من 4 بلغتا الهدف", "2 of 4 public bodies reached the target"),
        ([950, 910, 900, 700], "3 جهات من 4 بلغت الهدف", "3 of 4 public bodies reached the target"),
        ([950, 700], "جهة واحدة من 2 بلغت الهدف", "1 of 2 public bodies reached the target"),
        ([800, 700], "لم تبلغ الهدف أي جهة من 2", "None of 2 public bodies reached the target"),
        ([950], "الجهة الوحيدة المرتّبة بلغت الهدف", "The only body that is ranked reached the target"),
        (
            [700],
            "الجهة الوحيدة المرتّبة لم تبلغ الهدف",
            "The only body that is ranked did not reach the target",
        ),
        ([950, 940], "كل الجهات بلغت الهدف (2)", "All bodies reached the target (2)"),
        ([], "لا جهة عندها ما يكفي لترتيبها", "No body has enough to be ranked by"),
    ],
)
def test_the_ranking_says_how_many_reached_the_target(shares: list[int], ar: str, en: str) -> None:
    rows = [build_ranking_row(key, value, key + 1) for key, value in enumerate(shares)]
    assert findings.describe_ranking([*rows, build_ranking_row(99, None, None)], 0.9) == BilingualText(ar, en)


@pytest.mark.parametrize(
    ("low", "ar", "en"),
    [
        ({1: 680, 2: 720}, "معان والطفيلة دون \u206675%\u2069", "Ma'an and Tafilah below 75%"),
        ({2: 720}, "الطفيلة دون \u206675%\u2069", "Tafilah below 75%"),
        ({1: 680, 2: 720, 3: 500}, "3 محافظات دون \u206675%\u2069", "3 governorates below 75%"),
        ({}, "لا محافظة دون \u206675%\u2069", "No governorate below 75%"),
    ],
)
def test_the_map_names_who_is_far_below(low: dict[int, int], ar: str, en: str) -> None:
    rows = [build_governorate_row(key, low.get(key, 880)) for key in NAMES]
    assert findings.describe_governorates(rows, NAMES, 0.9) == BilingualText(ar, en)


def test_a_map_of_which_nothing_is_known_says_so() -> None:
    assert "لا يكفي" in findings.describe_governorates([build_governorate_row(1, None)], NAMES, 0.9).ar


def describe_trend_points(points: list[TrendPoint], target: float) -> BilingualText:
    return findings.describe_trend(points, target, by_week=False, today=points[-1].day)


@pytest.mark.parametrize(
    ("kept", "more", "ar", "en"),
    [
        (70, 1, "الرد في الموعد صعد 7 نقاط، وبقي 10 للهدف اليوم",
         "Answers on time rose 7 points; today fell 10 short of the target"),
        (80, 0, "الرد في الموعد ثابت، وبقي 10 للهدف اليوم",
         "Answers on time are steady; today fell 10 short of the target"),
        (90, -1, "الرد في الموعد هبط 7 نقاط، وبقي 10 للهدف اليوم",
         "Answers on time fell 7 points; today fell 10 short of the target"),
        (95, 0, "الرد في الموعد ثابت، وبلغ الهدف اليوم",
         "Answers on time are steady; today reached the target"),
    ],
)  # fmt: skip
def test_a_course_says_how_far_it_went_and_what_is_left(kept: int, more: int, ar: str, en: str) -> None:
    points = build_trend(build_steps(14, kept, more=more), "on_time")
    target = points[-1].value + 0.1 if kept < 95 and points[-1].value else 0.9
    assert describe_trend_points(points, target) == BilingualText(ar, en)


def test_a_course_names_the_days_of_its_last_point() -> None:
    """Which may lie before the end: of the days after it there is too little to say."""
    points = build_trend(build_steps(20, 90), "on_time")
    early = [*points[:-3], *(point._replace(indicator_value=NO_VALUE) for point in points[-3:])]
    said = findings.describe_trend(early, 0.9, by_week=True, today=points[-1].day)
    assert said.en.endswith(f"; the 7 days to {format_short_date(points[-4].day, 'en')} reached the target")
    assert findings.describe_trend(points, 0.9, by_week=True, today=points[-1].day).ar.endswith(
        "وبلغ الهدف في آخر 7 أيام"
    )


def test_what_may_be_chance_is_not_called_a_rise() -> None:
    points = build_trend(build_steps(14, 7, of=10, more=0), "on_time")
    last = points[-1]._replace(indicator_value=build_share(55, 70))  # from 49 of 70
    assert describe_trend_points([*points[:-1], last], 0.9).en.startswith("Answers on time are steady")


def test_a_course_of_which_too_little_is_known_says_so() -> None:
    assert "لا يكفي" in describe_trend_points(build_trend(build_steps(14, 2, of=3), "solved"), 0.9).ar


def test_a_point_is_all_that_ended_in_its_seven_days() -> None:
    """Not the mean of seven shares: a Friday with two cases weighs two cases."""
    week = [*build_steps(6, 90), TrendStep(FIRST_DAY + timedelta(6), Totals({"missed": 2}), 0, 0)] * 2
    last = build_trend(week, "on_time")[-1]
    assert last.indicator_value == build_share(540, 602)


def test_a_point_of_too_few_says_nothing() -> None:
    assert {point.value for point in build_trend(build_steps(20, 2, of=4), "on_time")} == {None}
    assert build_trend(build_steps(20, 2, of=5), "on_time")[0].value == 0.4  # 35 in seven days


def test_a_short_course_is_of_single_days_and_a_long_one_of_weeks() -> None:
    assert len(build_trend(build_steps(7), "on_time")) == 7
    assert len(build_trend(build_steps(30), "on_time")) == 24
    week = {"received": 70, "kept": 80, "missed": 20}
    year = [TrendStep(FIRST_DAY + timedelta(7 * at), Totals(week), 0, 0, WEEK_DAYS) for at in range(52)]
    begun = TrendStep(year[-1].day + timedelta(1), Totals({"received": 2, "kept": 99, "missed": 0}), 0, 0, 1)
    assert [point.day for point in build_trend([*year, begun], "on_time")] == [step.day for step in year]
    assert {point.value for point in build_trend([*year, begun], "on_time")} == {0.8}
    assert {mean for _day, mean in compute_daily_means([*year, begun], lambda step: step.received)} == {10}


def test_counts_are_means_of_the_same_days() -> None:
    found = compute_daily_means(build_steps(30), lambda day: day.received)
    assert [day for day, _mean in found] == [point.day for point in build_trend(build_steps(30), "on_time")]
    assert {mean for _day, mean in found} == {10}


USUAL_HOURS = [0.0] * 8 + [60.0] * 8 + [0.0] * 8


@pytest.mark.parametrize(
    ("today", "ar", "en"),
    [
        ([60, 92], "اليوم أكثر من المعتاد بـ \u206613%\u2069", "Today is 13% above the usual"),
        ([50, 69], "اليوم أقل من المعتاد بـ \u206612%\u2069", "Today is 12% below the usual"),
        ([60, 76], "اليوم كالمعتاد", "Today is as usual"),
    ],
)
def test_today_is_compared_up_to_this_minute(today: list[int], ar: str, en: str) -> None:
    """At a quarter past ten, two hours of the usual are over, and a quarter of one."""
    hours = HourlyCases([0] * 8 + today + [0] * 14, USUAL_HOURS)
    assert findings.count_usual_so_far(hours, 10, 15) == 135
    assert findings.describe_hours(hours, 10, 15) == BilingualText(ar, en)


def test_without_a_usual_today_is_a_number() -> None:
    assert findings.describe_hours(HourlyCases([0, 3] + [0] * 22, [0.0] * 24), 10, 0) == BilingualText(
        "وصل اليوم 3 طلبات", "3 cases came today"
    )
    assert findings.describe_hours(HourlyCases([0] * 24, [0.0] * 24), 3, 0) == BilingualText(
        "لم يصل اليوم طلب", "No case came today"
    )


def test_topics_name_the_one_that_rises_most() -> None:
    rows = [TopicRow(1, 90, 60, 0.5, NO_VALUE, NO_VALUE), TopicRow(2, 15, 5, 2.0, NO_VALUE, NO_VALUE)]
    assert findings.describe_topics(rows, NAMES) == BilingualText(
        "«معان» زاد \u206650%\u2069", "“Ma'an” rose by 50%"
    )
    for received, before, change in ((60, 60, 0.0), (60, 0, None), (15, 13, 0.15)):  # the last may be chance
        row = TopicRow(1, received, before, change, NO_VALUE, NO_VALUE)
        assert findings.describe_topics([row], NAMES).en == "No topic clearly rises"


def test_the_backlog_says_how_much_of_it_is_old_and_never_rounds_it_away() -> None:
    rows = [AgeRow(0, 29, 999, 0), AgeRow(30, None, 1, 1)]
    assert findings.describe_backlog(rows).en == "1% of what is open is older than 30 days"
    assert findings.describe_backlog(rows[:1]).en == "Nothing open is older than 30 days"
    assert findings.describe_backlog([]).en == "Nothing is open"


def test_what_moved_and_how_cases_came() -> None:
    assert findings.describe_flows([FlowRow(1, 2, 3), FlowRow(2, 1, 8)]) == BilingualText(
        "انتقل 11 طلبًا بين الجهات", "11 cases moved between bodies"
    )
    assert findings.describe_flows([]).en.startswith("No case")
    rows = [ChannelRow("portal", 68, 0.68), ChannelRow("phone", 32, 0.32)]
    assert (
        findings.describe_channels(rows, {"portal": BilingualText("الموقع", "Website")}).en
        == "68% of cases came by: Website"
    )


@pytest.mark.parametrize(
    ("more", "ar", "en"),
    [(1, "المفتوح زاد 10 طلبات", "10 cases more open"), (-1, "المفتوح نقص 10 طلبات", "10 cases fewer open"),
     (0, "المفتوح كما كان", "As much is open as was")],
)  # fmt: skip
def test_the_work_says_what_became_of_the_backlog(more: int, ar: str, en: str) -> None:
    """Against the evening before: what changed on the first day is of these days, as it is in the figure."""
    found = build_steps(10, more=more)
    assert findings.describe_workload(found, found[0].waiting - more) == BilingualText(ar, en)
    assert findings.describe_workload(found, None).en == "Received and answered"
