"""The country that `bench problems` plays: who writes what, when and from where. The same for the same seed."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from bekhedmetkom.catalogue.rules import Handling, Kind
from bekhedmetkom.entities.queries import places, tree
from bekhedmetkom.interfaces.cli.demo.arrivals import DAY, WEEK, Arrivals
from bekhedmetkom.interfaces.cli.demo.bank import Bank

LABELLED = 0.2  # of the others write what a labelled message says
SENT, WITHIN = 60, timedelta(hours=2)
SAY_WHOSE = 0.7  # of a burst's people, which body they mean
_PLAIN = str.maketrans("أإآىةؤئ", "ااايهوي")


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
class Came:
    """One person's matter, as it comes in."""

    at: datetime
    text: str
    kind: str
    entity: int | None
    service: int | None
    governorate: int | None
    source: str  # what else is made of the same words, but for names, numbers and slips
    burst: str = ""


def misspelt(text: str, chance: Random) -> str:
    """Without hamzas, with a letter too few or twice, or as it should be."""
    if chance.random() < 0.5:
        text = text.translate(_PLAIN)
    words = text.split()
    for _ in range(chance.randrange(3)):
        at = chance.choice([number for number, word in enumerate(words) if len(word) > 1])
        letter = chance.randrange(len(words[at]))
        words[at] = words[at][:letter] + words[at][letter] * chance.choice((0, 2)) + words[at][letter + 1 :]
    return " ".join(words)


def _read(path: Path) -> Sequence[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


class Country:
    """Draws moments, what others bring, and what a burst brings."""

    def __init__(self, folder: Path, a_day: int, seed: int, at: datetime):
        self.a_day, self.seed, self.chance = a_day, seed, Random(seed)
        self.arrivals = Arrivals(Bank(folder / "demo"), at)
        self.bodies = {body.code: body.id for body in tree()}
        self.places = {place.code: place.id for place in places().values()}
        self.bursts = _read(folder / "language" / "bursts.csv")
        self.labelled = [
            row
            for path in sorted((folder / "messages").glob("*.csv"))
            for row in _read(path)
            if row["corruption"] == "0" and row["kind"] != "violation" and self._body(row)
        ]

    def moments(self, day: datetime, number: int) -> list[datetime]:
        """So many of that day, as uneven over its hours as in life."""
        hours = self.chance.choices(range(24), DAY, k=number)
        return sorted(day + timedelta(hours=hour + self.chance.random()) for hour in hours)

    def of_day(self, day: datetime) -> list[datetime]:
        """An ordinary day's: fewer at the weekend."""
        return self.moments(day, round(self.a_day * WEEK[day.weekday()]))

    def other(self, at: datetime) -> Came:
        """Something that somebody else brings, which is nobody's secret."""
        if self.chance.random() < LABELLED:
            row = self.chance.choice(self.labelled)
            body = self._body(row)
            place = self.places[row["governorate"]] if row["governorate"] else self._somewhere()
            return Came(at, misspelt(row["text"], self.chance), row["kind"], body, None, place, row["text"])
        while True:
            came = self.arrivals.arrival(at, self.chance)
            if came.topic.handling is Handling.OPEN and came.written.kind is not Kind.VIOLATION:
                text, where = came.blanks.filled(came.written.text, at), came.place.id if came.place else None
                kind, source = str(came.written.kind), came.written.text
                return Came(at, text, kind, came.body.id, came.topic.id, where, source)

    def of_burst(self, burst: Burst, day: datetime) -> list[Came]:
        """Sixty on that day, each as somebody types it."""
        begins = day + timedelta(hours=burst.hour)
        texts = [row["text"] for row in self.bursts if row["burst"] == burst.name]
        found = []
        for at in sorted(begins + self.chance.random() * WITHIN for _ in range(SENT)):
            body = self.bodies[burst.body] if self.chance.random() < SAY_WHOSE else None
            place = self.places[burst.governorate] if burst.governorate else self._somewhere()
            source = self.chance.choice(texts)
            text = misspelt(source, self.chance)
            found.append(Came(at, text, "complaint", body, None, place, source, burst.name))
        return found

    def _body(self, row: dict[str, str]) -> int | None:
        return self.bodies.get(row["entities"].partition("|")[0])

    def _somewhere(self) -> int:
        codes, sums = self.arrivals.people
        return self.places[self.chance.choices(codes, cum_weights=sums)[0]]
