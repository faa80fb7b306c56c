"""What is asked of a body's head about a figure: by when, how it ends, and to whom it climbs without an answer."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from bekhedmetkom.identity.rules import Role
from bekhedmetkom.kernel.working_calendar import WorkingCalendar

MAX_INSTRUCTION_LENGTH, MAX_ANSWER_LENGTH = 1000, 2000
MAX_DAYS = 90  # days ahead by which an answer may be asked for
DEFAULT_WORKING_DAYS = 3  # working days, unless another day is chosen
RECIPIENT_ROLES = (Role.HEAD_OF_BODY, Role.MAIN_OFFICER)  # either answers for the body
# Working days after its day on which it stands before whom, as what is late climbs (accountability).
CLIMB_WORKING_DAYS: Mapping[Role, int] = {Role.MINISTER: 0, Role.MINISTER_OFFICE: 0, Role.PM_UNIT: 3}


class InstructionOutcome(StrEnum):
    """How an instruction ends."""

    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"


def is_late(until: date, today: date) -> bool:
    """Its day counts whole."""
    return until < today


def has_climbed(role: Role, until: date, today: date, calendar: WorkingCalendar) -> bool:
    """Whether one without an answer stands before this role by now, above the body."""
    if (days := CLIMB_WORKING_DAYS.get(role)) is None:
        return False
    return is_late(calendar.add_working_days(until, days) if days else until, today)
