"""The chat page: the conversation, the current choices and a form. Nothing is stored before the greeting message."""

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
from bekhedmetkom.cases.commands.text_validation import clean_text
from bekhedmetkom.identity import rate_limit
from bekhedmetkom.identity.rate_limit import ProofOfWorkRequired
from bekhedmetkom.interfaces.access_control import audience
from bekhedmetkom.interfaces.request_headers import get_client_address
from bekhedmetkom.interfaces.ui.uploads import parse_upload_ids, receive_uploads
from bekhedmetkom.kernel import clock
from bekhedmetkom.kernel.text import BilingualText

COOKIE_NAME, COOKIE_LIFETIME = "chat", timedelta(days=2)
MAX_TEXT_LENGTH = 4000
_MAX_POSTED_LENGTH = 4 * MAX_TEXT_LENGTH  # more than allowed, so that a long text is refused and not cut

no_store = cache_control(private=True, no_store=True)


@audience("public")
@require_http_methods(["GET", "HEAD", "POST"])
@no_store
def show_chat(request: HttpRequest) -> HttpResponse:
    """Show the conversation; a POST sends a message. The form's key makes a repeated POST harmless."""
    if request.method != "POST":
        return _render_page(request)
    at = clock.now()
    text, choice = (
        clean_text(request.POST.get("text", "")[:_MAX_POSTED_LENGTH]),
        request.POST.get("choice", "")[:40],
    )
    if wait := rate_limit.count_question(address=get_client_address(request), at=at):
        return _render_too_many_requests(request, text, wait)
    upload_ids, refusals = receive_uploads(request, at)
    if not (text or choice or upload_ids or refusals):
        return redirect(f"{reverse('chat:chat')}#end")
    message = IncomingMessage(
        text="" if choice else text,
        choice=choice,
        photos=parse_upload_ids(upload_ids),
        refusal=BilingualText(refusals[0], refusals[0]) if refusals else None,
        key=request.POST.get("key", ""),
    )
    person = _get_person(request) or secrets.token_urlsafe(32)
    conversation = commands.get_or_create_conversation(
        channel=Channel.CHAT, person=person, language=get_language() or "ar", at=at
    )
    address, proof = get_client_address(request), request.POST.get("proof", "")
    try:
        commands.handle_message(
            conversation=conversation,
            message=message,
            at=at,
            sender=address,
            check_rate_limit=lambda key: rate_limit.count_submission(
                address=address, key=key, at=at, proof=proof
            ),
        )
    except ProofOfWorkRequired as needed:
        return _render_challenge(request, message, needed)
    response = redirect(f"{reverse('chat:chat')}#end")
    _set_cookie(response, person)
    return response


@audience("public")
@require_POST
@no_store
def delete_chat(request: HttpRequest) -> HttpResponse:
    """Delete the conversation and the cookie."""
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
    conversation = find_conversation(Channel.CHAT, person) if person else None
    greeting = get_greeting(get_language() or "ar")
    lines: list[Any] = list(conversation.lines) if conversation else []
    context: dict[str, Any] = {
        "lines": [{"speaker": "platform", "text": greeting.text, "link": None}, *lines],
        "choices": conversation.choices if conversation and lines else greeting.choices,
        "is_with_officer": bool(conversation and conversation.is_with_officer),
        "is_started": bool(lines),
        "key": secrets.token_urlsafe(12),
        "text": text,
        "problem": problem,
        "longest": MAX_TEXT_LENGTH,
    }
    return render(request, "chat/chat.html", context, status=status)


def _render_too_many_requests(request: HttpRequest, text: str, wait: int) -> HttpResponse:
    sentence = ngettext("انتظر ثانية ثم جرّب من جديد.", "انتظر %(n)d ثانية ثم جرّب من جديد.", wait)
    response = _render_page(request, text=text, problem=sentence % {"n": wait}, status=429)
    response["Retry-After"] = str(wait)
    return response


def _render_challenge(
    request: HttpRequest, message: IncomingMessage, needed: ProofOfWorkRequired
) -> HttpResponse:
    """Render the proof-of-work page: a script solves it, or the person waits and sends again."""
    carried = {"text": message.text, "choice": message.choice, "key": message.key}
    response = render(request, "chat/challenge.html", {"carried": carried, "needed": needed}, status=429)
    response["Retry-After"] = str(needed.wait_seconds)
    return response


def _get_person(request: HttpRequest) -> str:
    """Return the random identifier in the browser's cookie, or an empty string."""
    return request.COOKIES.get(_get_cookie_name(get_language() or "ar"), "")[:100]


def _set_cookie(response: HttpResponse, person: str) -> None:
    for language, _name in settings.LANGUAGES:
        response.set_cookie(
            _get_cookie_name(language),
            person,
            path=_get_cookie_path(language),
            max_age=COOKIE_LIFETIME,
            httponly=True,
            secure=settings.SESSION_COOKIE_SECURE,
            samesite="Lax",
        )


def _get_cookie_name(language: str) -> str:
    """Return the cookie's name in a language: a response holds only one cookie of a name."""
    return f"{'__Secure-' if settings.SESSION_COOKIE_SECURE else ''}{COOKIE_NAME}-{language}"


def _get_cookie_path(language: str) -> str:
    with override(language):
        return reverse("chat:chat")
