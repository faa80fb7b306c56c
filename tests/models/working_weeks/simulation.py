"""Six working weeks of a country's officers, played on the real commands and the real sweep with a clock of its own.

Two holidays are declared late, Ramadan begins and its hours are changed, a holiday that the moon decides is withdrawn,
the platform is out for three hours of a morning, officers take leave and some leave for good. When the weeks are over
people stop, and the clock runs on until nothing is left to happen.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from heapq import heappop, heappush
from itertools import count
from random import Random

from bekhedmetkom.cases import commands, feed
from bekhedmetkom.cases.commands import Submission
from bekhedmetkom.cases.models import Case, Event
from bekhedmetkom.cases.rules.applicant import Applicant
from bekhedmetkom.entities.commands import declare_holiday, save_change, withdraw_holiday
from bekhedmetkom.entities.models import Holiday, WorkingHours
from bekhedmetkom.identity.commands import end_membership
from bekhedmetkom.identity.models import Membership
from bekhedmetkom.interfaces.jobs.due_jobs import DueJobs
from bekhedmetkom.kernel.actor import CLOCK, Actor, ActorKind
from bekhedmetkom.kernel.clock import AMMAN, get_local_date

from .office_hours import DAY, OfficeHours, get_local_day
from .reference_model import UNANSWERED_STATES, ReferenceModel
from .simulated_case import DEADLINE_TERMS, SimulatedCase, get_deadline_terms
from .staff import Staff, create_staff

FIRST_DAY = date(2027, 1, 17)
WEEK_COUNT = 6
RUN_OUT_TIME = timedelta(days=60)  # until every window has closed
MINUTE = timedelta(minutes=1)
MAX_ACTIONS_PER_CASE = 14  # at most in one case
DUPLICATE_SHARE = 0.06  # the share of cases that somebody brings twice
RAMADAN = date(2027, 2, 8), date(2027, 3, 8)
OUTAGE = datetime(2027, 2, 3, 9, tzinfo=AMMAN), datetime(2027, 2, 3, 12, tzinfo=AMMAN)


def combine_day_and_time(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, AMMAN).astimezone(UTC)


def load_office_hours() -> OfficeHours:
    """The hours and holidays that administrators have entered so far."""
    days = Holiday.objects.filter(withdrawn_on=None).values_list("date", flat=True)
    hours = WorkingHours.objects.values_list("valid_from", "valid_until", "opens", "closes")
    return OfficeHours(
        set(days), [(first, last, opens, closes) for first, last, opens, closes in hours if last]
    )


@dataclass
class WeeksSimulation:
    """`every`: how often the sweep comes; whatever it is, the same has to happen at the same times."""

    cases: int
    officers: int
    seed: int = 1
    every: timedelta = timedelta(minutes=10)
    cases_simulated: list[SimulatedCase] = field(default_factory=list)
    late: list[str] = field(default_factory=list)
    action_counts: Counter[str] = field(default_factory=Counter)

    def run(self) -> None:
        self.begin, self.chance = combine_day_and_time(FIRST_DAY, time(7)), Random(self.seed)
        self.end = combine_day_and_time(FIRST_DAY + WEEK_COUNT * 7 * DAY, time())
        self.staff: Staff = create_staff(self.officers, self.begin, self.chance)
        self.offices = load_office_hours()
        self.due, self.looked, self.read = DueJobs(), self.begin, 0
        self.queue: list[tuple[datetime, int, Callable[[datetime], None]]] = []
        self.order = count()
        self._schedule_all()
        while self.queue:
            at, _order, happens = heappop(self.queue)
            if OUTAGE[0] <= at < OUTAGE[1]:  # nobody and nothing comes through: later, then
                self._schedule(OUTAGE[1] + timedelta(seconds=self.chance.randrange(3600)), happens)
            else:
                happens(at)
        for life in self.cases_simulated:
            life.model.advance_to(self.end + RUN_OUT_TIME)
        feed.run_consumers()

    def _schedule(self, at: datetime, happens: Callable[[datetime], None]) -> None:
        heappush(self.queue, (at, next(self.order), happens))

    def _schedule_all(self) -> None:
        for number in range(self.cases):
            self._schedule(self._draw_arrival_time(), partial(self._submit_case, number=number))
        self._schedule(self.begin, self._sweep_periodically)
        for day, clock, happens in self._list_calendar_changes():
            self._schedule(
                combine_day_and_time(day, clock), partial(self._apply_calendar_change, happens=happens)
            )
        for officer, day in self.staff.departure_days.items():
            self._schedule(
                combine_day_and_time(day - 2 * DAY, time(11)),
                partial(self._end_membership, officer=officer, day=day),
            )
            self._schedule(combine_day_and_time(day, time(0, 1)), self._sweep_and_update_models)

    def _draw_arrival_time(self) -> datetime:
        """Most by day, some at night, some on the stroke of opening or closing."""
        day = FIRST_DAY + self.chance.randrange(WEEK_COUNT * 7 - 3) * DAY
        sort = self.chance.random()
        if sort < 0.1 and (hours := self.offices.get_hours(day)):
            return self.chance.choice(hours)
        first, last = (8, 16) if sort < 0.75 else (0, 24)
        return max(
            combine_day_and_time(day, time())
            + timedelta(seconds=self.chance.randrange(first * 3600, last * 3600)),
            self.begin + MINUTE,
        )

    def _list_calendar_changes(self) -> Iterator[tuple[date, time, Callable[[datetime], None]]]:
        """What administrators change in these weeks, in the calendar and in the model's."""
        yield date(2027, 1, 27), time(13, 10), self._holiday(date(2027, 1, 28))  # the day before
        yield date(2027, 2, 16), time(6, 40), self._holiday(date(2027, 2, 16))  # snow, on the day itself
        yield date(2027, 2, 7), time(12), self._ramadan(time(9, 30), time(14, 30))
        yield date(2027, 3, 10), time(9), self._holiday_withdrawn(date(2027, 3, 11))

    def _holiday(self, day: date) -> Callable[[datetime], None]:
        def declare(at: datetime) -> None:
            declare_holiday(day=day, name_ar="عطلة", name_en="Holiday", decision="بلاغ", actor=CLOCK, at=at)
            self.offices.add_holiday(day)

        return declare

    def _holiday_withdrawn(self, day: date) -> Callable[[datetime], None]:
        def withdraw(at: datetime) -> None:
            withdraw_holiday(holiday=Holiday.objects.get(date=day).pk, decision="بلاغ", actor=CLOCK, at=at)
            self.offices.remove_holiday(day)

        return withdraw

    def _ramadan(self, opens: time, closes: time) -> Callable[[datetime], None]:
        def circular(at: datetime) -> None:
            row = WorkingHours.objects.get(valid_from=RAMADAN[0])
            row.opens, row.closes = opens, closes
            save_change(row, actor=CLOCK, at=at)
            self.offices.set_ramadan_hours(*RAMADAN, opens, closes)

        return circular

    def _apply_calendar_change(self, at: datetime, happens: Callable[[datetime], None]) -> None:
        """By the old calendar until now; the next minute finds the new one."""
        self._sweep(at)
        for life in self.cases_simulated:
            life.model.advance_to(at)
        happens(at)
        self._schedule(at + MINUTE, self._sweep_and_update_models)

    # The clock's part

    def _sweep_periodically(self, at: datetime) -> None:
        self._sweep_and_update_models(at)
        if at < self.end + RUN_OUT_TIME:
            pace = self.every if at < self.end else max(self.every, timedelta(hours=6))
            self._schedule(at + pace, self._sweep_periodically)

    def _sweep_and_update_models(self, at: datetime) -> None:
        self._sweep(at)
        for life in self.cases_simulated:
            if life.model.state in UNANSWERED_STATES and life.model.counted_by != self.offices.revision:
                life.model.advance_to(at)

    def _sweep(self, at: datetime) -> None:
        """The worker's minute; now and then it comes twice. What it records late is written down."""
        self._release_cases_of_departed(at)
        self.due.run_minute(at)
        if self.chance.random() < 0.1:
            self.due.run_minute(at)
        recorded = Event.objects.filter(pk__gt=self.read, actor=str(CLOCK)).order_by("pk")
        for key, kind, happened, case in recorded.values_list("pk", "kind", "at", "case__reference"):
            self.read = key
            if happened < self.looked:
                self.late.append(f"{case} {kind} of {happened} only at {at}")
        self.looked = at

    def _end_membership(self, at: datetime, officer: str, day: date) -> None:
        held = Membership.objects.get(officer=int(officer))
        end_membership(membership=held.pk, on=day, actor=CLOCK, at=at)

    def _release_cases_of_departed(self, at: datetime) -> None:
        """What is in the hands of somebody who has left: since they did, or since it came back to them."""
        gone = [int(who) for who, day in self.staff.departure_days.items() if day <= get_local_date(at)]
        for hand in ("officer_id", "reviewer_id"):
            in_hand = set(Case.objects.filter(**{f"{hand}__in": gone}).values_list("pk", flat=True))
            for life in self.cases_simulated if in_hand else ():
                if life.case.pk in in_hand:
                    life.model.advance_to(at)
                    if life.model.state in UNANSWERED_STATES:
                        life.model.return_from_departed_officer(at)

    # People's part

    def _submit_case(self, at: datetime, number: int, like: SimulatedCase | None = None) -> None:
        """Somebody brings a case; a few bring it twice."""
        chance = Random(f"{self.seed} {number} {bool(like)}")
        body = chance.choice(list(self.staff.bodies.values()))
        topic = chance.choice(body.topics)
        if like and like.topic:
            topic = like.topic
        phone = f"+96279{1_000_000 + number}"
        submitted = commands.submit_case(
            submission=Submission(
                kind=topic.typical_kind,
                text=f"نرجو النظر في هذا الأمر، ورقم التجربة {number}",
                entity=topic.entity,
                service=topic.id,
                applicant=Applicant(name="سامر عواد", phone=phone),
            ),
            channel="portal", client="portal", key=f"{bool(like):d}-{number:020d}", actor=Actor(ActorKind.CITIZEN, ""),
            at=at,
        )  # fmt: skip
        case = Case.objects.get(pk=submitted.case)
        promise = get_deadline_terms(case, topic.typical_kind, topic)
        model = ReferenceModel(self.offices, promise, at, DEADLINE_TERMS["appeal"])
        left = chance.randint(2, MAX_ACTIONS_PER_CASE)
        life = SimulatedCase(case, model, topic.typical_kind, topic, self.staff, chance, actions_left=left)
        self.cases_simulated.append(life)
        if like:
            life.duplicate, like.duplicate = like, life
        elif chance.random() < DUPLICATE_SHARE:
            again = at + timedelta(hours=chance.randrange(1, 60))
            self._schedule(again, partial(self._submit_case, number=number, like=life))
        self._schedule_next_action(life, at)

    def _run_action(self, at: datetime, life: SimulatedCase) -> None:
        self.action_counts[life.run_random_action(at)] += 1
        life.actions_left -= 1
        self._schedule_next_action(life, at)

    def _schedule_next_action(self, life: SimulatedCase, at: datetime) -> None:
        if life.actions_left and (then := self._draw_next_time(life, at)) < self.end:
            self._schedule(then, partial(self._run_action, life=life))

    def _draw_next_time(self, life: SimulatedCase, at: datetime) -> datetime:
        """Minutes, days or weeks later; mostly within hours, sometimes at night, sometimes on the stroke of one."""
        chance = life.chance
        sort = chance.random()
        later = (
            timedelta(minutes=chance.randrange(1, 200))
            if sort < 0.35
            else timedelta(hours=chance.randrange(8, 80))
            if sort < 0.8
            else timedelta(days=chance.randrange(3, 13))
        )
        then = at + later
        if (
            life.model.state in ("answered", "awaiting_citizen", "closed", "resolved")
            or chance.random() < 0.12
        ):
            return then
        if not (hours := self.offices.get_hours(get_local_day(then))):
            return then + chance.choice((1, 2, 3)) * DAY
        if chance.random() < 0.08:
            return max(chance.choice(hours), then) if chance.random() < 0.5 else max(hours[1], at)
        return min(max(then, hours[0] + timedelta(seconds=chance.randrange(3600))), max(hours[1], at))
