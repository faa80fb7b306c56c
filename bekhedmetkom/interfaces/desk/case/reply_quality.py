"""Quality of a reply: shown while it is written, and to its approver."""

from collections.abc import Mapping

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from bekhedmetkom.cases.queries import DeskCase, judge_case_reply
from bekhedmetkom.cases.rules.quality import FindingCode, Judgement
from bekhedmetkom.cases.rules.reply_parts import ReplyParts, compose_reply
from bekhedmetkom.catalogue.rules import Disposition
from bekhedmetkom.interfaces.access_control import audience, officer_required

from ..fields import MAX_REPLY_LENGTH
from ..request_context import RequestContext, get_case_or_404, get_context


@audience("officer")
@officer_required
@never_cache
@require_POST
def check_quality(request: HttpRequest, reference: str) -> HttpResponse:
    """Return the quality fragment of the submitted text. Stores nothing."""
    visit = get_context(request)
    case = get_case_or_404(visit, reference)
    if not {"draft", "submit", "answer"} & set(case.can):
        raise PermissionDenied
    quality = judge_typed_reply(case, visit, {name: request.POST.get(name) for name in JUDGED_FIELDS})
    return render(request, "desk/case/_reply_quality.html", {"quality": quality})


JUDGED_FIELDS = ("text", "disposition", "unit", "on", "objection")  # what the form of a reply says, by field


def judge_typed_reply(case: DeskCase, visit: RequestContext, typed: Mapping[str, object]) -> Judgement | None:
    """Return the quality of the text so far; `None` for an empty text."""
    text, objection = (str(typed[name] or "")[:MAX_REPLY_LENGTH] for name in ("text", "objection"))
    if not text.strip():
        return None
    chosen = next((one for one in case.dispositions if one == typed["disposition"]), None)
    given = {code for name, code in (("unit", FindingCode.UNIT), ("on", FindingCode.WHEN)) if typed[name]}
    text = compose_reply(ReplyParts(text, objection=objection), case.standing.language)
    return _judge(case, visit, visit.actor.officer_id, text, chosen, frozenset(given))


def judge_pending_reply(case: DeskCase, visit: RequestContext) -> Judgement | None:
    """Return the quality of the reply that waits for approval; `None` for a finding of abuse."""
    outcome = case.standing.disposition
    if not case.reply or outcome is Disposition.ABUSE:
        return None
    return _judge(case, visit, case.standing.drafted_by_id, case.reply, outcome)


def _judge(
    case: DeskCase,
    visit: RequestContext,
    writer: int | None,
    text: str,
    outcome: Disposition | None,
    given: frozenset[FindingCode] = frozenset(),
) -> Judgement:
    return judge_case_reply(
        case=case.id, standing=case.standing, writer=writer, at=visit.at, text=text, disposition=outcome,
        given=given,
    )  # fmt: skip
