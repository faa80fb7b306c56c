"""What a case adds to the figures, read from its journal: one statement, for as many cases as are asked for.

It replays what the figures need (`cases/rules/standing.py` says what each event changes) and gives, for each event
that counts, rows of day, cell and measures. An act that was taken back never happened. Nothing here knows of time but
what the journal says: the same events give the same rows for ever, so what was added can be subtracted again.
"""

from collections.abc import Iterable, Mapping

from bekhedmetkom.cases.rules.states import OPEN_STATES, EventType, State
from bekhedmetkom.catalogue.rules import Disposition, EscalationLevel

from .rules.grains import DIMENSIONS
from .rules.measures import BUCKET_RATIO, CODES_PER_HISTOGRAM, HISTOGRAMS, MEASURES, Histogram

H = EventType


def _quote_list(words: Iterable[str]) -> str:
    return ", ".join(f"'{word}'" for word in words)


ANSWER_EVENTS = (H.ANSWERED, H.REPLY_APPROVED, H.ABUSE_CONFIRMED)
SOLVED_EVENTS = (H.CONFIRMED, H.HEARD_SOLVED)
UNSOLVED_EVENTS = (H.DENIED, H.HEARD_UNSOLVED, H.APPEALED)
RATING_EVENTS = (H.CONFIRMED, H.DENIED, H.HEARD_SOLVED, H.HEARD_UNSOLVED)
TERM_START_EVENTS = (H.SUBMITTED, H.APPEALED, H.APPEAL_UPHELD)  # from which a term of its own runs
TRANSFER_EVENTS = (H.REFERRED, H.RETURNED)
UNIT_RESET_EVENTS = (*TRANSFER_EVENTS, H.HANDED_BACK, H.APPEAL_UPHELD)
APPEAL_DECISION_EVENTS = (H.APPEAL_UPHELD, H.APPEAL_REJECTED)

# What happens beside the work and moves no figure: such events are not even read.
UNCOUNTED_EVENTS = frozenset(
    {
        H.NOTED,
        H.INSTRUCTED,
        H.HEAD_ASKED,
        H.DELEGATED,
        H.REPORTED,
        H.TASK_ASKED,
        H.TASK_DONE,
        H.TASK_CALLED_OFF,
        H.JOIN_ASKED,
        H.JOIN_ACCEPTED,
        H.JOIN_RETURNED,
        H.SNOOZED,
        H.SPLIT,
        H.TRANSCRIBED,
        H.FILE_SHOWN,
        H.FILE_HIDDEN,
        H.RELEASED,
        H.TAKEN_DOWN,
        H.KEPT_PRIVATE,
        H.IDENTITY_REVEALED,
        H.IDENTITY_LOOKED,
        H.CONTACT_CONFIRMED,
        H.CONTACT_CORRECTED,
        H.CONTACT_PREFERRED,
        H.CODE_RENEWED,
        H.UNREACHED,
        H.CALLED,
        H.IDLE,
        H.TASK_LATE,
        H.RECOUNTED,
        H.ASKED_AGAIN,
    }
)
COUNTED_EVENTS = tuple(happened for happened in EventType if happened not in UNCOUNTED_EVENTS)

# What each measure counts, for the row of an event and the cell in which the case stands after it …
_MEASURES_AFTER_EVENT: Mapping[str, str] = {
    "received": f"happened = '{H.SUBMITTED}'",
    "answered": "answers",
    "first_answers": "answers AND answer = 1",
    "first_right": "answers AND answer = 1 AND moves = 0",
    "kept": "ends AND NOT of_appeal AND in_time",
    "missed": "ends AND NOT of_appeal AND NOT in_time",
    "appeal_kept": "ends AND of_appeal AND in_time",
    "appeal_missed": "ends AND of_appeal AND NOT in_time",
    "yes": f"last_word = seq AND happened IN ({_quote_list(SOLVED_EVENTS)})",
    "no": f"last_word = seq AND happened IN ({_quote_list(UNSOLVED_EVENTS)})",
    "silent": f"happened = '{H.LAPSED}' AND because = 'silence' AND last_word IS NULL",
    "stars_n": "last_stars = seq",
    "appealed": f"happened = '{H.APPEALED}'",
    "upheld": f"happened = '{H.APPEAL_UPHELD}' AND outcome = '{Disposition.UPHELD}'",
    "partly": f"happened = '{H.APPEAL_UPHELD}' AND outcome = '{Disposition.PARTLY_UPHELD}'",
    "rejected": f"happened = '{H.APPEAL_REJECTED}'",
    "extended": f"happened = '{H.EXTENDED}'",
    "withdrawn": f"was_open AND state = '{State.WITHDRAWN}'",
    "merged": f"happened = '{H.MERGED}'",
    "asked": f"happened = '{H.ASKED}'",
    "wrote": f"happened IN ('{H.WROTE}', '{H.SUPPLIED}')",
    "raised_head": f"level = '{EscalationLevel.HEAD_OF_BODY}'",
    "raised_minister": f"level = '{EscalationLevel.MINISTER}'",
    "raised_pm": f"level = '{EscalationLevel.PM_UNIT}'",
    "committed": f"happened = '{H.COMMITTED}'",
    "fulfilled": f"happened = '{H.FULFILLED}'",
    "adopted": f"answers AND disposition = '{Disposition.ADOPTED}'",
    "entered": "open AND NOT (was_open AND same)",
    "late_in": "late AND NOT (was_late AND same)",
}
# … and in the cell in which it stood before.
_MEASURES_BEFORE_EVENT: Mapping[str, str] = {
    "referred": f"happened = '{H.REFERRED}'",
    "returned": f"happened = '{H.RETURNED}'",
    "gone": "was_open AND NOT (open AND same)",
    "late_out": "was_late AND NOT (late AND same)",
}
_SUMMED_MEASURES: Mapping[str, str] = {"stars_sum": "CASE WHEN last_stars = seq THEN stars END"}


def _build_measure_column(measure: str, of: Mapping[str, str]) -> str:
    if measure in of:
        return f"CASE WHEN {of[measure]} THEN 1 END AS {measure}"
    if of is _MEASURES_AFTER_EVENT and measure in _SUMMED_MEASURES:
        return f"{_SUMMED_MEASURES[measure]} AS {measure}"
    return f"NULL AS {measure}"


def _build_bucket_code(histogram: Histogram, value: str) -> str:
    """A value's bucket, as `rules.measures.bucket` finds it, with its histogram's place before it."""
    bucket = f"CASE WHEN {value} < 1 THEN 0 ELSE 1 + floor(ln({value}) / ln({BUCKET_RATIO}::float8))::int END"
    return build_histogram_entry(f"{HISTOGRAMS.index(histogram) * CODES_PER_HISTOGRAM} + {bucket}")


def build_histogram_entry(code: str) -> str:
    """One observation as `RollUp.histogram` keeps it."""
    return f"((({code})::bigint << 32) + 1)"


_SECONDS_SINCE_RECEIPT = "extract(epoch FROM at - received_at)::float8"
_TERM_SHARE_USED = (
    "1000 * (extract(epoch FROM at - term_from) / nullif(extract(epoch FROM due - term_from), 0))::float8"
)
_HOUR_CODE = (
    f"{HISTOGRAMS.index(Histogram.RECEIPT_HOUR) * CODES_PER_HISTOGRAM}"
    " + extract(hour FROM at AT TIME ZONE 'Asia/Amman')::int"
)
_HISTOGRAM_COLUMN = f"""nullif(array_remove(ARRAY[
    CASE WHEN answers AND answer = 1 THEN {_build_bucket_code(Histogram.FIRST_ANSWER_TIME, _SECONDS_SINCE_RECEIPT)} END,
    CASE WHEN last_word = seq AND happened IN ({_quote_list(SOLVED_EVENTS)}) THEN
    {_build_bucket_code(Histogram.RESOLUTION_TIME, _SECONDS_SINCE_RECEIPT)} END,
    CASE WHEN answers AND NOT of_appeal AND term > coalesce(answered_term, 0) THEN
    {_build_bucket_code(Histogram.TERM_USED, _TERM_SHARE_USED)} END,
    CASE WHEN happened = '{H.SUBMITTED}' THEN {build_histogram_entry(_HOUR_CODE)} END
], NULL), ARRAY[]::bigint[])"""

# What each event sets; `last_set` carries it on to the events after it.
_EVENT_VALUES = f"""
    SELECT case_id, seq, kind AS happened, state, at,
        lead(kind) OVER journal = '{H.UNDONE}' AND lead(seq) OVER journal = seq + 1 AS undone,
        data->>'kind' AS kind_set, data->>'channel' AS channel_set, data->>'language' AS language_set,
        data->>'care' AS care_set, (data->'entity_id')::bigint AS entity_set,
        (data->'governorate_id')::bigint AS governorate_set,
        CASE WHEN data ? 'service_id' THEN coalesce((data->'service_id')::bigint, 0) END AS service_set,
        CASE WHEN kind IN ({_quote_list(UNIT_RESET_EVENTS)}) THEN 0
             WHEN data ? 'unit_id' THEN coalesce((data->'unit_id')::bigint, 0) END AS unit_set,
        (data->>'due_at')::timestamptz AS due_set,
        CASE WHEN kind = '{H.SUBMITTED}' THEN coalesce((data->>'received_at')::timestamptz, at) END AS received_set,
        CASE WHEN kind IN ({_quote_list(TERM_START_EVENTS)})
             THEN coalesce((data->>'term_from')::timestamptz, (data->>'received_at')::timestamptz, at) END AS term_set,
        kind IN ({_quote_list(ANSWER_EVENTS)}) AS answers,
        CASE WHEN kind IN ('{H.OVERDUE}', '{H.ESCALATED}') THEN data->>'level' END AS level,
        data->>'because' AS because, data->>'disposition' AS disposition, data->>'appeal_outcome' AS outcome,
        CASE WHEN kind IN ({_quote_list(RATING_EVENTS)}) THEN (data->'stars')::int END AS stars
    FROM event
    WHERE {{cases}} AND kind IN ({_quote_list(COUNTED_EVENTS)}) AND {{upto}}
    WINDOW journal AS (PARTITION BY case_id ORDER BY seq)
"""

_CARRIED_VALUES = f"""
    SELECT case_id, seq, happened, state, at, answers, level, because, disposition, outcome, stars,
        last_set(kind_set) OVER journal AS kind_now, coalesce(last_set(channel_set) OVER journal, 'portal') AS channel,
        coalesce(last_set(language_set) OVER journal, 'ar') AS language, last_set(entity_set) OVER journal AS entity,
        last_set(governorate_set) OVER journal AS governorate_now, last_set(service_set) OVER journal AS service_now,
        last_set(unit_set) OVER journal AS unit_now,
        coalesce(last_set(care_set) OVER journal, 'open') = 'open' AS shown,
        last_set(due_set) OVER journal AS due, last_set(received_set) OVER journal AS received_at,
        last_set(term_set) OVER journal AS term_from,
        count(*) FILTER (WHERE happened IN ({_quote_list(TERM_START_EVENTS)})) OVER journal AS term,
        count(*) FILTER (WHERE happened IN ({_quote_list(TRANSFER_EVENTS)})) OVER journal AS moves,
        count(*) FILTER (WHERE answers) OVER journal AS answer,
        max(seq) FILTER (WHERE happened = '{H.APPEALED}') OVER journal AS appealed_at,
        max(seq) FILTER (WHERE happened = '{H.APPEAL_UPHELD}') OVER journal AS upheld_at
    FROM told WHERE undone IS NOT TRUE AND happened <> '{H.UNDONE}'
    WINDOW journal AS (PARTITION BY case_id ORDER BY seq)
"""

# What is kept with care counts in its body's sums, but not by unit, topic or place.
_CASE_STATES = f"""
    SELECT case_id, seq, happened, state, at, answers, level, because, disposition, outcome, stars, due, received_at,
        term_from, term, moves, answer, kind_now AS kind, channel, language, entity,
        CASE WHEN shown THEN coalesce(governorate_now, 0) ELSE 0 END AS governorate,
        CASE WHEN shown THEN coalesce(service_now, 0) ELSE 0 END AS service,
        CASE WHEN shown THEN coalesce(unit_now, 0) ELSE 0 END AS unit,
        state IN ({_quote_list(OPEN_STATES)}) AS open,
        state IN ({_quote_list(OPEN_STATES)}) AND state <> '{State.AWAITING_CITIZEN}' AND at >= due AS late,
        happened = '{H.APPEAL_UPHELD}' OR coalesce(appealed_at > coalesce(upheld_at, 0), false) AS of_appeal
    FROM stood
"""

# Which term of the case an event ends: the decision on an appeal ends the appeal's, though a new one runs from it.
_TERM_ENDS = f"""
    SELECT *, CASE WHEN happened = '{H.APPEAL_UPHELD}' THEN term - 1
                   WHEN answers OR late OR happened = '{H.APPEAL_REJECTED}' THEN term END AS ending
    FROM stands
"""

# Answers are counted from the first on, so this is the order of `seq`, and one order serves all three windows.
_PREVIOUS_STATES = f"""
    SELECT *, {", ".join(f"lag({name}) OVER journal AS was_{name}" for name in DIMENSIONS)},
        coalesce(lag(open) OVER journal, false) AS was_open, coalesce(lag(late) OVER journal, false) AS was_late,
        CASE WHEN happened = '{H.APPEAL_UPHELD}' THEN lag(due) OVER journal ELSE due END AS was_due,
        coalesce(max(ending) OVER earlier, 0) AS ended,
        coalesce(max(term) FILTER (WHERE answers) OVER earlier, 0) AS answered_term,
        max(seq) FILTER (WHERE answer > 0 AND happened IN ({_quote_list([*SOLVED_EVENTS, *UNSOLVED_EVENTS])}))
        OVER of_answer AS last_word,
        max(seq) FILTER (WHERE answer > 0 AND stars IS NOT NULL) OVER of_answer AS last_stars
    FROM ending
    WINDOW journal AS (PARTITION BY case_id ORDER BY answer, seq),
        earlier AS (PARTITION BY case_id ORDER BY answer, seq ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING),
        of_answer AS (PARTITION BY case_id, answer)
"""

_COUNTED_STATES = f"""
    SELECT *, ending IS NOT NULL AND ending > ended AS ends,
        (answers OR happened IN ({_quote_list(APPEAL_DECISION_EVENTS)})) AND at <= was_due AS in_time,
        ({", ".join(DIMENSIONS)}) IS NOT DISTINCT FROM ({", ".join(f"was_{name}" for name in DIMENSIONS)}) AS same,
        (at AT TIME ZONE 'Asia/Amman')::date AS day, (received_at AT TIME ZONE 'Asia/Amman')::date AS came
    FROM before
"""

CELL_COLUMNS = ", ".join(DIMENSIONS)


def build_facts_query(*, cases: str, upto: str) -> str:
    """The statement: what these cases say up to that point of the feed. Both are conditions on `event`.

    Its columns: the event, by `case_id` and `seq`; `day`, and `came`, the day of receipt; the cell; each measure;
    `histogram`, the buckets of what is kept as a histogram; and where a case was sent on, `sent_to`.
    """
    return f"""
    WITH told AS ({_EVENT_VALUES.format(cases=cases, upto=upto)}),
        stood AS ({_CARRIED_VALUES}), stands AS ({_CASE_STATES}), ending AS ({_TERM_ENDS}), before AS
        ({_PREVIOUS_STATES}),
        seen AS MATERIALIZED ({_COUNTED_STATES}),
        counted AS (
            SELECT case_id, seq, day, came, {CELL_COLUMNS},
            {", ".join(_build_measure_column(name, _MEASURES_AFTER_EVENT) for name in MEASURES)},
                {_HISTOGRAM_COLUMN} AS histogram, NULL AS sent_to
            FROM seen
            UNION ALL
            SELECT case_id, seq, day, came, {", ".join(f"was_{name}" for name in DIMENSIONS)},
                {", ".join(_build_measure_column(name, _MEASURES_BEFORE_EVENT) for name in MEASURES)}, NULL,
                CASE WHEN happened IN ({_quote_list(TRANSFER_EVENTS)}) AND entity <> was_entity THEN entity END
            FROM seen WHERE {" OR ".join(f"({condition})" for condition in _MEASURES_BEFORE_EVENT.values())})
    SELECT * FROM counted WHERE num_nonnulls({", ".join(MEASURES)}) > 0
    """
