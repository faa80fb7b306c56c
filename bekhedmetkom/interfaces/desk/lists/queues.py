"""How the queues of the desk are shown: picture, place in the side bar, what an empty one says."""

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
    """`alarming`: whatever is in it is late already, so its count is drawn in red. `beyond_open`: it has answered
    cases too."""

    name: str
    icon: str
    group: str
    empty: str | Promise
    alarming: bool = False
    beyond_open: bool = False

    @property
    def title(self) -> BilingualText:
        return QUEUE_LABELS[self.name]

    @property
    def states(self) -> Collection[State]:
        """Those that its cases may be in."""
        return list(State) if self.beyond_open else OPEN_STATES


QUEUES: Mapping[str, Queue] = {
    queue.name: queue
    for queue in (
        Queue("mine", "inbox", "mine", _("لا شيء ينتظرك الآن.")),
        Queue("overdue", "triangle-alert", "mine", _("لا طلب متأخر."), alarming=True),
        Queue("today", "timer", "mine", _("لا طلب موعده اليوم.")),
        Queue("approval", "shield-check", "mine", _("لا رد ينتظر الاعتماد.")),
        Queue("appeals", "scale", "mine", _("لا اعتراض ينتظر قرارًا.")),
        Queue("callbacks", "phone", "mine", _("لا أحد ينتظر مكالمة."), beyond_open=True),
        Queue("unit", "users", "body", _("لا طلب عند قسمك.")),
        Queue("unassigned", "user-plus", "mine", _("لا طلب بلا مكلّف.")),
        Queue("snoozed", "alarm-clock", "mine", _("لا طلب مؤجّل.")),
        Queue("entity", "clipboard-list", "body", _("لا طلب مفتوح.")),
        Queue("answered", "circle-check", "body", _("لا رد في الأيام السبعة الأخيرة."), beyond_open=True),
        Queue("triage", "list-filter", "above", _("لا طلب ينتظر تحديد الجهة.")),
        Queue("escalated", "trending-up", "above", _("لا طلب مرفوع إليك.")),
    )
}


class QueueCount(NamedTuple):
    """A queue with how much waits in it, capped; `None`: nobody has counted yet."""

    queue: Queue
    waiting: int | None

    @property
    def shown(self) -> str:
        return "" if self.waiting is None else format_capped_count(self.waiting)


Sidebar = list[tuple[str | Promise, list[QueueCount]]]


def format_capped_count(count: int) -> str:
    """As it stands beside a queue."""
    return f"{COUNT_LIMIT}+" if count > COUNT_LIMIT else str(count)


def build_sidebar(visit: RequestContext, counts: Mapping[str, int]) -> Sidebar:
    """The officer's queues by group, with what of their counts is known."""
    own = [QueueCount(queue, counts.get(queue.name)) for queue in list_own_queues(visit)]
    return [
        (title, group)
        for key, title in QUEUE_GROUPS.items()
        if (group := [c for c in own if c.queue.group == key])
    ]


def format_case_count(count: int, visit: RequestContext) -> str:
    """How much is in a queue, in words: "24 طلبًا"; nothing for an empty or an endless one."""
    return format_count(count, CASE, visit.language) if 0 < count <= COUNT_LIMIT else ""


def list_own_queues(visit: RequestContext) -> list[Queue]:
    """In the order of the side bar."""
    return [queue for name, queue in QUEUES.items() if name in list_queues(visit.actor)]


def get_first_queue(visit: RequestContext) -> Queue:
    """Where the day begins: for who distributes with what has just come in, for others with what is theirs to do."""
    own = {queue.name: queue for queue in list_own_queues(visit)}
    return next(own[name] for name in ("triage", "unassigned", *own) if name in own)


def get_requested_queue(query: QueryDict, visit: RequestContext) -> Queue:
    """The queue that an address names, else the officer's first; 404 where it is none of theirs."""
    named = query.get("queue")
    if named is None:
        return get_first_queue(visit)
    chosen = next((queue for queue in list_own_queues(visit) if queue.name == named), None)
    if chosen is None:
        raise Http404
    return chosen


def get_widest_queue(visit: RequestContext) -> Queue:
    """Where the search box looks: the queue that holds the most of what the officer may read."""
    own = {queue.name: queue for queue in list_own_queues(visit)}
    return next(own[name] for name in ("entity", "unit", "mine") if name in own)
