"""A DBA who puts words or keys of their own into a report's row learns nothing of it by them."""

from typing import Any

import pytest
from django.test import Client

from bekhedmetkom.disclosures import standing
from bekhedmetkom.disclosures.models import Report
from bekhedmetkom.disclosures.place import Place
from bekhedmetkom.disclosures.rules.padding import Broken
from bekhedmetkom.disclosures.rules.receipts import derive, new_receipt
from bekhedmetkom.disclosures.sealing import anchor, new_report_key, opened_answer
from tests.box.people import as_it_was, comes_back, only_report, sends
from tests.box.test_sealed_wire import asks, signed_in
from tests.broken import Breaking, holds

UNBOUND: dict[str, Breaking] = {
    "a row may say what it likes": lambda patch: patch.setattr(standing, "in_clear", as_it_was)
}


def test_words_of_their_own_lead_to_no_report(box: Place, client: Client) -> None:
    sends(client)
    row, mine = only_report().report, new_receipt()
    keys = derive(mine)
    exchanged: dict[str, Any] = {"lookup": keys.lookup, "reader": keys.recipient}

    def promise() -> None:
        Report.objects.filter(id=row.id).update(**exchanged)
        answer = asks(Client(), "/open", lookup=keys.lookup.hex())
        assert answer.status_code == 200
        with pytest.raises(Broken):
            opened_answer(answer.content, keys.reader)
        assert "لا يفتح شيء" in comes_back(Client(), mine).content.decode()

    holds(promise, UNBOUND)


@pytest.mark.parametrize("column", ["reader", "recipient", "anchor"])
def test_one_key_of_their_own_takes_the_report_out_of_everybodys_hands(
    box: Place, client: Client, column: str
) -> None:
    """Nobody is led to seal anything to it."""
    words = sends(client)
    dbas = new_report_key().recipient
    exchanged: Any = {column: anchor(bytes(32), dbas) if column == "anchor" else dbas}
    row = only_report().report.id

    def promise() -> None:
        Report.objects.filter(id=row).update(**exchanged)
        assert signed_in("officer-1").get("/commission/reports").json()["items"] == []
        assert "لا يفتح شيء" in comes_back(Client(), words).content.decode()

    holds(promise, UNBOUND)
