"""Cases that an officer writes down for somebody: at the counter, or from a letter. The clock starts when it came."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from bekhedmetkom.kernel.clock import AMMAN, get_local_date
from bekhedmetkom.kernel.text import BilingualText

MAX_LETTER_AGE = timedelta(days=60)  # an older date is a slip of the pen


class PaperChannel(StrEnum):
    """Named as the channel that the case remembers."""

    COUNTER = "counter"
    LETTER = "letter"


PAPER_CHANNEL_LABELS: Mapping[PaperChannel, BilingualText] = {
    PaperChannel.COUNTER: BilingualText("شباك المراجعين", "Counter"),
    PaperChannel.LETTER: BilingualText("رسالة ورقية", "Letter"),
}


def get_receipt_time(day: date | None, registered: datetime) -> datetime:
    """The moment from which the term counts: the middle of the day on which a letter came, else now.

    The day of receipt is not counted, so any moment of it promises the same working day.
    """
    if day is None:
        return registered
    return min(datetime.combine(day, time(12), AMMAN), registered)


def is_possible_receipt_day(day: date, registered: datetime) -> bool:
    """Not to come, and not longer ago than letters lie anywhere."""
    return get_local_date(registered) - MAX_LETTER_AGE <= day <= get_local_date(registered)


CHANNEL_LABELS: Mapping[str, BilingualText] = {
    "portal": BilingualText("الموقع", "Website"),
    "chat": BilingualText("محادثة الموقع", "Website chat"),
    "embed": BilingualText("نموذج في موقع آخر", "Form on another site"),
    "kiosk": BilingualText("شاشة في مركز الخدمة", "Screen in a service hall"),
    "api": BilingualText("نظام متصل", "Connected system"),
    "open311": BilingualText("Open311", "Open311"),
    "phone": BilingualText("الهاتف", "Telephone"),
    "callcentre": BilingualText("مركز الاتصال", "Call centre"),
    "messenger": BilingualText("ماسنجر", "Messenger"),
    "email": BilingualText("البريد الإلكتروني", "E-mail"),
    "sms": BilingualText("رسالة نصية", "Text message"),
    **{str(paper): words for paper, words in PAPER_CHANNEL_LABELS.items()},
}
