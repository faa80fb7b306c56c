"""Sessions as Django keeps them, read by a statement that need not be worded anew for each request."""

from typing import Any

from django.contrib.sessions.backends import db
from django.utils import timezone

READ = "SELECT * FROM django_session WHERE session_key = %s AND expire_date > %s"


class SessionStore(db.SessionStore):
    def _get_session_from_db(self) -> Any:
        found = next(iter(self.model.objects.raw(READ, [self.session_key, timezone.now()])), None)
        if found is None:
            self._session_key = None
        return found
