"""A person brings a case: checked, routed, promised a date and written down, all in one statement."""

import hashlib
import json
import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import MISSING, dataclass, field, fields, replace
from datetime import datetime
from random import SystemRandom
from typing import Any
from uuid import UUID

from django.db import IntegrityError, OperationalError, connection, transaction
from psycopg import errors

from bekhedmetkom.attachments.queries import Waiting
from bekhedmetkom.attachments.rules import Sort
from bekhedmetkom.catalogue.queries import policy_for, service
from bekhedmetkom.catalogue.rules import Handling, Kind
from bekhedmetkom.entities.queries import prime_ministry, tree, working_calendar
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.canonical import canonical
from bekhedmetkom.kernel.clock import local_day
from bekhedmetkom.kernel.errors import FieldError, Invalid, Refused
from bekhedmetkom.kernel.references import new_reference
from bekhedmetkom.kernel.words import Words
from bekhedmetkom.routing.queries import route
from bekhedmetkom.routing.rules import Destination, Facts

from .. import attaching, journal
from ..access_codes import code_hash, derived_code
from ..models import Case, Particulars
from ..receipts import receipt
from ..rules.applicant import Applicant
from ..rules.contact import Contact
from ..rules.deadlines import promised
from ..rules.standing import COLUMNS, Standing, begun, instant
from ..rules.states import Happened, State
from .wording import LINE_LIMIT, UseConfidentialChannel, gated, worded

_RANDOM = SystemRandom()
_WAITED_IN_VAIN = (
    errors.LockNotAvailable,
    errors.TransactionTimeout,
)  # for whoever sends the same key just now


class KeyReused(Refused):
    words = Words(
        "استُعمل مفتاح الإرسال هذا لطلب آخر.", "This idempotency key was used for a different submission."
    )


class StillUnderWay(Refused):
    words = Words("طلبك قيد الإرسال. انتظر لحظة.", "This submission is still under way. Wait a moment.")


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


@dataclass(frozen=True, slots=True)
class Submitted:
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


def submit(
    *, submission: Submission, channel: str, client: str, key: str, actor: Actor, at: datetime
) -> Submitted:
    """Take a case in. `client` and `key` (16 characters or more) make it idempotent for 24 hours.

    Raises `Invalid`, `UseConfidentialChannel` (nothing kept), `KeyReused`, `StillUnderWay`.
    """
    submission = _checked(submission, at)
    if len(key) < 16:
        raise Invalid(FieldError("Idempotency-Key", _SHORT_KEY))
    destination = route(_facts(submission))
    if destination.sealed and not submission.gate_declined:
        raise UseConfidentialChannel
    try:
        files = _files(submission, at)
    except attaching.FilesGone:  # taken by this very submission, perhaps, when it was sent before
        return _sent_before(submission, client, key)
    for _attempt in range(3):
        try:
            return _written(_First(submission, destination, channel, at, files=files), client, key, actor)
        except IntegrityError as error:
            if "reference" not in str(
                error
            ):  # a reference that exists already: one in a million, so draw again
                raise
        except OperationalError as error:
            if isinstance(error.__cause__, _WAITED_IN_VAIN):
                raise StillUnderWay from error
            raise
    raise StillUnderWay


def foreseen(*, submission: Submission, at: datetime) -> Standing:
    """How the case would stand if it were sent now: whose it would be, by when, with what care. Writes nothing."""
    submission = _checked(submission, at)
    return _First(submission, route(_facts(submission)), "portal", at).standing


_SHORT_KEY = Words("مفتاح الإرسال 16 حرفًا على الأقل.", "An idempotency key has 16 characters or more.")
_NO_BODY = Words("هذه الجهة غير موجودة أو أُغلقت.", "This body does not exist or is closed.")
_NO_TOPIC = Words("هذا الموضوع غير موجود لدى الجهة.", "This topic does not exist at that body.")
_WHO = Words(
    "يحتاج هذا الموضوع إلى اسمك ورقمك الوطني أو رقم جوازك.",
    "This topic needs your name and your national or passport number.",
)


def _checked(submission: Submission, at: datetime) -> Submission:
    clean = replace(
        submission,
        text=worded("text", submission.text, required=not submission.uploads),
        title=worded("title", submission.title, limit=LINE_LIMIT, required=False),
        address=worded("address", submission.address, limit=300, required=False),
        about_employee=worded("about_employee", submission.about_employee, limit=100, required=False),
        about_unit=worded("about_unit", submission.about_unit, limit=100, required=False),
    )
    if clean.entity is not None and (
        clean.entity not in tree() or not tree()[clean.entity].is_open(local_day(at))
    ):
        raise Invalid(FieldError("entity", _NO_BODY))
    if clean.service is not None:
        try:
            topic = service(clean.service)
        except KeyError:
            raise Invalid(FieldError("service", _NO_TOPIC)) from None
        if clean.entity not in (None, topic.entity) or not topic.is_open(local_day(at)):
            raise Invalid(FieldError("service", _NO_TOPIC))
        who = clean.applicant
        if topic.needs_identity and not (who.name and (who.national_number or who.passport)):
            raise Invalid(FieldError("name", _WHO))
    for words in (clean.text, clean.title, clean.address, clean.about_employee, clean.about_unit):
        gated(words, declined=clean.gate_declined)
    return clean


def _files(submission: Submission, at: datetime) -> list[Waiting]:
    """The files that come with it. Where there are no words, one of them must be a recording."""
    files = attaching.chosen(submission.uploads, at)
    if files and not submission.text and not any(file.sort is Sort.SOUND for file in files):
        worded("text", "")
    return files


def _facts(submission: Submission) -> Facts:
    return Facts(
        text=f"{submission.title} {submission.text}".strip(), kind=submission.kind, service=submission.service,
        entity=submission.entity, governorate=submission.governorate, language=submission.language,
    )  # fmt: skip


def part_of(row: Case, text: str, service: int | None, actor: Actor, key: str) -> str:
    """A new case from part of another: same person, body, care and access code, same day of receipt, no later date.

    Returns its reference. Called inside the transaction that records the split.
    """
    who = row.particulars
    part = Submission(
        kind=Kind(row.kind), text=text, entity=row.entity_id, service=service, governorate=row.governorate_id,
        address=who.address, lat=who.lat, lng=who.lng, withhold_identity=row.withheld, language=row.language,
        applicant=Applicant(**{name: getattr(who, name) for name in Applicant.__slots__}),
    )  # fmt: skip
    destination = Destination(row.entity_id, service, None, [], sure=True, urgent=row.urgent)
    first = _First(part, destination, row.channel, row.received_at, whole=row.standing)
    confirmed = [str(contact) for contact in Contact if who.confirmed(contact)]
    first.data |= {"confirmed": confirmed, "tell_by": who.tell_by, "full_by_sms": int(who.full_by_sms)}
    submitted = _written(first, "split", key, actor, access_hash=bytes(who.access_hash))
    Particulars.objects.filter(pk=submitted.case).update(
        tell_by=who.tell_by,
        full_by_sms=who.full_by_sms,
        **{f"{contact}_confirmed": True for contact in confirmed},
    )
    return submitted.reference


def _written(
    first: "_First", client: str, key: str, actor: Actor, access_hash: bytes | None = None
) -> Submitted:
    standing, data, salted, particulars = first.standing, first.data, first.salted, first.particulars
    body = hashlib.sha256(_body(first.submission)).digest()
    digest = journal.chained(None, journal.event_of(standing, Happened.SUBMITTED, actor, data))
    code = derived_code(standing.reference, client, key)
    answer = _answer(standing, receipt(digest))
    values = {
        **{name: journal.stored(getattr(standing, name)) for name in _SET},
        **particulars,
        "head": digest, "actor": str(actor), "at": standing.received_at,
        "data": canonical(data).decode(), "access_hash": access_hash or code_hash(code),
        "client": client, "key": _key_hash(client, key), "body_hash": body, "answer": json.dumps(answer),
        "fields": list(salted), "bodies": [text for text, _ in salted.values()],
        "salts": [salt for _, salt in salted.values()],
    }  # fmt: skip
    with _with_files(first.files), _prepared(), connection.cursor() as cursor:
        cursor.execute(SUBMIT_BY_VOICE if standing.voice else SUBMIT, values)
        if row := cursor.fetchone():
            if first.files:
                attaching.take(cursor, row[0], 1, first.files, from_citizen=True, shown=True)
            return _submitted(row[0], answer, code)
        return _replayed(cursor, client, key, body)


def _with_files(files: Sequence[Waiting]) -> AbstractContextManager[object]:
    """A case and its files are there together or not at all; without files one statement is enough."""
    return transaction.atomic() if files else nullcontext()


@contextmanager
def _prepared() -> Iterator[None]:
    """Statements of this block are planned once a connection: planning took longer than writing the rows.

    One statement is a transaction by itself. Inside another one it is undone alone where it fails.
    """
    connection.ensure_connection()
    postgres = connection.connection
    with transaction.atomic() if connection.in_atomic_block else nullcontext():
        postgres.prepare_threshold = 0
        try:
            yield
        finally:
            postgres.prepare_threshold = None


class _First:
    """What a case begins with: its standing, its first event's data, its salted texts, and who brought it.

    `whole` is the case that it is a part of: the part is kept with no less care and promised no later.
    """

    def __init__(
        self, submission: Submission, destination: Destination, channel: str, at: datetime, *,
        whole: Standing | None = None, files: Sequence[Waiting] = (),
    ) -> None:  # fmt: skip
        self.submission = submission
        self.files = files
        texts = ({"text": submission.text} if submission.text else {}) | (
            {"title": submission.title} if submission.title else {}
        )
        self.salted = {name: (body, secrets.token_bytes(16)) for name, body in texts.items()}
        salt = secrets.token_bytes(16)
        given = {
            name: getattr(submission, name)
            for name in ("about_employee", "about_unit", "address", "lat", "lng")
        }
        self.particulars: dict[str, Any] = submission.applicant.as_json() | given
        data = _placed(submission, destination, channel, at)
        data |= _of_whole(whole, data) if whole else {}
        data |= attaching.facts(files) | ({} if submission.text else {"voice": 1})
        data |= {"particulars": journal.particulars_hash(salt, self.particulars)} | journal.hashes(
            self.salted
        )
        self.particulars["salt"] = salt
        self.standing, self.data = journal.looking_ahead(None, begun(new_reference(_RANDOM), at, data), data)


def _placed(submission: Submission, destination: Destination, channel: str, at: datetime) -> dict[str, Any]:
    """Whose the case is, how it is kept, and until when an answer is promised."""
    care = _care(submission, destination)
    entity = destination.entity_id or prime_ministry()
    policy = policy_for(
        kind=submission.kind, service=destination.service_id, entity=entity, at=at,
        urgent=destination.urgent and care is Handling.OPEN,
    )  # fmt: skip
    due = promised(at, policy.terms, working_calendar())
    return {
        "kind": str(submission.kind),
        "entity_id": entity,
        "policy_id": policy.id,
        "due_at": instant(due),
        "look_at": None,
        "triage": int(destination.entity_id is None),
        "service_id": destination.service_id,
        "governorate_id": submission.governorate,
        "care": str(care),
        "channel": channel,
        "language": submission.language,
        "urgent": int(destination.urgent),
        "withheld": int(submission.withhold_identity or care is not Handling.OPEN),
        "reasons": [reason.code for reason in destination.reasons],
    }


def _of_whole(whole: Standing, part: dict[str, Any]) -> dict[str, Any]:
    """What a part has from its case: the care, and date and terms where its own would come later."""
    given: dict[str, Any] = {"split_from": whole.reference}
    if whole.care is not Handling.OPEN:
        given |= {"care": str(whole.care), "withheld": 1}
    if datetime.fromisoformat(part["due_at"]) > whole.due_at:
        given |= {"due_at": instant(whole.due_at), "policy_id": whole.policy_id}
    return given


def _care(submission: Submission, destination: Destination) -> Handling:
    """Every violation report is need-to-know; so are the topics that the directory marks."""
    handling = service(destination.service_id).handling if destination.service_id else Handling.OPEN
    if handling in (Handling.HUMAN_RIGHTS, Handling.PROTECTED):
        return handling
    return Handling.INSPECTION if submission.kind is Kind.VIOLATION else Handling.OPEN


def _body(submission: Submission) -> bytes:
    """The cleaned fields, in one spelling, to tell the same submission from another under one key."""
    given = {name: getattr(submission, name) for name in Submission.__slots__ if name != "applicant"}
    given["uploads"] = [str(file) for file in submission.uploads]
    return canonical(given | {"applicant": submission.applicant.as_json()})


def _answer(standing: Standing, signed: str) -> dict[str, Any]:
    """What is kept of the answer: no secret in clear."""
    return {
        "reference": standing.reference, "entity": standing.entity_id, "triage": standing.triage,
        "service": standing.service_id, "received_at": instant(standing.received_at),
        "due_at": instant(standing.due_at), "receipt": signed, "urgent": standing.urgent,
    }  # fmt: skip


def _submitted(case: UUID, answer: dict[str, Any], code: str, *, replayed: bool = False) -> Submitted:
    times = {name: datetime.fromisoformat(answer[name]) for name in ("received_at", "due_at")}
    return Submitted(case=case, access_code=code, replayed=replayed, **(answer | times))


def _replayed(cursor: Any, client: str, key: str, body: bytes) -> Submitted:
    """The key had been used: the same answer for the same body, else a refusal."""
    cursor.execute(ANSWERED, [client, _key_hash(client, key)])
    case, first_body, answer = cursor.fetchone()
    if bytes(first_body) != body:
        raise KeyReused
    return _submitted(
        case, json.loads(answer), derived_code(json.loads(answer)["reference"], client, key), replayed=True
    )


def _sent_before(submission: Submission, client: str, key: str) -> Submitted:
    """The answer of this submission, where its files are gone because it has them; else `FilesGone`."""
    with connection.cursor() as cursor:
        cursor.execute(ANSWERED, [client, _key_hash(client, key)])
        if cursor.fetchone() is None:
            raise attaching.FilesGone
        return _replayed(cursor, client, key, hashlib.sha256(_body(submission)).digest())


def _key_hash(client: str, key: str) -> bytes:
    return hashlib.sha256(f"{client}\x00{key}".encode(errors="replace")).digest()


def _literal(value: object) -> str:
    """A column's beginning as SQL writes it."""
    match value:
        case None:
            return "NULL"
        case bool() | int():
            return str(value).upper()
        case ():
            return "'{}'"
        case _:
            return f"'{value}'"


_PERSONAL = ("name", "phone", "email", "national_number", "passport", "for_name", "for_relation", "about_employee",
             "about_unit", "address", "lat", "lng", "access_hash", "salt")  # fmt: skip

# What a submission decides of a case's row; all else of it begins as it does for every case.
_SET = ("reference", "kind", "entity_id", "policy_id", "due_at", "look_at", "triage", "service_id", "governorate_id",
        "care", "channel", "language", "urgent", "withheld")  # fmt: skip
_BEGINS = {
    **{field.name: _literal(field.default) for field in fields(Standing) if field.default is not MISSING},
    **{name: f"%({name})s" for name in _SET},
    **dict.fromkeys(("received_at", "updated_at", "term_from", "idle_from"), "%(at)s"),
    "promised_at": "%(due_at)s", "state": f"'{State.RECEIVED}'", "seq": "1",
}  # fmt: skip


# One statement: the key is taken or nothing is; what was acknowledged is there whole. It returns nothing from the
# rows of a case: who brings one has not been let in to see any (wall.py). So few values that psycopg remembers how it
# reads them.
def _statement(begins: Mapping[str, str]) -> str:
    return f"""
WITH k AS (INSERT INTO idempotency (client, key, body_hash, "case", answer, at)
           SELECT %(client)s, %(key)s, %(body_hash)s, uuidv7(), %(answer)s::jsonb, %(at)s
           ON CONFLICT (client, key) DO NOTHING RETURNING "case"),
     c AS (INSERT INTO "case" (id, {", ".join(COLUMNS)}, head)
           SELECT k."case", {", ".join(begins[name] for name in COLUMNS)}, %(head)s FROM k),
     p AS (INSERT INTO case_particulars (case_id, {", ".join(_PERSONAL)})
           SELECT k."case", {", ".join(f"%({name})s" for name in _PERSONAL)} FROM k),
     t AS (INSERT INTO case_text (case_id, seq, field, body, salt)
           SELECT k."case", 1, said.*
           FROM k, unnest(%(fields)s::text[], %(bodies)s::text[], %(salts)s::bytea[]) AS said),
     e AS (INSERT INTO event (case_id, seq, state, kind, at, actor, data, prev_hash, hash)
           SELECT k."case", 1, '{State.RECEIVED}', '{Happened.SUBMITTED}', %(at)s, %(actor)s, %(data)s::jsonb, NULL,
                  %(head)s FROM k)
SELECT "case" FROM k
"""


SUBMIT = _statement(_BEGINS)
SUBMIT_BY_VOICE = _statement(_BEGINS | {"voice": "TRUE"})

ANSWERED = 'SELECT "case", body_hash, answer FROM idempotency WHERE client = %s AND key = %s'
