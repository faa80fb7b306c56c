"""How the person who brought a case is reached, and by what they are known again."""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from bekhedmetkom.kernel.personal_details import parse_email
from bekhedmetkom.kernel.phone_numbers import parse_phone
from bekhedmetkom.kernel.text import BilingualText


class ContactType(StrEnum):
    """Named as the column that holds it. Counts for more than sending news once its owner has confirmed it."""

    PHONE = "phone"
    EMAIL = "email"
    NATIONAL_NUMBER = "national_number"  # confirmed by signing in with the national identity


class ContactPreference(StrEnum):
    """How the person wants to hear what is new in a case."""

    ANY = ""  # nothing chosen: by the order of channels.md
    EMAIL = "email"
    SMS = "sms"
    NONE = "none"


class ContactAddress(NamedTuple):
    """One way to know a person by: `address` is in E.164, an e-mail address, or ten digits."""

    contact: ContactType
    address: str


YOUR_CONTACT_LABELS: Mapping[ContactType, BilingualText] = {
    ContactType.PHONE: BilingualText("رقم هاتفك", "your phone number"),
    ContactType.EMAIL: BilingualText("بريدك الإلكتروني", "your e-mail address"),
    ContactType.NATIONAL_NUMBER: BilingualText("رقمك الوطني", "your national number"),
}
THEIR_CONTACT_LABELS: Mapping[ContactType, BilingualText] = {
    ContactType.PHONE: BilingualText("رقم هاتفه", "their phone number"),
    ContactType.EMAIL: BilingualText("بريده الإلكتروني", "their e-mail address"),
    ContactType.NATIONAL_NUMBER: BilingualText("رقمه الوطني", "their national number"),
}


def parse_contact(typed: str) -> ContactAddress | None:
    """A telephone number or an e-mail address, whichever it is; `None` when it is neither."""
    if "@" in typed:
        email = parse_email(typed)
        return ContactAddress(ContactType.EMAIL, email) if email else None
    phone = parse_phone(typed)
    return ContactAddress(ContactType.PHONE, phone) if phone else None


def is_same_address(a: str, b: str) -> bool:
    """Whether two spellings are one address: mailboxes differ by capitals in theory alone."""
    return a.casefold() == b.casefold()
