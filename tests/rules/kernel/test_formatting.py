"""Dates, times and counts as a person would say them, in both languages."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bekhedmetkom.kernel.clock import AMMAN
from bekhedmetkom.kernel.formatting import (
    BODY,
    CASE,
    DAY,
    HOUR,
    MINUTE,
    PERSON,
    SECOND,
    WORKING_DAY,
    CountedNoun,
    format_arabic_count,
    format_count,
    format_date,
    format_datetime,
    format_days_late,
    format_days_left,
    format_deadline,
    format_in_both_languages,
    format_percentage,
    format_short_date,
    format_time,
    format_time_ago,
    format_timestamp,
    format_working_days,
)
from bekhedmetkom.kernel.text import BilingualText


def amman(day: str, clock: str = "12:00") -> datetime:
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=AMMAN)


NOW = amman("2026-11-24", "14:10")


COUNTED = (DAY, WORKING_DAY, HOUR, MINUTE, CASE, PERSON, BODY)


@pytest.mark.parametrize(
    ("n", "said"),
    [
        (0, "لا أيام، لا أيام عمل، لا ساعات، لا دقائق، لا طلبات، لا أحد، لا جهات"),
        (1, "يوم واحد، يوم عمل واحد، ساعة واحدة، دقيقة واحدة، طلب واحد، شخص واحد، جهة واحدة"),
        (2, "يومان، يوما عمل، ساعتان، دقيقتان، طلبان، شخصان، جهتان"),
        (3, "3 أيام، 3 أيام عمل، 3 ساعات، 3 دقائق، 3 طلبات، 3 أشخاص، 3 جهات"),
        (10, "10 أيام، 10 أيام عمل، 10 ساعات، 10 دقائق، 10 طلبات، 10 أشخاص، 10 جهات"),
        (11, "11 يومًا، 11 يوم عمل، 11 ساعة، 11 دقيقة، 11 طلبًا، 11 شخصًا، 11 جهة"),
        (15, "15 يومًا، 15 يوم عمل، 15 ساعة، 15 دقيقة، 15 طلبًا، 15 شخصًا، 15 جهة"),
        (99, "99 يومًا، 99 يوم عمل، 99 ساعة، 99 دقيقة، 99 طلبًا، 99 شخصًا، 99 جهة"),
        (100, "100 يوم، 100 يوم عمل، 100 ساعة، 100 دقيقة، 100 طلب، 100 شخص، 100 جهة"),
        (101, "101 يوم، 101 يوم عمل، 101 ساعة، 101 دقيقة، 101 طلب، 101 شخص، 101 جهة"),
        (102, "102 يوم، 102 يوم عمل، 102 ساعة، 102 دقيقة، 102 طلب، 102 شخص، 102 جهة"),
        (103, "103 أيام، 103 أيام عمل، 103 ساعات، 103 دقائق، 103 طلبات، 103 أشخاص، 103 جهات"),
        (111, "111 يومًا، 111 يوم عمل، 111 ساعة، 111 دقيقة، 111 طلبًا، 111 شخصًا، 111 جهة"),
        (1240, "1,240 يومًا، 1,240 يوم عمل، 1,240 ساعة، 1,240 دقيقة، 1,240 طلبًا، 1,240 شخصًا، 1,240 جهة"),
        (2000, "2,000 يوم، 2,000 يوم عمل، 2,000 ساعة، 2,000 دقيقة، 2,000 طلب، 2,000 شخص، 2,000 جهة"),
    ],
)
def test_an_arabic_noun_agrees_with_its_number(n: int, said: str) -> None:
    assert "، ".join(format_arabic_count(n, noun) for noun in COUNTED) == said


@pytest.mark.parametrize(
    ("noun", "said"),
    [
        (DAY, "يومين"),
        (WORKING_DAY, "يومي عمل"),
        (HOUR, "ساعتين"),
        (MINUTE, "دقيقتين"),
        (SECOND, "ثانيتين"),
        (CASE, "طلبين"),
        (PERSON, "شخصين"),
        (BODY, "جهتين"),
    ],
)
def test_dual_after_a_preposition(noun: CountedNoun, said: str) -> None:
    assert format_arabic_count(2, noun, after=True) == said
    assert format_arabic_count(3, noun, after=True) == format_arabic_count(3, noun)


@pytest.mark.parametrize(
    ("n", "noun", "said"),
    [
        (0, CASE, "no cases"),
        (1, CASE, "1 case"),
        (2, PERSON, "2 people"),
        (11, WORKING_DAY, "11 working days"),
        (1240, BODY, "1,240 public bodies"),
    ],
)
def test_an_english_noun_agrees_with_its_number(n: int, noun: CountedNoun, said: str) -> None:
    assert format_count(n, noun, "en") == said
    assert format_count(n, noun, "ar") == format_arabic_count(n, noun)


def test_working_days_are_formatted() -> None:
    assert format_in_both_languages(format_working_days, 3) == BilingualText("3 أيام عمل", "3 working days")
    assert format_working_days(2, "ar", after=True) == "يومي عمل"


@pytest.mark.parametrize(
    ("day", "ar", "en"),
    [
        (date(2026, 1, 4), "الأحد 4 كانون الثاني", "Sunday 4 January"),
        (date(2026, 2, 2), "الاثنين 2 شباط", "Monday 2 February"),
        (date(2026, 3, 3), "الثلاثاء 3 آذار", "Tuesday 3 March"),
        (date(2026, 4, 1), "الأربعاء 1 نيسان", "Wednesday 1 April"),
        (date(2026, 5, 7), "الخميس 7 أيار", "Thursday 7 May"),
        (date(2026, 6, 5), "الجمعة 5 حزيران", "Friday 5 June"),
        (date(2026, 7, 4), "السبت 4 تموز", "Saturday 4 July"),
        (date(2026, 8, 30), "الأحد 30 آب", "Sunday 30 August"),
        (date(2026, 9, 1), "الثلاثاء 1 أيلول", "Tuesday 1 September"),
        (date(2026, 10, 31), "السبت 31 تشرين الأول", "Saturday 31 October"),
        (date(2026, 11, 24), "الثلاثاء 24 تشرين الثاني", "Tuesday 24 November"),
        (date(2026, 12, 6), "الأحد 6 كانون الأول", "Sunday 6 December"),
        (datetime(2026, 12, 5, 22, 30, tzinfo=UTC), "الأحد 6 كانون الأول", "Sunday 6 December"),
    ],
)
def test_date_is_formatted(day: date, ar: str, en: str) -> None:
    assert format_in_both_languages(format_date, day) == (ar, en)
    assert format_date(day, "ar", year=True) == f"{ar} 2026"
    assert format_date(day, "en-gb", year=True) == f"{en} 2026"


@pytest.mark.parametrize(
    ("day", "ar", "en"),
    [
        (date(2026, 1, 4), "4 ك2", "4 Jan"),
        (date(2026, 2, 4), "4 شباط", "4 Feb"),
        (date(2026, 9, 4), "4 أيلول", "4 Sep"),
        (date(2026, 10, 4), "4 ت1", "4 Oct"),
        (date(2026, 11, 29), "29 ت2", "29 Nov"),
        (date(2026, 12, 6), "6 ك1", "6 Dec"),
        (datetime(2026, 11, 30, 21, 0, tzinfo=UTC), "1 ك1", "1 Dec"),
    ],
)
def test_short_date_is_formatted(day: date, ar: str, en: str) -> None:
    assert format_in_both_languages(format_short_date, day) == (ar, en)
    assert format_short_date(day, "ar", year=True) == f"{ar} 2026"


@pytest.mark.parametrize(
    ("clock", "ar", "en"),
    [
        ("00:05", "12:05 بعد منتصف الليل", "12:05 am"),
        ("01:00", "1:00 صباحًا", "1:00 am"),
        ("09:12", "9:12 صباحًا", "9:12 am"),
        ("11:59", "11:59 صباحًا", "11:59 am"),
        ("12:00", "12:00 ظهرًا", "12:00 pm"),
        ("13:40", "1:40 ظهرًا", "1:40 pm"),
        ("14:59", "2:59 ظهرًا", "2:59 pm"),
        ("15:30", "3:30 عصرًا", "3:30 pm"),
        ("18:00", "6:00 مساءً", "6:00 pm"),
        ("23:59", "11:59 مساءً", "11:59 pm"),
    ],
)
def test_time_is_formatted(clock: str, ar: str, en: str) -> None:
    at = amman("2026-11-24", clock)

    assert format_in_both_languages(format_time, at) == (ar, en)
    assert format_in_both_languages(format_time, at.astimezone(UTC)) == (ar, en)


def test_datetime_is_formatted() -> None:
    at = datetime(2026, 11, 24, 6, 12, tzinfo=UTC)

    assert format_in_both_languages(format_datetime, at) == (
        "الثلاثاء 24 تشرين الثاني، 9:12 صباحًا",
        "Tuesday 24 November, 9:12 am",
    )
    assert format_datetime(at, "en", year=True) == "Tuesday 24 November 2026, 9:12 am"


@pytest.mark.parametrize(
    ("at", "ar", "en"),
    [
        (amman("2026-11-24", "00:00"), "اليوم 00:00", "today 00:00"),
        (amman("2026-11-24", "13:05"), "اليوم 13:05", "today 13:05"),
        (amman("2026-11-23", "23:59"), "أمس 23:59", "yesterday 23:59"),
        (amman("2026-11-22", "10:40"), "22 ت2، 10:40", "22 Nov, 10:40"),
        (amman("2026-11-25", "08:30"), "25 ت2، 08:30", "25 Nov, 08:30"),
        (amman("2025-11-24", "10:40"), "24 ت2 2025، 10:40", "24 Nov 2025, 10:40"),
    ],
)
def test_timestamp_is_formatted(at: datetime, ar: str, en: str) -> None:
    assert format_in_both_languages(format_timestamp, at, NOW) == (ar, en)


@pytest.mark.parametrize(
    ("then", "ar", "en"),
    [
        (NOW + timedelta(seconds=3), "قبل لحظات", "just now"),
        (NOW, "قبل لحظات", "just now"),
        (NOW - timedelta(seconds=59), "قبل لحظات", "just now"),
        (NOW - timedelta(seconds=60), "قبل دقيقة", "1 minute ago"),
        (NOW - timedelta(minutes=2), "قبل دقيقتين", "2 minutes ago"),
        (NOW - timedelta(minutes=6), "قبل 6 دقائق", "6 minutes ago"),
        (NOW - timedelta(minutes=18), "قبل 18 دقيقة", "18 minutes ago"),
        (NOW - timedelta(minutes=59, seconds=59), "قبل 59 دقيقة", "59 minutes ago"),
        (NOW - timedelta(hours=1), "قبل ساعة", "1 hour ago"),
        (NOW - timedelta(hours=2), "قبل ساعتين", "2 hours ago"),
        (NOW - timedelta(hours=11), "قبل 11 ساعة", "11 hours ago"),
        (amman("2026-11-23", "14:10"), "أمس 14:10", "yesterday 14:10"),
        (amman("2026-11-23", "23:50"), "أمس 23:50", "yesterday 23:50"),
        (amman("2026-11-22", "23:50"), "قبل يومين", "2 days ago"),
        (amman("2026-11-18", "08:00"), "قبل 6 أيام", "6 days ago"),
        (amman("2026-11-17", "20:00"), "17 ت2", "17 Nov"),
        (amman("2025-12-17", "20:00"), "17 ك1 2025", "17 Dec 2025"),
    ],
)
def test_time_ago_is_formatted(then: datetime, ar: str, en: str) -> None:
    assert format_in_both_languages(format_time_ago, then, NOW) == (ar, en)


def test_just_after_midnight_it_is_still_minutes_ago() -> None:
    assert format_time_ago(amman("2026-11-23", "23:50"), amman("2026-11-24", "00:20"), "ar") == "قبل 30 دقيقة"


@pytest.mark.parametrize(
    ("due", "ar", "en"),
    [
        (amman("2026-11-22", "15:30"), "متأخر يومين", "2 days late"),
        (amman("2026-11-23", "15:30"), "متأخر يومًا", "1 day late"),
        (amman("2026-11-24", "14:00"), "متأخر منذ اليوم", "late since today"),
        (amman("2026-11-24", "15:30"), "اليوم قبل 15:30", "today by 15:30"),
        (amman("2026-11-25", "15:30"), "غدًا", "tomorrow"),
        (amman("2026-11-26", "15:30"), "بعد يومين", "in 2 days"),
        (amman("2026-11-30", "15:30"), "بعد 6 أيام", "in 6 days"),
        (amman("2026-12-06", "15:30"), "بعد 12 يومًا", "in 12 days"),
    ],
)
def test_deadline_is_formatted(due: datetime, ar: str, en: str) -> None:
    assert format_in_both_languages(format_deadline, due, NOW) == (ar, en)


@pytest.mark.parametrize(
    ("n", "ar", "en"),
    [
        (0, "اليوم آخر يوم", "last day today"),
        (1, "بقي يوم عمل واحد", "1 working day left"),
        (2, "بقي يوما عمل", "2 working days left"),
        (6, "بقي 6 أيام عمل", "6 working days left"),
        (15, "بقي 15 يوم عمل", "15 working days left"),
    ],
)
def test_days_left(n: int, ar: str, en: str) -> None:
    assert format_in_both_languages(format_days_left, n) == (ar, en)


@pytest.mark.parametrize(
    ("n", "ar", "en"),
    [
        (0, "متأخر منذ اليوم", "late since today"),
        (1, "متأخر يومًا", "1 day late"),
        (2, "متأخر يومين", "2 days late"),
        (3, "متأخر 3 أيام", "3 days late"),
        (15, "متأخر 15 يومًا", "15 days late"),
    ],
)
def test_days_late(n: int, ar: str, en: str) -> None:
    assert format_in_both_languages(format_days_late, n) == (ar, en)


def test_percentage_is_isolated_in_arabic() -> None:
    assert format_percentage(50) == ("\u206650%\u2069", "50%")
