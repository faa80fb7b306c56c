"""What a case begins with: whose it is, how it is kept, until when an answer is promised, and its first event."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from random import SystemRandom
from typing import Any

from bekhedmetkom.attachments.queries import PendingUpload
from bekhedmetkom.catalogue.queries import get_policy, get_service
from bekhedmetkom.catalogue.rules import Handling, Kind
from bekhedmetkom.entities.queries import find_unit_by_name, get_prime_ministry, get_working_calendar
from bekhedmetkom.kernel.references import generate_reference
from bekhedmetkom.routing.rules import Destination

from ... import attachments, journal
from ...queries.routing.conflict_of_interest import ComplaintTarget, find_body_without_conflict
from ...rules.case_state import CaseState, build_initial_state, format_instant
from ...rules.channels import get_receipt_time
from ...rules.deadlines import compute_deadline
from .schemas import Submission

_RANDOM = SystemRandom()
_SALT_BYTES = 16  # bytes


class CaseOpening:
    """What a case begins with: its standing, its first event's data, its salted texts, and who brought it.

    `whole` is the case that it is a part of: the part is kept with no less care and promised no later.
    """

    def __init__(
        self, submission: Submission, destination: Destination, channel: str, at: datetime, *,
        whole: CaseState | None = None, files: Sequence[PendingUpload] = (),
    ) -> None:  # fmt: skip
        self.submission = submission
        self.files = files
        texts = ({"text": submission.text} if submission.text else {}) | (
            {"title": submission.title} if submission.title else {}
        )
        salt, *salts = _generate_salts(1 + len(texts))
        self.salted = {name: (body, its) for (name, body), its in zip(texts.items(), salts, strict=True)}
        given = {
            name: getattr(submission, name)
            for name in ("about_employee", "about_unit", "address", "lat", "lng")
        }
        self.particulars: dict[str, Any] = submission.applicant.to_dict() | given
        received = get_receipt_time(submission.came_on, at)
        data = _build_event_data(submission, destination, channel, received)
        data |= {"received_at": format_instant(received)} if received != at else {}
        data |= _inherit_from_whole(whole, data) if whole else {}
        data |= attachments.build_file_data(files) | ({} if submission.text else {"voice": 1})
        data |= {"particulars": journal.hash_particulars(salt, self.particulars)} | journal.hash_texts(
            self.salted
        )
        self.particulars["salt"] = salt
        self.standing, self.data = journal.schedule_next_check(
            None, build_initial_state(generate_reference(_RANDOM), at, data), data
        )


def _generate_salts(many: int) -> list[bytes]:
    """Drawn at once: each draw gives way to other threads."""
    drawn = secrets.token_bytes(_SALT_BYTES * many)
    return [drawn[place : place + _SALT_BYTES] for place in range(0, len(drawn), _SALT_BYTES)]


def _build_event_data(
    submission: Submission, destination: Destination, channel: str, at: datetime
) -> dict[str, Any]:
    """Whose the case is, how it is kept, and until when an answer is promised."""
    care = _get_confidentiality(submission, destination)
    named = destination.entity_id or get_prime_ministry()
    about = ComplaintTarget(
        about_unit_id=find_unit_by_name(named, submission.about_unit) if submission.about_unit else None
    )
    entity = find_body_without_conflict(named, about, care, at)
    policy = get_policy(
        kind=submission.kind, service=destination.service_id, entity=entity, at=at,
        urgent=destination.is_urgent and care is Handling.OPEN,
    )  # fmt: skip
    due = compute_deadline(at, policy.terms, get_working_calendar())
    return {
        "kind": str(submission.kind),
        "entity_id": entity,
        "policy_id": policy.id,
        "due_at": format_instant(due),
        "look_at": None,
        "triage": int(destination.entity_id is None or entity != named == get_prime_ministry()),
        "service_id": destination.service_id if entity == named else None,
        "governorate_id": submission.governorate,
        "care": str(care),
        "channel": channel,
        "language": submission.language,
        "urgent": int(destination.is_urgent),
        "withheld": int(submission.withhold_identity or care is not Handling.OPEN),
        "reasons": [reason.code for reason in destination.reasons],
        **({"agreed": 1} if submission.agreed and _is_publishable(destination, care) else {}),
    } | ({"about_unit_id": about.about_unit_id} if about.about_unit_id else {})


def _is_publishable(destination: Destination, care: Handling) -> bool:
    """Whether what its citizen said of showing it means anything."""
    topic = get_service(destination.service_id) if destination.service_id else None
    return topic is not None and topic.public and care is Handling.OPEN


def _inherit_from_whole(whole: CaseState, part: dict[str, Any]) -> dict[str, Any]:
    """What a part has from its case: the care, and where its own date would be later, date and what it counts from."""
    about = {name: getattr(whole, name) for name in ("about_officer_id", "about_unit_id")}
    given: dict[str, Any] = {"split_from": whole.reference} | {
        name: key for name, key in about.items() if key
    }
    if whole.care is not Handling.OPEN:
        given |= {"care": str(whole.care), "withheld": 1}
    if datetime.fromisoformat(part["due_at"]) > whole.due_at:
        given |= {
            "due_at": format_instant(whole.due_at),
            "policy_id": whole.policy_id,
            "term_from": format_instant(whole.term_from),
            "paused_days": whole.paused_days,
            "extended_days": whole.extended_days,
        }
    return given


def _get_confidentiality(submission: Submission, destination: Destination) -> Handling:
    """Every violation report is need-to-know; so are the topics that the directory marks."""
    handling = get_service(destination.service_id).handling if destination.service_id else Handling.OPEN
    if handling in (Handling.HUMAN_RIGHTS, Handling.PROTECTED):
        return handling
    return Handling.INSPECTION if submission.kind is Kind.VIOLATION else Handling.OPEN
