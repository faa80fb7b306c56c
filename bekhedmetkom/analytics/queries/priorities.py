"""Where planning is worth most, what was decided there, and what the figures did before and after."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import exp, log, sqrt

from ..models import RollUp
from ..rules.grains import find_grain
from ..rules.indicators import INDICATORS
from ..rules.priorities import PRIORITY_DAYS, Priority, PriorityCounts, PriorityPart, rank_cells
from ..rules.totals import Z_95, IndicatorValue, Totals
from ..storage import PlanningDecision, PriorityCell

WEEK = timedelta(days=7)
COMPARED_INDICATORS = ("on_time", "solved", "upheld")
SUMMED_MEASURES = ("received", "kept", "missed", "yes", "no", "upheld", "partly", "rejected")
_CELL_FIELDS = tuple(field for field in PriorityCounts.__dataclass_fields__)


@dataclass(frozen=True, slots=True)
class RankedPriorities:
    """`made_at`: the night of the numbers, None before the first."""

    priorities: Sequence[Priority]
    created_at: datetime | None


def rank_priorities(
    entities: frozenset[int] | None,
    weights: Mapping[PriorityPart, int],
    *,
    entity: int | None = None,
    governorate: int | None = None,
    service: int | None = None,
) -> RankedPriorities:
    """The gaps of these bodies; each is measured by all of the country."""
    rows = list(PriorityCell.objects.values_list(*_CELL_FIELDS, "created_at"))
    every = [PriorityCounts(*row[:-1]) for row in rows]
    shown = [
        cell
        for cell in every
        if (entities is None or cell.entity in entities)
        and (entity is None or cell.entity == entity)
        and (service is None or cell.service == service)
        and (governorate is None or cell.governorate == governorate)
    ]
    return RankedPriorities(rank_cells(shown, weights, every), max((row[-1] for row in rows), default=None))


@dataclass(frozen=True, slots=True)
class IndicatorChange:
    """A share in the days before and after. `clear`: the two intervals do not meet."""

    key: str
    before: IndicatorValue
    after: IndicatorValue

    @property
    def is_clear(self) -> bool:
        before, after = self.before, self.after
        if before.low is None or before.high is None or after.low is None or after.high is None:
            return False
        return after.low > before.high or after.high < before.low


@dataclass(frozen=True, slots=True)
class DecisionResult:
    """`days`: so many on each side are compared; 0 as long as fewer than seven have passed. `change`: what came in a
    day after, as a share of what came before, with its interval."""

    id: int
    entity: int
    service: int
    governorate: int
    effective_on: date
    text: str
    officer: int
    compared_days: int
    received_before: int
    received_after: int
    change: IndicatorValue
    shares: Sequence[IndicatorChange]


def list_decisions(entities: frozenset[int] | None, today: date, most: int = 20) -> list[DecisionResult]:
    """What was decided last, each with the same figures before and after."""
    rows = PlanningDecision.objects.order_by("-effective_on", "-pk")
    if entities is not None:
        rows = rows.filter(entity__in=entities)
    return [_build_decision_result(row, today) for row in rows[:most]]


def _build_decision_result(row: PlanningDecision, today: date) -> DecisionResult:
    days = min((today - row.effective_on).days, PRIORITY_DAYS)
    days = days if days >= WEEK.days else 0
    span = timedelta(days=days)
    before, after = (
        _get_totals(row, start, start + span) for start in (row.effective_on - span, row.effective_on)
    )
    return DecisionResult(
        row.pk,
        row.entity_id,
        row.service_id,
        row.governorate_id,
        row.effective_on,
        row.text,
        row.officer_id,
        days,
        before["received"],
        after["received"],
        estimate_ratio(after["received"], before["received"]),
        [
            IndicatorChange(key, INDICATORS[key].get_value(before), INDICATORS[key].get_value(after))
            for key in COMPARED_INDICATORS
        ],
    )


def estimate_ratio(after: int, before: int) -> IndicatorValue:
    """How many came after for each that came before, in as many days; from counts that scatter as chance has it."""
    if not after or not before:
        return IndicatorValue(None, after + before)
    wide = Z_95 * sqrt(1 / after + 1 / before)
    return IndicatorValue(
        after / before, after + before, exp(log(after / before) - wide), exp(log(after / before) + wide)
    )


def _get_totals(row: PlanningDecision, start: date, end: date) -> Totals:
    """Sums from `start` up to and without `end`."""
    days = RollUp.objects.filter(
        grain=find_grain({"entity", "service", "governorate"}, light=True),
        span="day",
        day__gte=start,
        day__lt=end,
        entity=row.entity_id,
        service=row.service_id,
        governorate=row.governorate_id,
    )
    sums = dict.fromkeys(SUMMED_MEASURES, 0)
    for numbers in days.values_list(*SUMMED_MEASURES):
        for name, number in zip(SUMMED_MEASURES, numbers, strict=True):
            sums[name] += number or 0
    return Totals(sums)
