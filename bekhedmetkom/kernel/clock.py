"""The current time. Only interfaces call it; commands and queries get the time as `at`."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

AMMAN = ZoneInfo("Asia/Amman")


def now() -> datetime:
    """Return the current time, timezone-aware, in UTC."""
    return datetime.now(UTC)


def get_local_date(at: datetime) -> date:
    """Return the date in Jordan at this moment."""
    return at.astimezone(AMMAN).date()
