"""Does a reply need somebody's approval before it goes out, why, and whose is it not to give? Pure.

A body says which of its replies are approved by rules; a reply that any of them fits needs it. What is need-to-know is
read by nobody else, so nobody else approves it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from bekhedmetkom.catalogue.rules import Handling, Kind
from bekhedmetkom.kernel.words import Words

from .states import Happened

NEW_FOR = (30, 60, 90, 180)  # days in which an officer can count as new


@dataclass(frozen=True, slots=True)
class ApprovalRule:
    """Which replies of a body are approved: all, or those of a kind, on a topic, by one officer or by new ones."""

    id: int
    entity: int
    kind: Kind | None = None
    service: int | None = None
    officer: int | None = None
    new_for: int = 0  # an officer is new for so many days; 0: new ones and others


class Answered(Protocol):
    """The case that is answered."""

    @property
    def entity_id(self) -> int: ...
    @property
    def kind(self) -> Kind: ...
    @property
    def service_id(self) -> int | None: ...
    @property
    def care(self) -> Handling: ...


def demanding(
    rules: Iterable[ApprovalRule], case: Answered, writer: int | None, days: int | None
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


def days_at_work(since: date | None, on: date) -> int | None:
    """How many days an officer has worked here."""
    return None if since is None else (on - since).days


def writers(journal: Iterable[tuple[Happened, int | None]]) -> frozenset[int]:
    """Who wrote the reply that waits, in any of its rounds, from the journal with the newest first.

    None of them approves it: not the last writer, nor whoever wrote what was sent back.
    """
    wrote: set[int] = set()
    undone = False
    for happened, by in journal:
        if undone or happened is Happened.UNDONE:  # what an undoing took back comes right before it
            undone = happened is Happened.UNDONE
            continue
        if happened in _GONE_OUT:
            break
        if happened is Happened.REPLY_SUBMITTED and by is not None:
            wrote.add(by)
    return frozenset(wrote)


_GONE_OUT = {Happened.ANSWERED, Happened.REPLY_APPROVED, Happened.ABUSE_CONFIRMED}

_TO_KIND: Mapping[Kind, Words] = {
    Kind.QUESTION: Words("على الأسئلة", "to questions"),
    Kind.SUGGESTION: Words("على الاقتراحات", "to suggestions"),
    Kind.PRAISE: Words("على رسائل الثناء", "to praise"),
    Kind.COMPLAINT: Words("على الشكاوى", "to complaints"),
    Kind.VIOLATION: Words("على بلاغات المخالفة", "to violation reports"),
}


def which(rule: ApprovalRule, topic: Words | None = None, officer: Words | None = None) -> Words:
    """The replies that a rule means: "replies to complaints about potholes, of officers new here (90 days)"."""
    parts = [Words("الردود", "Replies")] if rule.kind or rule.service else [Words("كل الردود", "All replies")]
    if rule.kind:
        parts.append(_TO_KIND[rule.kind])
    if topic:
        parts.append(Words(f"في موضوع «{topic.ar}»", f"on “{topic.en}”"))
    if officer:
        parts.append(Words(f"التي يكتبها {officer.ar}", f"written by {officer.en}"))
    if rule.new_for:
        parts.append(
            Words(f"لمن بدأ عمله قبل أقل من {rule.new_for} يومًا",
                  f"of officers who began less than {rule.new_for} days ago")
        )  # fmt: skip
    return Words(" ".join(part.ar for part in parts), " ".join(part.en for part in parts))
