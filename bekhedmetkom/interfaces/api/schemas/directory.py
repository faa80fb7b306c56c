"""Kinds, public bodies, their topics, governorates, and what is suggested for a text."""

from datetime import datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import BaseModel, Field, StringConstraints

from bekhedmetkom.catalogue.rules import Kind

from ..fields import GovernorateCode, Latitude, Longitude, Text
from .shared import CodedSentence, Sent


class Named(Schema):
    code: str
    name_ar: str
    name_en: str


class KindOut(Named):
    code: Kind
    working_days: list[int] = Field(description="Within how many working days it is answered, by complexity")


class EntityOut(Named):
    kind: str
    parent: str | None = Field(description="Code of the body above it")
    sector: str = Field(description="Code of the minister's mandate that it belongs to")
    governorates: list[str] = Field(description="Codes of the governorates that it serves")
    email: str
    phone: str


class ServiceOut(Named):
    typical_kind: Kind
    about_place: bool = Field(description="Say where: a governorate, perhaps an address")
    needs_identity: bool = Field(description="Name and national or passport number are demanded")
    confidential: bool = Field(description="Only by the confidential channel; not taken here")


class GovernorateOut(Named):
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


class EntitiesWanted(BaseModel):
    q: Annotated[str, StringConstraints(max_length=200)] = ""
    cursor: Annotated[str, StringConstraints(max_length=40)] = ""
    limit: int = Field(100, ge=1, le=500)


class SuggestIn(Sent):
    text: Text
    kind: Kind | None = None
    governorate: GovernorateCode | None = None
    lat: Latitude | None = None
    lng: Longitude | None = None
    gate: Literal["declined"] | None = None


class LikelyKind(Schema):
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
    reasons: list[CodedSentence]


class SimilarOut(Schema):
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
    kind: list[LikelyKind]
    destinations: list[DestinationOut]
    similar: list[SimilarOut]
    language: Literal["ar", "en", "arabizi", "other"]
    warnings: list[CodedSentence]
