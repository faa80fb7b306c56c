"""Shapes that several parts use."""

from typing import Any

from ninja import Schema
from pydantic import BaseModel, ConfigDict, Field, model_validator


class RequestBody(BaseModel):
    """A body that callers send. A field that we do not know is an error: nothing is dropped in silence."""

    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _null_is_not_given(cls, given: Any) -> Any:
        return (
            {name: value for name, value in given.items() if value is not None}
            if isinstance(given, dict)
            else given
        )


class BilingualOut(Schema):
    """The same in both languages."""

    ar: str
    en: str


class CodedTextOut(BilingualOut):
    code: str


class FieldErrorOut(Schema):
    field: str = Field(description="Path of the field, such as `applicant.phone`, or the name of a header")
    message_ar: str
    message_en: str


class ProblemOut(Schema):
    """RFC 9457. `title` and `detail` are in the language of Accept-Language, Arabic or English."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[FieldErrorOut]


class ChangedMeanwhileOut(ProblemOut):
    """409 for a stale If-Match: `changed` names the events since, `seq` is where the case is now."""

    seq: int
    changed: list[str]


class NotPossibleNowOut(ProblemOut):
    """409 for a verb that the case's state does not allow: `possible` names the verbs that it does."""

    possible: list[str]


class ChallengeOut(Schema):
    algorithm: str
    text: str
    bits: int
    header: str


class ProofNeededOut(ProblemOut):
    """429: wait as Retry-After says, or find letters of which SHA-256 over `text`, a dot and them begins with `bits`
    zero bits, and send it all again with `text`, the dot and the letters in the header that is named."""

    challenge: ChallengeOut


class FindingOut(CodedTextOut):
    """One thing about a reply. `start` and `end` are its place in the text, in code points, if it has one."""

    weight: int
    start: int | None
    end: int | None


class SaysTooLittleOut(ProblemOut):
    """422 for a reply of which the `score` is below the `threshold`: send it again with `quality_reason`, or better."""

    score: int
    threshold: int
    findings: list[FindingOut]


class UseConfidentialChannelOut(ProblemOut):
    """422 for a text that speaks of corruption: nothing was kept, `url` says where to go."""

    url: str
    urls: BilingualOut
