"""What Meta calls shows a token or a signature; without a secret agreed on there is no such address."""

from tests.interfaces.permission_table import ANYONE, Row

ROWS = [
    Row("messenger", ANYONE, "none", 404),
    Row("messenger", ANYONE, "none", 404, "post"),
]
