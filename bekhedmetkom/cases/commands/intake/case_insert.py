"""A submission is written down: one statement, once for each key, whole or not at all."""

import hashlib
import json
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import MISSING, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from orjson import Fragment

from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.canonical_json import encode_canonical_json
from bekhedmetkom.kernel.errors import Refusal
from bekhedmetkom.kernel.text import BilingualText

from ... import attachments, journal
from ...access_codes import compute_access_code, hash_access_code
from ...receipts import sign_receipt
from ...rules.case_state import STATE_COLUMNS, CaseState, format_instant
from ...rules.states import EventType, State
from .opening import CaseOpening
from .schemas import Submission, SubmissionResult


class IdempotencyKeyReused(Refusal):
    message = BilingualText(
        "استُعمل مفتاح الإرسال هذا لطلب آخر.", "This idempotency key was used for a different submission."
    )


def insert_case(
    beginning: CaseOpening, client: str, key: str, actor: Actor, access_hash: bytes | None = None
) -> SubmissionResult:
    """Write a case down, or find that it had been: what its sender is told. Raises `KeyReused`."""
    standing, data, salted = beginning.standing, beginning.data, beginning.salted
    body = hashlib.sha256(_encode_submission(beginning.submission)).digest()
    spelt = encode_canonical_json(data)
    digest = journal.compute_event_hash(
        None, journal.build_event(standing, EventType.SUBMITTED, actor, Fragment(spelt))
    )
    code = compute_access_code(standing.reference, client, key)
    answer = _build_stored_answer(standing, sign_receipt(digest))
    values = {
        **{name: journal.to_database_value(getattr(standing, name)) for name in _SUBMITTED_COLUMNS},
        **beginning.particulars,
        "head": digest,
        "actor": str(actor),
        "at": standing.updated_at,
        "received_at": standing.received_at,
        "data": spelt.decode(),
        "access_hash": access_hash or hash_access_code(code),
        "client": client,
        "key": _hash_key(client, key),
        "body_hash": body,
        "answer": encode_canonical_json(answer).decode(),
        **dict(
            zip(
                _TEXT_PARAMETERS, (*salted.get("text", _NO_TEXT), *salted.get("title", _NO_TEXT)), strict=True
            )
        ),
    }
    with _in_transaction(beginning), connection.cursor() as cursor:
        cursor.execute(INSERT_VOICE_CASE_SQL if standing.voice else INSERT_CASE_SQL, values)
        if row := cursor.fetchone():
            if beginning.files:
                attachments.claim_uploads(cursor, row[0], 1, beginning.files, from_citizen=True, shown=True)
            if url := beginning.submission.picture_url:
                cursor.execute(INSERT_PICTURE_SQL, [row[0], url, standing.updated_at])
            return _build_result(row[0], answer, code)
        return _replay_answer(cursor, client, key, body)


def _in_transaction(beginning: CaseOpening) -> AbstractContextManager[object]:
    """A transaction where the case has files, or a savepoint inside the caller's; one statement alone needs neither."""
    several = beginning.files or beginning.submission.picture_url or connection.in_atomic_block
    return transaction.atomic() if several else nullcontext()


def _encode_submission(submission: Submission) -> bytes:
    """The cleaned fields, in one spelling, to tell the same submission from another under one key."""
    given = {name: getattr(submission, name) for name in Submission.__slots__ if name != "applicant"}
    given["uploads"] = [str(file) for file in submission.uploads]
    given["came_on"] = str(submission.came_on or "")
    return encode_canonical_json(given | {"applicant": submission.applicant.to_dict()})


def _build_stored_answer(standing: CaseState, signed: str) -> dict[str, Any]:
    """What is kept of the answer: no secret in clear."""
    return {
        "reference": standing.reference, "entity": standing.entity_id, "triage": standing.triage,
        "service": standing.service_id, "received_at": format_instant(standing.received_at),
        "due_at": format_instant(standing.due_at), "receipt": signed, "urgent": standing.urgent,
    }  # fmt: skip


def _build_result(
    case: UUID, answer: dict[str, Any], code: str, *, replayed: bool = False
) -> SubmissionResult:
    times = {name: datetime.fromisoformat(answer[name]) for name in ("received_at", "due_at")}
    return SubmissionResult(case=case, access_code=code, replayed=replayed, **(answer | times))


def _replay_answer(cursor: Any, client: str, key: str, body: bytes) -> SubmissionResult:
    """The key had been used: the same answer for the same body, else a refusal."""
    cursor.execute(FIND_ANSWER_SQL, [client, _hash_key(client, key)])
    case, first_body, answer = cursor.fetchone()
    if bytes(first_body) != body:
        raise IdempotencyKeyReused
    return _build_result(
        case,
        json.loads(answer),
        compute_access_code(json.loads(answer)["reference"], client, key),
        replayed=True,
    )


def find_replayed_submission(submission: Submission, client: str, key: str) -> SubmissionResult:
    """The answer of this submission, where its files are gone because it has them; else `FilesGone`."""
    with connection.cursor() as cursor:
        cursor.execute(FIND_ANSWER_SQL, [client, _hash_key(client, key)])
        if cursor.fetchone() is None:
            raise attachments.UploadNotFound
        return _replay_answer(cursor, client, key, hashlib.sha256(_encode_submission(submission)).digest())


def find_submission(client: str, key: str) -> SubmissionResult | None:
    """What was answered to whoever sent something under this key, whatever it was."""
    with connection.cursor() as cursor:
        cursor.execute(FIND_ANSWER_SQL, [client, _hash_key(client, key)])
        row = cursor.fetchone()
    if row is None:
        return None
    case, _body, answer = row
    code = compute_access_code(json.loads(answer)["reference"], client, key)
    return _build_result(case, json.loads(answer), code, replayed=True)


def _hash_key(client: str, key: str) -> bytes:
    return hashlib.sha256(f"{client}\x00{key}".encode(errors="replace")).digest()


def _format_literal(value: object) -> str:
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


_PARTICULARS_COLUMNS = (
    "name",
    "phone",
    "email",
    "national_number",
    "passport",
    "for_name",
    "for_relation",
    "about_employee",
    "about_unit",
    "address",
    "lat",
    "lng",
    "access_hash",
    "salt",
)

_TEXT_PARAMETERS, _NO_TEXT = ("text", "text_salt", "title", "title_salt"), (None, None)

# What a submission decides of a case's row; all else of it begins as it does for every case.
_SUBMITTED_COLUMNS = (
    "reference",
    "kind",
    "entity_id",
    "policy_id",
    "term_from",
    "due_at",
    "paused_days",
    "extended_days",
    "look_at",
    "triage",
    "service_id",
    "governorate_id",
    "care",
    "channel",
    "language",
    "urgent",
    "withheld",
    "about_officer_id",
    "about_unit_id",
    "agreed",
)
_INITIAL_VALUES = {
    **{field.name: _format_literal(field.default) for field in fields(CaseState) if field.default is not MISSING},
    **{name: f"%({name})s" for name in _SUBMITTED_COLUMNS},
    "received_at": "%(received_at)s",
    **dict.fromkeys(("updated_at", "idle_from"), "%(at)s"),
    "promised_at": "%(due_at)s", "state": f"'{State.RECEIVED}'", "seq": "1",
}  # fmt: skip


# One statement: the key is taken or nothing is; what was acknowledged is there whole. It returns nothing from the
# rows of a case: who brings one has not been let in to see any (wall.py). So few values that psycopg remembers how it
# reads them.
def _build_statement(begins: Mapping[str, str]) -> str:
    return f"""
WITH k AS (INSERT INTO idempotency (client, key, body_hash, "case", answer, at)
           SELECT %(client)s, %(key)s, %(body_hash)s, uuidv7(), %(answer)s::jsonb, %(at)s
           ON CONFLICT (client, key) DO NOTHING RETURNING "case"),
     c AS (INSERT INTO "case" (id, {", ".join(STATE_COLUMNS)}, head)
           SELECT k."case", {", ".join(begins[name] for name in STATE_COLUMNS)}, %(head)s FROM k),
     p AS (INSERT INTO case_particulars (case_id, {", ".join(_PARTICULARS_COLUMNS)})
           SELECT k."case", {", ".join(f"%({name})s" for name in _PARTICULARS_COLUMNS)} FROM k),
     t AS (INSERT INTO case_text (case_id, seq, field, body, salt)
           SELECT k."case", 1, said.*
           FROM k, (VALUES ('text', %(text)s::text, %(text_salt)s::bytea),
                           ('title', %(title)s::text, %(title_salt)s::bytea)) AS said(field, body, salt)
           WHERE said.body IS NOT NULL),
     e AS (INSERT INTO event (case_id, seq, state, kind, at, actor, data, prev_hash, hash)
           SELECT k."case", 1, '{State.RECEIVED}', '{EventType.SUBMITTED}', %(at)s, %(actor)s, %(data)s::jsonb, NULL,
                  %(head)s FROM k)
SELECT "case" FROM k
"""


INSERT_CASE_SQL = _build_statement(_INITIAL_VALUES)
INSERT_VOICE_CASE_SQL = _build_statement(_INITIAL_VALUES | {"voice": "TRUE"})

INSERT_PICTURE_SQL = "INSERT INTO case_picture (case_id, url, next_at, tries) VALUES (%s, %s, %s, 0)"

FIND_ANSWER_SQL = 'SELECT "case", body_hash, answer FROM idempotency WHERE client = %s AND key = %s'
