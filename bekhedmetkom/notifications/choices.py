"""Model field choices of channels, message states, failure reasons, templates and languages."""

from bekhedmetkom.entities.choices import build_choices

from .rules.delivery import CHANNEL_LABELS, FAILURE_REASON_LABELS, MESSAGE_STATE_LABELS
from .rules.templates import TEMPLATE_LABELS


def list_channels() -> list[tuple[str, str]]:
    return build_choices(CHANNEL_LABELS)


def list_message_states() -> list[tuple[str, str]]:
    return build_choices(MESSAGE_STATE_LABELS)


def list_failure_reasons() -> list[tuple[str, str]]:
    return build_choices(FAILURE_REASON_LABELS)


def list_templates() -> list[tuple[str, str]]:
    return build_choices(TEMPLATE_LABELS)


def list_languages() -> list[tuple[str, str]]:
    return [("ar", "العربية"), ("en", "English")]
