"""The same figures, worked out case by case from the journal's rows: no roll-up, no window, nothing of
`analytics.facts`.

`acts` is what stands of the journal with what the case was then, each value looked up by itself; each measure is a
question to it, with `p` the act, `w` the one before it.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import connection

from bekhedmetkom.analytics.rules.measures import Histogram, get_bucket
from bekhedmetkom.analytics.rules.slices import Slice
from bekhedmetkom.analytics.rules.totals import Totals

IS_ANSWER = "{0}.kind IN ('case.answered', 'reply.approved', 'abuse.confirmed')"
IS_SOLVED = "{0}.kind IN ('citizen.confirmed', 'phone.solved')"
IS_UNSOLVED = "{0}.kind IN ('citizen.denied', 'phone.unsolved', 'citizen.appealed')"
IS_OPEN = (
    "{0}.state IN ('received', 'classified', 'assigned', 'awaiting_citizen', 'awaiting_approval', 'appealed')"
)
IS_LATE = f"({IS_OPEN} AND {{0}}.state <> 'awaiting_citizen' AND {{0}}.at >= {{0}}.due)"
DIMENSIONS = ("entity", "unit", "service", "kind_of", "channel", "governorate", "language")
CELL_CHANGED = "({}) IS DISTINCT FROM ({})".format(
    *(", ".join(f"{of}.{name}" for name in DIMENSIONS) for of in "pw")
)


def _exists(of: str, where: str) -> str:
    return f"EXISTS (SELECT FROM acts {of} WHERE {of}.case_id = p.case_id AND {where})"


# The act from which the term runs in which `p` falls, and whether that term was over before `p`.
_BEGUN = (
    "(SELECT max(s.seq) FROM acts s WHERE s.case_id = p.case_id AND s.seq {} p.seq"
    " AND s.kind IN ('case.submitted', 'citizen.appealed', 'appeal.upheld'))"
)
_ENDING = f"({IS_ANSWER.format('q')} OR {IS_LATE.format('q')} OR q.kind = 'appeal.rejected')"
_OVER = _exists("q", "q.seq >= {} AND q.seq < p.seq AND q.kind <> 'appeal.upheld' AND " + _ENDING)
_UPTO, _UNDER = _BEGUN.format("<="), _BEGUN.format("<")
_FIRST_END = f"NOT {_OVER.format(_UPTO)}"
_OF_APPEAL = _exists("s", f"s.seq = {_UPTO} AND s.kind = 'citizen.appealed'")
_DECIDES = f"p.kind IN ('appeal.upheld', 'appeal.rejected') AND NOT {_OVER.format(_UNDER)}"
_DUE_THEN = "CASE WHEN p.kind = 'appeal.upheld' THEN w.due ELSE p.due END"
_AFTER_AN_ANSWER = _exists("a", f"a.seq <= p.seq AND {IS_ANSWER.format('a')}")
_NO_ANSWER_BETWEEN = "NOT " + _exists(
    "a", f"a.seq > least(p.seq, q.seq) AND a.seq <= greatest(p.seq, q.seq) AND {IS_ANSWER.format('a')}"
)
_WORD = f"({IS_SOLVED.format('q')} OR {IS_UNSOLVED.format('q')})"
_LAST_WORD = (
    f"{_AFTER_AN_ANSWER} AND NOT {_exists('q', f'q.seq > p.seq AND {_WORD} AND {_NO_ANSWER_BETWEEN}')}"
)
_RATED = "{0}.kind IN ('citizen.confirmed', 'citizen.denied', 'phone.solved', 'phone.unsolved')"
_STARRED = _RATED + " AND {0}.data ? 'stars'"
_LAST_STARS = f"{_STARRED.format('p')} AND {_AFTER_AN_ANSWER} AND NOT " + _exists(
    "q", f"q.seq > p.seq AND {_STARRED.format('q')} AND {_NO_ANSWER_BETWEEN}"
)
_FIRST_ANSWER = (
    f"{IS_ANSWER.format('p')} AND NOT {_exists('a', 'a.seq < p.seq AND ' + IS_ANSWER.format('a'))}"
)
_NOT_MOVED = "NOT " + _exists("r", "r.seq < p.seq AND r.kind IN ('case.referred', 'case.returned')")
_RAISED = "p.kind IN ('clock.overdue', 'case.escalated') AND p.data->>'level' = '{}'"

MEASURES_AFTER_EVENT: Mapping[str, str] = {
    "received": "p.kind = 'case.submitted'",
    "answered": IS_ANSWER.format("p"),
    "first_answers": _FIRST_ANSWER,
    "first_right": f"{_FIRST_ANSWER} AND {_NOT_MOVED}",
    "kept": f"{IS_ANSWER.format('p')} AND NOT {_OF_APPEAL} AND {_FIRST_END} AND p.at <= p.due",
    "missed": f"NOT {_OF_APPEAL} AND p.kind <> 'appeal.upheld' AND {_FIRST_END}"
    f" AND ({IS_ANSWER.format('p')} AND p.at > p.due OR {IS_LATE.format('p')})",
    "appeal_kept": f"{_DECIDES} AND p.at <= {_DUE_THEN}",
    "appeal_missed": f"{_DECIDES} AND p.at > {_DUE_THEN} OR {IS_LATE.format('p')} AND {_OF_APPEAL} AND {_FIRST_END}",
    "yes": f"{IS_SOLVED.format('p')} AND {_LAST_WORD}",
    "no": f"{IS_UNSOLVED.format('p')} AND {_LAST_WORD}",
    "silent": "p.kind = 'clock.lapsed' AND p.data->>'because' = 'silence' AND NOT "
    + _exists("q", f"{_WORD} AND {_NO_ANSWER_BETWEEN}"),
    "stars_n": _LAST_STARS,
    "appealed": "p.kind = 'citizen.appealed'",
    "upheld": "p.kind = 'appeal.upheld' AND p.data->>'appeal_outcome' = 'upheld'",
    "partly": "p.kind = 'appeal.upheld' AND p.data->>'appeal_outcome' = 'partly_upheld'",
    "rejected": "p.kind = 'appeal.rejected'",
    "extended": "p.kind = 'case.extended'",
    "withdrawn": f"p.state = 'withdrawn' AND {IS_OPEN.format('w')}",
    "merged": "p.kind = 'case.merged'",
    "asked": "p.kind = 'citizen.asked'",
    "wrote": "p.kind IN ('citizen.wrote', 'citizen.supplied')",
    "raised_head": _RAISED.format("head_of_body"),
    "raised_minister": _RAISED.format("minister"),
    "raised_pm": _RAISED.format("pm_unit"),
    "committed": "p.kind = 'case.committed'",
    "fulfilled": "p.kind = 'case.fulfilled'",
    "adopted": f"{IS_ANSWER.format('p')} AND p.data->>'disposition' = 'adopted'",
    "entered": f"{IS_OPEN.format('p')} AND (w.seq IS NULL OR NOT {IS_OPEN.format('w')} OR {CELL_CHANGED})",
    "late_in": f"{IS_LATE.format('p')} AND (w.seq IS NULL OR NOT {IS_LATE.format('w')} OR {CELL_CHANGED})",
}
MEASURES_BEFORE_EVENT: Mapping[str, str] = {
    "referred": "p.kind = 'case.referred'",
    "returned": "p.kind = 'case.returned'",
    "gone": f"{IS_OPEN.format('w')} AND (NOT {IS_OPEN.format('p')} OR {CELL_CHANGED})",
    "late_out": f"{IS_LATE.format('w')} AND (NOT {IS_LATE.format('p')} OR {CELL_CHANGED})",
}
_TERM = "1000 * extract(epoch FROM p.at - p.term_from) / nullif(extract(epoch FROM p.due - p.term_from), 0)"
_FIRST_IN_TERM = f"{IS_ANSWER.format('p')} AND NOT {_OF_APPEAL} AND NOT " + _exists(
    "a", f"a.seq >= {_UPTO} AND a.seq < p.seq AND {IS_ANSWER.format('a')}"
)
OBSERVED: Mapping[Histogram, tuple[str, str]] = {
    Histogram.FIRST_ANSWER_TIME: ("extract(epoch FROM p.at - p.received_at)", _FIRST_ANSWER),
    Histogram.RESOLUTION_TIME: ("extract(epoch FROM p.at - p.received_at)", MEASURES_AFTER_EVENT["yes"]),
    Histogram.TERM_USED: (_TERM, _FIRST_IN_TERM),
}


def create_acts_table() -> None:
    """Look up once what stood at each act."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS acts")
        cursor.execute(CREATE_ACTS_TABLE)
        cursor.execute("CREATE UNIQUE INDEX ON acts (case_id, seq)")
        cursor.execute("ANALYZE acts")


def compute_totals(wanted: Slice) -> Totals:
    """What the journal says of a slice."""
    sums = {
        name: _count(f"count(*) FROM {ACTS_SOURCE} WHERE ({of})", "p", wanted)
        for name, of in MEASURES_AFTER_EVENT.items()
    }
    sums |= {
        name: _count(f"count(*) FROM {ACTS_SOURCE} WHERE ({of})", "w", wanted)
        for name, of in MEASURES_BEFORE_EVENT.items()
    }
    sums["stars_sum"] = _count(
        f"sum((p.data->>'stars')::int) FROM {ACTS_SOURCE} WHERE ({_LAST_STARS})", "p", wanted
    )
    return Totals(
        {name: n for name, n in sums.items() if n},
        {histogram: found for histogram in OBSERVED if (found := _count_observations(histogram, wanted))},
        _count_cases_at_end(IS_OPEN, wanted),
        _count_cases_at_end(IS_LATE, wanted),
    )


def get_first_day() -> date:
    """On which anything happened at all."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT min(day) FROM acts")
        first: date = cursor.fetchone()[0]
        return first


def _count(what: str, cell: str, wanted: Slice) -> int:
    conditions, values = _build_conditions(cell, wanted)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {what} AND p.day BETWEEN %(start)s AND %(end)s AND {conditions}",
            {**values, "start": wanted.start, "end": wanted.end},
        )
        return int(cursor.fetchone()[0] or 0)


def _count_observations(histogram: Histogram, wanted: Slice) -> dict[int, int]:
    value, where = OBSERVED[histogram]
    conditions, values = _build_conditions("p", wanted)
    found: dict[int, int] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT ({value})::float8 FROM {ACTS_SOURCE} WHERE ({where}) AND p.day BETWEEN %(start)s AND %(end)s"
            f" AND {conditions} AND ({value}) IS NOT NULL",
            {**values, "start": wanted.start, "end": wanted.end},
        )
        for (observed,) in cursor.fetchall():
            found[get_bucket(observed)] = found.get(get_bucket(observed), 0) + 1
    return found


def _count_cases_at_end(of: str, wanted: Slice) -> int:
    """Cases whose last act up to the end of the slice leaves them so."""
    conditions, values = _build_conditions("p", wanted)
    last = "p.seq = (SELECT max(l.seq) FROM acts l WHERE l.case_id = p.case_id AND l.day <= %(end)s)"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) FROM acts p WHERE {of.format('p')} AND {last} AND {conditions}",
            {**values, "end": wanted.end},
        )
        return int(cursor.fetchone()[0])


def _build_conditions(cell: str, wanted: Slice) -> tuple[str, dict[str, Any]]:
    names = {"kind": "kind_of"} | {
        name: name for name in ("unit", "service", "governorate", "channel", "language")
    }
    asked = {
        column: getattr(wanted, name) for name, column in names.items() if getattr(wanted, name) is not None
    }
    conditions = [f"{cell}.{column} = %({column})s" for column in asked]
    if wanted.entities is not None:
        conditions.append(f"{cell}.entity = ANY (%(entities)s)")
        asked["entities"] = sorted(wanted.entities)
    return " AND ".join(conditions) or "true", asked


ACTS_SOURCE = "acts p LEFT JOIN acts w ON w.case_id = p.case_id AND w.seq = p.before"

# What happens beside the work says nothing, not even that a case is late by now.
UNCOUNTED_EVENTS = (
    "case.noted",
    "case.instructed",
    "head.asked",
    "case.delegated",
    "instruction.reported",
    "task.asked",
    "task.done",
    "task.called_off",
    "join.asked",
    "join.accepted",
    "join.returned",
    "case.snoozed",
    "case.split",
    "case.transcribed",
    "file.shown",
    "file.hidden",
    "case.released",
    "case.taken_down",
    "citizen.kept_private",
    "identity.revealed",
    "identity.looked",
    "contact.confirmed",
    "contact.corrected",
    "contact.preferred",
    "code.renewed",
    "contact.unreached",
    "contact.called",
    "clock.idle",
    "clock.task_late",
    "clock.recounted",
    "clock.asked_again",
)
_NOT_UNDONE = """
    e.kind <> 'case.undone' AND NOT EXISTS (
        SELECT FROM event u WHERE u.case_id = e.case_id AND u.kind = 'case.undone' AND (u.data->>'undoes')::int = e.seq)
"""


def _build_last_value(key: str, otherwise: str = "") -> str:
    """The value that stands for a key: of the last act up to this one that names it, none after those others."""
    named, value = f"a.data ? '{key}'", f"a.data->>'{key}'"
    if otherwise:
        named = f"({named} OR a.kind IN ({otherwise}))"
        value = f"CASE WHEN a.kind NOT IN ({otherwise}) THEN {value} END"
    of = f"SELECT {value} FROM stands a WHERE a.case_id = e.case_id AND a.seq <= e.seq AND {named}"
    return f"({of} ORDER BY a.seq DESC LIMIT 1)"


_NO_UNIT = "'case.referred', 'case.returned', 'case.handed_back', 'appeal.upheld'"
_SHOWN = f"coalesce({_build_last_value('care')}, 'open') = 'open'"
_BEGAN = (
    "(SELECT coalesce((a.data->>'received_at')::timestamptz, a.at) FROM stands a"
    " WHERE a.case_id = e.case_id AND a.kind IN ({}) AND a.seq <= e.seq ORDER BY a.seq DESC LIMIT 1)"
)
CREATE_ACTS_TABLE = f"""
CREATE TEMP TABLE acts ON COMMIT DROP AS
WITH stands AS MATERIALIZED (
    SELECT * FROM event e WHERE {_NOT_UNDONE} AND kind NOT IN ({", ".join(f"'{kind}'" for kind in UNCOUNTED_EVENTS)}))
SELECT e.case_id, e.seq, e.kind, e.state, e.at, e.data, (e.at AT TIME ZONE 'Asia/Amman')::date AS day,
    (SELECT max(a.seq) FROM stands a WHERE a.case_id = e.case_id AND a.seq < e.seq) AS before,
    {_build_last_value("entity_id")}::int AS entity, {_build_last_value("kind")} AS kind_of,
    coalesce({_build_last_value("channel")}, 'portal') AS channel, coalesce({_build_last_value("language")},
    'ar') AS language,
    CASE WHEN {_SHOWN} THEN coalesce({_build_last_value("governorate_id")}::int, 0) ELSE 0 END AS governorate,
    CASE WHEN {_SHOWN} THEN coalesce({_build_last_value("service_id")}::int, 0) ELSE 0 END AS service,
    CASE WHEN {_SHOWN} THEN coalesce({_build_last_value("unit_id", _NO_UNIT)}::int, 0) ELSE 0 END AS unit,
    {_build_last_value("due_at")}::timestamptz AS due,
    {_BEGAN.format("'case.submitted'")} AS received_at,
    {_BEGAN.format("'case.submitted', 'citizen.appealed', 'appeal.upheld'")} AS term_from
FROM stands e
"""
