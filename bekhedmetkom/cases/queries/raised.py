"""Beside the lines of a level's list: what its official was told, when and on what ground, and what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bekhedmetkom.catalogue.queries import get_policy_version
from bekhedmetkom.catalogue.rules import EscalationLevel
from bekhedmetkom.entities.queries import get_working_calendar
from bekhedmetkom.kernel.clock import get_local_date
from bekhedmetkom.kernel.text import BilingualText

from ..rules.case_state import CaseState
from ..rules.deadlines import rung_at
from ..rules.events import EVENTS
from ..rules.events.base import higher_level
from ..rules.states import WORKING, EventType, State
from .telling import NOTHING, blanks


@dataclass(frozen=True, slots=True)
class Done:
    """Something that an officer did since."""

    at: datetime
    words: BilingualText
    by: BilingualText


@dataclass(frozen=True, slots=True)
class Raised:
    """`happened`: nothing was done, the date passed, or somebody raised it, who then says why (`by`, `reason`).

    `ground`: the last act that the citizen saw, or the date that passed. `acts`: how much was done since, `last` the
    last of it. It `climbs_at` that moment to the level above, unless it is answered.
    """

    happened: EventType
    level: EscalationLevel
    at: datetime
    ground: datetime | None
    by: BilingualText
    reason: str
    acts: int
    last: Done | None
    climbs_at: datetime | None
    climbs_to: EscalationLevel | None


def raised_of(case: CaseState, told: Sequence[Any]) -> Raised:
    """From what `beside` read: the event, who raised it and why, what officers did since (the newest first)."""
    kind, at, data, by, reason, since = told
    rung = _next_rung(case)
    ground = data.get("since") or data.get("due")
    return Raised(
        EventType(kind), EscalationLevel(data.get("level") or data["to"]), at,
        datetime.fromisoformat(ground) if ground else None, _name(by), reason or "", len(since or ()),
        _done(case, since[0]) if since else None, *(rung or (None, None)),
    )  # fmt: skip


def _next_rung(case: CaseState) -> tuple[datetime, EscalationLevel] | None:
    """The step that leads above where the case is now; while it waits for the citizen nothing climbs."""
    if case.state not in (*WORKING, State.APPEALED):
        return None
    ladder = get_policy_version(case.policy_id).terms.ladder[case.rungs :]
    above = (rung for rung in ladder if higher_level(case.level, rung.level) != case.level)
    return next(((rung_at(case, rung, get_working_calendar()), rung.level) for rung in above), None)


def _done(case: CaseState, act: Sequence[Any]) -> Done:
    kind, at, data, by = act
    words = EVENTS[EventType(kind)].officer_text.format(
        **blanks(data, case.entity_id, get_local_date(case.updated_at), {})
    )
    return Done(datetime.fromisoformat(at), words, _name(by))


def _name(by: Sequence[str] | None) -> BilingualText:
    return BilingualText(by[0], by[1] or by[0]) if by and by[0] else NOTHING
