"""A DBA who puts words or keys of their own into a report's row learns nothing of it by them."""

from typing import Any

import pytest
from django.test import Client

from bekhedmetkom.disclosures import reports
from bekhedmetkom.disclosures.encryption import compute_anchor, decrypt_conversation, generate_report_key
from bekhedmetkom.disclosures.installation import Installation
from bekhedmetkom.disclosures.models import Report
from bekhedmetkom.disclosures.rules.frame import CorruptData
from bekhedmetkom.disclosures.rules.receipts import derive_keys, generate_receipt
from tests.box.interfaces.test_encrypted_api import post_json, sign_in
from tests.box.support.actors import get_only_report, get_recorded_column_hash, log_in, submit_report
from tests.mutations import Mutation, check_with_mutations

UNBOUND: dict[str, Mutation] = {
    "a row may say what it likes": lambda patch: patch.setattr(
        reports, "hash_clear_columns", get_recorded_column_hash
    )
}


def test_words_of_their_own_lead_to_no_report(box: Installation, client: Client) -> None:
    submit_report(client)
    row, mine = get_only_report().report, generate_receipt()
    keys = derive_keys(mine)
    exchanged: dict[str, Any] = {"lookup": keys.lookup_id, "reader": keys.recipient}

    def promise() -> None:
        Report.objects.filter(id=row.id).update(**exchanged)
        answer = post_json(Client(), "/open", lookup=keys.lookup_id.hex())
        assert answer.status_code == 200
        with pytest.raises(CorruptData):
            decrypt_conversation(answer.content, keys.reader_identity)
        assert "لا يفتح شيء" in log_in(Client(), mine).content.decode()

    check_with_mutations(promise, UNBOUND)


@pytest.mark.parametrize("column", ["reader", "recipient", "anchor"])
def test_one_key_of_their_own_takes_the_report_out_of_everybodys_hands(
    box: Installation, client: Client, column: str
) -> None:
    """Nobody is led to seal anything to it."""
    words = submit_report(client)
    dbas = generate_report_key().recipient
    exchanged: Any = {column: compute_anchor(bytes(32), dbas) if column == "anchor" else dbas}
    row = get_only_report().report.id

    def promise() -> None:
        Report.objects.filter(id=row).update(**exchanged)
        assert sign_in("officer-1").get("/commission/reports").json()["items"] == []
        assert "لا يفتح شيء" in log_in(Client(), words).content.decode()

    check_with_mutations(promise, UNBOUND)
