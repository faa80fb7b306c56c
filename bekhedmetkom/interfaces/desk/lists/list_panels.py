"""What can be opened above a list: all that narrows it, its columns, a name for it. Drawn only where it is opened."""

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
    """`of` brings what its template shows."""

    template: str
    of: Callable[[HttpRequest, ListQuery, ListPreferences, SavedViewItem | None], Any]


class FilterField(NamedTuple):
    """`options`: `None` for a day."""

    name: str
    title: str | Promise
    options: FilterOptions | None
    value: str
    error: str | Promise


def _build_filter_panel(
    request: HttpRequest, asked: ListQuery, _kept: ListPreferences, _view: SavedViewItem | None
) -> dict[str, Any]:
    narrowing = asked.narrowing
    fields = [
        FilterField(
            condition.name, condition.title, condition.options and condition.options(narrowing.focus),
            request.GET.get(condition.name, ""), _INVALID_DAY if condition.name in narrowing.unread else "",
        )
        for condition in LIST_FILTERS
    ]  # fmt: skip
    kept = {name: value for name, value in asked.parts().items() if name not in narrowing.given}
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
    """A view that is the officer's own can be called otherwise; of any other list one can be made."""
    own = view if view and view.own else None
    typed = request.POST if request.method == "POST" else None
    columns = ".".join(asked.columns or select_columns(kept.columns or ()))
    return {
        "own": own, "address": asked.address() if own else asked.address(columns=columns),
        "name": typed.get("name", "")[:MAX_VIEW_NAME_LENGTH] if typed else own.name if own else "",
        "shared": "shared" in typed if typed else bool(own and own.shared),
    }  # fmt: skip


LIST_PANELS: Mapping[str, ListPanel] = {
    "filter": ListPanel("desk/lists/panels/filters.html", _build_filter_panel),
    "columns": ListPanel("desk/lists/panels/columns.html", _build_columns_panel),
    "view": ListPanel("desk/lists/panels/saved_view.html", _build_view_panel),
}
