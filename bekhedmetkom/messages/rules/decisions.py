"""Which event tells whom what. Every kind of event has its row; `None` says that nobody is told, and why."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bekhedmetkom.cases.rules.case_state import CaseState
from bekhedmetkom.cases.rules.states import EventType
from bekhedmetkom.catalogue.rules import Disposition, Kind

from .templates import Template

LEAST_REMINDER = 80  # per cent of the term; the one at half time stays on the desk's own list


class To(StrEnum):
    """For whom a message is; `recipients` finds the people."""

    CITIZEN = "citizen"
    HANDLER = "handler"  # the officer who has the case, else its unit, else who distributes at the body
    WRITER = "writer"  # of the reply that was sent back
    SECOND = "second"  # whoever can approve the reply, or confirm the finding of abuse
    LEVEL = "level"  # the official that the event names
    REVIEWER = "reviewer"
    CHARGED = "charged"  # who holds the role that an instruction names
    GIVER = "giver"  # of the instruction that this is the report on, or of the task that this answers
    ASKED = "asked"  # whoever answers for what a task asks
    DUTY = "duty"
    MENTIONED = "mentioned"  # colleagues whom a note names
    FOLLOWING = "following"  # who asked to hear of the case


@dataclass(frozen=True, slots=True)
class Occasion:
    """An event with where the case stood before it (`None`: nowhere yet) and after it."""

    happened: EventType
    before: CaseState | None
    after: CaseState
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Telling:
    """One thing to say to one sort of people, `when` the occasion is one for it."""

    to: To
    template: Template
    when: Callable[[Occasion], bool] = lambda occasion: True


def _urgent(occasion: Occasion) -> bool:
    return occasion.after.urgent


def _own_case(occasion: Occasion) -> bool:
    """Not a part that an officer split off: its citizen is told of that by the case it came from."""
    return "split_from" not in occasion.data


def _another_body(occasion: Occasion) -> bool:
    return occasion.before is not None and occasion.before.entity_id != occasion.after.entity_id


def _late_enough(occasion: Occasion) -> bool:
    return bool(occasion.data["reminded"] >= LEAST_REMINDER)


def _mentions(occasion: Occasion) -> bool:
    return bool(occasion.data.get("mentions"))


def _closed_there(occasion: Occasion) -> bool:
    """In the body's own system."""
    return bool(occasion.data.get("far_status") == "closed")


def _praise(occasion: Occasion) -> bool:
    return occasion.after.kind is Kind.PRAISE


def _to_be_rated(occasion: Occasion) -> bool:
    return not _praise(occasion)


def _by_silence(occasion: Occasion) -> bool:
    return bool(occasion.data.get("because") == "silence")


def _new_reviewer(occasion: Occasion) -> bool:
    return bool(occasion.data.get("reviewer_id"))


def _sent_back_unapproved(occasion: Occasion) -> bool:
    return occasion.before is not None and occasion.before.drafted_by_id is not None


def _undecided(occasion: Occasion) -> bool:
    """The Prime Ministry unit is to say whether a body takes part."""
    return "wanted" in occasion.data


def _ordered(occasion: Occasion) -> bool:
    return "ordered" in occasion.data


def finds_abuse(occasion: Occasion) -> bool:
    return occasion.after.disposition is Disposition.ABUSE


H, T = EventType, Template
_NEWS = Telling(To.FOLLOWING, T.TO_FOLLOWED)  # after all others: nobody hears of one event twice
_ANSWERED = (
    Telling(To.CITIZEN, T.ANSWERED, _to_be_rated),
    Telling(To.CITIZEN, T.ANSWERED_PRAISE, _praise),
    _NEWS,
)

DECISIONS: Mapping[EventType, tuple[Telling, ...] | None] = {
    H.SUBMITTED: (
        Telling(To.CITIZEN, T.RECEIVED, _own_case),
        Telling(To.DUTY, T.TO_URGENT, _urgent),
    ),
    H.CLASSIFIED: (Telling(To.CITIZEN, T.MOVED, _another_body), _NEWS),
    H.ASSIGNED: (Telling(To.HANDLER, T.TO_ASSIGNED), _NEWS),
    H.REFERRED: (Telling(To.CITIZEN, T.MOVED), _NEWS),
    H.ACCEPTED: None,  # the citizen was told of the referral, and sees this on the page
    H.RETURNED: (_NEWS,),  # its citizen hears when the right body is found; each wrong turn would only worry
    H.HANDED_BACK: None,  # inside one body, on the main officer's own list
    H.LEFT: (Telling(To.REVIEWER, T.TO_APPEAL, _new_reviewer),),  # else on the main officer's own list
    H.FOLLOWED: (Telling(To.CITIZEN, T.FOLLOWED), _NEWS),
    H.RECLASSIFIED: None,  # the date is no later; it stands on the page
    H.NOTED: (Telling(To.MENTIONED, T.TO_MENTIONED, _mentions),),
    H.EXTENDED: (Telling(To.CITIZEN, T.EXTENDED), _NEWS),
    H.ESCALATED: (Telling(To.CITIZEN, T.RAISED), Telling(To.LEVEL, T.TO_RAISED), _NEWS),
    H.INSTRUCTED: (Telling(To.HANDLER, T.TO_INSTRUCTED),),
    H.HEAD_ASKED: (Telling(To.CHARGED, T.TO_HEAD_ASKED),),
    H.DELEGATED: (Telling(To.CHARGED, T.TO_DELEGATED),),
    H.REPORTED: (Telling(To.GIVER, T.TO_REPORTED), _NEWS),
    H.TASK_ASKED: (Telling(To.ASKED, T.TO_TASK),),
    H.TASK_DONE: (Telling(To.GIVER, T.TO_TASK_DONE),),
    H.TASK_CALLED_OFF: None,  # it is gone from their list; there is nothing to do about it
    H.JOIN_ASKED: (
        Telling(To.ASKED, T.TO_JOIN, lambda occasion: not _undecided(occasion)),
        Telling(To.ASKED, T.TO_JOIN_UNDECIDED, _undecided),
        Telling(To.HANDLER, T.TO_JOIN_SAID, _ordered),
    ),
    H.JOIN_ACCEPTED: (Telling(To.GIVER, T.TO_JOIN_SAID),),  # the citizen sees it on the page
    H.JOIN_RETURNED: (Telling(To.GIVER, T.TO_JOIN_SAID),),
    H.RECUSED: (Telling(To.REVIEWER, T.TO_APPEAL, _new_reviewer),),
    H.CONCERNS: (
        Telling(To.CITIZEN, T.MOVED, _another_body),
        Telling(To.REVIEWER, T.TO_APPEAL, _new_reviewer),
    ),
    H.SNOOZED: None,  # one officer's own list
    H.COMMITTED: (Telling(To.CITIZEN, T.COMMITTED), _NEWS),
    H.FULFILLED: (Telling(To.CITIZEN, T.FULFILLED), _NEWS),
    H.MERGED: (Telling(To.CITIZEN, T.MERGED), _NEWS),
    H.ABSORBED: None,  # the same citizen was told by the case that was merged
    H.SPLIT: (Telling(To.CITIZEN, T.SPLIT),),
    H.TRANSCRIBED: None,  # on the citizen's page, where they can say that it is wrong
    H.FILE_SHOWN: None,  # comes beside an answer or a question, which are told
    H.FILE_HIDDEN: None,
    H.FORWARDED: None,  # the answer comes from the body as before; it stands on the page
    H.SYSTEM_SAID: (
        Telling(To.HANDLER, T.TO_SYSTEM_SAID, _closed_there),
    ),  # the citizen hears the body's answer
    H.RELEASED: None,  # they agreed to it, and read the words on their page
    H.TAKEN_DOWN: None,
    H.KEPT_PRIVATE: None,  # their own act; there is nothing to do about it
    H.LINKED: None,  # on their page, with who mends it and by when; they hear of the answer
    H.UNLINKED: None,
    H.REPLY_SUBMITTED: (Telling(To.SECOND, T.TO_APPROVE),),
    H.REPLY_SENT_BACK: (Telling(To.WRITER, T.TO_SENT_BACK, _sent_back_unapproved),),
    H.REPLY_APPROVED: _ANSWERED,
    H.ANSWERED: _ANSWERED,
    H.ABUSE_CONFIRMED: (Telling(To.CITIZEN, T.ABUSE), _NEWS),
    H.CLOSED: None,  # the citizen had said that it is solved: nothing new
    H.IDENTITY_REVEALED: None,  # on the citizen's page; a message could betray the report to who holds the phone
    H.IDENTITY_LOOKED: None,  # the same
    H.UNDONE: None,  # nobody was told of what it takes back
    H.ASKED: (Telling(To.CITIZEN, T.ASKED), _NEWS),
    H.WROTE: (Telling(To.HANDLER, T.TO_WROTE), _NEWS),
    H.SUPPLIED: (Telling(To.HANDLER, T.TO_REOPENED), _NEWS),
    H.CONFIRMED: (_NEWS,),  # the citizen's own word, shown to them at once
    H.DENIED: (_NEWS,),  # the page offers the appeal at once; who handled it hears when there is one
    H.HEARD_SOLVED: (Telling(To.CITIZEN, T.HEARD_SOLVED), _NEWS),
    H.HEARD_UNSOLVED: (Telling(To.CITIZEN, T.HEARD_UNSOLVED), _NEWS),
    H.APPEALED: (Telling(To.CITIZEN, T.APPEALED), Telling(To.REVIEWER, T.TO_APPEAL), _NEWS),
    H.WITHDRAWN: (Telling(To.CITIZEN, T.WITHDRAWN), Telling(To.HANDLER, T.TO_WITHDRAWN), _NEWS),
    H.ERASED: (Telling(To.HANDLER, T.TO_WITHDRAWN), _NEWS),  # their own contact is erased with the rest
    H.CONTACT_CONFIRMED: None,  # their own act, on the page before them
    H.CONTACT_CORRECTED: None,  # the same; what was there before may be a stranger's
    H.CONTACT_PREFERRED: None,
    H.CODE_RENEWED: None,  # the message with the code says it
    H.UNREACHED: None,  # no message reached them; it stands on the page, and officers have a list of whom to call
    H.CALLED: None,  # they were told by voice
    H.APPEAL_UPHELD: (Telling(To.CITIZEN, T.APPEAL_UPHELD), Telling(To.HANDLER, T.TO_REOPENED), _NEWS),
    H.APPEAL_REJECTED: (Telling(To.CITIZEN, T.APPEAL_REJECTED), _NEWS),
    H.REMINDED: (Telling(To.HANDLER, T.TO_REMINDED, _late_enough),),
    H.IDLE: (Telling(To.LEVEL, T.TO_IDLE), _NEWS),
    H.OVERDUE: (Telling(To.CITIZEN, T.OVERDUE), Telling(To.LEVEL, T.TO_OVERDUE), _NEWS),
    H.TASK_LATE: (Telling(To.HANDLER, T.TO_TASK_LATE),),
    H.RESUMED: (Telling(To.CITIZEN, T.RESUMED),),
    H.RESCHEDULED: (Telling(To.CITIZEN, T.RESCHEDULED), _NEWS),
    H.RECOUNTED: None,  # the date stays; only when the clock speaks next has moved
    H.ASKED_AGAIN: (Telling(To.CITIZEN, T.ASKED_AGAIN),),
    H.LAPSED: (Telling(To.CITIZEN, T.LAPSED, _by_silence), _NEWS),  # who said no and did not appeal knows why
}


def tellings(occasion: Occasion) -> list[Telling]:
    """What this event says, to whom."""
    return [telling for telling in DECISIONS[occasion.happened] or () if telling.when(occasion)]
