"""Fills the blanks of a text: the same street in a complaint and in its answer, and dates that fit the day."""

import re
from datetime import datetime, timedelta
from random import Random

from bekhedmetkom.kernel.clock import AMMAN
from bekhedmetkom.kernel.dates import DAY, HOUR, say_count, say_date, say_time
from bekhedmetkom.kernel.words import Words

from .bank import Bank

_NO_TEAM = Words("قسم خدمة الجمهور", "the public service department")
_NUMBERS = {"n": (3, 25), "few": (2, 6), "percent": (10, 60), "amount": (12, 180), "big": (250, 4900),
            "number": (100_000, 999_999)}  # fmt: skip
_COUNTED = {"days": (2, 20, DAY), "hours": (2, 9, HOUR)}
_SENTENCE = re.compile(r"(?:^|[.?!] )[a-z]")
_TOWN = re.compile(r"^(?:بلدية|New|Greater) | (?:الجديدة|الكبرى|Municipality)$")
_CLOCK = timedelta(minutes=10)


class Blanks(dict[str, str]):
    """What stands in each blank of one case. A value is drawn when first asked for, and kept; dates are not."""

    def __init__(
        self, bank: Bank, language: str, governorate: str, body: Words, at: datetime, random: Random
    ) -> None:
        super().__init__(body=body.in_(language), team=_NO_TEAM.in_(language))
        self.bank, self.language, self.governorate, self.random = bank, language, governorate, random
        self.at = at

    def filled(self, text: str, at: datetime) -> str:
        """`text` as it is written at this moment."""
        self.at = at
        filled = text.format_map(self)
        return _SENTENCE.sub(_capital, filled) if self.language == "en" else filled

    def name_team(self, team: Words) -> None:
        """From here on it is this unit that acts."""
        self["team"] = team.ar if self.language == "ar" else f"the {team.en}"

    def name_town(self, municipality: Words) -> None:
        """A municipality's streets lie in its own town."""
        self["area"] = _TOWN.sub("", municipality.in_(self.language))

    def __missing__(self, blank: str) -> str:
        match blank:
            case "since":  # a day in the weeks before
                return say_date(self._day(-self.random.randint(4, 25)), self.language)
            case "done":  # a working day just gone by
                return say_date(self._office_day(-self.random.randint(0, 1), -1), self.language)
            case "soon":
                return say_date(self._office_day(self.random.randint(4, 14), 1), self.language)
            case "time":
                return say_time(self._hour(), self.language)
        self[blank] = value = self._drawn(blank)
        return value

    def _drawn(self, blank: str) -> str:
        random = self.random
        if span := _NUMBERS.get(blank):
            return str(random.randint(*span))
        if counted := _COUNTED.get(blank):
            return say_count(random.randint(*counted[:2]), counted[2], self.language, after=True)
        if blank == "area":
            return random.choice(self.bank.places[self.governorate, self.language])
        return random.choice(self.bank.words[blank, self.language])

    def _day(self, days: int) -> datetime:
        return self.at.astimezone(AMMAN) + timedelta(days=days)

    def _office_day(self, days: int, step: int) -> datetime:
        """That many days on, moved past Friday and Saturday."""
        day = self._day(days)
        while day.weekday() in (4, 5):
            day += timedelta(days=step)
        return day

    def _hour(self) -> datetime:
        day = self.at.astimezone(AMMAN).replace(hour=8, minute=30)
        return day + self.random.randint(0, 35) * _CLOCK


def _capital(start: re.Match[str]) -> str:
    return start.group().upper()
