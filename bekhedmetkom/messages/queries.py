"""What is asked of messages: the words that hold now, and what was or would have been sent."""

from dataclasses import dataclass
from uuid import UUID

from .models import Message
from .models import Wording as Row
from .rules.delivery import Channel
from .rules.templates import Template
from .rules.text import Wording
from .rules.texts import original

Key = tuple[Template, Channel, str]


def newest_wordings() -> dict[Key, Wording]:
    """The administrators' own words, the newest version of each."""
    rows = Row.objects.order_by("template", "channel", "language", "-version").distinct(
        "template", "channel", "language"
    )
    return {
        (Template(row.template), Channel(row.channel), row.language): Wording(row.subject, row.body)
        for row in rows
    }


@dataclass(frozen=True, slots=True)
class Said:
    """A template on one way in one language, as it is said now; `reworded`: not in our own words."""

    template: Template
    channel: Channel
    language: str
    wording: Wording
    reworded: bool


def wordings(template: Template) -> list[Said]:
    """All ways and languages in which a template is said."""
    changed = newest_wordings()
    found = []
    for channel in Channel:
        for language in ("ar", "en"):
            if own := original(template, channel, language):
                now = changed.get((template, channel, language), own)
                found.append(Said(template, channel, language, now, now != own))
    return found


def case_told(message: int) -> UUID | None:
    """The case whose citizen a message was for; `None` for an officer's, a code's, or no message at all."""
    return Message.objects.filter(pk=message, officer=None).values_list("case", flat=True).first()
