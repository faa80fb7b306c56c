"""From a figure to the cases behind it: the desk's own list, narrowed alike, for who may read them."""

from urllib.parse import urlencode

from django.urls import reverse

from bekhedmetkom.cases.queries import queues_of

from .asked import Asked

_SAME = {
    "unit": "unit",
    "kind": "kind",
    "service": "service",
    "governorate": "governorate",
    "channel": "channel",
}


def behind(asked: Asked, queue: str, *, in_period: bool = False, **own: object) -> str:
    """The address of a queue's cases within these figures; empty for who has no such queue, or where the desk cannot
    ask for just these bodies. `own` narrows further, by the desk's names: one body, one topic, one governorate."""
    visit, part = asked.visit, asked.slice
    if not visit.reads or queue not in queues_of(visit.actor):
        return ""
    narrowed = {name: value for name, of in _SAME.items() if (value := getattr(part, of)) is not None}
    if part.entities is not None and part.entities != visit.reach and "entity" not in own:
        if len(part.entities) != 1:
            return ""
        narrowed["entity"] = next(iter(part.entities))
    if in_period:
        narrowed |= {"came_from": part.start, "came_to": part.end}
    return f"{reverse('desk:list')}?{urlencode({'queue': queue, **narrowed, **own})}"
