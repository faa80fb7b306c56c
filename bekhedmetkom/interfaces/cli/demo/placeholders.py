"""Fills the blanks of a text: the same street in a complaint and in its answer, and dates that fit the day."""

import re
from datetime import datetime, timedelta
from random import Random

from bekhedmetkom.kernel.clock import AMMAN
from bekhedmetkom.kernel.formatting import DAY, HOUR, format_count, format_date, format_time
from bekhedmetkom.kernel.text import BilingualText

from .text_bank import TextBank

_DEFAULT_TEAM = BilingualText("قسم خدمة الجمهور", "the public service department")
_NUMBER_RANGES = {"n": (3, 25), "few": (2, 6), "percent": (10, 60), "amount": (12, 180), "big": (250, 4900),
            "number": (100_000, 999_999)}  # fmt: skip
_COUNTED_UNITS = {"days": (2, 20, DAY), "hours": (2, 9, HOUR)}
_SENTENCE_START = re.compile(r"(?:^|[.?!] )[a-z]")
_TOWN_AFFIX = re.compile(r"^(?:بلدية|New|Greater) | (?:الجديدة|الكبرى|Municipality)$")
_TIME_STEP = timedelta(minutes=10)


class Placeholders(dict[str, str]):
    """What stands in each blank of one case. A value is drawn when first asked for, and kept; dates are not."""

    def __init__(
        self,
        bank: TextBank,
        language: str,
        governorate: str,
        body: BilingualText,
        at: datetime,
        random: Random,
    ) -> None:
        super().__init__(body=body.in_language(language), team=_DEFAULT_TEAM.in_language(language))
        self.bank, self.language, self.governorate, self.random = bank, language, governorate, random
        self.at = at

    def fill(self, text: str, at: datetime) -> str:
        """`text` as it is written at this moment."""
        self.at = at
        filled = text.format_map(self)
        return _SENTENCE_START.sub(_capitalize, filled) if self.language == "en" else filled

    def set_team(self, team: BilingualText) -> None:
        """From here on it is this unit that acts."""
        self["team"] = team.ar if self.language == "ar" else f"the {team.en}"

    def set_town(self, municipality: BilingualText) -> None:
        """A municipality's streets lie in its own town."""
        self["area"] = _TOWN_AFFIX.sub("", municipality.in_language(self.language))

    def __missing__(self, blank: str) -> str:
        match blank:
            case "since":  # a day in the weeks before
                return format_date(self._add_days(-self.random.randint(4, 25)), self.language)
            case "done":  # a working day just gone by
                return format_date(self._add_office_days(-self.random.randint(0, 1), -1), self.language)
            case "soon":
                return format_date(self._add_office_days(self.random.randint(4, 14), 1), self.language)
            case "time":
                return format_time(self._draw_office_hour(), self.language)
        self[blank] = value = self._draw_value(blank)
        return value

    def _draw_value(self, blank: str) -> str:
        random = self.random
        if span := _NUMBER_RANGES.get(blank):
            return str(random.randint(*span))
        if counted := _COUNTED_UNITS.get(blank):
            return format_count(random.randint(*counted[:2]), counted[2], self.language, after=True)
        if blank == "area":
            return random.choice(self.bank.places[self.governorate, self.language])
        return random.choice(self.bank.words[blank, self.language])

    def _add_days(self, days: int) -> datetime:
        return self.at.astimezone(AMMAN) + timedelta(days=days)

    def _add_office_days(self, days: int, step: int) -> datetime:
        """That many days on, moved past Friday and Saturday."""
        day = self._add_days(days)
        while day.weekday() in (4, 5):
            day += timedelta(days=step)
        return day

    def _draw_office_hour(self) -> datetime:
        day = self.at.astimezone(AMMAN).replace(hour=8, minute=30)
        return day + self.random.randint(0, 35) * _TIME_STEP


def _capitalize(start: re.Match[str]) -> str:
    return start.group().upper()
