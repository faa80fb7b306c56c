"""What administrators do with officers, roles and secrets, and how an invited officer comes in.

Each change by an administrator leaves a row in the history of changes, written in the same transaction.
"""

from .following import follow_bodies
from .history import NotOwnRole
from .importing import Joined, import_officers
from .leave import end_leave, take_leave
from .memberships import end_membership, grant
from .officers import (
    InvitationNotUsable,
    accept_invitation,
    change_officer,
    change_password,
    create_officer,
    invite,
    let_in_again,
    lost_device,
)
from .programs import (
    MadeClient,
    change_client,
    create_client,
    issue_token,
    revoke_client,
    revoke_token,
    rotate_key,
)

__all__ = [
    "InvitationNotUsable",
    "Joined",
    "MadeClient",
    "NotOwnRole",
    "accept_invitation",
    "change_client",
    "change_officer",
    "change_password",
    "create_client",
    "create_officer",
    "end_leave",
    "end_membership",
    "follow_bodies",
    "grant",
    "import_officers",
    "invite",
    "issue_token",
    "let_in_again",
    "lost_device",
    "revoke_client",
    "revoke_token",
    "rotate_key",
    "take_leave",
]
