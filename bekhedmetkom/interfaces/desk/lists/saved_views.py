"""Saved list views, and the officer's display settings for lists."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from bekhedmetkom.cases import commands
from bekhedmetkom.cases.commands import ViewNotFound
from bekhedmetkom.interfaces.access_control import audience, officer_required
from bekhedmetkom.kernel.errors import InvalidInput

from ..request_context import RequestContext, get_context
from .list_page import render_list
from .list_query import DEFAULT_COLUMNS, ListQuery, parse_list_query, select_columns


@audience("officer")
@officer_required
@never_cache
@require_POST
def save_view(request: HttpRequest) -> HttpResponse:
    """Save the current list as a view."""
    visit = get_context(request)
    asked = _get_list_query(request, visit)
    if asked.search_words:
        raise Http404  # what is searched for may be somebody's name
    try:
        commands.save_view(
            name=request.POST.get("name", ""), address=asked.build_query_string(), shared="shared" in request.POST,
            actor=visit.actor, at=visit.at,
        )  # fmt: skip
    except InvalidInput as invalid:
        return render_list(request, asked, panel="view", error=_format_errors(invalid, visit), status=422)
    messages.success(request, _("حُفظ العرض."))
    return _redirect_to_list(asked)


@audience("officer")
@officer_required
@never_cache
@require_POST
def change_view(request: HttpRequest) -> HttpResponse:
    """Rename, share, unshare or delete a view."""
    visit = get_context(request)
    asked, view = _get_list_query(request, visit), _parse_view_id(request.POST.get("view", ""))
    try:
        if "delete" in request.POST:
            commands.delete_view(view=view, actor=visit.actor)
            messages.success(request, _("حُذف العرض."))
        else:
            commands.update_view(
                view=view,
                name=request.POST.get("name", ""),
                shared="shared" in request.POST,
                actor=visit.actor,
            )
            messages.success(request, _("حُفظ العرض."))
    except ViewNotFound as unknown:
        raise Http404 from unknown
    except InvalidInput as invalid:
        return render_list(request, asked, panel="view", error=_format_errors(invalid, visit), status=422)
    return _redirect_to_list(asked)


@audience("officer")
@officer_required
@never_cache
@require_POST
def save_display_settings(request: HttpRequest) -> HttpResponse:
    """Save the columns and the row height of the officer's lists."""
    visit = get_context(request)
    asked = _get_list_query(request, visit)
    commands.set_list_display(
        columns=select_columns(request.POST.getlist("column")) or DEFAULT_COLUMNS,
        compact=request.POST.get("lines") == "compact", actor=visit.actor,
    )  # fmt: skip
    return redirect(f"{reverse('desk:list')}?{asked.build_query_string(without='columns')}")


def _parse_view_id(text: str) -> int:
    """Return the id; 0, which no view has, if it is not one."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0


def _get_list_query(request: HttpRequest, visit: RequestContext) -> ListQuery:
    return parse_list_query(QueryDict(request.POST.get("address", "")), visit)


def _format_errors(invalid: InvalidInput, visit: RequestContext) -> str:
    return " ".join(error.message.in_language(visit.language) for error in invalid.errors)


def _redirect_to_list(asked: ListQuery) -> HttpResponse:
    return redirect(f"{reverse('desk:list')}?{asked.build_query_string()}")
