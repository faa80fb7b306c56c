"""What an officer's system can do to a case: one row a verb, its body and its command. A new verb is one row."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from bekhedmetkom.cases import commands
from bekhedmetkom.cases.queries import DeskCase
from bekhedmetkom.entities.queries import units_of
from bekhedmetkom.kernel.clock import local_day
from bekhedmetkom.kernel.errors import FieldError, Invalid
from bekhedmetkom.kernel.words import Words

from .schemas import desk as bodies
from .schemas.shared import Sent


class Verb(NamedTuple):
    """`body` is what the caller sends (`None`: nothing), `command` what takes its fields as arguments."""

    does: str
    body: type[Sent] | None
    command: Callable[..., int | None]


VERBS: Mapping[str, Verb] = {
    "classify": Verb("Say whose the case is, and about what", bodies.Classify, commands.classify),
    "assign": Verb("Give it to a unit or an officer of its body", bodies.Assign, commands.assign),
    "refer": Verb("Send it to the body whose it is", bodies.Refer, commands.refer),
    "return": Verb("Give it back: not ours", bodies.Reason, commands.give_back),
    "accept": Verb("Take on a case that another body referred", None, commands.accept),
    "ask": Verb("Ask the citizen for what is missing; the clock waits", bodies.Words, commands.ask),
    "note": Verb("Write an internal note", bodies.Words, commands.note),
    "draft": Verb("Keep an unsent reply for its writer", bodies.Draft, commands.save_draft),
    "submit": Verb("Put a reply before the approver", bodies.Reply, commands.submit_reply),
    "approve": Verb("Let the submitted reply go out", None, commands.approve),
    "send-back": Verb("Return a submitted reply to its writer", bodies.Reason, commands.send_back),
    "answer": Verb("Answer the citizen", bodies.Reply, commands.answer),
    "extend": Verb("One longer term, with a reason that the citizen reads", bodies.Reason, commands.extend),
    "reclassify": Verb("Correct the kind or the topic", bodies.Reclassify, commands.reclassify),
    "escalate": Verb("Raise it to a higher official now", bodies.Escalate, commands.escalate),
    "decide": Verb("Decide the appeal", bodies.Decide, commands.decide),
    "reveal": Verb("Look at a withheld identity; the look is journalled", bodies.Reason, commands.reveal),
    "confirm": Verb("Agree, as a second person, that it is spam or abuse", None, commands.confirm),
    "merge": Verb("Join it to another case of the same person", bodies.Merge, commands.merge),
    "split": Verb("Make a case of its own from a part", bodies.Split, commands.split),
    "close": Verb("Put away a case that its citizen has called solved", None, commands.close),
    "snooze": Verb("Out of one's own way until a day inside its term", bodies.Until, commands.snooze),
    "recuse": Verb("Step aside for a conflict of interest", bodies.Reason, commands.recuse),
    "instruct": Verb("Say, from above, what is to be done and by when", bodies.WordsUntil, commands.instruct),
    "commit": Verb("Promise the citizen an action with a date", bodies.WordsUntil, commands.commit),
    "fulfil": Verb("Say that a promised action is done", bodies.Words, commands.fulfil),
}

_NO_UNIT = Words("لا وحدة بهذا الرمز في الجهة.", "No unit of the body has this code.")


def arguments(given: Sent | None, case: DeskCase, at: datetime) -> dict[str, Any]:
    """The fields of a body as the command takes them: only what was given, and a unit by its key."""
    fields = given.dict(exclude_unset=True) if given else {}
    if code := fields.get("unit"):
        keys = {unit.code: unit.id for unit in units_of(case.standing.entity_id, local_day(at))}
        if code not in keys:
            raise Invalid(FieldError("unit", _NO_UNIT))
        fields["unit"] = keys[code]
    return fields
