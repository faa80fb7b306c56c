"""What the citizen and the public may see of a case."""

from datetime import datetime

from bekhedmetkom.kernel.text import BilingualText

from ..case_state import CaseState
from ..states import ANSWERED_STATES, OPEN_STATES, EventType
from .base import CaseEvent, Columns, stay


class FileShown(CaseEvent):
    """A file was shown to the citizen."""

    type = EventType.FILE_SHOWN
    transitions = stay((*OPEN_STATES, *ANSWERED_STATES))
    citizen_text = BilingualText("أُتيح لك ملف من {entity}", "{entity} lets you see a file")
    officer_text = BilingualText("أُتيح ملف لمقدم الطلب", "A file was shown to the citizen")


class FileHidden(CaseEvent):
    """A file was hidden from the citizen."""

    type = EventType.FILE_HIDDEN
    transitions = stay((*OPEN_STATES, *ANSWERED_STATES))
    officer_text = BilingualText("حُجب ملف عن مقدم الطلب", "A file was hidden from the citizen")


class CasePublished(CaseEvent):
    """The case is shown to everybody, in the body's words."""

    type = EventType.RELEASED
    transitions = stay((*OPEN_STATES, *ANSWERED_STATES))
    citizen_text = BilingualText(
        "عُرض طلبك للعموم بكلمات {entity} هذه، دون اسمك ووسائل التواصل معك، كما وافقت",
        "{entity} shows your case to everybody in these words, without your name or contact, as you agreed",
    )
    officer_text = BilingualText("عُرض الطلب للعموم", "Shown to everybody")

    def effects(self, state: CaseState, at: datetime) -> Columns:
        return {"released": state.seq + 1}


class CaseUnpublished(CaseEvent):
    """The case is no longer shown to everybody."""

    type = EventType.TAKEN_DOWN
    transitions = stay((*OPEN_STATES, *ANSWERED_STATES))
    citizen_text = BilingualText("لم يعد طلبك معروضًا للعموم", "Your case is no longer shown to everybody")
    officer_text = BilingualText("أُوقف عرض الطلب للعموم", "No longer shown to everybody")

    def effects(self, state: CaseState, at: datetime) -> Columns:
        return {"released": 0}


class PublicationRefused(CaseEvent):
    """The citizen does not want the case shown to everybody."""

    type = EventType.KEPT_PRIVATE
    transitions = stay((*OPEN_STATES, *ANSWERED_STATES))
    is_contact = True
    citizen_text = BilingualText(
        "طلبت ألا يُعرض طلبك للعموم، ولم يعد معروضًا",
        "You asked that your case is not shown to everybody, and it is not",
    )
    officer_text = BilingualText("طلب صاحبه ألا يُعرض للعموم", "Its citizen wants it shown to nobody")

    def effects(self, state: CaseState, at: datetime) -> Columns:
        return {"agreed": False, "released": 0}
