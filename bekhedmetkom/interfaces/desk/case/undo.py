"""Undo of the officer's last action, possible for ten seconds."""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from bekhedmetkom.cases import commands
from bekhedmetkom.cases.journal import Conflict
from bekhedmetkom.cases.queries import find_case_to_undo, find_desk_case
from bekhedmetkom.cases.rules.actions import ACTIONS as EVENTS
from bekhedmetkom.cases.rules.transitions import NotPossibleNow
from bekhedmetkom.cases.rules.undo import UNDO_PERIOD, UNDOABLE_EVENTS
from bekhedmetkom.interfaces.access_control import audience, officer_required
from bekhedmetkom.kernel.errors import NotAllowed
from bekhedmetkom.kernel.references import parse_reference

from ..request_context import RequestContext, get_case_or_404, get_context
from .actions import Action

_MESSAGE_TAG = "undo"


class UndoOffer(NamedTuple):
    """What the undo button submits, and for how many more seconds it is offered."""

    reference: str
    seen_seq: int
    seconds_left: int


def add_success_message(
    request: HttpRequest, visit: RequestContext, verb: Action, reference: str, seq: int | None
) -> None:
    """Add the success message, with an undo offer if the action can be undone."""
    back = f"{_MESSAGE_TAG} {reference} {seq} {visit.at.isoformat()}" if seq and is_undoable(verb) else ""
    messages.success(request, str(verb.success_message), extra_tags=back)


def is_undoable(verb: Action) -> bool:
    """Whether the event of this action can be undone."""
    return UNDOABLE_EVENTS.issuperset(EVENTS[verb.name][1])


def get_undo_offer(message: Message, now: datetime) -> UndoOffer | None:
    """Return the undo offer of a message; `None` if it has expired."""
    tag, *facts = (message.extra_tags or "").split(" ")
    if tag != _MESSAGE_TAG:
        return None
    reference, seq, at = facts
    return (
        UndoOffer(reference, int(seq), left)
        if (left := get_seconds_left(datetime.fromisoformat(at), now))
        else None
    )


def get_seconds_left(at: datetime, now: datetime) -> int:
    """Return for how many whole seconds an event of this time can still be undone."""
    return max(0, -((now - at - UNDO_PERIOD) // timedelta(seconds=1)))


@audience("officer")
@officer_required
@never_cache
@require_POST
def undo_action(request: HttpRequest, reference: str) -> HttpResponse:
    """Undo the officer's own last action; a message says whether it worked."""
    visit = get_context(request)
    known = parse_reference(reference)
    if known is None:
        raise Http404
    case = find_case_to_undo(visit.actor, known) or get_case_or_404(visit, known).id
    seen = request.POST.get("seen", "")
    try:
        commands.undo_action(case=case, seen=int(seen) if seen.isdecimal() and len(seen) < 9 else 0, actor=visit.actor,
                      at=visit.at)  # fmt: skip
        messages.success(request, _("تراجعت، وعاد الطلب كما كان."))
    except (Conflict, NotPossibleNow, NotAllowed) as refusal:
        messages.warning(request, refusal.message.in_language(visit.language))
    return (
        redirect("desk:case", known)
        if find_desk_case(visit.actor, known, visit.at)
        else redirect("desk:list")
    )
