"""The case page, its actions, presence and the print page. GET on an action shows its form, POST submits it."""

from functools import partial
from secrets import token_urlsafe
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bekhedmetkom.cases import commands
from bekhedmetkom.cases.commands import DraftConflict, is_already_sent, perform_once, record_presence
from bekhedmetkom.cases.commands import mark_case_seen as looked
from bekhedmetkom.cases.journal import CaseNotFound, Conflict
from bekhedmetkom.cases.queries import DeskCase, find_desk_case, has_work_since
from bekhedmetkom.cases.rules.access import has_permission
from bekhedmetkom.cases.rules.actions import can_decide_appeal, get_required_permission
from bekhedmetkom.cases.rules.drafts import get_draft_place
from bekhedmetkom.cases.rules.transitions import NotPossibleNow
from bekhedmetkom.catalogue.rules import KIND_LABELS
from bekhedmetkom.interfaces.access_control import audience, officer_required
from bekhedmetkom.interfaces.ui.uploads import REMOVED_FILES_FIELD, UPLOADS_FIELD, receive_uploads
from bekhedmetkom.kernel.errors import InvalidInput, NotAllowed, Refusal
from bekhedmetkom.notifications.commands import mark_case_seen

from ..lists.queues import list_own_queues
from ..request_context import RequestContext, get_case_or_404, get_case_state_or_404, get_context
from .action_forms import ActionForm
from .action_panel import (
    ActionPanel,
    build_action_bar,
    build_next_panel,
    build_panel,
    get_reply,
    get_reply_action,
    list_shortcuts,
    resolve_action,
)
from .actions import ACTIONS, Action
from .deadline import get_deadline, get_next_event
from .drafts import (
    compare_texts,
    compare_with_draft,
    compare_with_others,
    merge_texts,
    parse_number,
    serialize_form,
)
from .reply_forms import ReplyForm
from .timeline import build_timeline, get_system_entry, list_entries_since
from .undo import add_success_message

ALREADY_RECEIVED = _("كان قد وصل من المرة الأولى، ولم يتكرر.")
JSON_MEDIA_TYPE = "application/json"
RETURN_PAGES = {
    "needs": "desk:needs",
    "dashboard": "dashboard:board",
}  # pages that have a verb's form beside a case


@audience("officer")
@officer_required
@never_cache
@require_safe
def show_case(request: HttpRequest, reference: str) -> HttpResponse:
    """Show the case with the officer's next step."""
    visit = get_context(request)
    found = get_case_or_404(visit, reference)
    if found.looked is not None and found.looked < found.seq:
        looked(case=found.id, seen=found.seq, actor=visit.actor)
    mark_case_seen(actor=visit.actor, at=visit.at, case=found.id)
    return _render_case(request, visit, found, build_next_panel(found, visit))


@audience("officer")
@officer_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def handle_action(request: HttpRequest, reference: str, verb: str) -> HttpResponse:
    """Show an action's form, or submit it."""
    visit = get_context(request)
    chosen = ACTIONS.get(verb)
    if chosen is None:
        raise Http404
    if request.method == "POST":
        try:
            return _perform_action(request, visit, get_case_or_404(visit, reference), chosen)
        except Http404:
            return _render_not_found(request, visit)
    found = get_case_or_404(visit, reference)
    chosen = resolve_action(found, chosen)
    if refusal := _get_refusal(visit, found, chosen):
        return _render_refusal(request, visit, found, refusal)
    panel = build_panel(found, visit, chosen)
    panel.opened_by_officer = True
    if panel.form:
        panel.form.preselect(request.GET.get("to", ""))
        panel.form.focus_first_field()
    return _render_case(request, visit, found, panel)


def _perform_action(
    request: HttpRequest, visit: RequestContext, case: DeskCase, verb: Action
) -> HttpResponse:
    data, not_taken = _receive_files(request, visit)
    if panel := _handle_form_button(data, visit, case, verb):
        return _render_case(request, visit, case, panel)
    form = verb.form(data, case=case, visit=visit)
    for sentence in not_taken:
        form.add_error(UPLOADS_FIELD, sentence)
    if REMOVED_FILES_FIELD in data or not form.is_valid():
        return _render_case(request, visit, case, build_panel(case, visit, verb, form), status=422)
    acted: list[int | None] = []  # empty where this very form had been sent before
    act = partial(verb.command, case=case.id, actor=visit.actor, at=visit.at, **form.get_command_arguments())
    try:
        perform_once(
            case=case.id, actor=visit.actor, at=visit.at, verb=verb.name, form=serialize_form(data),
            act=lambda: acted.append(act()),
        )  # fmt: skip
    except InvalidInput as invalid:
        form.add_refusal(invalid)
        return _render_case(request, visit, case, build_panel(case, visit, verb, form), status=422)
    except CaseNotFound as unknown:  # the other case, which a form named
        form.add_refusal_error("into", unknown.message)
        return _render_case(request, visit, case, build_panel(case, visit, verb, form), status=422)
    except DraftConflict:
        panel = _build_comparison_panel(data, visit, case, verb)
        return _render_case(request, visit, case, panel, status=409)
    except (Conflict, NotPossibleNow, NotAllowed) as refusal:
        return _render_rejected_action(request, visit, case, verb, refusal, form)
    if acted:
        add_success_message(request, visit, verb, case.standing.reference, acted[0])
    else:
        messages.success(request, f"{verb.success_message} {ALREADY_RECEIVED}")
    gone = verb.leaves_case and find_desk_case(visit.actor, case.standing.reference, visit.at) is None
    if (back := request.POST.get("back", "")) in RETURN_PAGES:
        return redirect(RETURN_PAGES[back])
    return _redirect(
        request, reverse("desk:list") if gone else reverse("desk:case", args=[case.standing.reference])
    )


def _redirect(request: HttpRequest, page: str) -> HttpResponse:
    """Redirect the officer, or answer a script's request with the address as JSON."""
    return JsonResponse({"to": page}) if request.headers.get("Accept") == JSON_MEDIA_TYPE else redirect(page)


def _handle_form_button(
    data: QueryDict, visit: RequestContext, case: DeskCase, verb: Action
) -> ActionPanel | None:
    """Return the panel for a button that does not submit the form (template, check, compare, merge); else `None`."""
    asked = {"use", "check", "compare", "merge"} & data.keys()
    if not asked:
        return None
    if asked & {"compare", "merge"}:
        return _build_comparison_panel(data, visit, case, verb)
    form = verb.form(case=case, visit=visit)
    if isinstance(form, ReplyForm) and "begin" in data:
        form.load_draft(get_draft_place(verb.name))
        form.apply_existing_answer(data)
    elif isinstance(form, ReplyForm) and "use" in asked:
        form.apply_template(data)
    else:
        form.keep_typed_values(data)
    return build_panel(case, visit, verb, form)


def _build_comparison_panel(
    data: QueryDict, visit: RequestContext, case: DeskCase, verb: Action
) -> ActionPanel:
    """Compare the typed text with the other one, or merge both. Compares again if the draft changed meanwhile."""
    form = verb.form(case=case, visit=visit)
    form.keep_typed_values(data)
    mine, merged, other = data.get(form.get_text_field(), ""), "merge" in data, data.get("other", "")
    if draft := case.drafts.get(get_draft_place(verb.name)):
        form.initial["version"] = draft.version
    unchanged = mine.strip() == data.get("compared", "").strip()
    if merged and unchanged:
        form.initial[form.get_text_field()] = merge_texts(data)
    panel = build_panel(case, visit, verb, form)
    panel.is_merged = merged and unchanged
    if not panel.is_merged:
        panel.comparison = (
            compare_texts(mine, other, visit) if merged else compare_with_draft(case, verb.name, mine)
        )
    return panel


def _receive_files(request: HttpRequest, visit: RequestContext) -> tuple[QueryDict, list[str]]:
    """Return the form's data with the ids of its uploads, and an error for each file that was refused."""
    if UPLOADS_FIELD not in request.POST:
        return request.POST, []
    ids, not_taken = receive_uploads(request, visit.at)
    data = request.POST.copy()
    data[UPLOADS_FIELD] = ids
    return data, not_taken


def _render_rejected_action(
    request: HttpRequest,
    visit: RequestContext,
    before: DeskCase,
    verb: Action,
    refusal: Refusal,
    sent: ActionForm,
) -> HttpResponse:
    """Show the current case, the reason for the refusal, the possible actions and the typed text; 409 or 403."""
    case = get_case_or_404(visit, before.standing.reference)
    seen = sent.cleaned_data["seen"]
    assert isinstance(sent.data, QueryDict)
    form = verb.form(sent.data, case=case, visit=visit)
    form.rebind_to_current(get_draft_place(verb.name))
    still = verb.name in case.can
    panel = build_panel(case, visit, verb, form) if still else build_next_panel(case, visit)
    panel.typed_text = "" if still else form.get_typed_text()
    panel.comparison = (
        compare_with_others(case, seen, verb.name, form.get_typed_text()) if form.get_typed_text() else None
    )
    if isinstance(refusal, Conflict):
        panel.changes_since = list_entries_since(case, seen)
        panel.refusal = None if still and panel.changes_since else refusal.message
    else:
        panel.refusal = refusal.message
    panel.possible_actions = [ACTIONS[name] for name in case.can if name in ACTIONS] if panel.refusal else []
    return _render_case(request, visit, case, panel, status=403 if isinstance(refusal, NotAllowed) else 409)


def _render_not_found(request: HttpRequest, visit: RequestContext) -> HttpResponse:
    """Show the typed text to an officer who may not see the case any more, or never could; 404.

    If this very form had moved the case away, redirect to the list instead.
    """
    if is_already_sent(visit.actor, serialize_form(request.POST)):
        messages.success(request, str(ALREADY_RECEIVED))
        return _redirect(request, reverse("desk:list"))
    typed = "\n\n".join(filter(None, (request.POST.get(name, "") for name in ("text", "reason"))))
    return render(request, "desk/case/not_found.html", {"visit": visit, "typed": typed}, status=404)


def _get_refusal(visit: RequestContext, case: DeskCase, verb: Action) -> Refusal | None:
    """Return why the action's form is not shown; `None` if it is."""
    if verb.name in case.can:
        return None
    theirs = has_permission(visit.actor, get_required_permission(verb.name, case.standing), case.standing)
    if verb.name == "decide":  # while there is a reviewer nobody else's
        theirs = theirs and can_decide_appeal(visit.actor, case.standing)
    return NotPossibleNow(case.standing.state) if theirs else NotAllowed()


def _render_refusal(
    request: HttpRequest, visit: RequestContext, case: DeskCase, refusal: Refusal
) -> HttpResponse:
    panel = build_next_panel(case, visit)
    panel.refusal = refusal.message
    panel.possible_actions = [ACTIONS[name] for name in case.can if name in ACTIONS]
    return _render_case(request, visit, case, panel, status=403 if isinstance(refusal, NotAllowed) else 409)


def _render_case(
    request: HttpRequest, visit: RequestContext, case: DeskCase, panel: ActionPanel, status: int = 200
) -> HttpResponse:
    shown, more = build_action_bar(case, panel)
    came_from = next(
        (q for q in list_own_queues(visit) if q.name == request.GET.get("from")), list_own_queues(visit)[0]
    )
    context: dict[str, Any] = {
        "visit": visit,
        "case": case,
        "standing": case.standing,
        "panel": panel,
        "acting": panel.action,
        "here": reverse("desk:case", args=[case.standing.reference]),
        "bar": shown,
        "more": more,
        "key_list": list_shortcuts(case),
        "in_place_of": case.officer if case.standing.officer_id in visit.actor.absent_colleagues else None,
        "followed": case.looked is not None,
        "lines": build_timeline(case),
        "reply": get_reply(case),
        "system": get_system_entry(case),
        "replying": get_reply_action(case),
        "clock": get_deadline(case, visit),
        "coming": get_next_event(case, visit),
        "note": case.drafts.get("note"),
        "note_key": token_urlsafe(12),
        "back": f"{reverse('desk:list')}?queue={came_from.name}",
        "back_title": came_from.title,
    }
    return render(request, "desk/case/case.html", context, status=status)


@audience("officer")
@officer_required
@never_cache
@require_POST
def show_presence(request: HttpRequest, reference: str) -> HttpResponse:
    """Return a fragment: who else writes or reads, and whether the case changed since the page was drawn."""
    visit = get_context(request)
    case, standing = get_case_state_or_404(visit, reference)
    others = record_presence(
        case=case,
        standing=standing,
        actor=visit.actor,
        at=visit.at,
        writing=request.POST.get("writing") == "1",
    )
    seen = parse_number(request.POST.get("seen", ""))
    context = {
        "writing": [other.name for other in others if other.writing],
        "reading": [other.name for other in others if not other.writing],
        "moved": seen < standing.seq and has_work_since(case, seen), "reference": standing.reference,
    }  # fmt: skip
    return render(request, "desk/case/_presence.html", context)


@audience("officer")
@officer_required
@require_http_methods(["GET", "HEAD", "POST"])
def print_case(request: HttpRequest, reference: str) -> HttpResponse:
    """Show the case for printing. POST records the access and includes the name, unless the identity is withheld."""
    visit = get_context(request)
    case = get_case_or_404(visit, reference)
    refused, status = "", 200
    named = request.method == "POST"
    if named:
        try:
            commands.record_printed_case(case=case.id, actor=visit.actor, at=visit.at)
            case = get_case_or_404(visit, reference)
        except Refusal as refusal:
            named, refused, status = False, refusal.message.in_language(get_language() or "ar"), 409
    context = {
        "visit": visit, "case": case, "standing": case.standing, "kind": KIND_LABELS[case.standing.kind],
        "named": named, "refused": refused, "lines": build_timeline(case), "reply": get_reply(case),
    }  # fmt: skip
    page = render(request, "desk/case/print.html", context, status=status)
    page["Cache-Control"] = "private, no-store"
    return page
