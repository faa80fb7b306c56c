"""What of a case everybody may read, once its citizen agreed and the desk let it out. Pure."""

import re

from bekhedmetkom.catalogue.rules import Handling, Kind
from bekhedmetkom.kernel.digits import to_western_digits

from .case_state import CaseState

# A number by which somebody is reached or known, whatever stands between its digits; and an address of e-mail.
_PERSONAL_DATA_PATTERN = re.compile(r"(?:\d[\s().-]?){7,}|\S@\S")


def can_be_published(case: CaseState) -> bool:
    """Neither what is kept with care nor what complains of somebody, whoever agreed; the topic is asked besides."""
    return (
        case.agreed
        and case.care is Handling.OPEN
        and case.kind is not Kind.VIOLATION
        and case.about_officer_id is None
        and case.about_unit_id is None
    )


def contains_personal_data(text: str, *names: str) -> bool:
    """Whether a text for everybody holds a telephone number, an address of e-mail, or one of these names."""
    return bool(_PERSONAL_DATA_PATTERN.search(to_western_digits(text))) or any(
        name in text for name in names if name
    )
