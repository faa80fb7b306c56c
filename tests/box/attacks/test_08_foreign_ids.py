"""Attack 8: ids of another receipt's messages and files are not unwrapped."""

import json
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from bekhedmetkom.disclosures.installation import Installation
from bekhedmetkom.disclosures.reports import list_reports
from bekhedmetkom.disclosures.rules.receipts import derive_keys
from bekhedmetkom.disclosures.rules.report_state import Part, ReportState
from tests.box.support.actors import get_only_report, log_in, send_message_as_officer, submit_report
from tests.mutations import check_with_mutations


def test_receipt_opens_only_its_own_files(box: Installation, client: Client) -> None:
    client.raise_request_exception = False  # broken variants may raise
    owner_receipt = submit_report(client, "الأول")
    report = get_only_report().report.id
    send_message_as_officer(report, "رسالة", ("ملف.txt", b"content"))
    message, file = (part.id for part in get_only_report().state.turns[1].parts)
    visitor_receipt = submit_report(client, "الثاني")
    visitor_keys, owner_keys = derive_keys(visitor_receipt), derive_keys(owner_receipt)
    visitor, owner = Client(raise_request_exception=False), Client()
    log_in(visitor, visitor_receipt)
    log_in(owner, owner_receipt)

    def promise() -> None:
        assert owner.get(f"/talk/1/1/{file}").content == b"content"
        assert fetch_file(client, owner_keys.lookup_id, file) == 200
        for part in (message, file):
            assert visitor.get(f"/talk/1/0/{part}").status_code == 404
            assert visitor.get(f"/talk/1/1/{part}").status_code == 404
            assert fetch_file(client, visitor_keys.lookup_id, part) == 404
        # Nor what the discloser sent: a seized receipt must not reveal it.
        assert fetch_file(client, owner_keys.lookup_id, get_text_part_id(report)) == 404

    def find_part_of_any_report(state: ReportState, identifier: UUID, side: Any = None) -> Part | None:
        parts = (part for unwrapped in list_reports() for part in unwrapped.state.list_parts())
        return next((part for part in parts if part.id == identifier), None)

    def find_part_of_either_side(state: ReportState, identifier: UUID, side: Any = None) -> Part | None:
        return next((part for part in state.list_parts() if part.id == identifier), None)

    check_with_mutations(
        promise,
        {
            "a part is given to whoever knows its id": lambda patch: patch.setattr(
                ReportState, "find_part", find_part_of_any_report
            ),
            "a receipt shows what its discloser sent": lambda patch: patch.setattr(
                ReportState, "find_part", find_part_of_either_side
            ),
        },
    )


def get_text_part_id(report: UUID) -> UUID:
    """Return the id of a report's text."""
    (unwrapped,) = (unwrapped for unwrapped in list_reports() if unwrapped.report.id == report)
    return unwrapped.state.turns[0].parts[0].id


def fetch_file(client: Client, lookup: bytes, part: UUID) -> int:
    body = json.dumps({"lookup": lookup.hex(), "id": str(part)})
    return int(client.post("/file", body, content_type="application/json").status_code)


@pytest.mark.parametrize("address", ["/talk/1/1/not-an-id", "/talk/x/1/00000000-0000-0000-0000-000000000000"])
def test_invalid_ids_are_not_found(box: Installation, client: Client, address: str) -> None:
    log_in(client, submit_report(client))
    assert client.get(address).status_code == 404
