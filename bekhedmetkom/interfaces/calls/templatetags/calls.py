"""Template filters of the call console: durations, masked phone numbers, state labels."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from bekhedmetkom.cases.rules.states import STATE_LABELS, State
from bekhedmetkom.kernel.phone_numbers import mask_phone
from bekhedmetkom.kernel.text import BilingualText

register = template.Library()


@register.filter
def format_duration(seconds: int) -> SafeString:
    """Return a duration as `2:14` or `1:02:14`, left to right."""
    hours, rest = divmod(max(seconds, 0), 3600)
    text = f"{hours}:{rest // 60:02d}:{rest % 60:02d}" if hours else f"{rest // 60}:{rest % 60:02d}"
    return format_html('<bdi dir="ltr">{}</bdi>', text)


@register.filter("mask_phone")
def render_masked_phone(e164: str) -> SafeString:
    """Return the number with its middle digits hidden, left to right."""
    return format_html('<bdi dir="ltr">{}</bdi>', mask_phone(e164))


@register.filter
def state_label(state: State) -> BilingualText:
    """Return the label of a case state in both languages."""
    return STATE_LABELS[state]
