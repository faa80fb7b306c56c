"""How a case looks to its citizen: which icon stands beside what happened, how a date compares with the promise."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bekhedmetkom.cases.queries import CitizenCase, Entry
from bekhedmetkom.cases.rules.standing import Standing
from bekhedmetkom.cases.rules.states import STATE_WORDS, Happened, State
from bekhedmetkom.catalogue.rules import DISPOSITION_WORDS, KIND_WORDS, Handling, Kind
from bekhedmetkom.entities.queries import places
from bekhedmetkom.kernel.clock import local_day
from bekhedmetkom.kernel.dates import DAY, say_count
from bekhedmetkom.kernel.phones import masked_phone
from bekhedmetkom.kernel.words import Words
from bekhedmetkom.problems.queries import public_problem

LONGEST_TITLE = 60

# What the page says when a verb has been done.
DONE: Mapping[str, Promise] = {
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

STARS: Sequence[tuple[int, Promise]] = (
    (1, _("1 من 5، سيئة")),
    (2, _("2 من 5، ضعيفة")),
    (3, _("3 من 5، مقبولة")),
    (4, _("4 من 5، جيدة")),
    (5, _("5 من 5، ممتازة")),
)

_VERBS: Mapping[Happened, str] = {
    Happened.WROTE: "write",
    Happened.SUPPLIED: "write",
    Happened.CONFIRMED: "rate",
    Happened.DENIED: "rate",
    Happened.APPEALED: "appeal",
    Happened.WITHDRAWN: "withdraw",
    Happened.KEPT_PRIVATE: "private",
    Happened.ERASED: "erase",
}

_LOOKS: Mapping[State, tuple[str, str]] = {  # icon, and the tag's colour
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

_ICONS: Mapping[Happened, str] = {
    Happened.SUBMITTED: "inbox",
    Happened.ASSIGNED: "user",
    Happened.REFERRED: "forward",
    Happened.FOLLOWED: "forward",
    Happened.JOIN_ACCEPTED: "handshake",
    Happened.ASKED: "message-circle-question-mark",
    Happened.WROTE: "reply",
    Happened.SUPPLIED: "reply",
    Happened.ANSWERED: "check",
    Happened.REPLY_APPROVED: "check",
    Happened.CONFIRMED: "check",
    Happened.HEARD_SOLVED: "phone",
    Happened.HEARD_UNSOLVED: "phone",
    Happened.APPEALED: "scale",
    Happened.EXTENDED: "calendar-plus",
    Happened.RESCHEDULED: "calendar-plus",
    Happened.OVERDUE: "triangle-alert",
    Happened.ESCALATED: "triangle-alert",
    Happened.IDENTITY_REVEALED: "eye-off",
    Happened.IDENTITY_LOOKED: "eye-off",
    Happened.CONTACT_CONFIRMED: "shield-check",
    Happened.CONTACT_CORRECTED: "shield-check",
    Happened.CODE_RENEWED: "lock-keyhole",
    Happened.WITHDRAWN: "undo-2",
    Happened.FORWARDED: "send",
    Happened.RELEASED: "megaphone",
    Happened.TAKEN_DOWN: "eye-off",
    Happened.LINKED: "users",
    Happened.UNLINKED: "users",
    Happened.KEPT_PRIVATE: "eye-off",
    Happened.ERASED: "x",
    Happened.MERGED: "merge",
    Happened.ABSORBED: "merge",
}

# Shown in full elsewhere on the page.
_NOT_IN_THE_STORY = frozenset({"text", "title", "answer"})


def verb_of(happened: Happened) -> str:
    """The citizen's verb that an event came from; empty for what others did."""
    return _VERBS.get(happened, "")


def around(case: CitizenCase, language: str) -> dict[str, Any]:
    """What the page shows beside the case's own fields."""
    standing, who = case.standing, case.particulars
    state, icon, tag = looks_of(standing)
    ended = standing.state in (State.WITHDRAWN, State.MERGED)  # no answer comes here any more
    appealed = standing.state is State.APPEALED  # the date that runs now is the decision's
    return {
        "title": title_of(case),
        "erased": erased(case),
        "ended": ended,
        "kind": KIND_WORDS[standing.kind],
        "state": state,
        "state_icon": icon,
        "state_tag": tag,
        "outcome": DISPOSITION_WORDS[standing.disposition]
        if case.response and standing.disposition
        else None,
        "timeline": [_told(entry) for entry in case.timeline],
        "kept": None if appealed else kept(case.responded_at, standing.due_at, language),
        "appealed": appealed,
        "moved": local_day(standing.due_at) != local_day(standing.promised_at),
        "place": places().get(standing.governorate_id) if standing.governorate_id else None,
        "care": standing.care is not Handling.OPEN,
        "inspection": standing.care is Handling.INSPECTION,
        "phone": masked_phone(who.phone) if who.phone else "",
        "unconfirmed": bool(who.phone or who.email) and not (who.phone_confirmed or who.email_confirmed),
        "stars": STARS,
        "problem": public_problem(standing.problem_id) if standing.problem_id else None,
        "answerable": standing.kind in (Kind.QUESTION, Kind.SUGGESTION),  # nothing in it to be solved
        "open": case.responded_at is None and not ended,
    }


def erased(case: CitizenCase) -> bool:
    """Whether its citizen has erased every word in it."""
    return any(entry.happened is Happened.ERASED for entry in case.timeline)


def looks_of(standing: Standing) -> tuple[Words, str, str]:
    """How its state is shown: the word, the icon, the tag's colour."""
    return STATE_WORDS[standing.state], *_LOOKS[standing.state]


def title_of(case: CitizenCase) -> str:
    """Its title, or how its text begins."""
    unsaid = gettext("رسالة صوتية") if case.files else gettext("طلب محذوف النص")
    first = case.title or case.text.split("\n", 1)[0] or unsaid
    if len(first) <= LONGEST_TITLE:
        return first
    return f"{first[:LONGEST_TITLE].rsplit(' ', 1)[0]}…"


def kept(answered: datetime | None, due: datetime, language: str) -> dict[str, Any] | None:
    """How the answer's day compares with the promised one; `None` while there is no answer."""
    if answered is None:
        return None
    days = (local_day(due) - local_day(answered)).days
    if answered > due:
        return {
            "late": True,
            "words": gettext("وصل بعد الموعد: %s") % say_count(max(-days, 1), DAY, language),
        }
    if days == 0:
        return {"late": False, "words": gettext("وصل في الموعد")}
    return {"late": False, "words": gettext("وصل قبل الموعد: %s") % say_count(days, DAY, language)}


def _told(entry: Entry) -> dict[str, Any]:
    return {
        "at": entry.at,
        "words": entry.words,
        "icon": _ICONS.get(entry.happened, "circle-dot"),
        "said": [said.body for said in entry.texts if said.field not in _NOT_IN_THE_STORY],
    }
