"""Attack 8: ids of another receipt's messages and files open nothing."""

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


def test_a_receipt_opens_its_own_files_and_no_others(box: Installation, client: Client) -> None:
    client.raise_request_exception = False  # a broken variant may well fail in the middle
    theirs = submit_report(client, "الأول")
    report = get_only_report().report.id
    send_message_as_officer(report, "رسالة", ("ملف.txt", b"content"))
    message, file = (part.id for part in get_only_report().state.turns[1].parts)
    mine = submit_report(client, "الثاني")
    keys, own = derive_keys(mine), derive_keys(theirs)
    visitor, owner = Client(raise_request_exception=False), Client()
    log_in(visitor, mine)
    log_in(owner, theirs)

    def promise() -> None:
        assert owner.get(f"/talk/1/1/{file}").content == b"content"
        assert fetched(client, own.lookup_id, file) == 200
        for part in (message, file):
            assert visitor.get(f"/talk/1/0/{part}").status_code == 404
            assert visitor.get(f"/talk/1/1/{part}").status_code == 404
            assert fetched(client, keys.lookup_id, part) == 404
        # Nor what a discloser has sent themselves: a seized receipt does not show it.
        assert fetched(client, own.lookup_id, sent(report)) == 404

    def any_part(state: ReportState, identifier: UUID, side: Any = None) -> Part | None:
        parts = (part for found in list_reports() for part in found.state.list_parts())
        return next((part for part in parts if part.id == identifier), None)

    def either_side(state: ReportState, identifier: UUID, side: Any = None) -> Part | None:
        return next((part for part in state.list_parts() if part.id == identifier), None)

    check_with_mutations(
        promise,
        {
            "a part is given to whoever knows its id": lambda patch: patch.setattr(
                ReportState, "find_part", any_part
            ),
            "a receipt shows what its discloser sent": lambda patch: patch.setattr(
                ReportState, "find_part", either_side
            ),
        },
    )


def sent(report: UUID) -> UUID:
    """The id of the first report's own text."""
    (found,) = (one for one in list_reports() if one.report.id == report)
    return found.state.turns[0].parts[0].id


def fetched(client: Client, lookup: bytes, part: UUID) -> int:
    said = json.dumps({"lookup": lookup.hex(), "id": str(part)})
    return int(client.post("/file", said, content_type="application/json").status_code)


@pytest.mark.parametrize("address", ["/talk/1/1/not-an-id", "/talk/x/1/00000000-0000-0000-0000-000000000000"])
def test_nonsense_is_not_found(box: Installation, client: Client, address: str) -> None:
    log_in(client, submit_report(client))
    assert client.get(address).status_code == 404
