"""The enums of messages as choices of a model field, in the language of whoever looks."""

from bekhedmetkom.entities.choices import spoken

from .rules.states import CHANNEL_WORDS, STATE_WORDS, WHY_WORDS
from .rules.templates import TEMPLATE_WORDS


def channels() -> list[tuple[str, str]]:
    return spoken(CHANNEL_WORDS)


def states() -> list[tuple[str, str]]:
    return spoken(STATE_WORDS)


def reasons() -> list[tuple[str, str]]:
    return spoken(WHY_WORDS)


def templates() -> list[tuple[str, str]]:
    return spoken(TEMPLATE_WORDS)


def languages() -> list[tuple[str, str]]:
    return [("ar", "العربية"), ("en", "English")]
