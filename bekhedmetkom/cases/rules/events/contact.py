"""How the citizen is reached, and who looked at who they are."""

from datetime import datetime

from bekhedmetkom.kernel.text import BilingualText

from ..case_state import CaseState
from ..states import ALL_STATES, ANSWERED_STATES, OPEN_STATES, WAITING_STATES, EventType, State
from .base import NO_WORD, CaseEvent, Columns, lead, stay


class CitizenWrote(CaseEvent):
    """The citizen added information or answered a question; a pause ends."""

    type = EventType.WROTE
    transitions = {
        **stay((*WAITING_STATES, State.AWAITING_APPROVAL, State.ANSWERED, State.APPEALED)),
        **lead((State.ASSIGNED, State.AWAITING_CITIZEN), to=State.ASSIGNED),
    }
    is_visible_act = True
    is_contact = True
    citizen_text = BilingualText("أضفت معلومة{via}", "You added information{via}")
    officer_text = BilingualText("كتب مقدم الطلب{via}", "The citizen wrote{via}")

    def effects(self, state: CaseState, at: datetime) -> Columns:
        return {"paused_at": None}


class InformationSupplied(CaseEvent):
    """The citizen sent what an answer had found missing; the case opens again."""

    type = EventType.SUPPLIED
    transitions = lead((State.ANSWERED, State.CLOSED), to=State.ASSIGNED)
    is_visible_act = True
    is_contact = True
    citizen_text = BilingualText(
        "أرسلت المعلومات الناقصة، فعاد طلبك إلى المعالجة",
        "You sent what was missing, and your case is open again",
    )
    officer_text = BilingualText(
        "أكمل مقدم الطلب المعلومات، وعاد الطلب إلى المعالجة", "The citizen supplied information; reopened"
    )

    def effects(self, state: CaseState, at: datetime) -> Columns:
        return {"disposition": None, "answered_at": None, "asked_again": False, **NO_WORD}


class CitizenCalled(CaseEvent):
    """An officer called the citizen."""

    type = EventType.CALLED
    transitions = stay((*OPEN_STATES, *ANSWERED_STATES))
    is_undoable = True
    is_contact = True
    citizen_text = BilingualText("اتصل بك موظف", "An officer called you")
    officer_text = BilingualText("اتُّصل بمقدم الطلب", "The citizen was called")


class CitizenUnreachable(CaseEvent):
    """A message to the citizen did not arrive."""

    type = EventType.UNREACHED
    transitions = stay(ALL_STATES)
    is_beside_work = True
    citizen_text = BilingualText(
        "أرسلنا إليك ولم تصل الرسالة. راجع {contact} وأكده هنا",
        "A message to you did not arrive. Please check {contact} and confirm it here",
    )
    officer_text = BilingualText(
        "لم تصل مقدم الطلب رسالة، راجعوا {their_contact} واتصلوا به",
        "A message did not reach the citizen: check {their_contact}, and call",
    )

    def effects(self, state: CaseState, at: datetime) -> Columns:
        return {"unreached": True}


class ContactConfirmed(CaseEvent):
    """The citizen confirmed a contact."""

    type = EventType.CONTACT_CONFIRMED
    transitions = stay(ALL_STATES)
    is_contact = True
    is_beside_work = True
    citizen_text = BilingualText("أكدت {contact}", "You confirmed {contact}")
    officer_text = BilingualText("أكد مقدم الطلب {their_contact}", "The citizen confirmed {their_contact}")


class ContactCorrected(CaseEvent):
    """The citizen changed a contact and confirmed it."""

    type = EventType.CONTACT_CORRECTED
    transitions = stay(ALL_STATES)
    is_contact = True
    is_beside_work = True
    citizen_text = BilingualText("غيّرت {contact} وأكدته", "You changed {contact} and confirmed it")
    officer_text = BilingualText(
        "غيّر مقدم الطلب {their_contact} وأكده", "The citizen changed {their_contact} and confirmed it"
    )


class ContactPreferred(CaseEvent):
    """The citizen chose how to be told."""

    type = EventType.CONTACT_PREFERRED
    transitions = stay(ALL_STATES)
    is_beside_work = True
    citizen_text = BilingualText("اخترت كيف نخبرك بجديد طلبك", "You chose how we tell you what is new")
    officer_text = BilingualText(
        "اختار مقدم الطلب كيف نخبره بالجديد", "The citizen chose how to be told what is new"
    )


class AccessCodeRenewed(CaseEvent):
    """A new access code was sent to a confirmed contact."""

    type = EventType.CODE_RENEWED
    transitions = stay(ALL_STATES)
    is_beside_work = True
    citizen_text = BilingualText(
        "أُرسل رمز متابعة جديد إلى {contact}، ولم يعد الرمز القديم يعمل",
        "A new access code was sent to {contact}; the old one no longer works",
    )
    officer_text = BilingualText(
        "أُرسل إلى مقدم الطلب رمز متابعة جديد", "The citizen was sent a new access code"
    )


class IdentityRevealed(CaseEvent):
    """An officer looked at a withheld identity to call back."""

    type = EventType.IDENTITY_REVEALED
    transitions = stay(ALL_STATES)
    citizen_text = BilingualText(
        "اطّلع {looker} على اسمك ورقمك للتواصل معك", "{looker} looked at your name and number to contact you"
    )
    officer_text = BilingualText(
        "كُشفت الهوية المحجوبة، والسبب مسجّل", "Withheld identity revealed; the reason is recorded"
    )


class IdentityViewed(CaseEvent):
    """An officer saw who the citizen is, in a search or on a printed case."""

    type = EventType.IDENTITY_LOOKED
    transitions = stay(ALL_STATES)
    is_beside_work = True
    citizen_text = BilingualText(
        "اطّلع {looker} على اسمك ورقمك: {why}", "{looker} looked at your name and number: {why}"
    )
    officer_text = BilingualText(
        "اطّلع {looker} على اسم مقدم الطلب ورقمه: {why}",
        "{looker} looked at the citizen's name and number: {why}",
    )
