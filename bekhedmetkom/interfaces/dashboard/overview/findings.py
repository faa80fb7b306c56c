"""What each picture shows, in one sentence: the title of its panel, and what a screen reader hears of it."""

from collections.abc import Mapping, Sequence
from datetime import date

from bekhedmetkom.analytics.queries.dashboard_data import (
    AgeRow,
    ChannelRow,
    FlowRow,
    GovernorateRow,
    HourlyCases,
    RankingRow,
    TopicRow,
    TrendStep,
)
from bekhedmetkom.kernel.formatting import (
    BODY,
    CASE,
    CountedNoun,
    format_count,
    format_in_both_languages,
    format_percentage,
    format_short_date,
)
from bekhedmetkom.kernel.text import BilingualText

from ..phrases import are_counts_different, are_shares_different, format_points
from ..trend import TrendPoint, get_first_and_last

NamesById = Mapping[int, BilingualText]
GOVERNORATE = CountedNoun(
    "لا محافظات", "محافظة واحدة", "محافظتان", "محافظتين", "محافظات", "محافظة", "محافظة", "governorate", "governorates",
)  # fmt: skip
FAR_BELOW_TARGET = 0.15  # below the target: what a map's title names
OLD_CASE_DAYS = 30  # days
MIN_COMPARED_CASES = 10  # cases that are usual by now, at least, for today to be compared with
USUAL_DIFFERENCE = 0.05  # more or less than usual, of a hundred
MIN_RISE = 0.1


def describe_ranking(rows: Sequence[RankingRow], target: float) -> BilingualText:
    """How many bodies reached the target."""
    ranked = [row for row in rows if row.rank is not None]
    met = sum(row.on_time.value is not None and row.on_time.value >= target for row in ranked)
    every = len(ranked)
    if not ranked:
        return BilingualText("لا جهة عندها ما يكفي لترتيبها", "No body has enough to be ranked by")
    if every == 1:
        said = BilingualText("بلغت", "reached") if met else BilingualText("لم تبلغ", "did not reach")
        return BilingualText(
            "الجهة الوحيدة المرتّبة {said} الهدف", "The only body that is ranked {said} the target"
        ).format(said=said)
    if met == 0:
        return BilingualText("لم تبلغ الهدف أي جهة من {all}", "None of {all} reached the target").format(
            all=_format_bodies(every)
        )
    if met == every:
        return BilingualText("كل الجهات بلغت الهدف ({all})", "All bodies reached the target ({all})").format(
            all=every
        )
    verb = BilingualText("بلغتا" if met == 2 else "بلغت", "")
    return BilingualText("{met} من {all} {verb} الهدف", "{met} of {all} reached the target").format(
        met=BilingualText(format_count(met, BODY, "ar"), str(met)), all=_format_bodies(every), verb=verb
    )


def _format_bodies(n: int) -> BilingualText:
    return BilingualText(str(n), format_count(n, BODY, "en"))


def describe_trend(
    course: Sequence[TrendPoint], target: float, *, by_week: bool, today: date
) -> BilingualText:
    """How far the share of answers in time moved, and how far the target is from the last point that says something.

    Of which days that is stands in it: of all days the figure beside it says another share.
    """
    ends = get_first_and_last(course)
    if not ends or ends[0].value is None or ends[1].value is None:
        return BilingualText("ما انتهى من المدد لا يكفي لرسم مسار", "Too few terms ended to draw a course")
    by, left = 100 * (ends[1].value - ends[0].value), 100 * (target - ends[1].value)
    if abs(by) < 1 or not are_shares_different(ends[0].indicator_value, ends[1].indicator_value):
        said = BilingualText("الرد في الموعد ثابت", "Answers on time are steady")
    else:
        way = BilingualText("صعد", "rose") if by > 0 else BilingualText("هبط", "fell")
        said = BilingualText("الرد في الموعد {way} {by}", "Answers on time {way} {by}").format(
            way=way, by=format_in_both_languages(format_points, by)
        )
    last = _describe_days(ends[1], by_week, today)
    if left < 0.5:
        return BilingualText("{said}، وبلغ الهدف {last}", "{said}; {last} reached the target").format(
            said=said, last=last
        )
    return BilingualText(
        "{said}، وبقي {left} للهدف {last}", "{said}; {last} fell {left} short of the target"
    ).format(said=said, left=BilingualText(str(max(round(left), 1)), str(max(round(left), 1))), last=last)


def _describe_days(point: TrendPoint, by_week: bool, today: date) -> BilingualText:
    """As an adverb in Arabic, as a subject in English."""
    if point.day == today:
        return (
            BilingualText("في آخر 7 أيام", "the last 7 days") if by_week else BilingualText("اليوم", "today")
        )
    said = (
        BilingualText("في 7 أيام حتى {day}", "the 7 days to {day}")
        if by_week
        else BilingualText("يوم {day}", "{day}")
    )
    return said.format(day=format_in_both_languages(format_short_date, point.day))


def describe_governorates(rows: Sequence[GovernorateRow], names: NamesById, target: float) -> BilingualText:
    """Which governorates are far below the target."""
    line = format_percentage(round(100 * (target - FAR_BELOW_TARGET)))
    known = [row for row in rows if row.on_time.value is not None]
    low = sorted(
        (row for row in known if (row.on_time.value or 0) < target - FAR_BELOW_TARGET),
        key=lambda row: row.on_time.value or 0,
    )
    if not known:
        return BilingualText(
            "ما انتهى في المحافظات لا يكفي لحكم", "Too little ended in any governorate to say"
        )
    if not low:
        return BilingualText("لا محافظة دون {line}", "No governorate below {line}").format(line=line)
    if len(low) <= 2:
        listed = BilingualText(
            " و".join(names[row.governorate].ar for row in low),
            " and ".join(names[row.governorate].en for row in low),
        )
        return BilingualText("{low} دون {line}", "{low} below {line}").format(low=listed, line=line)
    return BilingualText("{n} دون {line}", "{n} below {line}").format(
        n=format_in_both_languages(format_count, len(low), GOVERNORATE), line=line
    )


def count_usual_so_far(hours: HourlyCases, hour: int, minute: int) -> float:
    """What is usual by this time of day: the hours that are over, and of this one as much of it as is."""
    return sum(hours.usual[:hour]) + hours.usual[hour] * minute / 60


def describe_hours(hours: HourlyCases, hour: int, minute: int) -> BilingualText:
    """Whether today is as usual, up to now."""
    came, usual = sum(hours.today), count_usual_so_far(hours, hour, minute)
    if not came and usual < MIN_COMPARED_CASES:
        return BilingualText("لم يصل اليوم طلب", "No case came today")
    if usual < MIN_COMPARED_CASES:
        return BilingualText("وصل اليوم {n}", "{n} came today").format(
            n=format_in_both_languages(format_count, came, CASE)
        )
    by = came / usual - 1
    if abs(by) < USUAL_DIFFERENCE:
        return BilingualText("اليوم كالمعتاد", "Today is as usual")
    more = BilingualText("أكثر", "above") if by > 0 else BilingualText("أقل", "below")
    return BilingualText("اليوم {more} من المعتاد بـ {by}", "Today is {by} {more} the usual").format(
        more=more, by=format_percentage(round(100 * abs(by)))
    )


def has_changed(row: TopicRow) -> bool:
    """Whether it moved, up or down, by more than chance would."""
    return are_counts_different(row.received, row.received_before)


def describe_topics(rows: Sequence[TopicRow], names: NamesById) -> BilingualText:
    """Which topic rises most."""
    rising = [row for row in rows if row.change is not None and row.change >= MIN_RISE and has_changed(row)]
    if not rows:
        return BilingualText("لا موضوع في هذه المدة", "No topic in these days")
    if not rising:
        return BilingualText("لا موضوع يزداد بوضوح", "No topic clearly rises")
    first = max(rising, key=lambda row: row.received - row.received_before)
    return BilingualText("«{name}» زاد {by}", "“{name}” rose by {by}").format(
        name=names[first.service], by=format_percentage(round(100 * (first.change or 0)))
    )


def describe_backlog(rows: Sequence[AgeRow]) -> BilingualText:
    """How much of what is open is old."""
    waiting = sum(row.waiting for row in rows)
    old = sum(row.waiting for row in rows if row.min_days >= OLD_CASE_DAYS)
    if not waiting:
        return BilingualText("لا طلب مفتوح", "Nothing is open")
    if not old:
        return BilingualText("لا مفتوح أقدم من 30 يومًا", "Nothing open is older than 30 days")
    return BilingualText(
        "{share} من المفتوح أقدم من 30 يومًا", "{share} of what is open is older than 30 days"
    ).format(share=_format_percentage(old, waiting))


def describe_flows(rows: Sequence[FlowRow]) -> BilingualText:
    """How much moved between bodies."""
    moved_cases = sum(row.cases for row in rows)
    if not moved_cases:
        return BilingualText("لم يُحَل طلب من جهة إلى أخرى", "No case was referred from one body to another")
    return BilingualText("{n} بين الجهات", "{n} between bodies").format(
        n=BilingualText(
            f"انتقل {format_count(moved_cases, CASE, 'ar')}", f"{format_count(moved_cases, CASE, 'en')} moved"
        )
    )


def describe_channels(rows: Sequence[ChannelRow], names: Mapping[str, BilingualText]) -> BilingualText:
    """By which way most cases come."""
    if not rows:
        return BilingualText("لم يصل طلب في هذه المدة", "No case came in these days")
    first = max(rows, key=lambda row: row.received)
    return BilingualText("{share} من الطلبات وصلت عبر {way}", "{share} of cases came by: {way}").format(
        share=format_percentage(round(100 * first.share)), way=names[first.channel]
    )


def describe_workload(days: Sequence[TrendStep], opened_with: float | None) -> BilingualText:
    """What became of what is open in these days: at the end of the last, against the evening before the first."""
    if len(days) < 2 or opened_with is None:
        return BilingualText("الوارد والردود", "Received and answered")
    by = days[-1].waiting - round(opened_with)
    if by == 0:
        return BilingualText("المفتوح كما كان", "As much is open as was")
    cases = format_in_both_languages(lambda n, language: format_count(n, CASE, language, after=True), abs(by))
    way = BilingualText("زاد", "more") if by > 0 else BilingualText("نقص", "fewer")
    return BilingualText("المفتوح {way} {n}", "{n} {way} open").format(way=way, n=cases)


def _format_percentage(part: int, whole: int) -> BilingualText:
    """A share that is there is never said to be nothing."""
    return format_percentage(max(round(100 * part / whole), 1))
