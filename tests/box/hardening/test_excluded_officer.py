"""Who was named as one who must not read a report cannot tell that they were, nor that there is one."""

import json
from typing import Any

import pytest
from django.test import Client

from bekhedmetkom.disclosures import commands
from bekhedmetkom.disclosures.installation import Installation
from bekhedmetkom.disclosures.queries import commission
from tests.box.interfaces.test_encrypted_api import sign_in
from tests.box.support.actors import get_only_report, submit_report
from tests.box.support.environment import TODAY
from tests.mutations import check_with_mutations


def missing(journal: list[dict[str, Any]]) -> int:
    """How many lines between the first and the last are not shown, where lines are numbered."""
    numbers = [line["n"] for line in journal if "n" in line]
    return numbers[-1] - numbers[0] + 1 - len(numbers) if numbers else 0


def test_what_the_named_officer_is_shown_is_the_same_as_without_the_report(box: Installation) -> None:
    named = sign_in("officer-2")

    def everything() -> str:
        shown = named.get("/commission/reports").json()
        for item in shown["items"]:
            item["opened"] = named.post(f"/commission/reports/{item['id']}/opened").json()
            item["opened"]["journal"] = missing(item["opened"]["journal"])
        return json.dumps([shown, named.get("/commission/journal").content.decode()])

    submit_report(Client(), "بلاغ آخر")
    other = get_only_report().report.id

    everything()  # they have opened it before

    def promise() -> None:
        before = everything()
        submit_report(Client(), "عنه", exclude=["officer-2"])
        for item in sign_in("officer-1").get("/commission/reports").json()["items"]:
            if item["id"] != str(other):
                commands.open_report(item["id"], officer="officer-1", today=TODAY)
        assert everything() == before

    def numbered(patch: pytest.MonkeyPatch) -> None:

        whole = commission.list_journal
        patch.setattr(
            commission,
            "list_journal_of_report",
            lambda report: [line for line in whole() if line["report"] == str(report)],
        )

    check_with_mutations(promise, {"their journal has a gap": numbered})


def test_the_whole_journal_is_for_the_custodians(box: Installation) -> None:
    assert sign_in("officer-1").get("/commission/journal").status_code == 404
    assert sign_in("custodian-1").get("/commission/journal").json()["broken_at"] is None
