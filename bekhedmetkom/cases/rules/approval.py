"""Does a reply need somebody's approval before it goes out, why, and whose is it not to give? Pure.

A body says which of its replies are approved by rules; a reply that any of them fits needs it. What is need-to-know is
read by nobody else, so nobody else approves it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from bekhedmetkom.catalogue.rules import Handling, Kind
from bekhedmetkom.kernel.text import BilingualText

from .states import EventType

NEW_OFFICER_DAYS = (30, 60, 90, 180)  # days in which an officer can count as new


@dataclass(frozen=True, slots=True)
class ApprovalRule:
    """Which replies of a body are approved: all, or those of a kind, on a topic, by one officer or by new ones."""

    id: int
    entity: int
    kind: Kind | None = None
    service: int | None = None
    officer: int | None = None
    new_for: int = 0  # an officer is new for so many days; 0: new ones and others


class AnsweredCase(Protocol):
    """The case that is answered."""

    @property
    def entity_id(self) -> int: ...
    @property
    def kind(self) -> Kind: ...
    @property
    def service_id(self) -> int | None: ...
    @property
    def care(self) -> Handling: ...


def find_approval_rule(
    rules: Iterable[ApprovalRule], case: AnsweredCase, writer: int | None, days: int | None
) -> ApprovalRule | None:
    """The first rule by which this officer's reply on this case needs approval, if any does.

    `days`: since when the officer works here; `None`, where nobody knows, is never new.
    """
    if case.care is not Handling.OPEN:
        return None
    return next(
        (
            rule
            for rule in rules
            if rule.entity == case.entity_id
            and rule.kind in (None, case.kind)
            and rule.service in (None, case.service_id)
            and rule.officer in (None, writer)
            and (not rule.new_for or (days is not None and days < rule.new_for))
        ),
        None,
    )


def count_days_at_work(since: date | None, on: date) -> int | None:
    """How many days an officer has worked here."""
    return None if since is None else (on - since).days


def list_reply_writers(journal: Iterable[tuple[EventType, int | None]]) -> frozenset[int]:
    """Who wrote the reply that waits, in any of its rounds, from the journal with the newest first.

    None of them approves it: not the last writer, nor whoever wrote what was sent back.
    """
    wrote: set[int] = set()
    undone = False
    for happened, by in journal:
        if undone or happened is EventType.UNDONE:  # what an undoing took back comes right before it
            undone = happened is EventType.UNDONE
            continue
        if happened in _SENT_EVENTS:
            break
        if happened is EventType.REPLY_SUBMITTED and by is not None:
            wrote.add(by)
    return frozenset(wrote)


_SENT_EVENTS = {EventType.ANSWERED, EventType.REPLY_APPROVED, EventType.ABUSE_CONFIRMED}

_KIND_PHRASES: Mapping[Kind, BilingualText] = {
    Kind.QUESTION: BilingualText("على الأسئلة", "to questions"),
    Kind.SUGGESTION: BilingualText("على الاقتراحات", "to suggestions"),
    Kind.PRAISE: BilingualText("على رسائل الثناء", "to praise"),
    Kind.COMPLAINT: BilingualText("على الشكاوى", "to complaints"),
    Kind.VIOLATION: BilingualText("على بلاغات المخالفة", "to violation reports"),
}


def describe_replies(
    rule: ApprovalRule, topic: BilingualText | None = None, officer: BilingualText | None = None
) -> BilingualText:
    """The replies that a rule means: "replies to complaints about potholes, of officers new here (90 days)"."""
    parts = (
        [BilingualText("الردود", "Replies")]
        if rule.kind or rule.service
        else [BilingualText("كل الردود", "All replies")]
    )
    if rule.kind:
        parts.append(_KIND_PHRASES[rule.kind])
    if topic:
        parts.append(BilingualText(f"في موضوع «{topic.ar}»", f"on “{topic.en}”"))
    if officer:
        parts.append(BilingualText(f"التي يكتبها {officer.ar}", f"written by {officer.en}"))
    if rule.new_for:
        parts.append(
            BilingualText(f"لمن بدأ عمله قبل أقل من {rule.new_for} يومًا",
                  f"of officers who began less than {rule.new_for} days ago")
        )  # fmt: skip
    return BilingualText(" ".join(part.ar for part in parts), " ".join(part.en for part in parts))
