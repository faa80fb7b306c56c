"""Telephone numbers: parsing of Jordanian (07…, +962…, 00962…, ٠٧…, landlines) and foreign spellings, and display.

Numbers are stored in E.164 (`+962796123441`).
"""

import re

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType

from . import digits

_SEPARATORS = set("-‐‒–—−().+")
_MAX_LENGTH = 40
_JORDAN_CALLING_CODE = 962
_MOBILE = re.compile(r"(?:\+962|00962|0)(7(?:[78][0-25-9]|9[0-9])[0-9]{6})")
_AREA_CODES = ("02", "03", "05", "06")


def parse_phone(text: str, region: str = "JO") -> str | None:
    """Return the number in E.164, or `None`; without + or 00 it is dialled in `region`."""
    typed = digits.to_western_digits(text) if len(text) <= _MAX_LENGTH else ""
    if region == "JO" and (mobile := _MOBILE.fullmatch(typed)):  # nearly all
        return f"+{_JORDAN_CALLING_CODE}{mobile[1]}"
    if not all(c in "0123456789" or c in _SEPARATORS or c.isspace() for c in typed):
        return None
    try:
        number = phonenumbers.parse(typed, region)
    except NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def is_mobile(e164: str) -> bool:
    """Whether the number may receive SMS; true where a country's numbers do not show it."""
    kind = phonenumbers.number_type(phonenumbers.parse(e164))
    return kind in (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)


def format_phone(e164: str) -> str:
    """Return the number as written in Jordan: `079 612 3441`, `06 500 8080`; abroad `+971 50 123 4567`."""
    number = phonenumbers.parse(e164)
    if number.country_code != _JORDAN_CALLING_CODE:
        return phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)
    area, rest = _split_national_number(number)
    return f"{area} {rest[:3]} {rest[3:]}"


def mask_phone(e164: str) -> str:
    """Return the number with its middle hidden: `079 ••• ••41`, `+971 ••• ••67`."""
    number = phonenumbers.parse(e164)
    start = (
        _split_national_number(number)[0]
        if number.country_code == _JORDAN_CALLING_CODE
        else f"+{number.country_code}"
    )
    return f"{start} ••• ••{e164[-2:]}"


def _split_national_number(number: phonenumbers.PhoneNumber) -> tuple[str, str]:
    """Split a Jordanian number into prefix (06 for a landline, 079 for a mobile) and rest."""
    dialled = f"0{phonenumbers.national_significant_number(number)}"
    prefix = 2 if dialled.startswith(_AREA_CODES) else 3
    return dialled[:prefix], dialled[prefix:]
