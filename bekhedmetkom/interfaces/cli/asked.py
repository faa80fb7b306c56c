"""How a command that a person types says what is wrong with it."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management import CommandError

from bekhedmetkom.kernel.errors import Invalid, Refused


@contextmanager
def in_one_sentence() -> Iterator[None]:
    """Turn a refusal of the platform into the command's one line."""
    try:
        yield
    except Invalid as refused:
        raise CommandError("; ".join(f"{name}: {words.en}" for name, words in refused.errors)) from None
    except Refused as refused:
        raise CommandError(refused.words.en) from None
