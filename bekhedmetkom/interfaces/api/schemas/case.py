"""A citizen's case: what is sent, what is answered."""

from datetime import date, datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from ninja import Schema
from pydantic import Field, StrictBool, StrictInt, model_validator
from pydantic_core import PydanticCustomError

from bekhedmetkom.attachments.rules import MAX_FILES, MediaType
from bekhedmetkom.cases.rules.states import State
from bekhedmetkom.catalogue.rules import Kind

from ..field_types import EntityCode, GovernorateCode, Latitude, Longitude, LongText, ServiceCode, ShortText
from .shared import BilingualOut, CodedTextOut, RequestBody

GateChoice = Literal["declined"]
Uploads = Annotated[list[UUID], Field(max_length=MAX_FILES, description="Ids that `/uploads` has given")]


class ApplicantIn(RequestBody):
    """Who brings the case. Nothing is demanded unless the topic demands it."""

    name: ShortText = ""
    phone: ShortText = ""
    email: ShortText = ""
    national_number: ShortText = ""
    passport: ShortText = ""
    withhold_identity: StrictBool = False
    language: Literal["ar", "en"] = "ar"

    @model_validator(mode="after")
    def _one_number(self) -> Self:
        if self.national_number and self.passport:
            raise PydanticCustomError("one_number_only", "a national number or a passport")
        return self


class AboutIn(RequestBody):
    """An officer or a department that the case is about."""

    employee: ShortText = ""
    unit: ShortText = ""


class OnBehalfOfIn(RequestBody):
    """For whom the case is brought, where it is somebody else."""

    relation: ShortText = ""
    name: ShortText = ""


class CaseIn(RequestBody):
    kind: Kind
    text: LongText = Field("", description="Required, unless a recording among the uploads stands for it")
    title: ShortText = ""
    entity: EntityCode | None = None
    service: ServiceCode | None = None
    governorate: GovernorateCode | None = None
    address: ShortText = ""
    lat: Latitude | None = None
    lng: Longitude | None = None
    applicant: ApplicantIn = Field(default_factory=ApplicantIn)
    about: AboutIn = Field(default_factory=AboutIn)
    on_behalf_of: OnBehalfOfIn = Field(default_factory=OnBehalfOfIn)
    uploads: Uploads = Field(
        [], description="Ids that `/uploads` has given; a recording among them may stand for the text"
    )
    gate: GateChoice | None = Field(
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


class LinksOut(Schema):
    self: str = Field(description="The case in this API")
    page: str = Field(description="Its page for people")


class CasePlacementOut(Schema):
    """Whose a case is, in codes and names. While nobody is sure, the Prime Ministry has it: `triage`."""

    status: State
    entity: str
    entity_name: BilingualOut
    service: str | None
    service_name: BilingualOut | None
    due_at: datetime


class CaseCreatedOut(CasePlacementOut):
    reference: str
    access_code: str = Field(description="Shown this once; it opens the case")
    received_at: datetime
    receipt: str = Field(description="The first event's hash with the platform's signature")
    triage: bool
    warnings: list[CodedTextOut]
    links: LinksOut


class TextOut(Schema):
    field: str
    body: str


class TimelineEntryOut(BilingualOut):
    at: datetime
    event: str
    texts: list[TextOut]


class CitizenActionsOut(Schema):
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
    unit: BilingualOut | None
    on: date | None
    objection: str


class CitizenCaseOut(CasePlacementOut):
    reference: str
    kind: Kind
    received_at: datetime
    overdue: bool
    title: str
    text: str
    timeline: list[TimelineEntryOut]
    question: str = Field(description="What the body last asked")
    response: str = Field(description="The body's answer; empty until there is one")
    response_parts: ReplyPartsOut | None = Field(description="The same in parts, where its writer gave them")
    decision: str = Field(description="The reviewer's decision on the appeal")
    files: list[FileOut]
    can: CitizenActionsOut
    appeal_until: datetime | None
    updated_at: datetime
    seq: int


class MessageIn(RequestBody):
    text: LongText = Field("", description="Required, unless files come with it")
    uploads: Uploads = []
    gate: GateChoice | None = None


class AttachmentsIn(RequestBody):
    uploads: Annotated[Uploads, Field(min_length=1)]
    text: LongText = ""
    gate: GateChoice | None = None


class RatingIn(RequestBody):
    solved: StrictBool
    stars: StrictInt | None = Field(None, ge=1, le=5)
    comment: LongText = ""
    gate: GateChoice | None = None


class AppealIn(RequestBody):
    reason: LongText
    gate: GateChoice | None = None


class PushKeysIn(RequestBody):
    p256dh: ShortText
    auth: ShortText


class PushIn(RequestBody):
    """A browser's `PushSubscription`, as `toJSON()` gives it."""

    endpoint: Annotated[str, Field(max_length=1000)]
    keys: PushKeysIn
    expirationTime: float | None = None


class PushKeyOut(Schema):
    key: str
