"""Formatting of dates, times and counts in Arabic and English.

Levantine month names, Western digits, nouns that agree with their number, Jordan's time zone. `language` is "ar" or
"en"; `format_in_both_languages` calls any of these functions for both.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import NamedTuple

from .clock import AMMAN, get_local_date
from .text import BilingualText

_MONTHS = (
    BilingualText("كانون الثاني", "January"),
    BilingualText("شباط", "February"),
    BilingualText("آذار", "March"),
    BilingualText("نيسان", "April"),
    BilingualText("أيار", "May"),
    BilingualText("حزيران", "June"),
    BilingualText("تموز", "July"),
    BilingualText("آب", "August"),
    BilingualText("أيلول", "September"),
    BilingualText("تشرين الأول", "October"),
    BilingualText("تشرين الثاني", "November"),
    BilingualText("كانون الأول", "December"),
)
_WEEKDAYS = (
    BilingualText("الاثنين", "Monday"),
    BilingualText("الثلاثاء", "Tuesday"),
    BilingualText("الأربعاء", "Wednesday"),
    BilingualText("الخميس", "Thursday"),
    BilingualText("الجمعة", "Friday"),
    BilingualText("السبت", "Saturday"),
    BilingualText("الأحد", "Sunday"),
)


class CountedNoun(NamedTuple):
    """Forms of a noun by Arabic number (none, one, two, 3-10, 11-99, whole hundreds), then in English.

    `two_oblique` is the dual after a preposition or as an object: يومان, but خلال يومين.
    """

    zero: str
    one: str
    two: str
    two_oblique: str
    few: str
    many: str
    hundred: str
    en_singular: str
    en_plural: str


SECOND = CountedNoun(
    "لا ثواني", "ثانية واحدة", "ثانيتان", "ثانيتين", "ثوانٍ", "ثانية", "ثانية", "second", "seconds"
)
MINUTE = CountedNoun(
    "لا دقائق", "دقيقة واحدة", "دقيقتان", "دقيقتين", "دقائق", "دقيقة", "دقيقة", "minute", "minutes"
)
HOUR = CountedNoun("لا ساعات", "ساعة واحدة", "ساعتان", "ساعتين", "ساعات", "ساعة", "ساعة", "hour", "hours")
DAY = CountedNoun("لا أيام", "يوم واحد", "يومان", "يومين", "أيام", "يومًا", "يوم", "day", "days")
WORKING_DAY = CountedNoun(
    "لا أيام عمل",
    "يوم عمل واحد",
    "يوما عمل",
    "يومي عمل",
    "أيام عمل",
    "يوم عمل",
    "يوم عمل",
    "working day",
    "working days",
)
CASE = CountedNoun("لا طلبات", "طلب واحد", "طلبان", "طلبين", "طلبات", "طلبًا", "طلب", "case", "cases")
NEW_CASE = CountedNoun(
    "لا طلبات جديدة",
    "طلب جديد",
    "طلبان جديدان",
    "طلبين جديدين",
    "طلبات جديدة",
    "طلبًا جديدًا",
    "طلب جديد",
    "new case",
    "new cases",
)
PERSON = CountedNoun("لا أحد", "شخص واحد", "شخصان", "شخصين", "أشخاص", "شخصًا", "شخص", "person", "people")
BODY = CountedNoun(
    "لا جهات", "جهة واحدة", "جهتان", "جهتين", "جهات", "جهة", "جهة", "public body", "public bodies"
)


def format_in_both_languages(formatter: Callable[..., str], *values: object) -> BilingualText:
    """Call `formatter` for both languages: `format_in_both_languages(format_date, due)`."""
    return BilingualText(formatter(*values, "ar"), formatter(*values, "en"))


def format_arabic_count(n: int, noun: CountedNoun, *, after: bool = False) -> str:
    """Return a number with its noun in Arabic; `after` a preposition or as an object (خلال يومين)."""
    match n, n % 100:
        case 0, _:
            return noun.zero
        case 1, _:
            return noun.one
        case 2, _:
            return noun.two_oblique if after else noun.two
        case _, 0 | 1 | 2:
            return f"{n:,} {noun.hundred}"
        case _, last if last <= 10:
            return f"{n:,} {noun.few}"
        case _:
            return f"{n:,} {noun.many}"


def format_count(n: int, noun: CountedNoun, language: str, *, after: bool = False) -> str:
    """Return a number with its noun: "1,240 cases", "1 case", "no cases"; in Arabic as `format_arabic_count`."""
    if not _is_english(language):
        return format_arabic_count(n, noun, after=after)
    return (
        f"{n:,} {noun.en_singular}" if n == 1 else f"{n:,} {noun.en_plural}" if n else f"no {noun.en_plural}"
    )


def format_working_days(n: int, language: str, *, after: bool = False) -> str:
    """Return a number of working days: "3 أيام عمل", "15 يوم عمل"; "3 working days"."""
    return format_count(n, WORKING_DAY, language, after=after)


def format_percentage(per_cent: int) -> BilingualText:
    """Return "50%"; in Arabic with directional isolates, so that the sign stays on the right side of the number."""
    return BilingualText(f"\u2066{per_cent}%\u2069", f"{per_cent}%")


def format_date(day: date, language: str, year: bool = False) -> str:
    """A day with its weekday: "الأحد 6 كانون الأول", "Sunday 6 December"."""
    day = _get_date(day)
    text = f"{_WEEKDAYS[day.weekday()].in_language(language)} {day.day} {_MONTHS[day.month - 1].in_language(language)}"
    return f"{text} {day.year}" if year else text


def format_short_date(day: date, language: str, year: bool = False) -> str:
    """A day in a list: "29 ت2", "29 Nov"."""
    day = _get_date(day)
    month = _MONTHS[day.month - 1].in_language(language)
    text = f"{day.day} {month[:3] if _is_english(language) else _shorten_month(month)}"
    return f"{text} {day.year}" if year else text


def format_month(day: date, language: str) -> str:
    """The month of a day, with its year: "تشرين الأول 2026", "October 2026"."""
    return f"{_MONTHS[day.month - 1].in_language(language)} {day.year}"


def format_time(at: datetime, language: str) -> str:
    """The time of day: "9:12 صباحًا", "9:12 am"."""
    local = at.astimezone(AMMAN)
    return f"{local.hour % 12 or 12}:{local:%M} {_get_part_of_day(local.hour).in_language(language)}"


def format_datetime(at: datetime, language: str, year: bool = False) -> str:
    """Day and time in full: "الثلاثاء 24 تشرين الثاني، 9:12 صباحًا", "Tuesday 24 November, 9:12 am"."""
    return f"{format_date(at, language, year)}{_get_comma(language)} {format_time(at, language)}"


def format_timestamp(at: datetime, now: datetime, language: str) -> str:
    """A moment in a list or a journal: "اليوم 13:05", "أمس 14:10", "29 ت2، 10:40"."""
    clock = f"{at.astimezone(AMMAN):%H:%M}"
    match _count_days_between(at, now):
        case 0:
            return f"{BilingualText('اليوم', 'today').in_language(language)} {clock}"
        case 1:
            return f"{BilingualText('أمس', 'yesterday').in_language(language)} {clock}"
        case _:
            return f"{_format_short_date_relative_to(at, now, language)}{_get_comma(language)} {clock}"


def format_time_ago(then: datetime, now: datetime, language: str) -> str:
    """How long ago: "قبل 18 دقيقة", "قبل ساعتين", "أمس 14:10", "قبل 3 أيام", and after a week the date."""
    passed, days = now - then, _count_days_between(then, now)
    if passed < timedelta(minutes=1):
        return BilingualText("قبل لحظات", "just now").in_language(language)
    if passed < timedelta(hours=1):
        return _format_ago(passed // timedelta(minutes=1), MINUTE, language)
    if days == 0:
        return _format_ago(passed // timedelta(hours=1), HOUR, language)
    if days == 1:
        return format_timestamp(then, now, language)
    return (
        _format_ago(days, DAY, language) if days < 7 else _format_short_date_relative_to(then, now, language)
    )


def format_deadline(due: datetime, now: datetime, language: str) -> str:
    """A deadline in a list, in calendar days: "اليوم قبل 15:30", "غدًا", "بعد 6 أيام", "متأخر يومين"."""
    days = _count_days_between(now, due)
    if due < now:
        return format_days_late(-days, language)
    if days == 0:
        return f"{BilingualText('اليوم قبل', 'today by').in_language(language)} {due.astimezone(AMMAN):%H:%M}"
    if days == 1:
        return BilingualText("غدًا", "tomorrow").in_language(language)
    return (
        f"{BilingualText('بعد', 'in').in_language(language)} {format_count(days, DAY, language, after=True)}"
    )


def format_days_left(n: int, language: str) -> str:
    """Working days until a deadline: "بقي 3 أيام عمل", "3 working days left"; 0: this is the last day."""
    if n == 0:
        return BilingualText("اليوم آخر يوم", "last day today").in_language(language)
    days = format_working_days(n, language)
    return f"{days} left" if _is_english(language) else f"بقي {days}"


def format_days_late(n: int, language: str) -> str:
    """Days since a deadline: "متأخر يومين", "2 days late"; 0: it passed today."""
    if n == 0:
        return BilingualText("متأخر منذ اليوم", "late since today").in_language(language)
    if _is_english(language):
        return f"{format_count(n, DAY, language)} late"
    return f"متأخر {DAY.many if n == 1 else format_arabic_count(n, DAY, after=True)}"


def _is_english(language: str) -> bool:
    return language.startswith("en")


def _get_comma(language: str) -> str:
    return BilingualText("،", ",").in_language(language)


def _get_date(day: date) -> date:
    """Return the date itself, or the date of a moment in Jordan."""
    return get_local_date(day) if isinstance(day, datetime) else day


def _count_days_between(a: datetime, b: datetime) -> int:
    return (get_local_date(b) - get_local_date(a)).days


def _shorten_month(month: str) -> str:
    """Levantine months of two words are written as letter and number: تشرين الثاني is ت2."""
    name, _, which = month.partition(" ")
    return f"{name[0]}{1 if which == 'الأول' else 2}" if which else name


def _format_short_date_relative_to(at: datetime, now: datetime, language: str) -> str:
    return format_short_date(at, language, year=get_local_date(at).year != get_local_date(now).year)


def _format_ago(n: int, noun: CountedNoun, language: str) -> str:
    if _is_english(language):
        return f"{format_count(n, noun, language)} ago"
    return f"قبل {noun.hundred if n == 1 else format_arabic_count(n, noun, after=True)}"


def _get_part_of_day(hour: int) -> BilingualText:
    if hour == 0:
        return BilingualText("بعد منتصف الليل", "am")
    if hour < 12:
        return BilingualText("صباحًا", "am")
    if hour < 15:
        return BilingualText("ظهرًا", "pm")
    return BilingualText("عصرًا" if hour < 18 else "مساءً", "pm")
