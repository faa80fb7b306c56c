"""Asking a body's head about a figure, by a day; and how that ends: with an answer, or taken back by its giver."""

from datetime import date, datetime, timedelta

from django.db import connection, transaction

from bekhedmetkom.cases.commands.wording import worded
from bekhedmetkom.entities.queries import get_tree
from bekhedmetkom.identity.models import Officer
from bekhedmetkom.identity.queries import get_reachable_bodies, get_role_coverage, list_role_holders
from bekhedmetkom.identity.rules import Permission, Role
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.clock import get_local_date
from bekhedmetkom.kernel.errors import FieldError, InvalidInput, NotAllowed
from bekhedmetkom.kernel.formatting import format_date, format_in_both_languages
from bekhedmetkom.kernel.text import BilingualText
from bekhedmetkom.messages.commands import tell_lines
from bekhedmetkom.messages.rules.morning import Said
from bekhedmetkom.messages.rules.templates import Template

from ..kept import Instruction, InstructionEnd
from ..queries.indicators import figures
from ..queries.instructions import answers_for
from ..rules.indicators import INDICATORS
from ..rules.instructions import LETTERS_ANSWERED, LETTERS_ASKED, LONGEST, RECEIVE, How
from ..rules.slices import Slice


@transaction.atomic
def instruct(
    *, entity: int, figure: str, wanted: Slice, query: str, text: str, until: date, actor: Actor, at: datetime
) -> int:
    """Ask the head of a body about a figure of these days; the same once more is the one that waits already."""
    reach, today = get_reachable_bodies(actor, Permission.ASK_HEAD), get_local_date(at)
    if (reach is not None and entity not in reach) or INDICATORS[figure].missing:
        raise NotAllowed
    text = worded("text", text, limit=LETTERS_ASKED)
    if not today <= until <= today + timedelta(days=LONGEST):
        raise InvalidInput(FieldError("until", WHEN))
    if get_role_coverage(at).nearest(entity, Role.HEAD_OF_BODY) is None:
        raise InvalidInput(FieldError("entity", NO_HEAD))
    _one_at_a_time(actor)
    given = Instruction.objects.filter(
        officer=int(actor.id), entity=entity, figure=figure, text=text, until=until, end=None
    ).first()
    if given is None:
        reading = figures(wanted)[figure]
        given = Instruction.objects.create(
            entity_id=entity, figure=figure, query=query, value=reading.value, n=reading.n, text=text, until=until,
            officer_id=int(actor.id), at=at,
        )  # fmt: skip
        _tell(given, actor, at)
    return given.pk


def _tell(given: Instruction, actor: Actor, at: datetime) -> None:
    """By mail, to whoever answers for the body: the bell has lines of cases alone."""
    service, told = get_role_coverage(at), set[int]()
    for role in RECEIVE:
        if (body := service.nearest(given.entity_id, role)) is not None:
            told.update(list_role_holders(role, body, at=at))
    line = LINE.filled(
        figure=INDICATORS[given.figure].name,
        body=get_tree()[given.entity_id].words,
        until=format_in_both_languages(format_date, given.until),
    )
    for officer in Officer.objects.filter(pk__in=told - {actor.officer_id}):
        tell_lines(officer, Template.TO_FIGURE_ASKED, [Said(line)], PAGE, at)


def _one_at_a_time(actor: Actor) -> None:
    """A form that is sent twice at once is asked once."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('instruct'), %s)", [int(actor.id)])


@transaction.atomic
def answer(*, instruction: int, text: str, actor: Actor, at: datetime) -> None:
    """What the body says to it: with that it is over."""
    row = _waiting(instruction)
    if row is None or row.entity_id not in answers_for(actor, at):
        raise NotAllowed
    _end(row, How.ANSWERED, worded("text", text, limit=LETTERS_ANSWERED), actor, at)


@transaction.atomic
def withdraw(*, instruction: int, actor: Actor, at: datetime) -> None:
    """Its giver wants no answer any longer."""
    row = _waiting(instruction)
    if row is None or row.officer_id != actor.officer_id:
        raise NotAllowed
    _end(row, How.WITHDRAWN, "", actor, at)


def _waiting(instruction: int) -> Instruction | None:
    return Instruction.objects.select_for_update().filter(pk=instruction).first()


def _end(row: Instruction, how: How, text: str, actor: Actor, at: datetime) -> None:
    if InstructionEnd.objects.filter(instruction=row).exists():
        raise InvalidInput(FieldError("text", OVER))
    InstructionEnd.objects.create(instruction=row, how=how, text=text, officer_id=int(actor.id), at=at)


PAGE = "/desk/instructions"
LINE = BilingualText(
    "{figure}، {body}: الجواب قبل نهاية {until}", "{figure}, {body}: an answer by the end of {until}"
)
WHEN = BilingualText(
    f"اختر يومًا من اليوم حتى {LONGEST} يومًا.", f"Choose a day from today up to {LONGEST} days ahead."
)
NO_HEAD = BilingualText(
    "لا رئيس مسجّل لهذه الجهة ولا لمن فوقها.", "Neither this body nor one above it has a head on record."
)
OVER = BilingualText("انتهى هذا التوجيه قبل أن يصل ما كتبته.", "This instruction ended before yours came.")
