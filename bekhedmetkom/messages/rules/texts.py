"""Every message in our own words."""

from collections.abc import Mapping

from . import to_citizens, to_code_holders, to_officers, to_writers
from .delivery import Channel
from .templates import Template
from .text import Text, Wording

TEXTS: Mapping[Template, Text] = {
    **to_citizens.TEXTS,
    **to_writers.TEXTS,
    **to_code_holders.TEXTS,
    **to_officers.TEXTS,
}


def original(template: Template, channel: Channel, language: str) -> Wording | None:
    """Our own words; `None` where a template has none for this way."""
    text = TEXTS[template]
    if channel is Channel.EMAIL:
        return (
            text.subject
            and text.email
            and Wording(text.subject.in_language(language), text.email.in_language(language))
        )
    if (
        channel is Channel.PUSH
    ):  # a line on a locked screen, that leads to the case's page: what a letter is headed
        said_to_citizens = template in to_citizens.TEXTS and not template.secret
        return Wording("", text.subject.in_language(language)) if said_to_citizens and text.subject else None
    if (
        channel is Channel.MESSENGER and template.secret
    ):  # a code proves a telephone; a whole answer was agreed for SMS
        return None
    return Wording("", text.sms.in_language(language)) if text.sms else None
