"""What officers write before they send it: kept, so that no crash and no cut loses a word, and sent exactly once.

None of it is a fact about the case, so none of it is an event; an event ends it.
"""

import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.errors import NotAllowed, Refusal
from bekhedmetkom.kernel.text import BilingualText

from ...models import Case
from ...rules.access import has_permission
from ...rules.actions import get_required_permission
from ...rules.drafts import REPLY_DRAFT, REPLY_PART_FIELDS, get_draft_place
from ...rules.reply_parts import MAX_OBJECTION_LENGTH
from ...rules.states import State
from ...rules.transitions import NotPossibleNow
from ...workspace_models import Draft
from ..text_validation import MAX_TEXT_LENGTH, clean_text

MAX_DRAFT_LENGTH = 20_000
_FINAL_STATES = (State.WITHDRAWN, State.MERGED)  # nothing that is written here can be sent
SHARE_LOCK_SQL = 'SELECT FROM "case" WHERE id = %s FOR SHARE'


class DraftConflict(Refusal):
    """The same officer has kept another text in its place since, from another window: `text` is that one."""

    message = BilingualText(
        "كُتبت هذه المسودة في نافذة أخرى أيضًا. قارن النصين، ثم أكمل.",
        "This draft was also written in another window. Compare the two texts, then go on.",
    )

    def __init__(self, text: str, version: int):
        self.text = text
        self.version = version
        super().__init__()


def store_draft(
    *, case: UUID, actor: Actor, at: datetime, text: str, place: str = REPLY_DRAFT, disposition: str = "",
    quality_reason: str = "", version: int | None = None, parts: Mapping[str, str] | None = None,
) -> int:  # fmt: skip
    """Keep what is being written for its writer, whatever is missing in it; returns how often it was kept.

    `version` is what the writer's window had seen: another text kept since raises `DraftMoved`. `None` writes over it.
    """
    words: dict[str, Any] = {
        "text": clean_text(text)[:MAX_DRAFT_LENGTH], "disposition": clean_text(disposition)[:30],
        "quality_reason": clean_text(quality_reason)[:MAX_TEXT_LENGTH],
    }  # fmt: skip
    if parts is not None:
        words["parts"] = {
            name: clean_text(typed)[:MAX_OBJECTION_LENGTH]
            for name, typed in parts.items()
            if name in REPLY_PART_FIELDS
        }
    with transaction.atomic():
        _require_draft_permission(case, actor, place)
        kept, new = Draft.objects.select_for_update().get_or_create(
            case_id=case, officer_id=actor.officer_id or 0, place=place, defaults={**words, "saved_at": at}
        )
        if new or all(getattr(kept, name) == value for name, value in words.items()):
            return kept.version
        if version is not None and version != kept.version and kept.text:
            raise DraftConflict(kept.text, kept.version)
        for name, value in words.items():
            setattr(kept, name, value)
        kept.version, kept.saved_at = kept.version + 1, at
        kept.save()
        return kept.version


def save_reply_draft(
    *, case: UUID, actor: Actor, at: datetime, text: str, disposition: str = "", quality_reason: str = "",
    version: int | None = None, parts: Mapping[str, str] | None = None,
) -> None:  # fmt: skip
    """Keep an unsent reply, as the contract's verb does. No fact about the case yet, so no event."""
    store_draft(
        case=case, actor=actor, at=at, text=text, disposition=disposition, quality_reason=quality_reason,
        version=version, parts=parts,
    )  # fmt: skip


def discard_draft(*, case: UUID, actor: Actor, place: str) -> None:
    """Forget what was begun there."""
    Draft.objects.filter(case=case, officer=actor.officer_id or 0, place=place).delete()


def perform_once(
    *, case: UUID, actor: Actor, at: datetime, verb: str, form: str, act: Callable[[], object]
) -> bool:
    """Do this and end its draft, together or not at all; `False` where this very form had been sent before.

    `form` is all that was sent, with the key that was drawn for it; empty: a form without one, done as it comes. A
    second sending waits for the first, and takes place only where that one did not.
    """
    with transaction.atomic():
        now = not form or _claim_form_key(case, actor, at, _hash_form(actor, form))
        if now:
            act()
        if verb != "draft":
            discard_draft(case=case, actor=actor, place=get_draft_place(verb))
        return now


def is_already_sent(actor: Actor, form: str) -> bool:
    """Whether this very form has been sent: for who no longer sees the case to which it went."""
    with connection.cursor() as cursor:
        cursor.execute(KEY_EXISTS_SQL, [str(actor), _hash_form(actor, form)])
        return cursor.fetchone() is not None


def _require_draft_permission(case: UUID, actor: Actor, place: str) -> None:
    """Under the case's lock: what its citizen takes back or erases meanwhile takes no word any more."""
    with connection.cursor() as cursor:
        cursor.execute(SHARE_LOCK_SQL, [case])
    verb = "draft" if place == REPLY_DRAFT else place
    row = Case.objects.filter(pk=case).first()
    if row is None or not has_permission(actor, get_required_permission(verb, row.standing), row.standing):
        raise NotAllowed
    if row.standing.state in _FINAL_STATES:
        raise NotPossibleNow(row.standing.state)


def _claim_form_key(case: UUID, actor: Actor, at: datetime, key: bytes) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(CLAIM_KEY_SQL, [str(actor), key, key, case, at])
        return cursor.fetchone() is not None


def _hash_form(actor: Actor, form: str) -> bytes:
    return hashlib.sha256(f"{actor}\x00{form}".encode(errors="replace")).digest()


# Beside the keys of submissions, and forgotten with them after 24 hours.
CLAIM_KEY_SQL = """
INSERT INTO idempotency (client, key, body_hash, "case", answer, at) VALUES (%s, %s, %s, %s, '{}', %s)
ON CONFLICT (client, key) DO NOTHING RETURNING client
"""
KEY_EXISTS_SQL = "SELECT FROM idempotency WHERE client = %s AND key = %s"
