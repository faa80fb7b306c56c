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
from ..rules.totals import Reading, Totals
from .board import began_on
from .shape import Figure

DAILY = ("wrote", "yes", "no", "answered")
NOTHING = Reading(None, 0)


def interaction(part: Slice) -> Mapping[str, Figure]:
    """By the keys of `rules.interaction`. Only days and bodies narrow it; downloads are the country's.

    What nobody has entered and what was before anything was recorded has no value: it is no nought.
    """
    began = began_on()
    read = [_readings(one, began) for one in (part, part.before(), part.last_year())]
    return {key: Figure(key, *(readings[key] for readings in read)) for key in INTERACTION}


def _readings(part: Slice, began: date | None) -> Mapping[str, Reading]:
    if began is None or part.end < began:
        return dict.fromkeys(INTERACTION, NOTHING)
    sums = _sums(part)
    readings = {key: one.of(Totals(sums)) for key, one in INTERACTION.items()}
    return readings if "downloads" in sums else {**readings, "downloads": NOTHING}


def _sums(part: Slice) -> dict[str, int]:
    """Without downloads where none were entered, or where they would be a part of the country's."""
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
    return {name: number or 0 for name, number in sums.items() if name != "downloads" or number is not None}


def downloads(since: date) -> Sequence[Download]:
    """What was entered of the months since a day, the newest first."""
    return list(Download.objects.filter(month__gte=since))
