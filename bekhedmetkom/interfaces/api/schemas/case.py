"""A citizen's case: what is sent, what is answered."""

from datetime import date, datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from ninja import Schema
from pydantic import Field, StrictBool, StrictInt, model_validator
from pydantic_core import PydanticCustomError

from bekhedmetkom.attachments.rules import MOST_FILES, MediaType
from bekhedmetkom.cases.rules.states import State
from bekhedmetkom.catalogue.rules import Kind

from ..fields import EntityCode, GovernorateCode, Latitude, Line, Longitude, ServiceCode, Text
from .shared import CodedSentence, Sent, Sentence

Gate = Literal["declined"]
Uploads = Annotated[list[UUID], Field(max_length=MOST_FILES, description="Ids that `/uploads` has given")]


class ApplicantIn(Sent):
    """Who brings the case. Nothing is demanded unless the topic demands it."""

    name: Line = ""
    phone: Line = ""
    email: Line = ""
    national_number: Line = ""
    passport: Line = ""
    withhold_identity: StrictBool = False
    language: Literal["ar", "en"] = "ar"

    @model_validator(mode="after")
    def _one_number(self) -> Self:
        if self.national_number and self.passport:
            raise PydanticCustomError("one_number_only", "a national number or a passport")
        return self


class AboutIn(Sent):
    """An officer or a department that the case is about."""

    employee: Line = ""
    unit: Line = ""


class OnBehalfOfIn(Sent):
    """For whom the case is brought, where it is somebody else."""

    relation: Line = ""
    name: Line = ""


class CaseIn(Sent):
    kind: Kind
    text: Text = Field("", description="Required, unless a recording among the uploads stands for it")
    title: Line = ""
    entity: EntityCode | None = None
    service: ServiceCode | None = None
    governorate: GovernorateCode | None = None
    address: Line = ""
    lat: Latitude | None = None
    lng: Longitude | None = None
    applicant: ApplicantIn = Field(default_factory=ApplicantIn)
    about: AboutIn = Field(default_factory=AboutIn)
    on_behalf_of: OnBehalfOfIn = Field(default_factory=OnBehalfOfIn)
    uploads: Uploads = Field(
        [], description="Ids that `/uploads` has given; a recording among them may stand for the text"
    )
    gate: Gate | None = Field(
        None, description="Set only once the person has read about the confidential channel"
    )

    public: StrictBool = Field(
        False, description="The person agrees that everybody may read of it, where the topic allows that"
    )

    @model_validator(mode="after")
    def _whole_place(self) -> Self:
        if (self.lat is None) != (self.lng is None):
            raise PydanticCustomError("half_a_place", "lat and lng together")
        return self


class Links(Schema):
    self: str = Field(description="The case in this API")
    page: str = Field(description="Its page for people")


class Placed(Schema):
    """Whose a case is, in codes and names. While nobody is sure, the Prime Ministry has it: `triage`."""

    status: State
    entity: str
    entity_name: Sentence
    service: str | None
    service_name: Sentence | None
    due_at: datetime


class CaseTaken(Placed):
    reference: str
    access_code: str = Field(description="Shown this once; it opens the case")
    received_at: datetime
    receipt: str = Field(description="The first event's hash with the platform's signature")
    triage: bool
    warnings: list[CodedSentence]
    links: Links


class SaidOut(Schema):
    field: str
    body: str


class TimelineEntry(Sentence):
    at: datetime
    event: str
    texts: list[SaidOut]


class Can(Schema):
    reply: bool
    rate: bool
    appeal: bool
    withdraw: bool


class UploadOut(Schema):
    """A file as it was kept, perhaps of another type than was sent. `size` in bytes."""

    id: UUID
    name: str
    size: int
    media_type: MediaType
    expires_at: datetime = Field(description="Until then a case, message or reply can take it, once")


class FileOut(Schema):
    """A file of a case. `url` is good for 15 minutes."""

    id: UUID
    name: str
    media_type: MediaType
    size: int
    received_at: datetime
    from_citizen: bool
    url: str


class ReplyPartsOut(Schema):
    """What the answer is made of: what was found, done or decided, by which unit, when, where to object."""

    done: str
    unit: Sentence | None
    on: date | None
    objection: str


class CitizenCaseOut(Placed):
    reference: str
    kind: Kind
    received_at: datetime
    overdue: bool
    title: str
    text: str
    timeline: list[TimelineEntry]
    question: str = Field(description="What the body last asked")
    response: str = Field(description="The body's answer; empty until there is one")
    response_parts: ReplyPartsOut | None = Field(description="The same in parts, where its writer gave them")
    decision: str = Field(description="The reviewer's decision on the appeal")
    files: list[FileOut]
    can: Can
    appeal_until: datetime | None
    updated_at: datetime
    seq: int


class MessageIn(Sent):
    text: Text = Field("", description="Required, unless files come with it")
    uploads: Uploads = []
    gate: Gate | None = None


class AttachmentsIn(Sent):
    uploads: Annotated[Uploads, Field(min_length=1)]
    text: Text = ""
    gate: Gate | None = None


class RatingIn(Sent):
    solved: StrictBool
    stars: StrictInt | None = Field(None, ge=1, le=5)
    comment: Text = ""
    gate: Gate | None = None


class AppealIn(Sent):
    reason: Text
    gate: Gate | None = None


class PushKeysIn(Sent):
    p256dh: Line
    auth: Line


class PushIn(Sent):
    """A browser's `PushSubscription`, as `toJSON()` gives it."""

    endpoint: Annotated[str, Field(max_length=1000)]
    keys: PushKeysIn
    expirationTime: float | None = None


class PushKeyOut(Schema):
    key: str
