"""Who else has the case open: the page asks every ten seconds while it is looked at."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from bekhedmetkom.cases.commands import be_here
from bekhedmetkom.cases.queries import acted_since
from bekhedmetkom.interfaces.actor import officer_required
from bekhedmetkom.interfaces.audience import audience

from .drafts import number_in
from .reading import read_standing
from .visit import get_context


@audience("officer")
@officer_required
@never_cache
@require_POST
def here(request: HttpRequest, reference: str) -> HttpResponse:
    """A piece of the page: who writes, who reads, and whether somebody has acted since the page was drawn."""
    visit = get_context(request)
    case, standing = read_standing(visit, reference)
    others = be_here(
        case=case,
        standing=standing,
        actor=visit.actor,
        at=visit.at,
        writing=request.POST.get("writing") == "1",
    )
    seen = number_in(request.POST.get("seen", ""))
    context = {
        "writing": [other.name for other in others if other.writing],
        "reading": [other.name for other in others if not other.writing],
        "moved": seen < standing.seq and acted_since(case, seen), "reference": standing.reference,
    }  # fmt: skip
    return render(request, "desk/_here.html", context)
