"""Versions of deadline policies: added, never altered."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from bekhedmetkom.catalogue.commands import NotBefore, latest, set_policy
from bekhedmetkom.catalogue.models import Policy
from bekhedmetkom.catalogue.rules import Span, Terms
from bekhedmetkom.entities.models import Change
from bekhedmetkom.kernel.actor import Actor, ActorKind
from bekhedmetkom.kernel.words import Words
from tests.sheets import AT

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]
ADMINISTRATOR = Actor(ActorKind.OFFICER, "7")


def test_a_new_version_follows_the_last_and_is_in_the_history() -> None:
    old = latest("question")
    assert old
    quicker = replace(Terms.from_json(old.terms), due=Span(working_days=2))
    policy = set_policy(
        code="question", kind="question", terms=quicker, names=Words("سؤال", "Question"), basis="قرار 4",
        valid_from=AT, actor=ADMINISTRATOR, at=AT,
    )  # fmt: skip
    assert (policy.version, policy.parsed.due) == (2, Span(working_days=2))
    entry = Change.objects.get(model="catalogue.Policy")
    assert entry.after
    assert (entry.key, entry.after["version"]) == (str(policy.pk), 2)

    with pytest.raises(NotBefore):
        set_policy(
            code="question", kind="question", terms=quicker, names=Words("سؤال", "Question"), basis="قرار 5",
            valid_from=AT - timedelta(days=1), actor=ADMINISTRATOR, at=AT,
        )  # fmt: skip


def test_the_database_refuses_to_alter_a_version() -> None:
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        Policy.objects.filter(code="question").update(basis="another")
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        Policy.objects.filter(code="question").delete()


def test_the_terms_are_read_as_the_sheet_words_them() -> None:
    terms = {policy.code: policy.parsed for policy in Policy.objects.all()}

    def ladder(code: str) -> list[tuple[str, int, int, bool]]:
        return [
            (rung.level, rung.after.working_days, rung.after.clock_hours, rung.from_receipt)
            for rung in terms[code].ladder
        ]

    assert ladder("complaint_field") == [
        ("head_of_body", 0, 0, False), ("minister", 3, 0, False), ("pm_unit", 5, 0, False),
    ]  # fmt: skip
    assert terms["complaint_field"].due == Span(working_days=15)
    assert terms["complaint_field"].remind == (50, 80, 100)

    urgent = terms["complaint_urgent"]
    assert (urgent.due, urgent.classify) == (Span(clock_hours=24), Span(clock_hours=2))
    assert ladder("complaint_urgent") == [
        ("head_of_body", 0, 4, True), ("minister", 0, 24, True), ("pm_unit", 0, 24, True),
    ]  # fmt: skip
    assert urgent.no_action and urgent.no_action.level == "duty_officer"
    assert urgent.no_action.after == Span(clock_hours=2)

    assert ladder("human_rights") == [
        ("coordinator", 0, 0, False), ("pm_unit", 3, 0, False), ("pm_unit", 5, 0, False),
    ]  # fmt: skip
    assert ladder("praise") == [("head_of_body", 0, 0, False)]
    assert ladder("appeal") == [("minister", 0, 0, False), ("pm_unit", 3, 0, False)]
    assert terms["appeal"].due == Span(working_days=10)
    assert ladder("information_request")[0][0] == "head_of_body"
    assert "confidential" not in terms
