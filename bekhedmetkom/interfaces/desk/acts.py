"""One case, and everything that is done to it. Each verb has one address: GET shows its form, POST does it."""

from functools import partial
from secrets import token_urlsafe
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from bekhedmetkom.cases.commands import DraftMoved, looked, once, sent_before
from bekhedmetkom.cases.journal import Conflict, NoSuchCase
from bekhedmetkom.cases.queries import DeskCase, desk_case
from bekhedmetkom.cases.rules.access import may
from bekhedmetkom.cases.rules.drafts import place_of
from bekhedmetkom.cases.rules.states import NotPossibleNow
from bekhedmetkom.cases.rules.verbs import decides, permission_for
from bekhedmetkom.interfaces.actor import officer_required
from bekhedmetkom.interfaces.audience import audience
from bekhedmetkom.interfaces.look.uploads import DROP, FIELD, taken_in
from bekhedmetkom.kernel.errors import InvalidInput, NotAllowed, Refusal
from bekhedmetkom.messages.commands import see_case

from .clock import clock_of, coming_of
from .drafts import beside, beside_kept, beside_others, form_sent, put_together
from .forms import VerbForm
from .journal import lines, since, system_said
from .panels import Panel, bar, keys, meant, next_panel, panel_of, reply_of, replying_verb
from .queues import own_queues
from .reading import read
from .replies import Reply
from .undoing import done
from .verbs import VERBS, Verb
from .visit import RequestContext, get_context

ARRIVED = _("كان قد وصل من المرة الأولى، ولم يتكرر.")
BY_SCRIPT = "application/json"
BACK = {"needs": "desk:needs", "dashboard": "dashboard:board"}  # pages that have a verb's form beside a case


@audience("officer")
@officer_required
@never_cache
@require_safe
def case(request: HttpRequest, reference: str) -> HttpResponse:
    """The case, with what there is to do next."""
    visit = get_context(request)
    found = read(visit, reference)
    if found.looked is not None and found.looked < found.seq:
        looked(case=found.id, seen=found.seq, actor=visit.actor)
    see_case(actor=visit.actor, at=visit.at, case=found.id)
    return _page(request, visit, found, next_panel(found, visit))


@audience("officer")
@officer_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, reference: str, verb: str) -> HttpResponse:
    """One verb: its form, or doing it."""
    visit = get_context(request)
    chosen = VERBS.get(verb)
    if chosen is None:
        raise Http404
    if request.method == "POST":
        try:
            return _do(request, visit, read(visit, reference), chosen)
        except Http404:
            return _gone(request, visit)
    found = read(visit, reference)
    chosen = meant(found, chosen)
    if refusal := _refusal(visit, found, chosen):
        return _refused(request, visit, found, refusal)
    panel = panel_of(found, visit, chosen)
    panel.asked = True
    if panel.form:
        panel.form.choose(request.GET.get("to", ""))
        panel.form.begin_typing()
    return _page(request, visit, found, panel)


def _do(request: HttpRequest, visit: RequestContext, case: DeskCase, verb: Verb) -> HttpResponse:
    data, not_taken = _with_files(request, visit)
    if panel := _asked_of_the_form(data, visit, case, verb):
        return _page(request, visit, case, panel)
    form = verb.form(data, case=case, visit=visit)
    for sentence in not_taken:
        form.add_error(FIELD, sentence)
    if DROP in data or not form.is_valid():
        return _page(request, visit, case, panel_of(case, visit, verb, form), status=422)
    acted: list[int | None] = []  # empty where this very form had been sent before
    act = partial(verb.command, case=case.id, actor=visit.actor, at=visit.at, **form.facts())
    try:
        once(
            case=case.id, actor=visit.actor, at=visit.at, verb=verb.name, form=form_sent(data),
            act=lambda: acted.append(act()),
        )  # fmt: skip
    except InvalidInput as invalid:
        form.refuse(invalid)
        return _page(request, visit, case, panel_of(case, visit, verb, form), status=422)
    except NoSuchCase as unknown:  # the other case, which a form named
        form.refuse_field("into", unknown.words)
        return _page(request, visit, case, panel_of(case, visit, verb, form), status=422)
    except DraftMoved:
        panel = _compared(data, visit, case, verb)
        return _page(request, visit, case, panel, status=409)
    except (Conflict, NotPossibleNow, NotAllowed) as refusal:
        return _came_back(request, visit, case, verb, refusal, form)
    if acted:
        done(request, visit, verb, case.standing.reference, acted[0])
    else:
        messages.success(request, f"{verb.done} {ARRIVED}")
    gone = verb.leaves and desk_case(visit.actor, case.standing.reference, visit.at) is None
    if (back := request.POST.get("back", "")) in BACK:
        return redirect(BACK[back])
    return _on_to(
        request, reverse("desk:list") if gone else reverse("desk:case", args=[case.standing.reference])
    )


def _on_to(request: HttpRequest, page: str) -> HttpResponse:
    """Where the officer goes on; the page's script, which sends and waits for an answer, is told and goes there."""
    return JsonResponse({"to": page}) if request.headers.get("Accept") == BY_SCRIPT else redirect(page)


def _asked_of_the_form(data: QueryDict, visit: RequestContext, case: DeskCase, verb: Verb) -> Panel | None:
    """What some buttons of a form want without sending it; nothing of it is demanded yet."""
    asked = {"use", "check", "compare", "merge"} & data.keys()
    if not asked:
        return None
    if asked & {"compare", "merge"}:
        return _compared(data, visit, case, verb)
    form = verb.form(case=case, visit=visit)
    if isinstance(form, Reply) and "begin" in data:
        form.take_up(place_of(verb.name))
        form.begin_with_answer(data)
    elif isinstance(form, Reply) and "use" in asked:
        form.begin_with(data)
    else:
        form.keep(data)
    return panel_of(case, visit, verb, form)


def _compared(data: QueryDict, visit: RequestContext, case: DeskCase, verb: Verb) -> Panel:
    """One's own text beside the other, or the one that was put together of both. What changed meanwhile asks again."""
    form = verb.form(case=case, visit=visit)
    form.keep(data)
    mine, merged, other = data.get(form.words(), ""), "merge" in data, data.get("other", "")
    if draft := case.drafts.get(place_of(verb.name)):
        form.initial["version"] = draft.version
    unchanged = mine.strip() == data.get("compared", "").strip()
    if merged and unchanged:
        form.initial[form.words()] = put_together(data)
    panel = panel_of(case, visit, verb, form)
    panel.merged = merged and unchanged
    if not panel.merged:
        panel.compared = beside(mine, other, visit) if merged else beside_kept(case, verb.name, mine)
    return panel


def _with_files(request: HttpRequest, visit: RequestContext) -> tuple[QueryDict, list[str]]:
    """What was typed, with the ids of the files that came along; and a sentence for each that was not taken."""
    if FIELD not in request.POST:
        return request.POST, []
    ids, not_taken = taken_in(request, visit.at)
    data = request.POST.copy()
    data[FIELD] = ids
    return data, not_taken


def _came_back(
    request: HttpRequest,
    visit: RequestContext,
    before: DeskCase,
    verb: Verb,
    refusal: Refusal,
    sent: VerbForm,
) -> HttpResponse:
    """It did not go through. The page shows the case as it is now, why, what is possible, and all that was typed."""
    case = read(visit, before.standing.reference)
    seen = sent.cleaned_data["seen"]
    assert isinstance(sent.data, QueryDict)
    form = verb.form(sent.data, case=case, visit=visit)
    form.look_again(place_of(verb.name))
    still = verb.name in case.can
    panel = panel_of(case, visit, verb, form) if still else next_panel(case, visit)
    panel.typed = "" if still else form.typed()
    panel.compared = beside_others(case, seen, verb.name, form.typed()) if form.typed() else None
    if isinstance(refusal, Conflict):
        panel.stale = since(case, seen)
        panel.refused = None if still and panel.stale else refusal.words
    else:
        panel.refused = refusal.words
    panel.possible = [VERBS[name] for name in case.can if name in VERBS] if panel.refused else []
    return _page(request, visit, case, panel, status=403 if isinstance(refusal, NotAllowed) else 409)


def _gone(request: HttpRequest, visit: RequestContext) -> HttpResponse:
    """Perhaps it was theirs a moment ago, perhaps it never was: the same page, with all that they typed.

    Unless it was this very form that gave the case away.
    """
    if sent_before(visit.actor, form_sent(request.POST)):
        messages.success(request, str(ARRIVED))
        return _on_to(request, reverse("desk:list"))
    typed = "\n\n".join(filter(None, (request.POST.get(name, "") for name in ("text", "reason"))))
    return render(request, "desk/gone.html", {"visit": visit, "typed": typed}, status=404)


def _refusal(visit: RequestContext, case: DeskCase, verb: Verb) -> Refusal | None:
    """Why this verb's form is not shown, where it is not."""
    if verb.name in case.can:
        return None
    theirs = may(visit.actor, permission_for(verb.name, case.standing), case.standing)
    if verb.name == "decide":  # while there is a reviewer nobody else's
        theirs = theirs and decides(visit.actor, case.standing)
    return NotPossibleNow(case.standing.state) if theirs else NotAllowed()


def _refused(request: HttpRequest, visit: RequestContext, case: DeskCase, refusal: Refusal) -> HttpResponse:
    panel = next_panel(case, visit)
    panel.refused = refusal.words
    panel.possible = [VERBS[name] for name in case.can if name in VERBS]
    return _page(request, visit, case, panel, status=403 if isinstance(refusal, NotAllowed) else 409)


def _page(
    request: HttpRequest, visit: RequestContext, case: DeskCase, panel: Panel, status: int = 200
) -> HttpResponse:
    shown, more = bar(case, panel)
    came_from = next(
        (q for q in own_queues(visit) if q.name == request.GET.get("from")), own_queues(visit)[0]
    )
    context: dict[str, Any] = {
        "visit": visit, "case": case, "standing": case.standing, "panel": panel, "acting": panel.verb,
        "here": reverse("desk:case", args=[case.standing.reference]),
        "bar": shown, "more": more, "key_list": keys(case),
        "in_place_of": case.officer if case.standing.officer_id in visit.actor.stands_for else None,
        "followed": case.looked is not None,
        "lines": lines(case), "reply": reply_of(case), "system": system_said(case), "replying": replying_verb(case),
        "clock": clock_of(case, visit), "coming": coming_of(case, visit), "note": case.drafts.get("note"),
        "note_key": token_urlsafe(12),
        "back": f"{reverse('desk:list')}?queue={came_from.name}", "back_title": came_from.title,
    }  # fmt: skip
    return render(request, "desk/case.html", context, status=status)
