"""Sends new access codes to people who forgot theirs."""

import logging
from datetime import datetime

from django.db import OperationalError, transaction

from bekhedmetkom.cases.commands import renew_access_code
from bekhedmetkom.cases.rules.contact import ContactAddress, ContactType
from bekhedmetkom.identity.commands import access_code_recovery
from bekhedmetkom.notifications.commands import CodePurpose, send_code_message
from bekhedmetkom.notifications.rules.delivery import Channel

log = logging.getLogger(__name__)


def answer_recovery_requests(at: datetime) -> int:
    """A new code to whoever has confirmed the contact on the case, nothing to anybody else; how many were answered."""
    done = 0
    while True:
        with transaction.atomic():
            asked = access_code_recovery.take_next_request()
            if asked is None:
                return done
            done += _answer_request(asked, at)


def _answer_request(asked: access_code_recovery.RecoveryRequest, at: datetime) -> int:
    known = ContactAddress(ContactType(asked.contact), asked.address)
    try:
        with transaction.atomic():
            renewed = renew_access_code(reference=asked.reference, at=at, known=known)
            if renewed is None:
                return 0
            send_code_message(
                channel=Channel.EMAIL if known.contact is ContactType.EMAIL else Channel.SMS,
                address=known.address,
                language=asked.language,
                purpose=CodePurpose.NEW_ACCESS_CODE,
                code=renewed.code,
                at=at,
                case=renewed.case,
            )
    except OperationalError:
        raise  # asked again at the next look
    except Exception:
        log.exception("a new access code could not be made")  # and does not hold up whoever asks next
        return 0
    return 1
