"""Tags and filters of the leadership pages: escalations, dates of instructions, case counts."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bekhedmetkom.cases.queries import Escalation
from bekhedmetkom.cases.rules.states import EventType
from bekhedmetkom.catalogue.rules import LEVEL_LABELS
from bekhedmetkom.entities.queries import get_tree
from bekhedmetkom.interfaces.ui.templatetags.ui import icon
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
def escalation(context: Mapping[str, Any], raised: Escalation) -> SafeString:
    """Render an escalation: the reason, what was done since, when it escalates further."""
    return render_escalation(raised, context["visit"].at, _get_language())


def render_escalation(raised: Escalation, now: datetime, language: str) -> SafeString:
    """Render an escalation, for callers without a template."""
    return format_html(
        '<p class="need__told">{}<span>{}{} <span class="muted">{} {}</span></span></p>',
        icon("trending-up"), _format_reason(raised, now, language),
        format_html(' <q dir="auto">{}</q>', raised.reason) if raised.reason else "",
        _format_last_action(raised, now, language), _format_next_level(raised, now, language),
    )  # fmt: skip


def _format_reason(raised: Escalation, now: datetime, language: str) -> str:
    said = {
        "level": LEVEL_LABELS[raised.level].in_language(language),
        "at": format_timestamp(raised.at, now, language),
        "ground": format_date(raised.ground, language) if raised.ground else "",
        "by": raised.by.in_language(language),
    }
    match raised.happened:
        case EventType.IDLE:
            return _("لا إجراء منذ %(ground)s، فوصل تنبيه إلى %(level)s، %(at)s.") % said
        case EventType.OVERDUE:
            return _("تجاوز موعده، %(ground)s، فرُفع إلى %(level)s، %(at)s.") % said
        case _:
            return _("رفعه %(by)s إلى %(level)s، %(at)s.") % said


def _format_last_action(raised: Escalation, now: datetime, language: str) -> str:
    if raised.last is None:
        return _("لم يُفعل شيء منذ ذلك.")
    said = {"what": raised.last.words.in_language(language), "by": raised.last.by.in_language(language),
            "ago": format_time_ago(raised.last.at, now, language)}  # fmt: skip
    return _("منذ ذلك: %(what)s (%(by)s، %(ago)s).") % said


def _format_next_level(raised: Escalation, now: datetime, language: str) -> str:
    if raised.climbs_at is None or raised.climbs_to is None:
        return ""
    said = {
        "level": LEVEL_LABELS[raised.climbs_to].in_language(language),
        "at": format_timestamp(raised.climbs_at, now, language),
    }
    return _("إن لم يُرد عليه صعد إلى %(level)s، %(at)s.") % said


@register.simple_tag(takes_context=True)
def deadline(context: Mapping[str, Any], until: datetime) -> SafeString:
    """Render the date by which something is asked; red once it has passed."""
    now, late = context["visit"].at, until < context["visit"].at
    return format_html(
        '<span class="due {}">{}{}</span>', "due--late" if late else "due--ok",
        icon("triangle-alert" if late else "clock"), format_deadline(until, now, _get_language()),
    )  # fmt: skip


@register.filter
def case_count(n: int) -> str:
    """Return a number of cases in words."""
    return format_count(n, CASE, _get_language())


@register.filter
def body_name(entity: int) -> str:
    """Return a body's name."""
    return get_tree()[entity].get_name(_get_language())


def _get_language() -> str:
    return get_language() or "ar"
