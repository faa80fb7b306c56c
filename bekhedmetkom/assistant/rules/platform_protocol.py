"""What the dialogue manager needs from the platform. Implemented by `PlatformAdapter` and by a fake in tests."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol
from uuid import UUID

from bekhedmetkom.kernel.text import BilingualText

from .draft import DestinationOption, Draft


class SubmissionPreview(NamedTuple):
    """What submitting the draft now would promise; `refusal`: why it cannot be submitted."""

    body: BilingualText
    due: BilingualText
    refusal: BilingualText | None = None


class SimilarAnswer(NamedTuple):
    """A published answer; `source`: who gave it, when, and the reference."""

    answer: str
    source: BilingualText
    page: BilingualText


class SubmittedCase(NamedTuple):
    """A case that was submitted."""

    case_id: UUID
    reference: str
    access_code: str
    body: BilingualText
    due: BilingualText


class RejectedSubmission(NamedTuple):
    """A submission that was refused. `is_gated`: for its words, which must not be kept."""

    message: BilingualText
    is_gated: bool = False


class PlatformProtocol(Protocol):
    """The platform as a conversation uses it."""

    def suggest_destinations(self, text: str, draft: Draft) -> list[DestinationOption]:
        """Return at most three bodies for the text, each with the reason."""

    def find_similar_answers(self, text: str) -> list[SimilarAnswer]:
        """Return similar published answers, nearest first; empty if none is certain."""

    def search_bodies(self, text: str) -> list[DestinationOption]:
        """Return bodies whose names contain these words."""

    def list_governorates(self) -> Sequence[tuple[str, BilingualText]]:
        """Return code and name of each governorate."""

    def find_governorate(self, text: str) -> str:
        """Return the code of the governorate of the place that the text names, or an empty string."""

    def preview_submission(self, draft: Draft) -> SubmissionPreview:
        """Return what submitting the draft would promise."""

    def generate_key(self) -> str:
        """Return a new idempotency key."""

    def submit(self, draft: Draft) -> SubmittedCase | RejectedSubmission:
        """Submit the draft, once for each key."""

    def look_up_case(self, reference: str, code: str) -> BilingualText | int | None:
        """Return the state of the case; `None` for a wrong code; seconds to wait after too many attempts."""

    def get_page_url(self, name: str, reference: str = "") -> BilingualText:
        """Return the URL of a page: `box`, `case`, `published` or `forgotten`."""
