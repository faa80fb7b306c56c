"""Telling a code: the words are kept with a mask in its place, the code itself sealed until it is sent."""

from datetime import datetime
from uuid import UUID

from bekhedmetkom.cases.models import Case

from .. import models
from ..encryption import encrypt_secret
from ..rendering import MessageRenderer
from ..rules.codes import CODE_TEMPLATES, CodePurpose, get_code_lifetime
from ..rules.delivery import Channel


def send_code_message(
    *, channel: Channel, address: str, language: str, purpose: CodePurpose, code: str, at: datetime,
    case: UUID | None = None,
) -> None:  # fmt: skip
    """Send a code to a telephone (E.164) or an e-mail address within a second or two, at any hour of the day.

    `case` is the one that a new access code opens. The code is in clear nowhere but in the message that goes out;
    it is erased when that is sent or given up, and a one-time code is not sent any more once it has run out.
    """
    life = get_code_lifetime(purpose)
    reference = Case.objects.values_list("reference", flat=True).get(pk=case) if case else ""
    models.Message.objects.create(
        case_id=case,
        address=address,
        sealed=encrypt_secret(code),
        not_before=at,
        not_after=at + life if life else None,
        **MessageRenderer().render_code(CODE_TEMPLATES[purpose], Channel(channel), language, reference),
    )
