"""Figures as people read them: 84.2%, 3.1 days, +1.6, «not enough»."""

from datetime import date

from bekhedmetkom.insight.rules.indicators import Better, Indicator, Unit
from bekhedmetkom.insight.rules.totals import Reading, Z
from bekhedmetkom.kernel.formatting import CountedNoun, format_count, format_short_date
from bekhedmetkom.kernel.text import BilingualText

NOT_ENOUGH = BilingualText("لا يكفي", "Not enough")
DAY_LATELY = BilingualText("يوم", "days")
POINT = CountedNoun("لا نقاط", "نقطة واحدة", "نقطتان", "نقطتين", "نقاط", "نقطة", "نقطة", "point", "points")
ANSWER = CountedNoun(
    "لا أجوبة", "جواب واحد", "جوابان", "جوابين", "أجوبة", "جوابًا", "جواب", "answer", "answers"
)


def percent(share: float, digits: int = 1) -> str:
    """84.2%; whoever writes it among Arabic words isolates it (`isolated`). What is there is never 0%."""
    if not digits and 0 < share < 0.005:
        digits = 1
    return f"{100 * share:.{digits}f}%"


def isolated(figure: str) -> BilingualText:
    """The same, kept in its own direction in Arabic, where a bare sign is drawn on the wrong side of its number."""
    return BilingualText(f"\u2066{figure}\u2069", figure)


def value_of(indicator: Indicator, value: float) -> str:
    """The number with its sign; the unit of days and stars stands beside it."""
    match indicator.unit:
        case Unit.SHARE:
            return percent(value)
        case Unit.COUNT:
            return f"{value:,.0f}"
        case Unit.DAYS | Unit.STARS:
            return f"{value:,.1f}"


def unit_of(indicator: Indicator) -> BilingualText | None:
    """What stands beside the number; nothing where the number says it."""
    match indicator.unit:
        case Unit.DAYS:
            return DAY_LATELY
        case Unit.STARS:
            return BilingualText("من 5", "of 5")
        case _:
            return None


def target_of(indicator: Indicator) -> str:
    """The target as short as it is set: 90%, 3.0, 4.0."""
    if indicator.target is None:
        return ""
    return (
        percent(indicator.target, 0)
        if indicator.unit is Unit.SHARE
        else value_of(indicator, indicator.target)
    )


def change_of(indicator: Indicator, now: Reading, before: Reading) -> float | None:
    """How far it moved, in points of a hundred for shares, in days or stars, in parts of what it was for counts."""
    if now.value is None or before.value is None:
        return None
    if indicator.unit is Unit.COUNT:
        return (now.value - before.value) / before.value if before.value else None
    return (now.value - before.value) * (100 if indicator.unit is Unit.SHARE else 1)


def differ(a: Reading, b: Reading) -> bool:
    """Whether two shares differ by more than chance would, in 95 of a hundred; of little hardly anything does."""
    if a.value is None or b.value is None:
        return False
    together = (a.value * a.n + b.value * b.n) / (a.n + b.n)
    chance = together * (1 - together) * (1 / a.n + 1 / b.n)
    return (a.value - b.value) ** 2 > Z**2 * chance


def more_than_chance(now: int, before: int) -> bool:
    """The same of two counts."""
    return (now - before) ** 2 > Z**2 * (now + before)


def said_change(indicator: Indicator, change: float) -> str:
    """+1.6 (points), −0.4 (days), +13% (of a count)."""
    if indicator.unit is Unit.COUNT:
        return signed(100 * change, 0) + "%"
    return signed(change, 1)


def signed(value: float, digits: int) -> str:
    """With its sign, a true minus among them; nothing is 0."""
    said = f"{abs(value):,.{digits}f}"
    if float(said.replace(",", "")) == 0:
        return said
    return f"{'+' if value > 0 else '−'}{said}"


def turn(indicator: Indicator, change: float, now: Reading, before: Reading) -> str:
    """Whether that is good: "ok", "bad", or "faint" where it is neither, hardly moved, or may be chance."""
    if indicator.unit is Unit.SHARE and not differ(now, before):
        return "faint"
    if indicator.better is Better.NEITHER or abs(change) < (0.005 if indicator.unit is Unit.COUNT else 0.05):
        return "faint"
    return "ok" if (change > 0) == (indicator.better is Better.HIGHER) else "bad"


def between(reading: Reading, language: str) -> str:
    """Where a share lies with 95 in a hundred."""
    if reading.low is None or reading.high is None:
        return ""
    said = BilingualText("بين {low} و{high}", "between {low} and {high}").filled(
        low=isolated(percent(reading.low)), high=isolated(percent(reading.high))
    )
    return said.in_(language)


def days_said(start: date, end: date, language: str, year: int) -> str:
    """From which day to which, the year where it is another."""
    said = [format_short_date(day, language, year=day.year != year) for day in (start, end)]
    if start == end:
        return said[0]
    return BilingualText("{0} إلى {1}", "{0} to {1}").in_(language).format(*said)


def points(n: float, language: str) -> str:
    """So many points, as an object: «صعد 7 نقاط»."""
    return format_count(round(abs(n)), POINT, language, after=True)
