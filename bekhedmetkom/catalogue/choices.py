"""The catalogue's enums as choices of a model field, in the language of whoever looks."""

from bekhedmetkom.entities.choices import spoken

from .rules import COMPLEXITY_WORDS, DISPOSITION_WORDS, HANDLING_WORDS, KIND_WORDS


def kinds() -> list[tuple[str, str]]:
    return spoken(KIND_WORDS)


def complexities() -> list[tuple[str, str]]:
    return spoken(COMPLEXITY_WORDS)


def handlings() -> list[tuple[str, str]]:
    return spoken(HANDLING_WORDS)


def dispositions() -> list[tuple[str, str]]:
    return spoken(DISPOSITION_WORDS)
