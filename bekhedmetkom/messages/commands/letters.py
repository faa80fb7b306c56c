"""Letters that answer ours: what is new in them goes into the case, as if it had been written on its page."""

import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime
from email import message_from_bytes
from email.message import Message as Letter
from uuid import UUID

from django.db import transaction

from bekhedmetkom.attachments.commands import discard, receive_bytes
from bekhedmetkom.attachments.rules import MOST_FILES, FileRefused, TryAgain
from bekhedmetkom.cases import wall
from bekhedmetkom.cases.commands import UseConfidentialChannel, write
from bekhedmetkom.cases.commands.wording import gated, worded
from bekhedmetkom.cases.models import Case, Particulars
from bekhedmetkom.cases.rules.contact import same
from bekhedmetkom.cases.rules.transitions import NotPossibleNow
from bekhedmetkom.catalogue.rules import Handling
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.clock import get_local_date
from bekhedmetkom.kernel.errors import InvalidInput
from bekhedmetkom.kernel.personal_details import parse_email

from ..models import Message
from ..rules.arriving import End
from ..rules.delivery import Channel
from ..rules.letters import decoded, header, is_automatic, is_unproven, new_part, sender_of, text_of_html
from ..signed import replied_to
from .answering import Came, CameBefore

LARGEST = 30 * 1024 * 1024  # bytes of a letter with its files, as mail travels
SMALL_PICTURE = 20 * 1024  # bytes: what is shown inside a letter and smaller is a sign under a signature
_SIGNS = {"application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature", "text/calendar",
          "text/vcard", "text/x-vcard", "application/ms-tnef"}  # fmt: skip


def take_in_letter(*, raw: bytes, came_to: str, at: datetime) -> End:
    """Read what arrived at a reply address, and file it; the mail server may hand it over again.

    The address says which letter is answered: it was given to that letter's reader alone. Raises `TryAgain` where its
    files cannot be looked at now.
    """
    found = replied_to(came_to)
    ours = Message.objects.filter(pk=found[0], officer=None).exclude(case=None).first() if found else None
    if found is None or ours is None or ours.case_id is None or not ours.address:
        return End.NOT_OURS
    try:
        letter = message_from_bytes(raw[:LARGEST])
    except RecursionError:  # parts in parts a thousand deep: no mail program writes that
        return End.UNREAD
    if is_automatic(letter):
        return End.AUTOMATIC
    wall.for_citizen(ours.case_id)
    case = Case.objects.get(pk=ours.case_id)
    sender, contact = sender_of(letter), Particulars.objects.values_list("email", flat=True).get(pk=case.pk)
    theirs = bool(contact) and same(sender, contact) and same(sender, ours.address)
    came = Came(Channel.EMAIL, _id_of(letter, raw), sender, case, at)
    if not came.counts():
        return End.AGAIN
    if not theirs:  # never a word to a sender who may be made up
        return (
            End.UNPROVEN if is_unproven(letter) or not parse_email(sender) else came.ends_here(End.STRANGER)
        )
    if (
        is_unproven(letter)
        or len(raw) > LARGEST
        or get_local_date(at) > found[1]
        or case.care != Handling.OPEN
    ):
        return came.ends_here(End.UNREAD)
    return _filed(came, letter, ours.body)


def _filed(came: Came, letter: Letter, ours: str) -> End:
    files: list[UUID] = []
    try:
        text = gated(worded("text", new_part(_text_of(letter), ours), required=False), declined=False)
        files, all_taken = _files_of(letter, came.at)
        if not text and not files:
            return came.ends_here(End.UNREAD)
        try:
            return _written(came, text, files, End.FILED if all_taken else End.FILES_LEFT)
        except InvalidInput:  # no room for so many files
            if not text:
                raise
        return _written(came, text, [], End.FILES_LEFT)
    except UseConfidentialChannel:
        end = End.CORRUPTION
    except NotPossibleNow:
        end = End.ENDED
    except (InvalidInput, RecursionError):
        end = End.UNREAD
    except CameBefore:
        return End.AGAIN
    finally:
        discard(files)  # those that the case has are no uploads any more
    return came.ends_here(end)


@transaction.atomic
def _written(came: Came, text: str, files: Sequence[UUID], end: End) -> End:
    came.ends(end)
    citizen = Actor.citizen(came.case.reference)
    write(
        case=came.case.pk,
        seen=None,
        actor=citizen,
        at=came.at,
        text=text,
        uploads=files,
        via=str(came.channel),
    )
    return end


def _id_of(letter: Letter, raw: bytes) -> str:
    """The letter's own id, which stays when it is handed over again; without one, its very bytes."""
    return header(letter, "Message-ID").strip() or hashlib.sha256(raw).hexdigest()


def _text_of(letter: Letter) -> str:
    """Its words: the plain ones, else those of its HTML."""
    plain = "\n".join(_decoded(part) for part in _parts(letter) if _is_text(part, "text/plain"))
    if plain.strip():
        return plain
    return "\n".join(text_of_html(_decoded(part)) for part in _parts(letter) if _is_text(part, "text/html"))


def _files_of(letter: Letter, at: datetime) -> tuple[list[UUID], bool]:
    """What came with it, cleaned like any upload; and whether all of it could be taken."""
    files: list[UUID] = []
    refused = False
    for part in _parts(letter):
        content = _bytes(part)
        if _is_text(part, "text/plain") or _is_text(part, "text/html") or part.get_content_type() in _SIGNS:
            continue
        if (
            part.get("Content-ID")
            and part.get_content_disposition() != "attachment"
            and len(content) < SMALL_PICTURE
        ):
            continue
        if len(files) >= MOST_FILES:
            return files, False
        try:
            files.append(receive_bytes(name=decoded(part.get_filename() or ""), content=content, at=at).id)
        except FileRefused:
            refused = True
        except TryAgain:
            discard(files)
            raise
    return files, not refused


def _parts(letter: Letter) -> Iterator[Letter]:
    """What it holds, without what others wrote and it only passes on."""
    if letter.get_content_type() == "message/rfc822":
        return
    if not letter.is_multipart():
        yield letter
        return
    for part in letter.get_payload():
        if isinstance(part, Letter):
            yield from _parts(part)


def _is_text(part: Letter, media_type: str) -> bool:
    return part.get_content_type() == media_type and part.get_content_disposition() != "attachment"


def _bytes(part: Letter) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _decoded(part: Letter) -> str:
    """Its words. Old programs here leave out that they write windows-1256."""
    content = _bytes(part)
    for charset in (part.get_content_charset() or "utf-8", "utf-8", "windows-1256"):
        try:
            return content.decode(charset)
        except (UnicodeDecodeError, LookupError):
            continue
    return content.decode("utf-8", "replace")
