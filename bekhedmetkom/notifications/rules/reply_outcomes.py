"""Outcomes of incoming replies, and which template answers each."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum

from .templates import Template

REPLY_ADDRESS_LIFETIME = timedelta(days=180)  # as long a letter's own address takes replies
ARRIVAL_RETENTION = timedelta(days=90)  # that something came, so that it counts once
ANSWER_INTERVAL = timedelta(
    days=1
)  # the same is said to the same sender once, so that no two machines go on talking


class ReplyOutcome(StrEnum):
    FILED = "filed"
    FILES_DROPPED = "files_left"  # its words are in the case, a file is not
    DUPLICATE = "again"  # it had come before
    NOT_OURS = "not_ours"  # to no address of ours, or from somebody whom we asked nothing
    AUTOMATIC = "automatic"
    UNAUTHENTICATED = "unproven"
    UNKNOWN_SENDER = "stranger"
    CORRUPTION = "corruption"
    CASE_CLOSED = "ended"  # the case takes no more
    UNREADABLE = "unread"  # nothing in it that could be filed
    UNSOLVED = "unsolved"  # filed: the citizen's no


# Nothing goes back to what is not named here.
ANSWER_TEMPLATES: Mapping[ReplyOutcome, Template] = {
    ReplyOutcome.FILES_DROPPED: Template.BACK_FILES,
    ReplyOutcome.UNKNOWN_SENDER: Template.BACK_STRANGER,
    ReplyOutcome.CORRUPTION: Template.BACK_BOX,
    ReplyOutcome.CASE_CLOSED: Template.BACK_ENDED,
    ReplyOutcome.UNREADABLE: Template.BACK_UNREAD,
    ReplyOutcome.UNSOLVED: Template.BACK_UNSOLVED,
}
