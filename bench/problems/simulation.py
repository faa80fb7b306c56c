"""The country that `bench problems` plays: who writes what, when and from where. The same for the same seed."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from bekhedmetkom.catalogue.rules import Handling, Kind
from bekhedmetkom.entities.queries import get_governorates, get_tree
from bekhedmetkom.interfaces.cli.demo.arrivals import HOUR_WEIGHTS, WEEKDAY_WEIGHTS, ArrivalGenerator
from bekhedmetkom.interfaces.cli.demo.text_bank import TextBank

LABELLED_SHARE = 0.2  # of the others write what a labelled message says
BURST_SIZE, BURST_DURATION = 60, timedelta(hours=2)
NAMED_BODY_SHARE = 0.7  # of a burst's people, which body they mean
_PLAIN_LETTERS = str.maketrans("أإآىةؤئ", "ااايهوي")


@dataclass(frozen=True, slots=True)
class Burst:
    """What happens where, at which hour."""

    name: str
    governorate: str
    body: str
    hour: float


BURSTS = (
    Burst("bus", "GOV-MA", "MOE", 6.5),
    Burst("main", "GOV-ZA", "MIYAH", 8),
    Burst("fee", "", "DVLD", 10),
    Burst("service", "", "MODEE", 11.5),
    Burst("power", "GOV-IR", "IDECO", 19),
)


@dataclass(frozen=True, slots=True)
class SimulatedSubmission:
    """One person's matter, as it comes in."""

    at: datetime
    text: str
    kind: str
    entity: int | None
    service: int | None
    governorate: int | None
    source: str  # what else is made of the same words, but for names, numbers and slips
    burst: str = ""


def misspell(text: str, chance: Random) -> str:
    """Without hamzas, with a letter too few or twice, or as it should be."""
    if chance.random() < 0.5:
        text = text.translate(_PLAIN_LETTERS)
    words = text.split()
    for _ in range(chance.randrange(3)):
        at = chance.choice([number for number, word in enumerate(words) if len(word) > 1])
        letter = chance.randrange(len(words[at]))
        words[at] = words[at][:letter] + words[at][letter] * chance.choice((0, 2)) + words[at][letter + 1 :]
    return " ".join(words)


def _read_rows(path: Path) -> Sequence[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


class CountrySimulation:
    """Draws moments, what others bring, and what a burst brings."""

    def __init__(self, folder: Path, a_day: int, seed: int, at: datetime):
        self.cases_per_day, self.seed, self.random = a_day, seed, Random(seed)
        self.arrivals = ArrivalGenerator(TextBank(folder / "demo"), at)
        self.bodies = {body.code: body.id for body in get_tree()}
        self.places = {place.code: place.id for place in get_governorates().values()}
        self.bursts = _read_rows(folder / "language" / "bursts.csv")
        self.labelled = [
            row
            for path in sorted((folder / "messages").glob("*.csv"))
            for row in _read_rows(path)
            if row["corruption"] == "0" and row["kind"] != "violation" and self._find_entity(row)
        ]

    def draw_times(self, day: datetime, number: int) -> list[datetime]:
        """So many of that day, as uneven over its hours as in life."""
        hours = self.random.choices(range(24), HOUR_WEIGHTS, k=number)
        return sorted(day + timedelta(hours=hour + self.random.random()) for hour in hours)

    def draw_day_times(self, day: datetime) -> list[datetime]:
        """An ordinary day's: fewer at the weekend."""
        return self.draw_times(day, round(self.cases_per_day * WEEKDAY_WEIGHTS[day.weekday()]))

    def draw_ordinary_submission(self, at: datetime) -> SimulatedSubmission:
        """Something that somebody else brings, which is nobody's secret."""
        if self.random.random() < LABELLED_SHARE:
            row = self.random.choice(self.labelled)
            body = self._find_entity(row)
            place = self.places[row["governorate"]] if row["governorate"] else self._draw_governorate()
            return SimulatedSubmission(
                at, misspell(row["text"], self.random), row["kind"], body, None, place, row["text"]
            )
        while True:
            came = self.arrivals.draw_arrival(at, self.random)
            if came.topic.handling is Handling.OPEN and came.submission_text.kind is not Kind.VIOLATION:
                text, where = (
                    came.placeholders.fill(came.submission_text.text, at),
                    came.place.id if came.place else None,
                )
                kind, source = str(came.submission_text.kind), came.submission_text.text
                return SimulatedSubmission(at, text, kind, came.body.id, came.topic.id, where, source)

    def draw_burst(self, burst: Burst, day: datetime) -> list[SimulatedSubmission]:
        """Sixty on that day, each as somebody types it."""
        begins = day + timedelta(hours=burst.hour)
        texts = [row["text"] for row in self.bursts if row["burst"] == burst.name]
        found = []
        for at in sorted(begins + self.random.random() * BURST_DURATION for _ in range(BURST_SIZE)):
            body = self.bodies[burst.body] if self.random.random() < NAMED_BODY_SHARE else None
            place = self.places[burst.governorate] if burst.governorate else self._draw_governorate()
            source = self.random.choice(texts)
            text = misspell(source, self.random)
            found.append(SimulatedSubmission(at, text, "complaint", body, None, place, source, burst.name))
        return found

    def _find_entity(self, row: dict[str, str]) -> int | None:
        return self.bodies.get(row["entities"].partition("|")[0])

    def _draw_governorate(self) -> int:
        codes, sums = self.arrivals.cumulative_population
        return self.places[self.random.choices(codes, cum_weights=sums)[0]]
