"""Everything that the API refuses, as problem details (RFC 9457): one row a problem, one way to answer."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language_from_request

from bekhedmetkom.kernel.errors import FieldError
from bekhedmetkom.kernel.text import BilingualText

CONTENT_TYPE = "application/problem+json"


class ProblemType(NamedTuple):
    """A sort of problem: the end of its `type`, its status, and its title."""

    slug: str
    status: int
    title: BilingualText


MALFORMED_REQUEST = ProblemType(
    "malformed-request", 400, BilingualText("الطلب غير مفهوم", "The request cannot be read")
)
IDEMPOTENCY_KEY_REQUIRED = ProblemType(
    "idempotency-key-required", 400, BilingualText("ينقص مفتاح الإرسال", "An Idempotency-Key is missing")
)
NOT_SIGNED_IN = ProblemType("not-signed-in", 401, BilingualText("عرّف بنفسك أولًا", "Say who you are first"))
NOT_ALLOWED = ProblemType("not-allowed", 403, BilingualText("ليس هذا من صلاحياتك", "This is not yours to do"))
NOT_FOUND = ProblemType("not-found", 404, BilingualText("لا شيء هنا", "There is nothing here"))
METHOD_NOT_ALLOWED = ProblemType(
    "method-not-allowed", 405, BilingualText("هذه الطريقة غير مقبولة هنا", "This method is not offered here")
)
CHANGED_MEANWHILE = ProblemType("changed-meanwhile", 409, BilingualText("تغيّر الطلب", "The case has changed"))
NOT_POSSIBLE = ProblemType(
    "not-possible-now", 409, BilingualText("لا يمكن ذلك الآن", "This is not possible now")
)
STILL_UNDER_WAY = ProblemType(
    "still-under-way", 409, BilingualText("الإرسال الأول لم ينته", "The first sending has not ended")
)
TOO_LARGE = ProblemType("too-large", 413, BilingualText("المرسَل أكبر من الحد", "The request is too large"))
NOT_JSON = ProblemType("not-json", 415, BilingualText("أرسل JSON", "Send JSON"))
INVALID_FIELDS = ProblemType(
    "invalid", 422, BilingualText("في ما أرسلته ما يحتاج تصحيحًا", "Something needs correcting")
)
IDEMPOTENCY_KEY_REUSED = ProblemType(
    "idempotency-key-reused",
    422,
    BilingualText("المفتاح لإرسال آخر", "The key belongs to another submission"),
)
USE_CONFIDENTIAL_CHANNEL = ProblemType(
    "use-confidential-channel",
    422,
    BilingualText("للبلاغ السري طريق آخر", "There is a confidential way for this"),
)
SAYS_TOO_LITTLE = ProblemType(
    "says-too-little", 422, BilingualText("لا يقول الرد ما يكفي", "The reply says too little")
)
IF_MATCH_REQUIRED = ProblemType(
    "if-match-required", 428, BilingualText("اذكر ما رأيته", "Say which version you saw")
)
TOO_MANY_REQUESTS = ProblemType("too-many-tries", 429, BilingualText("محاولات كثيرة", "Too many tries"))
PROOF_NEEDED = ProblemType(
    "proof-needed", 429, BilingualText("كثير من شبكتك الآن", "Much from your network just now")
)
SERVER_ERROR = ProblemType("our-fault", 500, BilingualText("خطأ عندنا", "A fault on our side"))
UNAVAILABLE = ProblemType(
    "unavailable", 503, BilingualText("الخدمة متوقفة الآن", "The service is not available now")
)

PROBLEM_TYPES: Mapping[str, ProblemType] = {
    sort.slug: sort
    for sort in (
        MALFORMED_REQUEST,
        IDEMPOTENCY_KEY_REQUIRED,
        NOT_SIGNED_IN,
        NOT_ALLOWED,
        NOT_FOUND,
        METHOD_NOT_ALLOWED,
        CHANGED_MEANWHILE,
        NOT_POSSIBLE,
        STILL_UNDER_WAY,
        TOO_LARGE,
        NOT_JSON,
        INVALID_FIELDS,
        IDEMPOTENCY_KEY_REUSED,
        USE_CONFIDENTIAL_CHANNEL,
        SAYS_TOO_LITTLE,
        IF_MATCH_REQUIRED,
        TOO_MANY_REQUESTS,
        PROOF_NEEDED,
        SERVER_ERROR,
        UNAVAILABLE,
    )
}

# What is said where nothing closer to the matter is known.
DEFAULT_DETAILS: Mapping[ProblemType, BilingualText] = {
    MALFORMED_REQUEST: BilingualText(
        "تأكد أن المرسَل JSON صحيح بترميز UTF-8.", "Check that the body is valid JSON in UTF-8."
    ),
    IDEMPOTENCY_KEY_REQUIRED: BilingualText(
        "أرسل ترويسة Idempotency-Key فيها 16 رمزًا أو أكثر، تختارها عشوائيًا لكل طلب جديد.",
        "Send an Idempotency-Key header of 16 characters or more, drawn at random for each new case.",
    ),
    NOT_SIGNED_IN: BilingualText(
        "أرسل رمز دخول صالحًا في ترويسة Authorization، أو سجّل الدخول.",
        "Send a valid token in the Authorization header, or sign in.",
    ),
    NOT_ALLOWED: BilingualText("هذا خارج صلاحياتك.", "Your role or your token's scope does not reach this."),
    NOT_FOUND: BilingualText("لا يوجد شيء بهذا العنوان.", "There is nothing at this address."),
    METHOD_NOT_ALLOWED: BilingualText(
        "الطرق المقبولة في ترويسة Allow.", "The Allow header names the methods that are."
    ),
    TOO_LARGE: BilingualText("الحد 256 كيلوبايت.", "The limit is 256 KiB."),
    NOT_JSON: BilingualText(
        "نوع المحتوى المقبول هو application/json.", "The content type is to be application/json."
    ),
    INVALID_FIELDS: BilingualText("راجع الحقول المذكورة.", "See the fields that are named."),
    IF_MATCH_REQUIRED: BilingualText(
        'أرسل ترويسة If-Match فيها آخر رقم رأيته، مثل "4".',
        'Send If-Match with the last seq that you saw: "4".',
    ),
    TOO_MANY_REQUESTS: BilingualText("انتظر قليلًا ثم حاول ثانية.", "Wait a little, then try again."),
    SERVER_ERROR: BilingualText(
        "سجّلنا الخطأ. حاول بعد قليل.", "We have noted the fault. Try again in a while."
    ),
    UNAVAILABLE: BilingualText("حاول بعد قليل.", "Try again in a while."),
}


class Problem(Exception):
    """A refusal on its way out. `more` goes beside the standard members, `headers` into the answer's headers."""

    def __init__(
        self, sort: ProblemType, detail: BilingualText | None = None, errors: Iterable[FieldError] = (),
        headers: Mapping[str, str] | None = None, **more: Any,
    ) -> None:  # fmt: skip
        self.type, self.errors, self.extensions = sort, list(errors), more
        self.detail = detail or DEFAULT_DETAILS[sort]
        self.headers = headers or {}
        super().__init__(sort.slug)


def get_language(request: HttpRequest) -> str:
    """The language that the caller asks for; Arabic where it says nothing."""
    return "en" if get_language_from_request(request).startswith("en") else "ar"


def build_type_url(sort: ProblemType) -> str:
    """The address that identifies the sort of problem, and explains it."""
    return f"{settings.PUBLIC_URL}/api/v1/problems/{sort.slug}"


def render_problem(request: HttpRequest, problem: Problem) -> HttpResponse:
    """The problem in the caller's language; what is wrong with each field in both."""
    language = get_language(request)
    said = {
        "type": build_type_url(problem.type),
        "title": problem.type.title.in_language(language),
        "status": problem.type.status,
        "detail": problem.detail.in_language(language),
        "errors": [
            {"field": error.field, "message_ar": error.message.ar, "message_en": error.message.en}
            for error in problem.errors
        ],
        **problem.extensions,
    }
    headers = {"Content-Language": language, "Cache-Control": "no-store", **problem.headers}
    body = json.dumps(said, ensure_ascii=False).encode("utf-8", "replace")
    return HttpResponse(body, status=problem.type.status, content_type=CONTENT_TYPE, headers=headers)
