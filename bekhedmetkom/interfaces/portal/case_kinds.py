"""The kinds of case as the portal offers them: icon, description and promised time."""

from datetime import datetime
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from bekhedmetkom.catalogue.queries import get_promised_days
from bekhedmetkom.catalogue.rules import Kind
from bekhedmetkom.kernel.formatting import format_working_days


class KindDescription(NamedTuple):
    """`summary` is shown on the home page, `description` beside the choice."""

    kind: str
    icon: str
    name: Promise
    summary: Promise
    description: Promise


KIND_DESCRIPTIONS = (
    KindDescription(
        Kind.QUESTION,
        "message-circle-question-mark",
        _("سؤال"),
        _("عن خدمة أو إجراء أو قرار"),
        _("تريد معلومة عن خدمة أو إجراء أو قرار."),
    ),
    KindDescription(
        Kind.COMPLAINT,
        "message-square-warning",
        _("شكوى"),
        _("خدمة لم تصلك كما يجب"),
        _("خدمة تأخرت أو تعطلت أو لم تصلك كما يجب."),
    ),
    KindDescription(
        Kind.SUGGESTION,
        "lightbulb",
        _("اقتراح"),
        _("فكرة تحسّن خدمة أو مكانًا"),
        _("فكرة تجعل خدمة أو مكانًا أفضل."),
    ),
    KindDescription(
        Kind.PRAISE,
        "heart",
        _("ثناء"),
        _("لموظف أو جهة أحسنت"),
        _("موظف أو جهة أحسنت. يصل إلى الموظف ومديره."),
    ),
    KindDescription(
        Kind.VIOLATION,
        "shield-alert",
        _("إبلاغ عن مخالفة"),
        _("غش أو خطر أو تعدٍّ على القانون"),
        _("غش تجاري، بناء مخالف، خطر على الصحة أو السلامة."),
    ),
)


class PromisedKind(NamedTuple):
    """A kind with its current promise, such as "3 أيام عمل" or "5 إلى 15 يوم عمل"."""

    kind: str
    icon: str
    name: Promise
    summary: Promise
    description: Promise
    promise: str


def list_promised_kinds(at: datetime) -> list[PromisedKind]:
    """Return all five kinds with their promised working days; empty promises without a policy."""
    return [
        PromisedKind(*description, promise=_format_promise(Kind(description.kind), at))
        for description in KIND_DESCRIPTIONS
    ]


def _format_promise(kind: Kind, at: datetime) -> str:
    days = get_promised_days(kind, at)
    if not days:
        return ""
    longest = format_working_days(max(days), get_language() or "ar")
    if min(days) == max(days):
        return longest
    return gettext("%(least)d إلى %(most)s") % {"least": min(days), "most": longest}
