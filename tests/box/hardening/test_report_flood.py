"""A flood of empty reports does not slow down the officer's list."""

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
from tests.box.support.actors import get_only_report, get_secret, submit_report
from tests.box.support.api_client import sign_in
from tests.box.support.environment import TODAY
from tests.mutations import check_with_mutations

REPORT_COUNT = 3 * commission.PAGE_SIZE


def add_reports(
    count: int, day: date, like: UnwrappedReport | None = None, excluded: tuple[str, ...] = ()
) -> None:
    """Insert copies of a report."""
    unwrapped = like or get_only_report()
    keys = {str(uuid4()): outer_keys.generate_key() for _ in range(count)}
    rows = []
    for identifier, key in keys.items():
        row = Report(
            id=identifier,
            day=day,
            lookup=uuid4().bytes,
            reader=unwrapped.report.reader,
            recipient=unwrapped.report.recipient,
        )
        row.anchor = bytes(unwrapped.report.anchor)
        row.ring, row.identity = (
            outer_keys.encrypt(key, unwrapped.key_ring),
            outer_keys.encrypt(key, unwrapped.encrypted_identity),
        )
        state = replace(unwrapped.state, row=hash_clear_columns(row), excluded=excluded, received=day)
        row.state = outer_keys.encrypt(key, state.encode())
        rows.append(row)
    with key_folder.lock_folder():
        outer_keys._write_keys(
            day,
            outer_keys._read_keys(day)
            | {identifier: b64encode(key).decode() for identifier, key in keys.items()},
        )
    Report.objects.bulk_create(rows)


def list_pages(officer: Client) -> list[dict[str, Any]]:
    """Return all pages of an officer's list."""
    page = officer.get("/commission/reports").json()
    pages = [page]
    while page["more"]:
        page = officer.get("/commission/reports", {"after": page["items"][-1]["id"]}).json()
        pages.append(page)
    return pages


def test_list_is_paged_with_a_constant_number_of_queries(
    box: Installation, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    submit_report(client, "الأصل")
    add_reports(REPORT_COUNT, TODAY - timedelta(1))
    read_days: list[date] = []

    def promise() -> None:
        officer = sign_in("officer-1")
        read_days.clear()
        with CaptureQueriesContext(connection) as queries:
            first = officer.get("/commission/reports").json()
        assert len(queries) <= 8
        assert (len(first["items"]), first["more"]) == (commission.PAGE_SIZE, True)
        assert len(read_days) <= 2, "a day's keys are read once"

    read_keys = outer_keys._read_keys

    def count_reads(day: date) -> dict[str, str]:
        read_days.append(day)
        return read_keys(day)

    monkeypatch.setattr(outer_keys, "_read_keys", count_reads)

    def skip_cache(patch: pytest.MonkeyPatch) -> None:
        patch.setattr(reports, "cache", lambda read: read)

    check_with_mutations(promise, {"each report reads its day's keys": skip_cache})


def test_pages_have_no_duplicates_and_no_gaps_for_excluded_officers(
    box: Installation, client: Client
) -> None:
    submit_report(client, "الأصل")
    original = get_only_report()
    add_reports(commission.PAGE_SIZE + 5, TODAY - timedelta(1))
    excluded_officer = sign_in("officer-2")
    before = list_pages(excluded_officer)
    ids = [item["id"] for page in before for item in page["items"]]
    assert [len(page["items"]) for page in before] == [commission.PAGE_SIZE, 6]
    assert len(set(ids)) == len(ids) == commission.PAGE_SIZE + 6
    add_reports(commission.PAGE_SIZE, TODAY, original, excluded=("officer-2",))
    assert list_pages(excluded_officer) == before
    assert (
        sum(len(page["items"]) for page in list_pages(sign_in("officer-1"))) == 2 * commission.PAGE_SIZE + 6
    )
    (ring,) = {item["ring"] for item in before[0]["items"][-1:]}
    assert encryption.decrypt_key_ring(b64decode(ring), get_secret("officer-2"))
