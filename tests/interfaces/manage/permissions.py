"""Administration is for administrators: whoever else is signed in gets 403, who is not signs in first."""

from bekhedmetkom.identity.rules import Role
from tests.interfaces.permission_table import Row, build_role_rows

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
    for row in build_role_rows(route, {ADMINISTRATOR: status}, otherwise=403, anyone=302, whose="none")
]
# What our viewsets add to Wagtail's addresses; nothing has the key 0.
LIST_PAGES = {"index": 200, "index_results": 200}
EDIT_PAGES = LIST_PAGES | {"add": 200, "edit": 404}
INSPECT_PAGES = LIST_PAGES | {"inspect": 404}
VIEWSET_PAGES: dict[str, dict[str, int]] = {
    **dict.fromkeys(
        ("entities", "units", "officers", "memberships", "topics", "programs", "systems"), EDIT_PAGES
    ),
    **dict.fromkeys(("holidays", "downloads", "working-hours", "reply-texts", "approval-rules"), EDIT_PAGES),
    **dict.fromkeys(("sectors", "governorates"), LIST_PAGES),
    "policies": LIST_PAGES | {"edit": 404},
    **dict.fromkeys(("messages", "changes", "forwarded"), INSPECT_PAGES),
}
ROWS += [
    row
    for viewset, answers in VIEWSET_PAGES.items()
    for page, status in answers.items()
    for row in build_role_rows(
        f"{viewset}:{page}", {ADMINISTRATOR: status}, otherwise=403, anyone=302, whose="none"
    )
]
