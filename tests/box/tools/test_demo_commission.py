"""The demonstration's keys are public: `DEMO=0` neither creates nor trusts them."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from bekhedmetkom.disclosures.installation import Installation
from bekhedmetkom.disclosures.models import Piece
from bekhedmetkom.disclosures.reports import list_reports
from bekhedmetkom.disclosures.rules.receipts import derive_keys, generate_receipt
from bekhedmetkom.interfaces.box.tools import prepare
from tests.box.support.api_client import build_encrypted_report, post_json
from tests.mutations import check_with_mutations


def test_demo_root_is_not_trusted_elsewhere(box: Installation, client: Client, settings: Any) -> None:
    sealed = build_encrypted_report(derive_keys(generate_receipt()))
    settings.BOX = replace(box, demo=False)

    def promise() -> None:
        assert client.get("/").status_code == 503
        assert client.get("/manifest").status_code == 503
        assert client.post("/send", {"text": "رشوة", "identity": "no"}).status_code == 503
        assert client.post("/sealed", sealed).status_code == 503
        assert post_json(client, "/commission/challenge", id="officer-1").status_code == 503
        assert not list(list_reports())
        assert not Piece.objects.exists()

    def trust_demo_root(patch: pytest.MonkeyPatch) -> None:
        patch.setattr(
            Installation, "root_key", property(lambda self: (self.demo_key_folder / "root.pub").read_text())
        )

    check_with_mutations(promise, {"the demonstration's root is believed": trust_demo_root})


def test_no_demo_keys_without_demo(
    box: Installation, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.BOX = replace(box, demo=False, demo_key_folder=tmp_path / "none")
    monkeypatch.setattr(prepare, "call_command", lambda *_, **__: None)
    prepare.handle({})
    assert not (tmp_path / "none").exists()
