"""The platform behind a conversation: bodies, governorates, promises and submission."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from uuid import UUID

from django.conf import settings

from bekhedmetkom.cases import commands
from bekhedmetkom.cases.commands import Submission, UseConfidentialChannel
from bekhedmetkom.cases.queries import (
    CitizenCase,
    PublishedAnswer,
    find_case_by_code,
    get_case_for_citizen,
    search_published_answers,
)
from bekhedmetkom.cases.rules.applicant import Applicant
from bekhedmetkom.cases.rules.search import SURE_ANSWER_SCORE
from bekhedmetkom.cases.rules.states import STATE_LABELS
from bekhedmetkom.catalogue.queries import Topic, find_service_by_code, get_service
from bekhedmetkom.catalogue.rules import Handling, Kind
from bekhedmetkom.entities.queries import find_successor_by_code, get_governorates, get_tree, search_entities
from bekhedmetkom.entities.tree import Body
from bekhedmetkom.identity import throttle
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.clock import get_local_date
from bekhedmetkom.kernel.errors import Refusal
from bekhedmetkom.kernel.formatting import format_date, format_in_both_languages
from bekhedmetkom.kernel.text import BilingualText
from bekhedmetkom.routing.queries import find_governorate, suggest_destinations

from ..rules.draft import AUTO_ROUTE, DestinationOption, Draft
from ..rules.platform_protocol import RejectedSubmission, SimilarAnswer, SubmissionPreview, SubmittedCase
from ..rules.presentation import ROUTED_BY_PLATFORM, join_texts, truncate_text

_MAX_ENTITIES = 6
_MIN_NAME_LENGTH = 3  # shortest text that is searched
_MAX_ANSWER_LENGTH = 700  # characters of a reply that are shown; the page has all of it
_NO_REASON = BilingualText("", "")
_PAGE_PATHS = {"case": "/c/{}", "published": "/answers/{}", "forgotten": "/track/forgotten"}


@dataclass(frozen=True, slots=True)
class PlatformAdapter:
    """`PlatformProtocol` over the real queries and commands, for one message.

    `sender` identifies who guesses access codes.
    """

    channel: str
    at: datetime
    language: str
    sender: str
    check_rate_limit: Callable[[str], None] | None = None

    def suggest_destinations(self, text: str, draft: Draft) -> list[DestinationOption]:
        kind = Kind(draft.kind) if draft.kind else None
        return [
            _build_option(
                get_tree()[suggestion.entity],
                get_service(suggestion.service) if suggestion.service else None,
                suggestion.reasons[0].text,
            )
            for suggestion in suggest_destinations(text, kind, None)
        ]

    def find_similar_answers(self, text: str) -> list[SimilarAnswer]:
        return [
            SimilarAnswer(
                published.answer,
                _describe_source(published),
                self.get_page_url("published", published.reference),
            )
            for published in search_published_answers(text, 1, SURE_ANSWER_SCORE)
        ]

    def search_bodies(self, text: str) -> list[DestinationOption]:
        if len(text.strip()) < _MIN_NAME_LENGTH:
            return []
        return [
            _build_option(body, None)
            for body in search_entities(text, get_local_date(self.at), _MAX_ENTITIES)
        ]

    def list_governorates(self) -> Sequence[tuple[str, BilingualText]]:
        return [
            (place.code, BilingualText(place.name_ar, place.name_en)) for place in get_governorates().values()
        ]

    def find_governorate(self, text: str) -> str:
        return find_governorate(text) or ""

    def preview_submission(self, draft: Draft) -> SubmissionPreview:
        try:
            standing = commands.preview_submission(submission=self._build_submission(draft), at=self.at)
        except Refusal as refused:
            return SubmissionPreview(BilingualText("", ""), BilingualText("", ""), refused.message)
        body = None if standing.triage else get_tree()[standing.entity_id]
        topic = get_service(standing.service_id).name if standing.service_id else BilingualText("", "")
        return SubmissionPreview(
            join_texts(body.name, topic, by=" – ") if body else ROUTED_BY_PLATFORM,
            _format_day(standing.due_at),
        )

    def generate_key(self) -> str:
        return secrets.token_urlsafe(24)

    def submit(self, draft: Draft) -> SubmittedCase | RejectedSubmission:
        if self.check_rate_limit:
            self.check_rate_limit(draft.key)
        try:
            case = commands.submit_case(
                submission=self._build_submission(draft),
                channel=self.channel,
                client=self.channel,
                key=draft.key,
                actor=Actor.citizen(""),
                at=self.at,
            )
        except UseConfidentialChannel as refused:
            return RejectedSubmission(refused.message, is_gated=True)
        except Refusal as refused:
            return RejectedSubmission(refused.message)
        body = ROUTED_BY_PLATFORM if case.triage else get_tree()[case.entity].name
        return SubmittedCase(case.case, case.reference, case.access_code, body, _format_day(case.due_at))

    def look_up_case(self, reference: str, code: str) -> BilingualText | int | None:
        guesser = ("access-code", self.sender, reference)
        if wait := ceil(throttle.take_attempt(throttle.CASE_LIMIT, *guesser, at=self.at).total_seconds()):
            return wait
        if (case := find_case_by_code(reference, code)) is None:
            return None
        throttle.return_attempt(*guesser)
        return _describe_case(get_case_for_citizen(case, self.at))

    def get_page_url(self, name: str, reference: str = "") -> BilingualText:
        if name == "box":
            return BilingualText(f"{settings.BOX_URL}/", f"{settings.BOX_URL}/en/")
        page = _PAGE_PATHS[name].format(reference)
        return BilingualText(f"{settings.PUBLIC_URL}{page}", f"{settings.PUBLIC_URL}/en{page}")

    def _build_submission(self, draft: Draft) -> Submission:
        body, topic = _find_destination(draft, self.at)
        return Submission(
            kind=Kind(draft.kind),
            text=draft.text,
            entity=body.id if body else None,
            service=topic.id if topic else None,
            governorate=next(
                (p.id for p in get_governorates().values() if p.code == draft.governorate), None
            ),
            address=draft.address,
            lat=draft.lat,
            lng=draft.lng,
            applicant=Applicant(
                name=draft.name,
                phone=draft.phone,
                national_number=draft.national_number,
                passport=draft.passport,
            ),
            language=self.language,
            gate_declined=draft.gate == "declined",
            uploads=tuple(UUID(photo) for photo in draft.photos),
        )


def _find_destination(draft: Draft, at: datetime) -> tuple[Body | None, Topic | None]:
    """Return body and topic as they are today: either may have changed since they were chosen."""
    code, _, of = draft.to.to.partition("/") if draft.to else (AUTO_ROUTE, "", "")
    body, topic = find_successor_by_code(code, get_local_date(at)), find_service_by_code(of)
    is_its = topic and body and topic.entity == body.id and topic.is_open(get_local_date(at))
    return body, topic if is_its else None


def _build_option(body: Body, topic: Topic | None, reason: BilingualText = _NO_REASON) -> DestinationOption:
    return DestinationOption(
        to=f"{body.code}/{topic.code if topic else ''}",
        title=join_texts(body.name, topic.name, by=" – ") if topic else body.name,
        reason=reason,
        needs_identity=bool(topic and topic.needs_identity),
        is_about_place=topic.about_place if topic else None,
    )


def _describe_source(published: PublishedAnswer) -> BilingualText:
    """Return who answered, when, and the reference."""
    day = get_local_date(published.answered_at)
    on = BilingualText(format_date(day, "ar", True), format_date(day, "en", True))
    number = BilingualText(f"\u2066{published.reference}\u2069", published.reference)
    return join_texts(get_tree()[published.entity].name, on, number, by=" · ")


def _format_day(at: datetime) -> BilingualText:
    return format_in_both_languages(format_date, get_local_date(at))


def _describe_case(case: CitizenCase) -> BilingualText:
    """Return the state of a case for a person who has shown its access code; of a confidential case only the state."""
    standing = case.standing
    lines = [BilingualText(*(f"{standing.reference}: {state}" for state in STATE_LABELS[standing.state]))]
    if standing.care is not Handling.OPEN:
        return lines[0]
    lines.append(BilingualText("الجهة: {body}", "Body: {body}").format(body=case.entity))
    if case.response:
        answer = truncate_text(case.response, _MAX_ANSWER_LENGTH)
        lines.append(BilingualText(f"الرد: {answer}", f"The answer: {answer}"))
    elif case.question:
        question = truncate_text(case.question, _MAX_ANSWER_LENGTH)
        lines.append(BilingualText(f"تسألك الجهة: {question}", f"The body asks you: {question}"))
    else:
        due = BilingualText("الرد قبل: {due}", "Answer by: {due}").format(due=_format_day(standing.due_at))
        lines.append(due)
        if case.overdue:
            lines.append(BilingualText("تأخر الرد عن موعده.", "The answer is late."))
    return join_texts(*lines)
