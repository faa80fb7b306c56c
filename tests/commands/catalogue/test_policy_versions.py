"""Versions of deadline policies: added, never altered."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from bekhedmetkom.catalogue.commands import EarlierThanPrevious, add_policy_version, find_latest_policy
from bekhedmetkom.catalogue.models import Policy
from bekhedmetkom.catalogue.rules import Duration, PolicyTerms
from bekhedmetkom.entities.models import ChangeRecord
from bekhedmetkom.kernel.actor import Actor, ActorKind
from bekhedmetkom.kernel.text import BilingualText
from tests.directory_sheets import IMPORT_TIME

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]
ADMINISTRATOR = Actor(ActorKind.OFFICER, "7")


def test_a_new_version_follows_the_last_and_is_in_the_history() -> None:
    old = find_latest_policy("question")
    assert old
    quicker = replace(PolicyTerms.from_json(old.terms), due=Duration(working_days=2))
    policy = add_policy_version(
        code="question", kind="question", terms=quicker, names=BilingualText("سؤال", "Question"), basis="قرار 4",
        valid_from=IMPORT_TIME, actor=ADMINISTRATOR, at=IMPORT_TIME,
    )  # fmt: skip
    assert (policy.version, policy.parsed_terms.due) == (2, Duration(working_days=2))
    entry = ChangeRecord.objects.get(model="catalogue.Policy")
    assert entry.after
    assert (entry.key, entry.after["version"]) == (str(policy.pk), 2)

    with pytest.raises(EarlierThanPrevious):
        add_policy_version(
            code="question", kind="question", terms=quicker, names=BilingualText("سؤال", "Question"), basis="قرار 5",
            valid_from=IMPORT_TIME - timedelta(days=1), actor=ADMINISTRATOR, at=IMPORT_TIME,
        )  # fmt: skip


def test_the_database_refuses_to_alter_a_version() -> None:
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        Policy.objects.filter(code="question").update(basis="another")
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        Policy.objects.filter(code="question").delete()


def test_the_terms_are_read_as_the_sheet_words_them() -> None:
    terms = {policy.code: policy.parsed_terms for policy in Policy.objects.all()}

    def ladder(code: str) -> list[tuple[str, int, int, bool]]:
        return [
            (rung.level, rung.after.working_days, rung.after.clock_hours, rung.from_receipt)
            for rung in terms[code].ladder
        ]

    assert ladder("complaint_field") == [
        ("head_of_body", 0, 0, False), ("minister", 3, 0, False), ("pm_unit", 5, 0, False),
    ]  # fmt: skip
    assert terms["complaint_field"].due == Duration(working_days=15)
    assert terms["complaint_field"].remind == (50, 80, 100)

    urgent = terms["complaint_urgent"]
    assert (urgent.due, urgent.classify) == (Duration(clock_hours=24), Duration(clock_hours=2))
    assert ladder("complaint_urgent") == [
        ("head_of_body", 0, 4, True), ("minister", 0, 24, True), ("pm_unit", 0, 24, True),
    ]  # fmt: skip
    assert urgent.no_action and urgent.no_action.level == "duty_officer"
    assert urgent.no_action.after == Duration(clock_hours=2)

    assert ladder("human_rights") == [
        ("coordinator", 0, 0, False), ("pm_unit", 3, 0, False), ("pm_unit", 5, 0, False),
    ]  # fmt: skip
    assert ladder("praise") == [("head_of_body", 0, 0, False)]
    assert ladder("appeal") == [("minister", 0, 0, False), ("pm_unit", 3, 0, False)]
    assert terms["appeal"].due == Duration(working_days=10)
    assert ladder("information_request")[0][0] == "head_of_body"
    assert "confidential" not in terms
