"""Every spot of the dashboard into which somebody can put a value: what narrows and shows it, what is decided."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from bekhedmetkom.analytics.storage import Alert, PriorityCell
from bekhedmetkom.identity.models import Officer
from tests.hostile_values import HostileValue
from tests.meta.routes import iterate_routes
from tests.personas import NOON, Jordan

from .input_points import (
    MAX_URL_BYTES,
    InputPoint,
    Visitor,
    fill_path,
    list_header_inputs,
    list_page_inputs,
    list_path_arguments,
    quote_value,
    remove_duplicates,
)

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
VALID_ARGUMENTS = {
    "key": "on_time",
    "name": "trend",
    "form": "csv",
    "month": "2026-10",
    "code": "cabinet",
    "token": "x",
}
MADE = (
    "dashboard:report",
    "dashboard:report_paper",
)  # each a month of all figures: its sheets read the same address


def list_dashboard_inputs(jordan: Jordan) -> list[InputPoint]:
    """As who sees the whole country, who chooses most; as a head with an alert and a gap, who may act on both."""
    visitor, head = Visitor(), Visitor()
    visitor.client.force_login(Officer.objects.get(pk=jordan.pm.id))
    head.client.force_login(Officer.objects.get(pk=jordan.head.id))
    good = VALID_ARGUMENTS | {"alert": str(_create_alert(jordan).pk)}
    PriorityCell.objects.create(
        entity=jordan.entities["GAM"], service=jordan.services["GAM-002"], created_at=NOON,
        governorate=jordan.governorates["GOV-AM"], **dict.fromkeys(MEASURES, 20),
    )  # fmt: skip

    def places() -> Iterator[InputPoint]:
        yield from list_page_inputs(visitor, "/dashboard?entity=GAM")
        for query in QUERIES:
            yield InputPoint(
                f"get /dashboard: {query}", partial(_send_query, visitor, "/dashboard?entity=GAM", query)
            )
        yield InputPoint(
            "get /en/dashboard/now: from",
            partial(_send_query, visitor, "/en/dashboard/now?view=wall", "from"),
        )
        for query in ("part", "cursor", "entity"):
            yield InputPoint(
                f"get /dashboard/cases: {query}",
                partial(_send_query, visitor, "/dashboard/cases/on_time?x=", query),
            )
        yield InputPoint(
            "get /dashboard/reports: of", partial(_send_query, visitor, "/dashboard/reports?a=b", "of")
        )
        for route in iterate_routes():
            if route.name.startswith("dashboard:") and route.name not in MADE:
                yield from list_page_inputs(head, f"/en/{fill_path(route.pattern, good)}")
                yield from list_path_arguments(head, "", route.pattern, good)
        yield from list_header_inputs(visitor, "/dashboard/definitions")

    return remove_duplicates(places())


MEASURES = (
    "received",
    "urgent",
    "unsolved",
    "upheld",
    "appealed",
    "recurring",
    "waiting",
    "total_age_days",
    "people",
)


def _create_alert(jordan: Jordan) -> Alert:
    band = {
        "value": 0.4,
        "observations": 90,
        "low": 0.7,
        "middle": 0.8,
        "high": 0.9,
        "baseline_values": [0.8] * 12,
    }
    day = NOON.date()
    return Alert.objects.create(
        entity_id=jordan.entities["GAM"],
        indicator="on_time",
        side="below",
        started_on=day,
        value_on=day,
        **band,
    )


def _send_query(visitor: Visitor, address: str, query: str, bad: HostileValue) -> Any:
    return visitor.request("get", f"{address}&{query}={quote_value(bad.value, MAX_URL_BYTES)}")
