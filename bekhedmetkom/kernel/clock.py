"""What time it is. Only doors ask; everything behind them is given the time as `at`."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

AMMAN = ZoneInfo("Asia/Amman")


def now() -> datetime:
    """This moment, aware, in UTC."""
    return datetime.now(UTC)


def get_local_date(at: datetime) -> date:
    """The day it is in Jordan at this moment."""
    return at.astimezone(AMMAN).date()
