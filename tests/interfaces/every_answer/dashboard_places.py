"""Every spot of the dashboard into which somebody can put a value: what narrows and shows it, what is decided."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from bekhedmetkom.identity.models import Officer
from bekhedmetkom.insight.kept import Alert, Weighed
from tests.meta.routes import our_routes
from tests.personas import NOON, Jordan
from tests.ugly import Bad

from .places import LONGEST_ADDRESS, Place, Visitor, arguments, filled_in, in_headers, once, pages, quoted

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
GOOD = {"key": "on_time", "name": "trend", "form": "csv", "month": "2026-10", "code": "cabinet", "token": "x"}
MADE = (
    "dashboard:report",
    "dashboard:report_paper",
)  # each a month of all figures: its sheets read the same address


def dashboard(jordan: Jordan) -> list[Place]:
    """As who sees the whole country, who chooses most; as a head with an alert and a gap, who may act on both."""
    visitor, head = Visitor(), Visitor()
    visitor.client.force_login(Officer.objects.get(pk=jordan.pm.id))
    head.client.force_login(Officer.objects.get(pk=jordan.head.id))
    good = GOOD | {"alert": str(_unusual(jordan).pk)}
    Weighed.objects.create(
        entity=jordan.entities["GAM"], service=jordan.services["GAM-002"], made_at=NOON,
        governorate=jordan.governorates["GOV-AM"], **dict.fromkeys(COUNTED, 20),
    )  # fmt: skip

    def places() -> Iterator[Place]:
        yield from pages(visitor, "/dashboard?entity=GAM")
        for query in QUERIES:
            yield Place(f"get /dashboard: {query}", partial(_ask, visitor, "/dashboard?entity=GAM", query))
        yield Place(
            "get /en/dashboard/now: from", partial(_ask, visitor, "/en/dashboard/now?view=wall", "from")
        )
        for query in ("part", "cursor", "entity"):
            yield Place(
                f"get /dashboard/cases: {query}", partial(_ask, visitor, "/dashboard/cases/on_time?x=", query)
            )
        yield Place("get /dashboard/reports: of", partial(_ask, visitor, "/dashboard/reports?a=b", "of"))
        for route in our_routes():
            if route.name.startswith("dashboard:") and route.name not in MADE:
                yield from pages(head, f"/en/{filled_in(route.pattern, good)}")
                yield from arguments(head, "", route.pattern, good)
        yield from in_headers(visitor, "/dashboard/definitions")

    return once(places())


COUNTED = ("received", "urgent", "no", "upheld", "appealed", "again", "waiting", "age", "people")


def _unusual(jordan: Jordan) -> Alert:
    band = {"value": 0.4, "n": 90, "low": 0.7, "middle": 0.8, "high": 0.9, "weeks": [0.8] * 12}
    day = NOON.date()
    return Alert.objects.create(
        entity_id=jordan.entities["GAM"], figure="on_time", side="below", began=day, on=day, **band
    )


def _ask(visitor: Visitor, address: str, query: str, bad: Bad) -> Any:
    return visitor.ask("get", f"{address}&{query}={quoted(bad.value, LONGEST_ADDRESS)}")
