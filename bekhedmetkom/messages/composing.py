"""Puts the blanks into the words that hold now: an administrator's, else our own."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.conf import settings

from bekhedmetkom.catalogue.rules import LEVEL_LABELS, EscalationLevel
from bekhedmetkom.entities.queries import get_tree
from bekhedmetkom.kernel.clock import get_local_date
from bekhedmetkom.kernel.formatting import format_date, format_in_both_languages, format_percentage
from bekhedmetkom.kernel.text import BilingualText

from .queries import newest_wordings
from .rules.codes import MASK
from .rules.decisions import Occasion
from .rules.delivery import Channel
from .rules.morning import Said, put_together
from .rules.sms_replies import REPLY
from .rules.templates import Template
from .rules.text import Wording
from .rules.texts import original

_NOTHING = BilingualText("", "")


class Composer:
    """Reads the administrators' wordings once, then composes as many messages as there are."""

    def __init__(self) -> None:
        self._reworded = newest_wordings()

    def composed(
        self, template: Template, channel: Channel, language: str, occasion: Occasion, *, by_sms: bool = False
    ) -> dict[str, Any]:
        """The columns of a message that say what it says. `by_sms`: its reader can say by SMS whether it was solved."""
        reply = REPLY if by_sms and settings.SMS_REPLIES else _NOTHING
        return self._said(template, channel, language, _blanks(template, occasion) | {"reply": reply})

    def answering(
        self, template: Template, channel: Channel, language: str, reference: str
    ) -> dict[str, Any]:
        """The same for what goes back to who answered one of our messages."""
        blanks = _same({"reference": reference, "box": settings.BOX_URL}) | links(
            reference, for_officers=False
        )
        return self._said(template, channel, language, blanks)

    def telling_code(
        self, template: Template, channel: Channel, language: str, reference: str
    ) -> dict[str, Any]:
        """The same for a code, with a mask in its place (`Message.sealed` has the code)."""
        filling = {"code": MASK, "reference": reference}
        return self._said(template, channel, language, _same(filling) | {"track": _address("/track")})

    def of_many(
        self, template: Template, language: str, lines: Sequence[Said], page: str, at: datetime
    ) -> dict[str, Any]:
        """The same for what belongs to no case: line by line, and the page on which all of it is."""
        root = _address("")
        blanks = {
            "lines": put_together(lines, {"ar": root.ar, "en": root.en}),
            "day": format_in_both_languages(format_date, get_local_date(at)),
            "link": _address(page),
        }
        return self._said(template, Channel.EMAIL, language, blanks)

    def _said(
        self, template: Template, channel: Channel, language: str, blanks: dict[str, BilingualText]
    ) -> dict[str, Any]:
        wording = self._reworded.get((template, channel, language)) or original(template, channel, language)
        if wording is None:
            raise LookupError(f"{template} has no words for {channel}")
        said = filled(wording, blanks, language)
        return {
            "template": str(template),
            "channel": str(channel),
            "language": language,
            "subject": said.subject,
            "body": said.body,
        }


def filled(wording: Wording, blanks: dict[str, BilingualText], language: str) -> Wording:
    """A wording with its blanks filled."""
    spoken = {name: words.in_language(language) for name, words in blanks.items()}
    return Wording(wording.subject.format(**spoken), wording.body.format(**spoken))


def links(reference: str, *, for_officers: bool) -> dict[str, BilingualText]:
    """The case's own page and the page that asks for reference and code, in each language."""
    page = f"/desk/cases/{reference}" if for_officers else f"/c/{reference}"
    return {"link": _address(page), "track": _address("/track")}


def _address(page: str) -> BilingualText:
    return BilingualText(f"{settings.PUBLIC_URL}{page}", f"{settings.PUBLIC_URL}/en{page}")


def _blanks(template: Template, occasion: Occasion) -> dict[str, BilingualText]:
    case, data = occasion.after, occasion.data
    level = data.get("level") or data.get("to")
    same = {
        "reference": case.reference,
        "answer": MASK,  # `Message.sealed` has it
        "other": data.get("into") or data.get("merged_into") or "",
    }
    return {
        **_same(same),
        **links(case.reference, for_officers=template.for_officers),
        "percent": format_percentage(data.get("reminded", 0)),
        "entity": get_tree()[case.entity_id].name,
        "until": format_in_both_languages(format_date, get_local_date(_until(occasion))),
        "level": LEVEL_LABELS[EscalationLevel(level)] if level else _NOTHING,
    }


def _same(values: dict[str, str]) -> dict[str, BilingualText]:
    """What is the same in both languages."""
    return {name: BilingualText(value, value) for name, value in values.items()}


def _until(occasion: Occasion) -> datetime:
    """The day that the event itself names, as an instruction or a promise does; else the case's date."""
    named = occasion.data.get("until")
    return datetime.fromisoformat(named) if named else occasion.after.due_at


def sample(template: Template) -> dict[str, BilingualText]:
    """Something for every blank, to show what a template looks like: nobody's case."""
    reference = "BK-7F3K-92MD"
    return {
        **_same({"reference": reference, "other": "BK-9S7W-3D22", "code": "294017"}),
        "answer": BilingualText(
            "أُصلحت الحفرة صباح اليوم، وأُعيد تعبيد الشارع أمام المدرسة. شكرًا لأنك أخبرتنا.",
            "The hole was mended this morning, and the street before the school has a new surface. Thank you for"
            " telling us.",
        ),
        **links(reference, for_officers=template.for_officers),
        "box": BilingualText(settings.BOX_URL, settings.BOX_URL),
        "reply": REPLY,
        "percent": BilingualText("80%", "80%"),
        "entity": BilingualText("أمانة عمّان الكبرى", "Greater Amman Municipality"),
        "until": format_in_both_languages(format_date, date(2026, 12, 6)),
        "level": LEVEL_LABELS[EscalationLevel.HEAD_OF_BODY],
        "day": format_in_both_languages(format_date, date(2026, 12, 6)),
        "lines": BilingualText(
            "متأخر: 4 طلبات\nموعده اليوم: طلب واحد", "Overdue: 4 cases\nDue today: 1 case"
        ),
    }
