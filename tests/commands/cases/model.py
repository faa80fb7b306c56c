"""What a case must do, told a second time and as simply as possible: no table of moves, no clever calendar.

Days are walked one by one and minutes of work are counted; every rule of deadlines is one plain sentence.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from bekhedmetkom.kernel.clock import AMMAN

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@dataclass
class Offices:
    """Open Sunday to Thursday from 8:30 to 15:30, but on holidays and with Ramadan's hours."""

    holidays: set[date]
    ramadan: list[tuple[date, date]]

    def day(self, day: date) -> tuple[datetime, datetime] | None:
        if day.weekday() in (4, 5) or day in self.holidays:
            return None
        short = any(first <= day <= last for first, last in self.ramadan)
        opens, closes = (time(10), time(15)) if short else (time(8, 30), time(15, 30))
        return (
            datetime.combine(day, opens, AMMAN).astimezone(UTC), datetime.combine(day, closes, AMMAN).astimezone(UTC)
        )  # fmt: skip

    def closing_after(self, day: date, days: int) -> datetime:
        """Closing time of the n-th open day after a day (0: that day or the next open one)."""
        while days or not self.day(day):
            day += DAY
            days -= 1 if self.day(day) and days else 0
        open_day = self.day(day)
        assert open_day
        return open_day[1]

    def received(self, at: datetime) -> date:
        day = local(at)
        while not (hours := self.day(day)) or at > hours[1]:
            day += DAY
            at = min(at, datetime.combine(day, time(), AMMAN).astimezone(UTC))
        return day

    def open_days(self, first: date, last: date) -> int:
        return sum(1 for n in range(1, (last - first).days + 1) if self.day(first + n * DAY))

    def worked(self, a: datetime, b: datetime) -> timedelta:
        total, day = timedelta(), local(a)
        while day <= local(b):
            if hours := self.day(day):
                total += max(min(b, hours[1]) - max(a, hours[0]), timedelta())
            day += DAY
        return total

    def when_worked(self, a: datetime, span: timedelta) -> datetime:
        day = local(a)
        while True:
            if hours := self.day(day):
                begin = max(a, hours[0])
                left = hours[1] - begin
                if timedelta() <= left and span <= left:
                    return begin + span
                span -= max(left, timedelta())
            day += DAY


def local(at: datetime) -> date:
    return at.astimezone(AMMAN).date()


@dataclass
class Model:
    """One simple complaint: five days, reminders at 50, 80 and 100, manager after two idle days, then the ladder."""

    offices: Offices
    begun: datetime
    state: str = "received"
    days: int = 5
    events: list[tuple[str, datetime]] = field(default_factory=list)
    last: datetime = field(init=False)
    since: datetime = field(init=False)
    due: datetime = field(init=False)
    idle: datetime | None = field(init=False)

    def __post_init__(self) -> None:
        self.last, self.paused, self.answered = self.begun, None, None
        self.solved: bool | None = None
        self.asked_again = self.insufficient = self.final = False
        self.new_term(self.begun, self.days)
        self.say("case.submitted", self.begun)

    paused: datetime | None = field(init=False)
    answered: datetime | None = field(init=False)

    def new_term(self, at: datetime, days: int) -> None:
        self.since, self.days = at, days
        self.due = self.offices.closing_after(self.offices.received(at), days)
        self.reminders, self.ladder = [50, 80, 100], self.steps()
        self.idle, self.waited, self.extended = at, 0, False

    def steps(self) -> list[int]:
        return [0, 3] if self.state == "appealed" else [0, 3, 5]

    def say(self, kind: str, at: datetime) -> None:
        self.events.append((kind, at))
        self.last = at

    # What time causes

    def until(self, now: datetime) -> None:
        while (first := min(self.coming(), key=lambda c: c[0], default=None)) and first[0] < now:
            self.happen(first[1], first[0])

    def coming(self) -> list[tuple[datetime, str]]:
        later: list[tuple[datetime, str]] = []
        if self.state in ("received", "classified", "assigned", "awaiting_approval", "appealed"):
            if self.reminders:
                later.append((self.share(self.reminders[0]), "clock.reminded"))
            if self.idle:
                later.append((self.offices.closing_after(self.offices.received(self.idle), 2), "clock.idle"))
            if self.ladder:
                up = self.ladder[0]
                later.append(
                    (self.offices.closing_after(local(self.due), up) if up else self.due, "clock.overdue")
                )
        elif self.state == "awaiting_citizen":
            assert self.paused
            end = self.offices.closing_after(local(self.paused), 5 - self.waited)
            later.append((max(end, self.paused), "clock.resumed"))
        elif self.state == "answered" and self.answered:
            if self.solved is False:
                later.append((self.answered + 30 * DAY, "clock.lapsed"))
            else:
                if not self.asked_again:
                    later.append((self.answered + 7 * DAY, "clock.asked_again"))
                later.append((self.answered + 14 * DAY, "clock.lapsed"))
        return [(max(at, self.last), kind) for at, kind in later]

    def share(self, percent: int) -> datetime:
        if percent == 100:
            return self.due
        return self.offices.when_worked(self.since, self.offices.worked(self.since, self.due) * percent / 100)

    def happen(self, kind: str, at: datetime) -> None:
        if kind == "clock.reminded":
            self.reminders.pop(0)
        elif kind == "clock.idle":
            self.idle = None
        elif kind == "clock.overdue":
            self.ladder.pop(0)
        elif kind == "clock.resumed":
            self.resume(at)
        elif kind == "clock.asked_again":
            self.asked_again = True
        elif kind == "clock.lapsed":
            self.state = "closed"
        self.say(kind, at)

    def resume(self, at: datetime) -> None:
        assert self.paused
        waited = min(self.offices.open_days(local(self.paused), local(at)), 5 - self.waited)
        self.waited += waited
        if waited and self.paused <= self.due:
            self.due = self.offices.closing_after(local(self.due), waited)
        self.paused, self.state, self.idle = None, "assigned", at

    # What people do; each says whether it is possible

    def assign(self, at: datetime) -> bool:
        return self.works(["received", "classified", "assigned"], "case.assigned", at, "assigned")

    def note(self, at: datetime) -> bool:
        if self.state in ("answered", "resolved", "closed", "withdrawn"):
            return False
        self.say("case.noted", at)
        return True

    def ask(self, at: datetime) -> bool:
        if not self.works(["assigned"], "citizen.asked", at, "awaiting_citizen"):
            return False
        self.paused = at
        return True

    def write(self, at: datetime) -> bool:
        if self.state in ("answered", "closed", "resolved") and self.insufficient:
            if self.state == "resolved":
                return False
            self.insufficient = self.asked_again = False
            if self.answered and self.answered <= self.due:
                waited = self.offices.open_days(local(self.answered), local(at))
                self.due = self.offices.closing_after(local(self.due), waited) if waited else self.due
            self.answered = self.solved = None
            return self.works([self.state], "citizen.supplied", at, "assigned")
        if self.state == "awaiting_citizen":
            self.resume(at)
            self.say("citizen.wrote", at)
            return True
        if self.state in ("received", "classified", "assigned", "awaiting_approval", "appealed"):
            self.idle = at
        elif self.state != "answered":
            return False
        self.say("citizen.wrote", at)
        return True

    def answer(self, at: datetime, *, insufficient: bool = False) -> bool:
        if self.state not in ("received", "classified", "assigned", "awaiting_citizen"):
            return False
        if self.state == "awaiting_citizen":
            self.resume(at)
        self.state, self.answered, self.solved, self.asked_again = "answered", at, None, False
        self.insufficient = insufficient
        self.say("case.answered", at)
        return True

    def extend(self, at: datetime) -> bool:
        """Once in each term, the reviewer's too, and before it is over."""
        if self.state not in ("received", "classified", "assigned", "awaiting_approval", "appealed"):
            return False
        if self.extended or at > self.due:
            return False
        self.due, self.extended, self.idle = self.offices.closing_after(local(self.due), 5), True, at
        self.say("case.extended", at)
        return True

    def rate(self, at: datetime, *, yes: bool) -> bool:
        in_time = self.answered is not None and at <= self.answered + 30 * DAY and not self.final
        if self.state not in ("answered", "closed") or not in_time:
            return False
        self.solved = yes
        self.state = "resolved" if yes else self.state
        self.say("citizen.confirmed" if yes else "citizen.denied", at)
        return True

    def appeal(self, at: datetime) -> bool:
        if self.state not in ("answered", "closed", "resolved") or self.final:
            return False
        if self.answered is None or at > self.answered + 30 * DAY:
            return False
        self.state, self.solved = "appealed", False
        self.new_term(at, 10)
        self.say("citizen.appealed", at)
        return True

    def decide(self, at: datetime, *, upheld: bool) -> bool:
        if self.state != "appealed":
            return False
        self.state = "classified" if upheld else "closed"
        if upheld:
            self.new_term(at, 5)
            self.answered = self.solved = None
            self.solved = False
            self.insufficient = False
        self.final = not upheld
        self.say("appeal.upheld" if upheld else "appeal.rejected", at)
        return True

    def withdraw(self, at: datetime) -> bool:
        if self.state not in ("received", "classified", "assigned", "awaiting_approval", "awaiting_citizen"):
            return False
        self.state = "withdrawn"
        self.say("citizen.withdrawn", at)
        return True

    def works(self, states: list[str], kind: str, at: datetime, to: str) -> bool:
        if self.state not in states:
            return False
        self.state, self.idle = to, at
        self.say(kind, at)
        return True
