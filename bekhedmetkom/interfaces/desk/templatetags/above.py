"""How the pages of those above the work say what was told to whom, and by when something is asked."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bekhedmetkom.cases.queries import Raised
from bekhedmetkom.cases.rules.states import EventType
from bekhedmetkom.catalogue.rules import LEVEL_LABELS
from bekhedmetkom.entities.queries import get_tree
from bekhedmetkom.interfaces.look.templatetags.look import icon
from bekhedmetkom.kernel.formatting import (
    CASE,
    format_count,
    format_date,
    format_deadline,
    format_time_ago,
    format_timestamp,
)

register = template.Library()


@register.simple_tag(takes_context=True)
def told(context: Mapping[str, Any], raised: Raised) -> SafeString:
    """Three short sentences: why it is on this list, what was done since, when it climbs."""
    return sentences(raised, context["visit"].at, _language())


def sentences(raised: Raised, now: datetime, language: str) -> SafeString:
    """The same for whoever has no template."""
    return format_html(
        '<p class="need__told">{}<span>{}{} <span class="muted">{} {}</span></span></p>',
        icon("trending-up"), _why(raised, now, language),
        format_html(' <q dir="auto">{}</q>', raised.reason) if raised.reason else "",
        _since(raised, now, language), _climbs(raised, now, language),
    )  # fmt: skip


def _why(raised: Raised, now: datetime, language: str) -> str:
    said = {
        "level": LEVEL_LABELS[raised.level].in_(language),
        "at": format_timestamp(raised.at, now, language),
        "ground": format_date(raised.ground, language) if raised.ground else "",
        "by": raised.by.in_(language),
    }
    match raised.happened:
        case EventType.IDLE:
            return _("لا إجراء منذ %(ground)s، فوصل تنبيه إلى %(level)s، %(at)s.") % said
        case EventType.OVERDUE:
            return _("تجاوز موعده، %(ground)s، فرُفع إلى %(level)s، %(at)s.") % said
        case _:
            return _("رفعه %(by)s إلى %(level)s، %(at)s.") % said


def _since(raised: Raised, now: datetime, language: str) -> str:
    if raised.last is None:
        return _("لم يُفعل شيء منذ ذلك.")
    said = {"what": raised.last.words.in_(language), "by": raised.last.by.in_(language),
            "ago": format_time_ago(raised.last.at, now, language)}  # fmt: skip
    return _("منذ ذلك: %(what)s (%(by)s، %(ago)s).") % said


def _climbs(raised: Raised, now: datetime, language: str) -> str:
    if raised.climbs_at is None or raised.climbs_to is None:
        return ""
    said = {
        "level": LEVEL_LABELS[raised.climbs_to].in_(language),
        "at": format_timestamp(raised.climbs_at, now, language),
    }
    return _("إن لم يُرد عليه صعد إلى %(level)s، %(at)s.") % said


@register.simple_tag(takes_context=True)
def by_day(context: Mapping[str, Any], until: datetime) -> SafeString:
    """By when something is asked; in red once that is past."""
    now, late = context["visit"].at, until < context["visit"].at
    return format_html(
        '<span class="due {}">{}{}</span>', "due--late" if late else "due--ok",
        icon("triangle-alert" if late else "clock"), format_deadline(until, now, _language()),
    )  # fmt: skip


@register.filter
def cases(n: int) -> str:
    """So many cases."""
    return format_count(n, CASE, _language())


@register.filter
def body(entity: int) -> str:
    """A public body's name."""
    return get_tree()[entity].name_in(_language())


def _language() -> str:
    return get_language() or "ar"
