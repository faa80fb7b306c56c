"""Talks that asked for a person: who waits, and one of them with what was said and the box to answer in."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from bekhedmetkom.assistant.commands import officer_conversations
from bekhedmetkom.assistant.queries.inbox import OfficerConversation, list_inbox
from bekhedmetkom.assistant.queries.inbox import get_officer_conversation as talk_with
from bekhedmetkom.cases.rules.access import holds
from bekhedmetkom.identity.rules import Permission
from bekhedmetkom.interfaces.actor import officer_required
from bekhedmetkom.interfaces.audience import audience
from bekhedmetkom.interfaces.look.widgets import Drawn
from bekhedmetkom.kernel.errors import InvalidInput, Refusal

from .fields import dress, text_field
from .framed import framed
from .places import TALKS
from .visit import RequestContext, get_context


class Answer(forms.Form):
    """`key`: this form's own, so that what is sent twice is said once."""

    default_renderer = Drawn

    key = forms.CharField(max_length=36, widget=forms.HiddenInput, required=False)
    text = text_field(
        _("جوابك"),
        hint=_("يصله كما تكتبه، ولا يظهر له اسمك."),
        longest=officer_conversations.MAX_TEXT_LENGTH,
        rows=3,
    )

    def __init__(self, *data: Any) -> None:
        super().__init__(*data)
        self.initial = {"key": str(uuid4())}
        dress(self.fields["text"])
        self.fields["text"].widget.attrs["autofocus"] = True  # at the end of what was said


@audience("officer")
@officer_required
@never_cache
@require_safe
def talks(request: HttpRequest) -> HttpResponse:
    """Who waits for a person, and who is with one; without a word of what they said."""
    visit = _visit(request)
    shown = {"talks": list_inbox(visit.actor), "page_route": TALKS.route}
    return framed(request, visit, "desk/talks.html", shown)


@audience("officer")
@officer_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def talk(request: HttpRequest, key: UUID) -> HttpResponse:
    """One talk; what can be done is a button each. One that is over leads back to the list, which says so.

    With `lines` only what was said, for the page that asks by itself (`talk.js`).
    """
    visit = _visit(request)
    form = Answer(*([request.POST] if "write" in request.POST else []))
    if request.method == "POST" and _done(request, visit, key, form):
        return redirect("desk:talks") if "back" in request.POST else redirect("desk:talk", key)
    found = talk_with(visit.actor, key, visit.at)
    if "lines" in request.GET:
        return _lines(request, visit, found)
    if found is None:
        messages.info(request, gettext("انتهت هذه المحادثة، أو عادت إلى المساعد الآلي."))
        return redirect("desk:talks")
    shown = {"talk": found, "form": form, "page_route": TALKS.route}
    page = framed(request, visit, "desk/talk.html", shown)
    page.status_code = 422 if form.errors else 200
    return page


def _lines(request: HttpRequest, visit: RequestContext, found: OfficerConversation | None) -> HttpResponse:
    """409 once the officer has it no longer; what they are typing stays theirs."""
    if found is None or not found.summary.is_own:
        return HttpResponse(status=409)
    return render(request, "desk/_talk_lines.html", {"visit": visit, "talk": found})


def _visit(request: HttpRequest) -> RequestContext:
    visit = get_context(request)
    if not holds(visit.actor, Permission.TALK):
        raise PermissionDenied
    return visit


def _done(request: HttpRequest, visit: RequestContext, key: UUID, form: Answer) -> bool:
    """Whether there is nothing to mend in the form; what could not be done is said on the next page."""
    who: dict[str, Any] = {"conversation": key, "actor": visit.actor, "at": visit.at}
    try:
        if "write" in request.POST:
            if not form.is_valid():
                return False
            officer_conversations.send_officer_message(
                text=form.cleaned_data["text"], key=form.cleaned_data["key"], **who
            )
        elif step := next((step for name, step in _STEPS.items() if name in request.POST), None):
            step(**who)
            if step is officer_conversations.return_to_assistant:
                messages.success(request, gettext("عادت المحادثة إلى المساعد الآلي."))
    except InvalidInput as refused:
        for _field, words in refused.errors:
            form.add_error("text", words.in_language(visit.language))
        return False
    except Refusal as refused:
        messages.error(request, refused.message.in_language(visit.language))
    return True


_STEPS: Mapping[str, Callable[..., None]] = {
    "take": officer_conversations.take_conversation,
    "leave": officer_conversations.release_conversation,
    "back": officer_conversations.return_to_assistant,
}
