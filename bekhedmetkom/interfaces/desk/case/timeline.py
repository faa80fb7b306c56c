"""The timeline of a case: an icon for each event, and a style for each kind of text."""

from collections.abc import Mapping
from typing import NamedTuple

from django.utils.translation import gettext as _

from bekhedmetkom.cases.queries import DeskCase, EntryText, TimelineEntry
from bekhedmetkom.cases.rules.states import OPEN_STATES, EventType

H = EventType
EVENT_ICONS: Mapping[EventType, str] = {
    H.SUBMITTED: "inbox",
    H.CLASSIFIED: "list-filter",
    H.ASSIGNED: "user-plus",
    H.REFERRED: "forward",
    H.ACCEPTED: "check",
    H.RETURNED: "undo-2",
    H.HANDED_BACK: "undo-2",
    H.LEFT: "user-x",
    H.FOLLOWED: "forward",
    H.RECLASSIFIED: "tag",
    H.NOTED: "square-pen",
    H.EXTENDED: "calendar-plus",
    H.ESCALATED: "trending-up",
    H.INSTRUCTED: "megaphone",
    H.HEAD_ASKED: "message-circle-question-mark",
    H.DELEGATED: "users",
    H.REPORTED: "circle-check",
    H.TASK_ASKED: "users",
    H.TASK_DONE: "circle-check",
    H.TASK_CALLED_OFF: "x",
    H.JOIN_ASKED: "handshake",
    H.JOIN_ACCEPTED: "handshake",
    H.JOIN_RETURNED: "undo-2",
    H.RECUSED: "user-x",
    H.CONCERNS: "users",
    H.SNOOZED: "alarm-clock",
    H.COMMITTED: "handshake",
    H.FULFILLED: "circle-check",
    H.MERGED: "merge",
    H.ABSORBED: "merge",
    H.SPLIT: "split",
    H.TRANSCRIBED: "square-pen",
    H.FILE_SHOWN: "eye",
    H.FILE_HIDDEN: "eye-off",
    H.RELEASED: "megaphone",
    H.TAKEN_DOWN: "eye-off",
    H.LINKED: "users",
    H.UNLINKED: "users",
    H.KEPT_PRIVATE: "eye-off",
    H.FORWARDED: "send",
    H.SYSTEM_SAID: "message-circle-question-mark",
    H.REPLY_SUBMITTED: "shield-check",
    H.REPLY_SENT_BACK: "undo-2",
    H.REPLY_APPROVED: "send",
    H.ANSWERED: "send",
    H.ABUSE_CONFIRMED: "shield-alert",
    H.CLOSED: "lock-keyhole",
    H.IDENTITY_REVEALED: "eye",
    H.IDENTITY_LOOKED: "eye",
    H.UNDONE: "undo-2",
    H.ASKED: "message-circle-question-mark",
    H.WROTE: "reply",
    H.SUPPLIED: "reply",
    H.CONFIRMED: "check",
    H.DENIED: "x",
    H.HEARD_SOLVED: "phone",
    H.HEARD_UNSOLVED: "phone",
    H.APPEALED: "scale",
    H.WITHDRAWN: "undo-2",
    H.ERASED: "x",
    H.CONTACT_CONFIRMED: "check",
    H.CONTACT_CORRECTED: "smartphone",
    H.CONTACT_PREFERRED: "mail",
    H.CODE_RENEWED: "lock-keyhole",
    H.UNREACHED: "phone",
    H.CALLED: "phone",
    H.APPEAL_UPHELD: "scale",
    H.APPEAL_REJECTED: "scale",
    H.REMINDED: "clock",
    H.IDLE: "hourglass",
    H.OVERDUE: "triangle-alert",
    H.TASK_LATE: "hourglass",
    H.RESUMED: "refresh-cw",
    H.RESCHEDULED: "refresh-cw",
    H.RECOUNTED: "refresh-cw",
    H.ASKED_AGAIN: "message-circle-question-mark",
    H.LAPSED: "lock-keyhole",
}
DIRECTIONAL_ICONS = frozenset({"forward", "undo-2", "reply"})

# Whose words: the citizen's, what goes to the citizen, and (the rest) what stays inside.
CITIZEN_FIELDS = frozenset({"text", "title", "transcript", "message", "appeal", "comment"})
FIELDS_TO_CITIZEN = frozenset({
    "question", "answer", "reason", "decision", "commitment", "fulfilment", "public", "public_answer",
})  # fmt: skip


REPLY_PART_FIELDS = frozenset({"done", "objection"})  # of a reply; its text has them already


class TimelineText(NamedTuple):
    body: str
    style: str


class TimelineLine(NamedTuple):
    """One event with its icon and texts."""

    entry: TimelineEntry
    icon: str
    icon_class: str
    texts: tuple[TimelineText, ...]


def build_timeline(case: DeskCase) -> list[TimelineLine]:
    """Return the events, newest first. The citizen's first text is shown elsewhere on the page."""
    return [
        TimelineLine(
            entry,
            (icon := EVENT_ICONS[entry.happened]),
            "icon-dir" if icon in DIRECTIONAL_ICONS else "",
            tuple(
                TimelineText(_format_text(said), _get_style(said.field))
                for said in entry.texts
                if entry.seq > 1 and said.field not in REPLY_PART_FIELDS
            ),
        )
        for entry in case.journal
    ]


def list_entries_since(case: DeskCase, seen: int) -> list[TimelineEntry]:
    """Return what people did after `seen`; timed events are no conflict."""
    return [entry for entry in case.journal if entry.seq > seen and entry.actor != "clock"]


def find_last_entry(case: DeskCase, *happened: EventType) -> TimelineEntry | None:
    return next((entry for entry in case.journal if entry.happened in happened and not entry.undone), None)


def get_system_entry(case: DeskCase) -> TimelineEntry | None:
    """Return the external system's last entry while the case can still be answered."""
    return find_last_entry(case, EventType.SYSTEM_SAID) if case.standing.state in OPEN_STATES else None


class ReplyRound(NamedTuple):
    """A reply submitted for approval; if it was sent back, by whom and why."""

    text: str
    submitted: TimelineEntry
    sent_back: TimelineEntry | None
    reason: str


def list_reply_rounds(case: DeskCase) -> list[ReplyRound]:
    """Return the rounds of a reply that waits or was sent back, newest first; empty once it was sent."""
    found: list[ReplyRound] = []
    back: TimelineEntry | None = None
    undone = False
    for entry in case.journal:
        if undone or entry.happened is H.UNDONE:
            undone = entry.happened is H.UNDONE
            continue
        if entry.happened in (H.ANSWERED, H.REPLY_APPROVED, H.ABUSE_CONFIRMED):
            break
        if entry.happened is H.REPLY_SENT_BACK:
            back = entry
        if entry.happened is H.REPLY_SUBMITTED:
            found.append(
                ReplyRound(
                    get_entry_text(entry, "reply"), entry, back, get_entry_text(back, "cause") if back else ""
                )
            )
            back = None
    return found


def get_entry_text(entry: TimelineEntry, field: str) -> str:
    """Return the text of one field of an event; empty if it was erased."""
    return next((said.body for said in entry.texts if said.field == field), "")


def _format_text(said: EntryText) -> str:
    if said.field != "quality_reason":
        return said.body
    return _("لماذا يُرسل كما هو: %(reason)s") % {"reason": said.body}


def _get_style(field: str) -> str:
    if field in CITIZEN_FIELDS:
        return "note--cit"
    return "note--out" if field in FIELDS_TO_CITIZEN else ""
