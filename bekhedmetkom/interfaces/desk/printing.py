"""A case on paper. Without its person's name, unless it is asked for: that is a look, which the person reads of."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from bekhedmetkom.cases import commands
from bekhedmetkom.catalogue.rules import KIND_LABELS
from bekhedmetkom.interfaces.actor import officer_required
from bekhedmetkom.interfaces.audience import audience
from bekhedmetkom.kernel.errors import Refusal

from .journal import lines
from .panels import reply_of
from .reading import read
from .visit import get_context


@audience("officer")
@officer_required
@require_http_methods(["GET", "HEAD", "POST"])
def printed(request: HttpRequest, reference: str) -> HttpResponse:
    """GET shows it without a name; POST writes the look down and shows it with one, where nothing is withheld."""
    visit = get_context(request)
    case = read(visit, reference)
    refused, status = "", 200
    named = request.method == "POST"
    if named:
        try:
            commands.printed(case=case.id, actor=visit.actor, at=visit.at)
            case = read(visit, reference)
        except Refusal as refusal:
            named, refused, status = False, refusal.words.in_(get_language() or "ar"), 409
    context = {
        "visit": visit, "case": case, "standing": case.standing, "kind": KIND_LABELS[case.standing.kind],
        "named": named, "refused": refused, "lines": lines(case), "reply": reply_of(case),
    }  # fmt: skip
    page = render(request, "desk/print.html", context, status=status)
    page["Cache-Control"] = "private, no-store"
    return page
