"""What the box's pages need: `look`'s own tags would bring half of the main service with them."""

from functools import cache

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from bekhedmetkom.interfaces.look.icons import ICONS

register = template.Library()


@register.simple_tag
@cache
def icon(name: str, classes: str = "") -> SafeString:
    """One of lucide's icons, drawn in place. Arrows and chevrons take `icon-dir`: they turn with the page."""
    return format_html(
        '<svg class="icon {}" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{}</svg>',
        classes,
        ICONS[name],
    )
