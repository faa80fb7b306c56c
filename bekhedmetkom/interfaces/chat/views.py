"""The talk as a page: its lines, what can be answered, one form. Nothing is kept before somebody writes."""

import secrets
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, ngettext, override
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST

from bekhedmetkom.assistant import commands
from bekhedmetkom.assistant.queries import find_conversation, get_greeting
from bekhedmetkom.assistant.rules.messages import Channel, IncomingMessage
from bekhedmetkom.cases.commands.wording import cleaned
from bekhedmetkom.identity import rate_limit
from bekhedmetkom.identity.rate_limit import ProofOfWorkRequired
from bekhedmetkom.interfaces.access_control import audience
from bekhedmetkom.interfaces.request_headers import get_client_address
from bekhedmetkom.interfaces.ui.uploads import parse_upload_ids, receive_uploads
from bekhedmetkom.kernel import clock
from bekhedmetkom.kernel.text import BilingualText

COOKIE_NAME, COOKIE_LIFETIME = "chat", timedelta(days=2)
MAX_TEXT_LENGTH = 4000
_MAX_POSTED_LENGTH = 4 * MAX_TEXT_LENGTH  # more than may be sent, so that what is too long is said, not cut

no_store = cache_control(private=True, no_store=True)


@audience("public")
@require_http_methods(["GET", "HEAD", "POST"])
@no_store
def show_chat(request: HttpRequest) -> HttpResponse:
    """The talk; a POST says something. The key in the form makes sending it twice harmless."""
    if request.method != "POST":
        return _render_page(request)
    at = clock.now()
    text, choice = (
        cleaned(request.POST.get("text", "")[:_MAX_POSTED_LENGTH]),
        request.POST.get("choice", "")[:40],
    )
    if wait := rate_limit.count_question(address=get_client_address(request), at=at):
        return _render_too_many_requests(request, text, wait)
    ids, refused = receive_uploads(request, at)
    if not (text or choice or ids or refused):
        return redirect(f"{reverse('chat:chat')}#end")
    message = IncomingMessage(
        text="" if choice else text, choice=choice, photos=parse_upload_ids(ids),
        refusal=BilingualText(refused[0], refused[0]) if refused else None, key=request.POST.get("key", ""),
    )  # fmt: skip
    person = _get_person(request) or secrets.token_urlsafe(32)
    talk = commands.get_or_create_conversation(
        channel=Channel.CHAT, person=person, language=get_language() or "ar", at=at
    )
    address, proof = get_client_address(request), request.POST.get("proof", "")
    try:
        commands.handle_message(
            conversation=talk, message=message, at=at, sender=address,
            check_rate_limit=lambda key: rate_limit.count_submission(address=address, key=key, at=at, proof=proof),
        )  # fmt: skip
    except ProofOfWorkRequired as needed:
        return _render_challenge(request, message, needed)
    response = redirect(f"{reverse('chat:chat')}#end")
    _set_cookie(response, person)
    return response


@audience("public")
@require_POST
@no_store
def delete_chat(request: HttpRequest) -> HttpResponse:
    """The talk is erased, and this browser knows nothing of it any more."""
    if person := _get_person(request):
        commands.delete_conversation(channel=Channel.CHAT, person=person)
    response = redirect("chat:chat")
    for language, _name in settings.LANGUAGES:
        response.delete_cookie(_get_cookie_name(language), path=_get_cookie_path(language))
    return response


def _render_page(
    request: HttpRequest, *, text: str = "", problem: str = "", status: int = 200
) -> HttpResponse:
    person = _get_person(request)
    talk = find_conversation(Channel.CHAT, person) if person else None
    first = get_greeting(get_language() or "ar")
    lines: list[Any] = list(talk.lines) if talk else []
    context: dict[str, Any] = {
        "lines": [{"speaker": "platform", "text": first.text, "link": None}, *lines],
        "choices": talk.choices if talk and lines else first.choices,
        "is_with_officer": bool(talk and talk.is_with_officer),
        "is_started": bool(lines),
        "key": secrets.token_urlsafe(12),
        "text": text,
        "problem": problem,
        "longest": MAX_TEXT_LENGTH,
    }
    return render(request, "chat/chat.html", context, status=status)


def _render_too_many_requests(request: HttpRequest, text: str, wait: int) -> HttpResponse:
    said = ngettext("انتظر ثانية ثم جرّب من جديد.", "انتظر %(n)d ثانية ثم جرّب من جديد.", wait)
    response = _render_page(request, text=text, problem=said % {"n": wait}, status=429)
    response["Retry-After"] = str(wait)
    return response


def _render_challenge(
    request: HttpRequest, message: IncomingMessage, needed: ProofOfWorkRequired
) -> HttpResponse:
    """Where much comes from one network: the script works a moment for it, or the person waits and sends again."""
    carried = {"text": message.text, "choice": message.choice, "key": message.key}
    response = render(request, "chat/challenge.html", {"carried": carried, "needed": needed}, status=429)
    response["Retry-After"] = str(needed.wait_seconds)
    return response


def _get_person(request: HttpRequest) -> str:
    """By what this browser is known; nothing else is in the cookie."""
    return request.COOKIES.get(_get_cookie_name(get_language() or "ar"), "")[:100]


def _set_cookie(response: HttpResponse, person: str) -> None:
    for language, _name in settings.LANGUAGES:
        response.set_cookie(
            _get_cookie_name(language), person, path=_get_cookie_path(language), max_age=COOKIE_LIFETIME, httponly=True,
            secure=settings.SESSION_COOKIE_SECURE, samesite="Lax",
        )  # fmt: skip


def _get_cookie_name(language: str) -> str:
    """One name a language: a response keeps one cookie of a name, whatever its path."""
    return f"{'__Secure-' if settings.SESSION_COOKIE_SECURE else ''}{COOKIE_NAME}-{language}"


def _get_cookie_path(language: str) -> str:
    with override(language):
        return reverse("chat:chat")
