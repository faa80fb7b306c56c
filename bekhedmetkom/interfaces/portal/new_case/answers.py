"""The answers given so far, which exist only in the pages of the form."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Self

from django.http import QueryDict

from bekhedmetkom.attachments.queries import PendingUpload, list_pending_uploads
from bekhedmetkom.cases.commands.text_validation import clean_text
from bekhedmetkom.catalogue.queries import Topic, find_same_topic, find_service_by_code, get_service
from bekhedmetkom.catalogue.rules import Kind
from bekhedmetkom.entities.queries import find_successor_by_code, get_tree
from bekhedmetkom.entities.tree import Body
from bekhedmetkom.interfaces.ui.uploads import parse_upload_ids
from bekhedmetkom.kernel import clock
from bekhedmetkom.kernel.clock import get_local_date

MAX_TEXT_LENGTH = 4000
_MAX_LENGTHS = {
    "text": 4 * MAX_TEXT_LENGTH,
    "address": 1000,
    "uploads": 500,
}  # more than may be sent, so that nothing typed is lost
_DEFAULT_MAX_LENGTH = 300

AUTO_ROUTE = "us"  # "we do not know whose it is: send it where it belongs"
NO_TOPIC = "-"

_DEGREES = re.compile(r"-?(1[0-7]|[0-9])?[0-9]\.[0-9]{5}", re.ASCII)


@dataclass(frozen=True)
class Answers:
    """Answers as typed, without control characters. The steps' forms validate them."""

    kind: str = ""
    fear: str = ""  # asked of a violation: "no" when it is neither about corruption nor dangerous to report
    gate: str = ""  # "declined": the confidential way was shown for this text, and the person goes on
    text: str = ""
    uploads: str = ""  # ids of files that wait for the case
    about_employee: str = ""  # of whom, and of which department, a complaint complains
    about_unit: str = ""
    to: str = ""  # "us", or "ENTITY/TOPIC"; "ENTITY/-" for none of its topics, "ENTITY/" while not asked
    placed: str = ""
    governorate: str = ""
    address: str = ""
    lat: str = ""  # where the device was when its owner said "my place"
    lng: str = ""
    contact: str = ""
    name: str = ""
    phone: str = ""
    email: str = ""
    national_number: str = ""
    passport: str = ""
    for_name: str = ""  # brought for another
    for_relation: str = ""
    language: str = ""
    withhold: str = ""
    agreed: str = ""  # that everybody may read of it, where the topic allows that

    @classmethod
    def from_post(cls, data: QueryDict) -> Self:
        """Return the answers that a page posted."""
        return cls(
            **{
                name: clean_text(data.get(name, "")[: _MAX_LENGTHS.get(name, _DEFAULT_MAX_LENGTH)])
                for name in cls.__match_args__
            }
        )

    @classmethod
    def from_link(cls, data: QueryDict) -> Self:
        """Return the answers that a link may preset: kind, body or topic, never personal data.

        Links are printed on posters: a closed body is replaced by its successor.
        """
        kind, topic, entity = (clean_text(data.get(name, "")[:40]) for name in ("kind", "topic", "entity"))
        service = find_service_by_code(topic.upper()) if topic else None
        body = _find_open_body(get_tree()[service.entity].code if service else entity.upper())
        own_topic = find_same_topic(service.id, body.id) if service and body else None
        return cls(
            kind=kind if kind in list(Kind) else "",
            to=f"{body.code}/{get_service(own_topic).code if own_topic else ''}" if body else "",
        )

    def as_dict(self) -> dict[str, str]:
        return {name: getattr(self, name) for name in self.__match_args__}

    @cached_property
    def entity(self) -> Body | None:
        """The chosen body, or its successor; `None` if the platform is to route the case."""
        return _find_open_body(self.to.partition("/")[0])

    @cached_property
    def topic(self) -> Topic | None:
        """The chosen topic of the body, if it is open."""
        topic = find_service_by_code(self.to.partition("/")[2])
        body = self.entity
        is_its = topic and body and topic.entity == body.id
        return topic if topic and is_its and topic.is_open(get_local_date(clock.now())) else None

    @property
    def point(self) -> tuple[str, str] | None:
        """Latitude and longitude with five decimals; `None` unless our script set them."""
        both = (self.lat, self.lng)
        return both if all(map(_DEGREES.fullmatch, both)) and abs(float(self.lat)) <= 90 else None

    @property
    def files(self) -> list[PendingUpload]:
        """The uploads that still exist."""
        return list_pending_uploads(parse_upload_ids(self.uploads), clock.now())

    @property
    def is_violation(self) -> bool:
        return self.kind == Kind.VIOLATION

    @property
    def can_name_subject(self) -> bool:
        """Whether the case may name a person who must not handle it; also while the kind is not known."""
        return self.kind not in (Kind.QUESTION, Kind.SUGGESTION, Kind.PRAISE)

    @property
    def can_be_published(self) -> bool:
        """Whether the case may be published with the person's consent."""
        return bool(self.topic and self.topic.public) and not (
            self.is_violation or self.about_employee or self.about_unit
        )

    @property
    def can_be_saved_on_device(self) -> bool:
        """Whether the device may store a draft: never of a violation or of a text that was gated."""
        return bool(self.text) and not self.is_violation and not self.gate


def _find_open_body(code: str) -> Body | None:
    return find_successor_by_code(code, get_local_date(clock.now()))


def get_hidden_fields(answers: Answers, but: Mapping[str, object]) -> dict[str, str]:
    """What the next page must carry along hidden: every answer that it does not ask for itself."""
    return {name: value for name, value in answers.as_dict().items() if value and name not in but}
