"""A note names colleagues: only those who may read the case, and they are told without a word of it."""

from datetime import timedelta

import pytest

from bekhedmetkom.cases import commands
from bekhedmetkom.cases.models import Case
from bekhedmetkom.cases.queries import find_desk_case, list_colleagues_with_access, list_mentions
from bekhedmetkom.catalogue.rules import Kind
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.errors import InvalidInput
from tests.personas import HOUR, NOON, Jordan


def at_roads(jordan: Jordan) -> Case:
    case = jordan.create_case()
    commands.assign_case(case=case.pk, seen=1, unit=jordan.roads, actor=jordan.main, at=NOON + HOUR)
    return case


def mention(case: Case, *who: Actor, by: Actor, seen: int = 2) -> int:
    return commands.add_note(
        case=case.pk, seen=seen, text="انظر الصورة", mentions=[one.officer_id or 0 for one in who], actor=by,
        at=NOON + HOUR,
    )  # fmt: skip


def test_whoever_is_mentioned_finds_it_and_the_journal_says_so(jordan: Jordan) -> None:
    case = at_roads(jordan)
    mention(case, jordan.roads_officer, jordan.manager, by=jordan.main)
    for who in (jordan.roads_officer, jordan.manager):
        (found,) = list_mentions(who)
        assert (found.reference, found.seq, found.by.ar) == (case.reference, 3, "موظف main")
    assert list_mentions(jordan.main) == []
    read = find_desk_case(jordan.main, case.reference, NOON + 2 * HOUR)
    assert read
    assert "وأُشير إلى موظف roads_officer، موظف manager" in read.journal[0].words.ar


@pytest.mark.parametrize("stranger", ["lighting_officer", "rival", "inspector", "agent"])
def test_nobody_is_mentioned_who_may_not_read_the_case(jordan: Jordan, stranger: str) -> None:
    case = at_roads(jordan)
    with pytest.raises(InvalidInput):
        mention(case, jordan.people[stranger], by=jordan.main)
    case.refresh_from_db()
    assert case.seq == 2


def test_need_to_know_is_mentioned_to_those_who_know(jordan: Jordan) -> None:
    case = jordan.create_case(kind=Kind.VIOLATION)
    names = {who.id for who in list_colleagues_with_access(case.standing, NOON)}
    assert names == {jordan.inspector.officer_id}


def test_who_no_longer_reads_the_case_no_longer_finds_the_mention(jordan: Jordan) -> None:
    case = at_roads(jordan)
    mention(case, jordan.roads_officer, by=jordan.main)
    commands.recuse_officer(case=case.pk, seen=3, reason="قريبي", actor=jordan.roads_officer, at=NOON + HOUR)
    assert list_mentions(jordan.roads_officer) == []
    assert jordan.roads_officer.officer_id not in {
        who.id
        for who in list_colleagues_with_access(
            Case.objects.get(pk=case.pk).standing, NOON + timedelta(hours=2)
        )
    }


def test_a_note_that_was_taken_back_mentions_nobody(jordan: Jordan) -> None:
    case = at_roads(jordan)
    mention(case, jordan.roads_officer, by=jordan.main)
    commands.undo_action(case=case.pk, seen=3, actor=jordan.main, at=NOON + HOUR + timedelta(seconds=5))
    assert list_mentions(jordan.roads_officer) == []
