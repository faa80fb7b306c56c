"""Everything that the API refuses, as problem details (RFC 9457): one row a problem, one way to answer."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language_from_request

from bekhedmetkom.kernel.errors import FieldError
from bekhedmetkom.kernel.words import Words

CONTENT_TYPE = "application/problem+json"


class Sort(NamedTuple):
    """A sort of problem: the end of its `type`, its status, and its title."""

    slug: str
    status: int
    title: Words


MALFORMED = Sort("malformed-request", 400, Words("الطلب غير مفهوم", "The request cannot be read"))
KEY_REQUIRED = Sort(
    "idempotency-key-required", 400, Words("ينقص مفتاح الإرسال", "An Idempotency-Key is missing")
)
NOT_SIGNED_IN = Sort("not-signed-in", 401, Words("عرّف بنفسك أولًا", "Say who you are first"))
NOT_ALLOWED = Sort("not-allowed", 403, Words("ليس هذا من صلاحياتك", "This is not yours to do"))
NOT_FOUND = Sort("not-found", 404, Words("لا شيء هنا", "There is nothing here"))
WRONG_METHOD = Sort(
    "method-not-allowed", 405, Words("هذه الطريقة غير مقبولة هنا", "This method is not offered here")
)
CHANGED = Sort("changed-meanwhile", 409, Words("تغيّر الطلب", "The case has changed"))
NOT_POSSIBLE = Sort("not-possible-now", 409, Words("لا يمكن ذلك الآن", "This is not possible now"))
UNDER_WAY = Sort("still-under-way", 409, Words("الإرسال الأول لم ينته", "The first sending has not ended"))
TOO_LARGE = Sort("too-large", 413, Words("المرسَل أكبر من الحد", "The request is too large"))
NOT_JSON = Sort("not-json", 415, Words("أرسل JSON", "Send JSON"))
INVALID = Sort("invalid", 422, Words("في ما أرسلته ما يحتاج تصحيحًا", "Something needs correcting"))
KEY_REUSED = Sort(
    "idempotency-key-reused", 422, Words("المفتاح لإرسال آخر", "The key belongs to another submission")
)
CONFIDENTIAL = Sort(
    "use-confidential-channel", 422, Words("للبلاغ السري طريق آخر", "There is a confidential way for this")
)
SAYS_TOO_LITTLE = Sort("says-too-little", 422, Words("لا يقول الرد ما يكفي", "The reply says too little"))
SEEN_REQUIRED = Sort("if-match-required", 428, Words("اذكر ما رأيته", "Say which version you saw"))
TOO_FAST = Sort("too-many-tries", 429, Words("محاولات كثيرة", "Too many tries"))
PROOF_NEEDED = Sort("proof-needed", 429, Words("كثير من شبكتك الآن", "Much from your network just now"))
FAULT = Sort("our-fault", 500, Words("خطأ عندنا", "A fault on our side"))
UNAVAILABLE = Sort("unavailable", 503, Words("الخدمة متوقفة الآن", "The service is not available now"))

SORTS: Mapping[str, Sort] = {
    sort.slug: sort
    for sort in (
        MALFORMED, KEY_REQUIRED, NOT_SIGNED_IN, NOT_ALLOWED, NOT_FOUND, WRONG_METHOD, CHANGED, NOT_POSSIBLE, UNDER_WAY,
        TOO_LARGE, NOT_JSON, INVALID, KEY_REUSED, CONFIDENTIAL, SAYS_TOO_LITTLE, SEEN_REQUIRED, TOO_FAST,
        PROOF_NEEDED, FAULT, UNAVAILABLE,
    )
}  # fmt: skip

# What is said where nothing closer to the matter is known.
DETAILS: Mapping[Sort, Words] = {
    MALFORMED: Words("تأكد أن المرسَل JSON صحيح بترميز UTF-8.", "Check that the body is valid JSON in UTF-8."),
    KEY_REQUIRED: Words(
        "أرسل ترويسة Idempotency-Key فيها 16 رمزًا أو أكثر، تختارها عشوائيًا لكل طلب جديد.",
        "Send an Idempotency-Key header of 16 characters or more, drawn at random for each new case.",
    ),
    NOT_SIGNED_IN: Words(
        "أرسل رمز دخول صالحًا في ترويسة Authorization، أو سجّل الدخول.",
        "Send a valid token in the Authorization header, or sign in.",
    ),
    NOT_ALLOWED: Words("هذا خارج صلاحياتك.", "Your role or your token's scope does not reach this."),
    NOT_FOUND: Words("لا يوجد شيء بهذا العنوان.", "There is nothing at this address."),
    WRONG_METHOD: Words("الطرق المقبولة في ترويسة Allow.", "The Allow header names the methods that are."),
    TOO_LARGE: Words("الحد 256 كيلوبايت.", "The limit is 256 KiB."),
    NOT_JSON: Words(
        "نوع المحتوى المقبول هو application/json.", "The content type is to be application/json."
    ),
    INVALID: Words("راجع الحقول المذكورة.", "See the fields that are named."),
    SEEN_REQUIRED: Words(
        'أرسل ترويسة If-Match فيها آخر رقم رأيته، مثل "4".',
        'Send If-Match with the last seq that you saw: "4".',
    ),
    TOO_FAST: Words("انتظر قليلًا ثم حاول ثانية.", "Wait a little, then try again."),
    FAULT: Words("سجّلنا الخطأ. حاول بعد قليل.", "We have noted the fault. Try again in a while."),
    UNAVAILABLE: Words("حاول بعد قليل.", "Try again in a while."),
}


class Problem(Exception):
    """A refusal on its way out. `more` goes beside the standard members, `headers` into the answer's headers."""

    def __init__(
        self, sort: Sort, detail: Words | None = None, errors: Iterable[FieldError] = (),
        headers: Mapping[str, str] | None = None, **more: Any,
    ) -> None:  # fmt: skip
        self.sort, self.errors, self.more = sort, list(errors), more
        self.detail = detail or DETAILS[sort]
        self.headers = headers or {}
        super().__init__(sort.slug)


def language_of(request: HttpRequest) -> str:
    """The language that the caller asks for; Arabic where it says nothing."""
    return "en" if get_language_from_request(request).startswith("en") else "ar"


def type_of(sort: Sort) -> str:
    """The address that identifies the sort of problem, and explains it."""
    return f"{settings.PUBLIC_URL}/api/v1/problems/{sort.slug}"


def answer(request: HttpRequest, problem: Problem) -> HttpResponse:
    """The problem in the caller's language; what is wrong with each field in both."""
    language = language_of(request)
    said = {
        "type": type_of(problem.sort),
        "title": problem.sort.title.in_(language),
        "status": problem.sort.status,
        "detail": problem.detail.in_(language),
        "errors": [
            {"field": error.field, "message_ar": error.words.ar, "message_en": error.words.en}
            for error in problem.errors
        ],
        **problem.more,
    }
    headers = {"Content-Language": language, "Cache-Control": "no-store", **problem.headers}
    body = json.dumps(said, ensure_ascii=False).encode("utf-8", "replace")
    return HttpResponse(body, status=problem.sort.status, content_type=CONTENT_TYPE, headers=headers)
