"""The Python client says what the API's document says today."""

from bekhedmetkom.interfaces.api.urls import get_openapi_document
from tools.python_client import OUTPUT_PATH, render_client


def test_the_client_is_written_from_the_document() -> None:
    """`.venv/bin/python tools/python_client.py` writes it anew."""
    assert OUTPUT_PATH.read_text("utf-8") == render_client(get_openapi_document())
