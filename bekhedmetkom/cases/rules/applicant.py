"""Who brings a case. None of it is demanded unless the topic demands it."""

from dataclasses import dataclass

from bekhedmetkom.kernel.errors import FieldError
from bekhedmetkom.kernel.personal_details import (
    parse_email,
    parse_national_number,
    parse_passport,
    parse_person_name,
)
from bekhedmetkom.kernel.phone_numbers import parse_phone
from bekhedmetkom.kernel.text import BilingualText


@dataclass(frozen=True, slots=True)
class Applicant:
    """As the person gave it, cleaned: phone in E.164; every field may be empty. `relation`: brought for another."""

    name: str = ""
    phone: str = ""
    email: str = ""
    national_number: str = ""
    passport: str = ""
    for_name: str = ""
    for_relation: str = ""

    def to_dict(self) -> dict[str, str]:
        return {name: getattr(self, name) for name in self.__slots__}


_FIELD_ERRORS = {
    "name": BilingualText("اكتب الاسم بالأحرف، حتى 100 حرف.", "Write the name in letters, at most 100."),
    "phone": BilingualText(
        "لم نفهم رقم الهاتف. اكتبه مثل 0791234567 أو مع رمز البلد.",
        "We could not read the phone number. Write it like 0791234567 or with its country code.",
    ),
    "email": BilingualText(
        "البريد الإلكتروني غير مكتمل. مثال: name@example.com", "The e-mail address is not complete."
    ),
    "national_number": BilingualText(
        "الرقم الوطني أو الشخصي 10 أرقام.", "A national or personal number has 10 digits."
    ),
    "passport": BilingualText(
        "اكتب رقم جواز السفر بالأحرف والأرقام.", "Write the passport number in letters and digits."
    ),
}
_FIELD_PARSERS = {
    "name": parse_person_name,
    "phone": parse_phone,
    "email": parse_email,
    "national_number": parse_national_number,
    "passport": parse_passport,
    "for_name": parse_person_name,
    "for_relation": parse_person_name,
}


def parse_applicant(**given: str) -> tuple[Applicant, list[FieldError]]:
    """Clean what a person typed about themselves, with one sentence for each field that cannot be understood."""
    clean: dict[str, str] = {}
    errors: list[FieldError] = []
    for field, typed in given.items():
        if not typed.strip():
            continue
        read = _FIELD_PARSERS[field](typed)
        if read is None:
            errors.append(FieldError(field, _FIELD_ERRORS.get(field, _FIELD_ERRORS["name"])))
        else:
            clean[field] = read
    return Applicant(**clean), errors
