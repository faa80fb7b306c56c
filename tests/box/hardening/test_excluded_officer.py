"""An excluded officer cannot tell that they are excluded, nor that the report exists."""

import json
from typing import Any

import pytest
from django.test import Client

from bekhedmetkom.disclosures import commands
from bekhedmetkom.disclosures.installation import Installation
from bekhedmetkom.disclosures.queries import commission
from tests.box.support.actors import get_only_report, submit_report
from tests.box.support.api_client import sign_in
from tests.box.support.environment import TODAY
from tests.mutations import check_with_mutations


def count_hidden_entries(journal: list[dict[str, Any]]) -> int:
    """Return how many numbers between the first and last entry are missing."""
    numbers = [line["n"] for line in journal if "n" in line]
    return numbers[-1] - numbers[0] + 1 - len(numbers) if numbers else 0


def test_excluded_officer_sees_the_same_as_without_the_report(box: Installation) -> None:
    excluded_officer = sign_in("officer-2")

    def get_all_responses() -> str:
        shown = excluded_officer.get("/commission/reports").json()
        for item in shown["items"]:
            item["opened"] = excluded_officer.post(f"/commission/reports/{item['id']}/opened").json()
            item["opened"]["journal"] = count_hidden_entries(item["opened"]["journal"])
        return json.dumps([shown, excluded_officer.get("/commission/journal").content.decode()])

    submit_report(Client(), "بلاغ آخر")
    other = get_only_report().report.id

    get_all_responses()  # marks the other report as read

    def promise() -> None:
        before = get_all_responses()
        submit_report(Client(), "عنه", exclude=["officer-2"])
        for item in sign_in("officer-1").get("/commission/reports").json()["items"]:
            if item["id"] != str(other):
                commands.open_report(item["id"], officer="officer-1", today=TODAY)
        assert get_all_responses() == before

    def add_gap_to_journal(patch: pytest.MonkeyPatch) -> None:

        list_journal = commission.list_journal
        patch.setattr(
            commission,
            "list_journal_of_report",
            lambda report: [line for line in list_journal() if line["report"] == str(report)],
        )

    check_with_mutations(promise, {"their journal has a gap": add_gap_to_journal})


def test_only_custodians_read_the_whole_journal(box: Installation) -> None:
    assert sign_in("officer-1").get("/commission/journal").status_code == 404
    assert sign_in("custodian-1").get("/commission/journal").json()["broken_at"] is None
