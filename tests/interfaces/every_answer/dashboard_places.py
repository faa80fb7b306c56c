"""Every spot of the dashboard into which somebody can put a value: what narrows it, how it is shown, its tables."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from bekhedmetkom.identity.models import Officer
from tests.personas import Jordan
from tests.ugly import Bad

from .places import LONGEST_ADDRESS, Place, Visitor, arguments, in_headers, once, pages, quoted

QUERIES = (
    "from",
    "to",
    "sector",
    "entity",
    "unit",
    "kind",
    "topic",
    "governorate",
    "channel",
    "view",
    "show",
)
GOOD = {"name": "trend", "form": "csv"}
REPORT = {"month": "2026-10", "code": "cabinet", "name": "trend", "form": "csv"}


def dashboard(jordan: Jordan) -> list[Place]:
    """As who sees the whole country, who chooses most."""
    visitor = Visitor()
    visitor.client.force_login(Officer.objects.get(pk=jordan.pm.id))

    def places() -> Iterator[Place]:
        yield from pages(visitor, "/dashboard?entity=GAM")
        yield from pages(visitor, "/en/dashboard/definitions")
        for query in QUERIES:
            yield Place(f"get /dashboard: {query}", partial(_ask, visitor, "/dashboard?entity=GAM", query))
        yield Place(
            "get /en/dashboard/now: from", partial(_ask, visitor, "/en/dashboard/now?view=wall", "from")
        )
        yield from arguments(visitor, "", "dashboard/tables/<name>", GOOD)
        yield from arguments(visitor, "/en", "dashboard/tables/<name>.<form>", GOOD)
        yield from pages(visitor, "/dashboard/reports?of=GAM")
        yield Place("get /dashboard/reports: of", partial(_ask, visitor, "/dashboard/reports?a=b", "of"))
        yield from arguments(visitor, "", "dashboard/reports/<month>/<code>/<name>.<form>", REPORT)
        yield from in_headers(visitor, "/dashboard/definitions")

    return once(places())


def _ask(visitor: Visitor, address: str, query: str, bad: Bad) -> Any:
    return visitor.ask("get", f"{address}&{query}={quoted(bad.value, LONGEST_ADDRESS)}")
