"""What an administrator changes: history, tree and calendar move with it."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from bekhedmetkom.entities import queries
from bekhedmetkom.entities.commands import (
    AlreadyHoliday,
    CyclicParent,
    confirm_holiday,
    declare_holiday,
    save_change,
    withdraw_holiday,
)
from bekhedmetkom.entities.models import ChangeRecord, Entity, Governorate, Holiday
from bekhedmetkom.kernel.actor import Actor, ActorKind
from bekhedmetkom.kernel.errors import InvalidInput
from tests.officer_factories import NOON, create_body, create_officer

pytestmark = pytest.mark.django_db
ADMINISTRATOR = Actor(ActorKind.OFFICER, "7")


def test_a_change_is_written_with_who_when_before_and_after() -> None:
    root = create_body("PM")
    root.phone = "+96265000000"
    save_change(root, actor=ADMINISTRATOR, at=NOON)
    entry = ChangeRecord.objects.get()
    assert (entry.actor, entry.at, entry.model, entry.key) == (
        "officer:7",
        NOON,
        "entities.Entity",
        str(root.pk),
    )
    assert (entry.before, entry.after) == ({"phone": ""}, {"phone": "+96265000000"})
    assert save_change(root, actor=ADMINISTRATOR, at=NOON) is None


def test_a_new_row_is_written_whole_and_finds_its_sector() -> None:
    root = create_body("PM")
    ministry = Entity(code="MOT", name_ar="النقل", name_en="Transport", kind="ministry", parent=root)
    entry = save_change(ministry, actor=ADMINISTRATOR, at=NOON)
    assert entry is not None
    assert entry.before is None
    assert entry.after
    assert entry.after["code"] == "MOT"
    found = queries.get_tree().by_code["MOT"]
    assert found.ancestors == (root.pk, found.id)
    assert queries.get_sectors()[found.sector].ministry == found.id


def test_no_secret_reaches_the_history() -> None:
    person = create_officer(password="a long and honest passphrase")
    person.name_en = "Layla Haddadin"
    person.set_password("another honest passphrase")
    entry = save_change(person, actor=ADMINISTRATOR, at=NOON)
    assert entry is not None
    assert entry.after == {"name_en": "Layla Haddadin"}


def test_many_to_many_is_part_of_the_change() -> None:
    root = create_body("PM")
    amman = Governorate.objects.create(
        code="GOV-AM", iso_3166_2="JO-AM", name_ar="العاصمة", name_en="Amman", region_ar="الوسط"
    )
    entry = save_change(root, actor=ADMINISTRATOR, at=NOON, save=lambda: root.governorates.set([amman]))
    assert entry is not None
    assert (entry.before, entry.after) == ({"governorates": []}, {"governorates": [amman.pk]})


def test_no_body_comes_to_stand_under_itself() -> None:
    root = create_body("PM")
    ministry = create_body("MOT", root)
    root.parent = ministry
    with pytest.raises(CyclicParent):
        save_change(root, actor=ADMINISTRATOR, at=NOON)
    assert Entity.objects.get(pk=root.pk).parent is None
    assert not ChangeRecord.objects.exists()


@pytest.mark.parametrize(
    "statement",
    ["UPDATE change_record SET actor = 'x'", "DELETE FROM change_record", "TRUNCATE change_record"],
)
def test_the_history_cannot_be_rewritten(statement: str) -> None:
    declare_holiday(
        day=date(2027, 4, 4), name_ar="عطلة", name_en="Day", decision="1", actor=ADMINISTRATOR, at=NOON
    )
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert ChangeRecord.objects.count() == 1


def test_a_declared_day_closes_the_offices_until_it_is_withdrawn() -> None:
    day = date(2027, 4, 4)  # a Sunday
    before = queries.get_calendar_version()
    key = declare_holiday(
        day=day, name_ar="ثلوج", name_en="Snow", decision="بلاغ 9", actor=ADMINISTRATOR, at=NOON
    )
    assert queries.get_calendar_version() > before
    assert not queries.get_working_calendar().is_open_day(day)
    with pytest.raises(AlreadyHoliday):
        declare_holiday(
            day=day, name_ar="ثلوج", name_en="Snow", decision="بلاغ 9", actor=ADMINISTRATOR, at=NOON
        )

    withdraw_holiday(holiday=key, decision="بلاغ 10", actor=ADMINISTRATOR, at=NOON + timedelta(days=1))
    assert queries.get_working_calendar().is_open_day(day)
    again = declare_holiday(
        day=day, name_ar="ثلوج", name_en="Snow", decision="بلاغ 11", actor=ADMINISTRATOR, at=NOON
    )
    assert again == key
    assert not queries.get_working_calendar().is_open_day(day)


def test_an_expected_holiday_is_confirmed() -> None:
    feast = Holiday.objects.create(
        date=date(2027, 3, 9), name_ar="عيد", name_en="Eid", expected=True, decision="تقدير"
    )
    confirm_holiday(holiday=feast.pk, decision="بلاغ 3", actor=ADMINISTRATOR, at=NOON)
    feast.refresh_from_db()
    assert (feast.expected, feast.decision) == (False, "بلاغ 3")
    assert ChangeRecord.objects.get().before == {"expected": True, "decision": "تقدير"}


@pytest.mark.parametrize("field", ["parent", "successor"])
def test_what_would_stand_under_itself_is_refused_with_a_sentence(field: str) -> None:
    root = create_body("PM")
    setattr(root, field, root)
    with pytest.raises(InvalidInput) as refused:
        save_change(root, actor=ADMINISTRATOR, at=NOON)
    assert [error.field for error in refused.value.errors] == [field]
