"""Telephone numbers as people in Jordan write them: 07…, +962…, 00962…, ٠٧…, landlines, and numbers abroad.

A number is held in E.164 (`+962796123441`); `None` means that no telephone has what was typed.
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
    """The number in E.164, read as dialled in `region` unless it says otherwise with + or 00."""
    typed = digits.to_western_digits(text) if len(text) <= _MAX_LENGTH else ""
    if region == "JO" and (mobile := _MOBILE.fullmatch(typed)):  # as nearly all are
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
    """Whether an SMS may reach it; where a country's numbers do not tell, it may."""
    kind = phonenumbers.number_type(phonenumbers.parse(e164))
    return kind in (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)


def format_phone(e164: str) -> str:
    """As it is written and dialled here: `079 612 3441`, `06 500 8080`; abroad `+971 50 123 4567`."""
    number = phonenumbers.parse(e164)
    if number.country_code != _JORDAN_CALLING_CODE:
        return phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)
    area, rest = _split_national_number(number)
    return f"{area} {rest[:3]} {rest[3:]}"


def mask_phone(e164: str) -> str:
    """Enough for its owner to know it by and for nobody to dial: `079 ••• ••41`, `+971 ••• ••67`."""
    number = phonenumbers.parse(e164)
    start = (
        _split_national_number(number)[0]
        if number.country_code == _JORDAN_CALLING_CODE
        else f"+{number.country_code}"
    )
    return f"{start} ••• ••{e164[-2:]}"


def _split_national_number(number: phonenumbers.PhoneNumber) -> tuple[str, str]:
    """A Jordanian number as prefix and rest: 06 and the like for a landline, 079 and the like otherwise."""
    dialled = f"0{phonenumbers.national_significant_number(number)}"
    prefix = 2 if dialled.startswith(_AREA_CODES) else 3
    return dialled[:prefix], dialled[prefix:]
