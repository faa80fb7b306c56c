"""What each figure means, how it is worked out, what is aimed at and why some cannot be worked out yet."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from bekhedmetkom.insight.rules.indicators import VERSION
from bekhedmetkom.insight.rules.interaction import EVERY
from bekhedmetkom.interfaces.actor import officer_required
from bekhedmetkom.interfaces.audience import audience
from bekhedmetkom.kernel.text import BilingualText

from .saying import target_of, unit_of
from .visit import get_context

BETTER = {
    "higher": BilingualText("الأعلى أفضل", "Higher is better"),
    "lower": BilingualText("الأقل أفضل", "Lower is better"),
    "neither": BilingualText("لا أفضل ولا أسوأ", "Neither is better"),
}


@audience("officer")
@officer_required
@never_cache
@require_safe
def definitions(request: HttpRequest) -> HttpResponse:
    """Each indicator has an anchor by its key: figures of the page lead there."""
    visit = get_context(request)
    lines = [
        {"one": one, "target": target_of(one), "unit": unit_of(one), "better": BETTER[one.better]}
        for one in EVERY.values()
    ]
    context = {"visit": visit, "lines": lines, "version": VERSION}
    return render(request, "dashboard/definitions.html", context)
