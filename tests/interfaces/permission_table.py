"""Who gets what answer at which address: the permission table, one row for each route, role and case.

Each door keeps its rows in `tests/interfaces/DOOR/permissions.py` as `ROWS` and runs them in its own tests;
`tests/meta/test_permission_table.py` fails on a route of ours that lacks a row.
"""

from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Literal, NamedTuple

from bekhedmetkom.identity.rules import Role

ANYONE = "anyone"  # nobody is signed in, no access code, no key
CITIZEN = "citizen"  # has shown the access code of one case
CLIENT = "client"  # a program with a key of its own
Method = Literal["get", "post"]

# The situations in which an officer comes to a case; the citizen's and the client's is `own` or `other`, and `none`
# where no case is involved. In each it is an ordinary case of GAM with its unit ROADS (`case_situations.py`).
SITUATIONS = (
    "own",  # of the officer's body and unit; for a minister and his office of a body below
    "sector",  # the officer holds the role at the body that leads the sector
    "rival",  # at a body of another sector
    "appealed",  # own, and appealed; the reviewer is the one to whom it went
    "withheld",  # own, and its citizen's identity is withheld
    "conflict",  # own, and it complains of this very officer
)


class Row(NamedTuple):
    """`route` as `reverse` takes it, `role` a `Role` or one of the above, `status` the answer's."""

    route: str
    role: str
    situation: str
    status: int
    method: Method = "get"
    verb: str = ""


def build_role_rows(
    route: str, allowed: Mapping[Role, int], *, otherwise: int, anyone: int, whose: str = "own",
    method: Method = "get",
) -> Iterator[Row]:  # fmt: skip
    """Rows of an officers' route: the answer to each role that is named, to all others, and to nobody in particular."""
    yield Row(route, ANYONE, whose, anyone, method)
    for role in Role:
        yield Row(route, role, whose, allowed.get(role, otherwise), method)


def load_all_rows() -> list[Row]:
    """The rows of every door that stands in this tree."""
    files = sorted(Path(__file__).parent.glob("*/permissions.py"))
    return [
        row
        for file in files
        for row in import_module(f"tests.interfaces.{file.parent.name}.permissions").ROWS
    ]
