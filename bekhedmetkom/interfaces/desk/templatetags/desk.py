"""Tags and filters of the desk: deadlines, kinds, states, times, list rows, action buttons and the timeline."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from functools import cache, lru_cache
from html import escape
from typing import Any

from django import template
from django.contrib.messages.storage.base import Message
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bekhedmetkom.cases.queries import CaseRow
from bekhedmetkom.cases.rules.case_state import CaseState
from bekhedmetkom.cases.rules.channels import CHANNEL_LABELS
from bekhedmetkom.cases.rules.states import OPEN_STATES, STATE_LABELS, State
from bekhedmetkom.catalogue.queries import get_service
from bekhedmetkom.catalogue.rules import DISPOSITION_LABELS, KIND_LABELS, Disposition, Handling, Kind
from bekhedmetkom.entities.queries import get_tree
from bekhedmetkom.interfaces.desk.case import undo
from bekhedmetkom.interfaces.desk.case.actions import ACTIONS, Action
from bekhedmetkom.interfaces.desk.case.timeline import TimelineLine
from bekhedmetkom.interfaces.desk.case.undo import UndoOffer
from bekhedmetkom.interfaces.desk.lists.bulk_forms import BULK_ACTIONS, BulkAction
from bekhedmetkom.interfaces.desk.lists.list_query import COLUMNS, REQUIRED_COLUMN
from bekhedmetkom.interfaces.desk.templatetags.leadership import render_escalation
from bekhedmetkom.interfaces.ui.templatetags.ui import icon
from bekhedmetkom.kernel.clock import get_local_date
from bekhedmetkom.kernel.formatting import (
    format_date,
    format_datetime,
    format_deadline,
    format_short_date,
    format_time_ago,
    format_timestamp,
)
from bekhedmetkom.kernel.text import BilingualText

register = template.Library()

KIND_ICONS: Mapping[Kind, str] = {
    Kind.QUESTION: "message-circle-question-mark",
    Kind.SUGGESTION: "lightbulb",
    Kind.PRAISE: "heart",
    Kind.COMPLAINT: "message-square-warning",
    Kind.VIOLATION: "shield-alert",
}
STATE_STYLES: Mapping[State, tuple[str, str]] = {
    State.RECEIVED: ("inbox", ""),
    State.CLASSIFIED: ("list-filter", ""),
    State.ASSIGNED: ("circle-dot", "tag--info"),
    State.AWAITING_CITIZEN: ("hourglass", "tag--warn"),
    State.AWAITING_APPROVAL: ("shield-check", "tag--teal"),
    State.ANSWERED: ("circle-check", "tag--ok"),
    State.RESOLVED: ("check", "tag--ok"),
    State.APPEALED: ("scale", "tag--plum"),
    State.CLOSED: ("lock-keyhole", ""),
    State.WITHDRAWN: ("undo-2", ""),
    State.MERGED: ("merge", ""),
}
PAUSED = BilingualText("متوقف", "paused")


@register.simple_tag(takes_context=True)
def due(context: Mapping[str, Any], case: CaseState) -> SafeString:
    """Render the deadline of an open case; empty for a case that is not open."""
    return _render_deadline(case, context["visit"].at, _get_language())


def _render_deadline(case: CaseState | CaseRow, now: datetime, language: str) -> SafeString:
    if case.state not in OPEN_STATES:
        return SafeString()
    if case.state is State.AWAITING_CITIZEN:
        return _render_deadline_tag("due--ok", "pause", PAUSED.in_language(language))
    text = format_deadline(case.due_at, now, language)
    if case.due_at < now:
        return _render_deadline_tag("due--late", "triangle-alert", text)
    days = (get_local_date(case.due_at) - get_local_date(now)).days
    if days == 0:
        return _render_deadline_tag("due--today", "timer", text)
    return _render_deadline_tag("" if days <= 3 else "due--ok", "clock", text)


@register.simple_tag
def list_headers(columns: tuple[str, ...]) -> SafeString:
    """Render the column widths and titles."""
    return _render_headers(columns, _get_language())


@lru_cache(maxsize=256)
def _render_headers(columns: tuple[str, ...], language: str) -> SafeString:
    widths = '<col class="c-pick">' + "".join(f'<col class="c-{name}">' for name in columns)
    titles = "".join(
        f'<th scope="col" class="{name}-cell">{escape(str(COLUMNS[name].title))}</th>' for name in columns
    )
    every = format_html(
        '<td class="pick"><input type="checkbox" data-pick-all hidden aria-label="{}"></td>',
        _("اختيار كل ما في الصفحة"),
    )
    return SafeString(f"<colgroup>{widths}</colgroup>\n<thead><tr>{every}{titles}</tr></thead>")


@register.simple_tag(takes_context=True)
def list_rows(context: Mapping[str, Any], found: Iterable[CaseRow]) -> SafeString:
    """Render the rows of the list. In Python, because a template takes half of the page's time for fifty rows."""
    language, now, queue, columns = (
        _get_language(),
        context["visit"].at,
        context["queue"].name,
        context["columns"],
    )
    cases = f"{reverse('desk:list')}/cases/"
    told = context.get("told") or {}
    lines = (
        _render_row(row, now, language, cases, queue, columns)
        + (
            _ESCALATION_ROW.format(len(columns) + 1, render_escalation(raised, now, language))
            if (raised := told.get(row.id))
            else ""
        )
        for row in found
    )
    return SafeString("".join(lines))


_ESCALATION_ROW = '<tr class="told"><td colspan="{}">{}</td></tr>'


def _render_row(
    row: CaseRow, now: datetime, language: str, cases: str, queue: str, columns: Iterable[str]
) -> str:
    cells = "".join(
        _render_subject(row, now, language, f"{cases}{row.reference}?from={queue}") if name == REQUIRED_COLUMN
        else f'<td class="{name}-cell">{_CELL_RENDERERS[name](row, now, language)}</td>'
        for name in columns
    )  # fmt: skip
    return _CASE_ROW.format(_get_select_label(language), row.reference, row.seq, cells)


# The box belongs to the form of what is done to several at once.
_CASE_ROW = (
    '<tr data-row><td class="pick"><label><input type="checkbox" name="case" value="{1}:{2}" form="bulk"'
    ' aria-label="{0} {1}"></label></td>{3}</tr>\n'
)


@cache
def _get_select_label(language: str) -> str:
    return _("اختيار")


def _render_subject(row: CaseRow, now: datetime, language: str, address: str) -> str:
    marks = _render_marks(row.urgent, row.care is not Handling.OPEN, row.voice, language) + _render_snooze(
        row, now, language
    )
    title = escape(row.title) or _get_untitled_label(language)
    return (
        f'<th scope="row" dir="auto"><a class="subj" href="{address}">{title}</a>{marks} '
        f'<span class="snip">{escape(row.excerpt)}</span></th>'
    )


def _render_snooze(row: CaseRow, now: datetime, language: str) -> str:
    """Render when a snoozed case comes back."""
    if row.snoozed_until is None or row.snoozed_until <= now:
        return ""
    return _render_mark("mini", "alarm-clock", format_short_date(row.snoozed_until, language))


def _render_text(words: BilingualText | None, language: str) -> str:
    return escape(words.in_language(language)) if words else ""


@cache
def _get_untitled_label(language: str) -> str:
    return _("رسالة صوتية")


@cache
def _render_marks(urgent: bool, kept: bool, spoken: bool, language: str) -> SafeString:
    return SafeString("".join((
        _render_mark("mini mini--bad", "triangle-alert", _("عاجل")) if urgent else "",
        _render_mark("mini", "lock-keyhole", _("محفوظ السرية")) if kept else "",
        _render_mark("mini", "info", _("بانتظار التفريغ")) if spoken else "",
    )))  # fmt: skip


def _render_mark(look: str, drawn: str, words: str) -> str:
    return format_html('<span class="{}">{}{}</span>', look, icon(drawn), words)


def _render_assignee(row: CaseRow, language: str) -> str:
    """Render who has the case: the officer, else the unit, else nobody."""
    if row.officer:
        name = row.officer.in_language(language)
        return f'<span class="who"><span class="ava" aria-hidden="true">{escape(name[:1])}</span>{escape(name)}</span>'
    return escape(row.unit.in_language(language)) if row.unit else _render_unassigned(language)


@cache
def _render_unassigned(language: str) -> str:
    return format_html('<span class="faint">{}</span>', _("غير مكلّف"))


@register.simple_tag(takes_context=True)
def actions(context: Mapping[str, Any], offered: Iterable[Action], place: str) -> SafeString:
    """Render the actions beside the title, in the "more" menu, or in the list of shortcuts."""
    language, here, acting = _get_language(), context.get("here"), context.get("acting")
    lines = (
        _render_action(verb.name, place, language).format(
            here=here, current=' aria-current="true"' if verb is acting else ""
        )
        for verb in offered
    )
    return SafeString("".join(lines))


@cache
def _render_action(name: str, place: str, language: str) -> str:
    verb = ACTIONS[name]
    return _ACTION_TEMPLATES[place].format(
        here="{here}", current="{current}", name=name, icon=icon(verb.icon, verb.icon_class),
        words=escape(str(verb.button_label)), key=verb.key, shown_key=verb.key_label,
    )  # fmt: skip


_ACTION_LINK = 'href="{here}/{name}" data-key="{key}"{current}>{icon}'
_SHORTCUT = '<span class="kbd" aria-hidden="true">{shown_key}</span>'
_ACTION_TEMPLATES = {
    "beside": f'<a class="btn btn--quiet btn--sm" {_ACTION_LINK} {{words}} {_SHORTCUT}</a>\n    ',
    "more": f"<li><a {_ACTION_LINK} <span>{{words}}</span> {_SHORTCUT}</a></li>\n      ",
    "keys": '<dt>{words}</dt><dd><bdi class="kbd" dir="ltr">{shown_key}</bdi></dd>',
}


@register.simple_tag
def bulk_actions(offered: Iterable[BulkAction]) -> SafeString:
    """Render the buttons of the bulk actions."""
    return SafeString("".join(_render_bulk_action(bulk.action.name, _get_language()) for bulk in offered))


@cache
def _render_bulk_action(name: str, language: str) -> str:
    bulk = BULK_ACTIONS[name]
    return format_html(
        '<button class="btn btn--sm" formaction="{}" data-key="{}">{} {} <span class="kbd" aria-hidden="true">{}</span>'
        "</button>",
        reverse("desk:bulk", args=[name]), bulk.action.key, icon(bulk.action.icon, bulk.action.icon_class), bulk.label,
        bulk.action.key_label,
    )  # fmt: skip


@register.simple_tag(takes_context=True)
def undo_offer(context: Mapping[str, Any], message: Message) -> UndoOffer | None:
    """Return the undo offer of a message, if there is one."""
    return undo.get_undo_offer(message, context["visit"].at)


@register.simple_tag(takes_context=True)
def timeline(context: Mapping[str, Any], lines: Iterable[TimelineLine]) -> SafeString:
    """Render the lines of the timeline. In Python, because long cases have dozens."""
    language, now = _get_language(), context["visit"].at
    return SafeString("".join(_render_timeline_line(line, now, language) for line in lines))


def _render_timeline_line(line: TimelineLine, now: datetime, language: str) -> str:
    entry = line.entry
    by = entry.by.in_language(language)
    who = f"<strong>{escape(by)}</strong> · " if by else ""
    when = _render_time(entry.at, format_timestamp(entry.at, now, language), language)
    texts = "".join(
        f'<div class="note {text.style}" dir="auto">{escape(text.body)}</div>' for text in line.texts
    )
    drawn = icon(line.icon, line.icon_class)
    words, look = _link_references(escape(entry.words.in_language(language))), ""
    if entry.undone:
        words, look = f"<s>{words}</s> {_render_undone_label(language)}", ' class="is-undone"'
    return f"<li{look}>{drawn}<span>{who}{words}</span>{when}{texts}</li>\n"


def _link_references(words: str) -> str:
    """Link the case references in a sentence. The link is 404 for those who may not read the case."""
    return _REFERENCE_PATTERN.sub(
        lambda found: (
            f'<a href="{reverse("desk:case", args=[found[0]])}"><bdi dir="ltr">{found[0]}</bdi></a>'
        ),
        words,
    )


_REFERENCE_PATTERN = re.compile(r"\bBK-[0-9A-Z]{4}-[0-9A-Z]{4}\b")


@cache
def _render_undone_label(language: str) -> str:
    return format_html('<span class="tag">{}</span>', _("تراجع عنها"))


@register.simple_tag
def kind(value: Kind) -> SafeString:
    return _render_kind(value, _get_language())


@cache
def _render_kind(value: Kind, language: str) -> SafeString:
    words = KIND_LABELS[value].in_language(language)
    return format_html(
        '<span class="kindcell">{}<span class="kindcell__w">{}</span></span>', icon(KIND_ICONS[value]), words
    )


@register.simple_tag
def state(value: State) -> SafeString:
    return _render_state(value, _get_language())


@cache
def _render_state(value: State, language: str) -> SafeString:
    drawn, colour = STATE_STYLES[value]
    turned = "icon-dir" if drawn == "undo-2" else ""
    return format_html(
        '<span class="tag {}">{}{}</span>',
        colour,
        icon(drawn, turned),
        STATE_LABELS[value].in_language(language),
    )


@register.filter
def disposition_label(value: Disposition) -> str:
    """Return the outcome's label."""
    return DISPOSITION_LABELS[value].in_language(_get_language())


@register.simple_tag(takes_context=True)
def time_ago(context: Mapping[str, Any], at: datetime) -> SafeString:
    """Render how long ago, with the exact time as a title."""
    language = _get_language()
    return _render_time(at, format_time_ago(at, context["visit"].at, language), language)


@register.simple_tag(takes_context=True)
def timestamp(context: Mapping[str, Any], at: datetime) -> SafeString:
    """Render a time as the timeline shows it."""
    language = _get_language()
    return _render_time(at, format_timestamp(at, context["visit"].at, language), language)


@register.simple_tag
def day(value: date) -> str:
    """Return a date in words."""
    return format_date(value, _get_language())


@register.simple_tag
def channel(name: str) -> str:
    """Return the label of an intake channel."""
    return CHANNEL_LABELS.get(name, CHANNEL_LABELS["portal"]).in_language(_get_language())


@lru_cache(maxsize=1024)
def _render_deadline_tag(colour: str, drawn: str, text: str) -> SafeString:
    return format_html('<span class="due {}">{}{}</span>', colour, icon(drawn), text)


def _render_time(at: datetime, text: str, language: str) -> SafeString:
    return SafeString(
        f'<time datetime="{at.isoformat()}" title="{_format_datetime(at, language)}">{text}</time>'
    )


_format_datetime = lru_cache(maxsize=8192)(format_datetime)  # the same cases are looked at again and again


def _get_language() -> str:
    return get_language() or "ar"


# What stands in each column. A line has seven of them, and a page fifty lines.
_CELL_RENDERERS: Mapping[str, Callable[[CaseRow, datetime, str], str]] = {
    "due": _render_deadline,
    "ref": lambda row, _now, _language: f'<bdi dir="ltr" class="ref">{row.reference}</bdi>',
    "kind": lambda row, _now, language: _render_kind(row.kind, language),
    "topic": lambda row, _now, language: _render_text(
        get_service(row.service_id).name if row.service_id else None, language
    ),
    "area": lambda row, _now, language: _render_text(row.governorate, language),
    "body": lambda row, _now, language: _render_text(get_tree()[row.entity_id].name, language),
    "unit": lambda row, _now, language: _render_text(row.unit, language),
    "who": lambda row, _now, language: _render_assignee(row, language),
    "state": lambda row, _now, language: _render_state(row.state, language),
    "channel": lambda row, _now, language: escape(
        CHANNEL_LABELS.get(row.channel, CHANNEL_LABELS["portal"]).in_language(language)
    ),
    "came": lambda row, now, language: _render_time(
        row.received_at, format_time_ago(row.received_at, now, language), language
    ),
    "last": lambda row, now, language: _render_time(
        row.updated_at, format_time_ago(row.updated_at, now, language), language
    ),
}
