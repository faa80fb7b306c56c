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
        "manage-import-officers": 200,
        "manage-reform": 404,  # nothing has the key 0
        "manage-invite": 405,  # by a form alone
        "manage-message-again": 405,
        "manage-program-keys": 405,
        "manage-webhook-again": 405,
        "manage-system-topics": 404,
        "manage-system-end": 405,
        "manage-forward-again": 405,
        "manage-poster": 404,  # no body has the code 0
    }.items()
    for row in for_roles(route, {ADMINISTRATOR: status}, otherwise=403, anyone=302, whose="none")
]
# What our viewsets add to Wagtail's addresses; nothing has the key 0.
LISTED = {"index": 200, "index_results": 200}
CHANGED = LISTED | {"add": 200, "edit": 404}
INSPECTED = LISTED | {"inspect": 404}
VIEWSETS: dict[str, dict[str, int]] = {
    **dict.fromkeys(
        ("entities", "units", "officers", "memberships", "topics", "programs", "systems"), CHANGED
    ),
    **dict.fromkeys(("holidays", "downloads", "working-hours", "reply-texts", "approval-rules"), CHANGED),
    **dict.fromkeys(("sectors", "governorates"), LISTED),
    "policies": LISTED | {"edit": 404},
    **dict.fromkeys(("messages", "changes", "forwarded"), INSPECTED),
}
ROWS += [
    row
    for viewset, answers in VIEWSETS.items()
    for page, status in answers.items()
    for row in for_roles(
        f"{viewset}:{page}", {ADMINISTRATOR: status}, otherwise=403, anyone=302, whose="none"
    )
]
