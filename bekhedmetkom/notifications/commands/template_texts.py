"""Custom texts of message templates, written by administrators."""

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from bekhedmetkom.entities.commands import record_change
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.errors import FieldError, InvalidInput
from bekhedmetkom.kernel.text import BilingualText

from .. import models
from ..rules.delivery import Channel
from ..rules.templates import MessageText, Template, find_unknown_placeholders
from ..rules.texts.default_texts import get_default_text

_TEXT_MISSING = BilingualText("اكتب النص.", "Write the text.")
_NOT_SENT_THIS_WAY = BilingualText("لا تُقال هذه الرسالة بهذه الطريقة.", "This message is not sent this way.")


def save_template_text(
    *, template: Template, channel: Channel, language: str, wording: MessageText, actor: Actor, at: datetime
) -> int:
    """Save a new version of a template's text and return its number. Raises `InvalidInput`."""
    if get_default_text(template, channel, language) is None:
        raise InvalidInput(FieldError("body", _NOT_SENT_THIS_WAY))
    subject, body = " ".join(wording.subject.split()), wording.body.replace("\r\n", "\n").strip()
    errors = [
        FieldError(name, _build_unknown_placeholder_message(strange))
        for name, text in (("subject", subject), ("body", body))
        if (strange := find_unknown_placeholders(template, text))
    ]
    if not body:
        errors.append(FieldError("body", _TEXT_MISSING))
    if channel is Channel.EMAIL and not subject:
        errors.append(FieldError("subject", _TEXT_MISSING))
    if template.secret_placeholder:
        errors += _check_secret_placeholder(f"{{{template.secret_placeholder}}}", subject, body)
    if errors:
        raise InvalidInput(*errors)
    with transaction.atomic():
        rows = models.Wording.objects.filter(template=template, channel=channel, language=language)
        last = rows.aggregate(last=Max("version"))["last"] or 0
        row = models.Wording.objects.create(
            template=template,
            channel=channel,
            language=language,
            version=last + 1,
            subject=subject,
            body=body,
        )
        record_change(row, None, actor=actor, at=at)
    return row.version


def _build_unknown_placeholder_message(names: list[str]) -> BilingualText:
    braces = "، ".join(f"{{{name}}}" for name in names)
    return BilingualText(f"لا يوجد فراغ باسم {braces}.", f"There is no blank called {braces}.")


def _check_secret_placeholder(blank: str, subject: str, body: str) -> Iterator[FieldError]:
    """Yield errors unless the secret's placeholder is in the body and not in the subject."""
    if body and blank not in body:
        yield FieldError(
            "body",
            BilingualText(f"لا بد من الفراغ {blank} في النص.", f"The text must have the blank {blank}."),
        )
    if blank in subject:
        yield FieldError(
            "subject", BilingualText(f"لا يُكتب {blank} في العنوان.", f"{blank} does not go into the subject.")
        )
