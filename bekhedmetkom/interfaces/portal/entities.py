"""The public bodies: a list to look through, and a page for each with what people write to it about."""

from dataclasses import dataclass
from datetime import date, datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from bekhedmetkom.cases.commands.wording import cleaned
from bekhedmetkom.catalogue.queries import NoPolicy, Topic, policy_for, services_of
from bekhedmetkom.catalogue.rules import Handling
from bekhedmetkom.entities.queries import heir_by_code, places, search_entities, sectors, tree
from bekhedmetkom.entities.rules import ENTITY_KIND_WORDS, EntityKind
from bekhedmetkom.entities.tree import Body
from bekhedmetkom.interfaces.audience import audience
from bekhedmetkom.kernel import clock
from bekhedmetkom.kernel.words import Words

LONGEST_SEARCH = 100
MOST_FOUND = 60


@dataclass(frozen=True, slots=True)
class PromisedTopic:
    """A topic, and within how many working days an answer is promised; 0: it has a way of its own."""

    topic: Topic
    days: int
    sealed: bool


@audience("public")
@require_safe
def entities(request: HttpRequest) -> HttpResponse:
    """All bodies by sector, or those that a search finds."""
    query = cleaned(request.GET.get("q", "")[:LONGEST_SEARCH])
    today = clock.local_day(clock.now())
    found = search_entities(query, today, MOST_FOUND) if query else []
    return render(
        request,
        "portal/entities.html",
        {"query": query, "found": found, "sectors": [] if query else by_sector(today)},
    )


@audience("public")
@require_safe
def entity(request: HttpRequest, code: str) -> HttpResponse:
    """One body: what it is, to whom it answers, what people write to it about. One that closed leads to its heir."""
    at = clock.now()
    today = clock.local_day(at)
    body = heir_by_code(code.upper(), today)
    if body is None:
        raise Http404
    if body.code != code.upper():
        return redirect("portal:entity", body.code)
    return render(
        request,
        "portal/entity.html",
        {
            "body": body,
            "kind": ENTITY_KIND_WORDS[EntityKind(body.kind)],
            "sector": sectors().get(body.sector),
            "parent": tree()[body.parent] if body.parent else None,
            "children": [child for child in tree().children(body.id) if child.is_open(today)],
            "places": [places()[governorate] for governorate in sorted(body.governorates)],
            "topics": [_promised(topic, at) for topic in services_of(body.id) if topic.is_open(today)],
        },
    )


def by_sector(today: date) -> list[tuple[Words, list[Body]]]:
    """The bodies that are open, under the names of their sectors."""
    groups: dict[int, list[Body]] = {}
    for body in tree():
        if body.is_open(today):
            groups.setdefault(body.sector, []).append(body)
    return [
        (Words(sector.name_ar, sector.name_en), groups[key])
        for key, sector in sectors().items()
        if key in groups
    ]


def _promised(topic: Topic, at: datetime) -> PromisedTopic:
    try:
        promise = policy_for(
            kind=topic.typical_kind, service=topic.id, entity=topic.entity, at=at, urgent=topic.urgent
        )
    except NoPolicy:
        return PromisedTopic(topic, 0, topic.handling is Handling.SEALED)
    return PromisedTopic(topic, promise.terms.due.working_days, topic.handling is Handling.SEALED)
