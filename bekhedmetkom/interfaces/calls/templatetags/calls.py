"""Times of calls as clocks show them, and numbers of which only a part is shown."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from bekhedmetkom.cases.rules.states import STATE_WORDS, State
from bekhedmetkom.kernel.phone_numbers import mask_phone
from bekhedmetkom.kernel.text import BilingualText

register = template.Library()


@register.filter
def clock(seconds: int) -> SafeString:
    """`2:14`, or `1:02:14`."""
    hours, rest = divmod(max(seconds, 0), 3600)
    said = f"{hours}:{rest // 60:02d}:{rest % 60:02d}" if hours else f"{rest // 60}:{rest % 60:02d}"
    return format_html('<bdi dir="ltr">{}</bdi>', said)


@register.filter
def masked(e164: str) -> SafeString:
    """Enough of a number for who calls with it to know it by."""
    return format_html('<bdi dir="ltr">{}</bdi>', mask_phone(e164))


@register.filter
def state_words(state: State) -> BilingualText:
    return STATE_WORDS[state]
