"""What a person sends, and what they are told."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from bekhedmetkom.catalogue.rules import Kind

from ...rules.applicant import Applicant


@dataclass(frozen=True, slots=True)
class Submission:
    """What a person sends, as a door read it. Ids are of the directory; `None` where nothing was chosen."""

    kind: Kind
    text: str
    title: str = ""
    entity: int | None = None
    service: int | None = None
    governorate: int | None = None
    address: str = ""
    lat: str = ""
    lng: str = ""
    about_employee: str = ""
    about_unit: str = ""
    applicant: Applicant = field(default_factory=Applicant)
    withhold_identity: bool = False
    language: str = "ar"
    gate_declined: bool = False
    uploads: tuple[UUID, ...] = ()  # files that wait; a recording among them may stand for the text
    agreed: bool = (
        False  # that it is shown to everybody, where the topic allows that and once the desk lets it out
    )
    picture_url: str = ""  # where a picture of it lies, for the worker to fetch
    came_on: date | None = None  # the day of a letter that an officer registers


@dataclass(frozen=True, slots=True)
class SubmissionResult:
    """What the person is told. `replayed`: the same had been sent before, and this is its answer again."""

    case: UUID
    reference: str
    access_code: str
    entity: int
    triage: bool
    service: int | None
    received_at: datetime
    due_at: datetime
    receipt: str
    urgent: bool
    replayed: bool = False
