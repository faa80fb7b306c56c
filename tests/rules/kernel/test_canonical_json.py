"""Hashes mean something only if one value has one spelling: RFC 8785's, as its reference encoder writes it."""

from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from bekhedmetkom.kernel.canonical_json import encode_canonical_json

WORDS = st.text(st.characters(codec="utf-8"))  # controls, marks, emoji: all but lone surrogates
NAMES = st.text(st.characters(max_codepoint=127))
WHOLE = st.integers(-(2**53) + 1, 2**53 - 1)
VALUES = st.recursive(
    st.none() | st.booleans() | WHOLE | WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=6),
    max_leaves=12,
)


@given(VALUES)
def test_event_values_are_encoded_as_rfc_8785(value: Any) -> None:
    assert encode_canonical_json(value) == rfc8785.dumps(value)


@pytest.mark.parametrize(
    "value", [2**53, -(2**53), "\ud800", object()], ids=["large", "small", "half", "object"]
)
def test_values_without_canonical_form_raise_type_error(value: object) -> None:
    with pytest.raises(TypeError):
        encode_canonical_json(value)
