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

from ..journal import Change, record
from ..queries.instructions import given
from ..rules.case_state import CaseState, format_instant
from ..rules.states import EventType
from ..rules.transitions import NotPossibleNow
from ..rules.verbs import HANDLER, reports
from .follow_up import to_come
from .permitted import allowed
from .wording import worded

DELEGATES = (Role.MINISTER_OFFICE, Role.HEAD_OF_BODY)  # to whom a minister hands a matter

_NO_HEAD = BilingualText(
    "لا رئيس مسجّل لهذه الجهة ولا لمن فوقها. وجّه من عنده الطلب.",
    "Neither this body nor one above it has a head on record: instruct whoever has the case.",
)
_NOBODY = BilingualText("لا أحد مسجّل بهذا الدور لهذه الجهة.", "Nobody on record has this role for the body.")
_NOT_OPEN = BilingualText(
    "ليس في الطلب توجيه ينتظر جوابًا بهذا الرقم.", "No such instruction on this case awaits a report."
)
_NOT_YOURS = BilingualText(
    "الجواب لمن وُجّه إليه، أو لمن وجّهه.", "The report is for whom it was given to, or its giver."
)


def instruct(*, case: UUID, seen: int, actor: Actor, at: datetime, text: str, until: datetime) -> int:
    """A higher official says what is to be done, and by when."""
    return _ask(
        case, seen, actor, at, Permission.INSTRUCT, EventType.INSTRUCTED, to=HANDLER, text=text, until=until
    )


def ask_head(*, case: UUID, seen: int, actor: Actor, at: datetime, text: str, until: datetime) -> int:
    """Somebody above a body asks its head, who answers by a day."""
    return _ask(
        case, seen, actor, at, Permission.ASK_HEAD, EventType.HEAD_ASKED,
        to=Role.HEAD_OF_BODY, text=text, until=until,
    )  # fmt: skip


def delegate(
    *, case: UUID, seen: int, actor: Actor, at: datetime, to: Role, text: str, until: datetime
) -> int:
    """A minister hands a matter to the office or to the head of the body, and still answers for it."""
    if to not in DELEGATES:
        raise InvalidInput(FieldError("to", _NOBODY))
    return _ask(
        case, seen, actor, at, Permission.DELEGATE, EventType.DELEGATED, to=to, text=text, until=until
    )


def report(*, case: UUID, seen: int, actor: Actor, at: datetime, text: str, of: int | None = None) -> int:
    """Say what came of an instruction: with that it is over. `of` is its event; none: the only one that is open."""
    text = worded("text", text)

    def decide(standing: CaseState) -> Change:
        allowed(actor, Permission.REPORT, standing)
        if not standing.instructions:
            raise NotPossibleNow(standing.state, _NOT_OPEN)
        mine = [
            one.seq for one in given(case, standing.instructions)
            if reports(actor, standing, to=one.to, by=one.by)
        ]  # fmt: skip
        if of is not None and of not in standing.instructions:
            raise InvalidInput(FieldError("of", _NOT_OPEN))
        chosen = of if of is not None else mine[0] if len(mine) == 1 else None
        if chosen not in mine:
            raise InvalidInput(FieldError("of", _NOT_YOURS)) if mine else NotAllowed(_NOT_YOURS)
        return Change(EventType.REPORTED, {"of": chosen, "by": actor.officer_id}, {"report": text})

    return record(case=case, seen=seen, actor=actor, at=at, decide=decide)


def _ask(
    case: UUID, seen: int, actor: Actor, at: datetime, permission: Permission, happened: EventType, *,
    to: str, text: str, until: datetime,
) -> int:  # fmt: skip
    text = worded("text", text)

    def decide(standing: CaseState) -> Change:
        allowed(actor, permission, standing)
        to_come(until, at)
        if to != HANDLER and get_role_coverage(at).find_nearest(standing.entity_id, Role(to)) is None:
            if happened is EventType.HEAD_ASKED:
                raise NotPossibleNow(standing.state, _NO_HEAD)
            raise InvalidInput(FieldError("to", _NOBODY))
        data = {"for": str(to), "until": format_instant(until), "by": actor.officer_id}
        return Change(happened, data, {"instruction": text})

    return record(case=case, seen=seen, actor=actor, at=at, decide=decide)
