"""The desk: what officers' systems filter by, read and do."""

from datetime import date, datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from ninja import Schema
from pydantic import BaseModel, Field, StrictBool, StrictInt, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from bekhedmetkom.cases.queries import TaskOutcome
from bekhedmetkom.cases.rules.states import State
from bekhedmetkom.catalogue.rules import Disposition, EscalationLevel, Handling, Kind

from ..field_types import (
    Day,
    EntityCode,
    GovernorateCode,
    LongText,
    Moment,
    Reference,
    ServiceCode,
    ShortText,
)
from .case import CasePlacementOut, FileOut, TextOut, Uploads
from .shared import BilingualOut, RequestBody

Queue = Literal[
    "mine", "unit", "entity", "unassigned", "triage", "today", "overdue", "approval", "escalated", "appeals",
    "callbacks", "snoozed", "answered",
]  # fmt: skip


class CaseListQuery(BaseModel):
    """What narrows a queue; an empty parameter is one that was not given."""

    queue: Queue | None = Field(
        None,
        description="Not given: `mine`; with `q`, all that the officer may read, closed too, the newest first",
    )
    kind: Kind | None = None
    service: ServiceCode | None = None
    governorate: GovernorateCode | None = None
    state: State | None = None
    entity: EntityCode | None = None
    officer: int | None = Field(None, description="Id of whoever has it", ge=1, le=2**62)
    channel: Annotated[str, StringConstraints(max_length=20, pattern=r"^[a-z0-9_-]+$")] | None = None
    urgent: bool = Field(False, description="Only what is urgent")
    overdue: bool = Field(False, description="Only what is late")
    due_from: Day | None = None
    due_to: Day | None = Field(None, description="The whole day counts, as for `came_to`")
    came_from: Day | None = None
    came_to: Day | None = None
    q: Annotated[str, StringConstraints(max_length=200)] = ""
    cursor: Annotated[str, StringConstraints(max_length=200)] = ""
    limit: int = Field(50, ge=1, le=100)

    @model_validator(mode="before")
    @classmethod
    def _empty_is_not_given(cls, given: Any) -> Any:
        return (
            {name: value for name, value in given.items() if value != ""}
            if isinstance(given, dict)
            else given
        )


class RowOut(CasePlacementOut):
    reference: str
    kind: Kind
    title: str
    excerpt: str
    unit: BilingualOut | None
    officer: BilingualOut | None
    governorate: str | None
    received_at: datetime
    overdue: bool
    urgent: bool
    seq: int


class RowsOut(Schema):
    items: list[RowOut]
    next: str | None


class ApplicantOut(Schema):
    """Who brought the case, as they gave it."""

    name: str
    phone: str
    email: str
    national_number: str
    passport: str
    for_name: str
    for_relation: str
    about_employee: str
    about_unit: str


class JournalEntryOut(BilingualOut):
    seq: int
    at: datetime
    event: str
    undone: bool
    by: BilingualOut
    texts: list[TextOut]


class NextEventOut(Schema):
    """What time causes next, if nobody acts."""

    at: datetime
    event: str


class EscalationStepOut(Schema):
    """One step of the ladder of escalation."""

    level: EscalationLevel
    at: datetime
    taken: bool


class UnitOut(Schema):
    code: str
    name_ar: str
    name_en: str


class ColleagueOut(Schema):
    id: int
    role: str
    name_ar: str
    name_en: str


class AssignableOut(Schema):
    """To whom `assign` can give the case; empty for who cannot."""

    units: list[UnitOut]
    officers: list[ColleagueOut]


class TaskOut(Schema):
    """What was asked of another unit or body by a day; `seq` is its event's, `answer` is empty where there is none.

    `wanted`: the body on which the Prime Ministry unit is to decide.
    """

    seq: int
    to: BilingualOut
    wanted: BilingualOut | None
    by: BilingualOut
    until: datetime
    text: str
    came: TaskOutcome
    answer: str


class DraftOut(Schema):
    text: str
    disposition: str
    quality_reason: str


class DeskFileOut(FileOut):
    """`shown`: the citizen sees it. `seq` is the event with which it came."""

    seq: int
    shown: bool


class DeskCaseOut(CasePlacementOut):
    reference: str
    kind: Kind
    seq: int
    triage: bool
    care: Handling
    channel: str
    language: str
    urgent: bool
    overdue: bool
    withheld: bool
    received_at: datetime
    updated_at: datetime
    answered_at: datetime | None
    snoozed_until: datetime | None
    disposition: Disposition | None
    solved: bool | None
    stars: int | None
    governorate: str | None
    address: str
    unit: BilingualOut | None
    officer: BilingualOut | None
    reviewer: BilingualOut | None
    title: str
    text: str
    about_employee: str = Field(description="Of whom its citizen says it complains, in their words")
    about_unit: str
    applicant: ApplicantOut | None = Field(
        description="Null where the identity is withheld from this officer"
    )
    reply: str = Field(description="The reply that waits for approval")
    draft: DraftOut | None
    journal: list[JournalEntryOut]
    notes: list[JournalEntryOut]
    files: list[DeskFileOut]
    tasks: list[TaskOut]
    voice: bool = Field(description="A recording stands for the text and waits for `transcribe`")
    dispositions: list[Disposition]
    can: list[str] = Field(description="The verbs that this officer can use now")
    assignable: AssignableOut
    next: NextEventOut | None
    ladder: list[EscalationStepOut]


class CaseLeftOut(Schema):
    """After a verb that took the case out of the officer's sight: referred, given back, stepped aside."""

    reference: str
    seq: int
    can: list[str]


# What the verbs take


class ClassifyIn(RequestBody):
    entity: EntityCode | None = None
    service: ServiceCode | None = None

    @model_validator(mode="after")
    def _something(self) -> Self:
        _require_one_of(self, "entity", "service")
        return self


class AssignIn(RequestBody):
    unit: ShortText | None = Field(None, description="Code of a unit of the case's body")
    officer: StrictInt | None = Field(None, description="Id of an officer of the case's body", ge=1, le=2**62)

    @model_validator(mode="after")
    def _somebody(self) -> Self:
        _require_one_of(self, "unit", "officer")
        return self


class ConflictOfInterestIn(AssignIn):
    """Of whom it complains: one of the officers of its body or of those above, or one of its units."""


class ReferIn(RequestBody):
    entity: EntityCode
    reason: LongText


class ReasonIn(RequestBody):
    reason: LongText


class TextIn(RequestBody):
    text: LongText


class TextAndFilesIn(TextIn):
    uploads: Uploads = []


class PhoneRatingIn(RequestBody):
    """What the citizen said by telephone. A body's own officers: only `false`, and no stars."""

    solved: StrictBool
    stars: StrictInt | None = Field(None, ge=1, le=5)
    comment: LongText = ""


class ShowFileIn(RequestBody):
    file: UUID
    shown: StrictBool = True


class PublishIn(RequestBody):
    """What everybody may read of it: without names, numbers or addresses of anybody. `shown` false ends it.

    `answer`: what was answered, shown to whoever asks the same.
    """

    text: LongText = ""
    answer: LongText = ""
    shown: StrictBool = True


QualityReason = Annotated[
    LongText, Field(description="Why a reply that says too little goes out as it is; it is counted")
]


class ApproveIn(RequestBody):
    quality_reason: QualityReason = ""


class DraftIn(ApproveIn):
    text: LongText
    disposition: Disposition | None = None


class ReplyIn(ApproveIn):
    """With `unit`, `on` or `objection` the text is what was found, done or decided, and they follow it."""

    text: LongText
    disposition: Disposition
    uploads: Uploads = []
    unit: ShortText | None = Field(None, description="Code of the unit of the body that did it")
    on: date | None = Field(None, description="The day on which it was done, or will be")
    objection: LongText = Field("", description="Where to object; left out where the text says it already")
    template: StrictInt | None = Field(
        None, ge=1, lt=2**63, description="The template that the text began from"
    )


class ReclassifyIn(RequestBody):
    kind: Kind
    reason: LongText
    service: ServiceCode | None = None


class EscalateIn(RequestBody):
    level: EscalationLevel
    reason: LongText


class DecideAppealIn(ApproveIn):
    outcome: Disposition
    text: LongText


class MergeIn(RequestBody):
    into: Reference


class LinkProblemIn(RequestBody):
    problem: StrictInt | None = Field(
        description="The number of a confirmed problem; null: of none any more", le=2**62
    )


class SplitIn(RequestBody):
    text: LongText
    service: ServiceCode | None = None


class UntilIn(RequestBody):
    until: Moment


class TextUntilIn(RequestBody):
    text: LongText
    until: Moment


class DelegateIn(TextUntilIn):
    to: Literal["minister_office", "head_of_body"]


TaskSeq = Annotated[
    StrictInt | None,
    Field(description="The task's seq in the journal; needed where several are open", ge=1, le=2**31 - 1),
]


class ReportIn(TextIn):
    of: StrictInt | None = Field(
        None,
        description="The instruction's seq in the journal; needed where several are open",
        ge=1,
        le=2**31 - 1,
    )


class TaskIn(TextUntilIn):
    unit: ShortText = Field(
        description="Code of another unit of the case's body, or of one's own that takes part"
    )
    officer: StrictInt | None = Field(None, description="Id of an officer of that unit", ge=1, le=2**62)


class ContributeIn(TextIn):
    of: TaskSeq = None


class CancelTaskIn(ReasonIn):
    of: TaskSeq = None


class JoinIn(TextUntilIn):
    entity: EntityCode


class TakePartIn(RequestBody):
    of: TaskSeq = None


def _require_one_of(given: RequestBody, *names: str) -> None:
    if all(getattr(given, name) is None for name in names):
        raise PydanticCustomError("nothing_given", "one of {names}", {"names": ", ".join(names)})
