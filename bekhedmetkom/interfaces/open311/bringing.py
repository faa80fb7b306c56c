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

from bekhedmetkom.attachments.commands import receive
from bekhedmetkom.attachments.rules import MOST_BYTES, TOO_BIG, FileRefused
from bekhedmetkom.cases import commands
from bekhedmetkom.cases.commands import KeyReused, StillUnderWay, Submission, Submitted
from bekhedmetkom.cases.rules.applicant import read_applicant
from bekhedmetkom.catalogue.queries import Topic
from bekhedmetkom.catalogue.rules import Kind
from bekhedmetkom.config.keys import box
from bekhedmetkom.entities.queries import places
from bekhedmetkom.identity import limits
from bekhedmetkom.identity.recognising import Program, client_by_key
from bekhedmetkom.kernel import clock
from bekhedmetkom.kernel.dates import say_date
from bekhedmetkom.kernel.errors import FieldError, Invalid
from bekhedmetkom.kernel.references import show_access_code
from bekhedmetkom.kernel.words import Words

from . import reading
from .answers import Answer, Refusal, language_of, read, taken
from .discovery import topic_of
from .questions import GOVERNORATE, NATIONAL_NUMBER, PASSPORT, PUBLIC, YES, questions_of
from .resources import nothing, resource

CHANNEL = "open311"
SCOPES = frozenset({"open311", "cases"})
# GeoReport knows no idempotency key: what the same program sends again in this time is what it sent before. Longer, and
# a second person's equal words would be lost; shorter, and a program that waits before it tries again would double.
SAME_FOR = timedelta(minutes=10)
TOKEN_LASTS = timedelta(hours=24)  # as long as a submission's key is kept
AROUND = 64 * 1024  # bytes of a form around its files
LONGEST_URL = 500
KINDS = [kind for kind in Kind if kind is not Kind.VIOLATION]
PURPOSE = "open311 token"

_ATTRIBUTE = re.compile(r"attribute\[([^\[\]]{1,60})\](?:\[\d{0,3}\])?")
_DEGREES = re.compile(r"[+-]?\d{1,3}(?:\.\d{1,20})?", re.ASCII)

_NO_KEY = Words("أرسل api_key لنظام مسجل.", "Send the api_key of a registered program.")
_BAD_KEY = Words("هذا api_key غير صالح.", "This api_key is not valid.")
_SCOPE = Words("هذا api_key لا يشمل إرسال الطلبات.", "This api_key is not for bringing requests.")
_NO_CODE = Words("اذكر الموضوع.", "Say which service.")
_WHERE = Words(
    "هذا الموضوع عن مكان: أرسل lat و long، أو address_string.",
    "This service is about a place: send lat and long, or address_string.",
)
_NO_REGISTER = Words(
    "لا سجل عناوين هنا. أرسل lat و long، أو address_string.",
    "There is no register of addresses here: send lat and long, or address_string.",
)
_HALF = Words("أرسل lat و long معًا.", "Send lat and long together.")
_DEGREE = Words(
    "اكتب درجات عشرية مثل 31.953900 و 35.910600.", "Write decimal degrees, such as 31.953900, 35.910600."
)
_NOT_LISTED = Words("اختر قيمة من القائمة.", "Choose a value of the list.")
_REQUIRED = Words("هذا مطلوب لهذا الموضوع.", "This service needs this.")
_KIND = Words(f"واحد من: {', '.join(KINDS)}.", f"One of: {', '.join(KINDS)}.")
_URL = Words("اكتب عنوانًا يبدأ بـ http أو https.", "Write an address that begins with http or https.")
_NOTICE = Words(
    "الرد من {body} حتى {day}. للمتابعة: {url}/c/{reference} برمز المتابعة {code}.",
    "{body} answers by {day}. To follow it: {url}/en/c/{reference} with the access code {code}.",
)
_DANGER = Words("إذا كان أحد في خطر الآن فاتصل بالرقم 911.", "If somebody is in danger now, call 911.")


@resource("GET", "HEAD", "POST")
def requests(request: HttpRequest) -> HttpResponseBase:
    """What is public, or a new case."""
    return _brought(request) if request.method == "POST" else reading.listed(request)


@resource("GET", "HEAD")
def token(request: HttpRequest, token: str) -> HttpResponseBase:
    """The id for a token; while the case is not there yet, the token alone."""
    at = clock.now()
    try:
        client, key, given_at = json.loads(box(PURPOSE).decrypt(base64.urlsafe_b64decode(token)))
    except (CryptoError, ValueError, binascii.Error):
        raise nothing() from None
    if at - datetime.fromisoformat(given_at) > TOKEN_LASTS:
        raise nothing()
    found = commands.submitted_under(client, key)
    said = [({"service_request_id": found.reference} if found else {}) | {"token": token}]
    return read(request, Answer("service_requests", said, "no-store"))


def _brought(request: HttpRequest) -> HttpResponseBase:
    at = clock.now()
    if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES + AROUND:
        raise Refusal(413, [TOO_BIG])
    program = _program(request, at)
    given = {name: typed for name, value in request.POST.items() if (typed := str(value).strip())}
    files = [file for name in request.FILES for file in request.FILES.getlist(name)]
    submission = _submission(request, given)
    client, key = str(program.actor), _key(given, files, at)
    for one in (key, _key(given, files, at - SAME_FOR)):
        if before := commands.submitted_under(client, one):
            return taken(request, Answer("service_requests", [_answer(request, before)]))
    submission = replace(submission, uploads=tuple(_received(file, at) for file in files))
    try:
        brought = commands.submit(
            submission=submission, channel=CHANNEL, client=client, key=key, actor=program.actor, at=at
        )
    except StillUnderWay:
        sealed = box(PURPOSE).encrypt(json.dumps([client, key, at.isoformat()]).encode())
        said: dict[str, Any] = {"token": base64.urlsafe_b64encode(sealed).decode(), "service_notice": None}
        return taken(request, Answer("service_requests", [said | {"account_id": None}]))
    except KeyReused:  # the same came twice at once, each with its own copy of the files
        before = commands.submitted_under(client, key)
        assert before
        brought = before
    return taken(request, Answer("service_requests", [_answer(request, brought)]))


def _program(request: HttpRequest, at: datetime) -> Program:
    """Whose key came in the form: in an address it would end in logs. What is refused for its quota is a 429."""
    key = request.POST.get("api_key", "").strip()
    if not key:
        raise Refusal(403, [_NO_KEY])
    program = client_by_key(key, at)
    if program is None:
        raise Refusal(403, [_BAD_KEY])
    if not SCOPES & program.scopes:
        raise Refusal(403, [_SCOPE])
    if wait := limits.wait_for_quota(program=program.id, per_hour=program.per_hour, at=at):
        raise Refusal(429, [limits.OVER_QUOTA], {"Retry-After": str(wait)})
    return program


def _submission(request: HttpRequest, given: Mapping[str, str]) -> Submission:
    """What the form says, or all that is wrong with it."""
    if not given.get("service_code"):
        raise Invalid(FieldError("service_code", _NO_CODE))
    topic, language = topic_of(given["service_code"]), language_of(request)
    answers = _answers(request)
    applicant, wrong = read_applicant(
        name=" ".join(filter(None, (given.get("first_name"), given.get("last_name")))),
        phone=given.get("phone", ""), email=given.get("email", ""),
        national_number=answers.get(NATIONAL_NUMBER, ""), passport=answers.get(PASSPORT, ""),
    )  # fmt: skip
    wrong += _wrong_answers(topic, answers) + _wrong_place(topic, given)
    kind = given.get("kind", str(topic.typical_kind))
    if kind not in KINDS:
        wrong.append(FieldError("kind", _KIND))
    if not _is_address(url := given.get("media_url", "")):
        wrong.append(FieldError("media_url", _URL))
    if wrong:
        raise Invalid(*wrong)
    governorate = answers.get(GOVERNORATE)
    return Submission(
        kind=Kind(kind), entity=topic.entity, service=topic.id, applicant=applicant, language=language,
        # A photo at a place, or the place alone, says enough: the service is what it is about.
        text=given.get("description") or topic.words.in_(language),
        governorate=next((place.id for place in places().values() if place.code == governorate), None),
        address=given.get("address_string", ""), lat=_degrees(given.get("lat")), lng=_degrees(given.get("long")),
        gate_declined=given.get("gate") == "declined", agreed=answers.get(PUBLIC) == YES, picture_url=url,
    )  # fmt: skip


def _answers(request: HttpRequest) -> dict[str, str]:
    """`attribute[CODE]=v`, and the first of `attribute[CODE][]=v`, for each attribute that was answered."""
    answers: dict[str, str] = {}
    for name, values in request.POST.lists():
        if found := _ATTRIBUTE.fullmatch(name):
            said = [value.strip() for value in values if value.strip()]
            if said:
                answers.setdefault(found[1], str(said[0]))
    return answers


def _wrong_answers(topic: Topic, answers: Mapping[str, str]) -> list[FieldError]:
    wrong = []
    for question in questions_of(topic):
        name, answer = f"attribute[{question.code}]", answers.get(question.code)
        if answer is None:
            wrong += [FieldError(name, _REQUIRED)] if question.required else []
        elif question.values and answer not in dict(question.values):
            wrong.append(FieldError(name, _NOT_LISTED))
    return wrong


def _wrong_place(topic: Topic, given: Mapping[str, str]) -> list[FieldError]:
    wrong = []
    if ("lat" in given) != ("long" in given):
        wrong.append(FieldError("long" if "lat" in given else "lat", _HALF))
    for name, most in (("lat", 90), ("long", 180)):
        if name in given and not (_DEGREES.fullmatch(given[name]) and abs(float(given[name])) <= most):
            wrong.append(FieldError(name, _DEGREE))
    if topic.about_place and not {"lat", "long", "address_string"} & given.keys():
        wrong.append(FieldError("lat, long", _NO_REGISTER if "address_id" in given else _WHERE))
    return wrong


def _degrees(value: str | None) -> str:
    """To a tenth of a metre, in one spelling."""
    return "" if value is None else f"{float(value):.6f}"


def _is_address(url: str) -> bool:
    """Whether it is one that a worker may go to see, as far as it can be said without going there."""
    if not url:
        return True
    try:
        split = urlsplit(url)
        return (
            split.scheme in ("http", "https")
            and bool(split.hostname)
            and len(url) <= LONGEST_URL
            and url.isprintable()
        )
    except ValueError:
        return False


def _key(given: Mapping[str, str], files: list[Any], at: datetime) -> str:
    """The same for the same form with the same files, for a while. The key that came with it says nothing of it."""
    said = sorted((name, value) for name, value in given.items() if name != "api_key")
    digest = hashlib.sha256(json.dumps(said).encode())
    for file in files:
        for piece in file.chunks():
            digest.update(piece)
        file.seek(0)
    return f"open311-{int(at.timestamp() // SAME_FOR.total_seconds())}-{digest.hexdigest()}"


def _received(file: Any, at: datetime) -> Any:
    if not isinstance(file, TemporaryUploadedFile):
        raise Invalid(FieldError("media", TOO_BIG))
    try:
        return receive(name=file.name or "", content=Path(file.temporary_file_path()), at=at).id
    except FileRefused as refusal:
        raise Invalid(FieldError("media", refusal.words)) from refusal


def _answer(request: HttpRequest, brought: Submitted) -> dict[str, Any]:
    """The id, and in the notice what the platform tells whoever brings a case: until when, and how to follow it."""
    language = language_of(request)
    day = Words(*(say_date(brought.due_at, said, year=True) for said in ("ar", "en")))
    notice = _NOTICE.filled(
        body=reading.body_of(brought.entity), day=day, url=settings.PUBLIC_URL,
        reference=brought.reference, code=show_access_code(brought.access_code),
    )  # fmt: skip
    said = [notice.in_(language), *([_DANGER.in_(language)] if brought.urgent else [])]
    return {"service_request_id": brought.reference, "service_notice": " ".join(said), "account_id": None}
