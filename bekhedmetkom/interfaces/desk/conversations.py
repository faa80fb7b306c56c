"""Conversations handed over from the assistant: the waiting list, and one conversation with its answer form."""

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
from bekhedmetkom.cases.rules.access import has_permission_anywhere
from bekhedmetkom.identity.rules import Permission
from bekhedmetkom.interfaces.access_control import audience, officer_required
from bekhedmetkom.interfaces.ui.form_renderer import FormRenderer
from bekhedmetkom.kernel.errors import InvalidInput, Refusal

from .fields import build_text_field, style_field
from .navigation import CONVERSATIONS_PAGE, render_page
from .request_context import RequestContext, get_context


class AnswerForm(forms.Form):
    """`key` is unique to each drawn form, so a message submitted twice is sent once."""

    default_renderer = FormRenderer

    key = forms.CharField(max_length=36, widget=forms.HiddenInput, required=False)
    text = build_text_field(
        _("جوابك"),
        hint=_("يصله كما تكتبه، ولا يظهر له اسمك."),
        longest=officer_conversations.MAX_TEXT_LENGTH,
        rows=3,
    )

    def __init__(self, *data: Any) -> None:
        super().__init__(*data)
        self.initial = {"key": str(uuid4())}
        style_field(self.fields["text"])
        self.fields["text"].widget.attrs["autofocus"] = True  # at the end of what was said


@audience("officer")
@officer_required
@never_cache
@require_safe
def show_conversations(request: HttpRequest) -> HttpResponse:
    """List the conversations that wait for an officer or are with one, without their messages."""
    visit = _get_conversation_context(request)
    shown = {"talks": list_inbox(visit.actor), "page_route": CONVERSATIONS_PAGE.route}
    return render_page(request, visit, "desk/conversations/conversations.html", shown)


@audience("officer")
@officer_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def show_conversation(request: HttpRequest, key: UUID) -> HttpResponse:
    """Show one conversation, or perform the action of the pressed button. One that has ended redirects to the list.

    With `lines` in the query only the messages are sent, for `conversation.js`.
    """
    visit = _get_conversation_context(request)
    form = AnswerForm(*([request.POST] if "write" in request.POST else []))
    if request.method == "POST" and _perform_action(request, visit, key, form):
        return redirect("desk:talks") if "back" in request.POST else redirect("desk:talk", key)
    found = talk_with(visit.actor, key, visit.at)
    if "lines" in request.GET:
        return _render_messages(request, visit, found)
    if found is None:
        messages.info(request, gettext("انتهت هذه المحادثة، أو عادت إلى المساعد الآلي."))
        return redirect("desk:talks")
    shown = {"talk": found, "form": form, "page_route": CONVERSATIONS_PAGE.route}
    page = render_page(request, visit, "desk/conversations/conversation.html", shown)
    page.status_code = 422 if form.errors else 200
    return page


def _render_messages(
    request: HttpRequest, visit: RequestContext, found: OfficerConversation | None
) -> HttpResponse:
    """Return the messages, or 409 once the conversation is no longer the officer's."""
    if found is None or not found.summary.is_own:
        return HttpResponse(status=409)
    return render(request, "desk/conversations/_messages.html", {"visit": visit, "talk": found})


def _get_conversation_context(request: HttpRequest) -> RequestContext:
    visit = get_context(request)
    if not has_permission_anywhere(visit.actor, Permission.TALK):
        raise PermissionDenied
    return visit


def _perform_action(request: HttpRequest, visit: RequestContext, key: UUID, form: AnswerForm) -> bool:
    """Perform the requested action. Returns False if the form has errors; other refusals become messages."""
    who: dict[str, Any] = {"conversation": key, "actor": visit.actor, "at": visit.at}
    try:
        if "write" in request.POST:
            if not form.is_valid():
                return False
            officer_conversations.send_officer_message(
                text=form.cleaned_data["text"], key=form.cleaned_data["key"], **who
            )
        elif step := next((step for name, step in _ACTIONS.items() if name in request.POST), None):
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


_ACTIONS: Mapping[str, Callable[..., None]] = {
    "take": officer_conversations.take_conversation,
    "leave": officer_conversations.release_conversation,
    "back": officer_conversations.return_to_assistant,
}
