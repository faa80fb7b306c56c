"""Bodies get other names, and history keeps those of its time; what is planned can be refused or called off."""

from datetime import timedelta
from typing import Any

import pytest

from bekhedmetkom.cases import commands
from bekhedmetkom.cases.queries import find_desk_case, get_case_for_citizen
from bekhedmetkom.catalogue.rules import Disposition
from bekhedmetkom.entities import succession
from bekhedmetkom.entities.models import Entity
from bekhedmetkom.entities.queries import get_tree, search_entities
from bekhedmetkom.interfaces.jobs.due_jobs import DueJobs
from bekhedmetkom.kernel.errors import InvalidInput
from tests.entity_succession import (
    NEXT_DAY,
    REPLY,
    TODAY,
    TOMORROW,
    close_entity,
    list_event_kinds,
    refresh_actor,
    rename_entity,
)
from tests.personas import DAY, HOUR, NOON, Jordan

# Names


def test_history_keeps_the_old_name(jordan: Jordan) -> None:
    case = jordan.create_case()
    rename_entity(jordan, "GAM", "أمانة العاصمة", on=TOMORROW)
    DueJobs().run_minute(NEXT_DAY)
    assert get_tree().by_code["GAM"].name_ar == "أمانة العاصمة"
    commands.refer_case(
        case=case.pk,
        seen=1,
        actor=refresh_actor(jordan.main),
        at=NEXT_DAY + HOUR,
        entity=jordan.entities["MOH"],
        reason="صحة",
    )
    commands.return_case(case=case.pk, seen=2, actor=jordan.rival, at=NEXT_DAY + 2 * HOUR, reason="ليست صحية")
    seen = find_desk_case(refresh_actor(jordan.main), case.reference, NEXT_DAY + 2 * HOUR)
    assert seen
    said = [entry.words.ar for entry in seen.journal]
    assert "أمانة العاصمة" in said[0]
    citizen = get_case_for_citizen(case.pk, NEXT_DAY + 2 * HOUR)
    assert citizen.entity.ar == "أمانة العاصمة"
    assert "أمانة عمان الكبرى" in citizen.timeline[-1].words.ar


def test_a_case_that_is_over_names_the_body_as_it_was_called_then(jordan: Jordan) -> None:
    case = jordan.create_assigned_case()
    commands.answer_case(
        case=case.pk, seen=2, text=REPLY, disposition=Disposition.UPHELD, actor=jordan.roads_officer, at=NOON + HOUR
    )  # fmt: skip
    rename_entity(jordan, "GAM", "أمانة العاصمة", on=TOMORROW)
    DueJobs().run_minute(NEXT_DAY)
    assert get_case_for_citizen(case.pk, NEXT_DAY).entity.ar == "أمانة عمان الكبرى"
    assert [body.code for body in search_entities("أمانة عمان الكبرى", TOMORROW)][:2] == ["GAM-01", "GAM"]


def test_a_name_of_today_holds_at_once_and_one_to_come_on_its_day(jordan: Jordan) -> None:
    rename_entity(jordan, "GAM", "أمانة العاصمة")
    rename_entity(jordan, "GAM", "أمانة عمّان", on=TOMORROW)
    assert Entity.objects.get(code="GAM").name_ar == "أمانة العاصمة"
    DueJobs().run_minute(NEXT_DAY + 3 * DAY)  # the worker was down on the day
    assert Entity.objects.get(code="GAM").name_ar == "أمانة عمّان"
    called = get_tree().by_code["GAM"]
    assert [called.get_name_on(TODAY + timedelta(days=n)).ar for n in (-1, 0, 1)] == [
        "أمانة عمان الكبرى", "أمانة العاصمة", "أمانة عمّان",
    ]  # fmt: skip


def test_a_correction_of_a_name_is_not_undone_by_the_next_look(jordan: Jordan) -> None:
    from bekhedmetkom.entities.commands import save_change

    rename_entity(jordan, "GAM", "أمانة العاصمه")
    row = Entity.objects.get(code="GAM")
    row.name_ar = "أمانة العاصمة"
    save_change(row, actor=jordan.administrator, at=NOON + HOUR)
    DueJobs().run_minute(NEXT_DAY)
    assert get_tree().by_code["GAM"].name_ar == "أمانة العاصمة"


# What is refused, and what is called off


@pytest.mark.parametrize(
    ("code", "into", "given", "field"),
    [
        ("GAM", "MOLA", {"on": TODAY - timedelta(days=1)}, "on"),
        ("GAM", "MOLA", {"decision": "  "}, "decision"),
        ("GAM", "GAM", {}, "successor"),
        ("GAM", "GAM-01", {}, "successor"),
        ("PM", "MOLA", {}, "successor"),
    ],
)
def test_closings_that_are_refused(
    jordan: Jordan, code: str, into: str, given: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        close_entity(jordan, code, into, **given)
    assert [error.field for error in refused.value.errors] == [field]
    assert Entity.objects.get(code=code).closed_on is None


def test_no_body_is_closed_into_one_that_closes(jordan: Jordan) -> None:
    close_entity(jordan, "GAM", "MOLA")
    for into in ("GAM", "PM"):
        if into == "GAM":
            with pytest.raises(InvalidInput):
                close_entity(jordan, "MOLA", into, on=TOMORROW + timedelta(days=3))
        else:
            close_entity(jordan, "MOLA", into, on=TOMORROW + timedelta(days=3))


def test_what_is_planned_can_be_called_off_until_its_day(jordan: Jordan) -> None:
    case = jordan.create_assigned_case()
    close_entity(jordan, "GAM", "MOLA")
    rename_entity(jordan, "GAM", "أمانة العاصمة", on=TODAY)
    succession.cancel_planned_changes(
        entity=jordan.entities["GAM"], actor=jordan.administrator, at=NOON + HOUR
    )
    DueJobs().run_minute(NEXT_DAY)
    body = Entity.objects.get(code="GAM")
    assert (body.closed_on, body.successor, body.name_ar) == (None, None, "أمانة العاصمة")
    assert "case.followed" not in list_event_kinds(case)
    close_entity(jordan, "GAM", "MOLA", on=TOMORROW, at=NEXT_DAY)
    succession.cancel_planned_changes(entity=jordan.entities["GAM"], actor=jordan.administrator, at=NEXT_DAY)
    assert Entity.objects.get(code="GAM").closed_on == TOMORROW
