"""Panels above a list: filters, columns, saved view. Built only when opened."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bekhedmetkom.cases.commands.lists.saved_views import MAX_VIEW_NAME_LENGTH
from bekhedmetkom.cases.queries import ListPreferences, SavedViewItem

from .filters import LIST_FILTERS, FilterOptions
from .list_query import COLUMNS, DEFAULT_COLUMNS, REQUIRED_COLUMN, ListQuery, select_columns


class ListPanel(NamedTuple):
    """`build` returns the context of its template."""

    template: str
    build: Callable[[HttpRequest, ListQuery, ListPreferences, SavedViewItem | None], Any]


class FilterField(NamedTuple):
    """`options` is `None` for a date."""

    name: str
    title: str | Promise
    options: FilterOptions | None
    value: str
    error: str | Promise


def _build_filter_panel(
    request: HttpRequest, asked: ListQuery, _kept: ListPreferences, _view: SavedViewItem | None
) -> dict[str, Any]:
    narrowing = asked.applied_filters
    fields = [
        FilterField(
            condition.name, condition.title, condition.options and condition.options(narrowing.scope),
            request.GET.get(condition.name, ""), _INVALID_DAY if condition.name in narrowing.invalid_dates else "",
        )
        for condition in LIST_FILTERS
    ]  # fmt: skip
    kept = {name: value for name, value in asked.build_params().items() if name not in narrowing.values}
    return {"fields": [field for field in fields if field.options is None or field.options], "kept": kept}


_INVALID_DAY = _("هذا ليس يومًا. اكتبه هكذا: 2026-12-01.")


def _build_columns_panel(
    _request: HttpRequest, asked: ListQuery, kept: ListPreferences, _view: SavedViewItem | None
) -> dict[str, Any]:
    shown = asked.columns or select_columns(kept.columns or ()) or DEFAULT_COLUMNS
    offered = [
        (name, column.title, name in shown) for name, column in COLUMNS.items() if name != REQUIRED_COLUMN
    ]
    return {"offered": offered, "compact": kept.compact}


def _build_view_panel(
    request: HttpRequest, asked: ListQuery, kept: ListPreferences, view: SavedViewItem | None
) -> dict[str, Any]:
    """Edit the officer's own saved view, or save any other list as a new one."""
    own = view if view and view.own else None
    typed = request.POST if request.method == "POST" else None
    columns = ".".join(asked.columns or select_columns(kept.columns or ()))
    return {
        "own": own, "address": asked.build_query_string() if own else asked.build_query_string(columns=columns),
        "name": typed.get("name", "")[:MAX_VIEW_NAME_LENGTH] if typed else own.name if own else "",
        "shared": "shared" in typed if typed else bool(own and own.shared),
    }  # fmt: skip


LIST_PANELS: Mapping[str, ListPanel] = {
    "filter": ListPanel("desk/lists/panels/filters.html", _build_filter_panel),
    "columns": ListPanel("desk/lists/panels/columns.html", _build_columns_panel),
    "view": ListPanel("desk/lists/panels/saved_view.html", _build_view_panel),
}
