"""Django's backend for PostgreSQL, which looks at a pooled connection before it is used, and does not ask.

The pool's own check is a round trip for each request. A server that went away has closed the socket, so there is
something to read where nothing should be; seeing that costs a system call.
"""

from select import POLLIN, poll
from typing import Any

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        connection = super().get_new_connection(conn_params)
        while self.pool and _gone(connection):
            connection.close()
            self.pool.putconn(connection)
            connection = self.pool.getconn()
        return connection


def _gone(connection: Any) -> bool:
    waiting = poll()
    waiting.register(connection.pgconn.socket, POLLIN)
    return bool(waiting.poll(0))
