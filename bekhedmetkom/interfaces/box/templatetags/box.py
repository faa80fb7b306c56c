"""What the box's pages need: `look`'s own tags would bring half of the main service with them."""

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
    """One of lucide's icons, drawn in place. Arrows and chevrons take `icon-dir`: they turn with the page."""
    return format_html(
        '<svg class="icon {}" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{}</svg>',
        classes,
        ICONS[name],
    )


@register.simple_tag
def root_key() -> str:
    """The pinned key that manifests must be signed with: browsers check them for themselves."""
    return current_manifest.get_root_key().hex()


@register.simple_tag
def every_status() -> list[tuple[str, BilingualText]]:
    """How far a report can be, with what its discloser reads."""
    return [(str(status), words) for status, words in STATUS_TEXTS.items()]


@register.simple_tag
def every_reason() -> list[tuple[str, BilingualText]]:
    """Why a report can be closed."""
    return list(CLOSING_REASONS.items())


@register.filter
def said(words: BilingualText) -> str:
    """A sentence of the domain in the language of the page."""
    return words.in_language(_language())


@register.filter
def day(value: date) -> str:
    """Weekday, day, month and year."""
    return formatting.format_date(value, _language(), year=True)


@register.filter
def at_most(size: int) -> str:
    """How large a file may be that was padded to this size."""
    if size < 1024 * 1024:
        return gettext("حتى %(n)s كيلوبايت") % {"n": size // 1024}
    return gettext("حتى %(n)s ميغابايت") % {"n": size // 1024 // 1024}


@register.simple_tag(takes_context=True)
def other_language(context: dict[str, Any]) -> dict[str, str]:
    """The other language: its code, name and direction, and the address of this page in it."""
    code = "ar" if _language() == "en" else "en"
    here = {"send": "", "carried": ""}.get(context["request"].resolver_match.url_name)
    path = context["request"].path if here is None else translate_url("/", _language())
    name, direction = {"ar": ("العربية", "rtl"), "en": ("English", "ltr")}[code]
    return {"code": code, "url": translate_url(path, code), "name": name, "direction": direction}


def _language() -> str:
    return get_language() or "ar"
