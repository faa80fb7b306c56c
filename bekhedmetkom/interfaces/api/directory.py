"""What anybody may know before bringing a case: kinds, bodies, topics, governorates; and suggestions for a text."""

from datetime import datetime

from django.conf import settings
from django.http import HttpRequest
from ninja import Query

from bekhedmetkom.cases.commands.wording import gated, worded
from bekhedmetkom.cases.queries import PublishedAnswer, answers_like
from bekhedmetkom.catalogue.queries import promised_days, service, services_of
from bekhedmetkom.catalogue.rules import KIND_WORDS, Handling
from bekhedmetkom.entities.queries import heir_by_code, places, search_entities, sectors, tree
from bekhedmetkom.entities.tree import Body
from bekhedmetkom.identity import limits
from bekhedmetkom.interfaces.address import address_of
from bekhedmetkom.interfaces.audience import audience
from bekhedmetkom.kernel import clock
from bekhedmetkom.kernel.clock import local_day
from bekhedmetkom.kernel.words import Words
from bekhedmetkom.language.danger import danger_to_life
from bekhedmetkom.language.detect import language_of
from bekhedmetkom.language.kinds import guess_kind
from bekhedmetkom.routing.queries import suggest as suggestions
from bekhedmetkom.routing.queries import suggests_by_words_only
from bekhedmetkom.routing.rules import Candidate

from . import problems
from .api import api
from .openapi import BODY, answers
from .problems import Problem
from .schemas.directory import (
    EntitiesOut,
    EntitiesWanted,
    EntityOut,
    GovernoratesOut,
    KindsOut,
    ServicesOut,
    SuggestIn,
    SuggestOut,
)
from .schemas.shared import CodedSentence

MOST_SIMILAR = 3

_NO_BODY = Words("لا جهة بهذا الرمز.", "No body has this code.")
DANGER = CodedSentence(
    code="danger_to_life",
    ar="إن كانت حياة أحد في خطر الآن فاتصل بالرقم 911 أولًا.",
    en="If a life is in danger now, call 911 first.",
)

WORDS_ONLY = CodedSentence(
    code="by_words_only",
    ar="الاقتراح الآن بالكلمات وحدها لأن نموذج المعاني غير محمّل، فتأكد من الجهة قبل أن تختارها.",
    en="Suggestions go by words alone now, for the model of meanings is not loaded: look twice before you choose.",
)


@api.get(
    "/kinds",
    **answers("أنواع الطلبات، ومدة الرد الموعودة لكل نوع.", KindsOut),
    url_name="kinds",
    tags=["directory"],
)
@audience("public")
def kinds(request: HttpRequest) -> dict[str, object]:
    """The kinds of case, with the promise of each."""
    at = clock.now()
    items = [
        {
            "code": kind,
            "name_ar": words.ar,
            "name_en": words.en,
            "working_days": sorted(promised_days(kind, at)),
        }
        for kind, words in KIND_WORDS.items()
    ]
    return {"items": items, "next": None}


@api.get(
    "/governorates",
    **answers("المحافظات الاثنتا عشرة.", GovernoratesOut),
    url_name="governorates",
    tags=["directory"],
)
@audience("public")
def governorates(request: HttpRequest) -> dict[str, object]:
    """The twelve governorates."""
    return {"items": list(places().values()), "next": None}


@api.get(
    "/entities",
    **answers(
        "الجهات الحكومية بترتيب رموزها. ومع `q` ما في اسمه أو رمزه كلماتها، الأقرب أولًا.",
        EntitiesOut,
        problems.INVALID,
    ),
    url_name="entities",
    tags=["directory"],
)
@audience("public")
def entities(request: HttpRequest, wanted: Query[EntitiesWanted]) -> dict[str, object]:
    """Public bodies by code; with `q` those whose name or code holds its words, the likeliest first."""
    today = local_day(clock.now())
    if wanted.q.strip():
        found = search_entities(wanted.q, today, wanted.limit)
        return {"items": [_entity(body) for body in found], "next": None}
    later = sorted(
        (body for body in tree() if body.code > wanted.cursor and body.is_open(today)),
        key=lambda body: body.code,
    )
    page = later[: wanted.limit]
    return {
        "items": [_entity(body) for body in page],
        "next": page[-1].code if len(later) > len(page) else None,
    }


@api.get(
    "/entities/{code}",
    **answers("جهة حكومية واحدة.", EntityOut, problems.NOT_FOUND),
    url_name="entity",
    tags=["directory"],
)
@audience("public")
def entity(request: HttpRequest, code: str) -> dict[str, object]:
    """One public body."""
    return _entity(_body(code, clock.now()))


@api.get(
    "/entities/{code}/services",
    **answers("موضوعات الجهة.", ServicesOut, problems.NOT_FOUND),
    url_name="services",
    tags=["directory"],
)
@audience("public")
def services(request: HttpRequest, code: str) -> dict[str, object]:
    """The topics of a body's catalogue."""
    at = clock.now()
    items = [
        {
            "code": topic.code, "name_ar": topic.name_ar, "name_en": topic.name_en, "typical_kind": topic.typical_kind,
            "about_place": topic.about_place, "needs_identity": topic.needs_identity,
            "confidential": topic.handling is Handling.SEALED,
        }
        for topic in services_of(_body(code, at).id)
        if topic.is_open(local_day(at))
    ]  # fmt: skip
    return {"items": items, "next": None}


@api.post(
    "/suggest",
    url_name="suggest",
    tags=["directory"],
    **answers(
        "لأي جهة قد يكون النص، وماذا يشبه. لا نحفظ منه شيئًا.",
        SuggestOut,
        *BODY,
        problems.CONFIDENTIAL,
        problems.TOO_FAST,
    ),
)
@audience("public")
def suggest(request: HttpRequest, payload: SuggestIn) -> dict[str, object]:
    """Where a text may belong, and what it looks like. Nothing of it is kept."""
    if wait := limits.wait_to_ask(address=address_of(request), at=clock.now()):
        raise Problem(problems.TOO_FAST, headers={"Retry-After": str(wait)})
    text = gated(worded("text", payload.text), declined=payload.gate is not None)
    return {
        "kind": [{"kind": kind, "score": score, "words": words} for kind, score, words in guess_kind(text)],
        "destinations": [
            _destination(found) for found in suggestions(text, payload.kind, payload.governorate)
        ],
        "similar": [_similar(found) for found in answers_like(text, MOST_SIMILAR)],
        "language": language_of(text),
        "warnings": [
            *([DANGER] if danger_to_life(text) else []),
            *([WORDS_ONLY] if suggests_by_words_only() else []),
        ],
    }


def _similar(found: PublishedAnswer) -> dict[str, object]:
    body = tree()[found.entity]
    return {
        "question": found.question, "answer": found.answer, "score": found.score, "reference": found.reference,
        "url": f"{settings.PUBLIC_URL}/answers/{found.reference}", "answered_at": found.answered_at,
        "entity": body.code, "entity_ar": body.name_ar, "entity_en": body.name_en,
    }  # fmt: skip


def _body(code: str, at: datetime) -> Body:
    """The body, or whoever took its place: programs go on asking by the old code."""
    body = heir_by_code(code, local_day(at))
    if body is None:
        raise Problem(problems.NOT_FOUND, _NO_BODY)
    return body


def _entity(body: Body) -> dict[str, object]:
    return {
        "code": body.code, "name_ar": body.name_ar, "name_en": body.name_en, "kind": body.kind,
        "parent": tree()[body.parent].code if body.parent else None, "sector": sectors()[body.sector].code,
        "governorates": sorted(places()[place].code for place in body.governorates),
        "email": body.email, "phone": body.phone,
    }  # fmt: skip


def _destination(found: Candidate) -> dict[str, object]:
    body, topic = tree()[found.entity], service(found.service) if found.service else None
    return {
        "entity": body.code, "entity_ar": body.name_ar, "entity_en": body.name_en,
        "service": topic.code if topic else None, "service_ar": topic.name_ar if topic else None,
        "service_en": topic.name_en if topic else None, "score": found.score,
        "reasons": [{"code": reason.code, "ar": reason.words.ar, "en": reason.words.en} for reason in found.reasons],
    }  # fmt: skip
