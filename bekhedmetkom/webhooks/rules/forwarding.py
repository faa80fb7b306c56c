"""Which cases go to a body's own system, what is told there, and what each answer leads to. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from bekhedmetkom.cases.rules.case_state import CaseState
from bekhedmetkom.cases.rules.states import OPEN, EventType, State
from bekhedmetkom.catalogue.rules import Handling, Kind
from bekhedmetkom.kernel.text import BilingualText

H = EventType


class Tells(StrEnum):
    """How much the body's system is told of a case; each with all that comes before it.

    The least is usual: servers of GeoReport show their requests to everybody.
    """

    MATTER = "matter"  # topic, place, reference
    TEXT = "text"  # what its citizen wrote
    CONTACT = "contact"  # name, telephone, e-mail; never where the identity is withheld


class Form(StrEnum):
    """In which of its two formats a server is asked."""

    JSON = "json"
    XML = "xml"


class Step(StrEnum):
    """Where a case is on its way there and back."""

    TO_SEND = "to_send"
    IN_DOUBT = "in_doubt"  # it was sent, and nobody knows whether it came
    NUMBERLESS = "token"  # it came, and there is a token to ask by for its number
    THERE = "there"  # it has a number, under which the system is asked how it stands
    OVER = "over"  # the case is answered or elsewhere: nobody asks any more


class Why(StrEnum):
    """Why a person must look at it."""

    REFUSED = "refused"
    IN_DOUBT = "in_doubt"
    NO_NUMBER = "no_number"
    NOT_SHOWN = "not_shown"


TELLS_WORDS: Mapping[Tells, BilingualText] = {
    Tells.MATTER: BilingualText("الموضوع والمكان ورقم الطلب فقط", "Topic, place and reference only"),
    Tells.TEXT: BilingualText("ونص ما كتبه صاحبه", "And what its citizen wrote"),
    Tells.CONTACT: BilingualText(
        "واسم صاحبه وهاتفه وبريده، إن لم يخفِ هويته",
        "And the citizen's name, phone and e-mail, unless withheld",
    ),
}
STEP_WORDS: Mapping[Step, BilingualText] = {
    Step.TO_SEND: BilingualText("ينتظر الإرسال", "To be sent"),
    Step.IN_DOUBT: BilingualText("أُرسل ولم نعلم هل وصل", "Sent, and not known to have come"),
    Step.NUMBERLESS: BilingualText("وصل وينتظر رقمه", "Came; its number is awaited"),
    Step.THERE: BilingualText("في نظام الجهة", "In the body's system"),
    Step.OVER: BilingualText("انتهى", "Over"),
}
WHY_WORDS: Mapping[Why, BilingualText] = {
    Why.REFUSED: BilingualText("رفضه نظام الجهة", "The body's system refuses it"),
    Why.IN_DOUBT: BilingualText(
        "أُرسل وضاع الجواب، ولا يُظهر النظام هل وصل",
        "Sent, the answer was lost, and the system does not show whether it came",
    ),
    Why.NO_NUMBER: BilingualText("لم يُعطَ رقمًا", "It was given no number"),
    Why.NOT_SHOWN: BilingualText("لا يعرضه نظام الجهة", "The body's system does not show it"),
}

# After these a case may have come to a body, or under a topic, whose system is told; `None`: nothing of that changes.
COMES_BY: frozenset[EventType] = frozenset({
    H.SUBMITTED, H.CLASSIFIED, H.ASSIGNED, H.REFERRED, H.ACCEPTED, H.RETURNED, H.FOLLOWED, H.RECLASSIFIED, H.UNDONE,
    H.SUPPLIED, H.APPEALED, H.APPEAL_UPHELD, H.CONCERNS,
})  # fmt: skip
NOT_SENT = (
    State.APPEALED,
)  # what is disputed is another's to read; what is there already is still asked about

ASKED_EVERY = timedelta(minutes=15)
LOOKED_FOR = (timedelta(minutes=1), timedelta(minutes=10))  # after a lost answer, before it is sent again
GIVEN_UP_AFTER = timedelta(days=3)
AT_ONCE = 50  # numbers in one question
LONGEST = 4000  # characters of a description
NOTES_LONGEST = 2000
REFERENCE_ATTRIBUTE = "BEKHEDMETKOM_REFERENCE"


def goes(case: CaseState, kinds: frozenset[Kind], *, complains: bool) -> bool:
    """Whether a case may be told to its body's system: openly kept, of these kinds, and complaining of nobody.

    Who is complained of may work with that system.
    """
    return (
        case.care is Handling.OPEN
        and case.kind in kinds
        and case.kind is not Kind.VIOLATION
        and not (complains or case.about_officer_id or case.about_unit_id)
        and case.state in OPEN
        and case.state not in NOT_SENT
    )


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of a case to say there."""

    reference: str
    topic: BilingualText
    text: str = field(repr=False)
    name: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    email: str = field(default="", repr=False)
    lat: str = ""
    long: str = ""
    address: str = ""
    area: str = ""  # where no place was given: the governorate, or the body
    withheld: bool = False


def told_of(case: Told, tells: Tells) -> Tells:
    """As much as is really told: no name where the identity is withheld, or none was given."""
    named = case.name or case.phone or case.email
    return Tells.TEXT if tells is Tells.CONTACT and (case.withheld or not named) else tells


def form(case: Told, tells: Tells, code: str, attributes: Mapping[str, str]) -> dict[str, str]:
    """The fields of a POST. Our reference stands in an attribute and in the description: one of them is shown again."""
    tells = told_of(case, tells)
    end = f"\n[{case.reference}]"
    words = case.topic.ar if tells is Tells.MATTER else case.text
    place = {"lat": case.lat, "long": case.long} if case.lat and case.long else {}
    sent = {
        "service_code": code,
        **place,
        "address_string": case.address or ("" if place else case.area),
        "description": words[: LONGEST - len(end)] + end,
        f"attribute[{REFERENCE_ATTRIBUTE}]": case.reference,
        **{f"attribute[{name}]": value for name, value in attributes.items()},
    }
    if tells is Tells.CONTACT:
        first, _, last = case.name.partition(" ")
        sent |= {"first_name": first, "last_name": last, "phone": case.phone, "email": case.email}
    return {name: value for name, value in sent.items() if value}


def worth_saying(closed: bool, notes: str, heard: str) -> bool:
    """Whether what it says is news: that a new request is open is none."""
    return bool(heard or closed or notes)
