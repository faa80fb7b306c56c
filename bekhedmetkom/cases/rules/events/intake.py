"""How a case begins, and what is written down of it."""

from datetime import datetime

from bekhedmetkom.kernel.text import BilingualText

from ..case_state import CaseState
from ..states import ANSWERED_STATES, OPEN_STATES, WAITING_STATES, WORKING_STATES, EventType, State
from .base import NOTHING_ASKED, CaseEvent, Columns, lead, stay


class CaseSubmitted(CaseEvent):
    """A case was brought; its first event, whose data gives the whole initial state."""

    type = EventType.SUBMITTED
    transitions = {None: State.RECEIVED}
    citizen_text = BilingualText("وصل طلبك إلى {entity}", "Your case reached {entity}")
    officer_text = BilingualText(
        "وصل الطلب، ووُعد صاحبه بالرد قبل نهاية {until}", "Received, with an answer promised by {until}"
    )


class VoiceTranscribed(CaseEvent):
    """An officer wrote down what a voice message says."""

    type = EventType.TRANSCRIBED
    transitions = stay(OPEN_STATES)
    citizen_text = BilingualText(
        "كتب موظف ما قلته في رسالتك الصوتية. إن لم يكن كما قلت فأخبرنا",
        "An officer wrote down your voice message. If it is not what you said, tell us",
    )
    officer_text = BilingualText("فُرّغت الرسالة الصوتية", "Voice message written down")

    def effects(self, state: CaseState, at: datetime) -> Columns:
        return {"voice": False}


class CaseSplit(CaseEvent):
    """A part of the case became a case of its own."""

    type = EventType.SPLIT
    transitions = stay((*WAITING_STATES, State.ASSIGNED))
    citizen_text = BilingualText(
        "فُصل جزء من طلبك في طلب جديد {reference}", "Part of your case became {reference}"
    )
    officer_text = BilingualText("فُصل منه {reference}", "Split into {reference}")


class CaseMerged(CaseEvent):
    """The case was joined to another case of the same person."""

    type = EventType.MERGED
    transitions = lead((*WAITING_STATES, State.ASSIGNED), to=State.MERGED)
    citizen_text = BilingualText(
        "ضُمّ طلبك إلى طلبك {reference}", "Your case was joined to your case {reference}"
    )
    officer_text = BilingualText("دُمج في {reference}", "Merged into {reference}")

    def effects(self, state: CaseState, at: datetime) -> Columns:
        return {"instructions": ()}

    def task_effects(self, state: CaseState) -> Columns:
        return {"tasks": (), "tasks_due": ()}


class CaseAbsorbed(CaseEvent):
    """Another case of the same person was joined to this one."""

    type = EventType.ABSORBED
    transitions = stay((*WAITING_STATES, State.ASSIGNED))
    citizen_text = BilingualText("ضُمّ إليه طلبك {reference}", "Your case {reference} was joined to this one")
    officer_text = BilingualText("دُمج فيه {reference}", "Absorbed {reference}")


class CaseWithdrawn(CaseEvent):
    """The citizen took the case back before it was answered."""

    type = EventType.WITHDRAWN
    transitions = lead((*WORKING_STATES, State.AWAITING_CITIZEN), to=State.WITHDRAWN)
    is_contact = True
    citizen_text = BilingualText("سحبت طلبك", "You withdrew your case")
    officer_text = BilingualText("سحبه مقدم الطلب", "Withdrawn by the citizen")

    def effects(self, state: CaseState, at: datetime) -> Columns:
        return {"instructions": ()}

    def task_effects(self, state: CaseState) -> Columns:
        return {"tasks": (), "tasks_due": ()}


class CaseErased(CaseEvent):
    """The citizen erased every word, name and file of the case."""

    type = EventType.ERASED
    transitions = {
        **stay((State.MERGED,)),
        **lead((*OPEN_STATES, *ANSWERED_STATES, State.WITHDRAWN), to=State.WITHDRAWN),
    }
    is_contact = True
    citizen_text = BilingualText(
        "حذفت كل ما كُتب في هذا الطلب", "You erased everything that was written in this case"
    )
    officer_text = BilingualText(
        "حذف مقدم الطلب كل ما كُتب فيه", "The citizen erased everything that was written in it"
    )

    def effects(self, state: CaseState, at: datetime) -> Columns:
        return {"instructions": (), "voice": False, "agreed": False, "released": 0}

    def task_effects(self, state: CaseState) -> Columns:
        return dict(NOTHING_ASKED)
