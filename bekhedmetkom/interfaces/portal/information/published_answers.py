"""Published answers: the page of one, and those similar to a text."""

from dataclasses import dataclass
from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from bekhedmetkom.cases.queries import PublishedAnswer, find_published_answer, search_published_answers
from bekhedmetkom.catalogue.queries import Topic, get_service
from bekhedmetkom.entities.queries import get_tree
from bekhedmetkom.entities.tree import Body
from bekhedmetkom.interfaces.access_control import audience
from bekhedmetkom.kernel.clock import get_local_date
from bekhedmetkom.kernel.references import parse_reference

MAX_SIMILAR_ANSWERS = 2


@dataclass(frozen=True, slots=True)
class AnswerWithSource:
    """A published answer with the body that gave it, its topic and its date."""

    answer: PublishedAnswer
    body: Body
    topic: Topic
    answered_on: date


@audience("public")
@require_safe
def show_published_answer(request: HttpRequest, reference: str) -> HttpResponse:
    """Show one published answer with its question; 404 if it is not published."""
    parsed = parse_reference(reference)
    answer = find_published_answer(parsed) if parsed else None
    if answer is None:
        raise Http404
    return render(request, "portal/information/published_answer.html", {"found": _add_source(answer)})


def find_similar_answers(text: str) -> list[AnswerWithSource]:
    """Return the published answers most similar to the text, nearest first."""
    return [_add_source(answer) for answer in search_published_answers(text, MAX_SIMILAR_ANSWERS)]


def _add_source(answer: PublishedAnswer) -> AnswerWithSource:
    return AnswerWithSource(
        answer, get_tree()[answer.entity], get_service(answer.service), get_local_date(answer.answered_at)
    )
