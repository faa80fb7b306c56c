"""What people type, before it is kept: cleaned, measured, and checked for what belongs in the confidential channel."""

import re
import unicodedata

from bekhedmetkom.kernel.errors import FieldError, InvalidInput, Refusal
from bekhedmetkom.kernel.text import BilingualText
from bekhedmetkom.language.corruption import detect_corruption

MAX_TEXT_LENGTH = 4000
MAX_LINE_LENGTH = 200

_TEXT_REQUIRED = BilingualText("اكتب نصًا هنا.", "Write something here.")
_LINE_BREAKS = re.compile(r"\r\n?|\u2028|\u2029|\x85")


class UseConfidentialChannel(Refusal):
    """The text speaks of corruption: nothing is kept, and the person is shown the safer way first."""

    message = BilingualText(
        "ما كتبته قد يكون عن فساد. للبلاغ السري طريق أكثر أمانًا يحمي هويتك، ولم نحفظ شيئًا مما كتبته.",
        "What you wrote may concern corruption. A confidential report protects you better; nothing has been kept.",
    )


def clean_text(text: str) -> str:
    """The same words without what is no text: control characters, lone surrogates, direction overrides."""
    if text.replace("\n", " ").replace("\t", " ").isprintable():  # as nearly every text is: nothing to drop
        return unicodedata.normalize("NFC", text).strip()
    text = _LINE_BREAKS.sub("\n", text)
    kept = "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs", "Co", "Cn"))
    return unicodedata.normalize("NFC", re.sub("[\u202a-\u202e]", "", kept)).strip()


def validate_text(field: str, text: str, *, limit: int = MAX_TEXT_LENGTH, required: bool = True) -> str:
    """A text ready to keep; `Invalid` with one sentence when it is missing or too long."""
    clean = clean_text(text)
    if required and not clean:
        raise InvalidInput(FieldError(field, _TEXT_REQUIRED))
    if len(clean) > limit:
        raise InvalidInput(FieldError(field, describe_length_limit(limit)))
    return clean


def describe_length_limit(limit: int) -> BilingualText:
    return BilingualText(
        f"النص أطول من الحد. اكتب {limit:,} حرف على الأكثر.",
        f"This is too long: at most {limit:,} characters.",
    )


def check_corruption_gate(text: str, *, declined: bool) -> str:
    """The text, once it has passed the gate or its writer has chosen to go on (docs/architecture.md)."""
    if not declined and text and detect_corruption(text):
        raise UseConfidentialChannel
    return text
