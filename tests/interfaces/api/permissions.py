"""The directory is anyone's, a case is whose access code is shown, the desk is the officers'.

"Own" is a case of the role's body, with its unit ROADS, in a state in which the verb is possible; for a minister the
body is one below his own. "Other" is the same case asked for by the same roles of another body.
"""

from collections.abc import Iterator, Mapping

from bekhedmetkom.identity.rules import Role
from tests.interfaces.permission_table import ANYONE, CITIZEN, Row, for_roles

R = Role
READS = {
    R.MAIN_OFFICER, R.SUB_OFFICER, R.APPROVER, R.MANAGER, R.HEAD_OF_BODY, R.MINISTER, R.MINISTER_OFFICE, R.PM_UNIT,
}  # fmt: skip
ABOVE = {R.MANAGER, R.HEAD_OF_BODY, R.MINISTER, R.PM_UNIT}
APPROVES = {R.APPROVER, R.HEAD_OF_BODY, R.MINISTER}
DISTRIBUTES = {R.MAIN_OFFICER, R.PM_UNIT}
HANDLES = {R.MAIN_OFFICER, R.SUB_OFFICER}

MAY: Mapping[str, set[Role]] = {
    "classify": DISTRIBUTES,
    "assign": {R.MAIN_OFFICER, *ABOVE},
    "refer": DISTRIBUTES,
    "return": HANDLES,
    "accept": DISTRIBUTES,
    "ask": {*HANDLES, R.PM_UNIT},
    "note": READS,
    "call": {*HANDLES, R.PM_UNIT},
    "transcribe": {*HANDLES, R.PM_UNIT},
    "show": HANDLES,
    "draft": HANDLES,
    "submit": HANDLES,
    "approve": APPROVES,
    "send-back": APPROVES,
    "answer": {*HANDLES, *ABOVE},
    "extend": ABOVE,
    "reclassify": DISTRIBUTES,
    "escalate": {*HANDLES, R.MANAGER, R.PM_UNIT},
    "decide": {R.REVIEWER},
    "reveal": {R.PM_UNIT},  # to whom the stage of this verb has given the case
    "confirm": {R.MAIN_OFFICER, *ABOVE},
    "merge": DISTRIBUTES,
    "split": DISTRIBUTES,
    "close": DISTRIBUTES,
    "snooze": HANDLES,
    "recuse": {*HANDLES, R.APPROVER},
    "concern": DISTRIBUTES,
    "instruct": {*ABOVE, R.MINISTER_OFFICE},
    "commit": HANDLES,
    "fulfil": HANDLES,
}
NOT_WITH_A_UNIT = {"classify", "accept", "reveal"}  # so its sub officer does not see the case
NATIONWIDE = {R.PM_UNIT, R.AGENT, R.ADMINISTRATOR}


def _of_a_verb(verb: str) -> Iterator[Row]:
    sees = READS | MAY[verb]
    if verb in NOT_WITH_A_UNIT:
        sees = sees - {R.SUB_OFFICER}
    answers = {role: 200 if role in MAY[verb] else 403 for role in sees}
    yield from for_roles(f"api:desk-{verb}", answers, otherwise=404, anyone=401, method="post")
    for role in Role:
        if role not in NATIONWIDE:
            yield Row(f"api:desk-{verb}", role, "other", 404, "post")


ROWS = [
    *(Row(f"api:{route}", ANYONE, "none", 200) for route in ("openapi", "kinds", "governorates", "entities")),
    *(Row(f"api:{route}", ANYONE, "none", 200) for route in ("entity", "services")),
    Row("api:suggest", ANYONE, "none", 200, "post"),
    Row("api:submit", ANYONE, "none", 201, "post"),
    Row("api:upload", ANYONE, "none", 201, "post"),
    Row("api-docs:docs", ANYONE, "none", 200),
    Row("api-docs:problem", ANYONE, "none", 302),
    Row("api:case", ANYONE, "other", 404),
    Row("api:case", CITIZEN, "own", 200),
    Row("api:case", CITIZEN, "other", 404),
    *(
        row
        for route in ("write", "attach", "rate", "appeal", "withdraw")
        for row in (
            Row(f"api:{route}", ANYONE, "other", 404, "post"),
            Row(f"api:{route}", CITIZEN, "own", 200, "post"),
            Row(f"api:{route}", CITIZEN, "other", 404, "post"),
        )
    ),
    *for_roles("api:desk-cases", {R.ADMINISTRATOR: 403}, otherwise=200, anyone=401, whose="none"),
    *for_roles("api:desk-case", dict.fromkeys(READS, 200), otherwise=404, anyone=401),
    *(Row("api:desk-case", role, "other", 404) for role in Role if role not in NATIONWIDE),
    *(row for verb in MAY for row in _of_a_verb(verb)),
]
