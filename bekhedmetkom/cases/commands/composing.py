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

from ..models import CaseText, Event
from ..queries.tasks import taking_part
from ..rules.case_state import CaseState
from ..rules.drafts import REPLY, SAME
from ..rules.quality import Code, begun_from
from ..rules.reply import OBJECTION_LIMIT, Parts, blank_left, composed, tells_where_to_object
from ..rules.states import EventType
from .wording import worded

REPLY_LIMIT = 8000
_BLANK = BilingualText(
    "املأ الفراغ «{name}» أو احذفه، ثم أرسل.", "Fill in the blank “{name}” or delete it, then send."
)
_OTHER_UNIT = BilingualText("هذا القسم ليس من الجهة.", "This unit is not of that body.")
_FAR = BilingualText("اختر تاريخًا بين 2000 و2100.", "Choose a date between 2000 and 2100.")


@dataclass(frozen=True, slots=True)
class Sent:
    """What an officer sends: the text, or its first part with others beside it; and the template it began from."""

    text: str
    unit: int | None = None
    on: date | None = None
    objection: str = ""
    template: int | None = None

    @classmethod
    def cleaned(
        cls, text: str, unit: int | None, on: date | None, objection: str, template: int | None
    ) -> "Sent":
        """The same in words that can be kept."""
        if on is not None and not 2000 <= on.year <= 2100:
            raise InvalidInput(FieldError("on", _FAR))
        objection = worded("objection", objection, limit=OBJECTION_LIMIT, required=False)
        return cls(worded("text", text, limit=REPLY_LIMIT), unit, on, objection, template)


@dataclass(frozen=True, slots=True)
class Composed:
    """One text, what the event says of it, and its parts where it has any."""

    text: str
    data: Mapping[str, Any] = field(default_factory=dict)
    parts: Mapping[str, str] = field(default_factory=dict)
    given: frozenset[Code] = frozenset()

    @property
    def typed(self) -> dict[str, Any]:
        """Its words as a draft keeps them: what was typed as the text, and the parts beside it."""
        parts = {name: str(self.data.get(key, "")) for name, key in
                 (("template", "template"), ("unit", "done_by"), ("on", "done_on"))}  # fmt: skip
        parts["objection"] = self.parts.get("objection", "")
        return {"text": self.parts.get("done", self.text), "parts": parts}


def compose(sent: Sent, standing: CaseState, case: UUID) -> Composed:
    """Join the parts to the text that the citizen reads; `Invalid` where a blank of a template is left.

    The bodies that took part are named in it.
    """
    if name := blank_left(sent.text) or blank_left(sent.objection):
        raise InvalidInput(FieldError("text", _BLANK.format(name=name)))
    unit = get_units().get(sent.unit) if sent.unit is not None else None
    if sent.unit is not None and (unit is None or unit.entity != standing.entity_id):
        raise InvalidInput(FieldError("unit", _OTHER_UNIT))
    objection = "" if tells_where_to_object(sent.text) else sent.objection
    joined = taking_part(case, standing)
    parts = Parts(
        sent.text,
        unit.name if unit else None,
        sent.on,
        objection,
        tuple(get_tree()[body].name for body in joined),
    )
    data: dict[str, Any] = {"template": sent.template} if sent.template and _began(sent) else {}
    if unit:
        data["done_by"] = unit.id
    if sent.on:
        data["done_on"] = sent.on.isoformat()
    if joined:
        data["with"] = joined
    if not (unit or sent.on or objection or joined):
        return Composed(sent.text, data)
    given = {Code.UNIT} if unit else set()
    given |= {Code.WHEN} if sent.on else set()
    kept = {"done": sent.text} | ({"objection": objection} if objection else {})
    return Composed(composed(parts, standing.language), data, kept, frozenset(given))


def _began(sent: Sent) -> bool:
    """Whether the text still has the template in it: chosen and written over, it was not used."""
    assert sent.template
    return any(begun_from(sent.text, body) for body in get_template_texts(sent.template))


def waiting(case: UUID) -> Composed | None:
    """The reply that waits for approval, word for word, with its parts; `None` where its words were erased."""
    submitted = Event.objects.filter(case=case, kind=str(EventType.REPLY_SUBMITTED)).order_by("-seq").first()
    return said_by(submitted) if submitted else None


def said_by(act: Event) -> Composed | None:
    """The reply that this event submitted or sent; `None` where it has none, or its words were erased."""
    texts = CaseText.objects.filter(
        case=act.case_id, seq=act.seq, field__in=(*SAME[REPLY], "done", "objection")
    )
    words = dict(texts.values_list("field", "body"))
    text = next((words.pop(field) for field in SAME[REPLY] if field in words), None)
    if text is None:
        return None
    data = {name: act.data[name] for name in ("template", "done_by", "done_on", "with") if name in act.data}
    given = {code for name, code in (("done_by", Code.UNIT), ("done_on", Code.WHEN)) if name in data}
    return Composed(text, data, words, frozenset(given))


def bodys_word(standing: CaseState) -> dict[str, int]:
    """Whose word it is, so that words can be counted by body; nothing of a need-to-know case is counted."""
    return {"body": standing.entity_id} if standing.care is Handling.OPEN else {}
