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

from bekhedmetkom.cases.commands.wording import cleaned
from bekhedmetkom.dialogue import commands
from bekhedmetkom.dialogue.queries import greeting, talk_of
from bekhedmetkom.dialogue.rules.talk import Channel, Heard
from bekhedmetkom.identity import limits
from bekhedmetkom.identity.limits import ProofNeeded
from bekhedmetkom.interfaces.address import address_of
from bekhedmetkom.interfaces.audience import audience
from bekhedmetkom.interfaces.look.uploads import ids_in, taken_in
from bekhedmetkom.kernel import clock
from bekhedmetkom.kernel.words import Words

COOKIE, LASTS = "chat", timedelta(days=2)
LONGEST_TEXT = 4000
_LONGEST_SENT = 4 * LONGEST_TEXT  # more than may be sent, so that what is too long is said, not cut

no_store = cache_control(private=True, no_store=True)


@audience("public")
@require_http_methods(["GET", "HEAD", "POST"])
@no_store
def chat(request: HttpRequest) -> HttpResponse:
    """The talk; a POST says something. The key in the form makes sending it twice harmless."""
    if request.method != "POST":
        return _page(request)
    at = clock.now()
    text, choice = cleaned(request.POST.get("text", "")[:_LONGEST_SENT]), request.POST.get("choice", "")[:40]
    if wait := limits.wait_to_ask(address=address_of(request), at=at):
        return _too_fast(request, text, wait)
    ids, refused = taken_in(request, at)
    if not (text or choice or ids or refused):
        return redirect(f"{reverse('chat:chat')}#end")
    heard = Heard(
        text="" if choice else text, choice=choice, photos=ids_in(ids),
        refused=Words(refused[0], refused[0]) if refused else None, key=request.POST.get("key", ""),
    )  # fmt: skip
    person = _person(request) or secrets.token_urlsafe(32)
    talk = commands.conversation_of(
        channel=Channel.CHAT, person=person, language=get_language() or "ar", at=at
    )
    address, proof = address_of(request), request.POST.get("proof", "")
    try:
        commands.hear(
            conversation=talk, heard=heard, at=at, sender=address,
            admit=lambda key: limits.admit(address=address, key=key, at=at, proof=proof),
        )  # fmt: skip
    except ProofNeeded as needed:
        return _proof(request, heard, needed)
    response = redirect(f"{reverse('chat:chat')}#end")
    _keep(response, person)
    return response


@audience("public")
@require_POST
@no_store
def leave(request: HttpRequest) -> HttpResponse:
    """The talk is erased, and this browser knows nothing of it any more."""
    if person := _person(request):
        commands.leave(channel=Channel.CHAT, person=person)
    response = redirect("chat:chat")
    for language, _name in settings.LANGUAGES:
        response.delete_cookie(_named(language), path=_path(language))
    return response


def _page(request: HttpRequest, *, text: str = "", problem: str = "", status: int = 200) -> HttpResponse:
    person = _person(request)
    talk = talk_of(Channel.CHAT, person) if person else None
    first = greeting(get_language() or "ar")
    lines: list[Any] = list(talk.lines) if talk else []
    context: dict[str, Any] = {
        "lines": [{"whose": "platform", "text": first.text, "link": None}, *lines],
        "choices": talk.choices if talk and lines else first.choices,
        "with_person": bool(talk and talk.with_person), "begun": bool(lines), "key": secrets.token_urlsafe(12),
        "text": text, "problem": problem, "longest": LONGEST_TEXT,
    }  # fmt: skip
    return render(request, "chat/chat.html", context, status=status)


def _too_fast(request: HttpRequest, text: str, wait: int) -> HttpResponse:
    said = ngettext("انتظر ثانية ثم جرّب من جديد.", "انتظر %(n)d ثانية ثم جرّب من جديد.", wait)
    response = _page(request, text=text, problem=said % {"n": wait}, status=429)
    response["Retry-After"] = str(wait)
    return response


def _proof(request: HttpRequest, heard: Heard, needed: ProofNeeded) -> HttpResponse:
    """Where much comes from one network: the script works a moment for it, or the person waits and sends again."""
    carried = {"text": heard.text, "choice": heard.choice, "key": heard.key}
    response = render(request, "chat/proof.html", {"carried": carried, "needed": needed}, status=429)
    response["Retry-After"] = str(needed.wait)
    return response


def _person(request: HttpRequest) -> str:
    """By what this browser is known; nothing else is in the cookie."""
    return request.COOKIES.get(_named(get_language() or "ar"), "")[:100]


def _keep(response: HttpResponse, person: str) -> None:
    for language, _name in settings.LANGUAGES:
        response.set_cookie(
            _named(language), person, path=_path(language), max_age=LASTS, httponly=True,
            secure=settings.SESSION_COOKIE_SECURE, samesite="Lax",
        )  # fmt: skip


def _named(language: str) -> str:
    """One name a language: a response keeps one cookie of a name, whatever its path."""
    return f"{'__Secure-' if settings.SESSION_COOKIE_SECURE else ''}{COOKIE}-{language}"


def _path(language: str) -> str:
    with override(language):
        return reverse("chat:chat")
