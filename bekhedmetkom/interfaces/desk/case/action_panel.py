"""The middle of the case page: the form of what is being done, or of what there is to do next."""

from collections.abc import Sequence
from dataclasses import dataclass

from bekhedmetkom.cases.queries import DeskCase, TimelineEntry
from bekhedmetkom.cases.rules.drafts import get_draft_place
from bekhedmetkom.cases.rules.quality import Judgement
from bekhedmetkom.cases.rules.states import WAITING_STATES, EventType, State
from bekhedmetkom.cases.rules.text_diff import TextPart, compute_difference
from bekhedmetkom.catalogue.rules import DISPOSITION_LABELS
from bekhedmetkom.kernel.text import BilingualText

from ..request_context import RequestContext
from .action_forms import ActionForm
from .actions import ACTIONS, APPROVAL_ACTIONS, BAR_ACTIONS, INLINE_ACTIONS, REPLY_ACTIONS, Action
from .drafts import TextComparison
from .reply_forms import ApprovalForm
from .reply_forms import ReplyForm as ReplyForm
from .reply_quality import judge_pending_reply
from .timeline import ReplyRound, find_last_entry, get_entry_text, list_reply_rounds

MAX_BAR_ACTIONS = 5  # that many verbs all stand beside the title


@dataclass
class ActionPanel:
    """`stale`: what others did since the form was opened. `refused`: why the last try did not go through."""

    template: str
    verb: Action | None = None
    form: ActionForm | None = None
    buttons: Sequence[Action] = ()
    no: Action | None = None  # the verb that says no to what is asked here
    stale: Sequence[TimelineEntry] = ()
    refused: BilingualText | None = None
    possible: Sequence[Action] = ()
    typed: str = ""
    quality: Judgement | None = None  # of the reply that is written or waits
    rounds: Sequence[ReplyRound] = ()  # of the reply that waits or was sent back, the newest first
    asked: bool = False  # the officer opened it; else it is what there is to do next
    compared: TextComparison | None = None  # another's text beside what is typed
    merged: bool = False  # what stands in the form was put together of two texts

    @property
    def changed(self) -> Sequence[TextPart]:
        """What the writer changed since it was sent back, word by word."""
        return compute_difference(self.rounds[1].text, self.rounds[0].text) if len(self.rounds) > 1 else ()


@dataclass(frozen=True, slots=True)
class ShownReply:
    """What the entity said, or is about to say."""

    text: str
    outcome: BilingualText | None
    by: BilingualText | None
    entry: TimelineEntry


def build_panel(
    case: DeskCase, visit: RequestContext, verb: Action, form: ActionForm | None = None
) -> ActionPanel:
    """The panel in which this verb is done; `form` is one that came back."""
    if form is None:
        form = verb.form(case=case, visit=visit)
        form.take_up(get_draft_place(verb.name))
    if verb.name in REPLY_ACTIONS:
        buttons = [ACTIONS[name] for name in REPLY_ACTIONS if name in case.can]
        quality = form.quality() if isinstance(form, ReplyForm) else None
        return ActionPanel(
            "desk/case/actions/reply.html",
            verb,
            form,
            buttons,
            quality=quality,
            rounds=list_reply_rounds(case),
        )
    if verb.name in ("approve", "confirm"):
        return _build_approval_panel(case, visit, form)
    no = ACTIONS["return"] if verb.name == "accept" and "return" in case.can else None
    return ActionPanel("desk/case/actions/action.html", verb, form, no=no)


def build_next_panel(case: DeskCase, visit: RequestContext) -> ActionPanel:
    """What there is to do next, for this officer: decide, approve, accept, give it to somebody, answer; or nothing."""
    can = case.can
    if "decide" in can:
        return build_panel(case, visit, ACTIONS["decide"])
    if case.standing.state is State.AWAITING_APPROVAL:
        return _build_approval_panel(case, visit)
    if "classify" in can and case.standing.triage:
        return build_panel(case, visit, ACTIONS["classify"])
    if "accept" in can:
        return build_panel(case, visit, ACTIONS["accept"])
    if "assign" in can and case.standing.state in WAITING_STATES:
        return build_panel(case, visit, ACTIONS["assign"])
    if replying := get_reply_action(case):
        return build_panel(case, visit, replying)
    if "take-part" in can:
        return build_panel(case, visit, ACTIONS["take-part"])
    if "contribute" in can:
        return build_panel(case, visit, ACTIONS["contribute"])
    return ActionPanel("desk/case/actions/no_action.html")


def _build_approval_panel(
    case: DeskCase, visit: RequestContext, form: ActionForm | None = None
) -> ActionPanel:
    """The reply as it waits; for who may approve it, with what is missing in it."""
    buttons = [ACTIONS[name] for name in APPROVAL_ACTIONS if name in case.can]
    if "approve" not in case.can:
        return ActionPanel("desk/case/actions/approval.html", buttons=buttons, rounds=list_reply_rounds(case))
    if not isinstance(form, ApprovalForm):
        form = ApprovalForm(case=case, visit=visit)
        form.take_up("approve")
    return ActionPanel(
        "desk/case/actions/approval.html",
        form=form,
        buttons=buttons,
        quality=judge_pending_reply(case, visit),
        rounds=list_reply_rounds(case),
    )


def resolve_action(case: DeskCase, verb: Action) -> Action:
    """The verb itself; of the ways in which a reply goes, the one that is open here."""
    return (
        get_reply_action(case) or verb
        if verb.name in ("answer", "submit") and verb.name not in case.can
        else verb
    )


def get_reply_action(case: DeskCase) -> Action | None:
    """The way out that this body's replies take: at once, or by its approver."""
    return next((ACTIONS[name] for name in ("answer", "submit") if name in case.can), None)


def build_action_bar(case: DeskCase, panel: ActionPanel) -> tuple[list[Action], list[Action]]:
    """The verbs beside the title and those under "more"."""
    rest = [name for name in ACTIONS if name in case.can and name not in (*BAR_ACTIONS, *INLINE_ACTIONS)]
    if find_last_entry(case, EventType.COMMITTED) is None and "fulfil" in rest:
        rest.remove("fulfil")
    first = [ACTIONS[name] for name in BAR_ACTIONS if name in case.can]
    replying = get_reply_action(case)
    if replying and (panel.verb is None or panel.verb.name not in REPLY_ACTIONS):
        first.insert(0, replying)
    more = [ACTIONS[name] for name in rest]
    return (first + more, []) if len(first) + len(more) <= MAX_BAR_ACTIONS else (first, more)


def list_shortcuts(case: DeskCase) -> list[Action]:
    """Every verb that is possible here, each key once: the two ways of a reply share theirs."""
    by_key: dict[str, Action] = {}
    for name, verb in ACTIONS.items():
        if name in case.can:
            by_key.setdefault(verb.key, verb)
    return list(by_key.values())


def get_reply(case: DeskCase) -> ShownReply | None:
    """The reply that waits for approval, else the last one that went out."""
    if case.reply:
        entry = find_last_entry(case, EventType.REPLY_SUBMITTED)
        text = case.reply
    else:
        entry = find_last_entry(case, EventType.ANSWERED, EventType.REPLY_APPROVED, EventType.ABUSE_CONFIRMED)
        text = get_entry_text(entry, "answer") if entry else ""
    if entry is None:
        return None
    outcome = case.standing.disposition
    return ShownReply(text, DISPOSITION_LABELS[outcome] if outcome else None, entry.by, entry)
