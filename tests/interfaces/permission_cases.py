"""The cases of the permission table: each verb's in a state for it, in each situation; and the officer of each role."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any

from django.db import transaction

from bekhedmetkom.cases import commands
from bekhedmetkom.cases.models import Attachment, Case, Event
from bekhedmetkom.entities.models import Entity
from bekhedmetkom.identity.queries import get_actor
from bekhedmetkom.identity.rules import Role
from bekhedmetkom.kernel.actor import Actor
from tests.factories import create_upload
from tests.interfaces.api import case_stages
from tests.officer_factories import create_officer
from tests.personas import NOON, Jordan

NATIONWIDE = {Role.PM_UNIT, Role.AGENT, Role.ADMINISTRATOR}
SECTOR_BODY, RIVAL_BODY, OWN_BODY = "PM", "MOH", "GAM"


class _WithheldIdentityJordan(Jordan):
    """The same country; whoever brings a case withholds who they are."""

    def submit(self, *words: Any, **given: Any) -> Any:
        return super().submit(*words, **{"withhold_identity": True, **given})


class PermissionCases:
    """A situation, made once; what is done in it is rolled back by whoever does it."""

    def __init__(self, jordan: Jordan, situation: str):
        self.situation = situation
        self.jordan = _WithheldIdentityJordan(**vars(jordan)) if situation == "withheld" else jordan
        self._cases: dict[str, tuple[Case, Any]] = {}
        self._officers: dict[Role, Actor] = {}

    def prepare(self, verbs: Iterable[str]) -> None:
        """Every case and every officer, before anything is done that is rolled back."""
        for verb in verbs:
            self.get_case(verb)
        for role in Role:
            self.get_officer(role)

    def get_case(self, verb: str) -> tuple[Case, Any]:
        """The case for this verb (without one: any), and what goes with it."""
        if verb not in self._cases:
            self._cases[verb] = self._create_case(verb)
        return self._cases[verb]

    def _create_case(self, verb: str) -> tuple[Case, Any]:
        if self.situation == "appealed":
            return self._appealed, self._get_body(verb, self._appealed)
        if self.situation == "conflict" or not verb:
            return self._assigned, self._get_body(verb, self._assigned)
        if verb == "reveal" and self.situation != "withheld":  # nothing is hidden that could be shown
            return self._assigned, case_stages.ACTION_BODIES[verb]
        return case_stages.create_case_for_action(self.jordan, verb)

    @cached_property
    def _assigned(self) -> Case:
        return case_stages.create_case_with_file(self.jordan)

    @cached_property
    def _appealed(self) -> Case:
        case = case_stages.create_appealed_case(self.jordan)
        reviewer = self.jordan.reviewer
        if case.reviewer_id != reviewer.officer_id:
            reviewer = self.jordan.second_reviewer
        self._officers[Role.REVIEWER] = reviewer
        commands.add_note(
            case=case.pk, seen=case.seq, actor=reviewer, at=NOON, text="صورة", uploads=(create_upload(),)
        )
        case.refresh_from_db()
        return case

    def _get_body(self, verb: str, case: Case) -> Any:
        if verb == "merge":
            return {"into": self.jordan.create_case().reference}
        if verb == "link":
            return {"problem": case_stages.create_problem()}
        if verb == "show":
            return {"file": str(Attachment.objects.get(case=case).pk)}
        return case_stages.ACTION_BODIES.get(verb)

    def get_officer(self, role: Role) -> Actor:
        """Whoever holds the role, as near to the case as the situation says."""
        if role not in self._officers:
            self._officers[role] = self._appoint(role)
        return self._officers[role]

    def _appoint(self, role: Role) -> Actor:
        if role is Role.PM_UNIT and self.situation != "conflict":
            return self.jordan.pm  # to whom the case is given whose identity is to be shown
        above = role in (Role.MINISTER, Role.MINISTER_OFFICE)
        own = SECTOR_BODY if above else OWN_BODY
        body = Entity.objects.get(code={"sector": SECTOR_BODY, "rival": RIVAL_BODY}.get(self.situation, own))
        unit = None
        if role is Role.SUB_OFFICER:
            unit = body.units.filter(code="ROADS").first() or body.units.create(
                code="ROADS", name_ar="طرق", name_en="Roads"
            )
        return get_actor(create_officer(role, None if role in NATIONWIDE else body, unit), NOON)

    def create_conflict(self, role: Role) -> None:
        """In a conflict of interest the case complains of the very officer who comes to it."""
        if self.situation == "conflict":
            case = self._assigned
            commands.set_complaint_subject(
                case=case.pk,
                seen=case.seq,
                actor=self.jordan.pm,
                at=NOON,
                officer=self.get_officer(role).officer_id,
            )


def count_events() -> int:
    return Event.objects.count()


@contextmanager
def roll_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
