"""What moves a date, and what the clock causes."""

from datetime import datetime

from bekhedmetkom.kernel.text import BilingualText

from ..case_state import CaseState
from ..states import OPEN_STATES, WORKING_STATES, EventType, State
from .base import CaseEvent, Columns, higher_level, lead, stay


class DeadlineExtended(CaseEvent):
    """A higher official extended the date once, with a reason the citizen reads."""

    type = EventType.EXTENDED
    transitions = stay((*WORKING_STATES, State.APPEALED))
    is_undoable = True
    is_visible_act = True
    citizen_text = BilingualText(
        "مُدّد الموعد إلى {until}. السبب مكتوب أدناه", "The date was extended to {until}; the reason is below"
    )
    officer_text = BilingualText("مُدّد الموعد إلى {until}", "Extended to {until}")

    def effects(self, state: CaseState, at: datetime) -> Columns:
        return {"extensions": state.extensions + 1}


class CaseEscalated(CaseEvent):
    """The case was raised to a higher official by hand."""

    type = EventType.ESCALATED
    transitions = stay((*WORKING_STATES, State.APPEALED))
    is_undoable = True
    citizen_text = BilingualText("رُفع طلبك إلى {level}", "Your case was raised to {level}")
    officer_text = BilingualText("رُفع إلى {level}", "Escalated to {level}")


class CaseSnoozed(CaseEvent):
    """The case was set aside until a day inside its term."""

    type = EventType.SNOOZED
    transitions = stay((*WORKING_STATES, State.APPEALED))
    is_undoable = True
    officer_text = BilingualText("أُجّل العمل عليه إلى {until}", "Snoozed until {until}")


class ReminderSent(CaseEvent):
    """A share of the term has passed."""

    type = EventType.REMINDED
    transitions = stay((*WORKING_STATES, State.APPEALED))
    officer_text = BilingualText(
        "تذكير: مضى {percent} من المدة", "Reminder: {percent} of the term has passed"
    )


class IdleNoticed(CaseEvent):
    """Nothing visible happened within the set time."""

    type = EventType.IDLE
    transitions = stay((*WORKING_STATES, State.APPEALED))
    officer_text = BilingualText(
        "مضت المهلة دون إجراء، فوصل تنبيه إلى {level}", "No action within the set time; {level} was told"
    )

    def effects(self, state: CaseState, at: datetime) -> Columns:
        return {"idle_told": True}


class DeadlineMissed(CaseEvent):
    """The date has passed; the case climbs one step of the ladder."""

    type = EventType.OVERDUE
    transitions = stay((*WORKING_STATES, State.APPEALED))
    citizen_text = BilingualText(
        "تأخر الرد، فرُفع طلبك تلقائيًا إلى {level}",
        "The answer is late, so your case was raised automatically to {level}",
    )
    officer_text = BilingualText(
        "تجاوز الموعد، ورُفع تلقائيًا إلى {level}", "Past its date; raised automatically to {level}"
    )

    def effects(self, state: CaseState, at: datetime) -> Columns:
        return {"rungs": state.rungs + 1, "level": higher_level(state.level, self.data["level"])}


class TaskLate(CaseEvent):
    """What was asked of another unit or body is late."""

    type = EventType.TASK_LATE
    transitions = stay(OPEN_STATES)
    officer_text = BilingualText(
        "مضى موعد مهمة بلا جواب، {until}", "A task is late: its answer was due by {until}"
    )

    def task_effects(self, state: CaseState) -> Columns:
        late = datetime.fromisoformat(self.data["until"])
        return {"tasks_due": tuple(day for day in state.tasks_due if day != late)}


class ClockResumed(CaseEvent):
    """The time for waiting for the citizen is used up; the clock runs again."""

    type = EventType.RESUMED
    transitions = lead((State.AWAITING_CITIZEN,), to=State.ASSIGNED)
    is_visible_act = True
    citizen_text = BilingualText(
        "انتهت مدة انتظار جوابك، وعاد طلبك إلى المعالجة",
        "The time for your reply has passed, and work on your case goes on",
    )
    officer_text = BilingualText(
        "انتهت مدة الانتظار وعاد احتساب المدة", "The pause is used up; the clock runs again"
    )

    def effects(self, state: CaseState, at: datetime) -> Columns:
        return {"paused_at": None}


class DeadlineRescheduled(CaseEvent):
    """The working calendar changed, and with it the date."""

    type = EventType.RESCHEDULED
    transitions = stay(OPEN_STATES)
    citizen_text = BilingualText(
        "تغيّر تقويم الدوام الرسمي، فصار موعدك {until}",
        "The official working calendar changed; your date is now {until}",
    )
    officer_text = BilingualText(
        "تغيّر تقويم الدوام، والموعد {until}", "Working calendar changed; due {until}"
    )


class NextMomentRecounted(CaseEvent):
    """The working calendar changed, and with it when the sweep looks again."""

    type = EventType.RECOUNTED
    transitions = stay(OPEN_STATES)
    officer_text = BilingualText(
        "تغيّر تقويم الدوام، فاحتُسبت المواعيد التالية من جديد",
        "Working calendar changed; what comes next was counted anew",
    )


class RatingAskedAgain(CaseEvent):
    """The citizen was asked again whether it is solved."""

    type = EventType.ASKED_AGAIN
    transitions = stay((State.ANSWERED,))
    citizen_text = BilingualText("سألناك مرة أخرى: هل حُلّ الأمر؟", "We asked you again: was it solved?")
    officer_text = BilingualText(
        "سُئل مقدم الطلب ثانية: هل حُلّ؟", "The citizen was asked again whether it is solved"
    )

    def effects(self, state: CaseState, at: datetime) -> Columns:
        return {"asked_again": True}


class RatingLapsed(CaseEvent):
    """The time for rating or appeal passed without a word."""

    type = EventType.LAPSED
    transitions = lead((State.ANSWERED,), to=State.CLOSED)
    citizen_text = BilingualText(
        "أُغلق طلبك لأن مدة التقييم انتهت. لا نعدّه محلولًا ما لم تقل ذلك",
        "Closed because the time for rating passed. It does not count as solved unless you say so",
    )
    officer_text = BilingualText(
        "أُغلق بانتهاء المدة: لم يُعترض عليه", "Closed when the time passed: not contradicted"
    )
