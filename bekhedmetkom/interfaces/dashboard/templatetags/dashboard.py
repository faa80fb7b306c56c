"""How the dashboard's pages say whose figures they show, of when, and where a figure leads."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from html import escape
from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bekhedmetkom.analytics.queries.dashboard_data import Dashboard
from bekhedmetkom.cases.queries import CaseRow
from bekhedmetkom.cases.rules.states import STATE_LABELS
from bekhedmetkom.catalogue.queries import get_service
from bekhedmetkom.entities.queries import get_tree
from bekhedmetkom.interfaces.dashboard.drill_down_links import build_cases_address
from bekhedmetkom.interfaces.dashboard.filters import Filters, OptionGroup
from bekhedmetkom.interfaces.dashboard.navigation import NAVIGATION_ITEMS
from bekhedmetkom.interfaces.dashboard.overview.panels import Panel
from bekhedmetkom.interfaces.dashboard.table_cells import FigureTable, TextLike, format_text
from bekhedmetkom.interfaces.dashboard.tables import TABLE_BUILDERS
from bekhedmetkom.interfaces.ui.templatetags.ui import icon
from bekhedmetkom.kernel.formatting import (
    BODY,
    format_count,
    format_deadline,
    format_short_date,
    format_timestamp,
)

register = template.Library()
CURRENT = ' aria-current="page"'
MOST = 31  # rows of a table that a page shows; the rest stands on the table's own page


@register.simple_tag
def whose(asked: Filters) -> str:
    """Whose figures these are, and what narrows them."""
    language, reach = _language(), asked.context.reach
    if "entity" in asked.query or "sector" in asked.query:
        first = ""
    elif reach is None:
        first = _("كل الجهات")
    elif len(reach) == 1:
        first = get_tree()[next(iter(reach))].get_name(language)
    else:
        first = format_count(len(reach), BODY, language)
    return " · ".join(part for part in (first, *asked.labels) if part)


@register.simple_tag
def as_of(board: Dashboard) -> str:
    """Until when what happened is in the figures."""
    if board.recorded_until is None:
        return _("لم يُحسب شيء بعد")
    return _("حتى %(moment)s") % {
        "moment": format_timestamp(board.recorded_until, board.requested_at, _language())
    }


@register.simple_tag(takes_context=True)
def places(context: Mapping[str, Any]) -> SafeString:
    """The pages of the dashboard as links."""
    here = context["request"].resolver_match.view_name
    lines = [
        (reverse(place.route), SafeString(CURRENT if place.route == here else ""), place.title)
        for place in NAVIGATION_ITEMS
    ]
    return format_html_join("", '<li><a href="{}"{}>{}</a></li>', lines)


@register.simple_tag(takes_context=True)
def panel_table(context: Mapping[str, Any], panel: Panel) -> SafeString:
    """The table behind a picture: folded beneath it; on a wall, where nobody can unfold, for ears alone."""
    return _behind(panel.table, context["asked"])


@register.simple_tag(takes_context=True)
def table_of(context: Mapping[str, Any], board: Dashboard, name: str) -> SafeString:
    """A table that stands by itself."""
    table, asked = TABLE_BUILDERS[name](board), context["asked"]
    drawn = table.render_html(_language(), cases=lambda key: build_cases_address(asked, key))
    return format_html(
        '<div class="scroll" role="region" aria-label="{}" tabindex="0">{}</div>{}', _("الأرقام في جدول"), drawn,
        _links(asked, name),
    )  # fmt: skip


def _behind(table: FigureTable, asked: Filters) -> SafeString:
    drawn, more = table.render_html(_language(), MOST), SafeString()
    if asked.is_wall:
        return format_html('<div class="vh">{}</div>', drawn)
    if len(table.rows) > MOST:
        address = f"{reverse('dashboard:table', args=[table.name])}?{asked.query_string}"
        more = format_html('<a href="{}">{}</a>', address, _("كل الصفوف (%(n)s)") % {"n": len(table.rows)})
    return format_html(
        '<details class="numbers" id="numbers-{}"><summary>{}<span class="vh">: {}</span></summary>'
        '<div class="scroll" role="region" aria-label="{}" tabindex="0">{}</div>{}{}</details>',
        table.name,
        _("الأرقام في جدول"),
        format_text(table.title, _language()),
        format_text(table.title, _language()),
        drawn,
        _links(asked, table.name),
        more,
    )


@register.simple_tag(takes_context=True)
def sheet_links(context: Mapping[str, Any], name: str) -> SafeString:
    return _links(context["asked"], name)


def _links(asked: Filters, name: str) -> SafeString:
    """The table as a file, in both forms."""
    made = format_html_join(
        " ", '<a href="{}?{}" download>{}</a>',
        ((reverse("dashboard:sheet", args=[name, form]), asked.query_string, form.upper()) for form in ("xlsx", "csv")),
    )  # fmt: skip
    return format_html('<p class="sheets">{} {} {}</p>', icon("download"), _("تنزيل الجدول:"), made)


@register.simple_tag
def moved_places(places: int) -> SafeString:
    """How many places a body went up or down."""
    if not places:
        return format_html(
            '<span class="faint">{}<span class="vh">{}</span></span>', icon("equal"), _("مكانها نفسه")
        )
    up = places > 0
    said = _("صعدت") if up else _("نزلت")
    return format_html(
        '<span class="{}">{}<span class="vh">{}</span> {}</span>', "ok" if up else "bad",
        icon("trending-up" if up else "trending-down"), said, abs(places),
    )  # fmt: skip


@register.simple_tag
def drawn(table: FigureTable) -> SafeString:
    """A table as it stands on a page."""
    return table.render_html(_language())


@register.simple_tag
def said_text(said: TextLike) -> str:
    return format_text(said, _language())


@register.simple_tag
def of_feed(said: Mapping[str, str] | None) -> str:
    """A word of the feed, which is kept in both languages."""
    return said[_language()] if said else ""


@register.simple_tag
def choice(name: str, groups: Iterable[OptionGroup], chosen: str) -> SafeString:
    """A field of the form that narrows. By hand: there are hundreds of bodies."""
    every = f'<option value="">{escape(_("الكل"))}</option>'
    drawn = "".join(_options(group, chosen) for group in groups)
    return SafeString(f'<select class="select" id="{name}" name="{name}">{every}{drawn}</select>')


def _options(group: OptionGroup, chosen: str) -> str:
    options = "".join(
        f'<option value="{escape(value)}"{" selected" if value == chosen else ""}>{escape(said)}</option>'
        for value, said in group.options.items()
    )
    return f'<optgroup label="{escape(group.name)}">{options}</optgroup>' if group.name else options


@register.simple_tag
def state_of(row: CaseRow) -> str:
    return STATE_LABELS[row.state].in_language(_language())


@register.simple_tag
def body_of(row: CaseRow) -> str:
    return get_tree()[row.entity_id].get_name(_language())


@register.simple_tag
def topic_of(row: CaseRow) -> str:
    return get_service(row.service_id).get_name(_language()) if row.service_id else ""


@register.simple_tag(takes_context=True)
def due_of(context: Mapping[str, Any], row: CaseRow) -> SafeString:
    """By when it is due; in red where that is past."""
    said = format_deadline(row.due_at, context["visit"].at, _language())
    return format_html('<span class="{}">{}</span>', "bad" if row.overdue else "", said)


@register.simple_tag(takes_context=True)
def moment_of(context: Mapping[str, Any], at: datetime) -> str:
    return format_timestamp(at, context["visit"].at, _language())


@register.filter
def short_day(day: date) -> str:
    return format_short_date(day, _language())


@register.filter
def grouped(n: int) -> str:
    return f"{n:,}"


@register.filter
def but(asked: Filters, name: str) -> str:
    """The same figures without one condition; without the body its units and topics mean nothing."""
    return asked.build_query_string(*(("entity", "unit", "topic") if name == "entity" else (name,)))


@register.filter
def of(asked: Filters, code: str) -> str:
    """The same figures of one body."""
    return asked.build_query_string("sector", "unit", "topic", entity=code)


@register.filter
def at(asked: Filters, code: str) -> str:
    """The same figures in one governorate."""
    return asked.build_query_string(governorate=code)


@register.filter
def also(asked: Filters, more: Mapping[str, str]) -> str:
    """The same figures, narrowed further."""
    return asked.build_query_string(**more)


@register.filter
def turned(asked: Filters, turn: str) -> str:
    """The same wall at another of its views."""
    return asked.build_query_string(view="wall", show=turn)


def _language() -> str:
    return get_language() or "ar"
