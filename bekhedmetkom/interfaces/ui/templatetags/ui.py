"""Tags and filters for every page: icons, dates, files, references and phone numbers in their own direction."""

from collections.abc import Iterable
from datetime import date, datetime
from functools import cache
from typing import Any

import segno
from django import template
from django.conf import settings
from django.forms import BoundField
from django.http import HttpRequest
from django.urls import translate_url
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from bekhedmetkom.attachments.queries import list_pending_uploads
from bekhedmetkom.attachments.rules import MAX_FILES
from bekhedmetkom.attachments.signed_urls import build_file_url
from bekhedmetkom.interfaces.ui.icons import ICONS
from bekhedmetkom.interfaces.ui.uploads import parse_upload_ids
from bekhedmetkom.kernel import clock, formatting
from bekhedmetkom.kernel.phone_numbers import format_phone
from bekhedmetkom.kernel.references import format_access_code
from bekhedmetkom.kernel.text import BilingualText

register = template.Library()


@register.simple_tag
@cache
def icon(name: str, classes: str = "") -> SafeString:
    """Render a Lucide icon inline. `icon-dir` mirrors arrows in right-to-left pages."""
    return format_html(
        '<svg class="icon {}" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{}</svg>',
        classes,
        ICONS[name],
    )


@register.simple_tag
def qr(address: str) -> SafeString:
    """Render an address as a QR code. Show the address in text too."""
    return render_qr_svg(address)


@register.simple_tag
def sealed_box(path: str = "") -> str:
    """Return an address of the disclosure box, in the page's language."""
    return f"{settings.BOX_URL}/{'' if get_language() == 'ar' else f'{get_language()}/'}{path}"


@register.inclusion_tag("ui/_uploads.html")
def uploads(field: BoundField) -> dict[str, Any]:
    """Render the file input and the files already received."""
    files = list_pending_uploads(parse_upload_ids(field.value()), clock.now())
    return {
        "field": field,
        "files": files,
        "most": MAX_FILES,
        "value": " ".join(str(file.id) for file in files),
    }


@register.filter
def file_address(file: Any, reference: str) -> str:
    """Return the temporary address of a case's file."""
    return build_file_url(file.id, file.media_type, reference)


@register.filter
def file_size(size: int) -> str:
    """Format a size in kilobytes or megabytes."""
    if size < 1024 * 1024:
        return gettext("%(n)s كيلوبايت") % {"n": max(round(size / 1024), 1)}
    return gettext("%(n)s ميغابايت") % {"n": f"{size / 1024 / 1024:.1f}"}


@register.filter
def names(things: Iterable[Any]) -> str:
    """Return the names, one a line."""
    return "\n".join(thing.name for thing in things)


@register.filter
def ltr(value: object) -> SafeString | str:
    """Render a reference, percentage or the like left to right."""
    return format_html('<bdi dir="ltr" class="ref">{}</bdi>', value) if value else ""


@register.filter
def phone(e164: str) -> SafeString | str:
    """Render a phone number in local format, left to right."""
    return format_html('<bdi dir="ltr">{}</bdi>', format_phone(e164)) if e164 else ""


@register.filter
def access_code(code: str) -> SafeString:
    """Render the ten digits in two groups."""
    return format_html('<bdi dir="ltr" class="ref">{}</bdi>', format_access_code(code))


@register.filter
def localised_name(thing: Any) -> str:
    """Return the name of a body, topic or governorate in the page's language; empty for none."""
    name: str = thing.get_name(_get_language()) if thing else ""
    return name


@register.filter
def day(value: date) -> str:
    """Weekday, day and month: «الأحد 6 كانون الأول»."""
    return formatting.format_date(value, _get_language())


@register.filter
def day_and_year(value: date) -> str:
    """Return the date with its year."""
    return formatting.format_date(value, _get_language(), year=True)


@register.filter
def datetime_text(at: datetime) -> str:
    """Day and time in full: «الثلاثاء 24 تشرين الثاني، 9:12 صباحًا»."""
    return formatting.format_datetime(at, _get_language())


@register.filter
def working_days(n: int) -> str:
    """Return a number of working days: «3 أيام عمل»."""
    return formatting.format_working_days(n, _get_language())


@register.filter
def working_days_after(n: int) -> str:
    """Return a number of working days as it follows a preposition: «خلال يومي عمل»."""
    return formatting.format_working_days(n, _get_language(), after=True)


@register.inclusion_tag("ui/_date_tile.html")
def date_tile(value: date) -> dict[str, str]:
    """Render a date as a calendar leaf. It is decorative: give the date in text too."""
    weekday, number, month = formatting.format_date(value, _get_language()).split(" ", 2)
    return {"weekday": weekday, "day": number, "month": month}


@register.filter
def localise(words: BilingualText) -> str:
    """Return a bilingual text in the page's language."""
    return words.in_language(_get_language())


@register.simple_tag(takes_context=True)
def other_language(context: dict[str, Any]) -> dict[str, str]:
    """Return code, name and direction of the other language, and this page's address in it, or its home page."""
    request: HttpRequest | None = context.get("request")
    code = "ar" if _get_language() == "en" else "en"
    here = request.get_full_path() if request else "/"
    url = translate_url(here, code)
    if url == here:
        url = {"ar": "/", "en": "/en/"}[code]
    return {"code": code, "url": url, **{"ar": _ARABIC_LINK, "en": _ENGLISH_LINK}[code]}


_ARABIC_LINK = {"name": "العربية", "direction": "rtl"}
_ENGLISH_LINK = {"name": "English", "direction": "ltr"}


def _get_language() -> str:
    return get_language() or "ar"


def render_qr_svg(address: str) -> SafeString:
    """Return the QR code as SVG, with medium error correction for screens and printed posters."""
    drawn = segno.make(address, error="m", micro=False)
    return SafeString(drawn.svg_inline(border=4, light="#fff", dark="#000", omitsize=True))
