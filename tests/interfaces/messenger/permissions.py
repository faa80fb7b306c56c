"""Rows of the permission table: Meta's webhook needs a token or signature; without a secret it does not exist."""

from tests.interfaces.permission_table import ANYONE, Row

ROWS = [
    Row("messenger", ANYONE, "none", 404),
    Row("messenger", ANYONE, "none", 404, "post"),
]
