"""Sessions as Django keeps them, read by a statement that is neither worded nor planned anew for each request."""

from typing import Any

from django.contrib.sessions.backends import db
from django.db import connection
from django.utils import timezone

from bekhedmetkom.config.database.prepared_statements import use_prepared_statements

READ_SESSION_SQL = "SELECT session_key, session_data, expire_date FROM django_session WHERE session_key = %s AND expire_date > %s"


class SessionStore(db.SessionStore):
    def _get_session_from_db(self) -> Any:
        with use_prepared_statements(), connection.cursor() as cursor:
            cursor.execute(READ_SESSION_SQL, [self.session_key, timezone.now()])
            found = cursor.fetchone()
        if found is None:
            self._session_key = None
            return None
        return self.model(*found)
