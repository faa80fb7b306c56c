"""A promise is tested twice: it holds, and its test fails when the code is broken in a given way.

The broken variants live here in the tests and are switched on one at a time; the code knows nothing of them.
"""

from collections.abc import Callable, Mapping

import pytest

Mutation = Callable[[pytest.MonkeyPatch], None]


def check_with_mutations(promise: Callable[[], None], variants: Mapping[str, Mutation]) -> None:
    """Runs `promise`, then once more with each broken variant, where it must fail."""
    promise()
    for name, broken in variants.items():
        with pytest.MonkeyPatch.context() as patch:
            broken(patch)
            try:
                promise()
            except (AssertionError, pytest.fail.Exception):
                continue
        raise AssertionError(f"nobody notices when {name}")
