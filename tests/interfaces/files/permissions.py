"""An address that was signed is for whoever holds it; no role opens another."""

from tests.interfaces.permission_table import ANYONE, Row

ROWS = [Row("file", ANYONE, "own", 200), Row("file", ANYONE, "none", 404)]
