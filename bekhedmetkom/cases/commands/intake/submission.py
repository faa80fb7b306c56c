"""A person brings a case: it is checked, its body found, and written down."""

from dataclasses import replace
from datetime import date, datetime

from django.db import IntegrityError, OperationalError
from psycopg import errors

from bekhedmetkom.attachments.queries import PendingUpload
from bekhedmetkom.attachments.rules import FileCategory
from bekhedmetkom.catalogue.queries import Topic, find_same_topic, get_service
from bekhedmetkom.catalogue.rules import Kind
from bekhedmetkom.entities.queries import find_successor
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.clock import get_local_date
from bekhedmetkom.kernel.errors import FieldError, InvalidInput, Refusal
from bekhedmetkom.kernel.text import BilingualText
from bekhedmetkom.routing.queries import route_case
from bekhedmetkom.routing.rules import CaseFacts, Destination

from ... import attachments
from ...models import Case, Particulars
from ...rules.applicant import Applicant
from ...rules.case_state import CaseState
from ...rules.contact import ContactType
from ..text_validation import MAX_LINE_LENGTH, UseConfidentialChannel, check_corruption_gate, validate_text
from .case_insert import find_replayed_submission, insert_case
from .opening import CaseOpening
from .schemas import Submission, SubmissionResult

# What stops whoever sends a key that somebody is sending just now.
_LOCK_ERRORS = (errors.LockNotAvailable, errors.TransactionTimeout)


class SubmissionInProgress(Refusal):
    message = BilingualText(
        "طلبك قيد الإرسال. انتظر لحظة.", "This submission is still under way. Wait a moment."
    )


def submit_case(
    *, submission: Submission, channel: str, client: str, key: str, actor: Actor, at: datetime
) -> SubmissionResult:
    """Take a case in. `client` and `key` (16 characters or more) make it idempotent for 24 hours.

    Raises `Invalid`, `UseConfidentialChannel` (nothing kept), `KeyReused`, `StillUnderWay`.
    """
    submission, facts = _validate_submission(submission, at)
    if len(key) < 16:
        raise InvalidInput(FieldError("Idempotency-Key", _KEY_TOO_SHORT))
    destination = route_case(facts)
    if destination.is_confidential and not submission.gate_declined:
        raise UseConfidentialChannel
    try:
        files = _find_files(submission, at)
    except attachments.UploadNotFound:  # taken by this very submission, perhaps, when it was sent before
        return find_replayed_submission(submission, client, key)
    for _attempt in range(3):
        try:
            return insert_case(
                CaseOpening(submission, destination, channel, at, files=files), client, key, actor
            )
        except IntegrityError as error:
            if "reference" not in str(error):  # one that exists already, one in a million: draw again
                raise
        except OperationalError as error:
            if isinstance(error.__cause__, _LOCK_ERRORS):
                raise SubmissionInProgress from error
            raise
    raise SubmissionInProgress


def preview_submission(*, submission: Submission, at: datetime) -> CaseState:
    """How the case would stand if it were sent now: whose it would be, by when, with what care. Writes nothing."""
    submission, facts = _validate_submission(submission, at)
    return CaseOpening(submission, route_case(facts), "portal", at).standing


_KEY_TOO_SHORT = BilingualText(
    "مفتاح الإرسال 16 حرفًا على الأقل.", "An idempotency key has 16 characters or more."
)
_BODY_NOT_FOUND = BilingualText("هذه الجهة غير موجودة أو أُغلقت.", "This body does not exist or is closed.")
_TOPIC_NOT_FOUND = BilingualText(
    "هذا الموضوع غير موجود لدى الجهة.", "This topic does not exist at that body."
)
_IDENTITY_REQUIRED = BilingualText(
    "يحتاج هذا الموضوع إلى اسمك ورقمك الوطني أو رقم جوازك.",
    "This topic needs your name and your national or passport number.",
)


def _validate_submission(submission: Submission, at: datetime) -> tuple[Submission, CaseFacts]:
    """The submission as it is kept, and what it says of where it goes.

    A body that has closed stands in old links and programs for whoever took its place.
    """
    today = get_local_date(at)
    clean = replace(
        submission,
        text=validate_text("text", submission.text, required=not submission.uploads),
        title=validate_text("title", submission.title, limit=MAX_LINE_LENGTH, required=False),
        address=validate_text("address", submission.address, limit=300, required=False),
        about_employee=validate_text("about_employee", submission.about_employee, limit=100, required=False),
        about_unit=validate_text("about_unit", submission.about_unit, limit=100, required=False),
    )
    body = find_successor(clean.entity, today) if clean.entity is not None else None
    if clean.entity is not None and body is None:
        raise InvalidInput(FieldError("entity", _BODY_NOT_FOUND))
    topic = _find_current_topic(clean.service, today) if clean.service is not None else None
    if clean.service is not None:
        if topic is None or body not in (None, find_successor(topic.entity, today)):
            raise InvalidInput(FieldError("service", _TOPIC_NOT_FOUND))
        who = clean.applicant
        if topic.needs_identity and not (who.name and (who.national_number or who.passport)):
            raise InvalidInput(FieldError("name", _IDENTITY_REQUIRED))
    for words in (clean.text, clean.title, clean.address, clean.about_employee, clean.about_unit):
        check_corruption_gate(words, declined=clean.gate_declined)
    return clean, CaseFacts(
        text=f"{clean.title} {clean.text}".strip(), kind=clean.kind, service=topic.id if topic else None,
        entity=body.id if body else None, governorate=clean.governorate, language=clean.language,
    )  # fmt: skip


def _find_files(submission: Submission, at: datetime) -> list[PendingUpload]:
    """The files that come with it. Where there are no words, one of them must be a recording."""
    files = attachments.find_uploads(submission.uploads, at)
    if files and not submission.text and not any(file.category is FileCategory.AUDIO for file in files):
        validate_text("text", "")
    return files


def _find_current_topic(key: int, today: date) -> Topic | None:
    """The topic; where it ended because its body closed, the one of that name at whoever took its place."""
    try:
        topic = get_service(key)
    except KeyError:
        return None
    if topic.is_open(today):
        return topic
    body = find_successor(topic.entity, today)
    own = find_same_topic(key, body.id) if body and body.id != topic.entity else None
    return get_service(own) if own and get_service(own).is_open(today) else None


def create_split_case(row: Case, text: str, service: int | None, actor: Actor, key: str) -> str:
    """A new case from part of another: same person, body, care and access code, same day of receipt, no later date.

    Returns its reference. Called inside the transaction that records the split.
    """
    who = row.particulars
    part = Submission(
        kind=Kind(row.kind), text=text, entity=row.entity_id, service=service, governorate=row.governorate_id,
        address=who.address, lat=who.lat, lng=who.lng, withhold_identity=row.withheld, language=row.language,
        applicant=Applicant(**{name: getattr(who, name) for name in Applicant.__slots__}),
    )  # fmt: skip
    destination = Destination(row.entity_id, service, None, [], is_confident=True, is_urgent=row.urgent)
    first = CaseOpening(part, destination, row.channel, row.received_at, whole=row.standing)
    confirmed = [str(contact) for contact in ContactType if who.confirmed(contact)]
    first.data |= {"confirmed": confirmed, "tell_by": who.tell_by, "full_by_sms": int(who.full_by_sms)}
    submitted = insert_case(first, "split", key, actor, access_hash=bytes(who.access_hash))
    Particulars.objects.filter(pk=submitted.case).update(
        tell_by=who.tell_by,
        full_by_sms=who.full_by_sms,
        **{f"{contact}_confirmed": True for contact in confirmed},
    )
    return submitted.reference
