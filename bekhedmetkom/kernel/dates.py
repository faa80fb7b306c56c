"""Dates, times and counts as a person would say them, in Arabic and in English.

Levantine months, Western digits, nouns that agree with their number; a moment is said in Jordan's time.
`language` is "ar" or "en"; `in_both` gives what any of these functions says in both.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import NamedTuple

from .clock import AMMAN, local_day
from .words import Words

_MONTHS = (
    Words("كانون الثاني", "January"),
    Words("شباط", "February"),
    Words("آذار", "March"),
    Words("نيسان", "April"),
    Words("أيار", "May"),
    Words("حزيران", "June"),
    Words("تموز", "July"),
    Words("آب", "August"),
    Words("أيلول", "September"),
    Words("تشرين الأول", "October"),
    Words("تشرين الثاني", "November"),
    Words("كانون الأول", "December"),
)
_WEEKDAYS = (
    Words("الاثنين", "Monday"),
    Words("الثلاثاء", "Tuesday"),
    Words("الأربعاء", "Wednesday"),
    Words("الخميس", "Thursday"),
    Words("الجمعة", "Friday"),
    Words("السبت", "Saturday"),
    Words("الأحد", "Sunday"),
)


class Noun(NamedTuple):
    """What can be counted: as Arabic counts (none, one, two, 3-10, 11-99, whole hundreds), then in English.

    `two_after` is the dual after a preposition or as an object: يومان, but خلال يومين.
    """

    zero: str
    one: str
    two: str
    two_after: str
    few: str
    many: str
    hundred: str
    en_one: str
    en_several: str


SECOND = Noun("لا ثواني", "ثانية واحدة", "ثانيتان", "ثانيتين", "ثوانٍ", "ثانية", "ثانية", "second", "seconds")
MINUTE = Noun("لا دقائق", "دقيقة واحدة", "دقيقتان", "دقيقتين", "دقائق", "دقيقة", "دقيقة", "minute", "minutes")
HOUR = Noun("لا ساعات", "ساعة واحدة", "ساعتان", "ساعتين", "ساعات", "ساعة", "ساعة", "hour", "hours")
DAY = Noun("لا أيام", "يوم واحد", "يومان", "يومين", "أيام", "يومًا", "يوم", "day", "days")
WORKING_DAY = Noun(
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
CASE = Noun("لا طلبات", "طلب واحد", "طلبان", "طلبين", "طلبات", "طلبًا", "طلب", "case", "cases")
NEW_CASE = Noun(
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
PERSON = Noun("لا أحد", "شخص واحد", "شخصان", "شخصين", "أشخاص", "شخصًا", "شخص", "person", "people")
BODY = Noun("لا جهات", "جهة واحدة", "جهتان", "جهتين", "جهات", "جهة", "جهة", "public body", "public bodies")


def in_both(say: Callable[..., str], *things: object) -> Words:
    """What `say` says of these things, in both languages: `in_both(say_date, due)`."""
    return Words(say(*things, "ar"), say(*things, "en"))


def counted(n: int, noun: Noun, *, after: bool = False) -> str:
    """A number with its noun in Arabic; `after` a preposition, or as an object (خلال يومين)."""
    match n, n % 100:
        case 0, _:
            return noun.zero
        case 1, _:
            return noun.one
        case 2, _:
            return noun.two_after if after else noun.two
        case _, 0 | 1 | 2:
            return f"{n:,} {noun.hundred}"
        case _, last if last <= 10:
            return f"{n:,} {noun.few}"
        case _:
            return f"{n:,} {noun.many}"


def say_count(n: int, noun: Noun, language: str, *, after: bool = False) -> str:
    """`counted` in Arabic; "1,240 cases", "1 case", "no cases" in English."""
    if not _english(language):
        return counted(n, noun, after=after)
    return f"{n:,} {noun.en_one}" if n == 1 else f"{n:,} {noun.en_several}" if n else f"no {noun.en_several}"


def say_working_days(n: int, language: str, *, after: bool = False) -> str:
    """How long a promise is: "3 أيام عمل", "15 يوم عمل"; "3 working days"."""
    return say_count(n, WORKING_DAY, language, after=after)


def say_share(per_cent: int) -> Words:
    """50%, isolated in Arabic, where a bare sign is drawn on the wrong side of its number."""
    return Words(f"\u2066{per_cent}%\u2069", f"{per_cent}%")


def say_date(day: date, language: str, year: bool = False) -> str:
    """A day with its weekday: "الأحد 6 كانون الأول", "Sunday 6 December"."""
    day = _day(day)
    said = f"{_WEEKDAYS[day.weekday()].in_(language)} {day.day} {_MONTHS[day.month - 1].in_(language)}"
    return f"{said} {day.year}" if year else said


def short_date(day: date, language: str, year: bool = False) -> str:
    """A day in a list: "29 ت2", "29 Nov"."""
    day = _day(day)
    month = _MONTHS[day.month - 1].in_(language)
    said = f"{day.day} {month[:3] if _english(language) else _shortened(month)}"
    return f"{said} {day.year}" if year else said


def say_month(day: date, language: str) -> str:
    """The month of a day, with its year: "تشرين الأول 2026", "October 2026"."""
    return f"{_MONTHS[day.month - 1].in_(language)} {day.year}"


def say_time(at: datetime, language: str) -> str:
    """The time of day: "9:12 صباحًا", "9:12 am"."""
    local = at.astimezone(AMMAN)
    return f"{local.hour % 12 or 12}:{local:%M} {_part_of_day(local.hour).in_(language)}"


def say_moment(at: datetime, language: str, year: bool = False) -> str:
    """Day and time in full: "الثلاثاء 24 تشرين الثاني، 9:12 صباحًا", "Tuesday 24 November, 9:12 am"."""
    return f"{say_date(at, language, year)}{_comma(language)} {say_time(at, language)}"


def say_stamp(at: datetime, now: datetime, language: str) -> str:
    """When, in a list or a journal: "اليوم 13:05", "أمس 14:10", "29 ت2، 10:40"."""
    clock = f"{at.astimezone(AMMAN):%H:%M}"
    match _days_between(at, now):
        case 0:
            return f"{Words('اليوم', 'today').in_(language)} {clock}"
        case 1:
            return f"{Words('أمس', 'yesterday').in_(language)} {clock}"
        case _:
            return f"{_short_date_seen_from(at, now, language)}{_comma(language)} {clock}"


def say_ago(then: datetime, now: datetime, language: str) -> str:
    """How long ago: "قبل 18 دقيقة", "قبل ساعتين", "أمس 14:10", "قبل 3 أيام", and after a week the date."""
    passed, days = now - then, _days_between(then, now)
    if passed < timedelta(minutes=1):
        return Words("قبل لحظات", "just now").in_(language)
    if passed < timedelta(hours=1):
        return _ago(passed // timedelta(minutes=1), MINUTE, language)
    if days == 0:
        return _ago(passed // timedelta(hours=1), HOUR, language)
    if days == 1:
        return say_stamp(then, now, language)
    return _ago(days, DAY, language) if days < 7 else _short_date_seen_from(then, now, language)


def say_due(due: datetime, now: datetime, language: str) -> str:
    """A deadline in a list, in calendar days: "اليوم قبل 15:30", "غدًا", "بعد 6 أيام", "متأخر يومين"."""
    days = _days_between(now, due)
    if due < now:
        return say_days_late(-days, language)
    if days == 0:
        return f"{Words('اليوم قبل', 'today by').in_(language)} {due.astimezone(AMMAN):%H:%M}"
    if days == 1:
        return Words("غدًا", "tomorrow").in_(language)
    return f"{Words('بعد', 'in').in_(language)} {say_count(days, DAY, language, after=True)}"


def say_days_left(n: int, language: str) -> str:
    """Working days until a deadline: "بقي 3 أيام عمل", "3 working days left"; 0: this is the last day."""
    if n == 0:
        return Words("اليوم آخر يوم", "last day today").in_(language)
    days = say_working_days(n, language)
    return f"{days} left" if _english(language) else f"بقي {days}"


def say_days_late(n: int, language: str) -> str:
    """Days since a deadline: "متأخر يومين", "2 days late"; 0: it passed today."""
    if n == 0:
        return Words("متأخر منذ اليوم", "late since today").in_(language)
    if _english(language):
        return f"{say_count(n, DAY, language)} late"
    return f"متأخر {DAY.many if n == 1 else counted(n, DAY, after=True)}"


def _english(language: str) -> bool:
    return language.startswith("en")


def _comma(language: str) -> str:
    return Words("،", ",").in_(language)


def _day(day: date) -> date:
    """The day itself; of a moment, the day it is in Jordan."""
    return local_day(day) if isinstance(day, datetime) else day


def _days_between(a: datetime, b: datetime) -> int:
    return (local_day(b) - local_day(a)).days


def _shortened(month: str) -> str:
    """Levantine months of two words are written as letter and number: تشرين الثاني is ت2."""
    name, _, which = month.partition(" ")
    return f"{name[0]}{1 if which == 'الأول' else 2}" if which else name


def _short_date_seen_from(at: datetime, now: datetime, language: str) -> str:
    return short_date(at, language, year=local_day(at).year != local_day(now).year)


def _ago(n: int, noun: Noun, language: str) -> str:
    if _english(language):
        return f"{say_count(n, noun, language)} ago"
    return f"قبل {noun.hundred if n == 1 else counted(n, noun, after=True)}"


def _part_of_day(hour: int) -> Words:
    if hour == 0:
        return Words("بعد منتصف الليل", "am")
    if hour < 12:
        return Words("صباحًا", "am")
    if hour < 15:
        return Words("ظهرًا", "pm")
    return Words("عصرًا" if hour < 18 else "مساءً", "pm")
