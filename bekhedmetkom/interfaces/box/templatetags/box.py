"""Template tags of the box; those of `ui` would import much of the main service."""

from datetime import date
from functools import cache
from typing import Any

from django import template
from django.urls import translate_url
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from bekhedmetkom.disclosures import current_manifest
from bekhedmetkom.disclosures.rules.statuses import CLOSING_REASONS, STATUS_TEXTS
from bekhedmetkom.interfaces.ui.icons import ICONS
from bekhedmetkom.kernel import formatting
from bekhedmetkom.kernel.text import BilingualText

register = template.Library()


@register.simple_tag
@cache
def icon(name: str, classes: str = "") -> SafeString:
    """Return a lucide icon as inline SVG.

    Arrows and chevrons take the class `icon-dir`, which mirrors them in Arabic.
    """
    return format_html(
        '<svg class="icon {}" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{}</svg>',
        classes,
        ICONS[name],
    )


@register.simple_tag
def get_root_key() -> str:
    """Return the root's public key, with which browsers verify manifests."""
    return current_manifest.get_root_key().hex()


@register.simple_tag
def list_statuses() -> list[tuple[str, BilingualText]]:
    """Return all statuses with their texts for the discloser."""
    return [(str(status), text) for status, text in STATUS_TEXTS.items()]


@register.simple_tag
def list_closing_reasons() -> list[tuple[str, BilingualText]]:
    """Return all closing reasons with their texts."""
    return list(CLOSING_REASONS.items())


@register.filter
def in_language(text: BilingualText) -> str:
    """Return the text in the page's language."""
    return text.in_language(_language())


@register.filter
def format_day(value: date) -> str:
    """Return weekday, day, month and year."""
    return formatting.format_date(value, _language(), year=True)


@register.filter
def format_max_size(size: int) -> str:
    """Return the maximum size of a file that was padded to this size."""
    if size < 1024 * 1024:
        return gettext("حتى %(n)s كيلوبايت") % {"n": size // 1024}
    return gettext("حتى %(n)s ميغابايت") % {"n": size // 1024 // 1024}


@register.simple_tag(takes_context=True)
def get_other_language(context: dict[str, Any]) -> dict[str, str]:
    """Return the other language's code, name and direction, and this page's URL in it."""
    code = "ar" if _language() == "en" else "en"
    is_form_target = context["request"].resolver_match.url_name in ("send", "carried_text")
    path = translate_url("/", _language()) if is_form_target else context["request"].path
    name, direction = {"ar": ("العربية", "rtl"), "en": ("English", "ltr")}[code]
    return {"code": code, "url": translate_url(path, code), "name": name, "direction": direction}


def _language() -> str:
    return get_language() or "ar"
