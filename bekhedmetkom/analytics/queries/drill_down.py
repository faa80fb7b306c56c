"""The cases behind a figure, for who may read them, a page at a time: each as often as it was counted."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Q

from bekhedmetkom.cases.models import OPEN_STATE_NAMES, Case
from bekhedmetkom.cases.queries.lists.case_rows import CaseRow, build_rows, select_rows
from bekhedmetkom.cases.queries.lists.keyset import build_cursor, parse_cursor
from bekhedmetkom.cases.queries.lists.queues import WORKED_STATE_NAMES
from bekhedmetkom.cases.queries.prepared_statements import prepare_statement
from bekhedmetkom.cases.queries.visibility import build_visibility_filter
from bekhedmetkom.catalogue.rules import Handling
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.errors import FieldError, InvalidInput
from bekhedmetkom.kernel.text import BilingualText

from ..counted_cases import TABLE
from ..rules.drill_down import MEASURE_POSITIONS, TIMED, IndicatorPart
from ..rules.measures import Histogram
from ..rules.slices import Slice
from .rollup_sums import BEGINNING, fetch_rows, get_conditions, get_histograms, get_sums, list_parts

MAX_COUNTED = 300  # how many of them one may read is counted so far
MAX_BODIES_BY_INDEX = (
    8  # bodies that are read one by one, each by its index; of more it is read by day, whosever it is
)
NEWEST_FIRST = "day DESC, case_id DESC, seq DESC"
NEED_TO_KNOW_DIMENSIONS = ("unit", "service", "governorate")  # by which what is need-to-know is not counted


class CountedCaseRow(NamedTuple):
    """A case, and on which day it was counted; no day where it is counted as it stands now."""

    row: CaseRow
    day: date | None


@dataclass(frozen=True, slots=True)
class CasePage:
    """`figure`: how much was counted in all. `readable`: how much of it the viewer may read, to `COUNTED_TO` and one
    more, on the first page."""

    total: int
    readable: int | None = None
    lines: list[CountedCaseRow] = field(default_factory=list)
    next_cursor: str | None = None


def list_counted_cases(
    viewer: Actor, part: IndicatorPart, wanted: Slice, now: datetime, cursor: str = "", limit: int = 50
) -> CasePage:
    """What was counted in that part of a figure, the newest first. Three statements. `Invalid`: a cursor of nobody."""
    after = _decode_cursor(cursor) if cursor else None
    most = limit + 1 if after else max(MAX_COUNTED, limit) + 1
    found = _list_keys(viewer, part, wanted, after, most)
    rows = _get_case_rows({case for _day, case, _seq in found[:limit]}, now)
    lines = [CountedCaseRow(rows[case], day) for day, case, _seq in found[:limit] if case in rows]
    more = _encode_cursor(*found[limit - 1]) if len(found) > limit else None
    return CasePage(_count_from_rollups(part, wanted), None if after else len(found), lines, more)


def list_open_cases(
    viewer: Actor, wanted: Slice, now: datetime, *, late: bool, cursor: str = "", limit: int = 50
) -> CasePage:
    """What is open now, or of it late, the nearest date first. Two statements, a third for the first page."""
    named = {name: value for name, value in get_conditions(wanted).items() if name != "entity"}
    cases = Case.objects.filter(
        build_visibility_filter(viewer), state__in=WORKED_STATE_NAMES if late else OPEN_STATE_NAMES, **named
    )
    if wanted.entities is not None:
        cases = cases.filter(entity__in=sorted(wanted.entities))
    if any(name in named for name in NEED_TO_KNOW_DIMENSIONS):
        cases = cases.filter(care=str(Handling.OPEN))
    if late:
        cases = cases.filter(due_at__lt=now)
    readable = None if cursor else cases.order_by()[: MAX_COUNTED + 1].count()
    if cursor:
        due, key = parse_cursor(cursor)
        cases = cases.filter(Q(due_at__gt=due) | Q(pk__gt=key), due_at__gte=due)
    found = build_rows(
        prepare_statement(select_rows(cases.order_by("due_at", "pk"))[: limit + 1]).asked({}), now
    )
    lines = [CountedCaseRow(row, None) for row in found[:limit]]
    more = build_cursor(lines[-1].row.due_at, lines[-1].row.id) if len(found) > limit else None
    came, left = ("late_in", "late_out") if late else ("entered", "gone")
    ever = get_sums(wanted, list_parts("ever", Slice(BEGINNING, wanted.end)), (came, left)).get("ever", {})
    return CasePage(ever.get(came, 0) - ever.get(left, 0), readable, lines, more)


def _list_keys(
    viewer: Actor, part: IndicatorPart, wanted: Slice, after: tuple[date, UUID, int] | None, most: int
) -> list[tuple[date, UUID, int]]:
    """Day, case and event of what is counted and may be read."""
    may = prepare_statement(Case.objects.filter(build_visibility_filter(viewer)).order_by().values("id"))
    if not may.statement:
        return []
    of, bits = (
        MEASURE_POSITIONS[part.measures[0]].group,
        sum(MEASURE_POSITIONS[measure].bit for measure in part.measures),
    )
    held = get_conditions(wanted)
    bodies: frozenset[int] | None = held.pop("entity", None)
    conditions = [f"measure_group = {of} AND measure_bits & {bits} <> 0 AND day BETWEEN %s AND %s"]
    values: list[Any] = [wanted.start, wanted.end]
    conditions += [f"{name} = %s" for name in held]
    values += held.values()
    if after:
        conditions.append("(day, case_id, seq) < (%s, %s, %s)")
        values += after
    one_by_one = bodies is not None and len(bodies) <= MAX_BODIES_BY_INDEX
    if bodies is not None:
        conditions.append("entity = body" if one_by_one else "entity = ANY (%s)")
        values += [] if one_by_one else [sorted(bodies)]
    # A question for each row, as it comes by its index: joined, all that may be read would be read first.
    conditions.append(f"EXISTS (SELECT FROM ({may.statement}) AS may WHERE may.id = case_id OFFSET 0)")
    values += may.values
    source = (
        f"SELECT day, case_id, seq FROM {TABLE} WHERE {' AND '.join(conditions)}"
        f" ORDER BY {NEWEST_FIRST} LIMIT {most}"
    )
    if one_by_one:
        source = (
            f"SELECT found.* FROM unnest(%s::int[]) AS body, LATERAL ({source}) AS found"
            f" ORDER BY {NEWEST_FIRST} LIMIT {most}"
        )
        values.insert(0, sorted(bodies or ()))
    return [(day, case, seq) for day, case, seq in fetch_rows(source, values)]


def _get_case_rows(cases: set[UUID], now: datetime) -> dict[UUID, CaseRow]:
    if not cases:
        return {}
    found = prepare_statement(select_rows(Case.objects.filter(pk__in=cases))).asked({})
    return {row.id: row for row in build_rows(found, now)}


def _count_from_rollups(part: IndicatorPart, wanted: Slice) -> int:
    """From the roll-ups, as the page has it."""
    if part.measures == (TIMED,):
        return sum(
            get_histograms(wanted, list_parts("now", wanted))
            .get("now", {})
            .get(Histogram.TERM_USED, {})
            .values()
        )
    return sum(get_sums(wanted, list_parts("now", wanted), part.measures).get("now", {}).values())


def _encode_cursor(day: date, case: UUID, seq: int) -> str:
    return f"{day}_{case}_{seq}"


def _decode_cursor(cursor: str) -> tuple[date, UUID, int]:
    try:
        day, case, seq = cursor.split("_")
        if not (seq.isascii() and seq.isdecimal() and len(seq) < 10):
            raise ValueError
        return date.fromisoformat(day), UUID(case), int(seq)
    except ValueError as error:
        raise InvalidInput(FieldError("cursor", _INVALID_CURSOR)) from error


_INVALID_CURSOR = BilingualText(
    "رابط الصفحة غير صالح. ابدأ من أول القائمة.", "This page link is not valid; start from the top."
)
