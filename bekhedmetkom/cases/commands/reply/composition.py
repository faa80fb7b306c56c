"""What an officer writes as a reply, made ready to be sent: its parts joined to one text, and no blank left in it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from bekhedmetkom.catalogue.queries import get_template_texts
from bekhedmetkom.catalogue.rules import Handling
from bekhedmetkom.entities.queries import get_tree, get_units
from bekhedmetkom.kernel.errors import FieldError, InvalidInput
from bekhedmetkom.kernel.text import BilingualText

from ...models import CaseText, Event
from ...queries.case.tasks import get_participants
from ...rules.case_state import CaseState
from ...rules.drafts import REPLY_DRAFT, TEXT_FIELDS_BY_DRAFT
from ...rules.quality import FindingCode, is_based_on_template
from ...rules.reply_parts import MAX_OBJECTION_LENGTH, ReplyParts, compose_reply, find_blank, mentions_appeal
from ...rules.states import EventType
from ..text_validation import validate_text

MAX_REPLY_LENGTH = 8000
_BLANK_LEFT = BilingualText(
    "املأ الفراغ «{name}» أو احذفه، ثم أرسل.", "Fill in the blank “{name}” or delete it, then send."
)
_UNIT_OF_ANOTHER_BODY = BilingualText("هذا القسم ليس من الجهة.", "This unit is not of that body.")
_DATE_OUT_OF_RANGE = BilingualText("اختر تاريخًا بين 2000 و2100.", "Choose a date between 2000 and 2100.")


@dataclass(frozen=True, slots=True)
class ReplyInput:
    """What an officer sends: the text, or its first part with others beside it; and the template it began from."""

    text: str
    unit: int | None = None
    on: date | None = None
    objection: str = ""
    template: int | None = None

    @classmethod
    def cleaned(
        cls, text: str, unit: int | None, on: date | None, objection: str, template: int | None
    ) -> "ReplyInput":
        """The same in words that can be kept."""
        if on is not None and not 2000 <= on.year <= 2100:
            raise InvalidInput(FieldError("on", _DATE_OUT_OF_RANGE))
        objection = validate_text("objection", objection, limit=MAX_OBJECTION_LENGTH, required=False)
        return cls(validate_text("text", text, limit=MAX_REPLY_LENGTH), unit, on, objection, template)


@dataclass(frozen=True, slots=True)
class ComposedReply:
    """One text, what the event says of it, and its parts where it has any."""

    text: str
    data: Mapping[str, Any] = field(default_factory=dict)
    parts: Mapping[str, str] = field(default_factory=dict)
    given: frozenset[FindingCode] = frozenset()

    @property
    def typed(self) -> dict[str, Any]:
        """Its words as a draft keeps them: what was typed as the text, and the parts beside it."""
        parts = {name: str(self.data.get(key, "")) for name, key in
                 (("template", "template"), ("unit", "done_by"), ("on", "done_on"))}  # fmt: skip
        parts["objection"] = self.parts.get("objection", "")
        return {"text": self.parts.get("done", self.text), "parts": parts}


def build_reply(sent: ReplyInput, standing: CaseState, case: UUID) -> ComposedReply:
    """Join the parts to the text that the citizen reads; `Invalid` where a blank of a template is left.

    The bodies that took part are named in it.
    """
    if name := find_blank(sent.text) or find_blank(sent.objection):
        raise InvalidInput(FieldError("text", _BLANK_LEFT.format(name=name)))
    unit = get_units().get(sent.unit) if sent.unit is not None else None
    if sent.unit is not None and (unit is None or unit.entity != standing.entity_id):
        raise InvalidInput(FieldError("unit", _UNIT_OF_ANOTHER_BODY))
    objection = "" if mentions_appeal(sent.text) else sent.objection
    joined = get_participants(case, standing)
    parts = ReplyParts(
        sent.text,
        unit.name if unit else None,
        sent.on,
        objection,
        tuple(get_tree()[body].name for body in joined),
    )
    data: dict[str, Any] = {"template": sent.template} if sent.template and _uses_template(sent) else {}
    if unit:
        data["done_by"] = unit.id
    if sent.on:
        data["done_on"] = sent.on.isoformat()
    if joined:
        data["with"] = joined
    if not (unit or sent.on or objection or joined):
        return ComposedReply(sent.text, data)
    given = {FindingCode.UNIT} if unit else set()
    given |= {FindingCode.WHEN} if sent.on else set()
    kept = {"done": sent.text} | ({"objection": objection} if objection else {})
    return ComposedReply(compose_reply(parts, standing.language), data, kept, frozenset(given))


def _uses_template(sent: ReplyInput) -> bool:
    """Whether the text still has the template in it: chosen and written over, it was not used."""
    assert sent.template
    return any(is_based_on_template(sent.text, body) for body in get_template_texts(sent.template))


def get_submitted_reply(case: UUID) -> ComposedReply | None:
    """The reply that waits for approval, word for word, with its parts; `None` where its words were erased."""
    submitted = Event.objects.filter(case=case, kind=str(EventType.REPLY_SUBMITTED)).order_by("-seq").first()
    return get_event_reply(submitted) if submitted else None


def get_event_reply(act: Event) -> ComposedReply | None:
    """The reply that this event submitted or sent; `None` where it has none, or its words were erased."""
    texts = CaseText.objects.filter(
        case=act.case_id, seq=act.seq, field__in=(*TEXT_FIELDS_BY_DRAFT[REPLY_DRAFT], "done", "objection")
    )
    words = dict(texts.values_list("field", "body"))
    text = next((words.pop(field) for field in TEXT_FIELDS_BY_DRAFT[REPLY_DRAFT] if field in words), None)
    if text is None:
        return None
    data = {name: act.data[name] for name in ("template", "done_by", "done_on", "with") if name in act.data}
    given = {
        code for name, code in (("done_by", FindingCode.UNIT), ("done_on", FindingCode.WHEN)) if name in data
    }
    return ComposedReply(text, data, words, frozenset(given))


def build_entity_data(standing: CaseState) -> dict[str, int]:
    """Whose word it is, so that words can be counted by body; nothing of a need-to-know case is counted."""
    return {"body": standing.entity_id} if standing.care is Handling.OPEN else {}
