"""Answers that everybody may read: one as a page, and those that fit what somebody is about to send."""

from dataclasses import dataclass
from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from bekhedmetkom.cases.queries import PublishedAnswer, answers_like, published_answer
from bekhedmetkom.catalogue.queries import Topic, get_service
from bekhedmetkom.entities.queries import get_tree
from bekhedmetkom.entities.tree import Body
from bekhedmetkom.interfaces.access_control import audience
from bekhedmetkom.kernel.clock import get_local_date
from bekhedmetkom.kernel.references import parse_reference

MAX_SIMILAR_ANSWERS = 2


@dataclass(frozen=True, slots=True)
class AnswerWithSource:
    """An answer, who gave it and when."""

    answer: PublishedAnswer
    body: Body
    topic: Topic
    answered_on: date


@audience("public")
@require_safe
def show_published_answer(request: HttpRequest, reference: str) -> HttpResponse:
    """One answer with its question. What is shown no longer was never there."""
    known = parse_reference(reference)
    found = published_answer(known) if known else None
    if found is None:
        raise Http404
    return render(request, "portal/information/published_answer.html", {"found": _add_source(found)})


def find_similar_answers(text: str) -> list[AnswerWithSource]:
    """For what somebody has just written, the nearest first."""
    return [_add_source(found) for found in answers_like(text, MAX_SIMILAR_ANSWERS)]


def _add_source(found: PublishedAnswer) -> AnswerWithSource:
    return AnswerWithSource(
        found, get_tree()[found.entity], get_service(found.service), get_local_date(found.answered_at)
    )
