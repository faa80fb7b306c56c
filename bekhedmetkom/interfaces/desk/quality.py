"""What is good and what is missing in a reply, shown while it is written and to whoever approves it."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from bekhedmetkom.cases.queries import DeskCase, reply_quality
from bekhedmetkom.cases.rules.quality import Judgement
from bekhedmetkom.catalogue.rules import Disposition
from bekhedmetkom.interfaces.actor import officer_required
from bekhedmetkom.interfaces.audience import audience

from .forms import LONGEST_REPLY
from .reading import read
from .visit import Visit, visit_of


@audience("officer")
@officer_required
@never_cache
@require_POST
def check(request: HttpRequest, reference: str) -> HttpResponse:
    """A piece of the page about the text that is sent; nothing is kept."""
    visit = visit_of(request)
    case = read(visit, reference)
    if not {"draft", "submit", "answer"} & set(case.can):
        raise PermissionDenied
    quality = written(
        case, visit, request.POST.get("text", "")[:LONGEST_REPLY], request.POST.get("disposition", "")
    )
    return render(request, "desk/_quality.html", {"quality": quality})


def written(case: DeskCase, visit: Visit, text: str, disposition: str) -> Judgement | None:
    """Of what this officer has written so far; nothing where that is nothing."""
    if not text.strip():
        return None
    chosen = next((one for one in case.dispositions if one == disposition), None)
    return _judged(case, visit, visit.actor.officer_id, text, chosen)


def waiting(case: DeskCase, visit: Visit) -> Judgement | None:
    """Of the reply that waits for approval; abuse is confirmed, whatever its words."""
    outcome = case.standing.disposition
    if not case.reply or outcome is Disposition.ABUSE:
        return None
    return _judged(case, visit, case.standing.drafted_by_id, case.reply, outcome)


def _judged(
    case: DeskCase, visit: Visit, writer: int | None, text: str, outcome: Disposition | None
) -> Judgement:
    return reply_quality(
        case=case.id, standing=case.standing, writer=writer, at=visit.at, text=text, disposition=outcome
    )
