"""An officer is told of what belongs to no case, by e-mail."""

from collections.abc import Sequence
from datetime import datetime

from bekhedmetkom.identity.models import Officer

from ..composing import Composer
from ..models import Message
from ..rules.delivery import not_before
from ..rules.morning import Said
from ..rules.templates import Template


def tell_lines(
    officer: Officer, template: Template, lines: Sequence[Said], page: str, at: datetime
) -> Message:
    """Line by line, and the page on which all of it is. Whoever calls sees to it that it is told once."""
    said = Composer().of_many(template, officer.language, lines, page, at)
    return Message.objects.create(
        officer=officer, not_before=not_before(at, at_once=template.at_once), **said
    )
