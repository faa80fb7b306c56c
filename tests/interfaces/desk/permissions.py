"""The desk's rows of the permission table. Administrators read no case at all."""

from bekhedmetkom.identity.rules import Role
from tests.interfaces.case_table import READ, TABLE, Answers, rows, rows_of_verbs
from tests.interfaces.permission_table import Row, for_roles

OFFICERS = tuple(role for role in Role if role is not Role.ADMINISTRATOR)
# The page and the form of a verb: what is offered, and why not.
SHOWN = Answers(done=200, refused=403, unseen=404, administrator=403, anyone=302)
SENT = SHOWN._replace(done=302)
# The form of a draft is the reply's, which is not to be written after an appeal; an unsent one is kept all the same.
OTHERWISE = {"draft": "Ms | M | | (Ms) | Ms | "}

HIGHER = (Role.HEAD_OF_BODY, Role.MINISTER, Role.MINISTER_OFFICE, Role.PM_UNIT)
OVERSEE = (*HIGHER, Role.MAIN_OFFICER, Role.MANAGER)
DECIDE = (Role.MAIN_OFFICER, Role.MANAGER, Role.HEAD_OF_BODY, Role.PM_UNIT)
NONE = {Role.ADMINISTRATOR: 403}

ROWS: list[Row] = [
    # Those above the work begin with what needs them.
    *for_roles(
        "desk:list",
        dict.fromkeys(OFFICERS, 200) | dict.fromkeys(HIGHER, 302),
        otherwise=403,
        anyone=302,
        whose="none",
    ),
    *for_roles(
        "desk:needs",
        dict.fromkeys((*HIGHER, Role.MANAGER), 200) | NONE,
        otherwise=404,
        anyone=302,
        whose="none",
    ),
    *for_roles("desk:workload", dict.fromkeys(OVERSEE, 200), otherwise=403, anyone=302, whose="none"),
    *for_roles("desk:bell", dict.fromkeys(OFFICERS, 200), otherwise=403, anyone=302, whose="none"),
    *for_roles("desk:bodies", dict.fromkeys(OVERSEE, 200), otherwise=403, anyone=302, whose="none"),
    *for_roles("desk:problems", dict.fromkeys(DECIDE, 200), otherwise=403, anyone=302, whose="none"),
    # None is there.
    *for_roles("desk:problem", dict.fromkeys(DECIDE, 404), otherwise=403, anyone=302, whose="none"),
    # GAM
    *for_roles("desk:body", dict.fromkeys(OVERSEE, 200), otherwise=403, anyone=302, whose="none"),
    *for_roles("desk:instructions", dict.fromkeys(OFFICERS, 200), otherwise=403, anyone=302, whose="none"),
    # Of one that is nobody's.
    *for_roles(
        "desk:figure-end",
        dict.fromkeys(OFFICERS, 404),
        otherwise=403,
        anyone=302,
        whose="none",
        method="post",
    ),
    *rows("desk:follow", TABLE[READ], SENT, "post"),
    *for_roles("desk:counts", dict.fromkeys(OFFICERS, 200), otherwise=403, anyone=302, whose="none"),
    *for_roles(
        "desk:views", dict.fromkeys(OFFICERS, 422), otherwise=403, anyone=302, whose="none", method="post"
    ),
    *for_roles(
        "desk:view", dict.fromkeys(OFFICERS, 404), otherwise=403, anyone=302, whose="none", method="post"
    ),
    *for_roles(
        "desk:look", dict.fromkeys(OFFICERS, 302), otherwise=403, anyone=302, whose="none", method="post"
    ),
    # Without the form that is wanted; who has no desk does not come so far.
    *for_roles(
        "desk:export", dict.fromkeys(OFFICERS, 400), otherwise=403, anyone=302, whose="none", method="post"
    ),
    *for_roles("desk:leave", dict.fromkeys(OFFICERS, 200), otherwise=403, anyone=302, whose="none"),
    # Nobody's leave is another's.
    *for_roles("desk:meanwhile", {Role.ADMINISTRATOR: 403}, otherwise=404, anyone=302, whose="none"),
    *for_roles(
        "desk:back", {Role.ADMINISTRATOR: 403}, otherwise=404, anyone=302, whose="none", method="post"
    ),
    *rows("desk:case", TABLE[READ], SHOWN, "get"),
    *rows_of_verbs("desk:act", SHOWN, "get", named=False, otherwise=OTHERWISE),
    *rows("desk:act", TABLE["note"], SENT, "post", "note"),
    # A note is kept for whoever may write one.
    *rows("desk:keep", TABLE["note"], SHOWN, "post", "note"),
    # Who else is there, and what lies beside a case: for whoever reads it.
    *rows("desk:here", TABLE[READ], SHOWN, "post"),
    *rows("desk:related", TABLE[READ], SHOWN, "get"),
    # Who writes replies has the check beside them, as long as there is one to write.
    *rows("desk:check", "Msghmp | Mhmp | p | | Msghmp | ", SHOWN, "post"),
    # Another officer's act: whoever sees it is told on its page that it is not theirs to take back.
    *rows("desk:undo", TABLE[READ], SENT, "post"),
]

# Nothing is picked: the page says so. What a role may do to each case, that case's own command says.
BULK = (
    *for_roles("desk:bulk", dict.fromkeys(OFFICERS, 200), otherwise=403, anyone=302, whose="none"),
    *for_roles(
        "desk:bulk", dict.fromkeys(OFFICERS, 422), otherwise=403, anyone=302, whose="none", method="post"
    ),
)
ROWS += [
    *(row._replace(verb="assign") for row in BULK),
    *for_roles("desk:bulk-undo", dict.fromkeys(OFFICERS, 302), otherwise=403, anyone=302, whose="none", method="post"),
]  # fmt: skip

# Who sets up how a body works. What is sent without its button does nothing.
ARRANGERS = (Role.MAIN_OFFICER, Role.MANAGER, Role.HEAD_OF_BODY, Role.MINISTER)
ROWS += [
    *(
        row
        for page in ("desk:approval", "desk:distribution", "desk:trial")
        for row in for_roles(page, dict.fromkeys(ARRANGERS, 200), otherwise=403, anyone=302, whose="none")
    ),
    *(
        row
        for page in ("desk:approval", "desk:distribution")
        for row in for_roles(
            page, dict.fromkeys(ARRANGERS, 200), otherwise=403, anyone=302, whose="none", method="post"
        )
    ),
    *for_roles("desk:templates", dict.fromkeys(ARRANGERS, 200), otherwise=403, anyone=302, whose="none"),
    *for_roles("desk:template", dict.fromkeys(ARRANGERS, 200), otherwise=403, anyone=302, whose="none"),
    *for_roles(
        "desk:template", dict.fromkeys(ARRANGERS, 422), otherwise=403, anyone=302, whose="none", method="post"
    ),
]
# Who takes over from the assistant. A talk that is none leads back to the list.
TALKS = (Role.PM_UNIT, Role.AGENT)
ROWS += [
    *for_roles("desk:talks", dict.fromkeys(TALKS, 200), otherwise=403, anyone=302, whose="none"),
    *for_roles("desk:talk", dict.fromkeys(TALKS, 302), otherwise=403, anyone=302, whose="none"),
    *for_roles(
        "desk:talk", dict.fromkeys(TALKS, 302), otherwise=403, anyone=302, whose="none", method="post"
    ),
]
# Who watches over what a body sends.
ABOVE = (Role.MANAGER, Role.HEAD_OF_BODY, Role.MINISTER, Role.MINISTER_OFFICE, Role.PM_UNIT)
ROWS += for_roles("desk:passed", dict.fromkeys(ABOVE, 200), otherwise=403, anyone=302, whose="none")

# Who writes down cases for others, who searches for people: each page is its own, whatever case there is.
REGISTER = (
    Role.MAIN_OFFICER, Role.SUB_OFFICER, Role.DUTY_OFFICER, Role.INSPECTOR, Role.COORDINATOR, Role.PM_UNIT, Role.AGENT,
)  # fmt: skip
SEARCH_PEOPLE = (Role.MAIN_OFFICER, Role.PM_UNIT)
ROWS += [
    *for_roles("desk:register", dict.fromkeys(REGISTER, 200), otherwise=403, anyone=302, whose="none"),
    *for_roles(
        "desk:register", dict.fromkeys(REGISTER, 422), otherwise=403, anyone=302, whose="none", method="post"
    ),
    *for_roles("desk:people", dict.fromkeys(SEARCH_PEOPLE, 200), otherwise=403, anyone=302, whose="none"),
    *for_roles(
        "desk:people", dict.fromkeys(SEARCH_PEOPLE, 422), otherwise=403, anyone=302, whose="none", method="post"
    ),
    # Without the case that is wanted.
    *for_roles(
        "desk:people-open", dict.fromkeys(SEARCH_PEOPLE, 404), otherwise=403, anyone=302, whose="none",
        method="post",
    ),
    *rows("desk:print", TABLE[READ], SHOWN, "get"),
    # With the name on it: never where that is withheld.
    *rows("desk:print", "Msaghmop | Mhmop | p | Msarghmop | (Msaghmop) | ", SHOWN, "post"),
]  # fmt: skip
