"""Attack 8: ids of another receipt's messages and files open nothing."""

import json
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from bekhedmetkom.disclosures.place import Place
from bekhedmetkom.disclosures.rules.receipts import derive
from bekhedmetkom.disclosures.rules.state import Part, State
from bekhedmetkom.disclosures.standing import every
from tests.box.people import comes_back, only_report, sends, writes
from tests.broken import holds


def test_a_receipt_opens_its_own_files_and_no_others(box: Place, client: Client) -> None:
    client.raise_request_exception = False  # a broken variant may well fail in the middle
    theirs = sends(client, "الأول")
    report = only_report().report.id
    writes(report, "رسالة", ("ملف.txt", b"content"))
    message, file = (part.id for part in only_report().state.turns[1].parts)
    mine = sends(client, "الثاني")
    keys, own = derive(mine), derive(theirs)
    visitor, owner = Client(raise_request_exception=False), Client()
    comes_back(visitor, mine)
    comes_back(owner, theirs)

    def promise() -> None:
        assert owner.get(f"/talk/1/1/{file}").content == b"content"
        assert fetched(client, own.lookup, file) == 200
        for part in (message, file):
            assert visitor.get(f"/talk/1/0/{part}").status_code == 404
            assert visitor.get(f"/talk/1/1/{part}").status_code == 404
            assert fetched(client, keys.lookup, part) == 404
        # Nor what a discloser has sent themselves: a seized receipt does not show it.
        assert fetched(client, own.lookup, sent(report)) == 404

    def any_part(state: State, identifier: UUID, side: Any = None) -> Part | None:
        parts = (part for found in every() for part in found.state.every_part())
        return next((part for part in parts if part.id == identifier), None)

    def either_side(state: State, identifier: UUID, side: Any = None) -> Part | None:
        return next((part for part in state.every_part() if part.id == identifier), None)

    holds(
        promise,
        {
            "a part is given to whoever knows its id": lambda patch: patch.setattr(State, "part", any_part),
            "a receipt shows what its discloser sent": lambda patch: patch.setattr(
                State, "part", either_side
            ),
        },
    )


def sent(report: UUID) -> UUID:
    """The id of the first report's own text."""
    (found,) = (one for one in every() if one.report.id == report)
    return found.state.turns[0].parts[0].id


def fetched(client: Client, lookup: bytes, part: UUID) -> int:
    said = json.dumps({"lookup": lookup.hex(), "id": str(part)})
    return int(client.post("/file", said, content_type="application/json").status_code)


@pytest.mark.parametrize("address", ["/talk/1/1/not-an-id", "/talk/x/1/00000000-0000-0000-0000-000000000000"])
def test_nonsense_is_not_found(box: Place, client: Client, address: str) -> None:
    comes_back(client, sends(client))
    assert client.get(address).status_code == 404
