"""Commands on officers, roles, leave and credentials.

Each change by an administrator is logged in the same transaction.
"""

from .api_clients import (
    CreatedClient,
    change_client,
    create_client,
    issue_token,
    revoke_client,
    revoke_token,
    rotate_key,
)
from .body_succession import apply_body_succession
from .change_log import OwnRoleChange
from .leave import end_leave, take_leave
from .memberships import end_membership, grant_role
from .officer_import import ImportedOfficer, import_officers
from .officers import (
    InvitationNotUsable,
    accept_invitation,
    approve_device_reset,
    change_officer,
    change_password,
    create_officer,
    invite_officer,
    report_lost_device,
)

__all__ = [
    "CreatedClient",
    "ImportedOfficer",
    "InvitationNotUsable",
    "OwnRoleChange",
    "accept_invitation",
    "apply_body_succession",
    "approve_device_reset",
    "change_client",
    "change_officer",
    "change_password",
    "create_client",
    "create_officer",
    "end_leave",
    "end_membership",
    "grant_role",
    "import_officers",
    "invite_officer",
    "issue_token",
    "report_lost_device",
    "revoke_client",
    "revoke_token",
    "rotate_key",
    "take_leave",
]
