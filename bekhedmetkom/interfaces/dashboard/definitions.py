"""What each figure means, how it is worked out, what is aimed at and why some cannot be worked out yet."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from bekhedmetkom.analytics.rules.indicators import ALL_INDICATORS, VERSION
from bekhedmetkom.interfaces.access_control import audience, officer_required
from bekhedmetkom.kernel.text import BilingualText

from .phrases import format_target, get_unit_label
from .request_context import get_context

BETTER_LABELS = {
    "higher": BilingualText("الأعلى أفضل", "Higher is better"),
    "lower": BilingualText("الأقل أفضل", "Lower is better"),
    "neither": BilingualText("لا أفضل ولا أسوأ", "Neither is better"),
}


@audience("officer")
@officer_required
@never_cache
@require_safe
def show_definitions(request: HttpRequest) -> HttpResponse:
    """Each indicator has an anchor by its key: figures of the page lead there."""
    visit = get_context(request)
    lines = [
        {
            "one": one,
            "target": format_target(one),
            "unit": get_unit_label(one),
            "better": BETTER_LABELS[one.better],
        }
        for one in ALL_INDICATORS.values()
    ]
    context = {"visit": visit, "lines": lines, "version": VERSION}
    return render(request, "dashboard/definitions.html", context)
