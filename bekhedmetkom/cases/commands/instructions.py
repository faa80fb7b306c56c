"""What is asked from above with a day by which it is due, until somebody says what came of it.

Three sorts: an instruction to whoever handles the case, a question to the head of its body, and a matter of one's own
that is handed to the minister's office or to the head. None of them moves the date that the citizen was promised.
"""

from datetime import datetime
from uuid import UUID

from bekhedmetkom.identity.queries import service_at
from bekhedmetkom.identity.rules import Permission, Role
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.errors import FieldError, Invalid, NotAllowed
from bekhedmetkom.kernel.words import Words

from ..journal import Act, record
from ..queries.instructions import given
from ..rules.standing import Standing, instant
from ..rules.states import Happened, NotPossibleNow
from ..rules.verbs import HANDLER, reports
from .follow_up import to_come
from .permitted import allowed
from .wording import worded

DELEGATES = (Role.MINISTER_OFFICE, Role.HEAD_OF_BODY)  # to whom a minister hands a matter

_NO_HEAD = Words(
    "لا رئيس مسجّل لهذه الجهة ولا لمن فوقها. وجّه من عنده الطلب.",
    "Neither this body nor one above it has a head on record: instruct whoever has the case.",
)
_NOBODY = Words("لا أحد مسجّل بهذا الدور لهذه الجهة.", "Nobody on record has this role for the body.")
_NOT_OPEN = Words(
    "ليس في الطلب توجيه ينتظر جوابًا بهذا الرقم.", "No such instruction on this case awaits a report."
)
_NOT_YOURS = Words(
    "الجواب لمن وُجّه إليه، أو لمن وجّهه.", "The report is for whom it was given to, or its giver."
)


def instruct(*, case: UUID, seen: int, actor: Actor, at: datetime, text: str, until: datetime) -> int:
    """A higher official says what is to be done, and by when."""
    return _ask(
        case, seen, actor, at, Permission.INSTRUCT, Happened.INSTRUCTED, to=HANDLER, text=text, until=until
    )


def ask_head(*, case: UUID, seen: int, actor: Actor, at: datetime, text: str, until: datetime) -> int:
    """Somebody above a body asks its head, who answers by a day."""
    return _ask(
        case, seen, actor, at, Permission.ASK_HEAD, Happened.HEAD_ASKED,
        to=Role.HEAD_OF_BODY, text=text, until=until,
    )  # fmt: skip


def delegate(
    *, case: UUID, seen: int, actor: Actor, at: datetime, to: Role, text: str, until: datetime
) -> int:
    """A minister hands a matter to the office or to the head of the body, and still answers for it."""
    if to not in DELEGATES:
        raise Invalid(FieldError("to", _NOBODY))
    return _ask(case, seen, actor, at, Permission.DELEGATE, Happened.DELEGATED, to=to, text=text, until=until)


def report(*, case: UUID, seen: int, actor: Actor, at: datetime, text: str, of: int | None = None) -> int:
    """Say what came of an instruction: with that it is over. `of` is its event; none: the only one that is open."""
    text = worded("text", text)

    def decide(standing: Standing) -> Act:
        allowed(actor, Permission.REPORT, standing)
        if not standing.instructions:
            raise NotPossibleNow(standing.state, _NOT_OPEN)
        mine = [
            one.seq for one in given(case, standing.instructions)
            if reports(actor, standing, to=one.to, by=one.by)
        ]  # fmt: skip
        if of is not None and of not in standing.instructions:
            raise Invalid(FieldError("of", _NOT_OPEN))
        chosen = of if of is not None else mine[0] if len(mine) == 1 else None
        if chosen not in mine:
            raise Invalid(FieldError("of", _NOT_YOURS)) if mine else NotAllowed(_NOT_YOURS)
        return Act(Happened.REPORTED, {"of": chosen, "by": actor.officer_id}, {"report": text})

    return record(case=case, seen=seen, actor=actor, at=at, decide=decide)


def _ask(
    case: UUID, seen: int, actor: Actor, at: datetime, permission: Permission, happened: Happened, *,
    to: str, text: str, until: datetime,
) -> int:  # fmt: skip
    text = worded("text", text)

    def decide(standing: Standing) -> Act:
        allowed(actor, permission, standing)
        to_come(until, at)
        if to != HANDLER and service_at(at).nearest(standing.entity_id, Role(to)) is None:
            if happened is Happened.HEAD_ASKED:
                raise NotPossibleNow(standing.state, _NO_HEAD)
            raise Invalid(FieldError("to", _NOBODY))
        data = {"for": str(to), "until": instant(until), "by": actor.officer_id}
        return Act(happened, data, {"instruction": text})

    return record(case=case, seen=seen, actor=actor, at=at, decide=decide)
