"""What an agent does for the caller: register a case, add a message, appeal, record whether it was solved."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from bekhedmetkom.cases import commands, row_security
from bekhedmetkom.cases.commands import Submission, SubmissionResult, UseConfidentialChannel
from bekhedmetkom.cases.commands.text_validation import check_corruption_gate, clean_text, validate_text
from bekhedmetkom.cases.rules.access import has_permission_anywhere
from bekhedmetkom.cases.rules.contact import ContactAddress, ContactType
from bekhedmetkom.identity.rules import Permission
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.errors import NotAllowed

from ..models import Call, Taken
from ..queries.ownership import get_agent_id, get_held_call, grant_case_access, is_number_verified

CHANNEL = "phone"
MAX_FIELD_LENGTH = 4000  # characters of one field of a draft


def save_draft(*, call: int, fields: dict[str, str], actor: Actor, at: datetime) -> None:
    """Save the draft of a case. Raises `UseConfidentialChannel` and deletes the draft if it speaks of corruption."""
    words = {name: clean_text(value)[:MAX_FIELD_LENGTH] for name, value in fields.items()}
    with transaction.atomic():
        get_held_call(call, actor, lock=True)
        is_gated = not _passes_gate(words)
        Call.objects.filter(pk=call).update(draft={} if is_gated else words)
    if is_gated:
        raise UseConfidentialChannel


def clear_draft(*, call: int, actor: Actor) -> None:
    """Delete the draft of the call."""
    with transaction.atomic():
        get_held_call(call, actor, lock=True)
        Call.objects.filter(pk=call).update(draft={})


def _passes_gate(words: dict[str, str]) -> bool:
    try:
        for value in words.values():
            check_corruption_gate(value, declined=False)
    except UseConfidentialChannel:
        return False
    return True


def register_case(
    *, call: int, submission: Submission, by_call: bool, key: str, actor: Actor, at: datetime
) -> SubmissionResult:
    """Submit a case for the caller; the draft is deleted and a verified number is confirmed on the case.

    Raises what `submit` raises, and `NotAllowed`.
    """
    if not has_permission_anywhere(actor, Permission.REGISTER):
        raise NotAllowed
    held_call = get_held_call(call, actor)
    validate_text("text", submission.text)
    with transaction.atomic():
        submitted = commands.submit_case(
            submission=submission, channel=CHANNEL, client=f"calls {actor}", key=key, actor=actor, at=at
        )
        Taken.objects.get_or_create(
            case_id=submitted.case,
            defaults={"call": held_call, "officer_id": get_agent_id(actor), "by_call": by_call},
        )
        Call.objects.filter(pk=call).update(draft={})
        number = held_call.number
        if (
            not submitted.replayed
            and number
            and number == submission.applicant.phone
            and is_number_verified(held_call, at)
        ):
            row_security.allow_citizen(submitted.case)
            commands.confirm_contact(
                case=submitted.case,
                actor=Actor.citizen(submitted.reference),
                at=at,
                known=ContactAddress(ContactType.PHONE, number),
            )
    return submitted


def add_message(*, call: int, case: UUID, reference: str, text: str, actor: Actor, at: datetime) -> None:
    """Add the caller's message to their case."""
    grant_case_access(get_held_call(call, actor), case, at)
    commands.add_message(case=case, seen=None, actor=Actor.citizen(reference), at=at, text=text)


def submit_appeal(*, call: int, case: UUID, reference: str, reason: str, actor: Actor, at: datetime) -> None:
    """Submit the caller's appeal."""
    grant_case_access(get_held_call(call, actor), case, at)
    commands.appeal_case(case=case, seen=None, actor=Actor.citizen(reference), at=at, reason=reason)


def record_resolution(
    *, call: int, case: UUID, seen: int, solved: bool, actor: Actor, at: datetime, **more: Any
) -> None:
    """Record whether the caller says that the case was solved."""
    grant_case_access(get_held_call(call, actor), case, at)
    check_corruption_gate(str(more.get("comment", "")), declined=False)
    commands.record_phone_feedback(
        case=case, seen=seen, actor=actor, at=at, solved=solved, handed=True, **more
    )
