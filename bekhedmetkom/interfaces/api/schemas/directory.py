"""Kinds, public bodies, their topics, governorates, and what is suggested for a text."""

from datetime import datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import BaseModel, Field, StringConstraints

from bekhedmetkom.catalogue.rules import Kind

from ..field_types import GovernorateCode, Latitude, Longitude, LongText
from .shared import CodedTextOut, RequestBody


class NamedOut(Schema):
    code: str
    name_ar: str
    name_en: str


class KindOut(NamedOut):
    code: Kind
    working_days: list[int] = Field(description="Within how many working days it is answered, by complexity")


class EntityOut(NamedOut):
    kind: str
    parent: str | None = Field(description="Code of the body above it")
    sector: str = Field(description="Code of the minister's mandate that it belongs to")
    governorates: list[str] = Field(description="Codes of the governorates that it serves")
    email: str
    phone: str


class ServiceOut(NamedOut):
    typical_kind: Kind
    about_place: bool = Field(description="Say where: a governorate, perhaps an address")
    needs_identity: bool = Field(description="Name and national or passport number are demanded")
    confidential: bool = Field(description="Only by the confidential channel; not taken here")


class GovernorateOut(NamedOut):
    iso_3166_2: str
    region_ar: str


class KindsOut(Schema):
    items: list[KindOut]
    next: str | None


class EntitiesOut(Schema):
    items: list[EntityOut]
    next: str | None


class ServicesOut(Schema):
    items: list[ServiceOut]
    next: str | None


class GovernoratesOut(Schema):
    items: list[GovernorateOut]
    next: str | None


class EntitiesQuery(BaseModel):
    q: Annotated[str, StringConstraints(max_length=200)] = ""
    cursor: Annotated[str, StringConstraints(max_length=40)] = ""
    limit: int = Field(100, ge=1, le=500)


class SuggestIn(RequestBody):
    text: LongText
    kind: Kind | None = None
    governorate: GovernorateCode | None = None
    lat: Latitude | None = None
    lng: Longitude | None = None
    gate: Literal["declined"] | None = None


class LikelyKindOut(Schema):
    kind: Kind
    score: float = Field(description="Its share; all add up to 1")
    words: list[str] = Field(description="The words of the text that speak for it")


class DestinationOut(Schema):
    entity: str
    service: str | None
    entity_ar: str
    entity_en: str
    service_ar: str | None
    service_en: str | None
    score: float
    reasons: list[CodedTextOut]


class SimilarAnswerOut(Schema):
    """A published answer to such a question: what it says, and who said it when."""

    question: str
    answer: str
    url: str
    score: float
    reference: str
    entity: str
    entity_ar: str
    entity_en: str
    answered_at: datetime


class SuggestOut(Schema):
    kind: list[LikelyKindOut]
    destinations: list[DestinationOut]
    similar: list[SimilarAnswerOut]
    language: Literal["ar", "en", "arabizi", "other"]
    warnings: list[CodedTextOut]
