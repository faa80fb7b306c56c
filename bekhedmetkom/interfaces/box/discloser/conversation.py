"""Conversation page without JavaScript: the Commission's messages, the status and a form to reply."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import wraps
from time import monotonic
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from bekhedmetkom.disclosures import encryption, part_storage, queries
from bekhedmetkom.disclosures.commands import ConversationClosed, TurnConflict
from bekhedmetkom.disclosures.queries import CommissionMessage
from bekhedmetkom.disclosures.reports import NoSuchReport
from bekhedmetkom.disclosures.rules.frame import BUCKETS, CorruptData, Header
from bekhedmetkom.disclosures.rules.statuses import CLOSING_REASONS, STATUS_TEXTS, Status, get_next_deadline
from bekhedmetkom.disclosures.server_encryption import EncryptedTurn, ReportKeyMismatch
from bekhedmetkom.kernel.clock import get_local_date, now

from .. import session_cookies
from ..upload_handlers import ServerEncryptingUploadHandler, SkipUploadHandler
from .forms import MessageForm
from .receipt_login import wait_for_time_step

PAGE_PADDING_BYTES = 16 * 1024  # pages are padded to a multiple, so their size does not show a valid receipt


@dataclass(frozen=True, slots=True)
class DiscloserSession:
    """The keys of a receipt that was entered less than 15 minutes ago."""

    lookup_id: bytes
    reader_identity: str
    voice: bytes


@dataclass(frozen=True, slots=True)
class DecryptedMessage:
    """A message of the Commission in plain text; None if it cannot be decrypted."""

    turn: int
    sent: date
    text: str | None
    files: list[tuple[int, UUID, int]]  # place, id and frame size


def require_session(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Pass the session to a view; without one, show what was typed and a link to the login page."""

    @wraps(view)
    def with_session(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        payload = session_cookies.read_cookie(request, "__Host-box")
        if payload is None:
            request.upload_handlers = [SkipUploadHandler(request)]
            return render(
                request,
                "box/discloser/session_expired.html",
                {"text": request.POST.get("text", "")},
                status=403,
            )
        session = DiscloserSession(
            bytes.fromhex(payload["lookup"]), payload["reader"], bytes.fromhex(payload["voice"])
        )
        return view(request, session, *args, **kwargs)

    return with_session


@require_http_methods(["GET", "HEAD", "POST"])
@require_session
def show_conversation(request: HttpRequest, session: DiscloserSession) -> HttpResponse:
    """Show the conversation, or that the receipt is invalid, at the same cost and in the same size."""
    if request.method == "POST":
        return _send_message(request, session)
    begun = monotonic()
    page = _render_page(request, session, None)
    wait_for_time_step(begun)
    return page


@require_safe
@require_session
def download_file(
    request: HttpRequest, session: DiscloserSession, turn: int, place: int, identifier: UUID
) -> HttpResponse:
    """Return a file of the Commission in plain text, complete or not at all."""
    try:
        ciphertext = b"".join(queries.read_file(session.lookup_id, identifier))
        expect: Header = {"kind": "file", "turn": turn, "place": place}
        frame = encryption.decrypt_part(
            ciphertext, secret=session.reader_identity, voice=session.voice, expect=expect
        )
    except (NoSuchReport, CorruptData):
        raise Http404 from None
    answer = HttpResponse(frame.body, content_type="application/octet-stream")
    answer.headers["Content-Disposition"] = content_disposition_header(
        True, str(frame.header.get("name") or "file")
    )
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


def _send_message(request: HttpRequest, session: DiscloserSession) -> HttpResponse:
    try:
        encrypted_turn = EncryptedTurn.for_message(session.lookup_id, session.voice, get_local_date(now()))
    except (NoSuchReport, ReportKeyMismatch):
        request.upload_handlers = [SkipUploadHandler(request)]
        return _render_page(request, session, MessageForm(request.POST), status=409)
    files = ServerEncryptingUploadHandler(encrypted_turn)
    request.upload_handlers = [files]
    part_storage.release_connection()
    try:
        form = MessageForm(request.POST)
        form.add_file_errors(files.too_large, files.too_many, files.is_full)
        if not form.is_valid():
            return _render_page(request, session, form, status=422)
        encrypted_turn.send_message(
            form.cleaned_data["text"], lookup=session.lookup_id, turn=form.cleaned_data["turn"]
        )
    except (TurnConflict, ConversationClosed, NoSuchReport) as refusal:
        form.add_error(None, _explain_refusal(refusal))
        return _render_page(request, session, form, status=409)
    finally:
        files.discard()
    return _redirect_to_conversation("sent")


def _explain_refusal(refusal: Exception) -> str:
    match refusal:
        case TurnConflict():
            return gettext(
                "وصلت رسالة أخرى في هذه الأثناء. اقرأ ما استجد ثم أرسل رسالتك، وأضف ملفاتها من جديد."
            )
        case _:
            return gettext("أُغلق هذا البلاغ، ولم تعد الرسائل تُقبل فيه.")


def _redirect_to_conversation(query: str = "") -> HttpResponse:
    page = redirect("box:conversation")
    page.status_code = 303
    if query:
        page.headers["Location"] += f"?{query}"
    return page


def _render_page(
    request: HttpRequest, session: DiscloserSession, form: MessageForm | None, *, status: int = 200
) -> HttpResponse:
    conversation = queries.get_conversation(session.lookup_id)
    is_anchor_valid = conversation is not None and encryption.is_anchor_valid(
        session.voice, conversation.recipient, conversation.anchor
    )
    messages = (
        [_decrypt_message(message, session) for message in conversation.messages] if conversation else []
    )
    context = {
        "conversation": conversation,
        "is_anchor_valid": is_anchor_valid,
        "over": conversation is not None and conversation.status is Status.CLOSED,
        "status": STATUS_TEXTS[conversation.status] if conversation else None,
        "reason": CLOSING_REASONS.get(conversation.reason) if conversation else None,
        "deadline": get_next_deadline(conversation.status, conversation.received) if conversation else None,
        "messages": messages,
        "form": form or MessageForm(),
        "turn": conversation.next_turn if conversation else 1,
        "sent": "sent" in request.GET,
    }
    page = render(request, "box/discloser/conversation.html", context, status=status)
    page.content += b" " * (-len(page.content) % PAGE_PADDING_BYTES)
    return page


def _decrypt_message(message: CommissionMessage, session: DiscloserSession) -> DecryptedMessage:
    expect: Header = {
        "kind": "message",
        "turn": message.turn,
        "place": 0,
        "from": "commission",
        "files": len(message.parts) - 1,
    }
    files = [(place, part.id, _get_max_size(part.size)) for place, part in enumerate(message.parts[1:], 1)]
    try:
        frame = encryption.decrypt_part(
            message.encrypted_message, secret=session.reader_identity, voice=session.voice, expect=expect
        )
        return DecryptedMessage(message.turn, message.day, frame.body.decode(), files)
    except (CorruptData, UnicodeDecodeError):
        return DecryptedMessage(message.turn, message.day, None, [])


def _get_max_size(size: int) -> int:
    """Return the frame's size, the maximum size of the file."""
    return max(bucket for bucket in BUCKETS if bucket <= size)
