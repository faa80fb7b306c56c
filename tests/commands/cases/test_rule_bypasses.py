"""Ways round the rules that somebody tried: each led somewhere once, none does now."""

from typing import Any

import pytest

from bekhedmetkom.cases import commands
from bekhedmetkom.cases.models import Case
from bekhedmetkom.cases.queries import find_desk_case, verify_journal
from bekhedmetkom.catalogue.queries import get_service, list_services_of
from bekhedmetkom.catalogue.rules import Handling, Kind
from bekhedmetkom.entities.queries import get_tree
from bekhedmetkom.kernel.errors import InvalidInput
from tests.personas import DAY, HOUR, NOON, Jordan


def fresh(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def test_a_part_of_a_need_to_know_case_is_need_to_know(jordan: Jordan) -> None:
    rights = next(
        key for key in jordan.services.values() if get_service(key).handling is Handling.HUMAN_RIGHTS
    )
    case = jordan.create_case("ضربوني في المركز", entity=None, service=rights)
    body = get_tree()[case.entity_id]
    open_topic = next(topic for topic in list_services_of(body.id) if topic.handling is Handling.OPEN)
    commands.split_case(
        case=case.pk, seen=1, text="جزء آخر", service=open_topic.id, actor=jordan.coordinator, at=NOON + HOUR
    )
    part = Case.objects.exclude(pk=case.pk).get()
    assert (part.care, part.withheld) == (case.care, True)
    assert find_desk_case(jordan.coordinator, part.reference, NOON + DAY) is not None


def test_merging_does_not_tell_whose_a_withheld_identity_is(jordan: Jordan) -> None:
    named, hidden = (
        jordan.create_case(),
        jordan.create_case("الإنارة مطفأة في الشارع كله", withhold_identity=True),
    )
    for case, into in ((hidden, named), (named, hidden)):
        with pytest.raises(InvalidInput):
            commands.merge_case(case=case.pk, seen=1, into=into.reference, actor=jordan.main, at=NOON + HOUR)


def test_a_corrected_kind_makes_no_date_later_when_dates_are_counted_anew(jordan: Jordan) -> None:
    case = jordan.create_case()
    due = case.due_at
    commands.reclassify_case(
        case=case.pk, seen=1, kind=Kind.SUGGESTION, reason="اقتراح", actor=jordan.main, at=NOON + HOUR
    )
    commands.reschedule_cases(NOON + 2 * HOUR)
    assert fresh(case).due_at == due
    assert not list(verify_journal())


def test_merging_makes_no_date_later_when_dates_are_counted_anew(jordan: Jordan) -> None:
    gone = jordan.create_case()
    kept = jordan.create_case("اقتراح: مقاعد عند موقف الباص", kind=Kind.SUGGESTION)
    assert gone.due_at < kept.due_at
    commands.merge_case(case=gone.pk, seen=1, into=kept.reference, actor=jordan.main, at=NOON + HOUR)
    commands.reschedule_cases(NOON + 2 * HOUR)
    assert fresh(kept).due_at == gone.due_at


def test_splitting_makes_no_date_later_when_dates_are_counted_anew(jordan: Jordan) -> None:
    case = jordan.create_case()
    commands.reclassify_case(
        case=case.pk, seen=1, kind=Kind.SUGGESTION, reason="اقتراح", actor=jordan.main, at=NOON + HOUR
    )
    due = fresh(case).due_at
    commands.split_case(case=case.pk, seen=2, text="وجزء آخر", actor=jordan.main, at=NOON + HOUR)
    commands.reschedule_cases(NOON + 2 * HOUR)
    assert {row.due_at for row in Case.objects.all()} == {due}


def test_no_verb_gives_a_case_the_topic_of_another_body(jordan: Jordan) -> None:
    case = jordan.create_case()
    foreign = list_services_of(jordan.entities["MOH"])[0].id
    told: dict[str, Any] = {"case": case.pk, "seen": 1, "actor": jordan.main, "at": NOON + HOUR}
    with pytest.raises(InvalidInput):
        commands.classify_case(entity=case.entity_id, service=foreign, **told)
    with pytest.raises(InvalidInput):
        commands.split_case(text="جزء آخر", service=foreign, **told)
    assert fresh(case).service_id == case.service_id
