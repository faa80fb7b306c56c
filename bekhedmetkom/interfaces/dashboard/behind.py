"""The list of the cases behind a figure, for who may read them."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from bekhedmetkom.insight.queries.behind import COUNTED_TO, Found, standing
from bekhedmetkom.insight.queries.behind import behind as counted_in
from bekhedmetkom.insight.rules.behind import BEHIND, Part, part_of
from bekhedmetkom.insight.rules.indicators import INDICATORS
from bekhedmetkom.interfaces.actor import officer_required
from bekhedmetkom.interfaces.audience import audience
from bekhedmetkom.kernel.errors import InvalidInput

from .asked import Asked, asked
from .leads import NOW, asking, behind
from .visit import get_context


@audience("officer")
@officer_required
@never_cache
@require_safe
def cases(request: HttpRequest, key: str) -> HttpResponse:
    """What was counted in a figure, a page at a time; how much of it is not this officer's to read is said."""
    visit = get_context(request)
    named = request.GET.get("part", "")
    part = part_of(key, named)
    if part is None and (named or key not in NOW):
        raise Http404
    wanted, cursor = asked(request.GET, visit), request.GET.get("cursor", "")
    try:
        found = _found(wanted, key, part, cursor)
    except InvalidInput:  # a cursor that nobody gave out
        return redirect(behind(wanted, key, part=named))
    language = visit.language
    context: dict[str, Any] = {
        "visit": visit, "asked": wanted, "one": INDICATORS[key], "found": found, "cursor": cursor,
        "now": key in NOW, "ask": asking(wanted, key), "said": _said(found, cursor),
        "parts": [
            (one.words.in_(language), behind(wanted, key, part=one.name), one == part)
            for one in BEHIND.get(key, ())
        ],
        "first": behind(wanted, key, part=named),
        "later": behind(wanted, key, part=named, cursor=found.next) if found.next else "",
    }  # fmt: skip
    return render(request, "dashboard/cases.html", context)


def _found(wanted: Asked, key: str, part: Part | None, cursor: str) -> Found:
    viewer, at = wanted.visit.actor, wanted.visit.at
    if part is None:
        return standing(viewer, wanted.slice, at, late=key != "open", cursor=cursor)
    return counted_in(viewer, part, wanted.slice, at, cursor)


def _said(found: Found, cursor: str) -> str:
    """Why the list has not as many lines as the figure says."""
    if cursor or found.readable is None or found.readable >= found.figure:
        return ""
    if found.readable > COUNTED_TO:
        return _("لا يظهر منها ما ليس لك أن تقرأه: ما انتقل إلى جهة أخرى، وما هو محفوظ السرية.")
    return _("تقرأ منها %(n)s. الباقي ليس لك أن تقرأه: انتقل إلى جهة أخرى، أو محفوظ السرية.") % {
        "n": f"\u2068{found.readable:,}\u2069"
    }
