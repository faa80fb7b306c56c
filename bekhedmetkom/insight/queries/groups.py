"""A slice taken apart: by body, by place, by topic, by channel, and what is open by its age. One statement."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

from ..rules.grains import COUNTED, MOVED
from ..rules.indicators import INDICATORS
from ..rules.slices import Run, Slice
from ..rules.totals import Reading, Totals
from .reading import BEGINNING, Part, asked, parts, rows
from .shape import Age, ChannelRow, PlaceRow, Ranked, TopicRow

AGES = ((0, 2), (3, 7), (8, 14), (15, 30), (31, 90), (91, None))  # days
TOPICS = 30  # the most frequent, and as many of those that grow most
HARDLY = 10  # cases before it that a change must have to say something


class Row(NamedTuple):
    """One body, place, topic or channel: now, before, and what of it is open at this moment."""

    key: str
    now: Totals
    before: Totals
    waiting: int
    late: int


def grouped(wanted: Slice, today: date) -> dict[str, Any]:
    """The parts of a board that are tables."""
    questions = [_by(wanted, name, [*_periods(wanted), EVER]) for name in ("entity", "governorate")]
    questions += [_by(wanted, "channel", parts("now", wanted))]
    questions += [_topics(wanted), _backlog(wanted, today)]
    found = asked(
        " UNION ALL ".join(sql for sql, _ in questions), [v for _, values in questions for v in values]
    )
    tables: dict[str, list[Row]] = {}
    for what, key, *counts in found:
        half = len(COUNTED)
        now, then = (
            dict(zip(COUNTED, part, strict=True)) for part in (counts[:half], counts[half : 2 * half])
        )
        if any(counts):
            tables.setdefault(what, []).append(Row(key, Totals(now), Totals(then), *counts[2 * half :]))
    return {
        "ranking": _ranking(tables.get("entity", [])),
        "places": [
            _place(row)
            for row in sorted(tables.get("governorate", []), key=lambda row: int(row.key))
            if row.key != "0"
        ],
        "topics": sorted(
            (_topic(row) for row in tables.get("service", []) if row.key != "0"),
            key=lambda one: (-one.received, one.service),
        ),
        "backlog": _ages(tables.get("age", [])),
        "channels": _channels(tables.get("channel", [])),
    }


def _periods(wanted: Slice) -> list[Part]:
    return [*parts("now", wanted), *parts("before", wanted.before())]


def _by(wanted: Slice, name: str, of: Sequence[Part]) -> tuple[str, list[Any]]:
    """Sums by one dimension, before and now; what is open is all that ever came less all that left."""
    columns = f"{name} AS key, {', '.join([*COUNTED, *MOVED])}"
    source, values = rows(wanted, of, columns, group={name}, light=True)
    return (
        f"SELECT '{name}' AS what, key::text, {_PIVOT}, {_STANDING}"
        f" FROM ({_summed(source, [*COUNTED, *MOVED])}) AS sums GROUP BY key",
        values,
    )


def _topics(wanted: Slice) -> tuple[str, list[Any]]:
    """The most frequent ones and those that grow most: a country has too many to bring them all."""
    columns = f"service AS key, {', '.join(COUNTED)}"
    source, values = rows(wanted, _periods(wanted), columns, group={"service", "entity"}, light=True)
    return (
        f"(WITH sums AS MATERIALIZED ({_summed(source, COUNTED)}), topics AS ("
        f"SELECT key, {_sum_of('received', 'now')} AS now, {_sum_of('received', 'before')} AS before"
        f" FROM sums WHERE key <> 0 GROUP BY key), chosen AS ("
        f"(SELECT key FROM topics ORDER BY now DESC, key LIMIT {TOPICS})"
        f" UNION (SELECT key FROM topics ORDER BY now - before DESC, key LIMIT {TOPICS}))"
        f" SELECT 'service', key::text, {_PIVOT}, 0, 0 FROM sums JOIN chosen USING (key) GROUP BY key)",
        values,
    )


def _backlog(wanted: Slice, today: date) -> tuple[str, list[Any]]:
    source, values = rows(wanted, [Part("open", Run("open", BEGINNING, date.max))], "day, waiting, late")
    nothing = ", ".join("0" for _ in range(2 * len(COUNTED)))
    age = "".join(f" WHEN %s::date - day >= {least} THEN '{least}'" for least, _ in reversed(AGES))
    return (
        f"SELECT 'age', CASE{age} ELSE '0' END AS key, {nothing}, coalesce(sum(waiting), 0)::int,"
        f" coalesce(sum(late), 0)::int FROM ({source}) AS of GROUP BY key",
        [*(today for _ in AGES), *values],
    )


EVER = Part("ever", Run("year", BEGINNING, date.max.replace(month=1, day=1)))


def _sum_of(measure: str, label: str) -> str:
    return f"coalesce(sum({measure}) FILTER (WHERE label = '{label}'), 0)::int"


_PIVOT = ", ".join(
    f"{_sum_of(name, label)} AS {name}_{label}" for label in ("now", "before") for name in COUNTED
)
_STANDING = ", ".join(_sum_of(f"{came} - {left}", "ever") for came, left in (MOVED[:2], MOVED[2:]))


def _summed(source: str, measures: Sequence[str]) -> str:
    """Now, before and ever first in rows of their own, then side by side: six columns for many rows, twelve for few."""
    sums = ", ".join(f"coalesce(sum(sign * {name}), 0)::int AS {name}" for name in measures)
    return f"SELECT key, label, {sums} FROM ({source}) AS of GROUP BY key, label"


def _read(key: str, totals: Totals) -> Reading:
    return INDICATORS[key].of(totals)


def _ranking(found: Iterable[Row]) -> list[Ranked]:
    """By the share answered on time; those of whom there is too little to say come last, the busiest first."""
    kept = [row for row in found if row.key != "0"]
    on_time = {row.key: _read("on_time", row.now) for row in kept}
    now, was = _places(on_time), _places({row.key: _read("on_time", row.before) for row in kept})
    return sorted(
        (
            Ranked(
                int(row.key), now.get(row.key), was.get(row.key), on_time[row.key], _read("solved", row.now),
                _read("response", row.now), row.now["received"], row.now["answered"], row.waiting, row.late,
            )
            for row in kept
        ),
        key=lambda one: (one.place is None, one.place or 0, -one.received, one.entity),
    )  # fmt: skip


def _places(readings: dict[str, Reading]) -> dict[str, int]:
    """Equal ones share a place, and the next is as many further on."""
    values = {key: reading.value for key, reading in readings.items() if reading.value is not None}
    first: dict[float, int] = {}
    for place, value in enumerate(sorted(values.values(), reverse=True), 1):
        first.setdefault(value, place)
    return {key: first[value] for key, value in values.items()}


def _place(row: Row) -> PlaceRow:
    return PlaceRow(
        int(row.key), row.now["received"], row.before["received"], _read("on_time", row.now),
        _read("solved", row.now), row.waiting, row.late,
    )  # fmt: skip


def _topic(row: Row) -> TopicRow:
    now, then = row.now["received"], row.before["received"]
    change = (now - then) / then if then >= HARDLY else None
    return TopicRow(int(row.key), now, then, change, _read("on_time", row.now), _read("solved", row.now))


def _ages(found: Sequence[Row]) -> list[Age]:
    of = {row.key: row for row in found}
    return [
        Age(least, most, of[str(least)].waiting, of[str(least)].late)
        if str(least) in of
        else Age(least, most, 0, 0)
        for least, most in AGES
    ]


def _channels(found: Sequence[Row]) -> list[ChannelRow]:
    came = {row.key: row.now["received"] for row in found if row.now["received"]}
    return [
        ChannelRow(channel, n, n / sum(came.values()))
        for channel, n in sorted(came.items(), key=lambda pair: (-pair[1], pair[0]))
    ]
