"""The directory of public bodies: a list with a search, and a page for each."""

from dataclasses import dataclass
from datetime import date, datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from bekhedmetkom.cases.commands.text_validation import clean_text
from bekhedmetkom.catalogue.queries import PolicyNotFound, Topic, get_policy, list_services_of
from bekhedmetkom.catalogue.rules import Handling
from bekhedmetkom.entities.queries import (
    find_successor_by_code,
    get_governorates,
    get_sectors,
    get_tree,
    search_entities,
)
from bekhedmetkom.entities.rules import ENTITY_KIND_LABELS, EntityKind
from bekhedmetkom.entities.tree import Body
from bekhedmetkom.interfaces.access_control import audience
from bekhedmetkom.kernel import clock
from bekhedmetkom.kernel.text import BilingualText

MAX_SEARCH_LENGTH = 100
MAX_RESULTS = 60


@dataclass(frozen=True, slots=True)
class PromisedTopic:
    """A topic and its promised working days; 0 where no promise applies."""

    topic: Topic
    working_days: int
    is_sealed: bool


@audience("public")
@require_safe
def show_entities(request: HttpRequest) -> HttpResponse:
    """List all bodies by sector, or those that a search finds."""
    query = clean_text(request.GET.get("q", "")[:MAX_SEARCH_LENGTH])
    today = clock.get_local_date(clock.now())
    results = search_entities(query, today, MAX_RESULTS) if query else []
    return render(
        request,
        "portal/information/entities.html",
        {"query": query, "found": results, "sectors": [] if query else group_by_sector(today)},
    )


@audience("public")
@require_safe
def show_entity(request: HttpRequest, code: str) -> HttpResponse:
    """Show one body with its topics; a closed body redirects to its successor."""
    at = clock.now()
    today = clock.get_local_date(at)
    body = find_successor_by_code(code.upper(), today)
    if body is None:
        raise Http404
    if body.code != code.upper():
        return redirect("portal:entity", body.code)
    return render(
        request,
        "portal/information/entity.html",
        {
            "body": body,
            "kind": ENTITY_KIND_LABELS[EntityKind(body.kind)],
            "sector": get_sectors().get(body.sector),
            "parent": get_tree()[body.parent] if body.parent else None,
            "children": [child for child in get_tree().list_children(body.id) if child.is_open(today)],
            "places": [get_governorates()[governorate] for governorate in sorted(body.governorates)],
            "topics": [
                _build_promised_topic(topic, at)
                for topic in list_services_of(body.id)
                if topic.is_open(today)
            ],
        },
    )


def group_by_sector(today: date) -> list[tuple[BilingualText, list[Body]]]:
    """Return the open bodies grouped by sector."""
    groups: dict[int, list[Body]] = {}
    for body in get_tree():
        if body.is_open(today):
            groups.setdefault(body.sector, []).append(body)
    return [
        (BilingualText(sector.name_ar, sector.name_en), groups[key])
        for key, sector in get_sectors().items()
        if key in groups
    ]


def _build_promised_topic(topic: Topic, at: datetime) -> PromisedTopic:
    try:
        promise = get_policy(
            kind=topic.typical_kind, service=topic.id, entity=topic.entity, at=at, urgent=topic.urgent
        )
    except PolicyNotFound:
        return PromisedTopic(topic, 0, topic.handling is Handling.SEALED)
    return PromisedTopic(topic, promise.terms.due.working_days, topic.handling is Handling.SEALED)
