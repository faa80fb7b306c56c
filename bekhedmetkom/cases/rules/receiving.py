"""Cases that an officer writes down for somebody: at the counter, or from a letter. The clock starts when it came."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from bekhedmetkom.kernel.clock import AMMAN, get_local_date
from bekhedmetkom.kernel.text import BilingualText

OLDEST = timedelta(days=60)  # an older date is a slip of the pen


class Paper(StrEnum):
    """Named as the channel that the case remembers."""

    COUNTER = "counter"
    LETTER = "letter"


PAPER_WORDS: Mapping[Paper, BilingualText] = {
    Paper.COUNTER: BilingualText("شباك المراجعين", "Counter"),
    Paper.LETTER: BilingualText("رسالة ورقية", "Letter"),
}


def came_at(day: date | None, registered: datetime) -> datetime:
    """The moment from which the term counts: the middle of the day on which a letter came, else now.

    The day of receipt is not counted, so any moment of it promises the same working day.
    """
    if day is None:
        return registered
    return min(datetime.combine(day, time(12), AMMAN), registered)


def may_have_come(day: date, registered: datetime) -> bool:
    """Not to come, and not longer ago than letters lie anywhere."""
    return get_local_date(registered) - OLDEST <= day <= get_local_date(registered)
