"""Links above a list: active filters, filter menus and the sort order."""

from functools import cache, lru_cache
from html import escape

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bekhedmetkom.interfaces.desk.lists.filters import LIST_FILTERS
from bekhedmetkom.interfaces.desk.lists.list_query import ListQuery
from bekhedmetkom.interfaces.ui.templatetags.ui import icon

register = template.Library()


@register.simple_tag
def filter_chips(asked: ListQuery) -> SafeString:
    """Render the active filters, each as a link that removes it."""
    lines = (
        f'<a class="filter on" href="?{escape(asked.build_query_string(without=name))}">{escape(title)} {icon("x")}'
        f'<span class="vh">{_("إزالة")}</span></a>'
        for name, title in asked.applied_filters.list_chips()
    )
    return SafeString("".join(lines))


@register.simple_tag
def filter_menus(asked: ListQuery) -> SafeString:
    """Render a menu for each filter that has one; its choices are links."""
    here, narrowing = escape(asked.build_query_string()), asked.applied_filters
    lines = (
        _render_menu(condition.name, str(condition.title), tuple(options.items())).replace(_PLACEHOLDER, here)
        for condition in LIST_FILTERS
        if condition.has_menu and condition.options and condition.name not in narrowing.values
        and (options := condition.options(narrowing.scope))
    )  # fmt: skip
    return SafeString("".join(lines))


_PLACEHOLDER = "\x00"


@lru_cache(maxsize=512)
def _render_menu(name: str, title: str, options: tuple[tuple[str, str], ...]) -> str:
    links = "".join(
        f'<li><a href="?{_PLACEHOLDER}&amp;{name}={value}">{escape(words)}</a></li>'
        for value, words in options
    )
    head = f'<summary class="filter">{escape(title)} {icon("chevron-down")}</summary>'
    return f'<details class="menu" name="menu">{head}<ul>{links}</ul></details>\n'


@register.simple_tag
def sort_menu(asked: ListQuery) -> SafeString:
    """Render the sort orders; empty if there is only one."""
    if not asked.sort_order:
        return SafeString()
    titles = _get_order_labels(get_language() or "ar")
    links = "".join(
        f'<li><a href="?{escape(asked.build_query_string(order=name))}"'
        f"{' aria-current=true' if name == asked.sort_order else ''}>{words}</a></li>"
        for name, words in titles.items()
    )
    head = f"<summary>{titles[asked.sort_order]} {icon('chevron-down')}</summary>"
    return SafeString(f'<details class="menu menu--text" name="menu">{head}<ul>{links}</ul></details>')


@cache
def _get_order_labels(language: str) -> dict[str, str]:
    return {"due": _("الأقرب موعدًا أولًا"), "newest": _("الأحدث أولًا")}
