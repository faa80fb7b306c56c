"""What a talk asks of the platform. The commands answer for the real one, tests for a small one of theirs."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol
from uuid import UUID

from bekhedmetkom.kernel.text import BilingualText

from .draft import DestinationOption, Draft


class SubmissionPreview(NamedTuple):
    """What sending it now would promise; `refused`: why it could not be sent as it is."""

    body: BilingualText
    due: BilingualText
    refused: BilingualText | None = None


class SimilarAnswer(NamedTuple):
    """A published answer to what somebody asks; `source`: who said it, when, and under which number."""

    answer: str
    source: BilingualText
    page: BilingualText


class SubmittedCase(NamedTuple):
    """A case that was taken in."""

    case: UUID
    reference: str
    access_code: str
    body: BilingualText
    due: BilingualText


class RejectedSubmission(NamedTuple):
    """A case that was not taken in. `gated`: for its words, of which nothing may be kept."""

    words: BilingualText
    gated: bool = False


class PlatformProtocol(Protocol):
    """The platform, as far as a talk can see."""

    def options(self, text: str, draft: Draft) -> list[DestinationOption]:
        """At most three bodies that the text may be meant for, each with the reason."""

    def answers(self, text: str) -> list[SimilarAnswer]:
        """Published answers to such a text, the nearest first; none where it is not sure."""

    def named(self, text: str) -> list[DestinationOption]:
        """Bodies whose names hold these words."""

    def governorates(self) -> Sequence[tuple[str, BilingualText]]:
        """Code and name."""

    def governorate_in(self, text: str) -> str:
        """The code of the governorate in which the place lies that a text names; empty where none is known."""

    def foreseen(self, draft: Draft) -> SubmissionPreview:
        """What would be promised."""

    def new_key(self) -> str:
        """A fresh idempotency key."""

    def submit(self, draft: Draft) -> SubmittedCase | RejectedSubmission:
        """Take the case in, once for each key."""

    def look_up(self, reference: str, code: str) -> BilingualText | int | None:
        """How the case stands; `None` where the code does not open it; or the seconds to wait before another try."""

    def page(self, name: str, reference: str = "") -> BilingualText:
        """The address of a page: `box`, `case`, `published`, `forgotten`."""
