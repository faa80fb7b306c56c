"""Anyone asks and reads what is public; bringing a case needs a program's key in the form."""

from tests.interfaces.permission_table import ANYONE, CLIENT, Row

ROWS = [
    *(
        Row(f"open311:{route}", ANYONE, "none", 200)
        for route in ("discovery", "services", "definition", "requests")
    ),
    Row("open311:request", ANYONE, "other", 404),
    Row("open311:token", ANYONE, "none", 404),
    Row("open311:requests", ANYONE, "none", 403, "post"),
    Row("open311:requests", CLIENT, "none", 200, "post"),
]
