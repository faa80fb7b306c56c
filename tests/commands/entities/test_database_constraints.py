"""What PostgreSQL itself refuses in the directory and the catalogue, whichever door it comes by."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F, Model

from bekhedmetkom.catalogue.models import Policy, ResponseTemplate, Service
from bekhedmetkom.entities.models import ChangeRecord, Entity, Holiday, Unit, WorkingHours
from tests.officer_factories import NOON, create_body, create_unit

pytestmark = pytest.mark.django_db
NAMES = {"name_ar": "اسم", "name_en": "Name"}


def hours(**values: object) -> WorkingHours:
    usual = {"label_ar": "دوام", "label_en": "Hours", "valid_from": date(2026, 1, 1), "decision": "ق"}
    return WorkingHours(**usual | {"opens": time(8), "closes": time(15)} | values)


def topic(entity: Entity, **values: object) -> Service:
    return Service(**{"entity": entity, "code": "PM-001", "typical_kind": "complaint"} | NAMES | values)


def policy(**values: object) -> Policy:
    usual = {"code": "praise", "valid_from": datetime(2026, 1, 1, tzinfo=UTC), "terms": {}, "basis": "ق"}
    return Policy(**usual | NAMES | values)


@pytest.mark.parametrize(
    ("constraint", "row"),
    [
        ("entity_kind_is_known", lambda pm: Entity(code="X", kind="club", sector=pm.sector, **NAMES)),
        ("unit_is_not_its_own_parent", lambda pm: Unit(pk=1, entity=pm, code="X", parent_id=1, **NAMES)),
        ("unit_code_in_entity", lambda pm: Unit(entity=pm, code=create_unit(pm).code, **NAMES)),
        ("working_hours_open_before_close", lambda pm: hours(opens=time(15), closes=time(15))),
        ("working_hours_begin_before_end", lambda pm: hours(valid_until=date(2025, 12, 31))),
        ("change_says_something", lambda pm: ChangeRecord(at=NOON, actor="clock", model="x", key="1")),
        ("service_kind_is_known", lambda pm: topic(pm, typical_kind="wish")),
        ("service_complexity_is_known", lambda pm: topic(pm, complexity="hard")),
        ("service_handling_is_known", lambda pm: topic(pm, handling="secret")),
        ("service_with_care_has_receiver", lambda pm: topic(pm, handling="human_rights")),
        ("policy_kind_is_known", lambda pm: policy(kind="wish")),
        ("policy_version_counts_from_one", lambda pm: policy(version=0)),
        ("response_template_disposition_is_known",
         lambda pm: ResponseTemplate(kind="praise", disposition="loved", name_ar="ن", body_ar="ن", body_en="t")),
    ],
)  # fmt: skip
def test_a_row_that_cannot_be_is_refused(constraint: str, row: Callable[[Entity], Model]) -> None:
    impossible = row(create_body("PM"))
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        impossible.save(force_insert=True)


@pytest.mark.parametrize("field", ["parent", "successor"])
def test_a_body_is_not_its_own_parent_nor_successor(field: str) -> None:
    root = create_body("PM")
    with pytest.raises(IntegrityError, match=f"entity_is_not_its_own_{field}"), transaction.atomic():
        Entity.objects.filter(pk=root.pk).update(**{field: F("id")})


def test_one_version_of_one_policy_stands_once() -> None:
    policy(version=1).save()
    with pytest.raises(IntegrityError, match="policy_version"), transaction.atomic():
        policy(version=1).save()


def test_one_day_is_one_holiday() -> None:
    Holiday.objects.create(date=date(2027, 1, 3), decision="ق", **NAMES)
    with pytest.raises(IntegrityError, match="date"), transaction.atomic():
        Holiday.objects.create(date=date(2027, 1, 3), decision="ق", **NAMES)
