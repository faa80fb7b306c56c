"""Figures as people read them: 84.2%, 3.1 days, +1.6, «not enough»."""

from datetime import date

from bekhedmetkom.analytics.rules.indicators import Better, Indicator, Unit
from bekhedmetkom.analytics.rules.totals import Z_95, IndicatorValue
from bekhedmetkom.kernel.formatting import CountedNoun, format_count, format_short_date
from bekhedmetkom.kernel.text import BilingualText

NOT_ENOUGH = BilingualText("لا يكفي", "Not enough")
DAYS_UNIT = BilingualText("يوم", "days")
POINT = CountedNoun("لا نقاط", "نقطة واحدة", "نقطتان", "نقطتين", "نقاط", "نقطة", "نقطة", "point", "points")
ANSWER = CountedNoun(
    "لا أجوبة", "جواب واحد", "جوابان", "جوابين", "أجوبة", "جوابًا", "جواب", "answer", "answers"
)


def format_percentage(share: float, digits: int = 1) -> str:
    """84.2%; whoever writes it among Arabic words isolates it (`isolated`). What is there is never 0%."""
    if not digits and 0 < share < 0.005:
        digits = 1
    return f"{100 * share:.{digits}f}%"


def isolate_number(figure: str) -> BilingualText:
    """The same, kept in its own direction in Arabic, where a bare sign is drawn on the wrong side of its number."""
    return BilingualText(f"\u2066{figure}\u2069", figure)


def format_value(indicator: Indicator, value: float) -> str:
    """The number with its sign; the unit of days and stars stands beside it."""
    match indicator.unit:
        case Unit.SHARE:
            return format_percentage(value)
        case Unit.COUNT:
            return f"{value:,.0f}"
        case Unit.DAYS | Unit.STARS:
            return f"{value:,.1f}"


def get_unit_label(indicator: Indicator) -> BilingualText | None:
    """What stands beside the number; nothing where the number says it."""
    match indicator.unit:
        case Unit.DAYS:
            return DAYS_UNIT
        case Unit.STARS:
            return BilingualText("من 5", "of 5")
        case _:
            return None


def format_target(indicator: Indicator) -> str:
    """The target as short as it is set: 90%, 3.0, 4.0."""
    if indicator.target is None:
        return ""
    return (
        format_percentage(indicator.target, 0)
        if indicator.unit is Unit.SHARE
        else format_value(indicator, indicator.target)
    )


def compute_change(indicator: Indicator, now: IndicatorValue, before: IndicatorValue) -> float | None:
    """How far it moved, in points of a hundred for shares, in days or stars, in parts of what it was for counts."""
    if now.value is None or before.value is None:
        return None
    if indicator.unit is Unit.COUNT:
        return (now.value - before.value) / before.value if before.value else None
    return (now.value - before.value) * (100 if indicator.unit is Unit.SHARE else 1)


def are_shares_different(a: IndicatorValue, b: IndicatorValue) -> bool:
    """Whether two shares differ by more than chance would, in 95 of a hundred; of little hardly anything does."""
    if a.value is None or b.value is None:
        return False
    together = (a.value * a.observations + b.value * b.observations) / (a.observations + b.observations)
    chance = together * (1 - together) * (1 / a.observations + 1 / b.observations)
    return (a.value - b.value) ** 2 > Z_95**2 * chance


def are_counts_different(now: int, before: int) -> bool:
    """The same of two counts."""
    return (now - before) ** 2 > Z_95**2 * (now + before)


def format_change(indicator: Indicator, change: float) -> str:
    """+1.6 (points), −0.4 (days), +13% (of a count)."""
    if indicator.unit is Unit.COUNT:
        return format_signed(100 * change, 0) + "%"
    return format_signed(change, 1)


def format_signed(value: float, digits: int) -> str:
    """With its sign, a true minus among them; nothing is 0."""
    said = f"{abs(value):,.{digits}f}"
    if float(said.replace(",", "")) == 0:
        return said
    return f"{'+' if value > 0 else '−'}{said}"


def get_change_class(indicator: Indicator, change: float, now: IndicatorValue, before: IndicatorValue) -> str:
    """Whether that is good: "ok", "bad", or "faint" where it is neither, hardly moved, or may be chance."""
    if indicator.unit is Unit.SHARE and not are_shares_different(now, before):
        return "faint"
    if indicator.better is Better.NEITHER or abs(change) < (0.005 if indicator.unit is Unit.COUNT else 0.05):
        return "faint"
    return "ok" if (change > 0) == (indicator.better is Better.HIGHER) else "bad"


def format_interval(reading: IndicatorValue, language: str) -> str:
    """Where a share lies with 95 in a hundred."""
    if reading.low is None or reading.high is None:
        return ""
    said = BilingualText("بين {low} و{high}", "between {low} and {high}").format(
        low=isolate_number(format_percentage(reading.low)),
        high=isolate_number(format_percentage(reading.high)),
    )
    return said.in_language(language)


def format_period(start: date, end: date, language: str, year: int) -> str:
    """From which day to which, the year where it is another."""
    said = [format_short_date(day, language, year=day.year != year) for day in (start, end)]
    if start == end:
        return said[0]
    return BilingualText("{0} إلى {1}", "{0} to {1}").in_language(language).format(*said)


def format_points(n: float, language: str) -> str:
    """So many points, as an object: «صعد 7 نقاط»."""
    return format_count(round(abs(n)), POINT, language, after=True)
