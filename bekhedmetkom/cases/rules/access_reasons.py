"""Why somebody looked at who a person is, in words that this person reads. A code in the journal, no word of anybody's.

What counts as a look is in docs/decisions/0034.
"""

from collections.abc import Mapping
from enum import StrEnum

from bekhedmetkom.kernel.text import BilingualText


class AccessReason(StrEnum):
    """The reasons of a search for a person, and `PRINTED`, which is none."""

    PRESENT = "present"
    LETTER = "letter"
    TWICE = "twice"
    DANGER = "danger"
    PRINTED = "printed"


SEARCH_REASONS = (AccessReason.PRESENT, AccessReason.LETTER, AccessReason.TWICE, AccessReason.DANGER)

# As whoever searches chooses it …
REASON_CHOICES: Mapping[AccessReason, BilingualText] = {
    AccessReason.PRESENT: BilingualText(
        "صاحب الطلب يراجعنا وليس معه رقمه", "The person came, or called, without the reference"
    ),
    AccessReason.LETTER: BilingualText(
        "وصلت منه رسالة تُضم إلى طلبه", "A letter from them belongs with their case"
    ),
    AccessReason.TWICE: BilingualText(
        "للتحقق من طلبين لشخص واحد", "To see whether two cases are one person's"
    ),
    AccessReason.DANGER: BilingualText("لخطر على سلامة أحد", "Somebody's safety is at stake"),
}

# … and as the one who was looked at reads it. Who came may have been somebody else: the person should know.
REASON_TEXTS: Mapping[AccessReason, BilingualText] = {
    AccessReason.PRESENT: BilingualText("راجعنا شخص قال إنه أنت وليس معه رقم الطلب",
                       "somebody came who said they were you and had no reference"),
    AccessReason.LETTER: BilingualText("وصلت منك رسالة تُضم إلى طلبك", "a letter from you was to be put with your case"),
    AccessReason.TWICE: BilingualText("للتحقق من طلبين لشخص واحد", "to see whether two cases are one person's"),
    AccessReason.DANGER: BilingualText("لخطر على سلامة أحد", "somebody's safety was at stake"),
    AccessReason.PRINTED: BilingualText("طُبع طلبك على ورق", "your case was printed on paper"),
}  # fmt: skip
