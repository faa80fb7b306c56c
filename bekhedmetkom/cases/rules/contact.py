"""How the person who brought a case is reached, and by what they are known again."""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from bekhedmetkom.kernel.personal_details import parse_email
from bekhedmetkom.kernel.phone_numbers import parse_phone
from bekhedmetkom.kernel.text import BilingualText


class Contact(StrEnum):
    """Named as the column that holds it. Counts for more than sending news once its owner has confirmed it."""

    PHONE = "phone"
    EMAIL = "email"
    NATIONAL_NUMBER = "national_number"  # confirmed by signing in with the national identity


class TellBy(StrEnum):
    """How the person wants to hear what is new in a case."""

    ANY = ""  # nothing chosen: by the order of channels.md
    EMAIL = "email"
    SMS = "sms"
    NONE = "none"


class Known(NamedTuple):
    """One way to know a person by: `address` is in E.164, an e-mail address, or ten digits."""

    contact: Contact
    address: str


YOURS: Mapping[Contact, BilingualText] = {
    Contact.PHONE: BilingualText("رقم هاتفك", "your phone number"),
    Contact.EMAIL: BilingualText("بريدك الإلكتروني", "your e-mail address"),
    Contact.NATIONAL_NUMBER: BilingualText("رقمك الوطني", "your national number"),
}
THEIRS: Mapping[Contact, BilingualText] = {
    Contact.PHONE: BilingualText("رقم هاتفه", "their phone number"),
    Contact.EMAIL: BilingualText("بريده الإلكتروني", "their e-mail address"),
    Contact.NATIONAL_NUMBER: BilingualText("رقمه الوطني", "their national number"),
}


def read_contact(typed: str) -> Known | None:
    """A telephone number or an e-mail address, whichever it is; `None` when it is neither."""
    if "@" in typed:
        email = parse_email(typed)
        return Known(Contact.EMAIL, email) if email else None
    phone = parse_phone(typed)
    return Known(Contact.PHONE, phone) if phone else None


def same(a: str, b: str) -> bool:
    """Whether two spellings are one address: mailboxes differ by capitals in theory alone."""
    return a.casefold() == b.casefold()
