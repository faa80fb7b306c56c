"""Parsers of personal details: names, e-mail addresses, national numbers, passports. Invalid input gives `None`.

They check the format only; national numbers have no published check digit.
"""

import re
import unicodedata

from . import digits

MAX_NAME_LENGTH = 100
MAX_EMAIL_LENGTH = 254
_MAX_NUMBER_LENGTH = 40

_NATIONAL_NUMBER = re.compile(r"[0-9]{10}")
_PASSPORT = re.compile(r"(?=.*[0-9])[A-Z0-9]{5,12}")
_EMAIL = re.compile(
    r"(?!.*\.\.)(?!\.)[\w.!#$%&'*+/=?^`{|}~-]{1,64}(?<!\.)"
    r"@(?:(?!-)[a-z0-9-]{1,63}(?<!-)\.)+(?!-)(?=[a-z0-9-]*[a-z])[a-z0-9-]{2,63}(?<!-)",
    re.ASCII,
)
_NAME_PUNCTUATION = set(" -'’.،,()/")
_TATWEEL = "ـ"


def parse_national_number(text: str) -> str | None:
    """Return the ten digits of a national number or a resident's personal number, or `None`."""
    return _parse_code(text, _NATIONAL_NUMBER)


def parse_passport(text: str) -> str | None:
    """Return a passport number in capitals, or `None`: 5 to 12 letters and digits, at least one digit."""
    return _parse_code(text, _PASSPORT)


def parse_email(text: str) -> str | None:
    """Return an e-mail address with its domain in lower case, or `None`."""
    if len(text) > MAX_EMAIL_LENGTH:
        return None
    mailbox, _, domain = digits.to_western_digits(text).strip().rpartition("@")
    address = f"{mailbox}@{domain.lower()}"
    return address if _EMAIL.fullmatch(address) else None


def parse_person_name(text: str) -> str | None:
    """Return a name in any script with single spaces and without tatweel (مـحـمـد), or `None` if it has digits."""
    if len(text) > 2 * MAX_NAME_LENGTH:
        return None
    name = " ".join(digits.to_western_digits(text).replace(_TATWEEL, "").split())
    written = name.replace(" ", "")
    if sum(map(str.isalpha, written)) < 2 or len(name) > MAX_NAME_LENGTH:
        return None
    if not written.isalpha() and not all(map(_is_name_character, written)):
        return None
    return name


def _is_name_character(character: str) -> bool:
    return (
        character.isalpha()
        or character in _NAME_PUNCTUATION
        or unicodedata.category(character) in ("Mn", "Mc")
    )


def _parse_code(text: str, shape: re.Pattern[str]) -> str | None:
    code = digits.normalise_code(text) if len(text) <= _MAX_NUMBER_LENGTH else ""
    return code if shape.fullmatch(code) else None


def mask_email(address: str) -> str:
    """`l•••@example.jo`."""
    name, _, host = address.partition("@")
    return f"{name[:1]}•••@{host}"
