"""A month's report, of the Cabinet or of one body: the board of the page for the same days, and what stands beside it.

What the board has is the page's to the last digit, for it is the page's own question. Cases are named by reference and
topic alone, and only those that are openly kept; all others are in the sums and nowhere else.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q
from pydantic import TypeAdapter

from bekhedmetkom.cases.models import OPEN_STATE_NAMES, Case
from bekhedmetkom.cases.rules.case_state import format_instant
from bekhedmetkom.cases.rules.states import EventType, State
from bekhedmetkom.catalogue.queries import get_service
from bekhedmetkom.catalogue.rules import Handling
from bekhedmetkom.entities.queries import get_tree
from bekhedmetkom.kernel.clock import AMMAN, get_local_date
from bekhedmetkom.problems.queries import list_published_problems

from ..models import RollUp
from ..rules.grains import find_grain
from ..rules.measures import MEASURES
from ..rules.recommendations import (
    GovernorateOnTime,
    Recommendation,
    ReportFacts,
    TopicCounts,
    TransferCount,
    list_recommendations,
)
from ..rules.reports import (
    BrokenPromise,
    OverdueCase,
    RecurringTopic,
    ReportDetails,
    ReportedProblem,
    ReportLine,
    build_report_line,
    get_last_day,
    get_next_month,
)
from ..rules.slices import Slice
from ..rules.totals import IndicatorValue, Totals
from ..storage import MonthReport, PriorityCell, ReportSubscription
from .dashboard import get_dashboard
from .dashboard_data import Dashboard
from .forecast import get_bodies_by_sector
from .indicators import get_indicator_values
from .rollup_sums import BEGINNING, build_rows_query, fetch_rows, list_parts

MAX_LISTED = 12  # overdue cases, broken promises, problems
MAX_RECURRING_TOPICS = 5  # topics; and what comes back less often than this is not told apart
MAX_MONTHS = 24  # months that can be asked for


@dataclass(frozen=True, slots=True)
class Report:
    """`entity`: whose; None for the Cabinet's. `month` is its first day."""

    entity: int | None
    month: date
    created_at: datetime
    dashboard: Dashboard
    details: ReportDetails
    recommendations: list[Recommendation]


@dataclass(frozen=True, slots=True)
class StoredReport:
    """A report as it was made, and the sum by which a paper and the platform can be held against each other."""

    report: Report
    sha256: str


REPORT_ADAPTER = TypeAdapter(Report)


def build_slice(entity: int | None, month: date) -> Slice:
    """The days and bodies of a report: what the address of its figures on the dashboard asks for."""
    return Slice(month, get_last_day(month), None if entity is None else frozenset({entity}))


def build_report(entity: int | None, month: date, at: datetime) -> Report:
    """As everything stands at this moment."""
    wanted = build_slice(entity, month)
    found = get_dashboard(wanted, at)
    beside = ReportDetails(
        lines=_list_report_lines(wanted, "entity"),
        units=_list_report_lines(wanted, "unit") if entity else [],
        overdue_cases=_list_overdue_cases(wanted),
        broken_promises=_list_broken_promises(wanted),
        recurring_topics=_list_recurring_topics(wanted),
        sector_values=_get_sector_values(entity, wanted),
        problems=[
            ReportedProblem(*one)
            for one in list_published_problems(wanted.entities, *_get_month_bounds(wanted), MAX_LISTED)
        ],
    )
    facts = ReportFacts(
        wanted.end,
        entity is not None,
        beside,
        topics=[
            TopicCounts(one.service, get_service(one.service).entity, one.received, one.received_before)
            for one in found.topics
        ],
        governorates=[]
        if entity
        else [GovernorateOnTime(one.governorate, one.on_time) for one in found.governorates],
        flows=[] if entity else [TransferCount(one.sent_from, one.sent_to, one.cases) for one in found.flows],
        response=found.figures["response"].current,
    )
    return Report(entity, month, at, found, beside, list_recommendations(facts))


def get_stored_report(entity: int | None, month: date) -> StoredReport | None:
    """As it was made, if it was."""
    row = MonthReport.objects.filter(entity=entity, month=month).first()
    return StoredReport(REPORT_ADAPTER.validate_json(row.content), row.sha256) if row else None


def list_months(entity: int | None, today: date) -> list[tuple[date, datetime | None]]:
    """Months that have ended since anything came, the newest first; and when the report of each was made, if it was."""
    first_ever = _get_first_month()
    if first_ever is None:
        return []
    made = dict(MonthReport.objects.filter(entity=entity).values_list("month", "created_at"))
    found, month = (
        list[tuple[date, datetime | None]](),
        (today.replace(day=1) - timedelta(days=1)).replace(day=1),
    )
    while month >= first_ever and len(found) < MAX_MONTHS:
        found.append((month, made.get(month)))
        month = (month - timedelta(days=1)).replace(day=1)
    return found


def is_subscribed(officer: int, entity: int | None) -> bool:
    """Whether this officer has this report by mail."""
    return ReportSubscription.objects.filter(officer=officer, entity=entity).exists()


def list_active_bodies(month: date) -> list[int]:
    """Whatever body had anything to do with a case in that month."""
    of = RollUp.objects.filter(grain=find_grain({"entity"}), span="month", day=month, entity__gt=0)
    return sorted(entity for entity in of.values_list("entity", flat=True) if entity in get_tree())


def _get_first_month() -> date | None:
    return RollUp.objects.filter(grain=0, span="month").order_by("day").values_list("day", flat=True).first()


def _list_report_lines(wanted: Slice, name: str) -> list[ReportLine]:
    """By body, or by the units of one: the month and the one before, each with what was open at its end."""
    then = wanted.get_previous_period()
    of = [
        part
        for label, days in (
            ("now", wanted),
            ("before", then),
            ("by now", Slice(BEGINNING, wanted.end)),
            ("by then", Slice(BEGINNING, then.end)),
        )
        for part in list_parts(label, days)
    ]
    source, values = build_rows_query(wanted, of, f"{name} AS key, {', '.join(MEASURES)}", group={name})
    sums = ", ".join(f"coalesce(sum(sign * {measure}), 0)::int" for measure in MEASURES)
    found: dict[int, dict[str, dict[str, int]]] = {}
    for label, key, *counts in fetch_rows(
        f"SELECT label, key, {sums} FROM ({source}) AS of GROUP BY label, key", values
    ):
        found.setdefault(key, {})[label] = dict(zip(MEASURES, counts, strict=True))
    lines = [
        build_report_line(
            key, *(_build_totals(of.get(flow, {}), of.get(ever, {})) for flow, ever in PERIOD_LABELS)
        )
        for key, of in found.items()
        if key
    ]
    return sorted(
        (line for line in lines if line.received or line.answered or line.missed or line.waiting),
        key=lambda line: (-line.received, line.key),
    )


def _build_totals(sums: Mapping[str, int], ever: Mapping[str, int]) -> Totals:
    since = Totals(ever)
    return Totals(sums, {}, since["entered"] - since["gone"], since["late_in"] - since["late_out"])


def _get_month_bounds(wanted: Slice) -> tuple[datetime, datetime]:
    """When the month began, and when it was over."""
    begin, end = wanted.start, get_next_month(wanted.start)
    return datetime(begin.year, begin.month, 1, tzinfo=AMMAN), datetime(end.year, end.month, 1, tzinfo=AMMAN)


def _list_overdue_cases(wanted: Slice) -> list[OverdueCase]:
    """What was promised by the month's end and has no answer yet, the oldest promise first."""
    late = Case.objects.filter(
        state__in=OPEN_STATE_NAMES, due_at__lt=_get_month_bounds(wanted)[1], care=str(Handling.OPEN)
    )
    found = (
        late.filter(_filter_bodies(wanted))
        .exclude(state=str(State.AWAITING_CITIZEN))
        .order_by("due_at", "id")
    )
    columns = ("reference", "entity", "service", "governorate", "due_at")
    return [
        OverdueCase(reference, entity, topic, place, get_local_date(due))
        for reference, entity, topic, place, due in found.values_list(*columns)[:MAX_LISTED]
    ]


def _filter_bodies(wanted: Slice) -> Q:
    return Q() if wanted.entities is None else Q(entity__in=wanted.entities)


def _list_broken_promises(wanted: Slice) -> list[BrokenPromise]:
    """Promised by a day of the month and not done by then; those that are still not done first."""
    begin, end = _get_month_bounds(wanted)
    found = fetch_rows(
        BROKEN_PROMISES,
        {
            "from": format_instant(begin),
            "to": format_instant(end),
            "all": wanted.entities is None,
            "bodies": sorted(wanted.entities or ()),
            "most": MAX_LISTED,
        },
    )
    return [
        BrokenPromise(reference, entity, topic, get_local_date(until), done and get_local_date(done))
        for reference, entity, topic, until, done in found
    ]


def _list_recurring_topics(wanted: Slice) -> list[RecurringTopic]:
    """Worked out each night over 90 days, as priorities are."""
    cells = PriorityCell.objects.filter(_filter_bodies(wanted), recurring__gte=MAX_RECURRING_TOPICS)
    columns = ("entity", "service", "governorate", "received", "recurring")
    return [
        RecurringTopic(*row)
        for row in cells.order_by("-recurring", *columns).values_list(*columns)[:MAX_RECURRING_TOPICS]
    ]


def _get_sector_values(entity: int | None, wanted: Slice) -> Mapping[str, IndicatorValue]:
    if entity is None:
        return {}
    return get_indicator_values(
        Slice(wanted.start, wanted.end, get_bodies_by_sector()[get_tree()[entity].sector])
    )


PERIOD_LABELS = (("now", "by now"), ("before", "by then"))
_PROMISED_UNTIL = "(made.data->>'until')"
BROKEN_PROMISES = f"""
SELECT c.reference, c.entity_id, c.service_id, {_PROMISED_UNTIL}::timestamptz AS until, done.at
FROM event made JOIN "case" c ON c.id = made.case_id
LEFT JOIN LATERAL (
    SELECT min(e.at) AS at FROM event e
    LEFT JOIN event back ON back.case_id = e.case_id AND back.seq = e.seq + 1 AND back.kind = '{EventType.UNDONE}'
    WHERE e.case_id = made.case_id AND e.seq > made.seq AND e.kind = '{EventType.FULFILLED}' AND back.seq IS NULL
) AS done ON true
LEFT JOIN event back ON back.case_id = made.case_id AND back.seq = made.seq + 1 AND back.kind = '{EventType.UNDONE}'
WHERE made.kind = '{EventType.COMMITTED}' AND {_PROMISED_UNTIL} >= %(from)s AND {_PROMISED_UNTIL} < %(to)s AND
back.seq IS NULL
    AND c.care = '{Handling.OPEN}' AND (%(all)s OR c.entity_id = ANY (%(bodies)s))
    AND (done.at IS NULL OR done.at > {_PROMISED_UNTIL}::timestamptz)
ORDER BY done.at IS NOT NULL, until, c.reference LIMIT %(most)s
"""
