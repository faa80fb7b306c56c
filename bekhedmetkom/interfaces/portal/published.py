"""Answers that everybody may read: one as a page, and those that fit what somebody is about to send."""

from dataclasses import dataclass
from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from bekhedmetkom.cases.queries import PublishedAnswer, answers_like, published_answer
from bekhedmetkom.catalogue.queries import Topic, service
from bekhedmetkom.entities.queries import tree
from bekhedmetkom.entities.tree import Body
from bekhedmetkom.interfaces.audience import audience
from bekhedmetkom.kernel.clock import local_day
from bekhedmetkom.kernel.references import parse_reference

MOST = 2


@dataclass(frozen=True, slots=True)
class Shown:
    """An answer, who gave it and when."""

    answer: PublishedAnswer
    body: Body
    topic: Topic
    on: date


@audience("public")
@require_safe
def published(request: HttpRequest, reference: str) -> HttpResponse:
    """One answer with its question. What is shown no longer was never there."""
    known = parse_reference(reference)
    found = published_answer(known) if known else None
    if found is None:
        raise Http404
    return render(request, "portal/published.html", {"found": _shown(found)})


def fitting(text: str) -> list[Shown]:
    """For what somebody has just written, the nearest first."""
    return [_shown(found) for found in answers_like(text, MOST)]


def _shown(found: PublishedAnswer) -> Shown:
    return Shown(found, tree()[found.entity], service(found.service), local_day(found.answered_at))
