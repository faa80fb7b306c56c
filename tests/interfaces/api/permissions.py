"""The directory is anyone's, a case is whose access code is shown, the desk is the officers'."""

from bekhedmetkom.identity.rules import Role
from tests.interfaces.case_permission_table import (
    CASE_PERMISSIONS,
    READ,
    ExpectedStatuses,
    build_action_rows,
    build_rows,
)
from tests.interfaces.permission_table import ANYONE, CITIZEN, Row, build_role_rows

OF_CASES = ExpectedStatuses(done=200, refused=403, hidden=404, administrator=404, anyone=401)

ROWS = [
    *(
        Row(f"api:{route}", ANYONE, "none", 200)
        for route in (
            "openapi",
            "kinds",
            "governorates",
            "entities",
            "push-key",
            "indicators",
            "indicator-definitions",
        )
    ),
    *(Row(f"api:{route}", ANYONE, "none", 200) for route in ("entity", "services", "push-key")),
    Row("api:suggest", ANYONE, "none", 200, "post"),
    Row("api:submit", ANYONE, "none", 201, "post"),
    Row("api:upload", ANYONE, "none", 201, "post"),
    Row("api:webhooks", ANYONE, "none", 401),
    Row("api:webhook-parked", ANYONE, "none", 401),
    *(
        Row(f"api:{route}", ANYONE, "none", 401, "post")
        for route in ("subscribe", "webhook-secret", "webhook-again", "unsubscribe")
    ),
    Row("api-docs:docs", ANYONE, "none", 200),
    Row("api-docs:problem", ANYONE, "none", 302),
    Row("api:case", ANYONE, "other", 404),
    Row("api:case", CITIZEN, "own", 200),
    Row("api:case", CITIZEN, "other", 404),
    *(
        row
        for route in ("write", "attach", "rate", "appeal", "withdraw", "subscribe-device")
        for row in (
            Row(f"api:{route}", ANYONE, "other", 404, "post"),
            Row(f"api:{route}", CITIZEN, "own", 200, "post"),
            Row(f"api:{route}", CITIZEN, "other", 404, "post"),
        )
    ),
    *build_role_rows("api:desk-cases", {Role.ADMINISTRATOR: 403}, otherwise=200, anyone=401, whose="none"),
    *build_rows("api:desk-case", CASE_PERMISSIONS[READ], OF_CASES, "get"),
    *build_action_rows("api:desk-", OF_CASES, "post", named=True),
    # Another officer's act: whoever sees it may not take it back. The reviewer's own is long past.
    *(
        row._replace(status=409) if (row.role, row.situation) == (Role.REVIEWER, "appealed") else row
        for row in build_rows("api:desk-undo", CASE_PERMISSIONS[READ], OF_CASES._replace(done=403), "post")
    ),
]
