"""The dashboard's rows: who watches how bodies answer. No case is involved."""

from bekhedmetkom.identity.rules import Role
from tests.interfaces.permission_table import Row, for_roles

WATCH = (Role.MANAGER, Role.HEAD_OF_BODY, Role.MINISTER, Role.MINISTER_OFFICE, Role.PM_UNIT)

ROWS: list[Row] = [
    row
    for page in (
        "dashboard:board", "dashboard:now", "dashboard:definitions", "dashboard:table", "dashboard:sheet",
    )
    for row in for_roles(page, dict.fromkeys(WATCH, 200), otherwise=403, anyone=302, whose="none")
]  # fmt: skip
