"""A small Jordan and its people: real bodies, real topics, real policies, and one officer for each role.

`jordan` is the fixture; `jordan.main` and the others are officers' actors, `jordan.get_citizen(case)` the one
who brought
a case. GAM is the body that most tests complain about; its rival is the Ministry of Health.
"""

import csv
import io
import secrets
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from bekhedmetkom.cases import commands
from bekhedmetkom.cases.commands import Submission, SubmissionResult
from bekhedmetkom.cases.models import Case
from bekhedmetkom.cases.rules.applicant import Applicant
from bekhedmetkom.catalogue.directory_import import import_directory
from bekhedmetkom.catalogue.models import Service
from bekhedmetkom.catalogue.rules import Kind
from bekhedmetkom.entities.models import Entity, Governorate, Unit
from bekhedmetkom.entities.table_cache import refresh_versions
from bekhedmetkom.identity.models import Membership, Officer
from bekhedmetkom.identity.queries import get_actor
from bekhedmetkom.identity.rules import Role
from bekhedmetkom.kernel.actor import Actor, ActorKind
from bekhedmetkom.routing.models import ApprovalRule
from tests.snapshot import Snapshot

DIRECTORY_FOLDER = Path(__file__).parent.parent / "data" / "directory"
BODIES = {
    "PM",
    "MOI",
    "MOH",
    "MOLA",
    "GAM",
    "GAM-01",
    "PSD",
    "FJPD",
    "GHR",
    "IACC",
    "NCHR",
    "CCU",
    "MUN-IR01",
}
BODY_COLUMNS = {"entities.csv": "code", "categories.csv": "entity_code", "sensitive_categories.csv": "entity_code",
           "entity_governorate.csv": "entity_code"}  # fmt: skip

NOON = datetime(2026, 11, 24, 9, tzinfo=UTC)  # a Tuesday, 12:00 in Amman
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
ANONYMOUS_CITIZEN = Actor(ActorKind.CITIZEN, "")
POTHOLE = "في حفرة كبيرة بنص الشارع جنب المدرسة من أسبوعين وبتخرب السيارات"


@dataclass
class Jordan:
    """Ids of the directory by code, and the actors of its people."""

    entities: dict[str, int]
    services: dict[str, int]
    governorates: dict[str, int]
    roads: int
    lighting: int
    people: dict[str, Actor]

    def __getattr__(self, name: str) -> Actor:
        try:
            return self.people[name]
        except KeyError:
            raise AttributeError(name) from None

    def copy(self) -> "Jordan":
        """For one more test: what it changes of the people stays its own."""
        return replace(self, people=dict(self.people))

    def submit(
        self, text: str = POTHOLE, *, at: datetime = NOON, key: str = "", **given: Any
    ) -> SubmissionResult:
        """A complaint about a street in Amman, unless `given` says otherwise."""
        fields: dict[str, Any] = {
            "kind": Kind.COMPLAINT, "text": text, "entity": self.entities["GAM"],
            "applicant": Applicant(name="سامر عواد", phone="+962791234567"),
        }  # fmt: skip
        submission = replace(Submission(kind=Kind.COMPLAINT, text=text), **(fields | given))
        return commands.submit_case(
            submission=submission, channel="portal", client="portal", key=key or secrets.token_hex(8),
            actor=ANONYMOUS_CITIZEN, at=at,
        )  # fmt: skip

    def create_case(self, text: str = POTHOLE, *, at: datetime = NOON, **given: Any) -> Case:
        return Case.objects.get(pk=self.submit(text, at=at, **given).case)

    def create_assigned_case(self, text: str = POTHOLE, *, at: datetime = NOON, **given: Any) -> Case:
        """A case in the hands of the roads officer."""
        case = self.create_case(text, at=at, **given)
        commands.assign_case(
            case=case.pk, seen=1, actor=self.main, at=at, unit=self.roads, officer=self.roads_officer.officer_id
        )  # fmt: skip
        return Case.objects.get(pk=case.pk)

    @staticmethod
    def get_citizen(case: Case | SubmissionResult) -> Actor:
        return Actor.citizen(case.reference)


ROLES: dict[str, tuple[Role, str, str]] = {  # persona: role, body, unit
    "main": (Role.MAIN_OFFICER, "GAM", ""),
    "roads_officer": (Role.SUB_OFFICER, "GAM", "ROADS"),
    "lighting_officer": (Role.SUB_OFFICER, "GAM", "LIGHTING"),
    "approver": (Role.APPROVER, "GAM", ""),
    "reviewer": (Role.REVIEWER, "GAM", ""),
    "second_reviewer": (Role.REVIEWER, "GAM", ""),
    "manager": (Role.MANAGER, "GAM", ""),
    "head": (Role.HEAD_OF_BODY, "GAM", ""),
    "duty": (Role.DUTY_OFFICER, "GAM", ""),
    "inspector": (Role.INSPECTOR, "GAM", ""),
    "coordinator": (Role.COORDINATOR, "GHR", ""),
    "protector": (Role.COORDINATOR, "FJPD", ""),
    "minister": (Role.MINISTER, "MOI", ""),
    "office": (Role.MINISTER_OFFICE, "MOI", ""),
    "ministry_main": (Role.MAIN_OFFICER, "MOI", ""),
    "rival": (Role.MAIN_OFFICER, "MOH", ""),
    "rival_reviewer": (Role.REVIEWER, "MOH", ""),
    "pm": (Role.PM_UNIT, "PM", ""),
    "agent": (Role.AGENT, "PM", ""),
    "administrator": (Role.ADMINISTRATOR, "PM", ""),
}


def place_under_minister(jordan: "Jordan") -> None:
    """From now on GAM stands below the minister, as bodies of a sector do."""
    for name, role in (("minister", Role.MINISTER), ("office", Role.MINISTER_OFFICE)):
        Membership.objects.filter(role=role).update(entity=jordan.entities["GAM"])
        refresh_versions()
        jordan.people[name] = get_actor(Officer.objects.get(pk=jordan.people[name].id), NOON)


def require_approval(entity: int) -> None:
    """From now on every reply of the body is approved before it goes out."""
    ApprovalRule.objects.create(entity_id=entity)
    refresh_versions()


@pytest.fixture(scope="session")
def settled(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> tuple[Jordan, Snapshot]:
    """Settling takes half a second, and putting its rows back a fiftieth of one."""
    with django_db_blocker.unblock(), transaction.atomic():
        before = Snapshot.take()
        world = create_world()
        rows = Snapshot.take().diff(before)
        transaction.set_rollback(True)
    return world, rows


@pytest.fixture
def jordan(settled: tuple[Jordan, Snapshot], db: None) -> Jordan:
    """The world, in the test's own transaction."""
    world, rows = settled
    rows.restore()
    refresh_versions()
    return world.copy()


def create_world() -> Jordan:
    """Load the directory's slice and let everybody take office."""
    with tempfile.TemporaryDirectory() as folder:
        for sheet, text in _iterate_sheets():
            (Path(folder) / sheet).write_text(text, "utf-8")
        import_directory(Path(folder), at=NOON - 400 * DAY)
    entities = dict(Entity.objects.values_list("code", "pk"))
    gam = Entity.objects.get(code="GAM")
    roads = Unit.objects.create(
        entity=gam, code="ROADS", name_ar="قسم صيانة الشوارع", name_en="Street maintenance"
    )
    lights = Unit.objects.create(
        entity=gam, code="LIGHTING", name_ar="قسم الإنارة", name_en="Street lighting"
    )
    refresh_versions()
    units = {"": None, "ROADS": roads.pk, "LIGHTING": lights.pk}
    people = {
        name: _create_officer(name, role, entities[body], units[unit])
        for name, (role, body, unit) in ROLES.items()
    }
    refresh_versions()
    return Jordan(
        entities=entities, services=dict(Service.objects.values_list("code", "pk")),
        governorates=dict(Governorate.objects.values_list("code", "pk")), roads=roads.pk, lighting=lights.pk,
        people=people,
    )  # fmt: skip


def _create_officer(name: str, role: Role, entity: int, unit: int | None) -> Actor:
    officer = Officer.objects.create(email=f"{name}@example.jo", name_ar=f"موظف {name}", name_en=name.title())
    Membership.objects.create(
        officer=officer, role=role, entity_id=entity, unit_id=unit, valid_from=NOON - 300 * DAY
    )
    return get_actor(officer, NOON)


def _iterate_sheets() -> Iterator[tuple[str, str]]:
    for sheet in DIRECTORY_FOLDER.glob("*.csv"):
        with sheet.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        if column := BODY_COLUMNS.get(sheet.name):
            rows = [row for row in rows if row[column] in BODIES]
        text = io.StringIO()
        writer = csv.DictWriter(text, rows[0])
        writer.writeheader()
        writer.writerows(rows)
        yield sheet.name, text.getvalue()
