"""How the bodies answer people, for everybody: every indicator of a slice, and what each means."""

from datetime import datetime, timedelta

from django.http import HttpRequest
from ninja import Query

from bekhedmetkom.entities.queries import subtree
from bekhedmetkom.insight.queries.board import as_of
from bekhedmetkom.insight.queries.indicators import figures
from bekhedmetkom.insight.rules.indicators import INDICATORS, VERSION
from bekhedmetkom.insight.rules.publishing import SMALLEST, published
from bekhedmetkom.insight.rules.slices import Slice
from bekhedmetkom.interfaces.audience import audience
from bekhedmetkom.kernel import clock
from bekhedmetkom.kernel.clock import local_day
from bekhedmetkom.kernel.errors import FieldError, Invalid
from bekhedmetkom.kernel.words import Words

from . import problems
from .api import api
from .openapi import answers
from .schemas.indicators import DefinitionsOut, IndicatorsOut, IndicatorsWanted

USUAL_DAYS, MOST_DAYS = 30, 1100

_WRONG_WAY = Words("نهاية المدة قبل بدايتها.", "The period ends before it begins.")
_TOO_LONG = Words("المدة ثلاث سنوات على الأكثر.", "A period has three years at most.")


@api.get(
    "/indicators",
    **answers(
        "مؤشرات خدمة المواطن لمدة وجهة ونوع ومحافظة وطريقة وصول. الأعداد الصغيرة لا تُنشر.",
        IndicatorsOut,
        problems.INVALID,
    ),
    url_name="indicators",
    tags=["indicators"],
    by_alias=True,
)
@audience("public")
def indicators(request: HttpRequest, wanted: Query[IndicatorsWanted]) -> dict[str, object]:
    """Every indicator of a period, a body, a kind, a governorate, a channel. Small counts are not published."""
    at = clock.now()
    asked = _slice(wanted, at)
    return {
        "since": asked.start, "until": asked.end, "as_of": as_of(at), "version": VERSION, "next": None,
        "items": [
            {"key": key, **published(reading)._asdict(), "missing": _said(INDICATORS[key].missing)}
            for key, reading in figures(asked).items()
        ],
    }  # fmt: skip


@api.get(
    "/indicators/definition",
    **answers("معنى كل مؤشر ومعادلته وهدفه ومصدره.", DefinitionsOut),
    url_name="indicator-definitions",
    tags=["indicators"],
)
@audience("public")
def definitions(request: HttpRequest) -> dict[str, object]:
    """What each indicator means, its formula, and its target with where that comes from."""
    items = [
        {
            "key": one.key, "name": _said(one.name), "means": _said(one.means), "formula": _said(one.formula),
            "unit": one.unit, "better": one.better, "target": one.target, "source": _said(one.source),
            "least": one.least,
        }
        for one in INDICATORS.values()
    ]  # fmt: skip
    return {"version": VERSION, "suppressed_below": SMALLEST, "items": items, "next": None}


def _slice(wanted: IndicatorsWanted, at: datetime) -> Slice:
    end = wanted.until or local_day(at)
    start = wanted.since or end - timedelta(days=USUAL_DAYS - 1)
    if start > end:
        raise Invalid(FieldError("to", _WRONG_WAY))
    if (end - start).days >= MOST_DAYS:
        raise Invalid(FieldError("from", _TOO_LONG))
    return Slice(
        start, end, entities=subtree(wanted.entity) if wanted.entity else None,
        kind=str(wanted.kind) if wanted.kind else None, governorate=wanted.governorate, channel=wanted.channel,
    )  # fmt: skip


def _said(words: Words | None) -> dict[str, str] | None:
    return words._asdict() if words else None
