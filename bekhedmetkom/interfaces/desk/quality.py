"""What is good and what is missing in a reply, shown while it is written and to whoever approves it."""

from collections.abc import Mapping

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from bekhedmetkom.cases.queries import DeskCase, reply_quality
from bekhedmetkom.cases.rules.quality import Code, Judgement
from bekhedmetkom.cases.rules.reply import Parts, composed
from bekhedmetkom.catalogue.rules import Disposition
from bekhedmetkom.interfaces.actor import officer_required
from bekhedmetkom.interfaces.audience import audience

from .fields import LONGEST_REPLY
from .reading import read
from .visit import RequestContext, get_context


@audience("officer")
@officer_required
@never_cache
@require_POST
def check(request: HttpRequest, reference: str) -> HttpResponse:
    """A piece of the page about the text that is sent; nothing is kept."""
    visit = get_context(request)
    case = read(visit, reference)
    if not {"draft", "submit", "answer"} & set(case.can):
        raise PermissionDenied
    quality = written(case, visit, {name: request.POST.get(name) for name in JUDGED})
    return render(request, "desk/_quality.html", {"quality": quality})


JUDGED = ("text", "disposition", "unit", "on", "objection")  # what the form of a reply says, by field


def written(case: DeskCase, visit: RequestContext, typed: Mapping[str, object]) -> Judgement | None:
    """Of what this officer has written so far; nothing where that is nothing."""
    text, objection = (str(typed[name] or "")[:LONGEST_REPLY] for name in ("text", "objection"))
    if not text.strip():
        return None
    chosen = next((one for one in case.dispositions if one == typed["disposition"]), None)
    given = {code for name, code in (("unit", Code.UNIT), ("on", Code.WHEN)) if typed[name]}
    text = composed(Parts(text, objection=objection), case.standing.language)
    return _judged(case, visit, visit.actor.officer_id, text, chosen, frozenset(given))


def waiting(case: DeskCase, visit: RequestContext) -> Judgement | None:
    """Of the reply that waits for approval; abuse is confirmed, whatever its words."""
    outcome = case.standing.disposition
    if not case.reply or outcome is Disposition.ABUSE:
        return None
    return _judged(case, visit, case.standing.drafted_by_id, case.reply, outcome)


def _judged(
    case: DeskCase,
    visit: RequestContext,
    writer: int | None,
    text: str,
    outcome: Disposition | None,
    given: frozenset[Code] = frozenset(),
) -> Judgement:
    return reply_quality(
        case=case.id, standing=case.standing, writer=writer, at=visit.at, text=text, disposition=outcome,
        given=given,
    )  # fmt: skip
