"""The desk: what officers' systems filter by, read and do."""

from datetime import date, datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from ninja import Schema
from pydantic import BaseModel, Field, StrictBool, StrictInt, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from bekhedmetkom.cases.queries import Came
from bekhedmetkom.cases.rules.states import State
from bekhedmetkom.catalogue.rules import Disposition, Handling, Kind, Level

from ..fields import Day, EntityCode, GovernorateCode, Line, Moment, Reference, ServiceCode, Text
from .case import FileOut, Placed, SaidOut, Uploads
from .shared import Sent, Sentence

Queue = Literal[
    "mine", "unit", "entity", "unassigned", "triage", "today", "overdue", "approval", "escalated", "appeals",
    "callbacks", "snoozed", "answered",
]  # fmt: skip


class Wanted(BaseModel):
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


class RowOut(Placed):
    reference: str
    kind: Kind
    title: str
    excerpt: str
    unit: Sentence | None
    officer: Sentence | None
    governorate: str | None
    received_at: datetime
    overdue: bool
    urgent: bool
    seq: int


class RowsOut(Schema):
    items: list[RowOut]
    next: str | None


class ParticularsOut(Schema):
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


class JournalEntry(Sentence):
    seq: int
    at: datetime
    event: str
    undone: bool
    by: Sentence
    texts: list[SaidOut]


class NextOut(Schema):
    """What time causes next, if nobody acts."""

    at: datetime
    event: str


class StepOut(Schema):
    """One step of the ladder of escalation."""

    level: Level
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
    to: Sentence
    wanted: Sentence | None
    by: Sentence
    until: datetime
    text: str
    came: Came
    answer: str


class DraftOut(Schema):
    text: str
    disposition: str
    quality_reason: str


class DeskFileOut(FileOut):
    """`shown`: the citizen sees it. `seq` is the event with which it came."""

    seq: int
    shown: bool


class DeskCaseOut(Placed):
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
    unit: Sentence | None
    officer: Sentence | None
    reviewer: Sentence | None
    title: str
    text: str
    about_employee: str = Field(description="Of whom its citizen says it complains, in their words")
    about_unit: str
    applicant: ParticularsOut | None = Field(
        description="Null where the identity is withheld from this officer"
    )
    reply: str = Field(description="The reply that waits for approval")
    draft: DraftOut | None
    journal: list[JournalEntry]
    notes: list[JournalEntry]
    files: list[DeskFileOut]
    tasks: list[TaskOut]
    voice: bool = Field(description="A recording stands for the text and waits for `transcribe`")
    dispositions: list[Disposition]
    can: list[str] = Field(description="The verbs that this officer can use now")
    assignable: AssignableOut
    next: NextOut | None
    ladder: list[StepOut]


class CaseLeft(Schema):
    """After a verb that took the case out of the officer's sight: referred, given back, stepped aside."""

    reference: str
    seq: int
    can: list[str]


# What the verbs take


class Classify(Sent):
    entity: EntityCode | None = None
    service: ServiceCode | None = None

    @model_validator(mode="after")
    def _something(self) -> Self:
        _one_of(self, "entity", "service")
        return self


class Assign(Sent):
    unit: Line | None = Field(None, description="Code of a unit of the case's body")
    officer: StrictInt | None = Field(None, description="Id of an officer of the case's body", ge=1, le=2**62)

    @model_validator(mode="after")
    def _somebody(self) -> Self:
        _one_of(self, "unit", "officer")
        return self


class Concern(Assign):
    """Of whom it complains: one of the officers of its body or of those above, or one of its units."""


class Refer(Sent):
    entity: EntityCode
    reason: Text


class Reason(Sent):
    reason: Text


class Words(Sent):
    text: Text


class WordsAndFiles(Words):
    uploads: Uploads = []


class Hear(Sent):
    """What the citizen said by telephone. A body's own officers: only `false`, and no stars."""

    solved: StrictBool
    stars: StrictInt | None = Field(None, ge=1, le=5)
    comment: Text = ""


class Show(Sent):
    file: UUID
    shown: StrictBool = True


class Release(Sent):
    """What everybody may read of it: without names, numbers or addresses of anybody. `shown` false ends it.

    `answer`: what was answered, shown to whoever asks the same.
    """

    text: Text = ""
    answer: Text = ""
    shown: StrictBool = True


QualityReason = Annotated[
    Text, Field(description="Why a reply that says too little goes out as it is; it is counted")
]


class Approve(Sent):
    quality_reason: QualityReason = ""


class Draft(Approve):
    text: Text
    disposition: Disposition | None = None


class Reply(Approve):
    """With `unit`, `on` or `objection` the text is what was found, done or decided, and they follow it."""

    text: Text
    disposition: Disposition
    uploads: Uploads = []
    unit: Line | None = Field(None, description="Code of the unit of the body that did it")
    on: date | None = Field(None, description="The day on which it was done, or will be")
    objection: Text = Field("", description="Where to object; left out where the text says it already")
    template: StrictInt | None = Field(
        None, ge=1, lt=2**63, description="The template that the text began from"
    )


class Reclassify(Sent):
    kind: Kind
    reason: Text
    service: ServiceCode | None = None


class Escalate(Sent):
    level: Level
    reason: Text


class Decide(Approve):
    outcome: Disposition
    text: Text


class Merge(Sent):
    into: Reference


class Link(Sent):
    problem: StrictInt | None = Field(
        description="The number of a confirmed problem; null: of none any more", le=2**62
    )


class Split(Sent):
    text: Text
    service: ServiceCode | None = None


class Until(Sent):
    until: Moment


class WordsUntil(Sent):
    text: Text
    until: Moment


class Delegate(WordsUntil):
    to: Literal["minister_office", "head_of_body"]


Of = Annotated[
    StrictInt | None,
    Field(description="The task's seq in the journal; needed where several are open", ge=1, le=2**31 - 1),
]


class Report(Words):
    of: StrictInt | None = Field(
        None,
        description="The instruction's seq in the journal; needed where several are open",
        ge=1,
        le=2**31 - 1,
    )


class Task(WordsUntil):
    unit: Line = Field(description="Code of another unit of the case's body, or of one's own that takes part")
    officer: StrictInt | None = Field(None, description="Id of an officer of that unit", ge=1, le=2**62)


class Contribute(Words):
    of: Of = None


class CallOff(Reason):
    of: Of = None


class Join(WordsUntil):
    entity: EntityCode


class TakePart(Sent):
    of: Of = None


def _one_of(given: Sent, *names: str) -> None:
    if all(getattr(given, name) is None for name in names):
        raise PydanticCustomError("nothing_given", "one of {names}", {"names": ", ".join(names)})
