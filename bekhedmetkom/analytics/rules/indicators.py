"""Each indicator once: its name, what it means, how it is worked out, and what is aimed at.

Page, API and docs/indicators.md read this table and nothing else.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from bekhedmetkom.kernel.text import BilingualText

from .measures import Histogram
from .totals import IndicatorValue, Totals, build_count, build_share

VERSION = 1  # of all formulas together; raised when one of them changes
MIN_OBSERVATIONS = 30  # what people say is not shown as a share below so many of them
MIN_RATINGS = 10  # groups of people below this size are not told apart
SECONDS_PER_DAY = 86_400.0


class Unit(StrEnum):
    COUNT = "count"
    SHARE = "share"  # 0 to 1
    DAYS = "days"
    STARS = "stars"


class Better(StrEnum):
    HIGHER = "higher"
    LOWER = "lower"
    NEITHER = "neither"


@dataclass(frozen=True, slots=True)
class Indicator:
    """`least`: below so many observations the value is not shown. `missing`: why it cannot be worked out yet."""

    key: str
    name: BilingualText
    definition: BilingualText
    formula: BilingualText
    unit: Unit
    better: Better
    compute: Callable[[Totals], IndicatorValue]
    target: float | None = None
    source: BilingualText | None = None
    min_observations: int = 0
    unavailable_reason: BilingualText | None = None

    def get_value(self, totals: Totals) -> IndicatorValue:
        """What it is for these sums: without a value where nothing was observed, or not enough to say."""
        reading = self.compute(totals)
        return (
            IndicatorValue(None, reading.observations)
            if reading.observations < self.min_observations
            else reading
        )


_PLATFORM_TARGET = BilingualText(
    "هدف المنصة الأول، بانتظار قرار", "The platform's first target, until one is decided"
)
_PUBLISHED_TERMS = BilingualText(
    "مدد الرد المعلنة: كل رد موعود بيومه", "The published terms: each answer is promised by its day"
)


def _build_share(part: str, *whole: str) -> Callable[[Totals], IndicatorValue]:
    def read(totals: Totals) -> IndicatorValue:
        of = totals.sums.get  # a board asks a thousand times
        return build_share(of(part, 0), sum([of(name, 0) for name in whole]))

    return read


def _build_count(measure: str) -> Callable[[Totals], IndicatorValue]:
    return lambda totals: build_count(totals[measure])


def _build_duration(histogram: Histogram, part: float) -> Callable[[Totals], IndicatorValue]:
    def read(totals: Totals) -> IndicatorValue:
        value = totals.get_quantile(histogram, part)
        return IndicatorValue(
            None if value is None else value / SECONDS_PER_DAY, totals.count_observations(histogram)
        )

    return read


def _compute_term_used(totals: Totals) -> IndicatorValue:
    value = totals.get_quantile(Histogram.TERM_USED, 0.5)
    return IndicatorValue(
        None if value is None else value / 1000, totals.count_observations(Histogram.TERM_USED)
    )


def _compute_upheld(totals: Totals) -> IndicatorValue:
    upheld = totals["upheld"] + totals["partly"]
    return build_share(upheld, upheld + totals["rejected"])


def _compute_stars(totals: Totals) -> IndicatorValue:
    n = totals["stars_n"]
    return IndicatorValue(totals["stars_sum"] / n if n else None, n)


def _compute_capped_share(part: int, whole: int) -> IndicatorValue:
    """Where what is said in the period may be about what came before it: never more than all."""
    return build_share(min(part, whole), whole)


def _get_no_value(_: Totals) -> IndicatorValue:
    return IndicatorValue(None, 0)


_COUNT, _SHARE, _HIGHER, _LOWER, _NEITHER = (
    Unit.COUNT,
    Unit.SHARE,
    Better.HIGHER,
    Better.LOWER,
    Better.NEITHER,
)
_HISTOGRAM_NOTE = BilingualText(" من مدرّج تكراري، في حدود 7 بالمئة", " from a histogram, within 7 per cent")

_INDICATORS = (
    Indicator(
        "received",
        BilingualText("الواردة", "Received"),
        BilingualText("الطلبات التي وصلت في المدة، بكل الطرق.", "Cases that came in the period, by any way."),
        BilingualText("عدد ما سُجّل", "number of cases registered"),
        _COUNT,
        _NEITHER,
        _build_count("received"),
    ),
    Indicator(
        "open",
        BilingualText("المفتوحة", "Open"),
        BilingualText(
            "طلبات بلا رد نهائي في آخر يوم من المدة.",
            "Cases without an answer at the end of the period's last day.",
        ),
        BilingualText(
            "ما دخل ناقص ما خرج منذ البداية", "all that came less all that left, since the beginning"
        ),
        _COUNT,
        _LOWER,
        lambda totals: build_count(totals.waiting),
    ),
    Indicator(
        "overdue",
        BilingualText("المتأخرة", "Overdue"),
        BilingualText(
            "طلبات مفتوحة تجاوزت الموعد الذي وُعد به أصحابها.", "Open cases past their promised date."
        ),
        BilingualText(
            "ما تجاوز موعده ناقص ما خرج من التأخر", "all that became late less all that is late no more"
        ),
        _COUNT,
        _LOWER,
        lambda totals: build_count(totals.late),
    ),
    Indicator(
        "overdue_share",
        BilingualText("نسبة المتأخر من المفتوح", "Overdue among open"),
        BilingualText(
            "كم من الطلبات المفتوحة تجاوز موعده.", "How many of the open cases are past their date."
        ),
        BilingualText("المتأخرة ÷ المفتوحة", "overdue ÷ open"),
        _SHARE,
        _LOWER,
        lambda totals: build_share(totals.late, totals.waiting),
        0.0,
        _PUBLISHED_TERMS,
    ),
    Indicator(
        "answered",
        BilingualText("الردود", "Answered"),
        BilingualText(
            "ردود الجهات التي خرجت إلى أصحاب الطلبات.", "Answers of bodies that went out to citizens."
        ),
        BilingualText("عدد الردود", "number of answers"),
        _COUNT,
        _NEITHER,
        _build_count("answered"),
    ),
    Indicator(
        "resolved",
        BilingualText("ما قال أصحابه: حُلّ", "Resolved, by the citizen's word"),
        BilingualText(
            "ردود كان آخر قول أصحابها: حُلّت.", "Answers of which the citizen's last word was: solved."
        ),
        BilingualText("عدد «نعم»", "number of yes"),
        _COUNT,
        _NEITHER,
        _build_count("yes"),
    ),
    Indicator(
        "appealed",
        BilingualText("الاعتراضات", "Appealed"),
        BilingualText("اعتراضات وصلت في المدة.", "Appeals that came in the period."),
        BilingualText("عدد الاعتراضات", "number of appeals"),
        _COUNT,
        _LOWER,
        _build_count("appealed"),
    ),
    Indicator(
        "on_time",
        BilingualText("ردود وصلت في موعدها", "Answered on time"),
        BilingualText(
            "من المدد التي انتهت: كم انتهى برد في موعده.",
            "Of the terms that ended, how many ended with an answer in time.",
        ),
        BilingualText("في موعدها ÷ (في موعدها + فات موعدها)", "kept ÷ (kept + missed)"),
        _SHARE,
        _HIGHER,
        _build_share("kept", "kept", "missed"),
        0.9,
        _PLATFORM_TARGET,
        MIN_OBSERVATIONS,
    ),
    Indicator(
        "appeals_on_time",
        BilingualText("اعتراضات حُسمت في موعدها", "Appeals decided on time"),
        BilingualText(
            "من مدد الاعتراض التي انتهت: كم حُسم في موعده.",
            "Of the terms of appeals that ended, how many were decided in time.",
        ),
        BilingualText("في موعدها ÷ (في موعدها + فات موعدها)", "kept ÷ (kept + missed)"),
        _SHARE,
        _HIGHER,
        _build_share("appeal_kept", "appeal_kept", "appeal_missed"),
        0.9,
        _PLATFORM_TARGET,
        MIN_OBSERVATIONS,
    ),
    Indicator(
        "solved",
        BilingualText("قال أصحابها: حُلّت", "Solved, citizens say"),
        BilingualText(
            "ممن أجاب عن السؤال «هل حُلّت؟» آخر قوله نعم.",
            "Of those who said whether it was solved, how many last said yes.",
        ),
        BilingualText("نعم ÷ (نعم + لا)", "yes ÷ (yes + no)"),
        _SHARE,
        _HIGHER,
        _build_share("yes", "yes", "no"),
        0.75,
        _PLATFORM_TARGET,
        MIN_OBSERVATIONS,
    ),
    Indicator(
        "response",
        BilingualText("نسبة من أجاب", "Response rate"),
        BilingualText(
            "كم من الردود قال فيه صاحب الطلب هل حُلّت مشكلته.",
            "To how many answers the citizen said whether it was solved.",
        ),
        BilingualText("(نعم + لا) ÷ الردود", "(yes + no) ÷ answers"),
        _SHARE,
        _HIGHER,
        lambda totals: _compute_capped_share(totals["yes"] + totals["no"], totals["answered"]),
        min_observations=MIN_OBSERVATIONS,
    ),
    Indicator(
        "stars",
        BilingualText("الرضا", "Satisfaction"),
        BilingualText("متوسط النجوم، من 1 إلى 5.", "Mean of the stars, 1 to 5."),
        BilingualText("مجموع النجوم ÷ عدد من أعطاها", "sum of stars ÷ how many gave them"),
        Unit.STARS,
        _HIGHER,
        _compute_stars,
        4.0,
        _PLATFORM_TARGET,
        MIN_OBSERVATIONS,
    ),
    Indicator(
        "first_p50",
        BilingualText("وسيط زمن أول رد", "Time to the first answer, median"),
        BilingualText(
            "نصف الطلبات جاءها أول رد في هذه الأيام أو أقل، بأيام التقويم.",
            "Half of all cases had their first answer within so many days, of the calendar.",
        ),
        BilingualText(
            "وسيط (أول رد − الوصول)،" + _HISTOGRAM_NOTE.ar,
            "median of (first answer − receipt)," + _HISTOGRAM_NOTE.en,
        ),
        Unit.DAYS,
        _LOWER,
        _build_duration(Histogram.FIRST_ANSWER_TIME, 0.5),
        3.0,
        _PLATFORM_TARGET,
        MIN_OBSERVATIONS,
    ),
    Indicator(
        "first_p90",
        BilingualText("زمن أول رد لتسعة من عشرة", "Time to the first answer, nine in ten"),
        BilingualText(
            "تسعة من عشرة طلبات جاءها أول رد في هذه الأيام أو أقل.",
            "Nine in ten cases had their first answer within so many days.",
        ),
        BilingualText(
            "المئين 90 (أول رد − الوصول)،" + _HISTOGRAM_NOTE.ar,
            "90th percentile of (first answer − receipt)," + _HISTOGRAM_NOTE.en,
        ),
        Unit.DAYS,
        _LOWER,
        _build_duration(Histogram.FIRST_ANSWER_TIME, 0.9),
        min_observations=MIN_OBSERVATIONS,
    ),
    Indicator(
        "solved_p50",
        BilingualText("وسيط زمن الحل", "Time to resolution, median"),
        BilingualText("من الوصول إلى أن قال صاحبه: حُلّت.", "From receipt until the citizen said: solved."),
        BilingualText(
            "وسيط («نعم» − الوصول)،" + _HISTOGRAM_NOTE.ar, "median of (yes − receipt)," + _HISTOGRAM_NOTE.en
        ),
        Unit.DAYS,
        _LOWER,
        _build_duration(Histogram.RESOLUTION_TIME, 0.5),
        min_observations=MIN_OBSERVATIONS,
    ),
    Indicator(
        "solved_p90",
        BilingualText("زمن الحل لتسعة من عشرة", "Time to resolution, nine in ten"),
        BilingualText(
            "تسعة من عشرة حُلّت في هذه الأيام أو أقل.", "Nine in ten were solved within so many days."
        ),
        BilingualText(
            "المئين 90 («نعم» − الوصول)،" + _HISTOGRAM_NOTE.ar,
            "90th percentile of (yes − receipt)," + _HISTOGRAM_NOTE.en,
        ),
        Unit.DAYS,
        _LOWER,
        _build_duration(Histogram.RESOLUTION_TIME, 0.9),
        min_observations=MIN_OBSERVATIONS,
    ),
    Indicator(
        "term_used",
        BilingualText("ما استُعمل من المدة", "Term used"),
        BilingualText(
            "وسيط ما أخذه الرد من المدة الموعودة؛ فوق 1: بعد الموعد.",
            "Median share of the promised term that the answer took; above 1: after the date.",
        ),
        BilingualText(
            "وسيط ((الرد − بداية المدة) ÷ المدة)،" + _HISTOGRAM_NOTE.ar,
            "median of ((answer − start of term) ÷ term)," + _HISTOGRAM_NOTE.en,
        ),
        _SHARE,
        _LOWER,
        _compute_term_used,
        min_observations=MIN_OBSERVATIONS,
    ),
    Indicator(
        "upheld",
        BilingualText("اعتراضات ثبتت", "Appeals upheld"),
        BilingualText(
            "من الاعتراضات التي حُسمت: كم ثبت كله أو بعضه.",
            "Of the appeals that were decided, how many were upheld, wholly or partly.",
        ),
        BilingualText("(ثبت + ثبت بعضه) ÷ ما حُسم", "(upheld + partly) ÷ decided"),
        _SHARE,
        _LOWER,
        _compute_upheld,
        min_observations=MIN_OBSERVATIONS,
    ),
    Indicator(
        "first_right",
        BilingualText("وصل إلى جهته من أول مرة", "First routing right"),
        BilingualText(
            "طلبات أُجيبت أول مرة بلا إحالة ولا إعادة.", "Cases first answered without a referral or a return."
        ),
        BilingualText("بلا إحالة ÷ أول الردود", "without referral ÷ first answers"),
        _SHARE,
        _HIGHER,
        _build_share("first_right", "first_answers"),
        min_observations=MIN_OBSERVATIONS,
    ),
    Indicator(
        "referred",
        BilingualText("الإحالات", "Referred"),
        BilingualText("طلبات أحالتها الجهة إلى غيرها.", "Cases that a body sent on to another."),
        BilingualText("عدد الإحالات", "number of referrals"),
        _COUNT,
        _NEITHER,
        _build_count("referred"),
    ),
    Indicator(
        "wrote",
        BilingualText("رسائل المواطنين", "Messages of citizens"),
        BilingualText(
            "رسائل كتبها أصحاب الطلبات في طلباتهم.", "Messages that citizens wrote in their cases."
        ),
        BilingualText("عدد الرسائل", "number of messages"),
        _COUNT,
        _NEITHER,
        _build_count("wrote"),
    ),
    Indicator(
        "raised_minister",
        BilingualText("وصلت إلى الوزير", "Raised to the minister"),
        BilingualText(
            "مرات رُفع فيها طلب إلى الوزير، بالوقت أو بيد موظف.",
            "How often a case was raised to the minister, by time or by an officer.",
        ),
        BilingualText("عدد الرفع", "number of times"),
        _COUNT,
        _LOWER,
        _build_count("raised_minister"),
    ),
    Indicator(
        "adopted",
        BilingualText("اقتراحات اعتُمدت", "Suggestions adopted"),
        BilingualText("اقتراحات قالت الجهة إنها اعتمدتها.", "Suggestions that the body said it adopted."),
        BilingualText("عدد ما اعتُمد", "number adopted"),
        _COUNT,
        _HIGHER,
        _build_count("adopted"),
    ),
    Indicator(
        "fulfilled",
        BilingualText("وعود أُنجزت", "Promises kept"),
        BilingualText(
            "من الأعمال الموعودة في المدة: ما أُنجز فيها.",
            "Actions fulfilled in the period, against those promised in it.",
        ),
        BilingualText("أُنجز ÷ وُعد به", "fulfilled ÷ promised"),
        _SHARE,
        _HIGHER,
        lambda totals: _compute_capped_share(totals["fulfilled"], totals["committed"]),
        min_observations=MIN_OBSERVATIONS,
    ),
    Indicator(
        "centres",
        BilingualText("تقييم مراكز الخدمة", "Service-centre ratings"),
        BilingualText("ما قاله زوار المراكز.", "What visitors of the centres said."),
        BilingualText("متوسط النجوم", "mean of stars"),
        Unit.STARS,
        _HIGHER,
        _get_no_value,
        unavailable_reason=BilingualText(
            "تقييم المراكز لم يبدأ على المنصة بعد.", "The platform does not ask about service centres yet."
        ),
    ),
    Indicator(
        "per_100000",
        BilingualText("لكل 100,000 نسمة", "Per 100,000 inhabitants"),
        BilingualText("الواردة منسوبة إلى عدد السكان.", "Cases received against the number of inhabitants."),
        BilingualText("الواردة × 100,000 ÷ السكان", "received × 100,000 ÷ inhabitants"),
        _COUNT,
        _NEITHER,
        _get_no_value,
        unavailable_reason=BilingualText(
            "عدد سكان المحافظات ليس في الدليل بعد.", "The directory has no numbers of inhabitants yet."
        ),
    ),
    Indicator(
        "by_sex",
        BilingualText("بحسب الجنس", "By sex"),
        BilingualText("المؤشرات منفصلة للنساء والرجال.", "The indicators for women and men apart."),
        BilingualText("—", "—"),
        _COUNT,
        _NEITHER,
        _get_no_value,
        unavailable_reason=BilingualText("المنصة لا تسأل أحدًا عن جنسه.", "The platform asks nobody's sex."),
    ),
)

INDICATORS: Mapping[str, Indicator] = {indicator.key: indicator for indicator in _INDICATORS}


APP_STORES = [
    ("google", "Google Play"),
    ("apple", "App Store"),
    ("huawei", "AppGallery"),
]  # as they call themselves


def _build_usage_count(measure: str) -> Callable[[Totals], IndicatorValue]:
    return lambda totals: build_count(totals[measure])


_USAGE_ONLY = (
    Indicator(
        "visits",
        BilingualText("زيارات المتابعة", "Visits to tracking"),
        BilingualText(
            "كم مرة فُتحت صفحات الطلبات عند أصحابها. نعدّ الفتح، ولا نعرف من فتح.",
            "How often citizens opened the pages of their cases. Openings are counted, not who opened.",
        ),
        BilingualText("عدد مرات الفتح", "number of openings"),
        Unit.COUNT,
        Better.NEITHER,
        _build_usage_count("visits"),
    ),
    Indicator(
        "subscribed",
        BilingualText("اشتراكات الإشعارات", "Push subscriptions"),
        BilingualText(
            "أجهزة اشتركت في إشعارات طلب في المدة وما زالت مشتركة.",
            "Devices that subscribed to a case in the period, and still are.",
        ),
        BilingualText("عدد الأجهزة", "number of devices"),
        Unit.COUNT,
        Better.NEITHER,
        _build_usage_count("subscribed"),
    ),
    Indicator(
        "downloads",
        BilingualText("تنزيلات التطبيق", "Downloads of the app"),
        BilingualText(
            "كما تقولها المتاجر، للأشهر التي تقع كلها في المدة؛ تُدخل باليد مع مصدرها.",
            "As the stores report them, of months wholly in the period; entered by hand with their source.",
        ),
        BilingualText("مجموع ما أُدخل", "sum of what was entered"),
        Unit.COUNT,
        Better.NEITHER,
        _build_usage_count("downloads"),
    ),
)

# In the order of the page; two of them are figures of the board too.
USAGE_INDICATORS: Mapping[str, Indicator] = {
    one.key: one for one in (*_USAGE_ONLY[:1], INDICATORS["wrote"], INDICATORS["response"], *_USAGE_ONLY[1:])
}
ALL_INDICATORS: Mapping[str, Indicator] = {**INDICATORS, **USAGE_INDICATORS}
