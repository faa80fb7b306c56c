"""Presentation of a case to its citizen: icons, state, timeline and deadline."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bekhedmetkom.cases.queries import CitizenCase, TimelineEntry
from bekhedmetkom.cases.rules.case_state import CaseState
from bekhedmetkom.cases.rules.states import STATE_LABELS, EventType, State
from bekhedmetkom.catalogue.rules import DISPOSITION_LABELS, KIND_LABELS, Handling, Kind
from bekhedmetkom.entities.queries import get_governorates
from bekhedmetkom.kernel.clock import get_local_date
from bekhedmetkom.kernel.formatting import DAY, format_count
from bekhedmetkom.kernel.phone_numbers import mask_phone
from bekhedmetkom.kernel.text import BilingualText
from bekhedmetkom.problems.queries import get_public_problem

MAX_TITLE_LENGTH = 60

# Message after a verb succeeded.
SUCCESS_MESSAGES: Mapping[str, Promise] = {
    "write": _("وصل ما كتبته إلى الجهة."),
    "rate": _("سجّلنا جوابك. شكرًا لك."),
    "appeal": _("وصل اعتراضك، ويراجعه موظف لم يتعامل مع طلبك."),
    "withdraw": _("سحبت طلبك."),
    "private": _("لن يُعرض طلبك للعموم."),
    "erase": _("حذفنا كل ما كُتب في هذا الطلب."),
    "contact": _("تأكدنا أنه لك. إن نسيت الرمز أرسلنا إليه رمزًا جديدًا."),
    "notify": _("حفظنا اختيارك."),
    "push": _("سننبّه هذا الجهاز بكل جديد في الطلب."),
    "push-off": _("لن ننبّه أي جهاز لك بعد الآن."),
}

STAR_LABELS: Sequence[tuple[int, Promise]] = (
    (1, _("1 من 5، سيئة")),
    (2, _("2 من 5، ضعيفة")),
    (3, _("3 من 5، مقبولة")),
    (4, _("4 من 5، جيدة")),
    (5, _("5 من 5، ممتازة")),
)

_VERBS_BY_EVENT: Mapping[EventType, str] = {
    EventType.WROTE: "write",
    EventType.SUPPLIED: "write",
    EventType.CONFIRMED: "rate",
    EventType.DENIED: "rate",
    EventType.APPEALED: "appeal",
    EventType.WITHDRAWN: "withdraw",
    EventType.KEPT_PRIVATE: "private",
    EventType.ERASED: "erase",
}

_STATE_STYLES: Mapping[State, tuple[str, str]] = {  # icon and tag class
    State.RECEIVED: ("inbox", ""),
    State.CLASSIFIED: ("list-filter", ""),
    State.ASSIGNED: ("circle-dot", "tag--info"),
    State.AWAITING_CITIZEN: ("hourglass", "tag--warn"),
    State.AWAITING_APPROVAL: ("shield-check", "tag--teal"),
    State.ANSWERED: ("circle-check", "tag--ok"),
    State.RESOLVED: ("check", "tag--ok"),
    State.APPEALED: ("scale", "tag--plum"),
    State.CLOSED: ("lock-keyhole", ""),
    State.WITHDRAWN: ("undo-2", ""),
    State.MERGED: ("merge", ""),
}

_EVENT_ICONS: Mapping[EventType, str] = {
    EventType.SUBMITTED: "inbox",
    EventType.ASSIGNED: "user",
    EventType.REFERRED: "forward",
    EventType.FOLLOWED: "forward",
    EventType.JOIN_ACCEPTED: "handshake",
    EventType.ASKED: "message-circle-question-mark",
    EventType.WROTE: "reply",
    EventType.SUPPLIED: "reply",
    EventType.ANSWERED: "check",
    EventType.REPLY_APPROVED: "check",
    EventType.CONFIRMED: "check",
    EventType.HEARD_SOLVED: "phone",
    EventType.HEARD_UNSOLVED: "phone",
    EventType.APPEALED: "scale",
    EventType.EXTENDED: "calendar-plus",
    EventType.RESCHEDULED: "calendar-plus",
    EventType.OVERDUE: "triangle-alert",
    EventType.ESCALATED: "triangle-alert",
    EventType.IDENTITY_REVEALED: "eye-off",
    EventType.IDENTITY_LOOKED: "eye-off",
    EventType.CONTACT_CONFIRMED: "shield-check",
    EventType.CONTACT_CORRECTED: "shield-check",
    EventType.CODE_RENEWED: "lock-keyhole",
    EventType.WITHDRAWN: "undo-2",
    EventType.FORWARDED: "send",
    EventType.RELEASED: "megaphone",
    EventType.TAKEN_DOWN: "eye-off",
    EventType.LINKED: "users",
    EventType.UNLINKED: "users",
    EventType.KEPT_PRIVATE: "eye-off",
    EventType.ERASED: "x",
    EventType.MERGED: "merge",
    EventType.ABSORBED: "merge",
}

# Shown elsewhere on the page.
_SHOWN_ELSEWHERE = frozenset({"text", "title", "answer"})


def get_verb(happened: EventType) -> str:
    """Return the citizen's verb that caused an event; empty for others' events."""
    return _VERBS_BY_EVENT.get(happened, "")


def build_case_context(case: CitizenCase, language: str) -> dict[str, Any]:
    """Return the template context beside the case's own fields."""
    standing, particulars = case.standing, case.particulars
    state, icon, tag = get_state_style(standing)
    ended = standing.state in (State.WITHDRAWN, State.MERGED)  # no answer will follow
    appealed = standing.state is State.APPEALED  # the deadline is that of the decision
    return {
        "title": get_title(case),
        "erased": is_erased(case),
        "ended": ended,
        "kind": KIND_LABELS[standing.kind],
        "state": state,
        "state_icon": icon,
        "state_tag": tag,
        "outcome": DISPOSITION_LABELS[standing.disposition]
        if case.response and standing.disposition
        else None,
        "timeline": [_build_timeline_entry(entry) for entry in case.timeline],
        "kept": None if appealed else compare_with_deadline(case.responded_at, standing.due_at, language),
        "appealed": appealed,
        "moved": get_local_date(standing.due_at) != get_local_date(standing.promised_at),
        "place": get_governorates().get(standing.governorate_id) if standing.governorate_id else None,
        "care": standing.care is not Handling.OPEN,
        "inspection": standing.care is Handling.INSPECTION,
        "phone": mask_phone(particulars.phone) if particulars.phone else "",
        "unconfirmed": bool(particulars.phone or particulars.email)
        and not (particulars.phone_confirmed or particulars.email_confirmed),
        "stars": STAR_LABELS,
        "problem": get_public_problem(standing.problem_id) if standing.problem_id else None,
        "answerable": standing.kind in (Kind.QUESTION, Kind.SUGGESTION),  # such a case is not solved
        "open": case.responded_at is None and not ended,
    }


def is_erased(case: CitizenCase) -> bool:
    """Return whether the citizen has erased the case's content."""
    return any(entry.happened is EventType.ERASED for entry in case.timeline)


def get_state_style(standing: CaseState) -> tuple[BilingualText, str, str]:
    """Return label, icon and tag class of the case's state."""
    return STATE_LABELS[standing.state], *_STATE_STYLES[standing.state]


def get_title(case: CitizenCase) -> str:
    """Return the title, or the beginning of the text."""
    fallback = gettext("رسالة صوتية") if case.files else gettext("طلب محذوف النص")
    first = case.title or case.text.split("\n", 1)[0] or fallback
    if len(first) <= MAX_TITLE_LENGTH:
        return first
    return f"{first[:MAX_TITLE_LENGTH].rsplit(' ', 1)[0]}…"


def compare_with_deadline(answered: datetime | None, due: datetime, language: str) -> dict[str, Any] | None:
    """Return whether the answer was late and by how much; `None` without an answer."""
    if answered is None:
        return None
    days = (get_local_date(due) - get_local_date(answered)).days
    if answered > due:
        return {
            "late": True,
            "words": gettext("وصل بعد الموعد: %s") % format_count(max(-days, 1), DAY, language),
        }
    if days == 0:
        return {"late": False, "words": gettext("وصل في الموعد")}
    return {"late": False, "words": gettext("وصل قبل الموعد: %s") % format_count(days, DAY, language)}


def _build_timeline_entry(entry: TimelineEntry) -> dict[str, Any]:
    return {
        "at": entry.at,
        "words": entry.words,
        "icon": _EVENT_ICONS.get(entry.happened, "circle-dot"),
        "said": [text.body for text in entry.texts if text.field not in _SHOWN_ELSEWHERE],
    }
