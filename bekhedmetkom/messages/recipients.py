"""Which officers a message is for: those who had the part at that moment and may read the case."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from bekhedmetkom.cases.kept import Follow
from bekhedmetkom.cases.models import Event
from bekhedmetkom.cases.queries.readers import readers
from bekhedmetkom.cases.rules.access import KNOWS
from bekhedmetkom.cases.rules.levels import APPROVES, CONFIRMS, TURNS
from bekhedmetkom.cases.rules.standing import Standing
from bekhedmetkom.cases.rules.states import Happened
from bekhedmetkom.catalogue.rules import Handling, Level
from bekhedmetkom.entities.queries import units
from bekhedmetkom.identity.models import Officer
from bekhedmetkom.identity.queries import holders, organisation_at, serving
from bekhedmetkom.identity.rules import Permission, Role

from .rules.decisions import Occasion, To, finds_abuse


def officers(to: To, occasion: Occasion, event: Event) -> list[Officer]:
    """Whom the message is for, without whoever caused the event themselves."""
    case, at = occasion.after, event.at
    match to:
        case To.HANDLER:
            found = _handlers(case, at)
        case To.WRITER:
            found = _readers([_writer(event)], case, at)
        case To.SECOND:
            turns = CONFIRMS if finds_abuse(occasion) else APPROVES
            permission = Permission.CONFIRM if finds_abuse(occasion) else Permission.APPROVE
            found = _first(turns, case, at, permission)
        case To.LEVEL:
            level = Level(occasion.data.get("level") or occasion.data["to"])
            found = _first(TURNS[level], case, at)
        case To.REVIEWER:
            found = _readers([case.reviewer_id], case, at)
        case To.DUTY:
            found = _first(TURNS[Level.DUTY_OFFICER], case, at)
        case To.MENTIONED:
            found = _readers(event.data["mentions"], case, at)
        case To.CHARGED:
            found = _first([(Role(occasion.data["for"]),)], case, at)
        case To.GIVER:
            found = _readers([_giver(event)], case, at)
            if not found and occasion.happened in _TO_HANDLERS_TOO:
                found = _handlers(case, at)
        case To.ASKED:
            found = _asked(occasion.data, case, at)
        case To.FOLLOWING:
            following = Follow.objects.filter(case=event.case_id, looked__lt=event.seq)
            found = _readers(following.values_list("officer", flat=True), case, at)
        case To.CITIZEN:
            found = []
    return [officer for officer in found if event.actor != f"officer:{officer.pk}"]


def _handlers(case: Standing, at: datetime) -> list[Officer]:
    """Who has the case: its officer and their deputy, else its unit, else who distributes at the nearest body."""
    if case.officer_id:
        return _readers([case.officer_id, organisation_at(at).deputy(case.officer_id)], case, at)
    if case.unit_id and (
        found := _readers(holders(Role.SUB_OFFICER, case.entity_id, case.unit_id, at=at), case, at)
    ):
        return found
    role = Role.MAIN_OFFICER if case.care is Handling.OPEN else KNOWS[case.care]
    return _first([(role,)], case, at)


# Where whoever asked is not there any more, those who have the case now are told.
_TO_HANDLERS_TOO = {Happened.TASK_DONE, Happened.JOIN_ACCEPTED, Happened.JOIN_RETURNED}


def _asked(data: Mapping[str, Any], case: Standing, at: datetime) -> list[Officer]:
    """Who sits in the unit that was asked; where nobody does, whoever distributes at its body."""
    if "wanted" in data:
        return _readers(holders(Role.PM_UNIT, None, at=at), case, at)
    unit = units().get(data.get("asked_unit") or 0)
    entity = unit.entity if unit else data["asked_body"]
    seated = holders(Role.SUB_OFFICER, entity, unit.id, at=at) if unit else []
    return _readers(seated, case, at) or _readers(_nearest(Role.MAIN_OFFICER, entity, at), case, at)


def _writer(event: Event) -> int | None:
    """Whose reply was before the approver when this happened: the row has forgotten it since."""
    submitted = Event.objects.filter(
        case=event.case_id, seq__lt=event.seq, kind=str(Happened.REPLY_SUBMITTED)
    )
    last = submitted.order_by("-seq").first()
    return last.data["by"] if last else None


def _giver(event: Event) -> int | None:
    """Who gave the instruction that this reports on."""
    giver: int | None = Event.objects.get(case=event.case_id, seq=event.data["of"]).data["by"]
    return giver


def _first(
    turns: Iterable[tuple[Role, ...]], case: Standing, at: datetime, permission: Permission = Permission.READ
) -> list[Officer]:
    """Holders of the first of these roles, at the body or its nearest parent, who may do this to the case."""
    for roles in turns:
        ids = {officer for role in roles for officer in _nearest(role, case.entity_id, at)}
        if found := _readers(ids, case, at, permission):
            return found
    return []


def _nearest(role: Role, entity: int, at: datetime) -> list[int]:
    if role is Role.PM_UNIT:
        return holders(role, None, at=at)
    body = serving(role, entity, at)
    return holders(role, body, at=at) if body is not None else []


def _readers(
    ids: Iterable[int | None], case: Standing, at: datetime, permission: Permission = Permission.READ
) -> list[Officer]:
    """Nobody is told of a case that they could not open."""
    return readers(ids, case, at, permission)
