"""What a person can get wrong. Each refusal carries one clear sentence in both languages; none is a fault of ours."""

from collections.abc import Sequence
from typing import NamedTuple

from .text import BilingualText


class Refusal(Exception):
    """Something that the platform will not do, and why, in words for whoever asked."""

    message = BilingualText("تعذّر تنفيذ ذلك.", "That could not be done.")

    def __init__(self, words: BilingualText | None = None):
        self.message = words or self.message
        super().__init__(self.message.en)


class FieldError(NamedTuple):
    """What is wrong with one field; `field` is its name in forms and in the API."""

    field: str
    message: BilingualText


class InvalidInput(Refusal):
    """One or more fields cannot be taken as they are. Nothing was stored."""

    message = BilingualText("في ما كتبته شيء يحتاج تصحيحًا.", "Something that you entered needs correcting.")

    def __init__(self, *errors: FieldError):
        self.errors: Sequence[FieldError] = errors
        super().__init__(errors[0].message if errors else None)


class NotAllowed(Refusal):
    """The actor's roles do not reach this. Doors answer 404 where even the existence is not theirs to know."""

    message = BilingualText("ليس هذا من صلاحياتك.", "Your role does not allow this.")
