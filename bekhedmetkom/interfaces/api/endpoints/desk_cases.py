"""Cases for officers' own systems: the queues, one case, and every verb under `If-Match`."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query
from pydantic import ValidationError

from bekhedmetkom.cases import commands
from bekhedmetkom.cases.journal import CaseNotFound, Conflict
from bekhedmetkom.cases.queries import (
    ALL_CASES,
    DeskCase,
    QueueFilter,
    find_case_to_undo,
    find_desk_case,
    get_case_page,
    list_queues,
)
from bekhedmetkom.cases.rules.access import has_permission
from bekhedmetkom.cases.rules.actions import ACTIONS as POSSIBLE
from bekhedmetkom.cases.rules.transitions import NotPossibleNow
from bekhedmetkom.interfaces.access_control import audience
from bekhedmetkom.kernel.actor import CLOCK
from bekhedmetkom.kernel.errors import FieldError, InvalidInput, NotAllowed
from bekhedmetkom.kernel.references import parse_reference
from bekhedmetkom.kernel.text import BilingualText

from .. import problems, serialization
from ..api import api
from ..authentication import OFFICERS, Caller, parse_if_match
from ..case_actions import CASE_ACTIONS, CaseAction, build_command_arguments
from ..openapi import BODY_PROBLEMS, document_header, document_responses
from ..problems import Problem
from ..schemas.desk import CaseLeftOut, CaseListQuery, DeskCaseOut, RowsOut
from ..schemas.shared import RequestBody
from ..validation_messages import build_field_errors

_NO_CASE = BilingualText("لا طلب بهذا الرقم ضمن ما تراه.", "You have no case of this reference.")
IF_MATCH_HEADER = document_header("If-Match", 'The seq that you saw, such as "4"')
_AUTH_PROBLEMS = (problems.NOT_SIGNED_IN, problems.NOT_ALLOWED)


@api.get(
    "/desk/cases",
    url_name="desk-cases",
    tags=["desk"],
    auth=OFFICERS,
    **document_responses(
        "صفحة من قائمة، الأقرب موعدًا أولًا. والقائمة التي ليست للموظف فارغة.",
        RowsOut,
        *_AUTH_PROBLEMS,
        problems.INVALID_FIELDS,
    ),
)
@audience("officer")
def list_desk_cases(
    request: HttpRequest, response: HttpResponse, wanted: Query[CaseListQuery]
) -> dict[str, Any]:
    """One page of a queue, the nearest date first. A queue that is not the officer's is empty.

    `q` without a queue finds in all that the officer may read, closed too, the newest first: as the desk's search box.
    """
    caller = _get_caller(request)
    if not list_queues(caller.actor):
        raise Problem(problems.NOT_ALLOWED)
    filters = QueueFilter(**wanted.model_dump(exclude={"queue", "cursor", "limit"}))
    response.headers["Cache-Control"] = "no-store"
    queue = wanted.queue or (ALL_CASES if wanted.q.strip() else "mine")
    page = get_case_page(caller.actor, queue, caller.at, filters, wanted.cursor, wanted.limit)
    return {"items": [serialization.serialize_row(found) for found in page.items], "next": page.next}


@api.get(
    "/desk/cases/{reference}",
    url_name="desk-case",
    tags=["desk"],
    auth=OFFICERS,
    **document_responses(
        "الطلب بسجله وملاحظاته وما يستطيعه الموظف الآن. قيمة `ETag` هي ما تطلبه `If-Match`.",
        DeskCaseOut,
        *_AUTH_PROBLEMS,
        problems.NOT_FOUND,
    ),
)
@audience("officer")
def get_desk_case(request: HttpRequest, response: HttpResponse, reference: str) -> dict[str, Any]:
    """A case with its journal, its notes and what the officer can do; `ETag` is what `If-Match` wants."""
    caller = _get_caller(request)
    return _serialize_case(response, _get_case(caller, reference), caller)


@api.post(
    "/desk/cases/{reference}/undo",
    url_name="desk-undo",
    tags=["desk"],
    auth=OFFICERS,
    summary="undo",
    **document_responses(
        "التراجع خلال 10 ثوانٍ عن آخر خطوة للموظف نفسه. `If-Match` رقم تلك الخطوة.",
        DeskCaseOut,
        *_AUTH_PROBLEMS,
        problems.NOT_FOUND,
        problems.CHANGED_MEANWHILE,
        problems.NOT_POSSIBLE,
        problems.IF_MATCH_REQUIRED,
        problems.MALFORMED_REQUEST,
        problems.INVALID_FIELDS,
        headers=[IF_MATCH_HEADER],
    ),
)
@audience("officer")
def undo_last_action(request: HttpRequest, response: HttpResponse, reference: str) -> dict[str, Any]:
    """Take back one's own last act within ten seconds, also where it moved the case away; `If-Match` is its seq."""
    caller = _get_caller(request)
    known = parse_reference(reference)
    case = find_case_to_undo(caller.actor, known) if known else None
    case = case or _get_case(caller, reference).id
    try:
        commands.undo_action(case=case, seen=parse_if_match(request), actor=caller.actor, at=caller.at)
    except NotPossibleNow as refusal:
        found = find_desk_case(caller.actor, known or "", caller.at)
        raise Problem(
            problems.NOT_POSSIBLE, refusal.message, possible=found.can if found else []
        ) from refusal
    return _serialize_case(response, _get_case(caller, reference), caller)


def _register_action(name: str, verb: CaseAction) -> None:
    refusals = (
        *_AUTH_PROBLEMS,
        problems.NOT_FOUND,
        problems.CHANGED_MEANWHILE,
        problems.NOT_POSSIBLE,
        problems.IF_MATCH_REQUIRED,
    )
    wrong = (
        *(BODY_PROBLEMS if verb.body else (problems.MALFORMED_REQUEST, problems.INVALID_FIELDS)),
        *verb.problems,
    )
    api.post(
        f"/desk/cases/{{reference}}/{name}",
        url_name=f"desk-{name}",
        tags=["desk"],
        auth=OFFICERS,
        summary=name,
        description=verb.description.en,
        **document_responses(
            verb.description.ar,
            DeskCaseOut | CaseLeftOut,
            *refusals,
            *wrong,
            headers=[IF_MATCH_HEADER],
            takes=verb.body,
        ),
    )(_build_endpoint(name, verb))


def _build_endpoint(name: str, verb: CaseAction) -> Callable[..., dict[str, Any]]:
    """Whose it is, who may, what was seen, what is sent, and then the command: refused in this order."""
    permission, _events = POSSIBLE[name]

    @audience("officer")
    def act(request: HttpRequest, response: HttpResponse, reference: str) -> dict[str, Any]:
        caller = _get_caller(request)
        found = _get_case(caller, reference)
        if not has_permission(caller.actor, permission, found.standing):
            raise NotAllowed
        seen = parse_if_match(request)
        _check_seen(found, seen)
        fields = build_command_arguments(_parse_body(request, verb.body), found, caller.at)
        if verb.command is not commands.save_reply_draft:  # a draft changes nothing that anybody else sees
            fields["seen"] = seen
        try:
            seq = verb.command(case=found.id, actor=caller.actor, at=caller.at, **fields)
        except CaseNotFound as refusal:  # the one to merge into
            raise InvalidInput(FieldError("into", refusal.message)) from refusal
        except NotPossibleNow as refusal:
            can = _get_case(caller, reference).can
            raise Problem(problems.NOT_POSSIBLE, refusal.message, possible=can) from refusal
        return _serialize_after_action(response, caller, found, seq or found.seq)

    return act


def _get_caller(request: HttpRequest) -> Caller:
    assert hasattr(request, "auth")  # django-ninja has put it there: `auth=OFFICERS`
    caller: Caller = request.auth
    return caller


def _get_case(caller: Caller, reference: str) -> DeskCase:
    """The case, or 404: what is not one's own does not exist."""
    known = parse_reference(reference)
    found = find_desk_case(caller.actor, known, caller.at) if known else None
    if found is None:
        raise Problem(problems.NOT_FOUND, _NO_CASE)
    return found


def _check_seen(found: DeskCase, seen: int) -> None:
    """Stale before anything else is looked at; the journal asks once more under its lock."""
    changed = [entry.happened for entry in found.journal if entry.seq > seen and entry.actor != str(CLOCK)]
    if changed or seen > found.seq:
        raise Conflict(found.seq, changed[::-1])


def _parse_body(request: HttpRequest, model: type[RequestBody] | None) -> RequestBody | None:
    if model is None:
        return None
    if not request.body and not any(field.is_required() for field in model.model_fields.values()):
        given = {}
    else:
        try:
            given = api.parser.parse_body(request)
        except (ValueError, RecursionError) as error:
            raise Problem(problems.MALFORMED_REQUEST) from error
    try:
        return model.model_validate(given)
    except ValidationError as error:
        raise InvalidInput(*build_field_errors(error.errors())) from error


def _serialize_after_action(
    response: HttpResponse, caller: Caller, before: DeskCase, seq: int
) -> dict[str, Any]:
    """The case as it is now, or what is left of it for an officer who no longer has it."""
    after = find_desk_case(caller.actor, before.standing.reference, caller.at)
    if after is not None:
        return _serialize_case(response, after, caller)
    response.headers["ETag"] = f'"{seq}"'
    return {"reference": before.standing.reference, "seq": seq, "can": []}


def _serialize_case(response: HttpResponse, found: DeskCase, caller: Caller) -> dict[str, Any]:
    response.headers["ETag"] = f'"{found.seq}"'
    response.headers["Cache-Control"] = "no-store"
    return serialization.serialize_desk_case(found, caller.at)


for _name, _verb in CASE_ACTIONS.items():
    _register_action(_name, _verb)
