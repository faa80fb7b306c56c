"""The enums of messages as choices of a model field, in the language of whoever looks."""

from bekhedmetkom.entities.choices import build_choices

from .rules.states import CHANNEL_WORDS, STATE_WORDS, WHY_WORDS
from .rules.templates import TEMPLATE_WORDS


def channels() -> list[tuple[str, str]]:
    return build_choices(CHANNEL_WORDS)


def states() -> list[tuple[str, str]]:
    return build_choices(STATE_WORDS)


def reasons() -> list[tuple[str, str]]:
    return build_choices(WHY_WORDS)


def templates() -> list[tuple[str, str]]:
    return build_choices(TEMPLATE_WORDS)


def languages() -> list[tuple[str, str]]:
    return [("ar", "العربية"), ("en", "English")]
