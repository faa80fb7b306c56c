"""What an agent does for the caller: takes a case down, adds what they say to theirs, notes whether it was solved."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from bekhedmetkom.cases import commands, wall
from bekhedmetkom.cases.commands import Submission, Submitted, UseConfidentialChannel
from bekhedmetkom.cases.commands.wording import cleaned, gated, worded
from bekhedmetkom.cases.rules.access import holds
from bekhedmetkom.cases.rules.contact import Contact, Known
from bekhedmetkom.identity.rules import Permission
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.errors import NotAllowed

from ..models import Call, Taken
from ..queries.ownership import get_agent_id, get_held_call, grant_case_access, is_number_verified

CHANNEL = "phone"
MAX_FIELD_LENGTH = 4000  # letters of one field of a draft


def save_draft(*, call: int, fields: dict[str, str], actor: Actor, at: datetime) -> None:
    """Keep what is written so far. Words of corruption are kept nowhere: what was kept goes, and its agent is told."""
    words = {name: cleaned(value)[:MAX_FIELD_LENGTH] for name, value in fields.items()}
    with transaction.atomic():
        get_held_call(call, actor, lock=True)
        stopped = not _passes_gate(words)
        Call.objects.filter(pk=call).update(draft={} if stopped else words)
    if stopped:
        raise UseConfidentialChannel


def clear_draft(*, call: int, actor: Actor) -> None:
    """What is being written is for another place."""
    with transaction.atomic():
        get_held_call(call, actor, lock=True)
        Call.objects.filter(pk=call).update(draft={})


def _passes_gate(words: dict[str, str]) -> bool:
    try:
        for value in words.values():
            gated(value, declined=False)
    except UseConfidentialChannel:
        return False
    return True


def register_case(
    *, call: int, submission: Submission, by_call: bool, key: str, actor: Actor, at: datetime
) -> Submitted:
    """The same intake as everybody's, by telephone. Who called and when stays with the call, whose agent took it.

    Raises what `submit` does; past the gate the draft is forgotten. Where the number was proven, it is confirmed.
    """
    if not holds(actor, Permission.REGISTER):
        raise NotAllowed
    mine = get_held_call(call, actor)
    worded("text", submission.text)
    with transaction.atomic():
        taken = commands.submit(
            submission=submission, channel=CHANNEL, client=f"calls {actor}", key=key, actor=actor, at=at
        )
        Taken.objects.get_or_create(
            case_id=taken.case, defaults={"call": mine, "officer_id": get_agent_id(actor), "by_call": by_call}
        )
        Call.objects.filter(pk=call).update(draft={})
        number = mine.number
        if (
            not taken.replayed
            and number
            and number == submission.applicant.phone
            and is_number_verified(mine, at)
        ):
            wall.for_citizen(taken.case)
            commands.confirm_contact(
                case=taken.case,
                actor=Actor.citizen(taken.reference),
                at=at,
                known=Known(Contact.PHONE, number),
            )
    return taken


def add_message(*, call: int, case: UUID, reference: str, text: str, actor: Actor, at: datetime) -> None:
    """What the caller says goes into their own case, as if they had written it."""
    grant_case_access(get_held_call(call, actor), case, at)
    commands.write(case=case, seen=None, actor=Actor.citizen(reference), at=at, text=text)


def submit_appeal(*, call: int, case: UUID, reference: str, reason: str, actor: Actor, at: datetime) -> None:
    """The caller's appeal, in their words: who has no page can appeal all the same."""
    grant_case_access(get_held_call(call, actor), case, at)
    commands.appeal(case=case, seen=None, actor=Actor.citizen(reference), at=at, reason=reason)


def record_resolution(
    *, call: int, case: UUID, seen: int, solved: bool, actor: Actor, at: datetime, **more: Any
) -> None:
    """Was it solved? Said by whoever has opened the case during this call."""
    grant_case_access(get_held_call(call, actor), case, at)
    gated(str(more.get("comment", "")), declined=False)
    commands.heard(case=case, seen=seen, actor=actor, at=at, solved=solved, handed=True, **more)
