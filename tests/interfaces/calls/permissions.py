"""The call centre's rows: its agents, and the Prime Ministry unit that watches over it. Nobody has a call here."""

from bekhedmetkom.identity.rules import Role
from tests.interfaces.permission_table import ANYONE, Row, for_roles

AT_THE_TELEPHONE = (Role.AGENT, Role.PM_UNIT)
GONE = ("register", "prove", "write", "hear", "appeal")  # of a call that is another's: back to the console
OF_BACKS = ("prove-back",)

ROWS: list[Row] = [
    Row("call-events", ANYONE, "none", 405),
    Row("call-events", ANYONE, "none", 403, "post"),
    Row("call-events-by-path", ANYONE, "none", 405),
    Row("call-events-by-path", ANYONE, "none", 403, "post"),
    *(
        row
        for page in ("calls:home", "calls:ringing")
        for row in for_roles(page, dict.fromkeys(AT_THE_TELEPHONE, 200), otherwise=403, anyone=302, whose="none")
    ),
    *(
        row
        for page in ("calls:call", "calls:back")
        for row in for_roles(page, dict.fromkeys(AT_THE_TELEPHONE, 404), otherwise=403, anyone=302, whose="none")
    ),
    *(
        row
        for act in ("line", "next", "take", *GONE, *OF_BACKS, "spoke")
        for row in for_roles(
            f"calls:{act}", dict.fromkeys(AT_THE_TELEPHONE, 302), otherwise=403, anyone=302, whose="none", method="post"
        )
    ),
    *for_roles(
        "calls:draft", dict.fromkeys(AT_THE_TELEPHONE, 302), otherwise=403, anyone=302, whose="none", method="post"
    ),
    # Without the word that is wanted the form is shown again; of a call that is nobody's, that leads back, or nowhere.
    *(
        row
        for act in ("wrap", "tried")
        for row in for_roles(
            f"calls:{act}", dict.fromkeys(AT_THE_TELEPHONE, 302), otherwise=403, anyone=302, whose="none", method="post"
        )
    ),
]  # fmt: skip
