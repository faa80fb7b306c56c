"""Opening a case, its page, and what its citizen can do."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from math import ceil
from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from bekhedmetkom.analytics.commands.usage import record_page_view
from bekhedmetkom.attachments.commands import discard_uploads
from bekhedmetkom.cases import commands, row_security
from bekhedmetkom.cases.commands import UseConfidentialChannel
from bekhedmetkom.cases.commands.text_validation import clean_text
from bekhedmetkom.cases.journal import Conflict
from bekhedmetkom.cases.queries import CitizenCase, find_case_by_code, find_my_case, get_case_for_citizen
from bekhedmetkom.identity import throttle
from bekhedmetkom.interfaces.access_control import audience
from bekhedmetkom.interfaces.request_headers import get_client_address
from bekhedmetkom.interfaces.ui.uploads import (
    REMOVED_FILES_FIELD,
    UPLOADS_FIELD,
    parse_upload_ids,
    receive_uploads,
)
from bekhedmetkom.kernel import clock
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.errors import InvalidInput, Refusal
from bekhedmetkom.kernel.references import parse_reference
from bekhedmetkom.notifications.queries import count_devices
from bekhedmetkom.notifications.vapid_key import get_vapid_public_key

from .. import cookies
from ..new_case.frames import PORTAL
from . import presentation
from .forms import AppealForm, ConfirmationForm, MessageForm, RatingForm, TrackForm

CaseView = Callable[[HttpRequest, str, UUID], HttpResponse]
no_store = cache_control(private=True, no_store=True)


@audience("public")
@require_http_methods(["GET", "HEAD", "POST"])
@no_store
def track_case(request: HttpRequest) -> HttpResponse:
    """Open a case with reference and access code. A wrong code and an unknown reference get the same answer."""
    if request.method != "POST":
        return render(
            request, "portal/tracking/track.html", {"form": _build_track_form(request), "asked": False}
        )
    form = TrackForm({name: clean_text(request.POST.get(name, "")[:200]) for name in TrackForm.base_fields})
    if form.is_valid():
        reference, code, at = form.cleaned_data["reference"], form.cleaned_data["code"], clock.now()
        throttle_key = ("access-code", get_client_address(request), reference)
        if wait := ceil(throttle.take_attempt(throttle.CASE_LIMIT, *throttle_key, at=at).total_seconds()):
            return _render_too_many_requests(request, form, wait)
        if case := find_case_by_code(reference, code):
            throttle.return_attempt(*throttle_key)
            route = "portal:contact" if request.POST.get("next") == "contact" else "portal:case"
            response = redirect(route, reference)
            cookies.set_open_case(response, reference, case, at)
            return response
        form.add_error("code", _("لا يفتح هذا الرمز طلبًا بهذا الرقم. راجعهما رقمًا رقمًا"))
    return render(request, "portal/tracking/track.html", {"form": form, "asked": True})


def _render_too_many_requests(request: HttpRequest, form: TrackForm, wait: int) -> HttpResponse:
    """Render the form after too many attempts; the right code works after the wait."""
    sentence = ngettext("انتظر ثانية ثم جرّب من جديد.", "انتظر %(n)d ثانية ثم جرّب من جديد.", wait)
    form.add_error("code", sentence % {"n": wait})
    response = render(request, "portal/tracking/track.html", {"form": form, "asked": True}, status=429)
    response["Retry-After"] = str(wait)
    return response


def _build_track_form(request: HttpRequest) -> TrackForm:
    return TrackForm(initial={"reference": clean_text(request.GET.get("reference", "")[:64])})


def require_open_case(view: CaseView) -> Callable[[HttpRequest, str], HttpResponse]:
    """Decorate a view of a case that this browser has opened, or that belongs to a verified contact."""

    @wraps(view)
    def wrapper(request: HttpRequest, reference: str) -> HttpResponse:
        at = clock.now()
        if not (known := parse_reference(reference)):
            raise Http404
        if known != reference:
            return redirect("portal:case", known)
        if key := cookies.get_open_case(request, reference, at):
            row_security.allow_citizen(key)
            response = view(request, reference, key)
            cookies.set_open_case(response, reference, key, at)
            return response
        contacts = cookies.get_verified_contacts(request, at)
        if contacts and (key := find_my_case(contacts, reference)):
            response = view(request, reference, key)
            cookies.set_verified_contacts(response, contacts, at)
            return response
        return redirect(f"{reverse('portal:track')}?reference={reference}")

    return wrapper


@audience("citizen")
@require_safe
@no_store
@require_open_case
def show_case(request: HttpRequest, reference: str, key: UUID) -> HttpResponse:
    """Show the case."""
    return render_case_page(request, key, {}, done=request.GET.get("done", ""))


@audience("citizen")
@require_http_methods(["GET", "HEAD", "POST"])
@no_store
@require_open_case
def add_message(request: HttpRequest, reference: str, key: UUID) -> HttpResponse:
    """Add a message, or answer the body's question."""
    return _handle_verb(request, reference, key, "write", MessageForm, commands.add_message)


@audience("citizen")
@require_http_methods(["GET", "HEAD", "POST"])
@no_store
@require_open_case
def rate_case(request: HttpRequest, reference: str, key: UUID) -> HttpResponse:
    """Record whether the case was solved."""
    return _handle_verb(request, reference, key, "rate", RatingForm, _record_rating)


@audience("citizen")
@require_http_methods(["GET", "HEAD", "POST"])
@no_store
@require_open_case
def appeal_case(request: HttpRequest, reference: str, key: UUID) -> HttpResponse:
    """Submit an appeal."""
    return _handle_verb(request, reference, key, "appeal", AppealForm, commands.appeal_case)


@audience("citizen")
@require_http_methods(["GET", "HEAD", "POST"])
@no_store
@require_open_case
def withdraw_case(request: HttpRequest, reference: str, key: UUID) -> HttpResponse:
    """Withdraw the case after a confirmation."""
    return _handle_after_confirmation(request, reference, key, "withdraw", commands.withdraw_case)


@audience("citizen")
@require_http_methods(["GET", "HEAD", "POST"])
@no_store
@require_open_case
def keep_case_private(request: HttpRequest, reference: str, key: UUID) -> HttpResponse:
    """Withdraw the consent to publication after a confirmation."""
    return _handle_after_confirmation(request, reference, key, "private", commands.keep_case_private)


@audience("citizen")
@require_http_methods(["GET", "HEAD", "POST"])
@no_store
@require_open_case
def erase_case(request: HttpRequest, reference: str, key: UUID) -> HttpResponse:
    """Erase the case's content after a confirmation; the text can be moved to the confidential report first."""
    return _handle_after_confirmation(request, reference, key, "erase", commands.erase_case)


@audience("citizen")
@require_http_methods(["POST"])
def close_in_browser(request: HttpRequest, reference: str) -> HttpResponse:
    """Close the case in this browser, for a shared device."""
    if not (known := parse_reference(reference)):
        raise Http404
    response = redirect("portal:track")
    cookies.delete_open_case(response, known)
    # Otherwise the case would stay open as one of the person's cases.
    cookies.delete_verified_contacts(response)
    return response


def _handle_after_confirmation(
    request: HttpRequest, reference: str, key: UUID, verb: str, command: Callable[..., int]
) -> HttpResponse:
    """Show a confirmation page, then run a command that takes no text."""
    if request.method != "POST":
        case = get_case_for_citizen(key, clock.now())
        if verb in case.can:
            return render(request, f"portal/tracking/{verb}.html", {"case": case})

    def act(*, gate_declined: bool, **values: Any) -> int:
        return command(**values)

    return _handle_verb(request, reference, key, verb, ConfirmationForm, act)


def _handle_verb(
    request: HttpRequest,
    reference: str,
    key: UUID,
    verb: str,
    form_class: type[forms.Form],
    command: Callable[..., int],
) -> HttpResponse:
    """Run a command with its form and redirect to the case, or show the errors."""
    if request.method != "POST":
        return redirect("portal:case", reference)
    typed = {name: clean_text(request.POST.get(name, "")[:20_000]) for name in form_class.base_fields}
    refused: list[str] = []
    if UPLOADS_FIELD in typed:
        typed[UPLOADS_FIELD], refused = receive_uploads(request, clock.now())
    form = form_class(typed)
    for sentence in refused:
        form.add_error(UPLOADS_FIELD, sentence)
    if REMOVED_FILES_FIELD in request.POST and not refused:
        return render_case_page(request, key, {verb: form_class(initial=typed)})
    if not form.is_valid():
        return render_case_page(request, key, {verb: form})
    declined = request.POST.get("gate") == "declined"
    at = clock.now()
    try:
        command(
            case=key,
            seen=_parse_seen(request),
            actor=Actor.citizen(reference),
            at=at,
            gate_declined=declined,
            **form.cleaned_data,
        )
    except UseConfidentialChannel:
        discard_uploads(parse_upload_ids(typed.pop(UPLOADS_FIELD, "")))
        return _render_gate(request, typed)
    except Conflict as conflict:
        if not _is_repeated(key, verb, typed, at):
            return render_case_page(request, key, {verb: form}, refused=conflict)
    except InvalidInput as invalid:
        for field, words in invalid.errors:
            form.add_error(field if field in form.fields else None, words.in_language(_get_language()))
        return render_case_page(request, key, {verb: form})
    except Refusal as refused:
        return render_case_page(request, key, {verb: form}, refused=refused)
    return redirect(f"{reverse('portal:case', args=[reference])}?done={verb}")


def _record_rating(*, solved: str, **values: Any) -> int:
    return commands.rate_case(solved=solved == "yes", **values)


def _parse_seen(request: HttpRequest) -> int | None:
    """Return the last event that the page showed: a repeated click then conflicts and changes nothing."""
    seen = request.POST.get("seen", "")
    return int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 9 else None


def _is_repeated(key: UUID, verb: str, typed: dict[str, str], at: datetime) -> bool:
    """Return whether the last event is this very form, submitted twice."""
    case = get_case_for_citizen(key, at)
    last = case.timeline[0] if case.timeline else None
    words = [text.body for text in last.texts] if last else []
    typed_texts = {text for name, text in typed.items() if text and name in ("text", "comment", "reason")}
    return last is not None and presentation.get_verb(last.happened) == verb and typed_texts <= set(words)


def render_case_page(
    request: HttpRequest,
    key: UUID,
    typed: dict[str, forms.Form],
    *,
    refused: Refusal | None = None,
    done: str = "",
) -> HttpResponse:
    """Render the case with the submitted form and the reason of a refusal."""
    now = clock.now()
    case: CitizenCase = get_case_for_citizen(key, now)
    if request.method == "GET" and not done:
        record_page_view(entity=case.standing.entity_id, at=now)
    forms_by_verb = {"write": MessageForm, "rate": RatingForm, "appeal": AppealForm}
    context = {
        "case": case,
        **presentation.build_case_context(case, _get_language()),
        "forms": {verb: typed.get(verb, form()) for verb, form in forms_by_verb.items()},
        "failed": next(iter(typed.values()), None),
        "refused": refused.message.in_language(_get_language()) if refused else "",
        "done": presentation.SUCCESS_MESSAGES.get(done, ""),
        "devices": count_devices(key),
        "push_key": get_vapid_public_key(),
    }
    return render(request, "portal/tracking/case.html", context)


def _render_gate(request: HttpRequest, typed: dict[str, str]) -> HttpResponse:
    """Point to the confidential report; what was typed is in this page only."""
    carried = {"seen": request.POST.get("seen", "")[:9], **typed}
    return render(request, "portal/tracking/gate.html", {"carried": carried, "frame": PORTAL})


def _get_language() -> str:
    return get_language() or "ar"
