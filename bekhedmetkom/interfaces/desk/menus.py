"""What can be opened above a list: all that narrows it, its columns, a name for it. Drawn only where it is opened."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bekhedmetkom.cases.commands.keeping import LONGEST_NAME
from bekhedmetkom.cases.queries import Kept, View

from .columns import ALWAYS, COLUMNS, USUAL, columns_in
from .conditions import CONDITIONS, Options
from .wanted import Wanted


class Panel(NamedTuple):
    """`of` brings what its template shows."""

    template: str
    of: Callable[[HttpRequest, Wanted, Kept, View | None], Any]


class Field(NamedTuple):
    """`options`: `None` for a day."""

    name: str
    title: str | Promise
    options: Options | None
    value: str
    error: str | Promise


def _conditions(request: HttpRequest, asked: Wanted, _kept: Kept, _view: View | None) -> dict[str, Any]:
    narrowing = asked.narrowing
    fields = [
        Field(
            condition.name, condition.title, condition.options and condition.options(narrowing.focus),
            request.GET.get(condition.name, ""), _NO_DAY if condition.name in narrowing.unread else "",
        )
        for condition in CONDITIONS
    ]  # fmt: skip
    kept = {name: value for name, value in asked.parts().items() if name not in narrowing.given}
    return {"fields": [field for field in fields if field.options is None or field.options], "kept": kept}


_NO_DAY = _("هذا ليس يومًا. اكتبه هكذا: 2026-12-01.")


def _columns(_request: HttpRequest, asked: Wanted, kept: Kept, _view: View | None) -> dict[str, Any]:
    shown = asked.columns or columns_in(kept.columns or ()) or USUAL
    offered = [(name, column.title, name in shown) for name, column in COLUMNS.items() if name != ALWAYS]
    return {"offered": offered, "compact": kept.compact}


def _view_of(request: HttpRequest, asked: Wanted, kept: Kept, view: View | None) -> dict[str, Any]:
    """A view that is the officer's own can be called otherwise; of any other list one can be made."""
    own = view if view and view.own else None
    typed = request.POST if request.method == "POST" else None
    columns = ".".join(asked.columns or columns_in(kept.columns or ()))
    return {
        "own": own, "address": asked.address() if own else asked.address(columns=columns),
        "name": typed.get("name", "")[:LONGEST_NAME] if typed else own.name if own else "",
        "shared": "shared" in typed if typed else bool(own and own.shared),
    }  # fmt: skip


PANELS: Mapping[str, Panel] = {
    "filter": Panel("desk/panel/filter.html", _conditions),
    "columns": Panel("desk/panel/columns.html", _columns),
    "view": Panel("desk/panel/view.html", _view_of),
}
