"""What stands beside a board and is no sum: what is expected of these bodies, which of their figures are unusual."""

import json
from datetime import date
from typing import Any

from bekhedmetkom.entities.queries import get_tree
from bekhedmetkom.kernel.actor import Actor

from ..rules.forecast import Expected, Forecast
from ..rules.scopes import scope_of
from ..rules.unusual import Side
from .alerts import Unusual, reach_of
from .forecast import bodies_of_sectors
from .reading import asked


def beside(
    viewer: Actor, entities: frozenset[int] | None, today: date
) -> tuple[Forecast | None, list[Unusual]]:
    """What is expected to come in, and the alerts that stand and are not muted for the viewer. One statement."""
    of = scope_of(entities, bodies_of_sectors(), get_tree().below)
    scope, key = (of.scope, of.key) if of else ("", 0)
    bodies = None if entities is None else sorted(entities)
    said = {"scope": scope, "key": key, "bodies": bodies, "today": today, "reach": reach_of(viewer)}
    expected, alerts = None, []
    for what, row in asked(BESIDE, said):
        kept = json.loads(row) if isinstance(row, str) else row
        if what == "expected":
            expected = _forecast(kept, today)
        else:
            alerts.append(_alert(kept))
    return expected, alerts


BESIDE = """
SELECT 'expected', to_jsonb(f) FROM insight_forecast f WHERE what = 'received' AND scope = %(scope)s AND key = %(key)s
UNION ALL
(SELECT 'alert', to_jsonb(a) FROM insight_alert a
 WHERE over IS NULL AND (%(bodies)s::bigint[] IS NULL OR entity_id = ANY (%(bodies)s::bigint[]))
   AND NOT EXISTS (SELECT FROM insight_mute m
                   WHERE m.entity_id = a.entity_id AND m.figure = a.figure
                     AND until >= %(today)s AND reach >= %(reach)s)
 ORDER BY began DESC, id)
"""


def _forecast(row: dict[str, Any], today: date) -> Forecast:
    first = date.fromisoformat(row["first"]).toordinal()
    days = [
        Expected(date.fromordinal(first + n), *numbers)
        for n, numbers in enumerate(zip(row["low"], row["middle"], row["high"], strict=True))
    ]
    return Forecast(
        [day for day in days if day.day >= today], row["error"], row["usual_error"], row["tested"]
    )


def _alert(row: dict[str, Any]) -> Unusual:
    began, on = (date.fromisoformat(row[name]) for name in ("began", "on"))
    return Unusual(
        row["id"], row["entity_id"], row["figure"], Side(row["side"]), began, on, row["value"], row["n"], row["low"],
        row["middle"], row["high"], tuple(row["weeks"]), None, "", None,
    )  # fmt: skip
