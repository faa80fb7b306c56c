"""The officers' door is open to anyone; what lies behind it is each officer's own, whatever the role."""

from bekhedmetkom.identity.rules import Role
from tests.interfaces.permission_table import ANYONE, Row, build_role_rows

ROWS = [
    Row("sign-in", ANYONE, "none", 200),
    Row("account_login", ANYONE, "none", 200),
    Row("mfa_authenticate", ANYONE, "none", 302),  # nobody is between password and code: back to the door
    Row("mfa_login_webauthn", ANYONE, "none", 302),  # without the script's header: back to the door
    Row("account_logout", ANYONE, "none", 405),
    Row("account_logout", ANYONE, "none", 302, "post"),
    Row("invitation", ANYONE, "none", 410),
    *(
        row
        for route, status in {
            "mfa_index": 200,
            "notification_preferences": 200,
            "account_change_password": 200,
            "account_reauthenticate": 200,
            "mfa_activate_totp": 200,
            "mfa_add_webauthn": 200,
            "mfa_deactivate_totp": 404,  # none was added
            "mfa_remove_webauthn": 404,
            "mfa_view_recovery_codes": 404,
            "mfa_generate_recovery_codes": 200,
        }.items()
        for row in build_role_rows(
            route, dict.fromkeys(Role, status), otherwise=403, anyone=302, whose="none"
        )
    ),
]
