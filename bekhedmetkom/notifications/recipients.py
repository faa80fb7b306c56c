"""Officers who receive a notification: those who had the role at that moment and may read the case."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from bekhedmetkom.cases.models import Event
from bekhedmetkom.cases.queries.case.readers import CaseReaders
from bekhedmetkom.cases.rules.access import CONFIDENTIALITY_ROLES
from bekhedmetkom.cases.rules.case_state import CaseState
from bekhedmetkom.cases.rules.escalation_chain import ABUSE_CONFIRMATION_ROLES, APPROVAL_ROLES, ROLES_BY_LEVEL
from bekhedmetkom.cases.rules.states import EventType
from bekhedmetkom.cases.workspace_models import Follow
from bekhedmetkom.catalogue.rules import EscalationLevel, Handling
from bekhedmetkom.entities.queries import get_units
from bekhedmetkom.identity.models import Officer
from bekhedmetkom.identity.queries import find_serving_body, get_organisation, list_role_holders
from bekhedmetkom.identity.rules import Permission, Role
from bekhedmetkom.kernel.clock import get_local_date

from .rules.decisions import EventContext, RecipientGroup, is_abuse_finding


class RecipientFinder:
    """Those of one batch of events: who holds a role, and who may read what, is asked once for each day.

    `journals`: all that happened to the cases of the batch.
    """

    def __init__(self, journals: Mapping[UUID, Sequence[Event]]) -> None:
        self._journals = journals
        self._follows = defaultdict[UUID, list[Follow]](list)
        for follow in Follow.objects.filter(case__in=journals):
            self._follows[follow.case_id].append(follow)
        self._readers = CaseReaders()
        self._holders_by_role: dict[tuple[Role, int | None, int | None, date], list[int]] = {}

    def find_officers(self, to: RecipientGroup, occasion: EventContext, event: Event) -> list[Officer]:
        """Whom the message is for, without whoever caused the event themselves."""
        case, at = occasion.after, event.at
        match to:
            case RecipientGroup.HANDLER:
                found = self._find_handlers(case, at)
            case RecipientGroup.REPLY_AUTHOR:
                found = self._readers.of([self._find_reply_author(event)], case, at)
            case RecipientGroup.SECOND_APPROVER:
                turns = ABUSE_CONFIRMATION_ROLES if is_abuse_finding(occasion) else APPROVAL_ROLES
                permission = Permission.CONFIRM if is_abuse_finding(occasion) else Permission.APPROVE
                found = self._find_first_holders(turns, case, at, permission)
            case RecipientGroup.ESCALATION_OFFICER:
                level = EscalationLevel(occasion.data.get("level") or occasion.data["to"])
                found = self._find_first_holders(ROLES_BY_LEVEL[level], case, at)
            case RecipientGroup.REVIEWER:
                found = self._readers.of([case.reviewer_id], case, at)
            case RecipientGroup.DUTY_OFFICER:
                found = self._find_first_holders(ROLES_BY_LEVEL[EscalationLevel.DUTY_OFFICER], case, at)
            case RecipientGroup.MENTIONED:
                found = self._readers.of(event.data["mentions"], case, at)
            case RecipientGroup.INSTRUCTED_ROLE:
                found = self._find_first_holders([(Role(occasion.data["for"]),)], case, at)
            case RecipientGroup.INSTRUCTION_AUTHOR:
                found = self._readers.of([self._find_instruction_author(event)], case, at)
                if not found and occasion.event_type in _EVENTS_FALLING_BACK_TO_HANDLERS:
                    found = self._find_handlers(case, at)
            case RecipientGroup.TASK_UNIT:
                found = self._find_asked(occasion.data, case, at)
            case RecipientGroup.FOLLOWERS:
                following = self._follows[event.case_id]
                unseen = [follow.officer_id for follow in following if follow.looked < event.seq]
                found = self._readers.of(unseen, case, at)
            case RecipientGroup.CITIZEN:
                found = []
        return [officer for officer in found if event.actor != f"officer:{officer.pk}"]

    def _find_handlers(self, case: CaseState, at: datetime) -> list[Officer]:
        """Who has the case: its officer and their deputy, else its unit, else who distributes at the nearest body."""
        if case.officer_id:
            return self._readers.of(
                [case.officer_id, get_organisation(at).get_deputy(case.officer_id)], case, at
            )
        if case.unit_id and (
            found := self._readers.of(
                self._list_holders(Role.SUB_OFFICER, case.entity_id, case.unit_id, at=at), case, at
            )
        ):
            return found
        role = Role.MAIN_OFFICER if case.care is Handling.OPEN else CONFIDENTIALITY_ROLES[case.care]
        return self._find_first_holders([(role,)], case, at)

    def _find_asked(self, data: Mapping[str, Any], case: CaseState, at: datetime) -> list[Officer]:
        """Who was asked by name, else who sits in the unit; where nobody does, whoever distributes at its body."""
        if "wanted" in data:
            return self._readers.of(self._list_holders(Role.PM_UNIT, None, at=at), case, at)
        unit = get_units().get(data.get("asked_unit") or 0)
        entity = unit.entity if unit else data["asked_body"]
        seated = self._list_holders(Role.SUB_OFFICER, entity, unit.id, at=at) if unit else []
        if (named := data.get("asked_officer")) in seated and named not in get_organisation(
            at
        ).get_absent_officers():
            seated = [named]
        return self._readers.of(seated, case, at) or self._readers.of(
            self._find_nearest_holders(Role.MAIN_OFFICER, entity, at), case, at
        )

    def _find_first_holders(
        self,
        turns: Iterable[tuple[Role, ...]],
        case: CaseState,
        at: datetime,
        permission: Permission = Permission.READ,
    ) -> list[Officer]:
        """Holders of the first of these roles, at the body or its nearest parent, who may do this to the case."""
        for roles in turns:
            ids = {
                officer for role in roles for officer in self._find_nearest_holders(role, case.entity_id, at)
            }
            if found := self._readers.of(ids, case, at, permission):
                return found
        return []

    def _find_nearest_holders(self, role: Role, entity: int, at: datetime) -> list[int]:
        if role is Role.PM_UNIT:
            return self._list_holders(role, None, at=at)
        body = find_serving_body(role, entity, at)
        return self._list_holders(role, body, at=at) if body is not None else []

    def _find_reply_author(self, event: Event) -> int | None:
        """Whose reply was before the approver when this happened: the row has forgotten it since."""
        before = reversed(self._journals[event.case_id][: event.seq - 1])
        return next((one.data["by"] for one in before if one.kind == EventType.REPLY_SUBMITTED), None)

    def _find_instruction_author(self, event: Event) -> int | None:
        """Who gave the instruction that this reports on, or the task that it answers."""
        giver: int | None = self._journals[event.case_id][event.data["of"] - 1].data["by"]
        return giver

    def _list_holders(
        self, role: Role, entity: int | None, unit: int | None = None, *, at: datetime
    ) -> list[int]:
        key = role, entity, unit, get_local_date(at)
        if key not in self._holders_by_role:
            self._holders_by_role[key] = list_role_holders(role, entity, unit, at=at)
        return self._holders_by_role[key]


# Where whoever asked is not there any more, those who have the case now are told.
_EVENTS_FALLING_BACK_TO_HANDLERS = {EventType.TASK_DONE, EventType.JOIN_ACCEPTED, EventType.JOIN_RETURNED}
