"""What machines ask: whether it is up, whether it is ready; the figures want a token."""

from tests.interfaces.permission_table import ANYONE, Row

ROWS = [
    Row("healthz", ANYONE, "none", 200),
    Row("readyz", ANYONE, "none", 503),
    Row("metrics", ANYONE, "none", 404),
]
