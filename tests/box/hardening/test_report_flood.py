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

from bekhedmetkom.disclosures import encryption, key_folder, outer_keys, reports
from bekhedmetkom.disclosures.installation import Installation
from bekhedmetkom.disclosures.models import Report
from bekhedmetkom.disclosures.queries import commission
from bekhedmetkom.disclosures.reports import UnwrappedReport, hash_clear_columns
from tests.box.interfaces.test_encrypted_api import sign_in
from tests.box.support.actors import get_only_report, get_secret, submit_report
from tests.box.support.environment import TODAY
from tests.mutations import check_with_mutations

MANY = 3 * commission.PAGE_SIZE


def many(count: int, day: date, like: UnwrappedReport | None = None, excluded: tuple[str, ...] = ()) -> None:
    """As many as that of a day, like the one that there is."""
    found = like or get_only_report()
    keys = {str(uuid4()): outer_keys.generate_key() for _ in range(count)}
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
        row.ring, row.identity = (
            outer_keys.encrypt(key, found.key_ring),
            outer_keys.encrypt(key, found.encrypted_identity),
        )
        state = replace(found.state, row=hash_clear_columns(row), excluded=excluded, received=day)
        row.state = outer_keys.encrypt(key, state.encode())
        rows.append(row)
    with key_folder.lock_folder():
        outer_keys._write_keys(
            day, outer_keys._read_keys(day) | {one: b64encode(key).decode() for one, key in keys.items()}
        )
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
    box: Installation, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    submit_report(client, "الأصل")
    many(MANY, TODAY - timedelta(1))
    opened: list[date] = []

    def promise() -> None:
        officer = sign_in("officer-1")
        opened.clear()
        with CaptureQueriesContext(connection) as asked:
            first = officer.get("/commission/reports").json()
        assert len(asked) <= 8
        assert (len(first["items"]), first["more"]) == (commission.PAGE_SIZE, True)
        assert len(opened) <= 2, "a day's keys are read once"

    whole = outer_keys._read_keys

    def counted(day: date) -> dict[str, str]:
        opened.append(day)
        return whole(day)

    monkeypatch.setattr(outer_keys, "_read_keys", counted)

    def a_file_each(patch: pytest.MonkeyPatch) -> None:
        patch.setattr(reports, "cache", lambda read: read)

    check_with_mutations(promise, {"each report reads its day's keys": a_file_each})


def test_pages_hold_each_report_once_and_say_nothing_of_those_that_name_the_officer(
    box: Installation, client: Client
) -> None:
    submit_report(client, "الأصل")
    original = get_only_report()
    many(commission.PAGE_SIZE + 5, TODAY - timedelta(1))
    named = sign_in("officer-2")
    before = pages(named)
    ids = [item["id"] for page in before for item in page["items"]]
    assert [len(page["items"]) for page in before] == [commission.PAGE_SIZE, 6]
    assert len(set(ids)) == len(ids) == commission.PAGE_SIZE + 6
    many(commission.PAGE_SIZE, TODAY, original, excluded=("officer-2",))
    assert pages(named) == before
    assert sum(len(page["items"]) for page in pages(sign_in("officer-1"))) == 2 * commission.PAGE_SIZE + 6
    (ring,) = {item["ring"] for item in before[0]["items"][-1:]}
    assert encryption.decrypt_key_ring(b64decode(ring), get_secret("officer-2"))
