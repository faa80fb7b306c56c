"""Bulk actions: one action on several cases, with a command for each case and a report of the outcomes.

The sequence number of each case is submitted with it, so a repeated form or a case that has changed since is refused.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from bekhedmetkom.cases import commands
from bekhedmetkom.cases.journal import Conflict
from bekhedmetkom.cases.queries import DeskCase, find_case_to_undo, find_desk_case, get_selected_cases
from bekhedmetkom.cases.queries import SelectedCase as Chosen
from bekhedmetkom.cases.rules.quality import Judgement
from bekhedmetkom.interfaces.access_control import audience, officer_required
from bekhedmetkom.kernel.errors import InvalidInput, Refusal
from bekhedmetkom.kernel.formatting import CASE, format_count
from bekhedmetkom.kernel.references import parse_reference
from bekhedmetkom.kernel.text import BilingualText

from ..case.reply_quality import judge_pending_reply
from ..case.undo import get_seconds_left, is_undoable
from ..request_context import RequestContext, get_context
from .bulk_forms import BULK_ACTIONS, BulkAction, BulkAnswerForm, BulkForm
from .queues import list_own_queues

MAX_SELECTED = 50  # a page of the list

_NOT_YOUR_CASE = BilingualText("الطلب ليس عندك.", "The case is not with you.")
_CASE_BUSY = BilingualText("الطلب مشغول الآن. أعد المحاولة.", "The case is busy just now. Try again.")


class SelectedCase(NamedTuple):
    """A ticked case and its sequence number in the list."""

    reference: str
    seen_seq: int

    def __str__(self) -> str:
        return f"{self.reference}:{self.seen_seq}"


class BulkOutcome(NamedTuple):
    """The outcome for one case: `seq` of the new event, or `refusal`."""

    reference: str
    title: str
    seq: int | None
    refusal: BilingualText | None = None


class PendingReply(NamedTuple):
    """A reply that waits for approval, with its quality."""

    case: DeskCase
    quality: Judgement | None


@audience("officer")
@officer_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def handle_bulk_action(request: HttpRequest, verb: str) -> HttpResponse:
    """Show the form of a bulk action for the selected cases, or perform it on each."""
    visit = get_context(request)
    bulk = BULK_ACTIONS.get(verb)
    if bulk is None:
        raise Http404
    sent = request.POST if request.method == "POST" else request.GET
    picked = _parse_selection(sent.getlist("case"))
    found = get_selected_cases(visit.actor, [one.reference for one in picked], visit.at)
    chosen = [found[one.reference] for one in picked if one.reference in found]
    if len(chosen) < bulk.minimum:
        return _render_form(
            request, visit, bulk, picked, chosen, None, 422 if request.method == "POST" else 200
        )
    form = bulk.form(request.POST if request.method == "POST" else None, cases=chosen, visit=visit)
    if request.method != "POST":
        return _render_form(request, visit, bulk, picked, chosen, form)
    if isinstance(form, BulkAnswerForm) and "use" in request.POST:
        begun = BulkAnswerForm(cases=chosen, visit=visit)
        begun.apply_template(request.POST)
        return _render_form(request, visit, bulk, picked, chosen, begun)
    if not form.is_valid():
        return _render_form(request, visit, bulk, picked, chosen, form, 422)
    outcomes = [
        _apply_action(bulk, visit, form, one, found.get(one.reference))
        for one in picked
        if one.reference not in found or form.includes(found[one.reference])
    ]
    return _render_report(request, visit, outcomes, bulk=bulk)


@audience("officer")
@officer_required
@never_cache
@require_POST
def undo_bulk_action(request: HttpRequest) -> HttpResponse:
    """Undo the action on these cases, or on the one whose button was pressed."""
    visit = get_context(request)
    picked = _parse_selection(request.POST.getlist("only") or request.POST.getlist("case"))
    if not picked:
        return redirect("desk:list")
    return _render_report(request, visit, [_undo_action(visit, one) for one in picked])


def _apply_action(
    bulk: BulkAction, visit: RequestContext, form: BulkForm, one: SelectedCase, found: Chosen | None
) -> BulkOutcome:
    if found is None:
        return BulkOutcome(one.reference, "", None, _NOT_YOUR_CASE)
    row, facts = found.row, form.get_command_arguments(found)
    try:
        seq = bulk.command(case=row.id, seen=one.seen_seq, actor=visit.actor, at=visit.at, **facts)
    except Refusal as refusal:
        return BulkOutcome(row.reference, row.title, None, _format_refusal(refusal))
    except OperationalError:  # somebody else holds it for longer than may be waited
        return BulkOutcome(row.reference, row.title, None, _CASE_BUSY)
    return BulkOutcome(row.reference, row.title, seq)


def _undo_action(visit: RequestContext, one: SelectedCase) -> BulkOutcome:
    case = find_case_to_undo(visit.actor, one.reference)
    if case is None:
        found = find_desk_case(visit.actor, one.reference, visit.at)
        return BulkOutcome(
            one.reference, found.title if found else "", None, Conflict.message if found else _NOT_YOUR_CASE
        )
    try:
        commands.undo_action(case=case, seen=one.seen_seq, actor=visit.actor, at=visit.at)
    except Refusal as refusal:
        return BulkOutcome(one.reference, "", None, refusal.message)
    found = find_desk_case(visit.actor, one.reference, visit.at)
    return BulkOutcome(one.reference, found.title if found else "", None)


def _format_refusal(refusal: Refusal) -> BilingualText:
    """Return all errors as one text, as the report has no fields."""
    errors = refusal.errors if isinstance(refusal, InvalidInput) else ()
    if len(errors) < 2:
        return refusal.message
    said = list(dict.fromkeys(error.message for error in errors[1:]))
    return BilingualText(" ".join(words.ar for words in said), " ".join(words.en for words in said))


def _parse_selection(values: Iterable[str]) -> list[SelectedCase]:
    """Return the ticked cases, each once, at most one page; ignores invalid values."""
    picked: dict[str, SelectedCase] = {}
    for value in values:
        name, _colon, seen = value.partition(":")
        reference = parse_reference(name) if len(name) <= 40 else None
        if reference and seen.isascii() and seen.isdigit() and len(seen) < 9:
            picked.setdefault(reference, SelectedCase(reference, int(seen)))
    return list(picked.values())[:MAX_SELECTED]


def _render_form(
    request: HttpRequest,
    visit: RequestContext,
    bulk: BulkAction,
    picked: Sequence[SelectedCase],
    chosen: Sequence[Chosen],
    form: BulkForm | None,
    status: int = 200,
) -> HttpResponse:
    gone, typed = len(picked) - len(chosen), "" if form else _get_typed_text(request)
    context = {
        "visit": visit, "bulk": bulk, "picked": picked, "chosen": chosen, "form": form, "typed": typed,
        "number": format_count(len(chosen), CASE, visit.language),
        "gone": format_count(gone, CASE, visit.language) if gone else "",
        "waiting": _list_pending_replies(visit, chosen) if bulk.action.name == "approve" and form else (),
        **_get_return_link(request, visit),
    }  # fmt: skip
    return render(request, "desk/lists/bulk_action.html", context, status=status)


def _list_pending_replies(visit: RequestContext, chosen: Iterable[Chosen]) -> list[PendingReply]:
    cases = (find_desk_case(visit.actor, one.row.reference, visit.at) for one in chosen)
    return [PendingReply(case, judge_pending_reply(case, visit)) for case in cases if case]


def _render_report(
    request: HttpRequest,
    visit: RequestContext,
    outcomes: Sequence[BulkOutcome],
    bulk: BulkAction | None = None,
) -> HttpResponse:
    done = [one for one in outcomes if one.refusal is None]
    can_undo = bulk is not None and is_undoable(bulk.action) and any(one.seq for one in done)
    context = {
        "visit": visit, "bulk": bulk, "done": done, "not_done": [one for one in outcomes if one.refusal],
        "typed": _get_typed_text(request) if len(done) < len(outcomes) else "",
        "all": len(outcomes), "seconds": get_seconds_left(visit.at, visit.at) if can_undo else 0,
        **_get_return_link(request, visit),
    }  # fmt: skip
    return render(request, "desk/lists/bulk_report.html", context)


def _get_typed_text(request: HttpRequest) -> str:
    """Return the submitted texts, to show them again."""
    return "\n\n".join(filter(None, (request.POST.get(name, "") for name in ("reason", "text", "text_en"))))


def _get_return_link(request: HttpRequest, visit: RequestContext) -> Mapping[str, Any]:
    """Return the list from which the cases were selected."""
    sent: QueryDict = request.POST if request.method == "POST" else request.GET
    queues = list_own_queues(visit)
    queue = next((queue for queue in queues if queue.name == sent.get("from")), queues[0])
    return {"queue": queue, "back": f"{reverse('desk:list')}?queue={queue.name}", "back_title": queue.title}
