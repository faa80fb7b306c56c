"""What stands above a list: what narrows it, what could, and how it is sorted. All of it is links."""

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
def chips(asked: ListQuery) -> SafeString:
    """What narrows the list, each to be taken away."""
    lines = (
        f'<a class="filter on" href="?{escape(asked.address(without=name))}">{escape(title)} {icon("x")}'
        f'<span class="vh">{_("إزالة")}</span></a>'
        for name, title in asked.narrowing.titles()
    )
    return SafeString("".join(lines))


@register.simple_tag
def menus(asked: ListQuery) -> SafeString:
    """What the list can be narrowed by at one stroke: a menu for each condition, its choices are links."""
    here, narrowing = escape(asked.address()), asked.narrowing
    lines = (
        _render_menu(condition.name, str(condition.title), tuple(options.items())).replace(_PLACEHOLDER, here)
        for condition in LIST_FILTERS
        if condition.quick and condition.options and condition.name not in narrowing.given
        and (options := condition.options(narrowing.focus))
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
def orders(asked: ListQuery) -> SafeString:
    """How the list is sorted, and the other way to sort it; nothing where there is no other."""
    if not asked.sorted_by:
        return SafeString()
    titles = _get_order_labels(get_language() or "ar")
    links = "".join(
        f'<li><a href="?{escape(asked.address(order=name))}"'
        f"{' aria-current=true' if name == asked.sorted_by else ''}>{words}</a></li>"
        for name, words in titles.items()
    )
    head = f"<summary>{titles[asked.sorted_by]} {icon('chevron-down')}</summary>"
    return SafeString(f'<details class="menu menu--text" name="menu">{head}<ul>{links}</ul></details>')


@cache
def _get_order_labels(language: str) -> dict[str, str]:
    return {"due": _("الأقرب موعدًا أولًا"), "newest": _("الأحدث أولًا")}
