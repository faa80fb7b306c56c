"""What can become of a letter or an SMS that answers one of ours, and what its writer hears of it."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum

from .templates import Template

ANSWERED_FOR = timedelta(days=180)  # as long a letter's own address takes replies
KEPT_FOR = timedelta(days=90)  # that something came, so that it counts once
ONCE_IN = timedelta(days=1)  # the same is said to the same sender once, so that no two machines go on talking


class End(StrEnum):
    FILED = "filed"
    FILES_LEFT = "files_left"  # its words are in the case, a file is not
    AGAIN = "again"  # it had come before
    NOT_OURS = "not_ours"  # to no address of ours, or from somebody whom we asked nothing
    AUTOMATIC = "automatic"
    UNPROVEN = "unproven"
    STRANGER = "stranger"
    CORRUPTION = "corruption"
    ENDED = "ended"  # the case takes no more
    UNREAD = "unread"  # nothing in it that could be filed
    UNSOLVED = "unsolved"  # filed: the citizen's no


# Nothing goes back to what is not named here.
SAYS: Mapping[End, Template] = {
    End.FILES_LEFT: Template.BACK_FILES,
    End.STRANGER: Template.BACK_STRANGER,
    End.CORRUPTION: Template.BACK_BOX,
    End.ENDED: Template.BACK_ENDED,
    End.UNREAD: Template.BACK_UNREAD,
    End.UNSOLVED: Template.BACK_UNSOLVED,
}
