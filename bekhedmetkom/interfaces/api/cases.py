"""Bringing a case, and following it with its access code."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import orjson
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from bekhedmetkom.cases import commands
from bekhedmetkom.cases.commands import Submission, Submitted
from bekhedmetkom.cases.queries import of_citizen
from bekhedmetkom.cases.rules.applicant import read_applicant
from bekhedmetkom.cases.rules.states import NotPossibleNow
from bekhedmetkom.identity import limits
from bekhedmetkom.interfaces.address import address_of
from bekhedmetkom.interfaces.audience import audience
from bekhedmetkom.interfaces.headers import header_of
from bekhedmetkom.kernel import clock
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.errors import FieldError, Invalid
from bekhedmetkom.kernel.references import show_access_code
from bekhedmetkom.kernel.words import Words
from bekhedmetkom.messages.commands import subscribe as subscribe_device
from bekhedmetkom.messages.vapid import public_key

from . import problems, showing
from .api import api
from .callers import client_of, opened, seen_of, sender
from .directory import DANGER
from .openapi import BODY, answers, header
from .problems import Problem
from .refusals import PROOF
from .schemas.case import (
    AppealIn,
    AttachmentsIn,
    CaseIn,
    CaseTaken,
    CitizenCaseOut,
    MessageIn,
    PushIn,
    PushKeyOut,
    RatingIn,
)

CHANNEL = "api"
_KEY = re.compile(r"[\x21-\x7e]{16,255}")
_BAD_KEY = Words(
    "مفتاح الإرسال من 16 إلى 255 رمزًا من ASCII بلا فراغات.",
    "An idempotency key has 16 to 255 characters of ASCII, no spaces.",
)

# Where a field that a command or a reader names stands in the body of a new case.
_PLACES = {
    "name": "applicant.name", "phone": "applicant.phone", "email": "applicant.email",
    "national_number": "applicant.national_number", "passport": "applicant.passport",
    "for_name": "on_behalf_of.name", "for_relation": "on_behalf_of.relation",
    "about_employee": "about.employee", "about_unit": "about.unit",
}  # fmt: skip

_CODE = header("X-Access-Code", "The case's access code, as it was shown once")
_SEEN = header(
    "If-Match", 'The seq that you saw, such as "4"; without it the case is taken as it is', required=False
)


@api.post(
    "/cases",
    url_name="submit",
    tags=["cases"],
    **answers(
        "إرسال طلب. المفتاح نفسه والمحتوى نفسه يعيدان الجواب نفسه، مع `Idempotent-Replay: true`.",
        CaseTaken,
        problems.KEY_REQUIRED,
        problems.NOT_SIGNED_IN,
        problems.UNDER_WAY,
        *BODY,
        problems.CONFIDENTIAL,
        problems.KEY_REUSED,
        problems.PROOF_NEEDED,
        problems.TOO_FAST,
        status=201,
        headers=[
            header(
                "Idempotency-Key",
                "16 to 255 characters, drawn at random for each new case; kept for 24 hours, and yours: a "
                "program's, or without one your address's",
            ),
            header(PROOF, "The solved challenge of a 429", required=False),
            header("Authorization", "`Bearer KEY` of a registered program; nobody needs one", required=False),
        ],
    ),
)
@audience("public")
def submit(request: HttpRequest, payload: CaseIn) -> HttpResponse:
    """Bring a case. The same key and body again give the same answer, with `Idempotent-Replay: true`."""
    key = _key_of(request)
    at = clock.now()
    program = client_of(request, at)
    address = "" if program else address_of(request)
    if program is None:
        limits.admit(address=address, key=key, at=at, proof=header_of(request, PROOF) or "")
    try:
        taken = commands.submit(
            submission=_submission(payload), channel=CHANNEL, client=sender(program, address), key=key,
            actor=program or Actor.citizen(""), at=at,
        )  # fmt: skip
    except Invalid as refusal:
        raise _in_the_body(refusal) from refusal
    return _answered(taken)


def _key_of(request: HttpRequest) -> str:
    key = header_of(request, "Idempotency-Key")
    if key is None:
        raise Problem(problems.KEY_REQUIRED)
    if not _KEY.fullmatch(key):
        raise Invalid(FieldError("Idempotency-Key", _BAD_KEY))
    return key


def _submission(payload: CaseIn) -> Submission:
    applicant, wrong = read_applicant(
        **payload.applicant.model_dump(exclude={"withhold_identity", "language"}),
        for_name=payload.on_behalf_of.name, for_relation=payload.on_behalf_of.relation,
    )  # fmt: skip
    if wrong:
        raise Invalid(*wrong)
    return Submission(
        kind=payload.kind, text=payload.text, title=payload.title, entity=payload.entity, service=payload.service,
        governorate=payload.governorate, address=payload.address, lat=_degrees(payload.lat), lng=_degrees(payload.lng),
        about_employee=payload.about.employee, about_unit=payload.about.unit, applicant=applicant,
        withhold_identity=payload.applicant.withhold_identity, language=payload.applicant.language,
        gate_declined=payload.gate is not None, uploads=tuple(payload.uploads), agreed=payload.public,
    )  # fmt: skip


def _degrees(value: float | None) -> str:
    """To a tenth of a metre, in one spelling."""
    return "" if value is None else f"{value:.6f}"


def _in_the_body(refusal: Invalid) -> Invalid:
    return Invalid(
        *(FieldError(_PLACES.get(error.field, error.field), error.words) for error in refusal.errors)
    )


def _answered(taken: Submitted) -> HttpResponse:
    """Written here, not by django-ninja's schema, which takes as long as all the rest of an answer."""
    headers = {"Cache-Control": "no-store"} | ({"Idempotent-Replay": "true"} if taken.replayed else {})
    said = orjson.dumps(_taken(taken))
    return HttpResponse(said, status=201, content_type="application/json; charset=utf-8", headers=headers)


def _instant(at: datetime) -> str:
    """As django-ninja writes it everywhere else."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _taken(taken: Submitted) -> dict[str, Any]:
    return {
        **showing.placed(taken.entity, taken.service),
        "reference": taken.reference, "access_code": show_access_code(taken.access_code), "status": "received",
        "due_at": _instant(taken.due_at), "received_at": _instant(taken.received_at), "receipt": taken.receipt,
        "triage": taken.triage,
        "warnings": [DANGER.model_dump()] if taken.urgent else [],
        "links": {
            "self": f"{settings.PUBLIC_URL}/api/v1/cases/{taken.reference}",
            "page": f"{settings.PUBLIC_URL}/c/{taken.reference}",
        },
    }  # fmt: skip


@api.get(
    "/cases/{reference}",
    url_name="case",
    tags=["cases"],
    **answers(
        "الطلب كما يراه صاحبه. الرمز الخطأ والرقم المجهول جوابهما واحد.",
        CitizenCaseOut,
        problems.NOT_FOUND,
        problems.TOO_FAST,
        headers=[_CODE],
    ),
)
@audience("citizen")
def case(request: HttpRequest, response: HttpResponse, reference: str) -> dict[str, Any]:
    """A case as the person who brought it sees it. A wrong code and an unknown reference answer alike."""
    at = clock.now()
    key, _citizen = opened(request, reference, at)
    return _shown(response, key, at)


def _verb(arabic: str, *sorts: problems.Sort) -> dict[str, Any]:
    refusals = (
        problems.MALFORMED, problems.NOT_FOUND, problems.NOT_POSSIBLE, problems.CHANGED, problems.TOO_FAST,
    )  # fmt: skip
    return {"tags": ["cases"], **answers(arabic, CitizenCaseOut, *refusals, *sorts, headers=[_CODE, _SEEN])}


@api.post(
    "/cases/{reference}/messages",
    url_name="write",
    **_verb("إضافة معلومة، أو جواب عن سؤال الجهة.", *BODY, problems.CONFIDENTIAL),
)
@audience("citizen")
def write(request: HttpRequest, response: HttpResponse, reference: str, payload: MessageIn) -> dict[str, Any]:
    """Add information, or answer the body's question."""
    return _done(request, response, reference, commands.write, payload)


@api.post(
    "/cases/{reference}/attachments",
    url_name="attach",
    **_verb("إضافة ملفات رُفعت من قبل، ومعها، إن شئت، كلام.", *BODY, problems.CONFIDENTIAL),
)
@audience("citizen")
def attach(
    request: HttpRequest, response: HttpResponse, reference: str, payload: AttachmentsIn
) -> dict[str, Any]:
    """Add files that were uploaded before, with words or without."""
    return _done(request, response, reference, commands.write, payload)


@api.post(
    "/cases/{reference}/rating",
    url_name="rate",
    **_verb("هل حُلّ الأمر؟ ومعه، إن شئت، نجوم من خمس.", *BODY, problems.CONFIDENTIAL),
)
@audience("citizen")
def rate(request: HttpRequest, response: HttpResponse, reference: str, payload: RatingIn) -> dict[str, Any]:
    """Was it solved? And, if you like, how many stars of five."""
    return _done(request, response, reference, commands.rate, payload)


@api.post(
    "/cases/{reference}/appeal",
    url_name="appeal",
    **_verb("لم يُحل، ولماذا. يقرر مراجع لم يعالج الطلب من قبل.", *BODY, problems.CONFIDENTIAL),
)
@audience("citizen")
def appeal(request: HttpRequest, response: HttpResponse, reference: str, payload: AppealIn) -> dict[str, Any]:
    """Not solved, and why: a reviewer who never handled the case decides."""
    return _done(request, response, reference, commands.appeal, payload)


@api.post(
    "/cases/{reference}/withdraw",
    url_name="withdraw",
    **_verb(
        "سحب الطلب قبل الرد عليه.",
    ),
)
@audience("citizen")
def withdraw(request: HttpRequest, response: HttpResponse, reference: str) -> dict[str, Any]:
    """Take the case back, before it is answered."""
    return _done(request, response, reference, commands.withdraw)


@api.post(
    "/cases/{reference}/subscribe",
    url_name="subscribe-device",
    **_verb("تنبيه متصفح بما يستجد في الطلب، باشتراكه في خدمة التنبيه (Web Push).", *BODY),
)
@audience("citizen")
def subscribe(
    request: HttpRequest, response: HttpResponse, reference: str, payload: PushIn
) -> dict[str, Any]:
    """Tell a browser what is new: its `PushSubscription` for the key that `/push` names. Twice is once."""
    at = clock.now()
    key, _citizen = opened(request, reference, at)
    subscribe_device(
        case=key, endpoint=payload.endpoint, p256dh=payload.keys.p256dh, auth=payload.keys.auth, at=at
    )
    return _shown(response, key, at)


@api.get(
    "/push",
    url_name="push-key",
    tags=["cases"],
    **answers("مفتاح التنبيهات الذي تشترك به المتصفحات.", PushKeyOut),
)
@audience("public")
def push_key(request: HttpRequest) -> dict[str, str]:
    """The key (VAPID) to which browsers subscribe, as `applicationServerKey`."""
    return {"key": public_key()}


def _done(
    request: HttpRequest, response: HttpResponse, reference: str, command: Callable[..., int],
    payload: MessageIn | AttachmentsIn | RatingIn | AppealIn | None = None,
) -> dict[str, Any]:  # fmt: skip
    at = clock.now()
    key, citizen = opened(request, reference, at)
    given: dict[str, Any] = {}
    if payload:
        given = payload.model_dump(exclude={"gate"}) | {"gate_declined": payload.gate is not None}
    try:
        seen = seen_of(request) if "If-Match" in request.headers else None
        command(case=key, seen=seen, actor=citizen, at=at, **given)
    except NotPossibleNow as refusal:
        possible = showing.possible(of_citizen(key, at))
        raise Problem(problems.NOT_POSSIBLE, refusal.words, possible=possible) from refusal
    return _shown(response, key, at)


def _shown(response: HttpResponse, key: Any, at: datetime) -> dict[str, Any]:
    found = of_citizen(key, at)
    response.headers["ETag"] = f'"{found.seq}"'
    response.headers["Cache-Control"] = "no-store"
    return showing.citizens(found)
