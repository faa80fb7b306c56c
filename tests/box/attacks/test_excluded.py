"""Who was named as one who must not read a report cannot tell that they were, nor that there is one."""

import json
from typing import Any

import pytest
from django.test import Client

from bekhedmetkom.disclosures import commands
from bekhedmetkom.disclosures.place import Place
from bekhedmetkom.disclosures.queries import commission
from tests.box.home import TODAY
from tests.box.people import only_report, sends
from tests.box.test_sealed_wire import signed_in
from tests.broken import holds


def missing(journal: list[dict[str, Any]]) -> int:
    """How many lines between the first and the last are not shown, where lines are numbered."""
    numbers = [line["n"] for line in journal if "n" in line]
    return numbers[-1] - numbers[0] + 1 - len(numbers) if numbers else 0


def test_what_the_named_officer_is_shown_is_the_same_as_without_the_report(box: Place) -> None:
    named = signed_in("officer-2")

    def everything() -> str:
        shown = named.get("/commission/reports").json()
        for item in shown["items"]:
            item["opened"] = named.post(f"/commission/reports/{item['id']}/opened").json()
            item["opened"]["journal"] = missing(item["opened"]["journal"])
        return json.dumps([shown, named.get("/commission/journal").content.decode()])

    sends(Client(), "بلاغ آخر")
    other = only_report().report.id

    everything()  # they have opened it before

    def promise() -> None:
        before = everything()
        sends(Client(), "عنه", exclude=["officer-2"])
        for item in signed_in("officer-1").get("/commission/reports").json()["items"]:
            if item["id"] != str(other):
                commands.opened_by(item["id"], officer="officer-1", today=TODAY)
        assert everything() == before

    def numbered(patch: pytest.MonkeyPatch) -> None:

        whole = commission.lines
        patch.setattr(
            commission, "lines_of", lambda report: [line for line in whole() if line["report"] == str(report)]
        )

    holds(promise, {"their journal has a gap": numbered})


def test_the_whole_journal_is_for_the_custodians(box: Place) -> None:
    assert signed_in("officer-1").get("/commission/journal").status_code == 404
    assert signed_in("custodian-1").get("/commission/journal").json()["broken_at"] is None
