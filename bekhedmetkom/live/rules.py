"""Live topics, feed texts and who may receive an update. Event types not listed are never published."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from bekhedmetkom.cases.rules.access import has_permission, has_permission_anywhere
from bekhedmetkom.cases.rules.states import EventType
from bekhedmetkom.catalogue.rules import Handling, Kind
from bekhedmetkom.identity.rules import Permission
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.clock import AMMAN
from bekhedmetkom.kernel.text import BilingualText


class Topic(StrEnum):
    INDICATORS = "indicators"  # the figures have changed; which and how, the page asks
    FEED = "feed"  # something happened: what, on which topic, in which governorate
    DESK = "desk"  # something happened in the officer's lists; what, the page asks


TOPIC_PERMISSIONS: Mapping[Topic, Permission] = {
    Topic.INDICATORS: Permission.WATCH,
    Topic.FEED: Permission.WATCH,
    Topic.DESK: Permission.READ,
}


# What the feed says of an event; `None`: nothing that is the feed's. What is said inside a body, who of it did what,
# how a citizen is reached and who looked at whom are nobody's to watch.
FEED_TEXTS: Mapping[EventType, BilingualText | None] = {
    EventType.SUBMITTED: BilingualText("وصل", "Received"),  # by its kind: `CAME`
    EventType.REFERRED: BilingualText("أُحيل إلى جهة أخرى", "Referred to another body"),
    EventType.EXTENDED: BilingualText("مُدّد موعده", "Date extended"),
    EventType.ESCALATED: BilingualText("رُفع إلى مسؤول أعلى", "Raised to a higher official"),
    EventType.OVERDUE: BilingualText("تأخر الرد", "Overdue"),
    EventType.REPLY_APPROVED: BilingualText("رد", "Answered"),
    EventType.ANSWERED: BilingualText("رد", "Answered"),
    EventType.CONFIRMED: BilingualText("حُلّت، يقول صاحبها", "Solved, says who brought it"),
    EventType.HEARD_SOLVED: BilingualText("حُلّت، يقول صاحبها", "Solved, says who brought it"),
    EventType.DENIED: BilingualText("لم تُحلّ، يقول صاحبها", "Not solved, says who brought it"),
    EventType.HEARD_UNSOLVED: BilingualText("لم تُحلّ، يقول صاحبها", "Not solved, says who brought it"),
    EventType.COMMITTED: BilingualText("تعهّد بإجراء", "An action promised"),
    EventType.FULFILLED: BilingualText("أُنجز ما تُعهّد به", "A promised action done"),
    EventType.APPEALED: BilingualText("اعتراض على رد", "Appealed"),
    EventType.APPEAL_UPHELD: BilingualText("قُبل الاعتراض", "Appeal upheld"),
    EventType.APPEAL_REJECTED: BilingualText("لم يُقبل الاعتراض", "Appeal rejected"),
    **dict.fromkeys(
        (
            EventType.CLASSIFIED,
            EventType.ASSIGNED,
            EventType.ACCEPTED,
            EventType.RETURNED,
            EventType.HANDED_BACK,
            EventType.LEFT,
            EventType.FOLLOWED,
            EventType.RECLASSIFIED,
            EventType.NOTED,
            EventType.INSTRUCTED,
            EventType.HEAD_ASKED,
            EventType.DELEGATED,
            EventType.REPORTED,
            EventType.TASK_ASKED,
            EventType.TASK_DONE,
            EventType.TASK_CALLED_OFF,
            EventType.TASK_LATE,
            EventType.JOIN_ASKED,
            EventType.JOIN_ACCEPTED,
            EventType.JOIN_RETURNED,
            EventType.RECUSED,
            EventType.CONCERNS,
            EventType.SNOOZED,
            EventType.MERGED,
            EventType.ABSORBED,
            EventType.SPLIT,
            EventType.TRANSCRIBED,
            EventType.FILE_SHOWN,
            EventType.FILE_HIDDEN,
            EventType.RELEASED,
            EventType.TAKEN_DOWN,
            EventType.KEPT_PRIVATE,
            EventType.REPLY_SUBMITTED,
            EventType.REPLY_SENT_BACK,
            EventType.ABUSE_CONFIRMED,
            EventType.CLOSED,
            EventType.LAPSED,
            EventType.IDENTITY_REVEALED,
            EventType.IDENTITY_LOOKED,
            EventType.UNDONE,
            EventType.ASKED,
            EventType.WROTE,
            EventType.SUPPLIED,
            EventType.WITHDRAWN,
            EventType.ERASED,
            EventType.CONTACT_CONFIRMED,
            EventType.CONTACT_CORRECTED,
            EventType.CONTACT_PREFERRED,
            EventType.CODE_RENEWED,
            EventType.UNREACHED,
            EventType.CALLED,
            EventType.REMINDED,
            EventType.IDLE,
            EventType.RESUMED,
            EventType.RESCHEDULED,
            EventType.RECOUNTED,
            EventType.ASKED_AGAIN,
            EventType.FORWARDED,
            EventType.SYSTEM_SAID,
            EventType.LINKED,
            EventType.UNLINKED,
        )
    ),
}

RECEIVED_TEXTS: Mapping[Kind, BilingualText] = {
    Kind.QUESTION: BilingualText("وصل سؤال", "A question came"),
    Kind.SUGGESTION: BilingualText("وصل اقتراح", "A suggestion came"),
    Kind.PRAISE: BilingualText("وصل ثناء", "A praise came"),
    Kind.COMPLAINT: BilingualText("وصلت شكوى", "A complaint came"),
}


@dataclass(frozen=True, slots=True)
class CaseLocation:
    """Location of a case, as far as access depends on it: a storable `cases.rules.access.Located`."""

    entity_id: int
    unit_id: int | None
    officer_id: int | None
    reviewer_id: int | None
    urgent: bool
    care: Handling
    recused: tuple[int, ...]
    units_asked: tuple[int, ...]
    bodies_asked: tuple[int, ...]
    about_officer_id: int | None
    about_unit_id: int | None

    @classmethod
    def from_row(cls, values: Mapping[str, Any]) -> Self:
        """Build from a row of the case table, or from what `Told` stores."""
        lists = {name: tuple(values[name]) for name in ("recused", "units_asked", "bodies_asked")}
        return cls(
            **{name: values[name] for name in cls.__slots__} | lists | {"care": Handling(values["care"])}
        )


def is_shown_in_feed(place: CaseLocation, topic: Handling) -> bool:
    """Return whether the feed may show a case: never a confidential one, nor one that accuses somebody.

    `topic` is the handling of the topic's cases, `care` that of this case.
    """
    complains = place.about_officer_id is not None or place.about_unit_id is not None
    return place.care is Handling.OPEN and topic is Handling.OPEN and not complains


def build_feed_entry(
    happened: EventType, kind: Kind, at: datetime, topic: BilingualText | None, where: BilingualText | None
) -> Any:
    """Return the feed entry: no reference, body, name or citizen's text."""
    said = (
        RECEIVED_TEXTS.get(kind, FEED_TEXTS[happened])
        if happened is EventType.SUBMITTED
        else FEED_TEXTS[happened]
    )
    assert said
    return {
        "what": str(happened),
        "at": at.isoformat(),
        "time": f"{at.astimezone(AMMAN):%H:%M:%S}",
        "said": said._asdict(),
        "topic": topic and topic._asdict(),
        "where": where and where._asdict(),
    }


def list_topics(actor: Actor) -> frozenset[Topic]:
    """Return the topics that the officer may receive."""
    return frozenset(
        topic for topic, permission in TOPIC_PERMISSIONS.items() if has_permission_anywhere(actor, permission)
    )


def can_read_any(actor: Actor, places: Sequence[CaseLocation]) -> bool:
    """Return whether the officer may read any of these cases."""
    return any(has_permission(actor, Permission.READ, place) for place in places)
