"""Rows of the permission table: the chat is public."""

from tests.interfaces.permission_table import ANYONE, Row

ROWS = [
    Row("chat:chat", ANYONE, "none", 200),
    Row("chat:chat", ANYONE, "none", 302, "post"),
    Row("chat:leave", ANYONE, "none", 405),
    Row("chat:leave", ANYONE, "none", 302, "post"),
]
