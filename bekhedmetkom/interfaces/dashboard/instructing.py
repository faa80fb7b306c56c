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

from bekhedmetkom.cases.rules.access import holds
from bekhedmetkom.entities.queries import get_tree, get_working_calendar
from bekhedmetkom.identity.queries import get_reachable_bodies
from bekhedmetkom.identity.rules import Permission
from bekhedmetkom.insight.commands.instructing import instruct
from bekhedmetkom.insight.queries.indicators import figures
from bekhedmetkom.insight.rules.indicators import INDICATORS
from bekhedmetkom.insight.rules.instructions import LETTERS_ASKED, LONGEST, USUAL
from bekhedmetkom.interfaces.actor import officer_required
from bekhedmetkom.interfaces.audience import audience
from bekhedmetkom.kernel.errors import InvalidInput, NotAllowed

from .alerts import parse_day
from .asked import Asked, asked
from .cells import Figure, shown_figure
from .leads import behind
from .saying import isolated, target_of
from .visit import RequestContext, get_context

KEPT = ("from", "to", "kind", "governorate", "channel")  # of the address, while a body is chosen


@audience("officer")
@officer_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, key: str) -> HttpResponse:
    """The form, and sending it. Of several bodies one is chosen first."""
    visit = get_context(request)
    one = INDICATORS.get(key)
    if one is None or one.missing or not holds(visit.actor, Permission.ASK_HEAD):
        raise Http404
    wanted = asked(request.GET, visit)
    body = _body(wanted, visit)
    if request.method != "POST":
        return _shown(request, key, wanted, body, {})
    if body is None:
        raise Http404
    typed = {name: request.POST.get(name, "") for name in ("text", "until")}
    try:
        instruct(
            entity=body, figure=key, wanted=wanted.slice, query=wanted.same, text=typed["text"], actor=visit.actor,
            until=parse_day(typed["until"]) or visit.today - timedelta(days=1), at=visit.at,
        )  # fmt: skip
    except NotAllowed as refused:
        raise Http404 from refused
    except InvalidInput as refused:
        wrong = [words.in_(visit.language) for _field, words in refused.errors]
        return _shown(request, key, wanted, body, {"wrong": wrong, "typed": typed}, status=422)
    messages.success(request, _("أُرسل التوجيه. تجده في «توجيهات ومهام» حتى يُجاب عنه."))
    return redirect(f"{reverse('dashboard:board')}{'?' if wanted.same else ''}{wanted.same}")


def _body(wanted: Asked, visit: RequestContext) -> int | None:
    """The one body whose figures these are, where its head is this officer's to ask."""
    reach, bodies = get_reachable_bodies(visit.actor, Permission.ASK_HEAD), wanted.slice.entities
    if bodies is None or len(bodies) != 1:
        return None
    (body,) = bodies
    return body if reach is None or body in reach else None


def _shown(
    request: HttpRequest, key: str, wanted: Asked, body: int | None, more: dict[str, Any], status: int = 200
) -> HttpResponse:
    visit, one = wanted.visit, INDICATORS[key]
    language = visit.language
    context: dict[str, Any] = {
        "visit": visit, "asked": wanted, "one": one, "kept": KEPT, "letters": LETTERS_ASKED,
        "body": get_tree()[body].name_in(language) if body else "", "last": visit.today + timedelta(days=LONGEST),
        "until": get_working_calendar().add_working_days(visit.today, USUAL),
    }  # fmt: skip
    if body:
        context |= {
            "figure": shown_figure(Figure(one, figures(wanted.slice)[key]), language),
            "target": isolated(target_of(one)).in_(language) if one.target is not None else "",
            "cases": behind(wanted, key),
        }
    return render(request, "dashboard/ask.html", context | more, status=status)
