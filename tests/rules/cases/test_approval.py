"""Which replies are approved before they go out, why, and who had a hand in one."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bekhedmetkom.cases.rules.access import has_entity_permission
from bekhedmetkom.cases.rules.approval import (
    ApprovalRule,
    describe_replies,
    find_approval_rule,
    list_reply_writers,
)
from bekhedmetkom.cases.rules.states import EventType as H
from bekhedmetkom.catalogue.rules import Handling, Kind
from bekhedmetkom.identity.rules import Permission, Role
from bekhedmetkom.kernel.text import BilingualText
from tests.rules.cases.test_access import DISTRICT, GAM, RIVAL, officer
from tests.rules.cases.test_deadlines import standing

COMPLAINT = replace(standing(), entity_id=GAM, kind=Kind.COMPLAINT, service_id=40)
POTHOLES, WASTE = 40, 41
RANA, KHALID = 7, 8


def rule(**given: Any) -> ApprovalRule:
    return replace(ApprovalRule(1, GAM), **given)


@pytest.mark.parametrize(
    ("given", "needs"),
    [
        ({}, True),
        ({"entity": RIVAL}, False),
        ({"kind": Kind.COMPLAINT}, True),
        ({"kind": Kind.PRAISE}, False),
        ({"service": POTHOLES}, True),
        ({"service": WASTE}, False),
        ({"officer": RANA}, True),
        ({"officer": KHALID}, False),
        ({"kind": Kind.COMPLAINT, "service": WASTE}, False),
        ({"new_for": 90}, True),
        ({"new_for": 30}, False),
        ({"new_for": 90, "officer": KHALID}, False),
    ],
)
def test_a_rule_fits_where_all_that_it_names_fits(given: dict[str, Any], needs: bool) -> None:
    assert (find_approval_rule([rule(**given)], COMPLAINT, RANA, days=30) is not None) == needs


def test_any_rule_will_do_and_the_first_says_why() -> None:
    rules = [rule(kind=Kind.PRAISE), rule(id=2, service=POTHOLES), rule(id=3)]
    assert find_approval_rule(rules, COMPLAINT, RANA, None) == rules[1]
    assert find_approval_rule([], COMPLAINT, RANA, None) is None


def test_nobody_is_new_of_whom_it_is_not_known_when_they_began() -> None:
    assert find_approval_rule([rule(new_for=90)], COMPLAINT, RANA, None) is None
    assert find_approval_rule([rule(new_for=90)], COMPLAINT, RANA, 89)
    assert find_approval_rule([rule(new_for=90)], COMPLAINT, RANA, 90) is None


@pytest.mark.parametrize("care", [Handling.INSPECTION, Handling.HUMAN_RIGHTS, Handling.PROTECTED])
def test_what_is_need_to_know_is_shown_to_no_approver(care: Handling) -> None:
    assert find_approval_rule([rule()], replace(COMPLAINT, care=care, withheld=True), RANA, None) is None


def test_who_wrote_any_round_of_what_waits_had_a_hand_in_it() -> None:
    journal = [
        (H.REPLY_SUBMITTED, KHALID), (H.REPLY_SENT_BACK, 9), (H.NOTED, 10), (H.REPLY_SUBMITTED, RANA),
        (H.APPEAL_UPHELD, 11), (H.REPLY_APPROVED, 12), (H.REPLY_SUBMITTED, 13),
    ]  # fmt: skip
    assert list_reply_writers(journal) == {KHALID, RANA}


def test_an_approval_that_was_taken_back_ends_no_round() -> None:
    journal = [(H.UNDONE, 12), (H.REPLY_APPROVED, 12), (H.REPLY_SUBMITTED, RANA), (H.ANSWERED, 13)]
    assert list_reply_writers(journal) == {RANA}


@given(st.lists(st.tuples(st.sampled_from(H), st.integers(1, 4))))
def test_nobody_is_a_writer_who_submitted_nothing(journal: list[tuple[H, int]]) -> None:
    assert list_reply_writers(journal) <= {by for happened, by in journal if happened is H.REPLY_SUBMITTED}


def test_a_rule_says_in_words_which_replies_it_means() -> None:
    assert describe_replies(rule()) == BilingualText("كل الردود", "All replies")
    topic = describe_replies(rule(kind=Kind.COMPLAINT, service=POTHOLES), BilingualText("الحفر", "Potholes"))
    assert topic == BilingualText(
        "الردود على الشكاوى في موضوع «الحفر»", "Replies to complaints on “Potholes”"
    )
    new = describe_replies(rule(new_for=90))
    assert new.ar == "كل الردود لمن بدأ عمله قبل أقل من 90 يومًا"


@pytest.mark.parametrize(
    ("role", "entity", "may"),
    [
        (Role.MAIN_OFFICER, GAM, True),
        (Role.MAIN_OFFICER, DISTRICT, True),
        (Role.MAIN_OFFICER, RIVAL, False),
        (Role.MANAGER, GAM, True),
        (Role.MANAGER, DISTRICT, False),
        (Role.HEAD_OF_BODY, DISTRICT, True),
        (Role.SUB_OFFICER, GAM, False),
        (Role.APPROVER, GAM, False),
        (Role.PM_UNIT, GAM, False),
        (Role.ADMINISTRATOR, RIVAL, True),
    ],
)
def test_a_body_arranges_its_own_work(role: Role, entity: int, may: bool) -> None:
    assert has_entity_permission(officer(role), Permission.ARRANGE, entity) == may


def test_who_manages_one_unit_does_not_arrange_the_body() -> None:
    assert not has_entity_permission(officer(Role.MANAGER, unit=100), Permission.ARRANGE, GAM)
