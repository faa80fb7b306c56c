"""What the database roles of the processes may do; the owner of the tables migrates and runs the commands.

Granted anew after each migration, so that nobody has to remember it for a new table. Which rows of a case they see
is the wall's matter (cases/wall.py).
"""

from typing import Any

from django.db import connections
from psycopg import Error

WEB_ROLE, WORKER_ROLE = "bekhedmetkom_web", "bekhedmetkom_worker"
ROLE_BY_PROCESS = {"web": WEB_ROLE, "live": WEB_ROLE, "worker": WORKER_ROLE}
RESET_ROW_SECURITY = (
    "SELECT set_config(name, '', false) FROM unnest("
    "ARRAY['bk.officer', 'bk.bodies', 'bk.everywhere', 'bk.knows', 'bk.above', 'bk.within', 'bk.cases', 'bk.locked'])"
    " AS name"
)

GRANTS = """
GRANT USAGE ON SCHEMA public TO bekhedmetkom_web, bekhedmetkom_worker;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO bekhedmetkom_web, bekhedmetkom_worker;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO bekhedmetkom_web, bekhedmetkom_worker;
REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM bekhedmetkom_web, bekhedmetkom_worker;
-- Facts are added and stay.
REVOKE UPDATE, DELETE ON event, change_record FROM bekhedmetkom_web, bekhedmetkom_worker;
REVOKE DELETE ON "case", case_text, case_particulars FROM bekhedmetkom_web, bekhedmetkom_worker;
-- Found through find_cases alone, which asks whose the cases are.
REVOKE ALL ON case_search FROM bekhedmetkom_web;
-- Written by who takes a case in, read by the worker alone.
REVOKE SELECT, UPDATE, DELETE ON case_picture FROM bekhedmetkom_web;
"""

# Every function that stands outside the wall; `PUBLIC` may run none of them (a test compares).
GRANT_SECURITY_DEFINER_FUNCTIONS = """
DO $$
DECLARE door regprocedure;
BEGIN
    FOR door IN SELECT oid FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace
                AND prorettype <> 'trigger'::regtype LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', door);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO bekhedmetkom_web, bekhedmetkom_worker', door);
    END LOOP;
END $$;
"""


def grant_privileges(using: str = "default", **_: Any) -> None:
    """After a migration."""
    with connections[using].cursor() as cursor:
        cursor.execute(GRANTS)
        cursor.execute(GRANT_SECURITY_DEFINER_FUNCTIONS)


def reset_row_security(pooled: Any) -> None:
    """Clear who a connection was opened to row-level security for, when it goes back to the pool.

    A connection that cannot be cleared is closed, and the pool replaces it.
    """
    if not getattr(pooled, "let_in", False):
        return
    try:
        pooled.rollback()
        pooled.execute(RESET_ROW_SECURITY)
        pooled.commit()
        pooled.let_in = False
    except Error:
        pooled.close()
