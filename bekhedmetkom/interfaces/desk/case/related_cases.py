"""Related cases: suggested destinations with reasons, the citizen's earlier cases, similar cases with their answers.

The case page loads them as a fragment; without JavaScript they are a page of their own.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from bekhedmetkom.cases.queries import (
    DeskCase,
    RelatedCase,
    describe_rule,
    is_unit_in_conflict,
    list_earlier_cases,
    list_similar_cases,
    propose_assignment,
)
from bekhedmetkom.cases.rules.states import WAITING_STATES
from bekhedmetkom.catalogue.queries import get_service
from bekhedmetkom.entities.queries import get_tree, get_units
from bekhedmetkom.interfaces.access_control import audience, officer_required
from bekhedmetkom.kernel.text import BilingualText
from bekhedmetkom.routing.queries import suggest_destinations

from ..request_context import RequestContext, get_case_or_404, get_context
from .action_panel import get_reply_action

MAX_SUGGESTIONS = 3


@dataclass(frozen=True, slots=True)
class SuggestedDestination:
    """A suggested destination: the action, its choice, and the reasons."""

    action: str
    choice: str
    name: BilingualText
    reasons: Sequence[str]


@audience("officer")
@officer_required
@never_cache
@require_safe
def show_related_cases(request: HttpRequest, reference: str) -> HttpResponse:
    visit = get_context(request)
    case = get_case_or_404(visit, reference)
    alike, before = list_similar_cases(visit.actor, case), list_earlier_cases(visit.actor, case)
    context = {
        "visit": visit, "case": case, "standing": case.standing,
        "suggested": list_suggestions(case, visit, alike), "earlier": before,
        "similar": [other for other in alike if other not in before],
        "replying": get_reply_action(case),
    }  # fmt: skip
    piece = "X-By-Itself" in request.headers
    return render(
        request, "desk/case/_related_cases.html" if piece else "desk/case/related_cases.html", context
    )


def list_suggestions(
    case: DeskCase, visit: RequestContext, alike: Sequence[RelatedCase]
) -> list[SuggestedDestination]:
    """Return the destinations of a waiting case: bodies while it is in triage, else units of its body."""
    if case.standing.state not in WAITING_STATES:
        return []
    if case.standing.triage:
        return _suggest_bodies(case, visit) if "classify" in case.can else []
    return _suggest_units(case, visit, alike) if "assign" in case.can else []


def _suggest_bodies(case: DeskCase, visit: RequestContext) -> list[SuggestedDestination]:
    found = []
    for guess in suggest_destinations(
        case.text, case.standing.kind, case.standing.governorate_id, MAX_SUGGESTIONS
    ):
        body = get_tree()[guess.entity]
        topic = get_service(guess.service) if guess.service else None
        said = [word for reason in guess.reasons for word in reason.matched_words]
        reasons = (
            [_("في النص: %(words)s") % {"words": _join_words(said, visit)}]
            if said
            else [_("أقرب ما في دليل الجهات إلى النص")]
        )
        if topic:
            reasons.append(_("من موضوعاتها: %(topic)s") % {"topic": topic.get_name(visit.language)})
        to = f"service:{topic.id}" if topic else f"entity:{body.id}"
        found.append(SuggestedDestination("classify", to, body.name, reasons))
    return found


def _suggest_units(
    case: DeskCase, visit: RequestContext, alike: Sequence[RelatedCase]
) -> list[SuggestedDestination]:
    """Suggest units, those of the distribution rules first; leaves out units that the case complains about."""
    here, reasons, chosen = case.standing.entity_id, dict[int, list[str]](), dict[int, str]()
    if ruled := propose_assignment(case.standing, visit.at):
        unit, rule = ruled.rule.unit, describe_rule(ruled.rule).in_language(visit.language)
        reasons[unit] = [_("بحسب قواعد الجهة: %(rule)s") % {"rule": rule}]
        if ruled.officer:
            chosen[unit] = f"officer:{ruled.officer}"
    had = Counter(other.unit_id for other in alike if other.unit_id and other.answer)
    for unit, number in had.most_common():
        said = ngettext("أجاب عن طلب مشابه", "أجاب عن %(n)s طلبات مشابهة", number) % {"n": number}
        reasons.setdefault(unit, []).append(said)
    names = get_units()
    theirs = [
        SuggestedDestination("assign", chosen.get(key, f"unit:{key}"), names[key].name, why)
        for key, why in reasons.items()
        if key in names
        and names[key].entity == here
        and not is_unit_in_conflict(key, case.standing, visit.at)
    ]
    return theirs[:MAX_SUGGESTIONS]


def _join_words(words: Sequence[str], visit: RequestContext) -> str:
    return ("، " if visit.language == "ar" else ", ").join(words)
