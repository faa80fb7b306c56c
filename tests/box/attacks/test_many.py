"""Thousands of reports that say nothing, sent by whoever wants to bury one: the officer's list stays quick."""

from base64 import b64decode, b64encode
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bekhedmetkom.disclosures import beside, outer, sealing, standing
from bekhedmetkom.disclosures.models import Report
from bekhedmetkom.disclosures.place import Place
from bekhedmetkom.disclosures.queries import commission
from bekhedmetkom.disclosures.standing import Standing, in_clear
from tests.box.home import TODAY
from tests.box.people import only_report, secret_of, sends
from tests.box.test_sealed_wire import signed_in
from tests.broken import holds

MANY = 3 * commission.PAGE


def many(count: int, day: date, like: Standing | None = None, excluded: tuple[str, ...] = ()) -> None:
    """As many as that of a day, like the one that there is."""
    found = like or only_report()
    keys = {str(uuid4()): outer.fresh() for _ in range(count)}
    rows = []
    for one, key in keys.items():
        row = Report(
            id=one,
            day=day,
            lookup=uuid4().bytes,
            reader=found.report.reader,
            recipient=found.report.recipient,
        )
        row.anchor = bytes(found.report.anchor)
        row.ring, row.identity = outer.closed(key, found.ring), outer.closed(key, found.identity)
        state = replace(found.state, row=in_clear(row), excluded=excluded, received=day)
        row.state = outer.closed(key, state.encoded())
        rows.append(row)
    with beside.locked():
        outer._write(day, outer._read(day) | {one: b64encode(key).decode() for one, key in keys.items()})
    Report.objects.bulk_create(rows)


def pages(officer: Client) -> list[dict[str, Any]]:
    """All that the list shows, page by page."""
    said = officer.get("/commission/reports").json()
    found = [said]
    while said["more"]:
        said = officer.get("/commission/reports", {"after": said["items"][-1]["id"]}).json()
        found.append(said)
    return found


def test_the_list_comes_in_pages_and_each_is_as_quick(
    box: Place, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    sends(client, "الأصل")
    many(MANY, TODAY - timedelta(1))
    opened: list[date] = []

    def promise() -> None:
        officer = signed_in("officer-1")
        opened.clear()
        with CaptureQueriesContext(connection) as asked:
            first = officer.get("/commission/reports").json()
        assert len(asked) <= 8
        assert (len(first["items"]), first["more"]) == (commission.PAGE, True)
        assert len(opened) <= 2, "a day's keys are read once"

    whole = outer._read

    def counted(day: date) -> dict[str, str]:
        opened.append(day)
        return whole(day)

    monkeypatch.setattr(outer, "_read", counted)

    def a_file_each(patch: pytest.MonkeyPatch) -> None:
        patch.setattr(standing, "cache", lambda read: read)

    holds(promise, {"each report reads its day's keys": a_file_each})


def test_pages_hold_each_report_once_and_say_nothing_of_those_that_name_the_officer(
    box: Place, client: Client
) -> None:
    sends(client, "الأصل")
    original = only_report()
    many(commission.PAGE + 5, TODAY - timedelta(1))
    named = signed_in("officer-2")
    before = pages(named)
    ids = [item["id"] for page in before for item in page["items"]]
    assert [len(page["items"]) for page in before] == [commission.PAGE, 6]
    assert len(set(ids)) == len(ids) == commission.PAGE + 6
    many(commission.PAGE, TODAY, original, excluded=("officer-2",))
    assert pages(named) == before
    assert sum(len(page["items"]) for page in pages(signed_in("officer-1"))) == 2 * commission.PAGE + 6
    (ring,) = {item["ring"] for item in before[0]["items"][-1:]}
    assert sealing.opened_ring(b64decode(ring), secret_of("officer-2"))
