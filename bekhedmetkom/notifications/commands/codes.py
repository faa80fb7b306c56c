"""Sends codes: the stored text has a mask in the code's place, the code itself is encrypted until sent."""

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
    """Queue a code for a phone (E.164) or e-mail address; it is sent within seconds, at any hour.

    `case` is the case that a new access code opens. The code is erased once sent or given up; an expired one-time
    code is not sent.
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
