"""How the desk draws a deadline, a kind, a state and a moment: always an icon with a word."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bekhedmetkom.cases.queries import Row
from bekhedmetkom.cases.rules.standing import Standing
from bekhedmetkom.cases.rules.states import OPEN, STATE_WORDS, State
from bekhedmetkom.catalogue.rules import KIND_WORDS, Handling, Kind
from bekhedmetkom.interfaces.look.templatetags.look import icon, ltr
from bekhedmetkom.kernel.clock import local_day
from bekhedmetkom.kernel.dates import say_ago, say_due, say_moment, say_stamp
from bekhedmetkom.kernel.words import Words

register = template.Library()

KIND_ICONS: Mapping[Kind, str] = {
    Kind.QUESTION: "message-circle-question-mark",
    Kind.SUGGESTION: "lightbulb",
    Kind.PRAISE: "heart",
    Kind.COMPLAINT: "message-square-warning",
    Kind.VIOLATION: "shield-alert",
}
STATE_LOOKS: Mapping[State, tuple[str, str]] = {
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
CHANNELS: Mapping[str, Words] = {
    "portal": Words("الموقع", "Website"),
    "api": Words("نظام متصل", "Connected system"),
    "phone": Words("الهاتف", "Telephone"),
    "messenger": Words("ماسنجر", "Messenger"),
    "email": Words("البريد الإلكتروني", "E-mail"),
    "sms": Words("رسالة نصية", "Text message"),
}
PAUSED = Words("متوقف", "paused")


@register.simple_tag(takes_context=True)
def due(context: Mapping[str, Any], case: Any) -> SafeString | str:
    """The deadline of an open case as a tag; nothing for one that is over."""
    now: datetime = context["visit"].at
    if case.state not in OPEN:
        return ""
    if case.state is State.AWAITING_CITIZEN:
        return _due("due--ok", "pause", PAUSED.in_(_language()))
    text = say_due(case.due_at, now, _language())
    if case.due_at < now:
        return _due("due--late", "triangle-alert", text)
    days = (local_day(case.due_at) - local_day(now)).days
    if days == 0:
        return _due("due--today", "timer", text)
    return _due("" if days <= 3 else "due--ok", "clock", text)


@register.simple_tag(takes_context=True)
def row(context: Mapping[str, Any], found: Row) -> SafeString:
    """A line of the list. Not by a template, for fifty of them took half of the page's time."""
    language, standing, queue = _language(), found.standing, context["queue"].name
    address = f"{reverse('desk:list')}/cases/{standing.reference}?from={queue}"
    return format_html(
        _ROW, due(context, standing), ltr(standing.reference), address, found.title or _("رسالة صوتية"),
        _marks(standing), found.excerpt,
        kind(standing.kind), found.governorate.in_(language) if found.governorate else "",
        _holder(found, language), state(standing.state), ago(context, standing.updated_at),
    )  # fmt: skip


_ROW = """<tr data-row>
  <td>{}</td>
  <td class="ref-cell">{}</td>
  <th scope="row" dir="auto"><a class="subj" href="{}">{}</a>{} <span class="snip">{}</span></th>
  <td class="kind">{}</td>
  <td class="area">{}</td>
  <td class="who-cell">{}</td>
  <td class="state">{}</td>
  <td class="last faint">{}</td>
</tr>
"""


def _marks(case: Standing) -> SafeString:
    urgent = _mark("mini mini--bad", "triangle-alert", _("عاجل")) if case.urgent else SafeString()
    kept = (
        _mark("mini", "lock-keyhole", _("محفوظ السرية")) if case.care is not Handling.OPEN else SafeString()
    )
    spoken = _mark("mini", "info", _("بانتظار التفريغ")) if case.voice else SafeString()
    return urgent + kept + spoken


def _mark(look: str, drawn: str, words: str) -> SafeString:
    return format_html('<span class="{}">{}{}</span>', look, icon(drawn), words)


def _holder(found: Row, language: str) -> SafeString | str:
    """Who has the case: an officer by name, else a unit, else nobody."""
    if found.officer:
        name = found.officer.in_(language)
        return format_html(
            '<span class="who"><span class="ava" aria-hidden="true">{}</span>{}</span>', name[:1], name
        )
    return (
        found.unit.in_(language)
        if found.unit
        else format_html('<span class="faint">{}</span>', _("غير مكلّف"))
    )


@register.simple_tag
def kind(value: Kind) -> SafeString:
    return _kind(value, _language())


@cache
def _kind(value: Kind, language: str) -> SafeString:
    words = KIND_WORDS[value].in_(language)
    return format_html(
        '<span class="kindcell">{}<span class="kindcell__w">{}</span></span>', icon(KIND_ICONS[value]), words
    )


@register.simple_tag
def state(value: State) -> SafeString:
    return _state(value, _language())


@cache
def _state(value: State, language: str) -> SafeString:
    drawn, colour = STATE_LOOKS[value]
    turned = "icon-dir" if drawn == "undo-2" else ""
    return format_html(
        '<span class="tag {}">{}{}</span>', colour, icon(drawn, turned), STATE_WORDS[value].in_(language)
    )


@register.simple_tag(takes_context=True)
def ago(context: Mapping[str, Any], at: datetime) -> SafeString:
    """How long ago, with the moment itself for machines and on hovering."""
    return _time(at, say_ago(at, context["visit"].at, _language()))


@register.simple_tag(takes_context=True)
def stamp(context: Mapping[str, Any], at: datetime) -> SafeString:
    """When, as a journal says it."""
    return _time(at, say_stamp(at, context["visit"].at, _language()))


@register.simple_tag
def channel(name: str) -> str:
    """Where a case came in."""
    return CHANNELS.get(name, CHANNELS["portal"]).in_(_language())


def _due(colour: str, drawn: str, text: str) -> SafeString:
    return format_html('<span class="due {}">{}{}</span>', colour, icon(drawn), text)


def _time(at: datetime, text: str) -> SafeString:
    return format_html(
        '<time datetime="{}" title="{}">{}</time>', at.isoformat(), say_moment(at, _language()), text
    )


def _language() -> str:
    return get_language() or "ar"
