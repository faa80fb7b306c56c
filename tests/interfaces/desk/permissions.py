"""The desk's rows of the permission table. Administrators read no case at all."""

from bekhedmetkom.identity.rules import Role
from tests.interfaces.case_permission_table import (
    CASE_PERMISSIONS,
    READ,
    ExpectedStatuses,
    build_action_rows,
    build_rows,
)
from tests.interfaces.permission_table import Row, build_role_rows

OFFICERS = tuple(role for role in Role if role is not Role.ADMINISTRATOR)
# The page and the form of a verb: what is offered, and why not.
SHOWN_STATUSES = ExpectedStatuses(done=200, refused=403, hidden=404, administrator=403, anyone=302)
SENT_STATUSES = SHOWN_STATUSES._replace(done=302)
# The form of a draft is the reply's, which is not to be written after an appeal; an unsent one is kept all the same.
ACTION_EXCEPTIONS = {"draft": "Ms | M | | (Ms) | Ms | "}

LEADERSHIP_ROLES = (Role.HEAD_OF_BODY, Role.MINISTER, Role.MINISTER_OFFICE, Role.PM_UNIT)
OVERSEEING_ROLES = (*LEADERSHIP_ROLES, Role.MAIN_OFFICER, Role.MANAGER)
PROBLEM_ROLES = (Role.MAIN_OFFICER, Role.MANAGER, Role.HEAD_OF_BODY, Role.PM_UNIT)
NO_DESK = {Role.ADMINISTRATOR: 403}

ROWS: list[Row] = [
    # Those above the work begin with what needs them.
    *build_role_rows(
        "desk:list",
        dict.fromkeys(OFFICERS, 200) | dict.fromkeys(LEADERSHIP_ROLES, 302),
        otherwise=403,
        anyone=302,
        whose="none",
    ),
    *build_role_rows(
        "desk:needs",
        dict.fromkeys((*LEADERSHIP_ROLES, Role.MANAGER), 200) | NO_DESK,
        otherwise=404,
        anyone=302,
        whose="none",
    ),
    *build_role_rows(
        "desk:workload", dict.fromkeys(OVERSEEING_ROLES, 200), otherwise=403, anyone=302, whose="none"
    ),
    *build_role_rows("desk:bell", dict.fromkeys(OFFICERS, 200), otherwise=403, anyone=302, whose="none"),
    *build_role_rows(
        "desk:bodies", dict.fromkeys(OVERSEEING_ROLES, 200), otherwise=403, anyone=302, whose="none"
    ),
    *build_role_rows(
        "desk:problems", dict.fromkeys(PROBLEM_ROLES, 200), otherwise=403, anyone=302, whose="none"
    ),
    # None is there.
    *build_role_rows(
        "desk:problem", dict.fromkeys(PROBLEM_ROLES, 404), otherwise=403, anyone=302, whose="none"
    ),
    # GAM
    *build_role_rows(
        "desk:body", dict.fromkeys(OVERSEEING_ROLES, 200), otherwise=403, anyone=302, whose="none"
    ),
    *build_role_rows(
        "desk:instructions", dict.fromkeys(OFFICERS, 200), otherwise=403, anyone=302, whose="none"
    ),
    # Of one that is nobody's.
    *build_role_rows(
        "desk:figure-end",
        dict.fromkeys(OFFICERS, 404),
        otherwise=403,
        anyone=302,
        whose="none",
        method="post",
    ),
    *build_rows("desk:follow", CASE_PERMISSIONS[READ], SENT_STATUSES, "post"),
    *build_role_rows("desk:counts", dict.fromkeys(OFFICERS, 200), otherwise=403, anyone=302, whose="none"),
    *build_role_rows(
        "desk:views", dict.fromkeys(OFFICERS, 422), otherwise=403, anyone=302, whose="none", method="post"
    ),
    *build_role_rows(
        "desk:view", dict.fromkeys(OFFICERS, 404), otherwise=403, anyone=302, whose="none", method="post"
    ),
    *build_role_rows(
        "desk:look", dict.fromkeys(OFFICERS, 302), otherwise=403, anyone=302, whose="none", method="post"
    ),
    # Without the form that is wanted; who has no desk does not come so far.
    *build_role_rows(
        "desk:export", dict.fromkeys(OFFICERS, 400), otherwise=403, anyone=302, whose="none", method="post"
    ),
    *build_role_rows("desk:leave", dict.fromkeys(OFFICERS, 200), otherwise=403, anyone=302, whose="none"),
    # Nobody's leave is another's.
    *build_role_rows("desk:meanwhile", {Role.ADMINISTRATOR: 403}, otherwise=404, anyone=302, whose="none"),
    *build_role_rows(
        "desk:back", {Role.ADMINISTRATOR: 403}, otherwise=404, anyone=302, whose="none", method="post"
    ),
    *build_rows("desk:case", CASE_PERMISSIONS[READ], SHOWN_STATUSES, "get"),
    *build_action_rows("desk:act", SHOWN_STATUSES, "get", named=False, otherwise=ACTION_EXCEPTIONS),
    *build_rows("desk:act", CASE_PERMISSIONS["note"], SENT_STATUSES, "post", "note"),
    # A note is kept for whoever may write one.
    *build_rows("desk:keep", CASE_PERMISSIONS["note"], SHOWN_STATUSES, "post", "note"),
    # Who else is there, and what lies beside a case: for whoever reads it.
    *build_rows("desk:here", CASE_PERMISSIONS[READ], SHOWN_STATUSES, "post"),
    *build_rows("desk:related", CASE_PERMISSIONS[READ], SHOWN_STATUSES, "get"),
    # Who writes replies has the check beside them, as long as there is one to write.
    *build_rows("desk:check", "Msghmp | Mhmp | p | | Msghmp | ", SHOWN_STATUSES, "post"),
    # Another officer's act: whoever sees it is told on its page that it is not theirs to take back.
    *build_rows("desk:undo", CASE_PERMISSIONS[READ], SENT_STATUSES, "post"),
]

# Nothing is picked: the page says so. What a role may do to each case, that case's own command says.
BULK_ROWS = (
    *build_role_rows("desk:bulk", dict.fromkeys(OFFICERS, 200), otherwise=403, anyone=302, whose="none"),
    *build_role_rows(
        "desk:bulk", dict.fromkeys(OFFICERS, 422), otherwise=403, anyone=302, whose="none", method="post"
    ),
)
ROWS += [
    *(row._replace(verb="assign") for row in BULK_ROWS),
    *build_role_rows(
        "desk:bulk-undo", dict.fromkeys(OFFICERS, 302), otherwise=403, anyone=302, whose="none", method="post"
    ),
]

# Who sets up how a body works. What is sent without its button does nothing.
SETTINGS_ROLES = (Role.MAIN_OFFICER, Role.MANAGER, Role.HEAD_OF_BODY, Role.MINISTER)
ROWS += [
    *(
        row
        for page in ("desk:approval", "desk:distribution", "desk:trial")
        for row in build_role_rows(
            page, dict.fromkeys(SETTINGS_ROLES, 200), otherwise=403, anyone=302, whose="none"
        )
    ),
    *(
        row
        for page in ("desk:approval", "desk:distribution")
        for row in build_role_rows(
            page, dict.fromkeys(SETTINGS_ROLES, 200), otherwise=403, anyone=302, whose="none", method="post"
        )
    ),
    *build_role_rows(
        "desk:templates", dict.fromkeys(SETTINGS_ROLES, 200), otherwise=403, anyone=302, whose="none"
    ),
    *build_role_rows(
        "desk:template", dict.fromkeys(SETTINGS_ROLES, 200), otherwise=403, anyone=302, whose="none"
    ),
    *build_role_rows(
        "desk:template",
        dict.fromkeys(SETTINGS_ROLES, 422),
        otherwise=403,
        anyone=302,
        whose="none",
        method="post",
    ),
]
# Who takes over from the assistant. A talk that is none leads back to the list.
CONVERSATION_ROLES = (Role.PM_UNIT, Role.AGENT)
ROWS += [
    *build_role_rows(
        "desk:talks", dict.fromkeys(CONVERSATION_ROLES, 200), otherwise=403, anyone=302, whose="none"
    ),
    *build_role_rows(
        "desk:talk", dict.fromkeys(CONVERSATION_ROLES, 302), otherwise=403, anyone=302, whose="none"
    ),
    *build_role_rows(
        "desk:talk",
        dict.fromkeys(CONVERSATION_ROLES, 302),
        otherwise=403,
        anyone=302,
        whose="none",
        method="post",
    ),
]
# Who watches over what a body sends.
QUALITY_REPORT_ROLES = (Role.MANAGER, Role.HEAD_OF_BODY, Role.MINISTER, Role.MINISTER_OFFICE, Role.PM_UNIT)
ROWS += build_role_rows(
    "desk:passed", dict.fromkeys(QUALITY_REPORT_ROLES, 200), otherwise=403, anyone=302, whose="none"
)

# Who writes down cases for others, who searches for people: each page is its own, whatever case there is.
REGISTERING_ROLES = (
    Role.MAIN_OFFICER, Role.SUB_OFFICER, Role.DUTY_OFFICER, Role.INSPECTOR, Role.COORDINATOR, Role.PM_UNIT, Role.AGENT,
)  # fmt: skip
SEARCHING_ROLES = (Role.MAIN_OFFICER, Role.PM_UNIT)
ROWS += [
    *build_role_rows("desk:register", dict.fromkeys(REGISTERING_ROLES, 200), otherwise=403, anyone=302, whose="none"),
    *build_role_rows(
        "desk:register", dict.fromkeys(REGISTERING_ROLES, 422), otherwise=403, anyone=302, whose="none", method="post"
    ),
    *build_role_rows("desk:people", dict.fromkeys(SEARCHING_ROLES, 200), otherwise=403, anyone=302, whose="none"),
    *build_role_rows(
        "desk:people", dict.fromkeys(SEARCHING_ROLES, 422), otherwise=403, anyone=302, whose="none", method="post"
    ),
    # Without the case that is wanted.
    *build_role_rows(
        "desk:people-open", dict.fromkeys(SEARCHING_ROLES, 404), otherwise=403, anyone=302, whose="none",
        method="post",
    ),
    *build_rows("desk:print", CASE_PERMISSIONS[READ], SHOWN_STATUSES, "get"),
    # With the name on it: never where that is withheld.
    *build_rows("desk:print", "Msaghmop | Mhmop | p | Msarghmop | (Msaghmop) | ", SHOWN_STATUSES, "post"),
]  # fmt: skip
