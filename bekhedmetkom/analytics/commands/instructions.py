"""Asking a body's head about a figure, by a day; and how that ends: with an answer, or taken back by its giver."""

from datetime import date, datetime, timedelta

from django.db import connection, transaction

from bekhedmetkom.cases.commands.text_validation import validate_text
from bekhedmetkom.entities.queries import get_tree
from bekhedmetkom.identity.models import Officer
from bekhedmetkom.identity.queries import get_reachable_bodies, get_role_coverage, list_role_holders
from bekhedmetkom.identity.rules import Permission, Role
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.clock import get_local_date
from bekhedmetkom.kernel.errors import FieldError, InvalidInput, NotAllowed
from bekhedmetkom.kernel.formatting import format_date, format_in_both_languages
from bekhedmetkom.kernel.text import BilingualText
from bekhedmetkom.notifications.commands import send_list_email
from bekhedmetkom.notifications.rules.morning_digest import DigestLine
from bekhedmetkom.notifications.rules.templates import Template

from ..queries.indicators import get_indicator_values
from ..queries.instructions import list_answerable_bodies
from ..rules.indicators import INDICATORS
from ..rules.instructions import (
    MAX_ANSWER_LENGTH,
    MAX_DAYS,
    MAX_INSTRUCTION_LENGTH,
    RECIPIENT_ROLES,
    InstructionOutcome,
)
from ..rules.slices import Slice
from ..storage import Instruction, InstructionEnd


@transaction.atomic
def give_instruction(
    *, entity: int, figure: str, wanted: Slice, query: str, text: str, until: date, actor: Actor, at: datetime
) -> int:
    """Ask the head of a body about a figure of these days; the same once more is the one that waits already."""
    reach, today = get_reachable_bodies(actor, Permission.ASK_HEAD), get_local_date(at)
    if (reach is not None and entity not in reach) or INDICATORS[figure].unavailable_reason:
        raise NotAllowed
    text = validate_text("text", text, limit=MAX_INSTRUCTION_LENGTH)
    if not today <= until <= today + timedelta(days=MAX_DAYS):
        raise InvalidInput(FieldError("until", INVALID_DAY))
    if get_role_coverage(at).find_nearest(entity, Role.HEAD_OF_BODY) is None:
        raise InvalidInput(FieldError("entity", NO_HEAD_OF_BODY))
    _lock_officer(actor)
    given = Instruction.objects.filter(
        officer=int(actor.id), entity=entity, indicator=figure, text=text, until=until, end=None
    ).first()
    if given is None:
        reading = get_indicator_values(wanted)[figure]
        given = Instruction.objects.create(
            entity_id=entity,
            indicator=figure,
            query=query,
            value=reading.value,
            observations=reading.observations,
            text=text,
            until=until,
            officer_id=int(actor.id),
            at=at,
        )
        _send_emails(given, actor, at)
    return given.pk


def _send_emails(given: Instruction, actor: Actor, at: datetime) -> None:
    """By mail, to whoever answers for the body: the bell has lines of cases alone."""
    service, told = get_role_coverage(at), set[int]()
    for role in RECIPIENT_ROLES:
        if (body := service.find_nearest(given.entity_id, role)) is not None:
            told.update(list_role_holders(role, body, at=at))
    line = EMAIL_LINE.format(
        figure=INDICATORS[given.indicator].name,
        body=get_tree()[given.entity_id].name,
        until=format_in_both_languages(format_date, given.until),
    )
    for officer in Officer.objects.filter(pk__in=told - {actor.officer_id}):
        send_list_email(officer, Template.TO_FIGURE_ASKED, [DigestLine(line)], INSTRUCTIONS_PAGE, at)


def _lock_officer(actor: Actor) -> None:
    """A form that is sent twice at once is asked once."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('instruct'), %s)", [int(actor.id)])


@transaction.atomic
def answer_instruction(*, instruction: int, text: str, actor: Actor, at: datetime) -> None:
    """What the body says to it: with that it is over."""
    row = _lock_instruction(instruction)
    if row is None or row.entity_id not in list_answerable_bodies(actor, at):
        raise NotAllowed
    _end_instruction(
        row, InstructionOutcome.ANSWERED, validate_text("text", text, limit=MAX_ANSWER_LENGTH), actor, at
    )


@transaction.atomic
def withdraw_instruction(*, instruction: int, actor: Actor, at: datetime) -> None:
    """Its giver wants no answer any longer."""
    row = _lock_instruction(instruction)
    if row is None or row.officer_id != actor.officer_id:
        raise NotAllowed
    _end_instruction(row, InstructionOutcome.WITHDRAWN, "", actor, at)


def _lock_instruction(instruction: int) -> Instruction | None:
    return Instruction.objects.select_for_update().filter(pk=instruction).first()


def _end_instruction(
    row: Instruction, how: InstructionOutcome, text: str, actor: Actor, at: datetime
) -> None:
    if InstructionEnd.objects.filter(instruction=row).exists():
        raise InvalidInput(FieldError("text", ALREADY_ENDED))
    InstructionEnd.objects.create(instruction=row, outcome=how, text=text, officer_id=int(actor.id), at=at)


INSTRUCTIONS_PAGE = "/desk/instructions"
EMAIL_LINE = BilingualText(
    "{figure}، {body}: الجواب قبل نهاية {until}", "{figure}, {body}: an answer by the end of {until}"
)
INVALID_DAY = BilingualText(
    f"اختر يومًا من اليوم حتى {MAX_DAYS} يومًا.", f"Choose a day from today up to {MAX_DAYS} days ahead."
)
NO_HEAD_OF_BODY = BilingualText(
    "لا رئيس مسجّل لهذه الجهة ولا لمن فوقها.", "Neither this body nor one above it has a head on record."
)
ALREADY_ENDED = BilingualText(
    "انتهى هذا التوجيه قبل أن يصل ما كتبته.", "This instruction ended before yours came."
)
