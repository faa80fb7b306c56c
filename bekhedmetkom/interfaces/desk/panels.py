"""The middle of the case page: the form of what is being done, or of what there is to do next."""

from collections.abc import Sequence
from dataclasses import dataclass

from bekhedmetkom.cases.queries import DeskCase, Entry
from bekhedmetkom.cases.rules.difference import Part, difference
from bekhedmetkom.cases.rules.drafts import place_of
from bekhedmetkom.cases.rules.quality import Judgement
from bekhedmetkom.cases.rules.states import WAITING, EventType, State
from bekhedmetkom.catalogue.rules import DISPOSITION_LABELS
from bekhedmetkom.kernel.text import BilingualText

from .drafts import Comparison
from .forms import VerbForm
from .journal import Round, last, rounds, text_of
from .quality import waiting
from .replies import Approval
from .replies import Reply as ReplyForm
from .verbs import APPROVAL, BAR, IN_THE_PAGE, REPLY, VERBS, Verb
from .visit import RequestContext

FEW = 5  # that many verbs all stand beside the title


@dataclass
class Panel:
    """`stale`: what others did since the form was opened. `refused`: why the last try did not go through."""

    template: str
    verb: Verb | None = None
    form: VerbForm | None = None
    buttons: Sequence[Verb] = ()
    no: Verb | None = None  # the verb that says no to what is asked here
    stale: Sequence[Entry] = ()
    refused: BilingualText | None = None
    possible: Sequence[Verb] = ()
    typed: str = ""
    quality: Judgement | None = None  # of the reply that is written or waits
    rounds: Sequence[Round] = ()  # of the reply that waits or was sent back, the newest first
    asked: bool = False  # the officer opened it; else it is what there is to do next
    compared: Comparison | None = None  # another's text beside what is typed
    merged: bool = False  # what stands in the form was put together of two texts

    @property
    def changed(self) -> Sequence[Part]:
        """What the writer changed since it was sent back, word by word."""
        return difference(self.rounds[1].text, self.rounds[0].text) if len(self.rounds) > 1 else ()


@dataclass(frozen=True, slots=True)
class Reply:
    """What the entity said, or is about to say."""

    text: str
    outcome: BilingualText | None
    by: BilingualText | None
    entry: Entry


def panel_of(case: DeskCase, visit: RequestContext, verb: Verb, form: VerbForm | None = None) -> Panel:
    """The panel in which this verb is done; `form` is one that came back."""
    if form is None:
        form = verb.form(case=case, visit=visit)
        form.take_up(place_of(verb.name))
    if verb.name in REPLY:
        buttons = [VERBS[name] for name in REPLY if name in case.can]
        quality = form.quality() if isinstance(form, ReplyForm) else None
        return Panel("desk/act/reply.html", verb, form, buttons, quality=quality, rounds=rounds(case))
    if verb.name in ("approve", "confirm"):
        return _approval(case, visit, form)
    no = VERBS["return"] if verb.name == "accept" and "return" in case.can else None
    return Panel("desk/act/verb.html", verb, form, no=no)


def next_panel(case: DeskCase, visit: RequestContext) -> Panel:
    """What there is to do next, for this officer: decide, approve, accept, give it to somebody, answer; or nothing."""
    can = case.can
    if "decide" in can:
        return panel_of(case, visit, VERBS["decide"])
    if case.standing.state is State.AWAITING_APPROVAL:
        return _approval(case, visit)
    if "classify" in can and case.standing.triage:
        return panel_of(case, visit, VERBS["classify"])
    if "accept" in can:
        return panel_of(case, visit, VERBS["accept"])
    if "assign" in can and case.standing.state in WAITING:
        return panel_of(case, visit, VERBS["assign"])
    if replying := replying_verb(case):
        return panel_of(case, visit, replying)
    if "take-part" in can:
        return panel_of(case, visit, VERBS["take-part"])
    if "contribute" in can:
        return panel_of(case, visit, VERBS["contribute"])
    return Panel("desk/act/nothing.html")


def _approval(case: DeskCase, visit: RequestContext, form: VerbForm | None = None) -> Panel:
    """The reply as it waits; for who may approve it, with what is missing in it."""
    buttons = [VERBS[name] for name in APPROVAL if name in case.can]
    if "approve" not in case.can:
        return Panel("desk/act/approval.html", buttons=buttons, rounds=rounds(case))
    if not isinstance(form, Approval):
        form = Approval(case=case, visit=visit)
        form.take_up("approve")
    return Panel(
        "desk/act/approval.html",
        form=form,
        buttons=buttons,
        quality=waiting(case, visit),
        rounds=rounds(case),
    )


def meant(case: DeskCase, verb: Verb) -> Verb:
    """The verb itself; of the ways in which a reply goes, the one that is open here."""
    return (
        replying_verb(case) or verb
        if verb.name in ("answer", "submit") and verb.name not in case.can
        else verb
    )


def replying_verb(case: DeskCase) -> Verb | None:
    """The way out that this body's replies take: at once, or by its approver."""
    return next((VERBS[name] for name in ("answer", "submit") if name in case.can), None)


def bar(case: DeskCase, panel: Panel) -> tuple[list[Verb], list[Verb]]:
    """The verbs beside the title and those under "more"."""
    rest = [name for name in VERBS if name in case.can and name not in (*BAR, *IN_THE_PAGE)]
    if last(case, EventType.COMMITTED) is None and "fulfil" in rest:
        rest.remove("fulfil")
    first = [VERBS[name] for name in BAR if name in case.can]
    replying = replying_verb(case)
    if replying and (panel.verb is None or panel.verb.name not in REPLY):
        first.insert(0, replying)
    more = [VERBS[name] for name in rest]
    return (first + more, []) if len(first) + len(more) <= FEW else (first, more)


def keys(case: DeskCase) -> list[Verb]:
    """Every verb that is possible here, each key once: the two ways of a reply share theirs."""
    by_key: dict[str, Verb] = {}
    for name, verb in VERBS.items():
        if name in case.can:
            by_key.setdefault(verb.key, verb)
    return list(by_key.values())


def reply_of(case: DeskCase) -> Reply | None:
    """The reply that waits for approval, else the last one that went out."""
    if case.reply:
        entry = last(case, EventType.REPLY_SUBMITTED)
        text = case.reply
    else:
        entry = last(case, EventType.ANSWERED, EventType.REPLY_APPROVED, EventType.ABUSE_CONFIRMED)
        text = text_of(entry, "answer") if entry else ""
    if entry is None:
        return None
    outcome = case.standing.disposition
    return Reply(text, DISPOSITION_LABELS[outcome] if outcome else None, entry.by, entry)
