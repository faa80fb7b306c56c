"""Tags of the side bar and the command palette: links to the officer's queues and pages, with counts."""

from collections.abc import Iterable, Mapping
from functools import cache
from html import escape
from typing import Any, Literal

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from bekhedmetkom.interfaces.desk.body.body_settings import get_first_tab
from bekhedmetkom.interfaces.desk.lists.count_cache import get_cached_counts
from bekhedmetkom.interfaces.desk.lists.queue_counts import format_notification_count
from bekhedmetkom.interfaces.desk.lists.queues import (
    QUEUES,
    QueueCount,
    format_capped_count,
    list_own_queues,
)
from bekhedmetkom.interfaces.desk.navigation import ATTENTION_PAGE, NavigationPage, list_pages
from bekhedmetkom.interfaces.ui.templatetags.ui import icon

register = template.Library()


@register.simple_tag(takes_context=True)
def queue_links(context: Mapping[str, Any], counted: Iterable[QueueCount]) -> SafeString:
    """Render a group of the side bar."""
    language, shown = (
        _get_language(),
        None if context["searched"] or context.get("view") else context["queue"],
    )
    lines = (
        _render_queue(entry.queue.name, language).format(
            current=' aria-current="page"' if entry.queue is shown else "",
            bad=' class="bad"' if entry.queue.is_alarming and entry.case_count else "", shown=entry.label,
        )
        for entry in counted
    )  # fmt: skip
    return SafeString("".join(lines))


@register.simple_tag(takes_context=True)
def notification_count(context: Mapping[str, Any]) -> str:
    """Return the cached count of unseen notifications."""
    return format_notification_count(get_cached_counts(context["visit"].actor))


@register.simple_tag(takes_context=True)
def settings_url(context: Mapping[str, Any]) -> str:
    """Return the address of the officer's first settings page; empty if there is none."""
    tab = get_first_tab(context["visit"])
    return reverse(f"desk:{tab.name}") if tab else ""


@cache
def _render_queue(name: str, language: str) -> str:
    queue = QUEUES[name]
    address = f"{reverse('desk:list')}?queue={queue.name}"
    drawn = f"{icon(queue.icon)}<span>{escape(queue.title.in_language(language))}</span>"
    count = f'<b{{bad}} data-count="{name}"{" data-alarming" if queue.is_alarming else ""}>{{shown}}</b>'
    return f'<li><a href="{address}"{{current}}>{drawn}{count}</a></li>\n    '


@register.simple_tag(takes_context=True)
def queue_options(context: Mapping[str, Any]) -> SafeString:
    """Render the officer's queues as links for the command palette."""
    language = _get_language()
    return SafeString(
        "".join(_render_queue_link(queue.name, language) for queue in list_own_queues(context["visit"]))
    )


@cache
def _render_queue_link(name: str, language: str) -> str:
    address = f"{reverse('desk:list')}?queue={name}"
    return format_html('<a href="{}">{}</a>', address, QUEUES[name].title.in_language(language))


@register.simple_tag(takes_context=True)
def page_links(context: Mapping[str, Any], part: Literal["first", "rest"]) -> SafeString:
    """Render the pages above the queues (`first`) or below them (`rest`)."""
    counts = get_cached_counts(context["visit"].actor)
    lines = (
        format_html(
            '<li><a href="{}"{}>{}<span>{}</span>{}</a></li>', reverse(page.route),
            SafeString(' aria-current="page"') if page.route == context.get("page_route") else "",
            icon(page.icon), page.title, _render_page_count(page, counts),
        )
        for page in list_pages(context["visit"])
        if (page is ATTENTION_PAGE) == (part == "first")
    )  # fmt: skip
    listed = "".join(lines)
    return SafeString(f"<div><ul>{listed}</ul></div>") if listed else SafeString()


def _render_page_count(page: NavigationPage, counts: Mapping[str, int]) -> str:
    """Render how much waits on a page; red unless it is zero."""
    if not page.count_key:
        return ""
    waiting = counts.get(page.count_key)
    bad = SafeString(' class="bad"' if waiting else "")
    shown = "" if waiting is None else format_capped_count(waiting)
    return format_html('<b{} data-count="{}" data-alarming>{}</b>', bad, page.count_key, shown)


def _get_language() -> str:
    return get_language() or "ar"
