"""Default texts of all templates."""

from collections.abc import Mapping

from ..delivery import Channel
from ..templates import MessageText, Template, TemplateTexts
from . import citizen_texts, code_texts, officer_texts, reply_texts

DEFAULT_TEXTS: Mapping[Template, TemplateTexts] = {
    **citizen_texts.CITIZEN_TEXTS,
    **reply_texts.REPLY_TEXTS,
    **code_texts.CODE_TEXTS,
    **officer_texts.OFFICER_TEXTS,
}


def get_default_text(template: Template, channel: Channel, language: str) -> MessageText | None:
    """Return the default text; `None` if the template is not sent on this channel."""
    text = DEFAULT_TEXTS[template]
    if channel is Channel.EMAIL:
        return (
            text.subject
            and text.email
            and MessageText(text.subject.in_language(language), text.email.in_language(language))
        )
    if (
        channel is Channel.PUSH
    ):  # a line on a locked screen, that leads to the case's page: what a letter is headed
        said_to_citizens = template in citizen_texts.CITIZEN_TEXTS and not template.secret_placeholder
        return (
            MessageText("", text.subject.in_language(language)) if said_to_citizens and text.subject else None
        )
    if (
        channel is Channel.MESSENGER and template.secret_placeholder
    ):  # a code proves a telephone; a whole answer was agreed for SMS
        return None
    return MessageText("", text.sms.in_language(language)) if text.sms else None
