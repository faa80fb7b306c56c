"""The Python client says what the API's document says today."""

from bekhedmetkom.interfaces.api.urls import document
from tools.client import FILE, written


def test_the_client_is_written_from_the_document() -> None:
    """`.venv/bin/python tools/client.py` writes it anew."""
    assert FILE.read_text("utf-8") == written(document())
