"""Asking the head of a body about a figure: from the figure itself, with a day; where it then stands is the desk's."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from bekhedmetkom.analytics.commands.instructions import give_instruction
from bekhedmetkom.analytics.queries.indicators import get_indicator_values
from bekhedmetkom.analytics.rules.indicators import INDICATORS
from bekhedmetkom.analytics.rules.instructions import DEFAULT_WORKING_DAYS, MAX_DAYS, MAX_INSTRUCTION_LENGTH
from bekhedmetkom.cases.rules.access import has_permission_anywhere
from bekhedmetkom.entities.queries import get_tree, get_working_calendar
from bekhedmetkom.identity.queries import get_reachable_bodies
from bekhedmetkom.identity.rules import Permission
from bekhedmetkom.interfaces.access_control import audience, officer_required
from bekhedmetkom.kernel.errors import InvalidInput, NotAllowed

from .alerts import parse_day
from .drill_down_links import build_cases_address
from .filters import Filters, parse_filters
from .phrases import format_target, isolate_number
from .request_context import RequestContext, get_context
from .table_cells import IndicatorCell, format_indicator

KEPT_FILTERS = ("from", "to", "kind", "governorate", "channel")  # of the address, while a body is chosen


@audience("officer")
@officer_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def show_instruction_form(request: HttpRequest, key: str) -> HttpResponse:
    """The form, and sending it. Of several bodies one is chosen first."""
    visit = get_context(request)
    one = INDICATORS.get(key)
    if one is None or one.unavailable_reason or not has_permission_anywhere(visit.actor, Permission.ASK_HEAD):
        raise Http404
    wanted = parse_filters(request.GET, visit)
    body = _find_body(wanted, visit)
    if request.method != "POST":
        return _render_form(request, key, wanted, body, {})
    if body is None:
        raise Http404
    typed = {name: request.POST.get(name, "") for name in ("text", "until")}
    try:
        give_instruction(
            entity=body,
            figure=key,
            wanted=wanted.slice,
            query=wanted.query_string,
            text=typed["text"],
            actor=visit.actor,
            until=parse_day(typed["until"]) or visit.today - timedelta(days=1),
            at=visit.at,
        )
    except NotAllowed as refused:
        raise Http404 from refused
    except InvalidInput as refused:
        wrong = [words.in_language(visit.language) for _field, words in refused.errors]
        return _render_form(request, key, wanted, body, {"wrong": wrong, "typed": typed}, status=422)
    messages.success(request, _("أُرسل التوجيه. تجده في «توجيهات ومهام» حتى يُجاب عنه."))
    return redirect(f"{reverse('dashboard:board')}{'?' if wanted.query_string else ''}{wanted.query_string}")


def _find_body(wanted: Filters, visit: RequestContext) -> int | None:
    """The one body whose figures these are, where its head is this officer's to ask."""
    reach, bodies = get_reachable_bodies(visit.actor, Permission.ASK_HEAD), wanted.slice.entities
    if bodies is None or len(bodies) != 1:
        return None
    (body,) = bodies
    return body if reach is None or body in reach else None


def _render_form(
    request: HttpRequest, key: str, wanted: Filters, body: int | None, more: dict[str, Any], status: int = 200
) -> HttpResponse:
    visit, one = wanted.context, INDICATORS[key]
    language = visit.language
    context: dict[str, Any] = {
        "visit": visit,
        "asked": wanted,
        "one": one,
        "kept": KEPT_FILTERS,
        "letters": MAX_INSTRUCTION_LENGTH,
        "body": get_tree()[body].get_name(language) if body else "",
        "last": visit.today + timedelta(days=MAX_DAYS),
        "until": get_working_calendar().add_working_days(visit.today, DEFAULT_WORKING_DAYS),
    }
    if body:
        context |= {
            "figure": format_indicator(IndicatorCell(one, get_indicator_values(wanted.slice)[key]), language),
            "target": isolate_number(format_target(one)).in_language(language)
            if one.target is not None
            else "",
            "cases": build_cases_address(wanted, key),
        }
    return render(request, "dashboard/instruction_form.html", context | more, status=status)
