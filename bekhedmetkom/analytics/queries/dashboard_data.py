"""The shape of what a decision maker sees at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from ..rules.slices import Slice
from ..rules.totals import IndicatorValue, Totals


@dataclass(frozen=True, slots=True)
class IndicatorComparison:
    """An indicator of `rules.indicators.INDICATORS`, by its key: now, in the days before, and a year ago."""

    key: str
    current: IndicatorValue
    previous: IndicatorValue
    last_year: IndicatorValue


@dataclass(frozen=True, slots=True)
class TrendStep:
    """One day of the trend, or of a long one a week, by its last day."""

    day: date
    totals: Totals  # of what a trend is made of
    waiting: int  # open at the end of the day …
    late: int  # … and of these past their date
    day_count: int = 1

    @property
    def received(self) -> int:
        return self.totals["received"]

    @property
    def answered(self) -> int:
        return self.totals["answered"]


@dataclass(frozen=True, slots=True)
class RankingRow:
    """A body. `place` is None where there is not enough to rank it by; equal ones have one place. `was`: before."""

    entity: int
    rank: int | None
    previous_rank: int | None
    on_time: IndicatorValue
    solved: IndicatorValue
    response: IndicatorValue
    received: int
    answered: int
    waiting: int
    late: int


@dataclass(frozen=True, slots=True)
class GovernorateRow:
    """A governorate."""

    governorate: int
    received: int
    received_before: int
    on_time: IndicatorValue
    solved: IndicatorValue
    waiting: int
    late: int


@dataclass(frozen=True, slots=True)
class TopicRow:
    """A topic and how it moves. `change` is None where it was hardly there before."""

    service: int
    received: int
    received_before: int
    change: float | None  # 0.5: half as many again
    on_time: IndicatorValue
    solved: IndicatorValue


@dataclass(frozen=True, slots=True)
class AgeRow:
    """Open cases that came so many days ago: from `at_least` to `at_most` (None: and longer)."""

    min_days: int
    max_days: int | None
    waiting: int
    late: int


@dataclass(frozen=True, slots=True)
class FlowRow:
    """Cases that one body sent to another."""

    sent_from: int
    sent_to: int
    cases: int


@dataclass(frozen=True, slots=True)
class ChannelRow:
    """By which way cases came."""

    channel: str
    received: int
    share: float


@dataclass(frozen=True, slots=True)
class HourlyCases:
    """What came today hour by hour, against the mean of the same weekday in the eight weeks before."""

    today: Sequence[int]  # 24 numbers
    usual: Sequence[float]


@dataclass(frozen=True, slots=True)
class Dashboard:
    """`at`: when it was asked for; `as_of`: up to when everything that was recorded is in it. `lately`: the last days,
    each by itself, as the trend has them unless it is long."""

    slice: Slice
    requested_at: datetime
    recorded_until: datetime
    figures: Mapping[str, IndicatorComparison]
    trend: Sequence[TrendStep]
    recent_days: Sequence[TrendStep]
    ranking: Sequence[RankingRow]
    governorates: Sequence[GovernorateRow]
    topics: Sequence[TopicRow]
    backlog: Sequence[AgeRow]
    flows: Sequence[FlowRow]
    channels: Sequence[ChannelRow]
    hours: HourlyCases
