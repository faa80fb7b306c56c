"""How much people used the platform's offers in some days: in a slice's bodies, and in the days before."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Sum

from bekhedmetkom.kernel.clock import AMMAN
from bekhedmetkom.messages.reached import PushSubscription

from ..kept import Download, Visits
from ..models import RollUp
from ..rules.grains import grain_for
from ..rules.interaction import INTERACTION
from ..rules.slices import Slice
from ..rules.totals import Totals
from .shape import Figure

DAILY = ("wrote", "yes", "no", "answered")


def interaction(part: Slice) -> Mapping[str, Figure]:
    """By the keys of `rules.interaction`. Only days and bodies narrow it; downloads are the country's."""
    now, before, last_year = (_totals(one) for one in (part, part.before(), part.last_year()))
    return {
        key: Figure(key, one.of(now), one.of(before), one.of(last_year)) for key, one in INTERACTION.items()
    }


def _totals(part: Slice) -> Totals:
    visits = Visits.objects.filter(day__range=(part.start, part.end))
    written = RollUp.objects.filter(
        grain=grain_for({"entity"}), span="day", day__range=(part.start, part.end)
    )
    start, end = (datetime.combine(day, time(), AMMAN) for day in (part.start, part.end + timedelta(days=1)))
    subscribed = PushSubscription.objects.filter(created_at__gte=start, created_at__lt=end)
    if part.entities is not None:
        visits = visits.filter(entity__in=part.entities)
        written = written.filter(entity__in=part.entities)
        subscribed = subscribed.filter(case__entity__in=part.entities)
    sums = written.aggregate(**{name: Sum(name) for name in DAILY})
    sums |= visits.aggregate(visits=Sum("n")) | subscribed.aggregate(subscribed=Count("pk"))
    if part.entities is None:
        after = (part.end + timedelta(days=1)).replace(day=1)
        months = Download.objects.filter(month__gte=part.start, month__lt=after)
        sums |= months.aggregate(downloads=Sum("n"))
    return Totals({name: number or 0 for name, number in sums.items()})


def downloads(since: date) -> Sequence[Download]:
    """What was entered of the months since a day, the newest first."""
    return list(Download.objects.filter(month__gte=since))
