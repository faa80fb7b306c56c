"""What is asked from above with a day by which it is due, until somebody says what came of it.

Three sorts: an instruction to whoever handles the case, a question to the head of its body, and a matter of one's own
that is handed to the minister's office or to the head. None of them moves the date that the citizen was promised.
"""

from datetime import datetime
from uuid import UUID

from bekhedmetkom.identity.queries import get_role_coverage
from bekhedmetkom.identity.rules import Permission, Role
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.errors import FieldError, InvalidInput, NotAllowed
from bekhedmetkom.kernel.text import BilingualText

from ...journal import Change, record
from ...queries.leadership.instructions import list_given_instructions
from ...rules.actions import HANDLER_RECIPIENT, can_report
from ...rules.case_state import CaseState, format_instant
from ...rules.states import EventType
from ...rules.transitions import NotPossibleNow
from ..deadlines import validate_future_date
from ..permission_check import require_permission
from ..text_validation import validate_text

DELEGATE_ROLES = (Role.MINISTER_OFFICE, Role.HEAD_OF_BODY)  # to whom a minister hands a matter

_NO_HEAD = BilingualText(
    "لا رئيس مسجّل لهذه الجهة ولا لمن فوقها. وجّه من عنده الطلب.",
    "Neither this body nor one above it has a head on record: instruct whoever has the case.",
)
_ROLE_VACANT = BilingualText(
    "لا أحد مسجّل بهذا الدور لهذه الجهة.", "Nobody on record has this role for the body."
)
_INSTRUCTION_NOT_FOUND = BilingualText(
    "ليس في الطلب توجيه ينتظر جوابًا بهذا الرقم.", "No such instruction on this case awaits a report."
)
_NOT_RECIPIENT = BilingualText(
    "الجواب لمن وُجّه إليه، أو لمن وجّهه.", "The report is for whom it was given to, or its giver."
)


def give_instruction(*, case: UUID, seen: int, actor: Actor, at: datetime, text: str, until: datetime) -> int:
    """A higher official says what is to be done, and by when."""
    return _record_instruction(
        case,
        seen,
        actor,
        at,
        Permission.INSTRUCT,
        EventType.INSTRUCTED,
        to=HANDLER_RECIPIENT,
        text=text,
        until=until,
    )


def ask_head_of_body(*, case: UUID, seen: int, actor: Actor, at: datetime, text: str, until: datetime) -> int:
    """Somebody above a body asks its head, who answers by a day."""
    return _record_instruction(
        case, seen, actor, at, Permission.ASK_HEAD, EventType.HEAD_ASKED,
        to=Role.HEAD_OF_BODY, text=text, until=until,
    )  # fmt: skip


def delegate_case(
    *, case: UUID, seen: int, actor: Actor, at: datetime, to: Role, text: str, until: datetime
) -> int:
    """A minister hands a matter to the office or to the head of the body, and still answers for it."""
    if to not in DELEGATE_ROLES:
        raise InvalidInput(FieldError("to", _ROLE_VACANT))
    return _record_instruction(
        case, seen, actor, at, Permission.DELEGATE, EventType.DELEGATED, to=to, text=text, until=until
    )


def report_on_instruction(
    *, case: UUID, seen: int, actor: Actor, at: datetime, text: str, of: int | None = None
) -> int:
    """Say what came of an instruction: with that it is over. `of` is its event; none: the only one that is open."""
    text = validate_text("text", text)

    def decide(standing: CaseState) -> Change:
        require_permission(actor, Permission.REPORT, standing)
        if not standing.instructions:
            raise NotPossibleNow(standing.state, _INSTRUCTION_NOT_FOUND)
        mine = [
            one.seq for one in list_given_instructions(case, standing.instructions)
            if can_report(actor, standing, to=one.to, by=one.by)
        ]  # fmt: skip
        if of is not None and of not in standing.instructions:
            raise InvalidInput(FieldError("of", _INSTRUCTION_NOT_FOUND))
        chosen = of if of is not None else mine[0] if len(mine) == 1 else None
        if chosen not in mine:
            raise InvalidInput(FieldError("of", _NOT_RECIPIENT)) if mine else NotAllowed(_NOT_RECIPIENT)
        return Change(EventType.REPORTED, {"of": chosen, "by": actor.officer_id}, {"report": text})

    return record(case=case, seen=seen, actor=actor, at=at, decide=decide)


def _record_instruction(
    case: UUID, seen: int, actor: Actor, at: datetime, permission: Permission, happened: EventType, *,
    to: str, text: str, until: datetime,
) -> int:  # fmt: skip
    text = validate_text("text", text)

    def decide(standing: CaseState) -> Change:
        require_permission(actor, permission, standing)
        validate_future_date(until, at)
        if (
            to != HANDLER_RECIPIENT
            and get_role_coverage(at).find_nearest(standing.entity_id, Role(to)) is None
        ):
            if happened is EventType.HEAD_ASKED:
                raise NotPossibleNow(standing.state, _NO_HEAD)
            raise InvalidInput(FieldError("to", _ROLE_VACANT))
        data = {"for": str(to), "until": format_instant(until), "by": actor.officer_id}
        return Change(happened, data, {"instruction": text})

    return record(case=case, seen=seen, actor=actor, at=at, decide=decide)
