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

from .queries import get_custom_texts
from .rules.codes import MASK
from .rules.decisions import EventContext
from .rules.delivery import Channel
from .rules.morning_digest import DigestLine, join_lines
from .rules.sms_replies import SMS_REPLY_HINT
from .rules.templates import MessageText, Template
from .rules.texts.default_texts import get_default_text

_EMPTY_TEXT = BilingualText("", "")


class MessageRenderer:
    """Reads the administrators' wordings once, then composes as many messages as there are."""

    def __init__(self) -> None:
        self._custom_texts = get_custom_texts()

    def render(
        self,
        template: Template,
        channel: Channel,
        language: str,
        occasion: EventContext,
        *,
        by_sms: bool = False,
    ) -> dict[str, Any]:
        """Return the message columns with the rendered text. `by_sms`: the reader can rate by SMS."""
        reply = SMS_REPLY_HINT if by_sms and settings.SMS_REPLIES else _EMPTY_TEXT
        return self._render(
            template, channel, language, _build_placeholder_values(template, occasion) | {"reply": reply}
        )

    def render_reply(
        self, template: Template, channel: Channel, language: str, reference: str
    ) -> dict[str, Any]:
        """Return the columns of an answer to an incoming reply."""
        blanks = _use_for_both_languages(
            {"reference": reference, "box": settings.BOX_URL}
        ) | build_case_links(reference, for_officers=False)
        return self._render(template, channel, language, blanks)

    def render_code(
        self, template: Template, channel: Channel, language: str, reference: str
    ) -> dict[str, Any]:
        """Return the columns of a code message, with a mask in the code's place (`Message.sealed` has the code)."""
        filling = {"code": MASK, "reference": reference}
        return self._render(
            template,
            channel,
            language,
            _use_for_both_languages(filling) | {"track": _build_page_url("/track")},
        )

    def render_list_email(
        self, template: Template, language: str, lines: Sequence[DigestLine], page: str, at: datetime
    ) -> dict[str, Any]:
        """Return the columns of an e-mail without a case: its lines, and the page that shows all of them."""
        root = _build_page_url("")
        blanks = {
            "lines": join_lines(lines, {"ar": root.ar, "en": root.en}),
            "day": format_in_both_languages(format_date, get_local_date(at)),
            "link": _build_page_url(page),
        }
        return self._render(template, Channel.EMAIL, language, blanks)

    def _render(
        self, template: Template, channel: Channel, language: str, blanks: dict[str, BilingualText]
    ) -> dict[str, Any]:
        wording = self._custom_texts.get((template, channel, language)) or get_default_text(
            template, channel, language
        )
        if wording is None:
            raise LookupError(f"{template} has no words for {channel}")
        said = fill_placeholders(wording, blanks, language)
        return {
            "template": str(template),
            "channel": str(channel),
            "language": language,
            "subject": said.subject,
            "body": said.body,
        }


def fill_placeholders(wording: MessageText, blanks: dict[str, BilingualText], language: str) -> MessageText:
    """Return the text with its placeholders filled in."""
    spoken = {name: words.in_language(language) for name, words in blanks.items()}
    return MessageText(wording.subject.format(**spoken), wording.body.format(**spoken))


def build_case_links(reference: str, *, for_officers: bool) -> dict[str, BilingualText]:
    """Return the address of the case's page and of the page that asks for reference and code."""
    page = f"/desk/cases/{reference}" if for_officers else f"/c/{reference}"
    return {"link": _build_page_url(page), "track": _build_page_url("/track")}


def _build_page_url(page: str) -> BilingualText:
    return BilingualText(f"{settings.PUBLIC_URL}{page}", f"{settings.PUBLIC_URL}/en{page}")


def _build_placeholder_values(template: Template, occasion: EventContext) -> dict[str, BilingualText]:
    case, data = occasion.after, occasion.data
    level = data.get("level") or data.get("to")
    same = {
        "reference": case.reference,
        "answer": MASK,  # `Message.sealed` has it
        "other": data.get("into") or data.get("merged_into") or "",
    }
    return {
        **_use_for_both_languages(same),
        **build_case_links(case.reference, for_officers=template.for_officers),
        "percent": format_percentage(data.get("reminded", 0)),
        "entity": get_tree()[case.entity_id].name,
        "until": format_in_both_languages(format_date, get_local_date(_get_due_date(occasion))),
        "level": LEVEL_LABELS[EscalationLevel(level)] if level else _EMPTY_TEXT,
    }


def _use_for_both_languages(values: dict[str, str]) -> dict[str, BilingualText]:
    """Use each value for both languages."""
    return {name: BilingualText(value, value) for name, value in values.items()}


def _get_due_date(occasion: EventContext) -> datetime:
    """Return the date that the event names, as instructions and commitments do; else the case's deadline."""
    named = occasion.data.get("until")
    return datetime.fromisoformat(named) if named else occasion.after.due_at


def build_sample_values(template: Template) -> dict[str, BilingualText]:
    """Return a sample value for each placeholder, for previews of a template."""
    reference = "BK-7F3K-92MD"
    return {
        **_use_for_both_languages({"reference": reference, "other": "BK-9S7W-3D22", "code": "294017"}),
        "answer": BilingualText(
            "أُصلحت الحفرة صباح اليوم، وأُعيد تعبيد الشارع أمام المدرسة. شكرًا لأنك أخبرتنا.",
            "The hole was mended this morning, and the street before the school has a new surface. Thank you for"
            " telling us.",
        ),
        **build_case_links(reference, for_officers=template.for_officers),
        "box": BilingualText(settings.BOX_URL, settings.BOX_URL),
        "reply": SMS_REPLY_HINT,
        "percent": BilingualText("80%", "80%"),
        "entity": BilingualText("أمانة عمّان الكبرى", "Greater Amman Municipality"),
        "until": format_in_both_languages(format_date, date(2026, 12, 6)),
        "level": LEVEL_LABELS[EscalationLevel.HEAD_OF_BODY],
        "day": format_in_both_languages(format_date, date(2026, 12, 6)),
        "lines": BilingualText(
            "متأخر: 4 طلبات\nموعده اليوم: طلب واحد", "Overdue: 4 cases\nDue today: 1 case"
        ),
    }
