"""The tag by which a page subscribes to live events."""

from django import template
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

from bekhedmetkom.interfaces.ui.live_stream import get_page_stream
from bekhedmetkom.live.rules import Topic

register = template.Library()


@register.simple_tag(takes_context=True)
def stream(context: Context, topics: str) -> SafeString:
    """Return the attributes with which an element subscribes: `<main {% stream "indicators,feed" %}>`.

    Empty if no topic is open to the officer. `live/live.js` reads them.
    """
    found = get_page_stream(context["request"], [Topic(topic) for topic in topics.split(",")])
    return format_html('data-stream="{}" data-renew="{}"', *found) if found else SafeString("")
