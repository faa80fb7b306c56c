"""The live door's rows: whoever may listen to a topic gets the address of its stream."""

from bekhedmetkom.identity.rules import Role
from tests.interfaces.permission_table import Row, build_role_rows

READS = dict.fromkeys(set(Role) - {Role.ADMINISTRATOR}, 200)

ROWS: list[Row] = [*build_role_rows("live:token", READS, otherwise=403, anyone=302, whose="none")]
