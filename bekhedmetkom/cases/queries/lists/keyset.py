"""Paging by the last row that was seen, so that the thousandth page costs what the first does."""

import base64
import binascii
import json
from datetime import datetime
from uuid import UUID

from bekhedmetkom.kernel.errors import FieldError, InvalidInput
from bekhedmetkom.kernel.text import BilingualText


def build_cursor(moment: datetime, key: UUID) -> str:
    """The cursor of the page that follows this row."""
    return base64.urlsafe_b64encode(json.dumps([moment.isoformat(), str(key)]).encode()).decode()


def parse_cursor(cursor: str) -> tuple[datetime, UUID]:
    """The row after which a page begins; `Invalid` for a cursor that nobody gave out."""
    try:
        due, key = json.loads(base64.urlsafe_b64decode(cursor.encode()))
        read = datetime.fromisoformat(due), UUID(key)
    except (ValueError, TypeError, AttributeError, RecursionError, binascii.Error) as error:
        raise InvalidInput(FieldError("cursor", _INVALID_CURSOR)) from error
    if read[0].tzinfo is None:
        raise InvalidInput(FieldError("cursor", _INVALID_CURSOR))
    return read


_INVALID_CURSOR = BilingualText(
    "رابط الصفحة غير صالح. ابدأ من أول القائمة.", "This page link is not valid; start from the top."
)
