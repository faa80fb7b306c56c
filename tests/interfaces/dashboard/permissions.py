"""The dashboard's rows: who watches how bodies answer, and who writes down what is decided. No case is involved."""

from bekhedmetkom.identity.rules import Role
from tests.interfaces.permission_table import Row, build_role_rows

WATCHING_ROLES = (Role.MANAGER, Role.HEAD_OF_BODY, Role.MINISTER, Role.MINISTER_OFFICE, Role.PM_UNIT)

ROWS: list[Row] = [
    row
    for page in (
        "dashboard:board", "dashboard:now", "dashboard:definitions", "dashboard:table", "dashboard:sheet",
        "dashboard:cases", "dashboard:forecast", "dashboard:alerts", "dashboard:priorities", "dashboard:interaction",
        "dashboard:reports",
    )
    for row in build_role_rows(page, dict.fromkeys(WATCHING_ROLES, 200), otherwise=403, anyone=302, whose="none")
]  # fmt: skip
# Of a month without a report: 404.
ROWS += [
    row
    for page in ("dashboard:report", "dashboard:report_paper", "dashboard:report_sheet")
    for row in build_role_rows(
        page, dict.fromkeys(WATCHING_ROLES, 404), otherwise=403, anyone=302, whose="none"
    )
]
# Of an alert or a body that is nobody's: 404, as for whoever only watches.
ROWS += [
    row
    for act in ("dashboard:quiet", "dashboard:decide", "dashboard:reports_by_mail")
    for row in build_role_rows(
        act, dict.fromkeys(WATCHING_ROLES, 404), otherwise=403, anyone=302, whose="none", method="post"
    )
]
# Who stands above bodies asks their heads; which body is said with the form.
ROLES_ABOVE_BODIES = (Role.MINISTER, Role.MINISTER_OFFICE, Role.PM_UNIT)
ROLES = dict.fromkeys(WATCHING_ROLES, 404)
ROWS += build_role_rows(
    "dashboard:ask", ROLES | dict.fromkeys(ROLES_ABOVE_BODIES, 200), otherwise=403, anyone=302, whose="none"
)
ROWS += build_role_rows("dashboard:ask", ROLES, otherwise=403, anyone=302, whose="none", method="post")
ROWS += build_role_rows(
    "dashboard:screens", dict.fromkeys(WATCHING_ROLES, 200), otherwise=403, anyone=302, whose="none"
)
ROWS += build_role_rows(  # without a name
    "dashboard:screens",
    dict.fromkeys(WATCHING_ROLES, 422),
    otherwise=403,
    anyone=302,
    whose="none",
    method="post",
)
# A wall's own pages ask for its cookie and for nobody's role.
ROWS += [
    row
    for page in ("dashboard:screen", "dashboard:screen-now", "dashboard:screen-token")
    for row in build_role_rows(page, {}, otherwise=403, anyone=403, whose="none")
]
ROWS += build_role_rows("dashboard:open-screen", {}, otherwise=200, anyone=200, whose="none")
ROWS += build_role_rows("dashboard:open-screen", {}, otherwise=404, anyone=404, whose="none", method="post")
