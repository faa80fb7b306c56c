"""Expected errors of commands. Each has one sentence for people, in both languages."""

from collections.abc import Sequence
from typing import NamedTuple

from .text import BilingualText


class Refusal(Exception):
    """The platform refuses a request; `message` says why."""

    message = BilingualText("تعذّر تنفيذ ذلك.", "That could not be done.")

    def __init__(self, message: BilingualText | None = None):
        self.message = message or self.message
        super().__init__(self.message.en)


class FieldError(NamedTuple):
    """The error of one field; `field` is its name in forms and in the API."""

    field: str
    message: BilingualText


class InvalidInput(Refusal):
    """One or more fields are invalid. Nothing was stored."""

    message = BilingualText("في ما كتبته شيء يحتاج تصحيحًا.", "Something that you entered needs correcting.")

    def __init__(self, *errors: FieldError):
        self.errors: Sequence[FieldError] = errors
        super().__init__(errors[0].message if errors else None)


class NotAllowed(Refusal):
    """The actor lacks the permission. Interfaces answer 404 where even the existence is confidential."""

    message = BilingualText("ليس هذا من صلاحياتك.", "Your role does not allow this.")
