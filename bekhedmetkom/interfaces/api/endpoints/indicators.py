"""How the bodies answer people, for everybody: every indicator of a slice, and what each means."""

from datetime import datetime, timedelta

from django.http import HttpRequest
from ninja import Query

from bekhedmetkom.analytics.queries.dashboard import get_recorded_until
from bekhedmetkom.analytics.queries.indicators import get_indicator_values
from bekhedmetkom.analytics.rules.indicators import INDICATORS, VERSION
from bekhedmetkom.analytics.rules.slices import Slice
from bekhedmetkom.analytics.rules.totals import MIN_PUBLISHED_COUNT, get_published_value
from bekhedmetkom.entities.queries import get_subtree
from bekhedmetkom.interfaces.access_control import audience
from bekhedmetkom.kernel import clock
from bekhedmetkom.kernel.clock import get_local_date
from bekhedmetkom.kernel.errors import FieldError, InvalidInput
from bekhedmetkom.kernel.text import BilingualText

from .. import problems
from ..api import api
from ..openapi import document_responses
from ..schemas.indicators import DefinitionsOut, IndicatorsOut, IndicatorsQuery

DEFAULT_DAYS, MAX_DAYS = 30, 1100

_END_BEFORE_START = BilingualText("نهاية المدة قبل بدايتها.", "The period ends before it begins.")
_PERIOD_TOO_LONG = BilingualText("المدة ثلاث سنوات على الأكثر.", "A period has three years at most.")


@api.get(
    "/indicators",
    **document_responses(
        "مؤشرات خدمة المواطن لمدة وجهة ونوع ومحافظة وطريقة وصول. الأعداد الصغيرة لا تُنشر.",
        IndicatorsOut,
        problems.INVALID_FIELDS,
    ),
    url_name="indicators",
    tags=["indicators"],
    by_alias=True,
)
@audience("public")
def list_indicators(request: HttpRequest, wanted: Query[IndicatorsQuery]) -> dict[str, object]:
    """Every indicator of a period, a body, a kind, a governorate, a channel. Small counts are not published."""
    at = clock.now()
    asked = _build_slice(wanted, at)
    return {
        "since": asked.start,
        "until": asked.end,
        "as_of": get_recorded_until(at),
        "version": VERSION,
        "next": None,
        "items": [
            {
                "key": key,
                "value": published.value,
                "n": published.observations,
                "low": published.low,
                "high": published.high,
                "missing": _serialize_text(INDICATORS[key].unavailable_reason),
            }
            for key, value in get_indicator_values(asked).items()
            for published in (get_published_value(value),)
        ],
    }


@api.get(
    "/indicators/definition",
    **document_responses("معنى كل مؤشر ومعادلته وهدفه ومصدره.", DefinitionsOut),
    url_name="indicator-definitions",
    tags=["indicators"],
)
@audience("public")
def list_indicator_definitions(request: HttpRequest) -> dict[str, object]:
    """What each indicator means, its formula, and its target with where that comes from."""
    items = [
        {
            "key": one.key,
            "name": _serialize_text(one.name),
            "means": _serialize_text(one.definition),
            "formula": _serialize_text(one.formula),
            "unit": one.unit,
            "better": one.better,
            "target": one.target,
            "source": _serialize_text(one.source),
            "least": one.min_observations,
        }
        for one in INDICATORS.values()
    ]
    return {"version": VERSION, "suppressed_below": MIN_PUBLISHED_COUNT, "items": items, "next": None}


def _build_slice(wanted: IndicatorsQuery, at: datetime) -> Slice:
    end = wanted.until or get_local_date(at)
    start = wanted.since or end - timedelta(days=DEFAULT_DAYS - 1)
    if start > end:
        raise InvalidInput(FieldError("to", _END_BEFORE_START))
    if (end - start).days >= MAX_DAYS:
        raise InvalidInput(FieldError("from", _PERIOD_TOO_LONG))
    return Slice(
        start, end, entities=get_subtree(wanted.entity) if wanted.entity else None,
        kind=str(wanted.kind) if wanted.kind else None, governorate=wanted.governorate, channel=wanted.channel,
    )  # fmt: skip


def _serialize_text(words: BilingualText | None) -> dict[str, str] | None:
    return words._asdict() if words else None
