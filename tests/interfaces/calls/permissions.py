"""Rows of the permission table: the call centre's agents and the Prime Ministry unit that supervises it."""

from bekhedmetkom.identity.rules import Role
from tests.interfaces.permission_table import ANYONE, Row, build_role_rows

CALL_ROLES = (Role.AGENT, Role.PM_UNIT)
CALL_ACTIONS = (
    "register",
    "prove",
    "write",
    "hear",
    "appeal",
)  # another agent's call: redirect to the console
CALL_BACK_ACTIONS = ("prove-back",)

ROWS: list[Row] = [
    Row("call-events", ANYONE, "none", 405),
    Row("call-events", ANYONE, "none", 403, "post"),
    Row("call-events-by-path", ANYONE, "none", 405),
    Row("call-events-by-path", ANYONE, "none", 403, "post"),
    *(
        row
        for page in ("calls:home", "calls:ringing")
        for row in build_role_rows(page, dict.fromkeys(CALL_ROLES, 200), otherwise=403, anyone=302, whose="none")
    ),
    *(
        row
        for page in ("calls:call", "calls:back")
        for row in build_role_rows(page, dict.fromkeys(CALL_ROLES, 404), otherwise=403, anyone=302, whose="none")
    ),
    *(
        row
        for act in ("line", "next", "take", *CALL_ACTIONS, *CALL_BACK_ACTIONS, "spoke")
        for row in build_role_rows(
            f"calls:{act}", dict.fromkeys(CALL_ROLES, 302), otherwise=403, anyone=302, whose="none", method="post"
        )
    ),
    *build_role_rows(
        "calls:draft", dict.fromkeys(CALL_ROLES, 302), otherwise=403, anyone=302, whose="none", method="post"
    ),
    # A form without its required field is shown again; for nobody's call that redirects or is not found.
    *(
        row
        for act in ("wrap", "tried")
        for row in build_role_rows(
            f"calls:{act}", dict.fromkeys(CALL_ROLES, 302), otherwise=403, anyone=302, whose="none", method="post"
        )
    ),
]  # fmt: skip
