"""A slice taken apart: by body, by place, by topic, by channel, and what is open by its age. One statement."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

from ..rules.grains import BACKLOG_MEASURES, COUNT_MEASURES
from ..rules.indicators import INDICATORS
from ..rules.slices import Slice, SpanRun
from ..rules.totals import IndicatorValue, Totals
from .dashboard_data import AgeRow, ChannelRow, GovernorateRow, RankingRow, TopicRow
from .rollup_sums import BEGINNING, RollupPart, build_rows_query, fetch_rows, list_parts

AGE_RANGES = ((0, 2), (3, 7), (8, 14), (15, 30), (31, 90), (91, None))  # days
MAX_TOPICS = 30  # the most frequent, and as many of those that grow most
MIN_CASES_FOR_CHANGE = 10  # cases before it that a change must have to say something


class GroupTotals(NamedTuple):
    """One body, place, topic or channel: now, before, and what of it is open at this moment."""

    key: str
    current: Totals
    previous: Totals
    waiting: int
    late: int


def get_breakdowns(wanted: Slice, today: date) -> dict[str, Any]:
    """The parts of a board that are tables."""
    questions = [
        _build_dimension_query(wanted, name, [*_list_parts(wanted), ALL_TIME])
        for name in ("entity", "governorate")
    ]
    questions += [_build_dimension_query(wanted, "channel", list_parts("now", wanted))]
    questions += [_build_topics_query(wanted), _build_backlog_query(wanted, today)]
    found = fetch_rows(
        " UNION ALL ".join(sql for sql, _ in questions), [v for _, values in questions for v in values]
    )
    tables: dict[str, list[GroupTotals]] = {}
    for what, key, *counts in found:
        half = len(COUNT_MEASURES)
        now, then = (
            dict(zip(COUNT_MEASURES, part, strict=True)) for part in (counts[:half], counts[half : 2 * half])
        )
        if any(counts):
            tables.setdefault(what, []).append(
                GroupTotals(key, Totals(now), Totals(then), *counts[2 * half :])
            )
    return {
        "ranking": _build_ranking(tables.get("entity", [])),
        "governorates": [
            _build_governorate_row(row)
            for row in sorted(tables.get("governorate", []), key=lambda row: int(row.key))
            if row.key != "0"
        ],
        "topics": sorted(
            (_build_topic_row(row) for row in tables.get("service", []) if row.key != "0"),
            key=lambda one: (-one.received, one.service),
        ),
        "backlog": _build_age_rows(tables.get("age", [])),
        "channels": _build_channel_rows(tables.get("channel", [])),
    }


def _list_parts(wanted: Slice) -> list[RollupPart]:
    return [*list_parts("now", wanted), *list_parts("before", wanted.get_previous_period())]


def _build_dimension_query(wanted: Slice, name: str, of: Sequence[RollupPart]) -> tuple[str, list[Any]]:
    """Sums by one dimension, before and now; what is open is all that ever came less all that left."""
    columns = f"{name} AS key, {', '.join([*COUNT_MEASURES, *BACKLOG_MEASURES])}"
    source, values = build_rows_query(wanted, of, columns, group={name}, light=True)
    return (
        f"SELECT '{name}' AS what, key::text, {_NOW_AND_BEFORE_COLUMNS}, {_OPEN_COLUMNS}"
        f" FROM ({_build_label_sums(source, [*COUNT_MEASURES, *BACKLOG_MEASURES])}) AS sums GROUP BY key",
        values,
    )


def _build_topics_query(wanted: Slice) -> tuple[str, list[Any]]:
    """The most frequent ones and those that grow most: a country has too many to bring them all."""
    columns = f"service AS key, {', '.join(COUNT_MEASURES)}"
    source, values = build_rows_query(
        wanted, _list_parts(wanted), columns, group={"service", "entity"}, light=True
    )
    return (
        f"(WITH sums AS MATERIALIZED ({_build_label_sums(source, COUNT_MEASURES)}), topics AS ("
        f"SELECT key, {_build_sum('received', 'now')} AS now, {_build_sum('received', 'before')} AS before"
        f" FROM sums WHERE key <> 0 GROUP BY key), chosen AS ("
        f"(SELECT key FROM topics ORDER BY now DESC, key LIMIT {MAX_TOPICS})"
        f" UNION (SELECT key FROM topics ORDER BY now - before DESC, key LIMIT {MAX_TOPICS}))"
        f" SELECT 'service', key::text, {_NOW_AND_BEFORE_COLUMNS}, 0, 0 FROM sums JOIN chosen USING (key) GROUP "
        f"BY key)",
        values,
    )


def _build_backlog_query(wanted: Slice, today: date) -> tuple[str, list[Any]]:
    source, values = build_rows_query(
        wanted, [RollupPart("open", SpanRun("open", BEGINNING, date.max))], "day, waiting, late"
    )
    nothing = ", ".join("0" for _ in range(2 * len(COUNT_MEASURES)))
    age = "".join(f" WHEN %s::date - day >= {least} THEN '{least}'" for least, _ in reversed(AGE_RANGES))
    return (
        f"SELECT 'age', CASE{age} ELSE '0' END AS key, {nothing}, coalesce(sum(waiting), 0)::int,"
        f" coalesce(sum(late), 0)::int FROM ({source}) AS of GROUP BY key",
        [*(today for _ in AGE_RANGES), *values],
    )


ALL_TIME = RollupPart("ever", SpanRun("year", BEGINNING, date.max.replace(month=1, day=1)))


def _build_sum(measure: str, label: str) -> str:
    return f"coalesce(sum({measure}) FILTER (WHERE label = '{label}'), 0)::int"


_NOW_AND_BEFORE_COLUMNS = ", ".join(
    f"{_build_sum(name, label)} AS {name}_{label}" for label in ("now", "before") for name in COUNT_MEASURES
)
_OPEN_COLUMNS = ", ".join(
    _build_sum(f"{came} - {left}", "ever") for came, left in (BACKLOG_MEASURES[:2], BACKLOG_MEASURES[2:])
)


def _build_label_sums(source: str, measures: Sequence[str]) -> str:
    """Now, before and ever first in rows of their own, then side by side: six columns for many rows, twelve for few."""
    sums = ", ".join(f"coalesce(sum(sign * {name}), 0)::int AS {name}" for name in measures)
    return f"SELECT key, label, {sums} FROM ({source}) AS of GROUP BY key, label"


def _compute_indicator(key: str, totals: Totals) -> IndicatorValue:
    return INDICATORS[key].get_value(totals)


def _build_ranking(found: Iterable[GroupTotals]) -> list[RankingRow]:
    """By the share answered on time; those of whom there is too little to say come last, the busiest first."""
    kept = [row for row in found if row.key != "0"]
    on_time = {row.key: _compute_indicator("on_time", row.current) for row in kept}
    now, was = (
        _compute_ranks(on_time),
        _compute_ranks({row.key: _compute_indicator("on_time", row.previous) for row in kept}),
    )
    return sorted(
        (
            RankingRow(
                int(row.key),
                now.get(row.key),
                was.get(row.key),
                on_time[row.key],
                _compute_indicator("solved", row.current),
                _compute_indicator("response", row.current),
                row.current["received"],
                row.current["answered"],
                row.waiting,
                row.late,
            )
            for row in kept
        ),
        key=lambda one: (one.rank is None, one.rank or 0, -one.received, one.entity),
    )


def _compute_ranks(readings: dict[str, IndicatorValue]) -> dict[str, int]:
    """Equal ones share a place, and the next is as many further on."""
    values = {key: reading.value for key, reading in readings.items() if reading.value is not None}
    first: dict[float, int] = {}
    for place, value in enumerate(sorted(values.values(), reverse=True), 1):
        first.setdefault(value, place)
    return {key: first[value] for key, value in values.items()}


def _build_governorate_row(row: GroupTotals) -> GovernorateRow:
    return GovernorateRow(
        int(row.key),
        row.current["received"],
        row.previous["received"],
        _compute_indicator("on_time", row.current),
        _compute_indicator("solved", row.current),
        row.waiting,
        row.late,
    )


def _build_topic_row(row: GroupTotals) -> TopicRow:
    now, then = row.current["received"], row.previous["received"]
    change = (now - then) / then if then >= MIN_CASES_FOR_CHANGE else None
    return TopicRow(
        int(row.key),
        now,
        then,
        change,
        _compute_indicator("on_time", row.current),
        _compute_indicator("solved", row.current),
    )


def _build_age_rows(found: Sequence[GroupTotals]) -> list[AgeRow]:
    of = {row.key: row for row in found}
    return [
        AgeRow(least, most, of[str(least)].waiting, of[str(least)].late)
        if str(least) in of
        else AgeRow(least, most, 0, 0)
        for least, most in AGE_RANGES
    ]


def _build_channel_rows(found: Sequence[GroupTotals]) -> list[ChannelRow]:
    came = {row.key: row.current["received"] for row in found if row.current["received"]}
    return [
        ChannelRow(channel, n, n / sum(came.values()))
        for channel, n in sorted(came.items(), key=lambda pair: (-pair[1], pair[0]))
    ]
