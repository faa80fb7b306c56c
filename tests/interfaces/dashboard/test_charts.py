"""Drawings hold what their numbers say, in both languages; no database."""

import re
from datetime import date, timedelta
from itertools import pairwise
from xml.etree.ElementTree import Element

import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given
from hypothesis import strategies as st

from bekhedmetkom.interfaces.dashboard.charts import (
    NARROW,
    WIDE,
    ChartLine,
    ExpectedPoint,
    Flow,
    TrendChart,
    build_count_axis,
    build_share_axis,
    draw_bar,
    draw_flows,
    draw_hours,
    draw_sparkline,
    draw_trend,
)
from bekhedmetkom.interfaces.dashboard.charts.line_chart import ChartFrame, spread_labels
from bekhedmetkom.interfaces.dashboard.charts.svg import Scale, get_axis_step

MONDAY = date(2026, 11, 2)
WEEKS = [MONDAY + timedelta(7 * week) for week in range(4)]


def parse_svg(svg: str) -> Element:
    read: Element = fromstring(svg)
    return read


def find_by_class(svg: Element, kind: str) -> list[Element]:
    return [part for part in svg.iter() if kind in part.get("class", "").split()]


def list_heights(part: Element) -> list[float]:
    return [float(point.split(",")[1]) for point in part.get("points", "").split()]


def draw_trend_chart(
    *lines: ChartLine, frame: ChartFrame = WIDE, expected: tuple[ExpectedPoint, ...] = ()
) -> Element:
    return parse_svg(
        draw_trend(
            TrendChart(
                WEEKS,
                lines,
                build_share_axis([75, 90]),
                lambda value: f"{value:.0f}%",
                lambda day: f"{day:%d} ت2",
                (90, "هدف الموعد"),
                expected,
            ),
            "الرد في الموعد صعد",
            frame,
        )
    )


@given(st.floats(0, 1e9), st.integers(1, 8))
def test_steps_are_round_and_cover_the_span(span: float, most: int) -> None:
    step = get_axis_step(span, most)
    assert step * most >= span * (1 - 1e-6)
    assert f"{step:.0f}".rstrip("0") in ("1", "2", "5")


@given(st.lists(st.floats(0, 1e7), max_size=30))
def test_an_axis_begins_at_nothing_and_holds_every_value(values: list[float]) -> None:
    lines = build_count_axis(values)
    assert lines[0] == 0
    assert len(lines) >= 2
    assert lines[-1] >= max(values, default=0)


@given(st.lists(st.floats(0, 100), max_size=30))
def test_an_axis_of_shares_holds_every_share(values: list[float]) -> None:
    lines = build_share_axis(values)
    assert lines[0] <= min(values, default=0)
    assert lines[-1] >= max(values, default=100)
    assert len(lines) >= 2
    assert lines[0] >= 0
    assert lines[-1] <= 100


def test_a_scale_of_one_value_stands_in_the_middle() -> None:
    assert Scale(5, 5, 0, 10)(5) == 5


def test_a_line_that_rises_is_drawn_upwards_and_ends_with_its_figure() -> None:
    svg = draw_trend_chart(ChartLine("في الموعد", [76.8, 80, 82, 84.2], "84.2%"))
    [line] = find_by_class(svg, "l1")
    assert list_heights(line) == sorted(list_heights(line), reverse=True)
    assert [text.text for text in find_by_class(svg, "t1")] == ["في الموعد", "84.2%"]


def test_a_line_is_broken_where_too_few_say() -> None:
    svg = draw_trend_chart(ChartLine("حُلّت", [60, None, 62, 64], "64%"))
    assert [part.tag for part in find_by_class(svg, "l1")] == ["circle", "polyline"]


def test_the_target_stands_at_its_height_by_its_name() -> None:
    svg = draw_trend_chart(ChartLine("في الموعد", [76.8, 80, 82, 84.2], "84.2%"))
    [target] = find_by_class(svg, "target")
    assert "هدف الموعد" in [text.text for text in svg.iter("text")]
    assert target.get("d", "").startswith("M48 14")  # 90 is the highest line


def test_a_target_between_the_lines_of_the_axis_has_a_line_of_its_own() -> None:
    chart = TrendChart(WEEKS, [ChartLine("x", [70, 75, 80, 85], "85%")], [60, 80, 100], str, str, (75, "هدف"))
    assert len(find_by_class(parse_svg(draw_trend(chart, "…")), "target")) == 1


def test_what_is_expected_goes_on_from_the_last_day_within_its_band() -> None:
    expected = tuple(ExpectedPoint(WEEKS[-1] + timedelta(7 * n), 80 - 2 * n, 84, 86 + 2 * n) for n in (1, 2))
    svg = draw_trend_chart(ChartLine("في الموعد", [76, 80, 82, 84], "84%"), expected=expected)
    [band], [middle] = find_by_class(svg, "a1"), find_by_class(svg, "next")
    first = middle.get("points", "").split()[0]
    assert band.get("points", "").split()[0] == first
    end = find_by_class(svg, "d1")[0]
    assert first == f"{end.get('cx')},{end.get('cy')}"
    assert len(list_heights(band)) == 6


@pytest.mark.parametrize("frame", [WIDE, NARROW])
def test_a_narrow_place_gets_its_own_drawing_with_the_same_letters(frame: ChartFrame) -> None:
    svg = draw_trend_chart(ChartLine("في الموعد", [76.8, 80, 82, 84.2], "84.2%"), frame=frame)
    assert svg.get("viewBox", "").startswith(f"0 0 {frame.width:.0f} ")
    for text in svg.iter("text"):
        assert -1 <= float(text.get("x", "")) <= frame.width


@given(st.lists(st.floats(14, 250), max_size=4))
def test_what_stands_at_the_ends_of_lines_never_overlaps(ends: list[float]) -> None:
    placed = spread_labels([(at, which) for which, at in enumerate(ends)], 40, 18, 260)
    heights = [at for at, _which in placed]
    assert sorted(which for _at, which in placed) == list(range(len(ends)))
    assert all(b - a >= 40 - 1e-6 for a, b in pairwise(heights))
    assert all(at <= 240 + 1e-6 for at in heights)


def test_arabic_ends_where_english_would_begin() -> None:
    """An Arabic label is read from its right edge: its anchor is turned, so that it stands at the same place."""
    arabic = draw_trend_chart(ChartLine("في الموعد", [76.8, 80, 82, 84.2], "84.2%"))
    english = draw_trend_chart(ChartLine("On time", [76.8, 80, 82, 84.2], "84.2%"))
    assert find_by_class(arabic, "t1")[0].get("text-anchor") == "end"
    assert "ar" in find_by_class(arabic, "t1")[0].get("class", "").split()
    assert find_by_class(english, "t1")[0].get("text-anchor") is None


def test_words_of_the_directory_cannot_draw() -> None:
    svg = draw_trend_chart(ChartLine('<script>"&', [76.8, 80, 82, 84.2], "84.2%"))
    assert find_by_class(svg, "t1")[0].text == '<script>"&'


def test_hours_to_come_show_only_what_is_usual_and_the_one_that_runs_is_faint() -> None:
    svg = parse_svg(draw_hours([20, 40, 10, 0], [18.5, 30, 35, 20], now=8, first=6, title="اليوم"))
    bars = list(svg.iter("rect"))
    assert [bar.get("opacity") for bar in bars] == [None, None, ".5"]
    assert len(find_by_class(svg, "usual")) == 4
    assert float(bars[1].get("height", "")) == pytest.approx(2 * float(bars[0].get("height", "")), rel=0.02)


@pytest.mark.parametrize(("share", "width"), [(84.2, "84.2%"), (120, "100%"), (-3, "0%")])
def test_a_bar_is_its_share_of_the_whole(share: float, width: str) -> None:
    svg = parse_svg(draw_bar(share, 90))
    assert next(svg.iter("rect")).get("width") == width
    assert find_by_class(svg, "t")[0].get("x") == "90%"


def test_a_course_needs_two_points() -> None:
    assert draw_sparkline([None, 3]) == ""
    assert len(list_heights(find_by_class(parse_svg(draw_sparkline([1, 2, 3])), "s")[0])) == 3


def test_bands_between_bodies_are_as_thick_as_they_are_many() -> None:
    svg = parse_svg(draw_flows([Flow("أ", "ب", 30), Flow("أ", "ج", 10), Flow("د", "ب", 10)], "…"))
    thick = sorted(
        float(edges[2]) - float(edges[1])
        for part in find_by_class(svg, "a1")
        if (edges := re.search(r" ([0-9.]+)V([0-9.]+)C", part.get("d", "")))
    )
    assert thick[2] == pytest.approx(3 * thick[0], abs=0.3)
    assert len(list(svg.iter("rect"))) == 4


def test_a_long_name_beside_a_band_has_two_lines_and_stays_inside() -> None:
    long = "Accreditation and Quality Assurance Commission for Higher Education Institutions"
    svg = parse_svg(draw_flows([Flow(long, "ب", 3), Flow("أ", "ج", 2), Flow("د", "ب", 1)], "…"))
    lines = [text.text or "" for text in svg.iter() if text.tag.endswith("text")]
    assert lines[:2] == ["Accreditation and Quality", "Assurance Commission for…"]
    assert max(map(len, lines)) <= 26
