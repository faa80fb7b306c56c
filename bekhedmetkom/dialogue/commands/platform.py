"""The platform as a talk sees it: bodies, places, promises, and the case that comes of it."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from uuid import UUID

from django.conf import settings

from bekhedmetkom.cases import commands
from bekhedmetkom.cases.commands import Submission, UseConfidentialChannel
from bekhedmetkom.cases.queries import CitizenCase, PublishedAnswer, answers_like, case_of, of_citizen
from bekhedmetkom.cases.rules.applicant import Applicant
from bekhedmetkom.cases.rules.similar import SURE
from bekhedmetkom.cases.rules.states import STATE_WORDS
from bekhedmetkom.catalogue.queries import Topic, service, service_by_code
from bekhedmetkom.catalogue.rules import Handling, Kind
from bekhedmetkom.entities.queries import heir_by_code, places, search_entities, tree
from bekhedmetkom.entities.tree import Body
from bekhedmetkom.identity import pace
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.clock import local_day
from bekhedmetkom.kernel.dates import in_both, say_date
from bekhedmetkom.kernel.errors import Refused
from bekhedmetkom.kernel.words import Words
from bekhedmetkom.routing.queries import governorate_in, suggest

from ..rules.draft import BY_US, Draft, Option
from ..rules.showing import FOUND_BY_US, joined, short
from ..rules.world import Answered, Foreseen, Sent, Stopped

_MOST_NAMED = 6
_SHORTEST_NAME = 3  # letters by which a body is searched for
_SHORT_ANSWER = 700  # letters of a reply that are said; the page has all of it
_NO_REASON = Words("", "")
_PAGES = {"case": "/c/{}", "published": "/answers/{}", "forgotten": "/track/forgotten"}


@dataclass(frozen=True, slots=True)
class Platform:
    """`rules.world.World`, for one message. `sender`: whose guesses of codes are counted together."""

    channel: str
    at: datetime
    language: str
    sender: str
    admit: Callable[[str], None] | None = None

    def options(self, text: str, draft: Draft) -> list[Option]:
        kind = Kind(draft.kind) if draft.kind else None
        return [
            _option(
                tree()[found.entity],
                service(found.service) if found.service else None,
                found.reasons[0].words,
            )
            for found in suggest(text, kind, None)
        ]

    def answers(self, text: str) -> list[Answered]:
        return [
            Answered(found.answer, _source(found), self.page("published", found.reference))
            for found in answers_like(text, 1, SURE)
        ]

    def named(self, text: str) -> list[Option]:
        if len(text.strip()) < _SHORTEST_NAME:
            return []
        return [_option(body, None) for body in search_entities(text, local_day(self.at), _MOST_NAMED)]

    def governorates(self) -> Sequence[tuple[str, Words]]:
        return [(place.code, Words(place.name_ar, place.name_en)) for place in places().values()]

    def governorate_in(self, text: str) -> str:
        return governorate_in(text) or ""

    def foreseen(self, draft: Draft) -> Foreseen:
        try:
            standing = commands.foreseen(submission=self._submission(draft), at=self.at)
        except Refused as refused:
            return Foreseen(Words("", ""), Words("", ""), refused.words)
        body = None if standing.triage else tree()[standing.entity_id]
        topic = service(standing.service_id).words if standing.service_id else Words("", "")
        return Foreseen(joined(body.words, topic, by=" – ") if body else FOUND_BY_US, _day(standing.due_at))

    def new_key(self) -> str:
        return secrets.token_urlsafe(24)

    def submit(self, draft: Draft) -> Sent | Stopped:
        if self.admit:
            self.admit(draft.key)
        try:
            case = commands.submit(
                submission=self._submission(draft), channel=self.channel, client=self.channel, key=draft.key,
                actor=Actor.citizen(""), at=self.at,
            )  # fmt: skip
        except UseConfidentialChannel as refused:
            return Stopped(refused.words, gated=True)
        except Refused as refused:
            return Stopped(refused.words)
        body = FOUND_BY_US if case.triage else tree()[case.entity].words
        return Sent(case.case, case.reference, case.access_code, body, _day(case.due_at))

    def look_up(self, reference: str, code: str) -> Words | int | None:
        guesser = ("access-code", self.sender, reference)
        if wait := ceil(pace.take(pace.ONE_CASE, *guesser, at=self.at).total_seconds()):
            return wait
        if (case := case_of(reference, code)) is None:
            return None
        pace.give_back(*guesser)
        return _told(of_citizen(case, self.at))

    def page(self, name: str, reference: str = "") -> Words:
        if name == "box":
            return Words(f"{settings.BOX_URL}/", f"{settings.BOX_URL}/en/")
        page = _PAGES[name].format(reference)
        return Words(f"{settings.PUBLIC_URL}{page}", f"{settings.PUBLIC_URL}/en{page}")

    def _submission(self, draft: Draft) -> Submission:
        body, topic = _chosen(draft, self.at)
        return Submission(
            kind=Kind(draft.kind),
            text=draft.text,
            entity=body.id if body else None,
            service=topic.id if topic else None,
            governorate=next((p.id for p in places().values() if p.code == draft.governorate), None),
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


def _chosen(draft: Draft, at: datetime) -> tuple[Body | None, Topic | None]:
    """Body and topic as they stand today, which may be another day than that of the choice."""
    code, _, of = draft.to.to.partition("/") if draft.to else (BY_US, "", "")
    body, topic = heir_by_code(code, local_day(at)), service_by_code(of)
    is_its = topic and body and topic.entity == body.id and topic.is_open(local_day(at))
    return body, topic if is_its else None


def _option(body: Body, topic: Topic | None, why: Words = _NO_REASON) -> Option:
    return Option(
        to=f"{body.code}/{topic.code if topic else ''}",
        title=joined(body.words, topic.words, by=" – ") if topic else body.words,
        why=why,
        needs_identity=bool(topic and topic.needs_identity),
        place=topic.about_place if topic else None,
    )


def _source(found: PublishedAnswer) -> Words:
    """Who answered, when, and under which number."""
    day = local_day(found.answered_at)
    on = Words(say_date(day, "ar", True), say_date(day, "en", True))
    number = Words(f"\u2066{found.reference}\u2069", found.reference)
    return joined(tree()[found.entity].words, on, number, by=" · ")


def _day(at: datetime) -> Words:
    return in_both(say_date, local_day(at))


def _told(case: CitizenCase) -> Words:
    """How it stands, to somebody who has shown its code. Of what is kept with care only that."""
    standing = case.standing
    told = [Words(*(f"{standing.reference}: {state}" for state in STATE_WORDS[standing.state]))]
    if standing.care is not Handling.OPEN:
        return told[0]
    told.append(Words("الجهة: {body}", "Body: {body}").filled(body=case.entity))
    if case.response:
        answer = short(case.response, _SHORT_ANSWER)
        told.append(Words(f"الرد: {answer}", f"The answer: {answer}"))
    elif case.question:
        question = short(case.question, _SHORT_ANSWER)
        told.append(Words(f"تسألك الجهة: {question}", f"The body asks you: {question}"))
    else:
        due = Words("الرد قبل: {due}", "Answer by: {due}").filled(due=_day(standing.due_at))
        told.append(due)
        if case.overdue:
            told.append(Words("تأخر الرد عن موعده.", "The answer is late."))
    return joined(*told)
