"""What an administrator changes: history, tree and calendar move with it."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from bekhedmetkom.entities import queries
from bekhedmetkom.entities.commands import (
    AlreadyHoliday,
    UnderItself,
    change,
    confirm_holiday,
    declare_holiday,
    withdraw_holiday,
)
from bekhedmetkom.entities.models import Change, Entity, Governorate, Holiday
from bekhedmetkom.kernel.actor import Actor, ActorKind
from bekhedmetkom.kernel.errors import Invalid
from tests.people import NOON, body, officer

pytestmark = pytest.mark.django_db
ADMINISTRATOR = Actor(ActorKind.OFFICER, "7")


def test_a_change_is_written_with_who_when_before_and_after() -> None:
    root = body("PM")
    root.phone = "+96265000000"
    change(root, actor=ADMINISTRATOR, at=NOON)
    entry = Change.objects.get()
    assert (entry.actor, entry.at, entry.model, entry.key) == (
        "officer:7",
        NOON,
        "entities.Entity",
        str(root.pk),
    )
    assert (entry.before, entry.after) == ({"phone": ""}, {"phone": "+96265000000"})
    assert change(root, actor=ADMINISTRATOR, at=NOON) is None


def test_a_new_row_is_written_whole_and_finds_its_sector() -> None:
    root = body("PM")
    ministry = Entity(code="MOT", name_ar="النقل", name_en="Transport", kind="ministry", parent=root)
    entry = change(ministry, actor=ADMINISTRATOR, at=NOON)
    assert entry is not None
    assert entry.before is None
    assert entry.after
    assert entry.after["code"] == "MOT"
    found = queries.tree().by_code["MOT"]
    assert found.ancestors == (root.pk, found.id)
    assert queries.sectors()[found.sector].ministry == found.id


def test_no_secret_reaches_the_history() -> None:
    person = officer(password="a long and honest passphrase")
    person.name_en = "Layla Haddadin"
    person.set_password("another honest passphrase")
    entry = change(person, actor=ADMINISTRATOR, at=NOON)
    assert entry is not None
    assert entry.after == {"name_en": "Layla Haddadin"}


def test_many_to_many_is_part_of_the_change() -> None:
    root = body("PM")
    amman = Governorate.objects.create(
        code="GOV-AM", iso_3166_2="JO-AM", name_ar="العاصمة", name_en="Amman", region_ar="الوسط"
    )
    entry = change(root, actor=ADMINISTRATOR, at=NOON, save=lambda: root.governorates.set([amman]))
    assert entry is not None
    assert (entry.before, entry.after) == ({"governorates": []}, {"governorates": [amman.pk]})


def test_no_body_comes_to_stand_under_itself() -> None:
    root = body("PM")
    ministry = body("MOT", root)
    root.parent = ministry
    with pytest.raises(UnderItself):
        change(root, actor=ADMINISTRATOR, at=NOON)
    assert Entity.objects.get(pk=root.pk).parent is None
    assert not Change.objects.exists()


@pytest.mark.parametrize(
    "statement",
    ["UPDATE entities_change SET actor = 'x'", "DELETE FROM entities_change", "TRUNCATE entities_change"],
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
    assert Change.objects.count() == 1


def test_a_declared_day_closes_the_offices_until_it_is_withdrawn() -> None:
    day = date(2027, 4, 4)  # a Sunday
    before = queries.calendar_version()
    key = declare_holiday(
        day=day, name_ar="ثلوج", name_en="Snow", decision="بلاغ 9", actor=ADMINISTRATOR, at=NOON
    )
    assert queries.calendar_version() > before
    assert not queries.working_calendar().is_open_day(day)
    with pytest.raises(AlreadyHoliday):
        declare_holiday(
            day=day, name_ar="ثلوج", name_en="Snow", decision="بلاغ 9", actor=ADMINISTRATOR, at=NOON
        )

    withdraw_holiday(holiday=key, decision="بلاغ 10", actor=ADMINISTRATOR, at=NOON + timedelta(days=1))
    assert queries.working_calendar().is_open_day(day)
    again = declare_holiday(
        day=day, name_ar="ثلوج", name_en="Snow", decision="بلاغ 11", actor=ADMINISTRATOR, at=NOON
    )
    assert again == key
    assert not queries.working_calendar().is_open_day(day)


def test_an_expected_holiday_is_confirmed() -> None:
    feast = Holiday.objects.create(
        date=date(2027, 3, 9), name_ar="عيد", name_en="Eid", expected=True, decision="تقدير"
    )
    confirm_holiday(holiday=feast.pk, decision="بلاغ 3", actor=ADMINISTRATOR, at=NOON)
    feast.refresh_from_db()
    assert (feast.expected, feast.decision) == (False, "بلاغ 3")
    assert Change.objects.get().before == {"expected": True, "decision": "تقدير"}


@pytest.mark.parametrize("field", ["parent", "successor"])
def test_what_would_stand_under_itself_is_refused_with_a_sentence(field: str) -> None:
    root = body("PM")
    setattr(root, field, root)
    with pytest.raises(Invalid) as refused:
        change(root, actor=ADMINISTRATOR, at=NOON)
    assert [error.field for error in refused.value.errors] == [field]
