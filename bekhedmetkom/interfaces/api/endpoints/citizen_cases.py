"""Bringing a case, and following it with its access code."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import orjson
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from bekhedmetkom.cases import commands
from bekhedmetkom.cases.commands import Submission, SubmissionResult
from bekhedmetkom.cases.queries import get_case_for_citizen
from bekhedmetkom.cases.rules.applicant import parse_applicant
from bekhedmetkom.cases.rules.transitions import NotPossibleNow
from bekhedmetkom.identity import rate_limit
from bekhedmetkom.interfaces.access_control import audience
from bekhedmetkom.interfaces.request_headers import get_client_address, get_header
from bekhedmetkom.kernel import clock
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.errors import FieldError, InvalidInput
from bekhedmetkom.kernel.references import format_access_code
from bekhedmetkom.kernel.text import BilingualText
from bekhedmetkom.notifications.commands import subscribe_device as subscribe_device
from bekhedmetkom.notifications.vapid_key import get_vapid_public_key

from .. import problems, serialization
from ..api import api
from ..authentication import (
    get_idempotency_owner,
    identify_client,
    open_case_by_access_code,
    parse_if_match,
)
from ..exception_handlers import PROOF_HEADER
from ..openapi import BODY_PROBLEMS, document_header, document_responses
from ..problems import Problem
from ..schemas.case import (
    AppealIn,
    AttachmentsIn,
    CaseCreatedOut,
    CaseIn,
    CitizenCaseOut,
    MessageIn,
    PushIn,
    PushKeyOut,
    RatingIn,
)
from .directory import DANGER_WARNING

CHANNEL = "api"
_IDEMPOTENCY_KEY = re.compile(r"[\x21-\x7e]{16,255}")
_INVALID_IDEMPOTENCY_KEY = BilingualText(
    "مفتاح الإرسال من 16 إلى 255 رمزًا من ASCII بلا فراغات.",
    "An idempotency key has 16 to 255 characters of ASCII, no spaces.",
)

# Where a field that a command or a reader names stands in the body of a new case.
_FIELD_PATHS = {
    "name": "applicant.name", "phone": "applicant.phone", "email": "applicant.email",
    "national_number": "applicant.national_number", "passport": "applicant.passport",
    "for_name": "on_behalf_of.name", "for_relation": "on_behalf_of.relation",
    "about_employee": "about.employee", "about_unit": "about.unit",
}  # fmt: skip

_ACCESS_CODE_HEADER = document_header("X-Access-Code", "The case's access code, as it was shown once")
_IF_MATCH_HEADER = document_header(
    "If-Match", 'The seq that you saw, such as "4"; without it the case is taken as it is', required=False
)


@api.post(
    "/cases",
    url_name="submit",
    tags=["cases"],
    **document_responses(
        "إرسال طلب. المفتاح نفسه والمحتوى نفسه يعيدان الجواب نفسه، مع `Idempotent-Replay: true`.",
        CaseCreatedOut,
        problems.IDEMPOTENCY_KEY_REQUIRED,
        problems.NOT_SIGNED_IN,
        problems.STILL_UNDER_WAY,
        *BODY_PROBLEMS,
        problems.USE_CONFIDENTIAL_CHANNEL,
        problems.IDEMPOTENCY_KEY_REUSED,
        problems.PROOF_NEEDED,
        problems.TOO_MANY_REQUESTS,
        status=201,
        headers=[
            document_header(
                "Idempotency-Key",
                "16 to 255 characters, drawn at random for each new case; kept for 24 hours, and yours: a "
                "program's, or without one your address's",
            ),
            document_header(PROOF_HEADER, "The solved challenge of a 429", required=False),
            document_header(
                "Authorization", "`Bearer KEY` of a registered program; nobody needs one", required=False
            ),
        ],
    ),
)
@audience("public")
def submit_case(request: HttpRequest, payload: CaseIn) -> HttpResponse:
    """Bring a case. The same key and body again give the same answer, with `Idempotent-Replay: true`."""
    key = _parse_idempotency_key(request)
    at = clock.now()
    program = identify_client(request, at)
    address = "" if program else get_client_address(request)
    if program is None:
        rate_limit.count_submission(
            address=address, key=key, at=at, proof=get_header(request, PROOF_HEADER) or ""
        )
    try:
        taken = commands.submit_case(
            submission=_build_submission(payload),
            channel=CHANNEL,
            client=get_idempotency_owner(program, address),
            key=key,
            actor=program or Actor.citizen(""),
            at=at,
        )
    except InvalidInput as refusal:
        raise _map_field_paths(refusal) from refusal
    return _build_created_response(taken)


def _parse_idempotency_key(request: HttpRequest) -> str:
    key = get_header(request, "Idempotency-Key")
    if key is None:
        raise Problem(problems.IDEMPOTENCY_KEY_REQUIRED)
    if not _IDEMPOTENCY_KEY.fullmatch(key):
        raise InvalidInput(FieldError("Idempotency-Key", _INVALID_IDEMPOTENCY_KEY))
    return key


def _build_submission(payload: CaseIn) -> Submission:
    applicant, wrong = parse_applicant(
        **payload.applicant.model_dump(exclude={"withhold_identity", "language"}),
        for_name=payload.on_behalf_of.name, for_relation=payload.on_behalf_of.relation,
    )  # fmt: skip
    if wrong:
        raise InvalidInput(*wrong)
    return Submission(
        kind=payload.kind,
        text=payload.text,
        title=payload.title,
        entity=payload.entity,
        service=payload.service,
        governorate=payload.governorate,
        address=payload.address,
        lat=_format_degrees(payload.lat),
        lng=_format_degrees(payload.lng),
        about_employee=payload.about.employee,
        about_unit=payload.about.unit,
        applicant=applicant,
        withhold_identity=payload.applicant.withhold_identity,
        language=payload.applicant.language,
        gate_declined=payload.gate is not None,
        uploads=tuple(payload.uploads),
        agreed=payload.public,
    )


def _format_degrees(value: float | None) -> str:
    """To a tenth of a metre, in one spelling."""
    return "" if value is None else f"{value:.6f}"


def _map_field_paths(refusal: InvalidInput) -> InvalidInput:
    return InvalidInput(
        *(FieldError(_FIELD_PATHS.get(error.field, error.field), error.message) for error in refusal.errors)
    )


def _build_created_response(taken: SubmissionResult) -> HttpResponse:
    """Written here, not by django-ninja's schema, which takes as long as all the rest of an answer."""
    headers = {"Cache-Control": "no-store"} | ({"Idempotent-Replay": "true"} if taken.replayed else {})
    said = orjson.dumps(_serialize_created_case(taken))
    return HttpResponse(said, status=201, content_type="application/json; charset=utf-8", headers=headers)


def _format_instant(at: datetime) -> str:
    """As django-ninja writes it everywhere else."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _serialize_created_case(taken: SubmissionResult) -> dict[str, Any]:
    return {
        **serialization.serialize_placement(taken.entity, taken.service),
        "reference": taken.reference,
        "access_code": format_access_code(taken.access_code),
        "status": "received",
        "due_at": _format_instant(taken.due_at),
        "received_at": _format_instant(taken.received_at),
        "receipt": taken.receipt,
        "triage": taken.triage,
        "warnings": [DANGER_WARNING.model_dump()] if taken.urgent else [],
        "links": {
            "self": f"{settings.PUBLIC_URL}/api/v1/cases/{taken.reference}",
            "page": f"{settings.PUBLIC_URL}/c/{taken.reference}",
        },
    }


@api.get(
    "/cases/{reference}",
    url_name="case",
    tags=["cases"],
    **document_responses(
        "الطلب كما يراه صاحبه. الرمز الخطأ والرقم المجهول جوابهما واحد.",
        CitizenCaseOut,
        problems.NOT_FOUND,
        problems.TOO_MANY_REQUESTS,
        headers=[_ACCESS_CODE_HEADER],
    ),
)
@audience("citizen")
def get_citizen_case(request: HttpRequest, response: HttpResponse, reference: str) -> dict[str, Any]:
    """A case as the person who brought it sees it. A wrong code and an unknown reference answer alike."""
    at = clock.now()
    key, _citizen = open_case_by_access_code(request, reference, at)
    return _serialize_case(response, key, at)


def _document_action(arabic: str, *sorts: problems.ProblemType) -> dict[str, Any]:
    refusals = (
        problems.MALFORMED_REQUEST,
        problems.NOT_FOUND,
        problems.NOT_POSSIBLE,
        problems.CHANGED_MEANWHILE,
        problems.TOO_MANY_REQUESTS,
    )
    return {
        "tags": ["cases"],
        **document_responses(
            arabic, CitizenCaseOut, *refusals, *sorts, headers=[_ACCESS_CODE_HEADER, _IF_MATCH_HEADER]
        ),
    }


@api.post(
    "/cases/{reference}/messages",
    url_name="write",
    **_document_action(
        "إضافة معلومة، أو جواب عن سؤال الجهة.", *BODY_PROBLEMS, problems.USE_CONFIDENTIAL_CHANNEL
    ),
)
@audience("citizen")
def add_message(
    request: HttpRequest, response: HttpResponse, reference: str, payload: MessageIn
) -> dict[str, Any]:
    """Add information, or answer the body's question."""
    return _run_command(request, response, reference, commands.add_message, payload)


@api.post(
    "/cases/{reference}/attachments",
    url_name="attach",
    **_document_action(
        "إضافة ملفات رُفعت من قبل، ومعها، إن شئت، كلام.", *BODY_PROBLEMS, problems.USE_CONFIDENTIAL_CHANNEL
    ),
)
@audience("citizen")
def add_attachments(
    request: HttpRequest, response: HttpResponse, reference: str, payload: AttachmentsIn
) -> dict[str, Any]:
    """Add files that were uploaded before, with words or without."""
    return _run_command(request, response, reference, commands.add_message, payload)


@api.post(
    "/cases/{reference}/rating",
    url_name="rate",
    **_document_action(
        "هل حُلّ الأمر؟ ومعه، إن شئت، نجوم من خمس.", *BODY_PROBLEMS, problems.USE_CONFIDENTIAL_CHANNEL
    ),
)
@audience("citizen")
def rate_case(
    request: HttpRequest, response: HttpResponse, reference: str, payload: RatingIn
) -> dict[str, Any]:
    """Was it solved? And, if you like, how many stars of five."""
    return _run_command(request, response, reference, commands.rate_case, payload)


@api.post(
    "/cases/{reference}/appeal",
    url_name="appeal",
    **_document_action(
        "لم يُحل، ولماذا. يقرر مراجع لم يعالج الطلب من قبل.", *BODY_PROBLEMS, problems.USE_CONFIDENTIAL_CHANNEL
    ),
)
@audience("citizen")
def appeal_case(
    request: HttpRequest, response: HttpResponse, reference: str, payload: AppealIn
) -> dict[str, Any]:
    """Not solved, and why: a reviewer who never handled the case decides."""
    return _run_command(request, response, reference, commands.appeal_case, payload)


@api.post(
    "/cases/{reference}/withdraw",
    url_name="withdraw",
    **_document_action(
        "سحب الطلب قبل الرد عليه.",
    ),
)
@audience("citizen")
def withdraw_case(request: HttpRequest, response: HttpResponse, reference: str) -> dict[str, Any]:
    """Take the case back, before it is answered."""
    return _run_command(request, response, reference, commands.withdraw_case)


@api.post(
    "/cases/{reference}/subscribe",
    url_name="subscribe-device",
    **_document_action(
        "تنبيه متصفح بما يستجد في الطلب، باشتراكه في خدمة التنبيه (Web Push).", *BODY_PROBLEMS
    ),
)
@audience("citizen")
def subscribe_to_push(
    request: HttpRequest, response: HttpResponse, reference: str, payload: PushIn
) -> dict[str, Any]:
    """Tell a browser what is new: its `PushSubscription` for the key that `/push` names. Twice is once."""
    at = clock.now()
    key, _citizen = open_case_by_access_code(request, reference, at)
    subscribe_device(
        case=key, endpoint=payload.endpoint, p256dh=payload.keys.p256dh, auth=payload.keys.auth, at=at
    )
    return _serialize_case(response, key, at)


@api.get(
    "/push",
    url_name="push-key",
    tags=["cases"],
    **document_responses("مفتاح التنبيهات الذي تشترك به المتصفحات.", PushKeyOut),
)
@audience("public")
def get_push_key(request: HttpRequest) -> dict[str, str]:
    """The key (VAPID) to which browsers subscribe, as `applicationServerKey`."""
    return {"key": get_vapid_public_key()}


def _run_command(
    request: HttpRequest, response: HttpResponse, reference: str, command: Callable[..., int],
    payload: MessageIn | AttachmentsIn | RatingIn | AppealIn | None = None,
) -> dict[str, Any]:  # fmt: skip
    at = clock.now()
    key, citizen = open_case_by_access_code(request, reference, at)
    given: dict[str, Any] = {}
    if payload:
        given = payload.model_dump(exclude={"gate"}) | {"gate_declined": payload.gate is not None}
    try:
        seen = parse_if_match(request) if "If-Match" in request.headers else None
        command(case=key, seen=seen, actor=citizen, at=at, **given)
    except NotPossibleNow as refusal:
        possible = serialization.list_possible_actions(get_case_for_citizen(key, at))
        raise Problem(problems.NOT_POSSIBLE, refusal.message, possible=possible) from refusal
    return _serialize_case(response, key, at)


def _serialize_case(response: HttpResponse, key: Any, at: datetime) -> dict[str, Any]:
    found = get_case_for_citizen(key, at)
    response.headers["ETag"] = f'"{found.seq}"'
    response.headers["Cache-Control"] = "no-store"
    return serialization.serialize_citizen_case(found)
