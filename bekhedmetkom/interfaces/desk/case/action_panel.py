"""The middle of the case page: the form of the current action, or of the next one to take."""

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
    """`changes_since`: what others did since the form was opened. `refusal`: why the last submission failed."""

    template: str
    action: Action | None = None
    form: ActionForm | None = None
    buttons: Sequence[Action] = ()
    decline_action: Action | None = None  # the verb that says no to what is asked here
    changes_since: Sequence[TimelineEntry] = ()
    refusal: BilingualText | None = None
    possible_actions: Sequence[Action] = ()
    typed_text: str = ""
    quality: Judgement | None = None  # of the reply that is written or waits
    rounds: Sequence[ReplyRound] = ()  # of the reply that waits or was sent back, the newest first
    opened_by_officer: bool = False  # the officer opened it; else it is what there is to do next
    comparison: TextComparison | None = None  # another's text beside what is typed
    is_merged: bool = False  # what stands in the form was put together of two texts

    @property
    def differences(self) -> Sequence[TextPart]:
        """What the writer changed since the reply was sent back, word by word."""
        return compute_difference(self.rounds[1].text, self.rounds[0].text) if len(self.rounds) > 1 else ()


@dataclass(frozen=True, slots=True)
class ShownReply:
    """A reply that was sent, or that waits for approval."""

    text: str
    outcome: BilingualText | None
    author: BilingualText | None
    entry: TimelineEntry


def build_panel(
    case: DeskCase, visit: RequestContext, verb: Action, form: ActionForm | None = None
) -> ActionPanel:
    """Return the panel of an action; `form` is the submitted form, if it has errors."""
    if form is None:
        form = verb.form(case=case, visit=visit)
        form.load_draft(get_draft_place(verb.name))
    if verb.name in REPLY_ACTIONS:
        buttons = [ACTIONS[name] for name in REPLY_ACTIONS if name in case.can]
        quality = form.judge_quality() if isinstance(form, ReplyForm) else None
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
    return ActionPanel("desk/case/actions/action.html", verb, form, decline_action=no)


def build_next_panel(case: DeskCase, visit: RequestContext) -> ActionPanel:
    """Return the panel of the next step: decide, approve, accept, assign or answer; else one without an action."""
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
    """Return the waiting reply; for an approver, with its quality findings and buttons."""
    buttons = [ACTIONS[name] for name in APPROVAL_ACTIONS if name in case.can]
    if "approve" not in case.can:
        return ActionPanel("desk/case/actions/approval.html", buttons=buttons, rounds=list_reply_rounds(case))
    if not isinstance(form, ApprovalForm):
        form = ApprovalForm(case=case, visit=visit)
        form.load_draft("approve")
    return ActionPanel(
        "desk/case/actions/approval.html",
        form=form,
        buttons=buttons,
        quality=judge_pending_reply(case, visit),
        rounds=list_reply_rounds(case),
    )


def resolve_action(case: DeskCase, verb: Action) -> Action:
    """Return the action itself; for a reply, the variant (answer or submit) that is possible here."""
    return (
        get_reply_action(case) or verb
        if verb.name in ("answer", "submit") and verb.name not in case.can
        else verb
    )


def get_reply_action(case: DeskCase) -> Action | None:
    """Return how a reply leaves this body: answered directly, or submitted for approval."""
    return next((ACTIONS[name] for name in ("answer", "submit") if name in case.can), None)


def build_action_bar(case: DeskCase, panel: ActionPanel) -> tuple[list[Action], list[Action]]:
    """Return the actions beside the title, and those in the "more" menu."""
    rest = [name for name in ACTIONS if name in case.can and name not in (*BAR_ACTIONS, *INLINE_ACTIONS)]
    if find_last_entry(case, EventType.COMMITTED) is None and "fulfil" in rest:
        rest.remove("fulfil")
    first = [ACTIONS[name] for name in BAR_ACTIONS if name in case.can]
    replying = get_reply_action(case)
    if replying and (panel.action is None or panel.action.name not in REPLY_ACTIONS):
        first.insert(0, replying)
    more = [ACTIONS[name] for name in rest]
    return (first + more, []) if len(first) + len(more) <= MAX_BAR_ACTIONS else (first, more)


def list_shortcuts(case: DeskCase) -> list[Action]:
    """Return the possible actions, one for each key: the two variants of a reply share theirs."""
    by_key: dict[str, Action] = {}
    for name, verb in ACTIONS.items():
        if name in case.can:
            by_key.setdefault(verb.key, verb)
    return list(by_key.values())


def get_reply(case: DeskCase) -> ShownReply | None:
    """Return the reply that waits for approval, else the last one that was sent; `None` without one."""
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
