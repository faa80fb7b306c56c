"""What can happen to a case, and where it leads: the workflow as a table."""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from bekhedmetkom.kernel.errors import Refusal
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


STATE_WORDS: Mapping[State, BilingualText] = {
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

WAITING = (State.RECEIVED, State.CLASSIFIED)
WORKING = (*WAITING, State.ASSIGNED, State.AWAITING_APPROVAL)
OPEN = (*WORKING, State.AWAITING_CITIZEN, State.APPEALED)
ANSWERED = (State.ANSWERED, State.RESOLVED, State.CLOSED)


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


H, S = EventType, State

# How the citizen is reached, who looked at who they are, and which others say the same is nobody's work on the case:
# an officer who looked before it has missed nothing.
BESIDE_THE_WORK = frozenset({
    H.CONTACT_CONFIRMED, H.CONTACT_CORRECTED, H.CONTACT_PREFERRED, H.CODE_RENEWED, H.UNREACHED, H.IDENTITY_LOOKED,
    H.LINKED, H.UNLINKED,
})  # fmt: skip


def _stays(
    happened: Iterable[EventType], states: Iterable[State]
) -> dict[tuple[State | None, EventType], State]:
    return {(state, event): state for event in happened for state in states}


def _leads(
    happened: EventType, states: Iterable[State | None], to: State
) -> dict[tuple[State | None, EventType], State]:
    return {(state, happened): to for state in states}


# What was undone leads back to where the case stood before it (`undoing`): the one event that no row can say.
TRANSITIONS: Mapping[tuple[State | None, EventType], State] = {
    **_leads(H.SUBMITTED, [None], S.RECEIVED),
    # Distribution
    **_leads(H.CLASSIFIED, WAITING, S.CLASSIFIED),
    **_leads(H.ASSIGNED, [*WAITING, S.ASSIGNED], S.ASSIGNED),
    **_leads(H.REFERRED, [*WAITING, S.ASSIGNED], S.RECEIVED),
    **_leads(H.ACCEPTED, [S.RECEIVED], S.CLASSIFIED),
    **_leads(H.RETURNED, WAITING, S.RECEIVED),
    **_leads(H.HANDED_BACK, [S.ASSIGNED], S.CLASSIFIED),
    **_stays([H.LEFT], OPEN),
    **_leads(H.LEFT, [S.ASSIGNED], S.CLASSIFIED),
    **_stays([H.CONCERNS], [*WAITING, S.APPEALED, S.ANSWERED]),
    **_leads(H.CONCERNS, [S.ASSIGNED, S.AWAITING_CITIZEN, S.AWAITING_APPROVAL], S.CLASSIFIED),
    **_stays([H.FOLLOWED], OPEN),
    # Talk with the citizen
    **_leads(H.ASKED, [S.ASSIGNED], S.AWAITING_CITIZEN),
    **_leads(H.WROTE, [S.AWAITING_CITIZEN], S.ASSIGNED),
    **_stays([H.WROTE], [*WORKING, S.APPEALED, S.ANSWERED]),
    **_leads(H.SUPPLIED, [S.ANSWERED, S.CLOSED], S.ASSIGNED),
    **_leads(H.RESUMED, [S.AWAITING_CITIZEN], S.ASSIGNED),
    # The answer: the entity's word
    **_leads(H.REPLY_SUBMITTED, [*WAITING, S.ASSIGNED], S.AWAITING_APPROVAL),
    **_leads(H.REPLY_SENT_BACK, [S.AWAITING_APPROVAL], S.ASSIGNED),
    **_leads(H.REPLY_APPROVED, [S.AWAITING_APPROVAL], S.ANSWERED),
    **_leads(H.ABUSE_CONFIRMED, [S.AWAITING_APPROVAL], S.ANSWERED),
    **_leads(H.ANSWERED, [*WAITING, S.ASSIGNED, S.AWAITING_CITIZEN], S.ANSWERED),
    # The citizen's word
    **_leads(H.CONFIRMED, [S.ANSWERED, S.CLOSED], S.RESOLVED),
    **_stays([H.DENIED, H.HEARD_UNSOLVED], [S.ANSWERED, S.CLOSED]),
    # … as they told it by telephone; what they then say themselves counts instead
    **_leads(H.HEARD_SOLVED, [S.ANSWERED, S.CLOSED], S.RESOLVED),
    **_stays([H.CONFIRMED], [S.RESOLVED]),
    **_leads(H.DENIED, [S.RESOLVED], S.ANSWERED),
    **_leads(H.APPEALED, ANSWERED, S.APPEALED),
    **_leads(H.APPEAL_UPHELD, [S.APPEALED], S.CLASSIFIED),
    **_leads(H.APPEAL_REJECTED, [S.APPEALED], S.CLOSED),
    **_leads(H.WITHDRAWN, [*WORKING, S.AWAITING_CITIZEN], S.WITHDRAWN),
    **_leads(H.ERASED, [*OPEN, *ANSWERED, S.WITHDRAWN], S.WITHDRAWN),
    **_stays([H.ERASED], [S.MERGED]),
    # Endings
    **_stays([H.ASKED_AGAIN], [S.ANSWERED]),
    **_leads(H.LAPSED, [S.ANSWERED], S.CLOSED),
    **_leads(H.CLOSED, [S.RESOLVED], S.CLOSED),
    **_leads(H.MERGED, [*WAITING, S.ASSIGNED], S.MERGED),
    # What everybody may read
    **_stays([H.RELEASED, H.TAKEN_DOWN, H.KEPT_PRIVATE], [*OPEN, *ANSWERED]),
    # A body's own system: what was sent there is a fact in whatever state, what it says counts while we work on it
    **_stays([H.FORWARDED], State),
    **_stays([H.SYSTEM_SAID], OPEN),
    # What changes no state
    **_stays([H.NOTED, H.RECUSED, H.INSTRUCTED, H.HEAD_ASKED, H.DELEGATED, H.TRANSCRIBED], OPEN),
    **_stays([H.REPORTED], [*OPEN, *ANSWERED]),
    **_stays([H.TASK_ASKED, H.JOIN_ASKED], [*WORKING, S.AWAITING_CITIZEN]),
    **_stays([H.TASK_DONE, H.TASK_CALLED_OFF, H.TASK_LATE, H.JOIN_ACCEPTED, H.JOIN_RETURNED], OPEN),
    **_stays([H.FILE_SHOWN, H.FILE_HIDDEN, H.CALLED], [*OPEN, *ANSWERED]),
    **_stays([H.IDENTITY_REVEALED, *sorted(BESIDE_THE_WORK)], State),
    **_stays([H.RECLASSIFIED, H.ABSORBED, H.SPLIT], [*WAITING, S.ASSIGNED]),
    **_stays([H.EXTENDED, H.ESCALATED, H.SNOOZED], [*WORKING, S.APPEALED]),
    **_stays([H.REMINDED, H.IDLE, H.OVERDUE], [*WORKING, S.APPEALED]),
    **_stays([H.RESCHEDULED, H.RECOUNTED], OPEN),
    **_stays([H.COMMITTED], [S.ASSIGNED, *ANSWERED]),
    **_stays([H.FULFILLED], [S.ASSIGNED, *ANSWERED]),
}


class NotPossibleNow(Refusal):
    """The case is in a state in which this cannot happen; `possible` is what can."""

    message = BilingualText(
        "لا يمكن ذلك في حالة الطلب الآن.", "The case is not in a state in which this can be done."
    )

    def __init__(self, state: State | None, words: BilingualText | None = None):
        self.state = state
        self.possible = [happened for (from_state, happened) in TRANSITIONS if from_state == state]
        super().__init__(words)


def after(state: State | None, happened: EventType) -> State:
    """The state that an event leads to; `NotPossibleNow` where the table has no such move."""
    try:
        return TRANSITIONS[state, happened]
    except KeyError:
        raise NotPossibleNow(state) from None
