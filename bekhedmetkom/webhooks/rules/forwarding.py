"""Which cases are forwarded to a body's system, with which details, and the steps of forwarding."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from bekhedmetkom.cases.rules.case_state import CaseState
from bekhedmetkom.cases.rules.states import OPEN_STATES, EventType, State
from bekhedmetkom.catalogue.rules import Handling, Kind
from bekhedmetkom.kernel.text import BilingualText


class DetailLevel(StrEnum):
    """How much the body's system is told of a case; each level includes the ones before.

    The lowest is the default: GeoReport servers often show their requests to everybody.
    """

    TOPIC = "matter"  # topic, place, reference
    TEXT = "text"  # what its citizen wrote
    CONTACT = "contact"  # name, telephone, e-mail; never where the identity is withheld


class DataFormat(StrEnum):
    """GeoReport response format."""

    JSON = "json"
    XML = "xml"


class ForwardingStep(StrEnum):
    """Step of a forwarded case."""

    PENDING = "to_send"
    IN_DOUBT = "in_doubt"  # it was sent, and nobody knows whether it came
    AWAITING_ID = "token"  # it came, and there is a token to ask by for its number
    FORWARDED = "there"  # it has a number, under which the system is asked how it stands
    ENDED = "over"  # the case is answered or elsewhere: nobody asks any more


class ParkedReason(StrEnum):
    """Why a forwarding waits for a person."""

    REFUSED = "refused"
    IN_DOUBT = "in_doubt"
    NO_NUMBER = "no_number"
    NOT_SHOWN = "not_shown"


DETAIL_LEVEL_LABELS: Mapping[DetailLevel, BilingualText] = {
    DetailLevel.TOPIC: BilingualText("الموضوع والمكان ورقم الطلب فقط", "Topic, place and reference only"),
    DetailLevel.TEXT: BilingualText("ونص ما كتبه صاحبه", "And what its citizen wrote"),
    DetailLevel.CONTACT: BilingualText(
        "واسم صاحبه وهاتفه وبريده، إن لم يخفِ هويته",
        "And the citizen's name, phone and e-mail, unless withheld",
    ),
}
FORWARDING_STEP_LABELS: Mapping[ForwardingStep, BilingualText] = {
    ForwardingStep.PENDING: BilingualText("ينتظر الإرسال", "To be sent"),
    ForwardingStep.IN_DOUBT: BilingualText("أُرسل ولم نعلم هل وصل", "Sent, and not known to have come"),
    ForwardingStep.AWAITING_ID: BilingualText("وصل وينتظر رقمه", "Came; its number is awaited"),
    ForwardingStep.FORWARDED: BilingualText("في نظام الجهة", "In the body's system"),
    ForwardingStep.ENDED: BilingualText("انتهى", "Over"),
}
PARKED_REASON_LABELS: Mapping[ParkedReason, BilingualText] = {
    ParkedReason.REFUSED: BilingualText("رفضه نظام الجهة", "The body's system refuses it"),
    ParkedReason.IN_DOUBT: BilingualText(
        "أُرسل وضاع الجواب، ولا يُظهر النظام هل وصل",
        "Sent, the answer was lost, and the system does not show whether it came",
    ),
    ParkedReason.NO_NUMBER: BilingualText("لم يُعطَ رقمًا", "It was given no number"),
    ParkedReason.NOT_SHOWN: BilingualText("لا يعرضه نظام الجهة", "The body's system does not show it"),
}

# After these a case may have come to a body, or under a topic, whose system is told; `None`: nothing of that changes.
ARRIVAL_EVENTS: frozenset[EventType] = frozenset(
    {
        EventType.SUBMITTED,
        EventType.CLASSIFIED,
        EventType.ASSIGNED,
        EventType.REFERRED,
        EventType.ACCEPTED,
        EventType.RETURNED,
        EventType.FOLLOWED,
        EventType.RECLASSIFIED,
        EventType.UNDONE,
        EventType.SUPPLIED,
        EventType.APPEALED,
        EventType.APPEAL_UPHELD,
        EventType.CONCERNS,
    }
)
EXCLUDED_STATES = (
    State.APPEALED,
)  # what is disputed is another's to read; what is there already is still asked about

POLL_INTERVAL = timedelta(minutes=15)
LOOKUP_DELAYS = (timedelta(minutes=1), timedelta(minutes=10))  # after a lost answer, before it is sent again
GIVE_UP_AFTER = timedelta(days=3)
BATCH_SIZE = 50  # numbers in one question
MAX_DESCRIPTION_LENGTH = 4000  # characters of a description
MAX_NOTES_LENGTH = 2000
REFERENCE_ATTRIBUTE = "BEKHEDMETKOM_REFERENCE"


def can_forward(case: CaseState, kinds: frozenset[Kind], *, complains: bool) -> bool:
    """Return whether a case may be sent to its body's system: not confidential, of these kinds, accusing nobody.

    The accused may work with that system.
    """
    return (
        case.care is Handling.OPEN
        and case.kind in kinds
        and case.kind is not Kind.VIOLATION
        and not (complains or case.about_officer_id or case.about_unit_id)
        and case.state in OPEN_STATES
        and case.state not in EXCLUDED_STATES
    )


@dataclass(frozen=True, slots=True)
class CaseContent:
    """Case data that may be sent."""

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


def get_detail_level(case: CaseContent, tells: DetailLevel) -> DetailLevel:
    """Return the level that really applies: no contact details if withheld or not given."""
    named = case.name or case.phone or case.email
    return DetailLevel.TEXT if tells is DetailLevel.CONTACT and (case.withheld or not named) else tells


def build_request_fields(
    case: CaseContent, tells: DetailLevel, code: str, attributes: Mapping[str, str]
) -> dict[str, str]:
    """Return the POST fields. Attribute and description both hold our reference, because servers show one of them."""
    tells = get_detail_level(case, tells)
    end = f"\n[{case.reference}]"
    words = case.topic.ar if tells is DetailLevel.TOPIC else case.text
    place = {"lat": case.lat, "long": case.long} if case.lat and case.long else {}
    sent = {
        "service_code": code,
        **place,
        "address_string": case.address or ("" if place else case.area),
        "description": words[: MAX_DESCRIPTION_LENGTH - len(end)] + end,
        f"attribute[{REFERENCE_ATTRIBUTE}]": case.reference,
        **{f"attribute[{name}]": value for name, value in attributes.items()},
    }
    if tells is DetailLevel.CONTACT:
        first, _, last = case.name.partition(" ")
        sent |= {"first_name": first, "last_name": last, "phone": case.phone, "email": case.email}
    return {name: value for name, value in sent.items() if value}


def is_news(closed: bool, notes: str, heard: str) -> bool:
    """Return whether the status is news; a new request being open is none."""
    return bool(heard or closed or notes)
