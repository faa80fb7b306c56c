"""What anybody may know before bringing a case: kinds, bodies, topics, governorates; and suggestions for a text."""

from datetime import datetime

from django.conf import settings
from django.http import HttpRequest
from ninja import Query

from bekhedmetkom.cases.commands.text_validation import check_corruption_gate, validate_text
from bekhedmetkom.cases.queries import PublishedAnswer, search_published_answers
from bekhedmetkom.catalogue.queries import get_promised_days, get_service, list_services_of
from bekhedmetkom.catalogue.rules import KIND_LABELS, Handling
from bekhedmetkom.entities.queries import (
    find_successor_by_code,
    get_governorates,
    get_sectors,
    get_tree,
    search_entities,
)
from bekhedmetkom.entities.tree import Body
from bekhedmetkom.identity import rate_limit
from bekhedmetkom.interfaces.access_control import audience
from bekhedmetkom.interfaces.request_headers import get_client_address
from bekhedmetkom.kernel import clock
from bekhedmetkom.kernel.clock import get_local_date
from bekhedmetkom.kernel.text import BilingualText
from bekhedmetkom.language.danger import detect_danger
from bekhedmetkom.language.kind_classifier import rank_kinds
from bekhedmetkom.language.language_detection import detect_language
from bekhedmetkom.routing.queries import lacks_embeddings
from bekhedmetkom.routing.queries import suggest_destinations as suggestions
from bekhedmetkom.routing.rules import Candidate

from .. import problems
from ..api import api
from ..openapi import BODY_PROBLEMS, document_responses
from ..problems import Problem
from ..schemas.directory import (
    EntitiesOut,
    EntitiesQuery,
    EntityOut,
    GovernoratesOut,
    KindsOut,
    ServicesOut,
    SuggestIn,
    SuggestOut,
)
from ..schemas.shared import CodedTextOut

MAX_SIMILAR_ANSWERS = 3

_NO_BODY = BilingualText("لا جهة بهذا الرمز.", "No body has this code.")
DANGER_WARNING = CodedTextOut(
    code="danger_to_life",
    ar="إن كانت حياة أحد في خطر الآن فاتصل بالرقم 911 أولًا.",
    en="If a life is in danger now, call 911 first.",
)

WORDS_ONLY_WARNING = CodedTextOut(
    code="by_words_only",
    ar="الاقتراح الآن بالكلمات وحدها لأن نموذج المعاني غير محمّل، فتأكد من الجهة قبل أن تختارها.",
    en="Suggestions go by words alone now, for the model of meanings is not loaded: look twice before you choose.",
)


@api.get(
    "/kinds",
    **document_responses("أنواع الطلبات، ومدة الرد الموعودة لكل نوع.", KindsOut),
    url_name="kinds",
    tags=["directory"],
)
@audience("public")
def list_kinds(request: HttpRequest) -> dict[str, object]:
    """The kinds of case, with the promise of each."""
    at = clock.now()
    items = [
        {
            "code": kind,
            "name_ar": words.ar,
            "name_en": words.en,
            "working_days": sorted(get_promised_days(kind, at)),
        }
        for kind, words in KIND_LABELS.items()
    ]
    return {"items": items, "next": None}


@api.get(
    "/governorates",
    **document_responses("المحافظات الاثنتا عشرة.", GovernoratesOut),
    url_name="governorates",
    tags=["directory"],
)
@audience("public")
def list_governorates(request: HttpRequest) -> dict[str, object]:
    """The twelve governorates."""
    return {"items": list(get_governorates().values()), "next": None}


@api.get(
    "/entities",
    **document_responses(
        "الجهات الحكومية بترتيب رموزها. ومع `q` ما في اسمه أو رمزه كلماتها، الأقرب أولًا.",
        EntitiesOut,
        problems.INVALID_FIELDS,
    ),
    url_name="entities",
    tags=["directory"],
)
@audience("public")
def list_entities(request: HttpRequest, wanted: Query[EntitiesQuery]) -> dict[str, object]:
    """Public bodies by code; with `q` those whose name or code holds its words, the likeliest first."""
    today = get_local_date(clock.now())
    if wanted.q.strip():
        found = search_entities(wanted.q, today, wanted.limit)
        return {"items": [_serialize_entity(body) for body in found], "next": None}
    later = sorted(
        (body for body in get_tree() if body.code > wanted.cursor and body.is_open(today)),
        key=lambda body: body.code,
    )
    page = later[: wanted.limit]
    return {
        "items": [_serialize_entity(body) for body in page],
        "next": page[-1].code if len(later) > len(page) else None,
    }


@api.get(
    "/entities/{code}",
    **document_responses("جهة حكومية واحدة.", EntityOut, problems.NOT_FOUND),
    url_name="entity",
    tags=["directory"],
)
@audience("public")
def get_entity(request: HttpRequest, code: str) -> dict[str, object]:
    """One public body."""
    return _serialize_entity(_get_body(code, clock.now()))


@api.get(
    "/entities/{code}/services",
    **document_responses("موضوعات الجهة.", ServicesOut, problems.NOT_FOUND),
    url_name="services",
    tags=["directory"],
)
@audience("public")
def list_services(request: HttpRequest, code: str) -> dict[str, object]:
    """The topics of a body's catalogue."""
    at = clock.now()
    items = [
        {
            "code": topic.code, "name_ar": topic.name_ar, "name_en": topic.name_en, "typical_kind": topic.typical_kind,
            "about_place": topic.about_place, "needs_identity": topic.needs_identity,
            "confidential": topic.handling is Handling.SEALED,
        }
        for topic in list_services_of(_get_body(code, at).id)
        if topic.is_open(get_local_date(at))
    ]  # fmt: skip
    return {"items": items, "next": None}


@api.post(
    "/suggest",
    url_name="suggest",
    tags=["directory"],
    **document_responses(
        "لأي جهة قد يكون النص، وماذا يشبه. لا نحفظ منه شيئًا.",
        SuggestOut,
        *BODY_PROBLEMS,
        problems.USE_CONFIDENTIAL_CHANNEL,
        problems.TOO_MANY_REQUESTS,
    ),
)
@audience("public")
def suggest_destinations(request: HttpRequest, payload: SuggestIn) -> dict[str, object]:
    """Where a text may belong, and what it looks like. Nothing of it is kept."""
    if wait := rate_limit.count_question(address=get_client_address(request), at=clock.now()):
        raise Problem(problems.TOO_MANY_REQUESTS, headers={"Retry-After": str(wait)})
    text = check_corruption_gate(validate_text("text", payload.text), declined=payload.gate is not None)
    return {
        "kind": [{"kind": kind, "score": score, "words": words} for kind, score, words in rank_kinds(text)],
        "destinations": [
            _serialize_destination(found) for found in suggestions(text, payload.kind, payload.governorate)
        ],
        "similar": [
            _serialize_similar_answer(found) for found in search_published_answers(text, MAX_SIMILAR_ANSWERS)
        ],
        "language": detect_language(text),
        "warnings": [
            *([DANGER_WARNING] if detect_danger(text) else []),
            *([WORDS_ONLY_WARNING] if lacks_embeddings() else []),
        ],
    }


def _serialize_similar_answer(found: PublishedAnswer) -> dict[str, object]:
    body = get_tree()[found.entity]
    return {
        "question": found.question, "answer": found.answer, "score": found.score, "reference": found.reference,
        "url": f"{settings.PUBLIC_URL}/answers/{found.reference}", "answered_at": found.answered_at,
        "entity": body.code, "entity_ar": body.name_ar, "entity_en": body.name_en,
    }  # fmt: skip


def _get_body(code: str, at: datetime) -> Body:
    """The body, or whoever took its place: programs go on asking by the old code."""
    body = find_successor_by_code(code, get_local_date(at))
    if body is None:
        raise Problem(problems.NOT_FOUND, _NO_BODY)
    return body


def _serialize_entity(body: Body) -> dict[str, object]:
    return {
        "code": body.code, "name_ar": body.name_ar, "name_en": body.name_en, "kind": body.kind,
        "parent": get_tree()[body.parent].code if body.parent else None, "sector": get_sectors()[body.sector].code,
        "governorates": sorted(get_governorates()[place].code for place in body.governorates),
        "email": body.email, "phone": body.phone,
    }  # fmt: skip


def _serialize_destination(found: Candidate) -> dict[str, object]:
    body, topic = get_tree()[found.entity], get_service(found.service) if found.service else None
    return {
        "entity": body.code, "entity_ar": body.name_ar, "entity_en": body.name_en,
        "service": topic.code if topic else None, "service_ar": topic.name_ar if topic else None,
        "service_en": topic.name_en if topic else None, "score": found.score,
        "reasons": [{"code": reason.code, "ar": reason.text.ar, "en": reason.text.en} for reason in found.reasons],
    }  # fmt: skip
