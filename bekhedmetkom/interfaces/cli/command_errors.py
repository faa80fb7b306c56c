"""How a command that a person types says what is wrong with it."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management import CommandError

from bekhedmetkom.kernel.errors import InvalidInput, Refusal


@contextmanager
def convert_refusals() -> Iterator[None]:
    """Turn a refusal of the platform into the command's one line."""
    try:
        yield
    except InvalidInput as refused:
        raise CommandError("; ".join(f"{name}: {words.en}" for name, words in refused.errors)) from None
    except Refusal as refused:
        raise CommandError(refused.message.en) from None
