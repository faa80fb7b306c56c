"""Django's backend for PostgreSQL, with what it does at each request made cheaper.

The pool's own check of a connection is a round trip for each request. A server that went away has closed the socket,
so there is something to read where nothing should be; seeing that costs a system call.

Moments are read in C, by psycopg's own loader, in the zone of the connection, which Django sets to UTC. Django's
loader reads them in Python.

Many rows are inserted as one array a column, those with bytes too. Django asks bytes for their placeholder, which on
MySQL depends on them, and so spelt each row of theirs into a statement of its own length, read and planned anew.
"""

from functools import cache
from select import POLLIN, poll
from typing import Any, ClassVar

from django.db.backends.postgresql import base
from django.db.models import BinaryField
from psycopg import adapters
from psycopg.adapt import AdaptersMap
from psycopg.pq import Format

from bekhedmetkom.config.database.roles import reset_row_security

delattr(BinaryField, "get_placeholder")


class DatabaseWrapper(base.DatabaseWrapper):
    _connection_pools: ClassVar[dict[str, Any]]

    def get_connection_params(self) -> dict[str, Any]:
        if self.alias in self._connection_pools and self.settings_dict["OPTIONS"].get("pool"):
            return {}  # the pool has them
        params: dict[str, Any] = super().get_connection_params()
        params["context"] = _use_c_timestamp_loader(params["context"])
        return params

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        connection = super().get_new_connection(conn_params)
        while self.pool and _is_disconnected(connection):
            connection.close()
            self.pool.putconn(connection)
            connection = self.pool.getconn()
        return connection

    def _set_autocommit(self, autocommit: bool) -> None:
        if self.connection.autocommit != autocommit:
            with self.wrap_database_errors:
                self.connection.autocommit = autocommit

    def close(self) -> None:
        """The wall is put down by whoever let somebody in. The pool's own way (`reset`) is through another thread."""
        if self.connection is not None:
            reset_row_security(self.connection)
        super().close()

    def create_cursor(self, name: str | None = None) -> Any:
        """As Django makes it where values travel apart, but for its loader of moments."""
        if name:
            return self.connection.cursor(name, scrollable=False, withhold=self.connection.autocommit)
        return self.connection.cursor()


@cache
def _use_c_timestamp_loader(djangos: AdaptersMap) -> AdaptersMap:
    moment = adapters.get_loader(base.TIMESTAMPTZ_OID, Format.TEXT)
    assert moment
    ours = AdaptersMap(djangos)
    ours.register_loader("timestamptz", moment)
    return ours


def _is_disconnected(connection: Any) -> bool:
    waiting = poll()
    waiting.register(connection.pgconn.socket, POLLIN)
    return bool(waiting.poll(0))
