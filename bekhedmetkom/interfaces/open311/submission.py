"""Bringing a case as GeoReport v2 has it: a form with a key, for which an id is answered, or a token."""

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.http import HttpRequest, HttpResponseBase
from nacl.exceptions import CryptoError

from bekhedmetkom.attachments.commands import receive_file
from bekhedmetkom.attachments.rules import MAX_FILE_BYTES, TOO_BIG, FileRefused
from bekhedmetkom.cases import commands
from bekhedmetkom.cases.commands import (
    IdempotencyKeyReused,
    Submission,
    SubmissionInProgress,
    SubmissionResult,
)
from bekhedmetkom.cases.rules.applicant import parse_applicant
from bekhedmetkom.catalogue.queries import Topic
from bekhedmetkom.catalogue.rules import Kind
from bekhedmetkom.config.key_derivation import get_secret_box
from bekhedmetkom.entities.queries import get_governorates
from bekhedmetkom.identity import rate_limit
from bekhedmetkom.identity.authentication import AuthenticatedClient, authenticate_client
from bekhedmetkom.kernel import clock
from bekhedmetkom.kernel.errors import FieldError, InvalidInput
from bekhedmetkom.kernel.formatting import format_date
from bekhedmetkom.kernel.references import format_access_code
from bekhedmetkom.kernel.text import BilingualText

from . import public_requests
from .discovery import get_open_topic
from .resource import build_not_found, resource
from .responses import RequestError, ResponseContent, get_language, render_created, render_response
from .service_attributes import GOVERNORATE, NATIONAL_NUMBER, PASSPORT, PUBLIC, YES, list_attributes

CHANNEL = "open311"
ACCEPTED_SCOPES = frozenset({"open311", "cases"})
# GeoReport knows no idempotency key: what the same program sends again in this time is what it sent before. Longer, and
# a second person's equal words would be lost; shorter, and a program that waits before it tries again would double.
DUPLICATE_WINDOW = timedelta(minutes=10)
TOKEN_LIFETIME = timedelta(hours=24)  # as long as a submission's key is kept
FORM_OVERHEAD_BYTES = 64 * 1024  # bytes of a form around its files
MAX_URL_LENGTH = 500
ACCEPTED_KINDS = [kind for kind in Kind if kind is not Kind.VIOLATION]
SIGNING_PURPOSE = "open311 token"

_ATTRIBUTE = re.compile(r"attribute\[([^\[\]]{1,60})\](?:\[\d{0,3}\])?")
_DEGREES = re.compile(r"[+-]?\d{1,3}(?:\.\d{1,20})?", re.ASCII)

_API_KEY_MISSING = BilingualText("أرسل api_key لنظام مسجل.", "Send the api_key of a registered program.")
_API_KEY_INVALID = BilingualText("هذا api_key غير صالح.", "This api_key is not valid.")
_SCOPE_MISSING = BilingualText(
    "هذا api_key لا يشمل إرسال الطلبات.", "This api_key is not for bringing requests."
)
_SERVICE_CODE_MISSING = BilingualText("اذكر الموضوع.", "Say which service.")
_LOCATION_REQUIRED = BilingualText(
    "هذا الموضوع عن مكان: أرسل lat و long، أو address_string.",
    "This service is about a place: send lat and long, or address_string.",
)
_ADDRESS_ID_UNSUPPORTED = BilingualText(
    "لا سجل عناوين هنا. أرسل lat و long، أو address_string.",
    "There is no register of addresses here: send lat and long, or address_string.",
)
_INCOMPLETE_COORDINATES = BilingualText("أرسل lat و long معًا.", "Send lat and long together.")
_INVALID_DEGREES = BilingualText(
    "اكتب درجات عشرية مثل 31.953900 و 35.910600.", "Write decimal degrees, such as 31.953900, 35.910600."
)
_INVALID_CHOICE = BilingualText("اختر قيمة من القائمة.", "Choose a value of the list.")
_ATTRIBUTE_REQUIRED = BilingualText("هذا مطلوب لهذا الموضوع.", "This service needs this.")
_INVALID_KIND = BilingualText(
    f"واحد من: {', '.join(ACCEPTED_KINDS)}.", f"One of: {', '.join(ACCEPTED_KINDS)}."
)
_INVALID_URL = BilingualText(
    "اكتب عنوانًا يبدأ بـ http أو https.", "Write an address that begins with http or https."
)
_SERVICE_NOTICE = BilingualText(
    "الرد من {body} حتى {day}. للمتابعة: {url}/c/{reference} برمز المتابعة {code}.",
    "{body} answers by {day}. To follow it: {url}/en/c/{reference} with the access code {code}.",
)
_DANGER_NOTICE = BilingualText(
    "إذا كان أحد في خطر الآن فاتصل بالرقم 911.", "If somebody is in danger now, call 911."
)


@resource("GET", "HEAD", "POST")
def handle_requests(request: HttpRequest) -> HttpResponseBase:
    """What is public, or a new case."""
    return _submit_case(request) if request.method == "POST" else public_requests.list_requests(request)


@resource("GET", "HEAD")
def get_token(request: HttpRequest, token: str) -> HttpResponseBase:
    """The id for a token; while the case is not there yet, the token alone."""
    at = clock.now()
    try:
        client, key, given_at = json.loads(
            get_secret_box(SIGNING_PURPOSE).decrypt(base64.urlsafe_b64decode(token))
        )
    except (CryptoError, ValueError, binascii.Error):
        raise build_not_found() from None
    if at - datetime.fromisoformat(given_at) > TOKEN_LIFETIME:
        raise build_not_found()
    found = commands.find_submission(client, key)
    said = [({"service_request_id": found.reference} if found else {}) | {"token": token}]
    return render_response(request, ResponseContent("service_requests", said, "no-store"))


def _submit_case(request: HttpRequest) -> HttpResponseBase:
    at = clock.now()
    if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_FILE_BYTES + FORM_OVERHEAD_BYTES:
        raise RequestError(413, [TOO_BIG])
    program = _authenticate_client(request, at)
    given = {name: typed for name, value in request.POST.items() if (typed := str(value).strip())}
    files = [file for name in request.FILES for file in request.FILES.getlist(name)]
    submission = _build_submission(request, given)
    client, key = str(program.actor), _build_idempotency_key(given, files, at)
    for one in (key, _build_idempotency_key(given, files, at - DUPLICATE_WINDOW)):
        if before := commands.find_submission(client, one):
            return render_created(
                request, ResponseContent("service_requests", [_serialize_submission(request, before)])
            )
    submission = replace(submission, uploads=tuple(_store_file(file, at) for file in files))
    try:
        brought = commands.submit_case(
            submission=submission, channel=CHANNEL, client=client, key=key, actor=program.actor, at=at
        )
    except SubmissionInProgress:
        sealed = get_secret_box(SIGNING_PURPOSE).encrypt(json.dumps([client, key, at.isoformat()]).encode())
        said: dict[str, Any] = {"token": base64.urlsafe_b64encode(sealed).decode(), "service_notice": None}
        return render_created(request, ResponseContent("service_requests", [said | {"account_id": None}]))
    except IdempotencyKeyReused:  # the same came twice at once, each with its own copy of the files
        before = commands.find_submission(client, key)
        assert before
        brought = before
    return render_created(
        request, ResponseContent("service_requests", [_serialize_submission(request, brought)])
    )


def _authenticate_client(request: HttpRequest, at: datetime) -> AuthenticatedClient:
    """Whose key came in the form: in an address it would end in logs. What is refused for its quota is a 429."""
    key = request.POST.get("api_key", "").strip()
    if not key:
        raise RequestError(403, [_API_KEY_MISSING])
    program = authenticate_client(key, at)
    if program is None:
        raise RequestError(403, [_API_KEY_INVALID])
    if not ACCEPTED_SCOPES & program.scopes:
        raise RequestError(403, [_SCOPE_MISSING])
    if wait := rate_limit.count_client_call(program=program.id, per_hour=program.hourly_quota, at=at):
        raise RequestError(429, [rate_limit.OVER_QUOTA], {"Retry-After": str(wait)})
    return program


def _build_submission(request: HttpRequest, given: Mapping[str, str]) -> Submission:
    """What the form says, or all that is wrong with it."""
    if not given.get("service_code"):
        raise InvalidInput(FieldError("service_code", _SERVICE_CODE_MISSING))
    topic, language = get_open_topic(given["service_code"]), get_language(request)
    answers = _parse_attributes(request)
    applicant, wrong = parse_applicant(
        name=" ".join(filter(None, (given.get("first_name"), given.get("last_name")))),
        phone=given.get("phone", ""), email=given.get("email", ""),
        national_number=answers.get(NATIONAL_NUMBER, ""), passport=answers.get(PASSPORT, ""),
    )  # fmt: skip
    wrong += _validate_attributes(topic, answers) + _validate_location(topic, given)
    kind = given.get("kind", str(topic.typical_kind))
    if kind not in ACCEPTED_KINDS:
        wrong.append(FieldError("kind", _INVALID_KIND))
    if not _is_valid_url(url := given.get("media_url", "")):
        wrong.append(FieldError("media_url", _INVALID_URL))
    if wrong:
        raise InvalidInput(*wrong)
    governorate = answers.get(GOVERNORATE)
    return Submission(
        kind=Kind(kind),
        entity=topic.entity,
        service=topic.id,
        applicant=applicant,
        language=language,
        # A photo at a place, or the place alone, says enough: the service is what it is about.
        text=given.get("description") or topic.name.in_language(language),
        governorate=next(
            (place.id for place in get_governorates().values() if place.code == governorate), None
        ),
        address=given.get("address_string", ""),
        lat=_format_degrees(given.get("lat")),
        lng=_format_degrees(given.get("long")),
        gate_declined=given.get("gate") == "declined",
        agreed=answers.get(PUBLIC) == YES,
        picture_url=url,
    )


def _parse_attributes(request: HttpRequest) -> dict[str, str]:
    """`attribute[CODE]=v`, and the first of `attribute[CODE][]=v`, for each attribute that was answered."""
    answers: dict[str, str] = {}
    for name, values in request.POST.lists():
        if found := _ATTRIBUTE.fullmatch(name):
            said = [value.strip() for value in values if value.strip()]
            if said:
                answers.setdefault(found[1], str(said[0]))
    return answers


def _validate_attributes(topic: Topic, answers: Mapping[str, str]) -> list[FieldError]:
    wrong = []
    for question in list_attributes(topic):
        name, answer = f"attribute[{question.code}]", answers.get(question.code)
        if answer is None:
            wrong += [FieldError(name, _ATTRIBUTE_REQUIRED)] if question.required else []
        elif question.values and answer not in dict(question.values):
            wrong.append(FieldError(name, _INVALID_CHOICE))
    return wrong


def _validate_location(topic: Topic, given: Mapping[str, str]) -> list[FieldError]:
    wrong = []
    if ("lat" in given) != ("long" in given):
        wrong.append(FieldError("long" if "lat" in given else "lat", _INCOMPLETE_COORDINATES))
    for name, most in (("lat", 90), ("long", 180)):
        if name in given and not (_DEGREES.fullmatch(given[name]) and abs(float(given[name])) <= most):
            wrong.append(FieldError(name, _INVALID_DEGREES))
    if topic.about_place and not {"lat", "long", "address_string"} & given.keys():
        wrong.append(
            FieldError("lat, long", _ADDRESS_ID_UNSUPPORTED if "address_id" in given else _LOCATION_REQUIRED)
        )
    return wrong


def _format_degrees(value: str | None) -> str:
    """To a tenth of a metre, in one spelling."""
    return "" if value is None else f"{float(value):.6f}"


def _is_valid_url(url: str) -> bool:
    """Whether it is one that a worker may go to see, as far as it can be said without going there."""
    if not url:
        return True
    try:
        split = urlsplit(url)
        return (
            split.scheme in ("http", "https")
            and bool(split.hostname)
            and len(url) <= MAX_URL_LENGTH
            and url.isprintable()
        )
    except ValueError:
        return False


def _build_idempotency_key(given: Mapping[str, str], files: list[Any], at: datetime) -> str:
    """The same for the same form with the same files, for a while. The key that came with it says nothing of it."""
    said = sorted((name, value) for name, value in given.items() if name != "api_key")
    digest = hashlib.sha256(json.dumps(said).encode())
    for file in files:
        for piece in file.chunks():
            digest.update(piece)
        file.seek(0)
    return f"open311-{int(at.timestamp() // DUPLICATE_WINDOW.total_seconds())}-{digest.hexdigest()}"


def _store_file(file: Any, at: datetime) -> Any:
    if not isinstance(file, TemporaryUploadedFile):
        raise InvalidInput(FieldError("media", TOO_BIG))
    try:
        return receive_file(name=file.name or "", content=Path(file.temporary_file_path()), at=at).id
    except FileRefused as refusal:
        raise InvalidInput(FieldError("media", refusal.message)) from refusal


def _serialize_submission(request: HttpRequest, brought: SubmissionResult) -> dict[str, Any]:
    """The id, and in the notice what the platform tells whoever brings a case: until when, and how to follow it."""
    language = get_language(request)
    day = BilingualText(*(format_date(brought.due_at, said, year=True) for said in ("ar", "en")))
    notice = _SERVICE_NOTICE.format(
        body=public_requests.get_body_name(brought.entity), day=day, url=settings.PUBLIC_URL,
        reference=brought.reference, code=format_access_code(brought.access_code),
    )  # fmt: skip
    said = [notice.in_language(language), *([_DANGER_NOTICE.in_language(language)] if brought.urgent else [])]
    return {"service_request_id": brought.reference, "service_notice": " ".join(said), "account_id": None}
