"""What comes in: when, from whom, by which channel, about what. As uneven as it is in life."""

from bisect import bisect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, cached_property
from itertools import accumulate
from random import Random

from bekhedmetkom.catalogue.queries import Topic, find_service_by_code
from bekhedmetkom.catalogue.rules import Handling, Kind
from bekhedmetkom.entities.queries import GovernorateRecord, get_governorates, get_tree, get_working_calendar
from bekhedmetkom.entities.tree import Body
from bekhedmetkom.kernel.clock import AMMAN

from .placeholders import Placeholders
from .text_bank import SubmissionText, TextBank

HOUR = timedelta(hours=1)
DEMO_DAYS = 90  # of the past that the demonstration covers

# People of each governorate in thousands, roughly; where cases come from.
_POPULATION = {
    "GOV-AM": 4700,
    "GOV-IR": 2100,
    "GOV-ZA": 1600,
    "GOV-BA": 580,
    "GOV-MA": 650,
    "GOV-KA": 370,
    "GOV-JA": 280,
    "GOV-MD": 220,
    "GOV-AQ": 220,
    "GOV-AJ": 210,
    "GOV-MN": 185,
    "GOV-AT": 115,
}
# Which body serves a governorate, for topics that each place has at a body of its own.
_SERVING_BODIES: Mapping[str, Mapping[str, str]] = {
    "water": dict.fromkeys(("GOV-AM", "GOV-ZA", "GOV-MD", "GOV-BA"), "MIYAH")
    | dict.fromkeys(("GOV-IR", "GOV-JA", "GOV-AJ", "GOV-MA"), "YWC") | {"GOV-AQ": "AWC"},
    "electricity": dict.fromkeys(("GOV-AM", "GOV-ZA", "GOV-MD", "GOV-BA"), "JEPCO")
    | dict.fromkeys(("GOV-IR", "GOV-JA", "GOV-AJ", "GOV-MA"), "IDECO")
    | dict.fromkeys(("GOV-KA", "GOV-AT", "GOV-MN", "GOV-AQ"), "EDCO"),
}  # fmt: skip
CHANNEL_WEIGHTS = {
    "portal": 47,
    "callcentre": 17,
    "messenger": 13,
    "api": 9,
    "kiosk": 6,
    "open311": 5,
    "counter": 3,
}
WEEKDAY_WEIGHTS = (1.0, 1.05, 1.0, 0.95, 0.45, 0.5, 1.1)  # Monday to Sunday
HOUR_WEIGHTS = (
    1,
    0.6,
    0.4,
    0.3,
    0.3,
    0.6,
    1.2,
    3,
    6,
    9,
    10,
    10,
    9.5,
    8,
    7,
    6,
    5.5,
    5.5,
    6,
    6.5,
    7,
    6,
    4,
    2,
)  # by hour
_HOLIDAY_WEIGHT = 0.5


@dataclass(frozen=True, slots=True)
class Arrival:
    """One person's matter as it comes in. `body` is whose it really is."""

    at: datetime
    submission_text: SubmissionText
    topic: Topic
    body: Body
    place: GovernorateRecord | None
    channel: str
    particulars: Mapping[str, str]
    withheld: bool
    placeholders: Placeholders


class ArrivalGenerator:
    """Draws what comes in. The same for the same `Random`. What the directory says is asked once."""

    def __init__(self, bank: TextBank, now: datetime) -> None:
        self.bank, self.now = bank, now
        self.bodies, self.topic = get_tree(), cache(find_service_by_code)
        self.by_code = {place.code: place for place in get_governorates().values()}
        self.texts = [text for text in bank.texts if self._has_known_topic(text)]
        self.cumulative_weights = list(accumulate(text.weight for text in self.texts))
        self.channels = list(CHANNEL_WEIGHTS), list(accumulate(CHANNEL_WEIGHTS.values()))
        self.cumulative_population = list(_POPULATION), list(accumulate(_POPULATION.values()))

    def draw_times(self, count: int, slice_: tuple[float, float], random: Random) -> list[datetime]:
        """So many moments, in order, in a slice (from 0 to 1) of all that comes in before now."""
        hours, sums = self._hours
        start, end = (share * sums[-1] for share in slice_)
        drawn = sorted(random.uniform(start, end) for _ in range(count))
        found = [hours[min(bisect(sums, share), len(hours) - 1)] for share in drawn]
        return sorted(hour + random.random() * HOUR for hour in found)

    def draw_arrival(self, at: datetime, random: Random) -> Arrival:
        written = self.texts[bisect(self.cumulative_weights, random.random() * self.cumulative_weights[-1])]
        place, topic = self._choose_topic(written, random)
        body = self.bodies[topic.entity]
        governorate = place.code if place else "GOV-AM"
        blanks = Placeholders(self.bank, written.language, governorate, body.name, at, random)
        if body.code.startswith("MUN-"):
            blanks.set_town(body.name)
        withheld = (
            topic.handling is not Handling.OPEN or written.kind is Kind.VIOLATION or random.random() < 0.06
        )
        channel = random.choices(self.channels[0], cum_weights=self.channels[1])[0]
        return Arrival(
            at, written, topic, body, place, channel, self._draw_particulars(written, topic, channel, blanks, random),
            withheld, blanks,
        )  # fmt: skip

    @cached_property
    def _hours(self) -> tuple[Sequence[datetime], Sequence[float]]:
        """The full hours of the time covered, and the running sum of how much comes in."""
        last = self.now.replace(minute=0, second=0, microsecond=0) - HOUR
        hours = [last - step * HOUR for step in reversed(range(DEMO_DAYS * 24))]
        return hours, list(accumulate(self._get_weight(hour) for hour in hours))

    def _get_weight(self, hour: datetime) -> float:
        local = hour.astimezone(AMMAN)
        holiday = local.weekday() not in (4, 5) and not get_working_calendar().is_open_day(local.date())
        return (
            WEEKDAY_WEIGHTS[local.weekday()] * HOUR_WEIGHTS[local.hour] * (_HOLIDAY_WEIGHT if holiday else 1)
        )

    def _has_known_topic(self, written: SubmissionText) -> bool:
        return any(":" in topic or self.topic(topic) for topic in written.topics)

    def _choose_topic(
        self, written: SubmissionText, random: Random
    ) -> tuple[GovernorateRecord | None, Topic]:
        """The topic of a body that serves where the person is, as often as people live there."""
        for _ in range(50):
            code = random.choices(self.cumulative_population[0], cum_weights=self.cumulative_population[1])[0]
            topic = self.topic(self._get_local_topic_code(random.choice(written.topics), code, random))
            if topic is None or not self.bodies[topic.entity].is_open(self.now.date()):
                continue
            served = self.bodies[topic.entity].governorates
            if topic.about_place and served and self.by_code[code].id not in served:
                continue
            return self.by_code[code], topic
        topic = self.topic(written.topics[0])
        assert topic is not None, written.topics
        return None, topic

    def _get_local_topic_code(self, topic: str, governorate: str, random: Random) -> str:
        role, colon, number = topic.partition(":")
        if not colon:
            return topic
        if role == "town":
            return f"{random.choice(self._towns.get(governorate, ['']))}-{number}"
        if role == "governorate":
            return f"{governorate}-{number}"
        return f"{_SERVING_BODIES[role].get(governorate, '')}-{number}"

    @cached_property
    def _towns(self) -> Mapping[str, Sequence[str]]:
        """Municipalities by governorate; the chief town's counts as four."""
        found: dict[str, list[str]] = {}
        for body in self.bodies:
            if body.kind == "municipality" and body.code.startswith("MUN-"):
                governorate = f"GOV-{body.code[4:6]}"
                chief = body.code.endswith("01") and governorate != "GOV-AM"
                found.setdefault(governorate, []).extend([body.code] * (4 if chief else 1))
        return found

    def _draw_particulars(
        self, written: SubmissionText, topic: Topic, channel: str, blanks: Placeholders, random: Random
    ) -> dict[str, str]:
        given = dict.fromkeys(PERSONAL_FIELDS, "")
        if topic.about_place:
            given["address"] = blanks.fill("{area}، {street}" if written.language == "ar" else "{street}, {area}",
                                             blanks.at)  # fmt: skip
        if random.random() < 0.12 and not topic.needs_identity:
            return given  # gave nothing, and may
        words, language = self.bank.words, written.language
        part = random.choice(("woman", "man"))
        given["name"] = f"{random.choice(words[part, language])} {random.choice(words['family', language])}"
        # 0790 00… is where this demonstration's telephones are; addresses end in .example, which nobody has.
        given["phone"] = f"+96279000{random.randrange(10**4):04d}"
        if channel in ("portal", "api") and random.random() < 0.45:
            given["email"] = f"person{random.randrange(10**6)}@mail.example"
        if topic.needs_identity:
            given["national_number"] = f"5{random.randrange(10**9):09d}"
        return given


PERSONAL_FIELDS = (
    "name",
    "phone",
    "email",
    "national_number",
    "passport",
    "for_name",
    "for_relation",
    "about_employee",
    "about_unit",
    "address",
    "lat",
    "lng",
)
