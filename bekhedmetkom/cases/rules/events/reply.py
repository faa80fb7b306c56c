"""The body's word: questions, answers, promises and notes."""

from datetime import datetime

from bekhedmetkom.kernel.text import BilingualText

from ..case_state import CaseState, read_columns
from ..states import ANSWERED_STATES, OPEN_STATES, WAITING_STATES, EventType, State
from .base import NO_WORD, CaseEvent, Columns, Data, add, lead, stay


def _answer_effects(state: CaseState, at: datetime, data: Data) -> Columns:
    """The answer ends a pause and a snooze; whether it was late stays once it was."""
    late = at > read_columns(data).get("due_at", state.due_at)
    return {
        "answered_at": at,
        "answered_late": state.answered_late or late,
        "asked_again": False,
        **NO_WORD,
        "drafted_by_id": None,
        "paused_at": None,
        "snoozed_until": None,
        "handlers": add(state.handlers, data["by"]),
    }


class NoteAdded(CaseEvent):
    """An internal note was added."""

    type = EventType.NOTED
    transitions = stay(OPEN_STATES)
    is_undoable = True
    officer_text = BilingualText("أُضيفت ملاحظة داخلية{mentioned}", "Internal note added{mentioned}")


class CitizenAsked(CaseEvent):
    """The citizen was asked for information; the clock pauses."""

    type = EventType.ASKED
    transitions = lead((State.ASSIGNED,), to=State.AWAITING_CITIZEN)
    is_undoable = True
    is_visible_act = True
    citizen_text = BilingualText(
        "وصلك سؤال من {entity}. توقّف احتساب المدة حتى تجيب",
        "{entity} asked you for information. The clock waits for your reply",
    )
    officer_text = BilingualText("سُئل مقدم الطلب، وتوقفت المدة", "The citizen was asked; the clock is paused")

    def effects(self, state: CaseState, at: datetime) -> Columns:
        return {"paused_at": at}


class ReplySubmitted(CaseEvent):
    """A reply was submitted for approval."""

    type = EventType.REPLY_SUBMITTED
    transitions = lead((*WAITING_STATES, State.ASSIGNED), to=State.AWAITING_APPROVAL)
    is_undoable = True
    is_visible_act = True
    citizen_text = BilingualText(
        "كُتب الرد، وهو بانتظار الاعتماد", "The answer is written and awaits approval"
    )
    officer_text = BilingualText("رُفع الرد للاعتماد", "Reply submitted for approval")

    def effects(self, state: CaseState, at: datetime) -> Columns:
        return {"drafted_by_id": self.data["by"], "handlers": add(state.handlers, self.data["by"])}


class ReplySentBack(CaseEvent):
    """A submitted reply was returned to its writer."""

    type = EventType.REPLY_SENT_BACK
    transitions = lead((State.AWAITING_APPROVAL,), to=State.ASSIGNED)
    is_undoable = True
    is_visible_act = True
    officer_text = BilingualText("أُعيد الرد لتعديله", "Reply sent back")

    def effects(self, state: CaseState, at: datetime) -> Columns:
        return {"drafted_by_id": None}


class ReplyApproved(CaseEvent):
    """A submitted reply was approved and sent."""

    type = EventType.REPLY_APPROVED
    transitions = lead((State.AWAITING_APPROVAL,), to=State.ANSWERED)
    is_undoable = True
    citizen_text = BilingualText(
        "وصل الرد على طلبك من {entity}{joined}", "{entity} answered your case{joined}"
    )
    officer_text = BilingualText("اعتُمد الرد وأُرسل: {outcome}", "Reply approved and sent: {outcome}")

    def effects(self, state: CaseState, at: datetime) -> Columns:
        return _answer_effects(state, at, self.data)

    def task_effects(self, state: CaseState) -> Columns:
        return {"tasks": (), "tasks_due": ()}


class CaseAnswered(CaseEvent):
    """The body answered the citizen."""

    type = EventType.ANSWERED
    transitions = lead((*WAITING_STATES, State.ASSIGNED, State.AWAITING_CITIZEN), to=State.ANSWERED)
    is_undoable = True
    is_visible_act = True
    citizen_text = BilingualText(
        "وصل الرد على طلبك من {entity}{joined}", "{entity} answered your case{joined}"
    )
    officer_text = BilingualText("أُرسل الرد: {outcome}", "Answered: {outcome}")

    def effects(self, state: CaseState, at: datetime) -> Columns:
        return _answer_effects(state, at, self.data)

    def task_effects(self, state: CaseState) -> Columns:
        return {"tasks": (), "tasks_due": ()}


class AbuseConfirmed(CaseEvent):
    """A second officer confirmed a finding of spam or abuse."""

    type = EventType.ABUSE_CONFIRMED
    transitions = lead((State.AWAITING_APPROVAL,), to=State.ANSWERED)
    is_undoable = True
    citizen_text = BilingualText(
        "قرر موظفان أن الطلب إزعاج أو إساءة. إن كان هذا خطأ فاعترض",
        "Two officers found this to be spam or abuse. If that is wrong, you can appeal",
    )
    officer_text = BilingualText(
        "أكد موظف ثانٍ أنه إزعاج أو إساءة", "A second officer confirmed spam or abuse"
    )

    def effects(self, state: CaseState, at: datetime) -> Columns:
        return _answer_effects(state, at, self.data)

    def task_effects(self, state: CaseState) -> Columns:
        return {"tasks": (), "tasks_due": ()}


class ActionPromised(CaseEvent):
    """The body promised the citizen an action by a date."""

    type = EventType.COMMITTED
    transitions = stay((*ANSWERED_STATES, State.ASSIGNED))
    is_undoable = True
    is_visible_act = True
    citizen_text = BilingualText(
        "تعهّد من {entity} بإجراء قبل {until}", "{entity} promised an action by {until}"
    )
    officer_text = BilingualText("تعهّد بإجراء قبل {until}", "Committed to an action by {until}")


class PromiseKept(CaseEvent):
    """A promised action was done."""

    type = EventType.FULFILLED
    transitions = stay((*ANSWERED_STATES, State.ASSIGNED))
    is_undoable = True
    is_visible_act = True
    citizen_text = BilingualText("نُفّذ ما وُعدت به من {entity}", "{entity} did what it had promised")
    officer_text = BilingualText("نُفّذ التعهّد", "Commitment fulfilled")


class CaseClosed(CaseEvent):
    """The case was put away after the citizen called it solved."""

    type = EventType.CLOSED
    transitions = lead((State.RESOLVED,), to=State.CLOSED)
    is_undoable = True
    citizen_text = BilingualText("أُغلق طلبك بعد أن قلت إنه حُلّ", "Closed, as you said it was solved")
    officer_text = BilingualText("أُغلق بعد تأكيد صاحبه", "Closed after the citizen's confirmation")


class ActionUndone(CaseEvent):
    """The officer's last action was taken back; its data names the columns to restore."""

    type = EventType.UNDONE
    officer_text = BilingualText("تراجع عن الخطوة التي قبلها", "Took back the step before")

    def task_effects(self, state: CaseState) -> Columns:
        return {}
