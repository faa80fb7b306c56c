"""The desk's rows of the permission table.

`own`: an ordinary case of the role's own body, for GAM given to the street maintenance unit. Reviewers and agents see
only what names them, duty officers what is urgent, inspectors and coordinators what is need-to-know: this is none of
it. Administrators read no case at all.
"""

from bekhedmetkom.identity.rules import Role
from tests.interfaces.permission_table import Row, for_roles

READERS = (
    Role.MAIN_OFFICER, Role.SUB_OFFICER, Role.APPROVER, Role.MANAGER, Role.HEAD_OF_BODY, Role.MINISTER,
    Role.MINISTER_OFFICE, Role.PM_UNIT,
)  # fmt: skip
OFFICERS = tuple(role for role in Role if role is not Role.ADMINISTRATOR)
NONE = {Role.ADMINISTRATOR: 403}

ROWS: list[Row] = [
    *for_roles("desk:list", dict.fromkeys(OFFICERS, 200), otherwise=403, anyone=302, whose="none"),
    *for_roles("desk:counts", dict.fromkeys(OFFICERS, 200), otherwise=403, anyone=302, whose="none"),
    # Without the form that is wanted; who has no desk does not come so far.
    *for_roles(
        "desk:export", dict.fromkeys(OFFICERS, 400), otherwise=403, anyone=302, whose="none", method="post"
    ),
    *for_roles("desk:case", dict.fromkeys(READERS, 200) | NONE, otherwise=404, anyone=302),
    *for_roles("desk:case", {Role.PM_UNIT: 200} | NONE, otherwise=404, anyone=302, whose="other"),
    *for_roles("desk:act", dict.fromkeys(READERS, 200) | NONE, otherwise=404, anyone=302),
    *for_roles("desk:act", {Role.PM_UNIT: 200} | NONE, otherwise=404, anyone=302, whose="other"),
    *for_roles("desk:act", dict.fromkeys(READERS, 302) | NONE, otherwise=404, anyone=302, method="post"),
    *for_roles(
        "desk:act", {Role.PM_UNIT: 302} | NONE, otherwise=404, anyone=302, whose="other", method="post"
    ),
]

# Who writes replies has the check beside them.
WRITERS = (
    Role.MAIN_OFFICER, Role.SUB_OFFICER, Role.MANAGER, Role.HEAD_OF_BODY, Role.MINISTER, Role.PM_UNIT,
)  # fmt: skip
ROWS += [
    *for_roles(
        "desk:check", dict.fromkeys(READERS, 403) | dict.fromkeys(WRITERS, 200) | NONE, otherwise=404, anyone=302,
        method="post",
    ),
    *for_roles("desk:check", {Role.PM_UNIT: 200} | NONE, otherwise=404, anyone=302, whose="other", method="post"),
]  # fmt: skip

# Who sets up how a body works. What is sent without its button does nothing.
ARRANGERS = (Role.MAIN_OFFICER, Role.MANAGER, Role.HEAD_OF_BODY, Role.MINISTER)
ROWS += [
    *for_roles("desk:approval", dict.fromkeys(ARRANGERS, 200), otherwise=403, anyone=302, whose="none"),
    *for_roles(
        "desk:approval", dict.fromkeys(ARRANGERS, 200), otherwise=403, anyone=302, whose="none", method="post"
    ),
]

# A note is kept for whoever may write one.
ROWS += [
    *for_roles("desk:keep", dict.fromkeys(READERS, 200) | NONE, otherwise=404, anyone=302, method="post"),
    *for_roles(
        "desk:keep", {Role.PM_UNIT: 200} | NONE, otherwise=404, anyone=302, whose="other", method="post"
    ),
]

# What each role is offered on a case of its own that a unit works on, beside reading it.
_HANDLING = {
    "ask",
    "note",
    "draft",
    "submit",
    "answer",
    "return",
    "snooze",
    "recuse",
    "commit",
    "escalate",
    "fulfil",
}
_ABOVE = {"note", "assign", "submit", "answer", "extend", "instruct"}
OFFERED: dict[Role, set[str]] = {
    Role.MAIN_OFFICER: _HANDLING | {"assign", "refer", "reclassify", "merge", "split", "concern"},
    Role.SUB_OFFICER: _HANDLING,
    Role.APPROVER: {"note", "recuse"},
    Role.MANAGER: _ABOVE | {"escalate"},
    Role.HEAD_OF_BODY: _ABOVE,
    Role.MINISTER: _ABOVE,
    Role.MINISTER_OFFICE: {"note", "instruct"},
    Role.PM_UNIT: _ABOVE | {"ask", "escalate", "refer", "reclassify", "merge", "split", "concern"},
}
