"""Administration is for administrators: whoever else is signed in gets 403, who is not signs in first."""

from bekhedmetkom.identity.rules import Role
from tests.interfaces.permission_table import Row, for_roles

ADMINISTRATOR = Role.ADMINISTRATOR

ROWS: list[Row] = [
    row
    for route, status in {
        "manage": 200,
        "manage-account": 302,  # to the officer's own account page
        "manage-wordings": 200,
        "manage-wording": 200,
        "manage-invite": 405,  # by a form alone
    }.items()
    for row in for_roles(route, {ADMINISTRATOR: status}, otherwise=403, anyone=302, whose="none")
]
# Lists that our viewsets add to Wagtail's addresses.
LISTS: list[Row] = [
    row
    for viewset in (
        "entities", "units", "sectors", "governorates", "officers", "memberships", "topics", "policies", "holidays",
        "working-hours", "reply-texts", "messages", "changes",
    )
    for row in for_roles(f"{viewset}:index", {ADMINISTRATOR: 200}, otherwise=403, anyone=302, whose="none")
]  # fmt: skip
