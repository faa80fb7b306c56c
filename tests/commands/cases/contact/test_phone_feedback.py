"""The citizen's word by telephone: through whom it counts, that they hear of it, and that their own counts more."""

from typing import Any

import pytest

from bekhedmetkom.cases import commands
from bekhedmetkom.cases.models import Case, Event
from bekhedmetkom.cases.queries import find_desk_case, get_case_for_citizen, get_case_page, verify_journal
from bekhedmetkom.cases.rules.transitions import NotPossibleNow
from bekhedmetkom.catalogue.rules import Disposition
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.errors import InvalidInput, NotAllowed
from bekhedmetkom.notifications.rules.decisions import DECISIONS, RecipientGroup
from tests.commands.cases.case_stages import ANSWER
from tests.personas import DAY, HOUR, NOON, Jordan


@pytest.fixture
def case(jordan: Jordan) -> Case:
    """Answered by the roads officer, who had it."""
    case = jordan.create_assigned_case()
    commands.answer_case(
        case=case.pk, seen=case.seq, actor=jordan.roads_officer, at=NOON, text=ANSWER,
        disposition=Disposition.UPHELD,
    )  # fmt: skip
    case.refresh_from_db()
    return case


def hear(case: Case, actor: Actor, *, solved: bool = True, at: Any = NOON + HOUR, **given: Any) -> int:
    case.refresh_from_db()
    seq = commands.record_phone_feedback(
        case=case.pk, seen=case.seq, actor=actor, at=at, solved=solved, **given
    )
    case.refresh_from_db()
    return seq


def rate(case: Case, jordan: Jordan, *, solved: bool, **given: Any) -> None:
    commands.rate_case(
        case=case.pk, seen=None, actor=jordan.get_citizen(case), at=NOON + DAY, solved=solved, **given
    )
    case.refresh_from_db()


def can(case: Case) -> list[str]:
    return get_case_for_citizen(case.pk, NOON + DAY).can


def test_a_yes_to_who_speaks_for_no_body_that_answers_resolves_it(jordan: Jordan, case: Case) -> None:
    hear(case, jordan.pm, stars=4, comment="الشارع صار ممتاز")
    assert (case.state, case.solved, case.stars) == ("resolved", True, 4)
    assert case.heard_by_id == jordan.pm.officer_id  # so it is counted apart from what they say themselves
    event = Event.objects.get(case=case, kind="phone.solved")
    assert (event.data["role"], event.data["body"]) == ("pm_unit", jordan.entities["PM"])
    assert list(verify_journal()) == []


@pytest.mark.parametrize("who", ["main", "lighting_officer", "ministry_main", "manager", "rival", "approver"])
def test_a_body_never_says_of_itself_that_it_was_solved(jordan: Jordan, case: Case, who: str) -> None:
    for given in ({"solved": True}, {"solved": False, "stars": 5}):
        with pytest.raises(NotAllowed):
            hear(case, jordan.people[who], **given)


def test_but_it_can_note_that_it_was_not(jordan: Jordan, case: Case) -> None:
    hear(case, jordan.main, solved=False)
    assert (case.state, case.solved, case.heard_by_id) == ("answered", False, jordan.main.officer_id)


def test_nobody_says_it_who_had_a_hand_in_the_case(jordan: Jordan, case: Case) -> None:
    with pytest.raises(NotAllowed):
        hear(case, jordan.roads_officer, solved=False)
    found = find_desk_case(jordan.roads_officer, case.reference, NOON + HOUR)
    assert found is not None
    assert "hear" not in found.can


def test_the_unit_that_answered_in_a_bodys_place_does_not_say_it_either(jordan: Jordan) -> None:
    case = jordan.create_case(entity=jordan.entities["PM"])
    commands.answer_case(
        case=case.pk, seen=1, actor=jordan.pm, at=NOON, text=ANSWER, disposition=Disposition.UPHELD
    )
    with pytest.raises(NotAllowed):
        hear(case, jordan.pm)


def test_what_they_say_themselves_comes_before_it(jordan: Jordan, case: Case) -> None:
    hear(case, jordan.pm, stars=5)
    assert "rate" in can(case)
    rate(case, jordan, solved=False)
    assert (case.state, case.solved, case.stars, case.heard_by_id) == ("answered", False, None, None)
    with pytest.raises(NotPossibleNow):
        hear(case, jordan.main, solved=False)
    assert list(verify_journal()) == []


def test_or_confirms_it(jordan: Jordan, case: Case) -> None:
    hear(case, jordan.pm)
    rate(case, jordan, solved=True, stars=3)
    assert (case.state, case.solved, case.stars, case.heard_by_id) == ("resolved", True, 3, None)
    assert "rate" not in can(case)
    with pytest.raises(NotPossibleNow):
        rate(case, jordan, solved=False)


def test_who_said_no_and_was_called_may_have_changed_their_mind(jordan: Jordan, case: Case) -> None:
    rate(case, jordan, solved=False, stars=1)
    assert [row.reference for row in get_case_page(jordan.pm, "callbacks", NOON + DAY).items] == [
        case.reference
    ]
    hear(case, jordan.pm, at=NOON + DAY)
    assert (case.state, case.stars) == ("resolved", 1)


def test_who_said_no_by_telephone_is_not_called_about_it(jordan: Jordan, case: Case) -> None:
    hear(case, jordan.pm, solved=False)
    assert get_case_page(jordan.pm, "callbacks", NOON + DAY).items == []


def test_an_appeal_stays_open_to_who_was_said_to_be_content(jordan: Jordan, case: Case) -> None:
    hear(case, jordan.pm)
    commands.appeal_case(
        case=case.pk, seen=None, actor=jordan.get_citizen(case), at=NOON + DAY, reason="لم يتصل بي أحد"
    )
    case.refresh_from_db()
    assert (case.state, case.solved, case.heard_by_id) == ("appealed", False, None)


def test_the_citizen_is_told_of_both() -> None:
    for kind in ("HEARD_SOLVED", "HEARD_UNSOLVED"):
        tellings = next(told for happened, told in DECISIONS.items() if happened.name == kind)
        assert tellings is not None
        assert tellings[0].recipients is RecipientGroup.CITIZEN


def test_only_as_long_as_a_word_counts(jordan: Jordan, case: Case) -> None:
    with pytest.raises(NotPossibleNow):
        hear(case, jordan.pm, at=NOON + 40 * DAY)
    with pytest.raises(InvalidInput):
        hear(case, jordan.pm, stars=6)


def test_nobody_is_asked_before_the_answer(jordan: Jordan) -> None:
    with pytest.raises(NotPossibleNow):
        hear(jordan.create_case(), jordan.pm)
