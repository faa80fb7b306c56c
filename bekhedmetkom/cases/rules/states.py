"""The states of a case, and the types of event that can happen to it."""

from collections.abc import Mapping
from enum import StrEnum

from bekhedmetkom.kernel.text import BilingualText


class State(StrEnum):
    RECEIVED = "received"
    CLASSIFIED = "classified"
    ASSIGNED = "assigned"
    AWAITING_CITIZEN = "awaiting_citizen"
    AWAITING_APPROVAL = "awaiting_approval"
    ANSWERED = "answered"
    RESOLVED = "resolved"
    APPEALED = "appealed"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"


STATE_LABELS: Mapping[State, BilingualText] = {
    State.RECEIVED: BilingualText("وصل", "Received"),
    State.CLASSIFIED: BilingualText("مصنّف", "Classified"),
    State.ASSIGNED: BilingualText("قيد المعالجة", "In progress"),
    State.AWAITING_CITIZEN: BilingualText("بانتظار معلومات", "Awaiting information"),
    State.AWAITING_APPROVAL: BilingualText("بانتظار الاعتماد", "Awaiting approval"),
    State.ANSWERED: BilingualText("تم الرد", "Answered"),
    State.RESOLVED: BilingualText("حُلّ", "Resolved"),
    State.APPEALED: BilingualText("معترض عليه", "Appealed"),
    State.CLOSED: BilingualText("مغلق", "Closed"),
    State.WITHDRAWN: BilingualText("مسحوب", "Withdrawn"),
    State.MERGED: BilingualText("مدموج", "Merged"),
}

ALL_STATES = tuple(State)
WAITING_STATES = (State.RECEIVED, State.CLASSIFIED)
WORKING_STATES = (*WAITING_STATES, State.ASSIGNED, State.AWAITING_APPROVAL)
OPEN_STATES = (*WORKING_STATES, State.AWAITING_CITIZEN, State.APPEALED)
ANSWERED_STATES = (State.ANSWERED, State.RESOLVED, State.CLOSED)


class EventType(StrEnum):
    SUBMITTED = "case.submitted"
    CLASSIFIED = "case.classified"
    ASSIGNED = "case.assigned"
    REFERRED = "case.referred"
    ACCEPTED = "case.accepted"
    RETURNED = "case.returned"
    HANDED_BACK = "case.handed_back"
    LEFT = "officer.left"
    FOLLOWED = "case.followed"
    RECLASSIFIED = "case.reclassified"
    NOTED = "case.noted"
    EXTENDED = "case.extended"
    ESCALATED = "case.escalated"
    INSTRUCTED = "case.instructed"
    HEAD_ASKED = "head.asked"
    DELEGATED = "case.delegated"
    REPORTED = "instruction.reported"
    TASK_ASKED = "task.asked"
    TASK_DONE = "task.done"
    TASK_CALLED_OFF = "task.called_off"
    JOIN_ASKED = "join.asked"
    JOIN_ACCEPTED = "join.accepted"
    JOIN_RETURNED = "join.returned"
    RECUSED = "case.recused"
    CONCERNS = "case.concerns"
    SNOOZED = "case.snoozed"
    COMMITTED = "case.committed"
    FULFILLED = "case.fulfilled"
    MERGED = "case.merged"
    ABSORBED = "case.absorbed"
    SPLIT = "case.split"
    TRANSCRIBED = "case.transcribed"
    FILE_SHOWN = "file.shown"
    FILE_HIDDEN = "file.hidden"
    RELEASED = "case.released"
    TAKEN_DOWN = "case.taken_down"
    KEPT_PRIVATE = "citizen.kept_private"
    FORWARDED = "case.forwarded"
    SYSTEM_SAID = "system.said"
    LINKED = "case.linked"
    UNLINKED = "case.unlinked"
    REPLY_SUBMITTED = "reply.submitted"
    REPLY_SENT_BACK = "reply.sent_back"
    REPLY_APPROVED = "reply.approved"
    ANSWERED = "case.answered"
    ABUSE_CONFIRMED = "abuse.confirmed"
    CLOSED = "case.closed"
    IDENTITY_REVEALED = "identity.revealed"
    IDENTITY_LOOKED = "identity.looked"
    UNDONE = "case.undone"
    ASKED = "citizen.asked"
    WROTE = "citizen.wrote"
    SUPPLIED = "citizen.supplied"
    CONFIRMED = "citizen.confirmed"
    DENIED = "citizen.denied"
    HEARD_SOLVED = "phone.solved"
    HEARD_UNSOLVED = "phone.unsolved"
    APPEALED = "citizen.appealed"
    WITHDRAWN = "citizen.withdrawn"
    ERASED = "citizen.erased"
    CONTACT_CONFIRMED = "contact.confirmed"
    CONTACT_CORRECTED = "contact.corrected"
    CONTACT_PREFERRED = "contact.preferred"
    CODE_RENEWED = "code.renewed"
    UNREACHED = "contact.unreached"
    CALLED = "contact.called"
    APPEAL_UPHELD = "appeal.upheld"
    APPEAL_REJECTED = "appeal.rejected"
    REMINDED = "clock.reminded"
    IDLE = "clock.idle"
    OVERDUE = "clock.overdue"
    TASK_LATE = "clock.task_late"
    RESUMED = "clock.resumed"
    RESCHEDULED = "clock.rescheduled"
    RECOUNTED = "clock.recounted"
    ASKED_AGAIN = "clock.asked_again"
    LAPSED = "clock.lapsed"
