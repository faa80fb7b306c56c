"""The list of the cases behind a figure, for who may read them."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from bekhedmetkom.analytics.queries.drill_down import MAX_COUNTED, CasePage, list_open_cases
from bekhedmetkom.analytics.queries.drill_down import list_counted_cases as counted_in
from bekhedmetkom.analytics.rules.drill_down import INDICATOR_PARTS, IndicatorPart, find_part
from bekhedmetkom.analytics.rules.indicators import INDICATORS
from bekhedmetkom.interfaces.access_control import audience, officer_required
from bekhedmetkom.kernel.errors import InvalidInput

from .drill_down_links import CURRENT_STATE_INDICATORS, build_body_instruction_address, build_cases_address
from .filters import Filters, parse_filters
from .request_context import get_context


@audience("officer")
@officer_required
@never_cache
@require_safe
def show_cases(request: HttpRequest, key: str) -> HttpResponse:
    """What was counted in a figure, a page at a time; how much of it is not this officer's to read is said."""
    visit = get_context(request)
    named = request.GET.get("part", "")
    part = find_part(key, named)
    if part is None and (named or key not in CURRENT_STATE_INDICATORS):
        raise Http404
    wanted, cursor = parse_filters(request.GET, visit), request.GET.get("cursor", "")
    try:
        found = _list_cases(wanted, key, part, cursor)
    except InvalidInput:  # a cursor that nobody gave out
        return redirect(build_cases_address(wanted, key, part=named))
    language = visit.language
    context: dict[str, Any] = {
        "visit": visit,
        "asked": wanted,
        "one": INDICATORS[key],
        "found": found,
        "cursor": cursor,
        "now": key in CURRENT_STATE_INDICATORS,
        "ask": build_body_instruction_address(wanted, key),
        "said": _explain_difference(found, cursor),
        "parts": [
            (one.label.in_language(language), build_cases_address(wanted, key, part=one.name), one == part)
            for one in INDICATOR_PARTS.get(key, ())
        ],
        "first": build_cases_address(wanted, key, part=named),
        "later": build_cases_address(wanted, key, part=named, cursor=found.next_cursor)
        if found.next_cursor
        else "",
    }
    return render(request, "dashboard/drill_down.html", context)


def _list_cases(wanted: Filters, key: str, part: IndicatorPart | None, cursor: str) -> CasePage:
    viewer, at = wanted.context.actor, wanted.context.at
    if part is None:
        return list_open_cases(viewer, wanted.slice, at, late=key != "open", cursor=cursor)
    return counted_in(viewer, part, wanted.slice, at, cursor)


def _explain_difference(found: CasePage, cursor: str) -> str:
    """Why the list has not as many lines as the figure says."""
    if cursor or found.readable is None or found.readable >= found.total:
        return ""
    if found.readable > MAX_COUNTED:
        return _("لا يظهر منها ما ليس لك أن تقرأه: ما انتقل إلى جهة أخرى، وما هو محفوظ السرية.")
    return _("تقرأ منها %(n)s. الباقي ليس لك أن تقرأه: انتقل إلى جهة أخرى، أو محفوظ السرية.") % {
        "n": f"\u2068{found.readable:,}\u2069"
    }
