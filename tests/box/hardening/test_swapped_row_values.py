"""A database administrator who puts their own receipt or keys into a row learns nothing."""

from typing import Any

import pytest
from django.test import Client

from bekhedmetkom.disclosures import reports
from bekhedmetkom.disclosures.encryption import compute_anchor, decrypt_conversation, generate_report_key
from bekhedmetkom.disclosures.installation import Installation
from bekhedmetkom.disclosures.models import Report
from bekhedmetkom.disclosures.rules.frame import CorruptData
from bekhedmetkom.disclosures.rules.receipts import derive_keys, generate_receipt
from tests.box.support.actors import get_only_report, get_recorded_column_hash, log_in, submit_report
from tests.box.support.api_client import post_json, sign_in
from tests.mutations import Mutation, check_with_mutations

VARIANTS: dict[str, Mutation] = {
    "a row may say what it likes": lambda patch: patch.setattr(
        reports, "hash_clear_columns", get_recorded_column_hash
    )
}


def test_own_receipt_in_a_row_opens_nothing(box: Installation, client: Client) -> None:
    submit_report(client)
    row, own_receipt = get_only_report().report, generate_receipt()
    keys = derive_keys(own_receipt)
    changes: dict[str, Any] = {"lookup": keys.lookup_id, "reader": keys.recipient}

    def promise() -> None:
        Report.objects.filter(id=row.id).update(**changes)
        answer = post_json(Client(), "/open", lookup=keys.lookup_id.hex())
        assert answer.status_code == 200
        with pytest.raises(CorruptData):
            decrypt_conversation(answer.content, keys.reader_identity)
        assert "لا يفتح شيء" in log_in(Client(), own_receipt).content.decode()

    check_with_mutations(promise, VARIANTS)


@pytest.mark.parametrize("column", ["reader", "recipient", "anchor"])
def test_row_with_a_swapped_key_is_hidden(box: Installation, client: Client, column: str) -> None:
    """Nobody encrypts anything to it."""
    words = submit_report(client)
    own_recipient = generate_report_key().recipient
    changes: Any = {column: compute_anchor(bytes(32), own_recipient) if column == "anchor" else own_recipient}
    row = get_only_report().report.id

    def promise() -> None:
        Report.objects.filter(id=row).update(**changes)
        assert sign_in("officer-1").get("/commission/reports").json()["items"] == []
        assert "لا يفتح شيء" in log_in(Client(), words).content.decode()

    check_with_mutations(promise, VARIANTS)
