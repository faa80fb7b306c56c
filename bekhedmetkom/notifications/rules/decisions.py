"""Which event notifies whom with which template. Every event type has a row; `None` means nobody, with the reason."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bekhedmetkom.cases.rules.case_state import CaseState
from bekhedmetkom.cases.rules.states import EventType
from bekhedmetkom.catalogue.rules import Disposition, Kind

from .templates import Template

MIN_REMINDER_PERCENT = 80  # per cent of the term; the one at half time stays on the desk's own list


class RecipientGroup(StrEnum):
    """For whom a message is; `recipients` finds the people."""

    CITIZEN = "citizen"
    HANDLER = "handler"  # the officer who has the case, else its unit, else who distributes at the body
    REPLY_AUTHOR = "writer"  # of the reply that was sent back
    SECOND_APPROVER = "second"  # whoever can approve the reply, or confirm the finding of abuse
    ESCALATION_OFFICER = "level"  # the official that the event names
    REVIEWER = "reviewer"
    INSTRUCTED_ROLE = "charged"  # who holds the role that an instruction names
    INSTRUCTION_AUTHOR = (
        "giver"  # of the instruction that this is the report on, or of the task that this answers
    )
    TASK_UNIT = "asked"  # whoever answers for what a task asks
    DUTY_OFFICER = "duty"
    MENTIONED = "mentioned"  # colleagues whom a note names
    FOLLOWERS = "following"  # who asked to hear of the case


@dataclass(frozen=True, slots=True)
class EventContext:
    """An event with where the case stood before it (`None`: nowhere yet) and after it."""

    event_type: EventType
    before: CaseState | None
    after: CaseState
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class NotificationRule:
    """One thing to say to one sort of people, `when` the occasion is one for it."""

    recipients: RecipientGroup
    template: Template
    condition: Callable[[EventContext], bool] = lambda occasion: True


def _is_urgent(occasion: EventContext) -> bool:
    return occasion.after.urgent


def _is_own_case(occasion: EventContext) -> bool:
    """Not a part that an officer split off: its citizen is told of that by the case it came from."""
    return "split_from" not in occasion.data


def _is_at_another_body(occasion: EventContext) -> bool:
    return occasion.before is not None and occasion.before.entity_id != occasion.after.entity_id


def _is_late_reminder(occasion: EventContext) -> bool:
    return bool(occasion.data["reminded"] >= MIN_REMINDER_PERCENT)


def _has_mentions(occasion: EventContext) -> bool:
    return bool(occasion.data.get("mentions"))


def _is_closed_externally(occasion: EventContext) -> bool:
    """In the body's own system."""
    return bool(occasion.data.get("far_status") == "closed")


def _is_praise(occasion: EventContext) -> bool:
    return occasion.after.kind is Kind.PRAISE


def _can_be_rated(occasion: EventContext) -> bool:
    return not _is_praise(occasion)


def _is_lapsed_by_silence(occasion: EventContext) -> bool:
    return bool(occasion.data.get("because") == "silence")


def _has_new_reviewer(occasion: EventContext) -> bool:
    return bool(occasion.data.get("reviewer_id"))


def _was_drafted(occasion: EventContext) -> bool:
    return occasion.before is not None and occasion.before.drafted_by_id is not None


def _needs_decision(occasion: EventContext) -> bool:
    """The Prime Ministry unit is to say whether a body takes part."""
    return "wanted" in occasion.data


def _is_ordered(occasion: EventContext) -> bool:
    return "ordered" in occasion.data


def is_abuse_finding(occasion: EventContext) -> bool:
    return occasion.after.disposition is Disposition.ABUSE


H, T = EventType, Template
_TO_FOLLOWING_OFFICERS = NotificationRule(
    RecipientGroup.FOLLOWERS, T.TO_FOLLOWED
)  # after all others: nobody hears of one event twice
_ANSWER_RULES = (
    NotificationRule(RecipientGroup.CITIZEN, T.ANSWERED, _can_be_rated),
    NotificationRule(RecipientGroup.CITIZEN, T.ANSWERED_PRAISE, _is_praise),
    _TO_FOLLOWING_OFFICERS,
)

DECISIONS: Mapping[EventType, tuple[NotificationRule, ...] | None] = {
    H.SUBMITTED: (
        NotificationRule(RecipientGroup.CITIZEN, T.RECEIVED, _is_own_case),
        NotificationRule(RecipientGroup.DUTY_OFFICER, T.TO_URGENT, _is_urgent),
    ),
    H.CLASSIFIED: (
        NotificationRule(RecipientGroup.CITIZEN, T.MOVED, _is_at_another_body),
        _TO_FOLLOWING_OFFICERS,
    ),
    H.ASSIGNED: (NotificationRule(RecipientGroup.HANDLER, T.TO_ASSIGNED), _TO_FOLLOWING_OFFICERS),
    H.REFERRED: (NotificationRule(RecipientGroup.CITIZEN, T.MOVED), _TO_FOLLOWING_OFFICERS),
    H.ACCEPTED: None,  # the citizen was told of the referral, and sees this on the page
    H.RETURNED: (
        _TO_FOLLOWING_OFFICERS,
    ),  # its citizen hears when the right body is found; each wrong turn would only worry
    H.HANDED_BACK: None,  # inside one body, on the main officer's own list
    H.LEFT: (
        NotificationRule(RecipientGroup.REVIEWER, T.TO_APPEAL, _has_new_reviewer),
    ),  # else on the main officer's own list
    H.FOLLOWED: (NotificationRule(RecipientGroup.CITIZEN, T.FOLLOWED), _TO_FOLLOWING_OFFICERS),
    H.RECLASSIFIED: None,  # the date is no later; it stands on the page
    H.NOTED: (NotificationRule(RecipientGroup.MENTIONED, T.TO_MENTIONED, _has_mentions),),
    H.EXTENDED: (NotificationRule(RecipientGroup.CITIZEN, T.EXTENDED), _TO_FOLLOWING_OFFICERS),
    H.ESCALATED: (
        NotificationRule(RecipientGroup.CITIZEN, T.RAISED),
        NotificationRule(RecipientGroup.ESCALATION_OFFICER, T.TO_RAISED),
        _TO_FOLLOWING_OFFICERS,
    ),
    H.INSTRUCTED: (NotificationRule(RecipientGroup.HANDLER, T.TO_INSTRUCTED),),
    H.HEAD_ASKED: (NotificationRule(RecipientGroup.INSTRUCTED_ROLE, T.TO_HEAD_ASKED),),
    H.DELEGATED: (NotificationRule(RecipientGroup.INSTRUCTED_ROLE, T.TO_DELEGATED),),
    H.REPORTED: (NotificationRule(RecipientGroup.INSTRUCTION_AUTHOR, T.TO_REPORTED), _TO_FOLLOWING_OFFICERS),
    H.TASK_ASKED: (NotificationRule(RecipientGroup.TASK_UNIT, T.TO_TASK),),
    H.TASK_DONE: (NotificationRule(RecipientGroup.INSTRUCTION_AUTHOR, T.TO_TASK_DONE),),
    H.TASK_CALLED_OFF: None,  # it is gone from their list; there is nothing to do about it
    H.JOIN_ASKED: (
        NotificationRule(RecipientGroup.TASK_UNIT, T.TO_JOIN, lambda occasion: not _needs_decision(occasion)),
        NotificationRule(RecipientGroup.TASK_UNIT, T.TO_JOIN_UNDECIDED, _needs_decision),
        NotificationRule(RecipientGroup.HANDLER, T.TO_JOIN_SAID, _is_ordered),
    ),
    H.JOIN_ACCEPTED: (
        NotificationRule(RecipientGroup.INSTRUCTION_AUTHOR, T.TO_JOIN_SAID),
    ),  # the citizen sees it on the page
    H.JOIN_RETURNED: (NotificationRule(RecipientGroup.INSTRUCTION_AUTHOR, T.TO_JOIN_SAID),),
    H.RECUSED: (NotificationRule(RecipientGroup.REVIEWER, T.TO_APPEAL, _has_new_reviewer),),
    H.CONCERNS: (
        NotificationRule(RecipientGroup.CITIZEN, T.MOVED, _is_at_another_body),
        NotificationRule(RecipientGroup.REVIEWER, T.TO_APPEAL, _has_new_reviewer),
    ),
    H.SNOOZED: None,  # one officer's own list
    H.COMMITTED: (NotificationRule(RecipientGroup.CITIZEN, T.COMMITTED), _TO_FOLLOWING_OFFICERS),
    H.FULFILLED: (NotificationRule(RecipientGroup.CITIZEN, T.FULFILLED), _TO_FOLLOWING_OFFICERS),
    H.MERGED: (NotificationRule(RecipientGroup.CITIZEN, T.MERGED), _TO_FOLLOWING_OFFICERS),
    H.ABSORBED: None,  # the same citizen was told by the case that was merged
    H.SPLIT: (NotificationRule(RecipientGroup.CITIZEN, T.SPLIT),),
    H.TRANSCRIBED: None,  # on the citizen's page, where they can say that it is wrong
    H.FILE_SHOWN: None,  # comes beside an answer or a question, which are told
    H.FILE_HIDDEN: None,
    H.FORWARDED: None,  # the answer comes from the body as before; it stands on the page
    H.SYSTEM_SAID: (
        NotificationRule(RecipientGroup.HANDLER, T.TO_SYSTEM_SAID, _is_closed_externally),
    ),  # the citizen hears the body's answer
    H.RELEASED: None,  # they agreed to it, and read the words on their page
    H.TAKEN_DOWN: None,
    H.KEPT_PRIVATE: None,  # their own act; there is nothing to do about it
    H.LINKED: None,  # on their page, with who mends it and by when; they hear of the answer
    H.UNLINKED: None,
    H.REPLY_SUBMITTED: (NotificationRule(RecipientGroup.SECOND_APPROVER, T.TO_APPROVE),),
    H.REPLY_SENT_BACK: (NotificationRule(RecipientGroup.REPLY_AUTHOR, T.TO_SENT_BACK, _was_drafted),),
    H.REPLY_APPROVED: _ANSWER_RULES,
    H.ANSWERED: _ANSWER_RULES,
    H.ABUSE_CONFIRMED: (NotificationRule(RecipientGroup.CITIZEN, T.ABUSE), _TO_FOLLOWING_OFFICERS),
    H.CLOSED: None,  # the citizen had said that it is solved: nothing new
    H.IDENTITY_REVEALED: None,  # on the citizen's page; a message could betray the report to who holds the phone
    H.IDENTITY_LOOKED: None,  # the same
    H.UNDONE: None,  # nobody was told of what it takes back
    H.ASKED: (NotificationRule(RecipientGroup.CITIZEN, T.ASKED), _TO_FOLLOWING_OFFICERS),
    H.WROTE: (NotificationRule(RecipientGroup.HANDLER, T.TO_WROTE), _TO_FOLLOWING_OFFICERS),
    H.SUPPLIED: (NotificationRule(RecipientGroup.HANDLER, T.TO_REOPENED), _TO_FOLLOWING_OFFICERS),
    H.CONFIRMED: (_TO_FOLLOWING_OFFICERS,),  # the citizen's own word, shown to them at once
    H.DENIED: (
        _TO_FOLLOWING_OFFICERS,
    ),  # the page offers the appeal at once; who handled it hears when there is one
    H.HEARD_SOLVED: (NotificationRule(RecipientGroup.CITIZEN, T.HEARD_SOLVED), _TO_FOLLOWING_OFFICERS),
    H.HEARD_UNSOLVED: (NotificationRule(RecipientGroup.CITIZEN, T.HEARD_UNSOLVED), _TO_FOLLOWING_OFFICERS),
    H.APPEALED: (
        NotificationRule(RecipientGroup.CITIZEN, T.APPEALED),
        NotificationRule(RecipientGroup.REVIEWER, T.TO_APPEAL),
        _TO_FOLLOWING_OFFICERS,
    ),
    H.WITHDRAWN: (
        NotificationRule(RecipientGroup.CITIZEN, T.WITHDRAWN),
        NotificationRule(RecipientGroup.HANDLER, T.TO_WITHDRAWN),
        _TO_FOLLOWING_OFFICERS,
    ),
    H.ERASED: (
        NotificationRule(RecipientGroup.HANDLER, T.TO_WITHDRAWN),
        _TO_FOLLOWING_OFFICERS,
    ),  # their own contact is erased with the rest
    H.CONTACT_CONFIRMED: None,  # their own act, on the page before them
    H.CONTACT_CORRECTED: None,  # the same; what was there before may be a stranger's
    H.CONTACT_PREFERRED: None,
    H.CODE_RENEWED: None,  # the message with the code says it
    H.UNREACHED: None,  # no message reached them; it stands on the page, and officers have a list of whom to call
    H.CALLED: None,  # they were told by voice
    H.APPEAL_UPHELD: (
        NotificationRule(RecipientGroup.CITIZEN, T.APPEAL_UPHELD),
        NotificationRule(RecipientGroup.HANDLER, T.TO_REOPENED),
        _TO_FOLLOWING_OFFICERS,
    ),
    H.APPEAL_REJECTED: (NotificationRule(RecipientGroup.CITIZEN, T.APPEAL_REJECTED), _TO_FOLLOWING_OFFICERS),
    H.REMINDED: (NotificationRule(RecipientGroup.HANDLER, T.TO_REMINDED, _is_late_reminder),),
    H.IDLE: (NotificationRule(RecipientGroup.ESCALATION_OFFICER, T.TO_IDLE), _TO_FOLLOWING_OFFICERS),
    H.OVERDUE: (
        NotificationRule(RecipientGroup.CITIZEN, T.OVERDUE),
        NotificationRule(RecipientGroup.ESCALATION_OFFICER, T.TO_OVERDUE),
        _TO_FOLLOWING_OFFICERS,
    ),
    H.TASK_LATE: (NotificationRule(RecipientGroup.HANDLER, T.TO_TASK_LATE),),
    H.RESUMED: (NotificationRule(RecipientGroup.CITIZEN, T.RESUMED),),
    H.RESCHEDULED: (NotificationRule(RecipientGroup.CITIZEN, T.RESCHEDULED), _TO_FOLLOWING_OFFICERS),
    H.RECOUNTED: None,  # the date stays; only when the clock speaks next has moved
    H.ASKED_AGAIN: (NotificationRule(RecipientGroup.CITIZEN, T.ASKED_AGAIN),),
    H.LAPSED: (
        NotificationRule(RecipientGroup.CITIZEN, T.LAPSED, _is_lapsed_by_silence),
        _TO_FOLLOWING_OFFICERS,
    ),  # who said no and did not appeal knows why
}


def list_notification_rules(occasion: EventContext) -> list[NotificationRule]:
    """What this event says, to whom."""
    return [telling for telling in DECISIONS[occasion.event_type] or () if telling.condition(occasion)]
