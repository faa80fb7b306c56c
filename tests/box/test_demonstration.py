"""The demonstration's keys lie open in a folder: `DEMO=0` neither makes them nor believes what they have signed."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from bekhedmetkom.disclosures.models import Piece
from bekhedmetkom.disclosures.place import Place
from bekhedmetkom.disclosures.rules.receipts import derive, new_receipt
from bekhedmetkom.disclosures.standing import every
from bekhedmetkom.interfaces.box.tools import prepare
from tests.box.test_sealed_wire import asks, put_together
from tests.broken import holds


def test_what_a_demonstration_has_signed_is_believed_by_no_other(
    box: Place, client: Client, settings: Any
) -> None:
    sealed = put_together(derive(new_receipt()))
    settings.BOX = replace(box, demo=False)

    def promise() -> None:
        assert client.get("/").status_code == 503
        assert client.get("/manifest").status_code == 503
        assert client.post("/send", {"text": "رشوة", "identity": "no"}).status_code == 503
        assert client.post("/sealed", sealed).status_code == 503
        assert asks(client, "/commission/challenge", id="officer-1").status_code == 503
        assert not list(every())
        assert not Piece.objects.exists()

    def believing(patch: pytest.MonkeyPatch) -> None:
        patch.setattr(Place, "root_key", property(lambda self: (self.demo_keys / "root.pub").read_text()))

    holds(promise, {"the demonstration's root is believed": believing})


def test_no_demonstration_is_made_where_none_is_wanted(
    box: Place, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.BOX = replace(box, demo=False, demo_keys=tmp_path / "none")
    monkeypatch.setattr(prepare, "call_command", lambda *_, **__: None)
    prepare.handle({})
    assert not (tmp_path / "none").exists()
