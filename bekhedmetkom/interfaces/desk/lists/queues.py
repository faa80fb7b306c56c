"""Presentation of the queues: icon, group in the side bar, text of an empty one."""

from collections.abc import Collection, Mapping
from typing import NamedTuple

from django.http import Http404, QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bekhedmetkom.cases.queries import COUNT_LIMIT, QUEUE_LABELS, list_queues
from bekhedmetkom.cases.rules.states import OPEN_STATES, State
from bekhedmetkom.kernel.formatting import CASE, format_count
from bekhedmetkom.kernel.text import BilingualText

from ..request_context import RequestContext

QUEUE_GROUPS: Mapping[str, str | Promise] = {"mine": _("عملي"), "body": _("الجهة"), "above": _("المتابعة")}


class Queue(NamedTuple):
    """`is_alarming`: all its cases are late, so its count is red. `includes_answered`: has answered cases too."""

    name: str
    icon: str
    group: str
    empty: str | Promise
    is_alarming: bool = False
    includes_answered: bool = False

    @property
    def title(self) -> BilingualText:
        return QUEUE_LABELS[self.name]

    @property
    def states(self) -> Collection[State]:
        """The states that its cases may have."""
        return list(State) if self.includes_answered else OPEN_STATES


QUEUES: Mapping[str, Queue] = {
    queue.name: queue
    for queue in (
        Queue("mine", "inbox", "mine", _("لا شيء ينتظرك الآن.")),
        Queue("overdue", "triangle-alert", "mine", _("لا طلب متأخر."), is_alarming=True),
        Queue("today", "timer", "mine", _("لا طلب موعده اليوم.")),
        Queue("approval", "shield-check", "mine", _("لا رد ينتظر الاعتماد.")),
        Queue("appeals", "scale", "mine", _("لا اعتراض ينتظر قرارًا.")),
        Queue("callbacks", "phone", "mine", _("لا أحد ينتظر مكالمة."), includes_answered=True),
        Queue("unit", "users", "body", _("لا طلب عند قسمك.")),
        Queue("unassigned", "user-plus", "mine", _("لا طلب بلا مكلّف.")),
        Queue("snoozed", "alarm-clock", "mine", _("لا طلب مؤجّل.")),
        Queue("entity", "clipboard-list", "body", _("لا طلب مفتوح.")),
        Queue(
            "answered", "circle-check", "body", _("لا رد في الأيام السبعة الأخيرة."), includes_answered=True
        ),
        Queue("triage", "list-filter", "above", _("لا طلب ينتظر تحديد الجهة.")),
        Queue("escalated", "trending-up", "above", _("لا طلب مرفوع إليك.")),
    )
}


class QueueCount(NamedTuple):
    """A queue and its number of cases, capped; `None` if not counted yet."""

    queue: Queue
    case_count: int | None

    @property
    def label(self) -> str:
        return "" if self.case_count is None else format_capped_count(self.case_count)


Sidebar = list[tuple[str | Promise, list[QueueCount]]]


def format_capped_count(count: int) -> str:
    """Format a count beside a queue."""
    return f"{COUNT_LIMIT}+" if count > COUNT_LIMIT else str(count)


def build_sidebar(visit: RequestContext, counts: Mapping[str, int]) -> Sidebar:
    """Return the officer's queues by group, with the known counts."""
    own = [QueueCount(queue, counts.get(queue.name)) for queue in list_own_queues(visit)]
    return [
        (title, group)
        for key, title in QUEUE_GROUPS.items()
        if (group := [c for c in own if c.queue.group == key])
    ]


def format_case_count(count: int, visit: RequestContext) -> str:
    """Format the size of a queue in words: "24 طلبًا"; empty for none or for too many."""
    return format_count(count, CASE, visit.language) if 0 < count <= COUNT_LIMIT else ""


def list_own_queues(visit: RequestContext) -> list[Queue]:
    """Return the officer's queues in side-bar order."""
    return [queue for name, queue in QUEUES.items() if name in list_queues(visit.actor)]


def get_first_queue(visit: RequestContext) -> Queue:
    """Return the start queue: new cases for distributors, their own work for others."""
    own = {queue.name: queue for queue in list_own_queues(visit)}
    return next(own[name] for name in ("triage", "unassigned", *own) if name in own)


def get_requested_queue(query: QueryDict, visit: RequestContext) -> Queue:
    """Return the queue of the query string, else the first one. Raises `Http404` for another officer's queue."""
    named = query.get("queue")
    if named is None:
        return get_first_queue(visit)
    chosen = next((queue for queue in list_own_queues(visit) if queue.name == named), None)
    if chosen is None:
        raise Http404
    return chosen


def get_widest_queue(visit: RequestContext) -> Queue:
    """Return the queue that search covers: the widest one of the officer."""
    own = {queue.name: queue for queue in list_own_queues(visit)}
    return next(own[name] for name in ("entity", "unit", "mine") if name in own)
