"""Who acts on a case: looked up as the platform itself would, in memory, so that a million cases ask nothing."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random

from bekhedmetkom.cases.rules.access import CONFIDENTIALITY_ROLES
from bekhedmetkom.catalogue.rules import Handling
from bekhedmetkom.entities.queries import find_nearest, get_ancestors, get_tree, list_units
from bekhedmetkom.identity.queries import list_colleagues, list_role_holders
from bekhedmetkom.identity.rules import Role
from bekhedmetkom.kernel.clock import get_local_date
from bekhedmetkom.kernel.text import BilingualText

from .text_bank import TextBank


@dataclass(frozen=True, slots=True)
class Team:
    """A unit of a body, the numbers of the topics that are its, and its officers."""

    id: int
    name: BilingualText
    topics: frozenset[str]
    officers: tuple[int, ...]


class StaffDirectory:
    """Everybody in office, read once."""

    def __init__(self, bank: TextBank, at: datetime) -> None:
        self.officers_by_role: defaultdict[Role, dict[int, list[int]]] = defaultdict(dict)
        self.teams: dict[int, list[Team]] = {}
        self.pm_unit = list_role_holders(Role.PM_UNIT, None, at=at)
        topics = {(row["entity"], row["code"]): frozenset(row["topics"].split()) for row in bank.units}
        for body in get_tree():
            staff = list_colleagues(body.id, at)
            for one in staff:
                self.officers_by_role[one.role].setdefault(body.id, []).append(one.id)
            if staff:
                self.teams[body.id] = [
                    Team(
                        unit.id,
                        BilingualText(unit.name_ar, unit.name_en),
                        topics.get((body.code, unit.code), frozenset()),
                        tuple(
                            one.id for one in staff if one.unit == unit.id and one.role is Role.SUB_OFFICER
                        ),
                    )
                    for unit in list_units(body.id, get_local_date(at))
                ]

    def find_nearest(self, role: Role, entity: int) -> Sequence[int]:
        """Those who hold the role at the body or its nearest parent that has any."""
        where = find_nearest(entity, self.officers_by_role[role])
        return () if where is None else self.officers_by_role[role][where]

    def list_officers(self, role: Role, entity: int) -> Sequence[int]:
        return self.officers_by_role[role].get(entity, ())

    def choose_distributor(self, entity: int, care: Handling, *, urgent: bool, random: Random) -> int:
        """Who decides what becomes of a case that has just come in."""
        if care is not Handling.OPEN:
            return random.choice(self.find_nearest(CONFIDENTIALITY_ROLES[care], entity))
        on_duty = self.find_nearest(Role.DUTY_OFFICER, entity) if urgent else ()
        return random.choice(on_duty or self.find_nearest(Role.MAIN_OFFICER, entity) or self.pm_unit)

    def find_team(self, entity: int, topic: str | None) -> Team | None:
        """The unit that a topic (by its code) falls to; none where the body has no officer for it."""
        number = topic.rpartition("-")[2] if topic else ""
        fitting = [team for team in self.teams.get(entity, ()) if team.officers and number in team.topics]
        return fitting[0] if fitting else None

    def choose_reviewer(self, entity: int, excluding: Collection[int], random: Random) -> int | None:
        """As `identity.queries.reviewer_for` chooses, but for the load, which a demonstration spreads evenly."""
        for body in reversed(get_ancestors(entity)):
            if free := [who for who in self.list_officers(Role.REVIEWER, body) if who not in excluding]:
                return random.choice(free)
        free = [who for who in self.pm_unit if who not in excluding]
        return random.choice(free) if free else None

    def find_superior(self, entity: int) -> int:
        """Somebody higher than the handlers: the manager, else the head, the minister, the Prime Ministry."""
        for role in (Role.MANAGER, Role.HEAD_OF_BODY):
            if found := self.list_officers(role, entity):
                return found[0]
        ministers: Mapping[int, list[int]] = self.officers_by_role[Role.MINISTER]
        where = find_nearest(entity, ministers)
        return ministers[where][0] if where is not None else self.pm_unit[0]
