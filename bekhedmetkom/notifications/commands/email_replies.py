"""Files citizens' e-mail replies in their cases."""

import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime
from email import message_from_bytes
from email.message import Message as EmailMessage
from uuid import UUID

from django.db import transaction

from bekhedmetkom.attachments.commands import discard_uploads, receive_bytes
from bekhedmetkom.attachments.rules import MAX_FILES, FileRefused, TemporaryFailure
from bekhedmetkom.cases import row_security
from bekhedmetkom.cases.commands import UseConfidentialChannel, add_message
from bekhedmetkom.cases.commands.text_validation import check_corruption_gate, validate_text
from bekhedmetkom.cases.models import Case, Particulars
from bekhedmetkom.cases.rules.contact import is_same_address
from bekhedmetkom.cases.rules.transitions import NotPossibleNow
from bekhedmetkom.catalogue.rules import Handling
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.clock import get_local_date
from bekhedmetkom.kernel.errors import InvalidInput
from bekhedmetkom.kernel.personal_details import parse_email

from ..models import Message
from ..rules.delivery import Channel
from ..rules.email_replies import (
    decode_encoded_words,
    extract_html_text,
    extract_new_text,
    get_header,
    get_sender,
    is_automatic,
    is_unauthenticated,
)
from ..rules.reply_outcomes import ReplyOutcome
from ..signed_addresses import parse_reply_address
from .incoming_replies import DuplicateReply, IncomingReply

MAX_EMAIL_BYTES = 30 * 1024 * 1024  # bytes of a letter with its files, as mail travels
MAX_SIGNATURE_IMAGE_BYTES = (
    20 * 1024
)  # bytes: what is shown inside a letter and smaller is a sign under a signature
_IGNORED_MEDIA_TYPES = {
    "application/pgp-signature",
    "application/pkcs7-signature",
    "application/x-pkcs7-signature",
    "text/calendar",
    "text/vcard",
    "text/x-vcard",
    "application/ms-tnef",
}


def process_email_reply(*, raw: bytes, came_to: str, at: datetime) -> ReplyOutcome:
    """Read what arrived at a reply address, and file it; the mail server may hand it over again.

    The address says which letter is answered: it was given to that letter's reader alone. Raises `TryAgain` where its
    files cannot be looked at now.
    """
    found = parse_reply_address(came_to)
    ours = Message.objects.filter(pk=found[0], officer=None).exclude(case=None).first() if found else None
    if found is None or ours is None or ours.case_id is None or not ours.address:
        return ReplyOutcome.NOT_OURS
    try:
        letter = message_from_bytes(raw[:MAX_EMAIL_BYTES])
    except RecursionError:  # parts in parts a thousand deep: no mail program writes that
        return ReplyOutcome.UNREADABLE
    if is_automatic(letter):
        return ReplyOutcome.AUTOMATIC
    row_security.allow_citizen(ours.case_id)
    case = Case.objects.get(pk=ours.case_id)
    sender, contact = get_sender(letter), Particulars.objects.values_list("email", flat=True).get(pk=case.pk)
    theirs = bool(contact) and is_same_address(sender, contact) and is_same_address(sender, ours.address)
    came = IncomingReply(Channel.EMAIL, _get_message_id(letter, raw), sender, case, at)
    if not came.is_new():
        return ReplyOutcome.DUPLICATE
    if not theirs:  # never a word to a sender who may be made up
        return (
            ReplyOutcome.UNAUTHENTICATED
            if is_unauthenticated(letter) or not parse_email(sender)
            else came.record_outcome_alone(ReplyOutcome.UNKNOWN_SENDER)
        )
    if (
        is_unauthenticated(letter)
        or len(raw) > MAX_EMAIL_BYTES
        or get_local_date(at) > found[1]
        or case.care != Handling.OPEN
    ):
        return came.record_outcome_alone(ReplyOutcome.UNREADABLE)
    return _file_reply(came, letter, ours.body)


def _file_reply(came: IncomingReply, letter: EmailMessage, ours: str) -> ReplyOutcome:
    files: list[UUID] = []
    try:
        text = check_corruption_gate(
            validate_text("text", extract_new_text(_extract_text(letter), ours), required=False),
            declined=False,
        )
        files, all_taken = _store_files(letter, came.at)
        if not text and not files:
            return came.record_outcome_alone(ReplyOutcome.UNREADABLE)
        try:
            return _write_to_case(
                came, text, files, ReplyOutcome.FILED if all_taken else ReplyOutcome.FILES_DROPPED
            )
        except InvalidInput:  # no room for so many files
            if not text:
                raise
        return _write_to_case(came, text, [], ReplyOutcome.FILES_DROPPED)
    except UseConfidentialChannel:
        end = ReplyOutcome.CORRUPTION
    except NotPossibleNow:
        end = ReplyOutcome.CASE_CLOSED
    except (InvalidInput, RecursionError):
        end = ReplyOutcome.UNREADABLE
    except DuplicateReply:
        return ReplyOutcome.DUPLICATE
    finally:
        discard_uploads(files)  # those that the case has are no uploads any more
    return came.record_outcome_alone(end)


@transaction.atomic
def _write_to_case(came: IncomingReply, text: str, files: Sequence[UUID], end: ReplyOutcome) -> ReplyOutcome:
    came.record_outcome(end)
    citizen = Actor.citizen(came.case.reference)
    add_message(
        case=came.case.pk,
        seen=None,
        actor=citizen,
        at=came.at,
        text=text,
        uploads=files,
        via=str(came.channel),
    )
    return end


def _get_message_id(letter: EmailMessage, raw: bytes) -> str:
    """The letter's own id, which stays when it is handed over again; without one, its very bytes."""
    return get_header(letter, "Message-ID").strip() or hashlib.sha256(raw).hexdigest()


def _extract_text(letter: EmailMessage) -> str:
    """Its words: the plain ones, else those of its HTML."""
    plain = "\n".join(_decode_text(part) for part in _iterate_parts(letter) if _is_text(part, "text/plain"))
    if plain.strip():
        return plain
    return "\n".join(
        extract_html_text(_decode_text(part))
        for part in _iterate_parts(letter)
        if _is_text(part, "text/html")
    )


def _store_files(letter: EmailMessage, at: datetime) -> tuple[list[UUID], bool]:
    """What came with it, cleaned like any upload; and whether all of it could be taken."""
    files: list[UUID] = []
    refused = False
    for part in _iterate_parts(letter):
        content = _get_content(part)
        if (
            _is_text(part, "text/plain")
            or _is_text(part, "text/html")
            or part.get_content_type() in _IGNORED_MEDIA_TYPES
        ):
            continue
        if (
            part.get("Content-ID")
            and part.get_content_disposition() != "attachment"
            and len(content) < MAX_SIGNATURE_IMAGE_BYTES
        ):
            continue
        if len(files) >= MAX_FILES:
            return files, False
        try:
            files.append(
                receive_bytes(name=decode_encoded_words(part.get_filename() or ""), content=content, at=at).id
            )
        except FileRefused:
            refused = True
        except TemporaryFailure:
            discard_uploads(files)
            raise
    return files, not refused


def _iterate_parts(letter: EmailMessage) -> Iterator[EmailMessage]:
    """What it holds, without what others wrote and it only passes on."""
    if letter.get_content_type() == "message/rfc822":
        return
    if not letter.is_multipart():
        yield letter
        return
    for part in letter.get_payload():
        if isinstance(part, EmailMessage):
            yield from _iterate_parts(part)


def _is_text(part: EmailMessage, media_type: str) -> bool:
    return part.get_content_type() == media_type and part.get_content_disposition() != "attachment"


def _get_content(part: EmailMessage) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _decode_text(part: EmailMessage) -> str:
    """Its words. Old programs here leave out that they write windows-1256."""
    content = _get_content(part)
    for charset in (part.get_content_charset() or "utf-8", "utf-8", "windows-1256"):
        try:
            return content.decode(charset)
        except (UnicodeDecodeError, LookupError):
            continue
    return content.decode("utf-8", "replace")
