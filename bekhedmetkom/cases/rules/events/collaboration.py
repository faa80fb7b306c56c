"""What is asked of higher officials, other units, other bodies and their systems."""

from datetime import datetime

from bekhedmetkom.kernel.text import BilingualText

from ..case_state import CaseState
from ..states import ALL_STATES, ANSWERED_STATES, OPEN_STATES, WORKING_STATES, EventType, State
from .base import CaseEvent, Columns, end_tasks, open_task, stay


class InstructionGiven(CaseEvent):
    """A higher official said what is to be done, and by when."""

    type = EventType.INSTRUCTED
    transitions = stay(OPEN_STATES)
    is_undoable = True
    officer_text = BilingualText("توجيه من مسؤول أعلى، قبل {until}", "Instruction from above, by {until}")

    def effects(self, state: CaseState, at: datetime) -> Columns:
        return {"instructions": (*state.instructions, state.seq + 1)} if "for" in self.data else {}


class HeadOfBodyAsked(CaseEvent):
    """The head of the body was asked, with a date."""

    type = EventType.HEAD_ASKED
    transitions = stay(OPEN_STATES)
    is_undoable = True
    officer_text = BilingualText(
        "سُئل المسؤول الأعلى في الجهة، والجواب قبل {until}",
        "The head of the body was asked; an answer is due by {until}",
    )

    def effects(self, state: CaseState, at: datetime) -> Columns:
        return {"instructions": (*state.instructions, state.seq + 1)} if "for" in self.data else {}


class MatterDelegated(CaseEvent):
    """A minister handed the matter to the office or the head of the body."""

    type = EventType.DELEGATED
    transitions = stay(OPEN_STATES)
    is_undoable = True
    officer_text = BilingualText("فُوّض أمره إلى: {charge}، قبل {until}", "Delegated to: {charge}, by {until}")

    def effects(self, state: CaseState, at: datetime) -> Columns:
        return {"instructions": (*state.instructions, state.seq + 1)} if "for" in self.data else {}


class InstructionReported(CaseEvent):
    """It was said what came of an instruction."""

    type = EventType.REPORTED
    transitions = stay((*OPEN_STATES, *ANSWERED_STATES))
    is_undoable = True
    officer_text = BilingualText("جواب على ما طُلب من مسؤول أعلى", "Report on what was asked from above")

    def effects(self, state: CaseState, at: datetime) -> Columns:
        return {"instructions": tuple(seq for seq in state.instructions if seq != self.data["of"])}


class TaskAsked(CaseEvent):
    """Another unit was asked for something by a day."""

    type = EventType.TASK_ASKED
    transitions = stay((*WORKING_STATES, State.AWAITING_CITIZEN))
    is_undoable = True
    officer_text = BilingualText(
        "طُلبت مهمة من {asked}، والجواب قبل {until}", "{asked} was asked for a task, by {until}"
    )

    def task_effects(self, state: CaseState) -> Columns:
        return open_task(state, self.data)


class TaskDone(CaseEvent):
    """A unit or body answered what was asked of it."""

    type = EventType.TASK_DONE
    transitions = stay(OPEN_STATES)
    is_undoable = True
    officer_text = BilingualText("جواب {asked} على المهمة", "{asked} answered the task")

    def task_effects(self, state: CaseState) -> Columns:
        return end_tasks(state, self.data)


class TaskCancelled(CaseEvent):
    """What was asked is no longer needed."""

    type = EventType.TASK_CALLED_OFF
    transitions = stay(OPEN_STATES)
    is_undoable = True
    officer_text = BilingualText("أُلغيت مهمة: {asked}", "The task of {asked} was called off")

    def task_effects(self, state: CaseState) -> Columns:
        return end_tasks(state, self.data)


class ParticipationAsked(CaseEvent):
    """Another body was asked to take part."""

    type = EventType.JOIN_ASKED
    transitions = stay((*WORKING_STATES, State.AWAITING_CITIZEN))
    is_undoable = True
    officer_text = BilingualText(
        "طُلبت مشاركة {asked}، والجواب قبل {until}", "{asked} was asked to take part, by {until}"
    )

    def task_effects(self, state: CaseState) -> Columns:
        return open_task(state, self.data)


class ParticipationAccepted(CaseEvent):
    """Another body takes part; the body that asked answers the citizen."""

    type = EventType.JOIN_ACCEPTED
    transitions = stay(OPEN_STATES)
    is_undoable = True
    citizen_text = BilingualText(
        "يُعالج طلبك بمشاركة {asked}، والرد عليك من {entity}",
        "{asked} takes part in your case; the answer comes from {entity}",
    )
    officer_text = BilingualText(
        "قُبلت مشاركة {asked}، والرد على {entity}", "{asked} takes part; {entity} answers"
    )


class ParticipationDeclined(CaseEvent):
    """Another body does not take part."""

    type = EventType.JOIN_RETURNED
    transitions = stay(OPEN_STATES)
    is_undoable = True
    officer_text = BilingualText("أُعيد طلب المشاركة من {asked}", "{asked} returned the request to take part")

    def task_effects(self, state: CaseState) -> Columns:
        return end_tasks(state, self.data)


class CaseForwarded(CaseEvent):
    """The case was sent to the body's own system."""

    type = EventType.FORWARDED
    transitions = stay(ALL_STATES)
    citizen_text = BilingualText(
        "أُرسل طلبك إلى نظام {entity}{carried}", "Your case was sent to the system of {entity}{carried}"
    )
    officer_text = BilingualText(
        "أُرسل إلى نظام {entity}، ورقمه فيه {there}", "Sent to the system of {entity} as {there}"
    )


class SystemReported(CaseEvent):
    """The body's own system reported how the case stands there."""

    type = EventType.SYSTEM_SAID
    transitions = stay(OPEN_STATES)
    officer_text = BilingualText("في نظام {entity}: {standing}", "In the system of {entity}: {standing}")


class LinkedToProblem(CaseEvent):
    """The case was linked to a problem that many reported."""

    type = EventType.LINKED
    transitions = stay(ALL_STATES)
    is_beside_work = True
    citizen_text = BilingualText(
        "ضُمّ طلبك إلى طلبات غيرك عن المشكلة نفسها، ويبقى لك رد خاص بك",
        "Your case was joined to those of others about the same problem; you still get an answer of your own",
    )
    officer_text = BilingualText("رُبط بالمشكلة رقم {problem}", "Linked to problem no. {problem}")


class UnlinkedFromProblem(CaseEvent):
    """The case is no longer linked to a problem."""

    type = EventType.UNLINKED
    transitions = stay(ALL_STATES)
    is_beside_work = True
    citizen_text = BilingualText(
        "يُعالج طلبك وحده: ليس من المشكلة التي ضُمّ إليها",
        "Your case is handled by itself: it is not about the problem to which it was joined",
    )
    officer_text = BilingualText("فُصل عن المشكلة رقم {problem}", "No longer linked to problem no. {problem}")
