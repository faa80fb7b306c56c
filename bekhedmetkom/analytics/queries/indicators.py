"""Every indicator of a slice, as a program or a report asks for it. Two statements."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Sum

from bekhedmetkom.kernel.clock import AMMAN
from bekhedmetkom.notifications.reachability import PushSubscription

from ..models import RollUp
from ..rules.grains import find_grain
from ..rules.indicators import INDICATORS, USAGE_INDICATORS
from ..rules.slices import Slice
from ..rules.totals import IndicatorValue, Totals
from ..storage import AppDownloads, DailyPageViews
from .dashboard import get_first_day
from .dashboard_data import IndicatorComparison
from .rollup_sums import BEGINNING, get_histograms, get_sums, list_parts


def get_totals(wanted: Slice) -> Totals:
    """What the slice's days add up to, and what was open at the end of the last."""
    counts = get_sums(wanted, [*list_parts("now", wanted), *list_parts("ever", Slice(BEGINNING, wanted.end))])
    ever = Totals(counts.get("ever", {}))
    return Totals(
        counts.get("now", {}), get_histograms(wanted, list_parts("now", wanted)).get("now", {}),
        ever["entered"] - ever["gone"], ever["late_in"] - ever["late_out"],
    )  # fmt: skip


def get_indicator_values(wanted: Slice) -> Mapping[str, IndicatorValue]:
    """By the keys of `rules.indicators.INDICATORS`."""
    found = get_totals(wanted)
    return {key: indicator.get_value(found) for key, indicator in INDICATORS.items()}


USAGE_MEASURES = ("wrote", "yes", "no", "answered")
NO_VALUE = IndicatorValue(None, 0)


def get_usage(part: Slice) -> Mapping[str, IndicatorComparison]:
    """By the keys of `rules.interaction`. Only days and bodies narrow it; downloads are the country's.

    What nobody has entered and what was before anything was recorded has no value: it is no nought.
    """
    began = get_first_day()
    read = [
        _compute_values(one, began)
        for one in (part, part.get_previous_period(), part.get_same_period_last_year())
    ]
    return {key: IndicatorComparison(key, *(readings[key] for readings in read)) for key in USAGE_INDICATORS}


def _compute_values(part: Slice, began: date | None) -> Mapping[str, IndicatorValue]:
    if began is None or part.end < began:
        return dict.fromkeys(USAGE_INDICATORS, NO_VALUE)
    sums = _sum_measures(part)
    readings = {key: one.get_value(Totals(sums)) for key, one in USAGE_INDICATORS.items()}
    return readings if "downloads" in sums else {**readings, "downloads": NO_VALUE}


def _sum_measures(part: Slice) -> dict[str, int]:
    """Without downloads where none were entered, or where they would be a part of the country's."""
    visits = DailyPageViews.objects.filter(day__range=(part.start, part.end))
    written = RollUp.objects.filter(
        grain=find_grain({"entity"}), span="day", day__range=(part.start, part.end)
    )
    start, end = (datetime.combine(day, time(), AMMAN) for day in (part.start, part.end + timedelta(days=1)))
    subscribed = PushSubscription.objects.filter(created_at__gte=start, created_at__lt=end)
    if part.entities is not None:
        visits = visits.filter(entity__in=part.entities)
        written = written.filter(entity__in=part.entities)
        subscribed = subscribed.filter(case__entity__in=part.entities)
    sums = written.aggregate(**{name: Sum(name) for name in USAGE_MEASURES})
    sums |= visits.aggregate(visits=Sum("count")) | subscribed.aggregate(subscribed=Count("pk"))
    if part.entities is None:
        after = (part.end + timedelta(days=1)).replace(day=1)
        months = AppDownloads.objects.filter(month__gte=part.start, month__lt=after)
        sums |= months.aggregate(downloads=Sum("count"))
    return {name: number or 0 for name, number in sums.items() if name != "downloads" or number is not None}


def list_downloads(since: date) -> Sequence[AppDownloads]:
    """What was entered of the months since a day, the newest first."""
    return list(AppDownloads.objects.filter(month__gte=since))
