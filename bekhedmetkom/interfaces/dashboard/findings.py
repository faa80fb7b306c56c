"""What each picture shows, in one sentence: the title of its panel, and what a screen reader hears of it."""

from collections.abc import Mapping, Sequence
from datetime import date

from bekhedmetkom.insight.queries.shape import Age, ChannelRow, Flow, Hours, PlaceRow, Ranked, Step, TopicRow
from bekhedmetkom.kernel.dates import BODY, CASE, Noun, in_both, say_count, say_share, short_date
from bekhedmetkom.kernel.words import Words

from .course import Point, moved
from .saying import differ, more_than_chance, points

Named = Mapping[int, Words]
GOVERNORATE = Noun(
    "لا محافظات", "محافظة واحدة", "محافظتان", "محافظتين", "محافظات", "محافظة", "محافظة", "governorate", "governorates",
)  # fmt: skip
FAR = 0.15  # below the target: what a map's title names
OLD = 30  # days
COMPARED = 10  # cases that are usual by now, at least, for today to be compared with
AS_USUAL = 0.05  # more or less than usual, of a hundred
RISES = 0.1


def of_ranking(rows: Sequence[Ranked], target: float) -> Words:
    """How many bodies reached the target."""
    ranked = [row for row in rows if row.place is not None]
    met = sum(row.on_time.value is not None and row.on_time.value >= target for row in ranked)
    every = len(ranked)
    if not ranked:
        return Words("لا جهة عندها ما يكفي لترتيبها", "No body has enough to be ranked by")
    if every == 1:
        said = Words("بلغت", "reached") if met else Words("لم تبلغ", "did not reach")
        return Words(
            "الجهة الوحيدة المرتّبة {said} الهدف", "The only body that is ranked {said} the target"
        ).filled(said=said)
    if met == 0:
        return Words("لم تبلغ الهدف أي جهة من {all}", "None of {all} reached the target").filled(
            all=_bodies_of(every)
        )
    if met == every:
        return Words("كل الجهات بلغت الهدف ({all})", "All bodies reached the target ({all})").filled(
            all=every
        )
    verb = Words("بلغتا" if met == 2 else "بلغت", "")
    return Words("{met} من {all} {verb} الهدف", "{met} of {all} reached the target").filled(
        met=Words(say_count(met, BODY, "ar"), str(met)), all=_bodies_of(every), verb=verb
    )


def _bodies_of(n: int) -> Words:
    return Words(str(n), say_count(n, BODY, "en"))


def of_trend(course: Sequence[Point], target: float, *, by_week: bool, today: date) -> Words:
    """How far the share of answers in time moved, and how far the target is from the last point that says something.

    Of which days that is stands in it: of all days the figure beside it says another share.
    """
    ends = moved(course)
    if not ends or ends[0].value is None or ends[1].value is None:
        return Words("ما انتهى من المدد لا يكفي لرسم مسار", "Too few terms ended to draw a course")
    by, left = 100 * (ends[1].value - ends[0].value), 100 * (target - ends[1].value)
    if abs(by) < 1 or not differ(ends[0].reading, ends[1].reading):
        said = Words("الرد في الموعد ثابت", "Answers on time are steady")
    else:
        way = Words("صعد", "rose") if by > 0 else Words("هبط", "fell")
        said = Words("الرد في الموعد {way} {by}", "Answers on time {way} {by}").filled(
            way=way, by=in_both(points, by)
        )
    last = _days_of(ends[1], by_week, today)
    if left < 0.5:
        return Words("{said}، وبلغ الهدف {last}", "{said}; {last} reached the target").filled(
            said=said, last=last
        )
    return Words("{said}، وبقي {left} للهدف {last}", "{said}; {last} fell {left} short of the target").filled(
        said=said, left=Words(str(max(round(left), 1)), str(max(round(left), 1))), last=last
    )


def _days_of(point: Point, by_week: bool, today: date) -> Words:
    """As an adverb in Arabic, as a subject in English."""
    if point.day == today:
        return Words("في آخر 7 أيام", "the last 7 days") if by_week else Words("اليوم", "today")
    said = Words("في 7 أيام حتى {day}", "the 7 days to {day}") if by_week else Words("يوم {day}", "{day}")
    return said.filled(day=in_both(short_date, point.day))


def of_places(rows: Sequence[PlaceRow], names: Named, target: float) -> Words:
    """Which governorates are far below the target."""
    line = say_share(round(100 * (target - FAR)))
    known = [row for row in rows if row.on_time.value is not None]
    low = sorted(
        (row for row in known if (row.on_time.value or 0) < target - FAR), key=lambda row: row.on_time.value or 0
    )  # fmt: skip
    if not known:
        return Words("ما انتهى في المحافظات لا يكفي لحكم", "Too little ended in any governorate to say")
    if not low:
        return Words("لا محافظة دون {line}", "No governorate below {line}").filled(line=line)
    if len(low) <= 2:
        listed = Words(
            " و".join(names[row.governorate].ar for row in low),
            " and ".join(names[row.governorate].en for row in low),
        )
        return Words("{low} دون {line}", "{low} below {line}").filled(low=listed, line=line)
    return Words("{n} دون {line}", "{n} below {line}").filled(
        n=in_both(say_count, len(low), GOVERNORATE), line=line
    )


def so_far(hours: Hours, hour: int, minute: int) -> float:
    """What is usual by this time of day: the hours that are over, and of this one as much of it as is."""
    return sum(hours.usual[:hour]) + hours.usual[hour] * minute / 60


def of_hours(hours: Hours, hour: int, minute: int) -> Words:
    """Whether today is as usual, up to now."""
    came, usual = sum(hours.today), so_far(hours, hour, minute)
    if not came and usual < COMPARED:
        return Words("لم يصل اليوم طلب", "No case came today")
    if usual < COMPARED:
        return Words("وصل اليوم {n}", "{n} came today").filled(n=in_both(say_count, came, CASE))
    by = came / usual - 1
    if abs(by) < AS_USUAL:
        return Words("اليوم كالمعتاد", "Today is as usual")
    more = Words("أكثر", "above") if by > 0 else Words("أقل", "below")
    return Words("اليوم {more} من المعتاد بـ {by}", "Today is {by} {more} the usual").filled(
        more=more, by=say_share(round(100 * abs(by)))
    )


def rises(row: TopicRow) -> bool:
    """Whether it moved, up or down, by more than chance would."""
    return more_than_chance(row.received, row.before)


def of_topics(rows: Sequence[TopicRow], names: Named) -> Words:
    """Which topic rises most."""
    rising = [row for row in rows if row.change is not None and row.change >= RISES and rises(row)]
    if not rows:
        return Words("لا موضوع في هذه المدة", "No topic in these days")
    if not rising:
        return Words("لا موضوع يزداد بوضوح", "No topic clearly rises")
    first = max(rising, key=lambda row: row.received - row.before)
    return Words("«{name}» زاد {by}", "“{name}” rose by {by}").filled(
        name=names[first.service], by=say_share(round(100 * (first.change or 0)))
    )


def of_backlog(rows: Sequence[Age]) -> Words:
    """How much of what is open is old."""
    waiting = sum(row.waiting for row in rows)
    old = sum(row.waiting for row in rows if row.at_least >= OLD)
    if not waiting:
        return Words("لا طلب مفتوح", "Nothing is open")
    if not old:
        return Words("لا مفتوح أقدم من 30 يومًا", "Nothing open is older than 30 days")
    return Words(
        "{share} من المفتوح أقدم من 30 يومًا", "{share} of what is open is older than 30 days"
    ).filled(share=_of_a_hundred(old, waiting))


def of_flows(rows: Sequence[Flow]) -> Words:
    """How much moved between bodies."""
    moved_cases = sum(row.cases for row in rows)
    if not moved_cases:
        return Words("لم يُحَل طلب من جهة إلى أخرى", "No case was referred from one body to another")
    return Words("{n} بين الجهات", "{n} between bodies").filled(
        n=Words(f"انتقل {say_count(moved_cases, CASE, 'ar')}", f"{say_count(moved_cases, CASE, 'en')} moved")
    )


def of_channels(rows: Sequence[ChannelRow], names: Mapping[str, Words]) -> Words:
    """By which way most cases come."""
    if not rows:
        return Words("لم يصل طلب في هذه المدة", "No case came in these days")
    first = max(rows, key=lambda row: row.received)
    return Words("{share} من الطلبات وصلت عبر {way}", "{share} of cases came by: {way}").filled(
        share=say_share(round(100 * first.share)), way=names[first.channel]
    )


def of_work(days: Sequence[Step], opened_with: float | None) -> Words:
    """What became of what is open in these days: at the end of the last, against the evening before the first."""
    if len(days) < 2 or opened_with is None:
        return Words("الوارد والردود", "Received and answered")
    by = days[-1].waiting - round(opened_with)
    if by == 0:
        return Words("المفتوح كما كان", "As much is open as was")
    cases = in_both(lambda n, language: say_count(n, CASE, language, after=True), abs(by))
    way = Words("زاد", "more") if by > 0 else Words("نقص", "fewer")
    return Words("المفتوح {way} {n}", "{n} {way} open").filled(way=way, n=cases)


def _of_a_hundred(part: int, whole: int) -> Words:
    """A share that is there is never said to be nothing."""
    return say_share(max(round(100 * part / whole), 1))
