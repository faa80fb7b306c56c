"""What a case must do, told a second time and as simply as possible: no table of moves, no clever calendar.

Days are walked one by one and minutes of work are counted; every rule of deadlines is one plain sentence. Nothing here
knows how the platform does it: what both say is compared, event by event.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from .deadline_terms import DeadlineTerms, EscalationStep
from .office_hours import DAY, OfficeHours, get_local_day

WAITING_STATES = ("received", "classified")
OPEN_STATES = (*WAITING_STATES, "assigned")
RUNNING_STATES = (*OPEN_STATES, "awaiting_approval", "appealed")
UNANSWERED_STATES = (*RUNNING_STATES, "awaiting_citizen")
CITIZEN_WAIT_DAYS = 5  # working days of waiting for the citizen, in all


class ModelEvent(NamedTuple):
    """One event: its kind, its time, and what a deadline's event says besides (the share, or who is told)."""

    kind: str
    at: datetime
    what: str = ""


@dataclass
class ReferenceModel:
    """One case, from its receipt on."""

    offices: OfficeHours
    promise: DeadlineTerms
    received_at: datetime
    appeals: DeadlineTerms  # what is promised for an appeal
    state: str = "received"
    events: list[ModelEvent] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.last, self.counted_by = self.received_at, self.offices.revision
        self.paused: datetime | None = None
        self.answered: datetime | None = None
        self.solved: bool | None = None
        self.asked_again = self.insufficient = self.final = self.referred = self.by_phone = False
        self.asked_of_others: list[datetime] = []  # by when each task is to be answered
        self.said_late: list[datetime] = []
        self.start_term(self.received_at, self.promise)
        self.add_event("case.submitted", self.received_at)

    def start_term(self, at: datetime, promise: DeadlineTerms) -> None:
        self.since, self.promise = at, promise
        self.waited = self.extended_by = self.extensions = 0
        self.due = self.compute_deadline(promise)
        self.reminded, self.climbed = 0, 0  # the last share told, the steps taken
        self.idle: datetime | None = at

    def compute_deadline(self, promise: DeadlineTerms) -> datetime:
        """The date by the calendar as it is now: the term, the days of waiting, the extension."""
        added = self.waited + self.extended_by
        if promise.hours:
            due = self.since + timedelta(hours=promise.hours)
            return self.offices.get_closing_time_after(get_local_day(due), added) if added else due
        return self.offices.get_closing_time_after(
            self.offices.get_receipt_day(self.since), promise.days + added
        )

    def add_event(self, kind: str, at: datetime, what: object = "") -> None:
        self.events.append(ModelEvent(kind, at, str(what)))
        self.last = at

    # What time causes

    def advance_to(self, now: datetime) -> None:
        """Everything before now. After a change of the calendar the date is counted anew first; late stays late."""
        if self.state in UNANSWERED_STATES and self.counted_by != self.offices.revision:
            self.counted_by = self.offices.revision
            if self.due > now and (due := self.compute_deadline(self.promise)) != self.due:
                self.due = due
                self.add_event("clock.rescheduled", now)
        while (first := min(self.list_next_events(), key=lambda c: c[0], default=None)) and first[0] < now:
            self.apply_event(*first)

    def list_next_events(self) -> list[tuple[datetime, str, object]]:
        later: list[tuple[datetime, str, object]] = []
        if self.state in UNANSWERED_STATES:
            unsaid = [day for day in self.asked_of_others if day not in self.said_late]
            later += [(day, "clock.task_late", "") for day in sorted(unsaid)[:1]]
        if self.state in RUNNING_STATES:
            for share in [share for share in self.promise.reminders if share > self.reminded][:1]:
                later.append((self.get_reminder_time(share), "clock.reminded", share))
            if self.idle:
                later.append((self.get_idle_time(self.idle), "clock.idle", self.promise.idle.who))
            for step in self.promise.ladder[self.climbed :][:1]:
                later.append((self.get_escalation_time(step), "clock.overdue", step.who))
        elif self.state == "awaiting_citizen":
            assert self.paused
            end = self.offices.get_closing_time_after(
                get_local_day(self.paused), CITIZEN_WAIT_DAYS - self.waited
            )
            later.append((max(end, self.paused), "clock.resumed", ""))
        elif self.state == "answered" and self.answered:
            if self.solved is False:
                later.append((self.answered + self.promise.appeal_window * DAY, "clock.lapsed", ""))
            else:
                if not self.asked_again and self.promise.rating_window > 7:
                    later.append((self.answered + 7 * DAY, "clock.asked_again", ""))
                later.append((self.answered + self.promise.rating_window * DAY, "clock.lapsed", ""))
        return [(max(at, self.last), kind, what) for at, kind, what in later]

    def get_reminder_time(self, per_cent: int) -> datetime:
        if per_cent == 100:
            return self.due
        if self.promise.hours:
            return self.since + (self.due - self.since) * per_cent / 100
        return self.offices.add_working_time(
            self.since, self.offices.get_working_time(self.since, self.due) * per_cent / 100
        )

    def get_idle_time(self, since: datetime) -> datetime:
        step = self.promise.idle
        if step.hours:
            return since + timedelta(hours=step.hours)
        return self.offices.get_closing_time_after(self.offices.get_receipt_day(since), step.days)

    def get_escalation_time(self, step: EscalationStep) -> datetime:
        if step.hours:
            return self.since + timedelta(hours=step.hours)
        return (
            self.offices.get_closing_time_after(get_local_day(self.due), step.days) if step.days else self.due
        )

    def apply_event(self, at: datetime, kind: str, what: object) -> None:
        if kind == "clock.reminded":
            self.reminded = int(str(what))
        elif kind == "clock.idle":
            self.idle = None
        elif kind == "clock.task_late":
            self.said_late.append(min(day for day in self.asked_of_others if day not in self.said_late))
        elif kind == "clock.overdue":
            self.climbed += 1
        elif kind == "clock.resumed":
            self.resume(at)
        elif kind == "clock.asked_again":
            self.asked_again = True
        elif kind == "clock.lapsed":
            self.state = "closed"
        self.add_event(kind, at, what)

    def resume(self, at: datetime) -> None:
        assert self.paused
        waited = min(
            self.offices.count_open_days(get_local_day(self.paused), get_local_day(at)),
            CITIZEN_WAIT_DAYS - self.waited,
        )
        self.waited += waited
        if waited and self.paused <= self.due:
            self.due = self.offices.get_closing_time_after(get_local_day(self.due), waited)
        self.paused, self.state, self.idle = None, "assigned", at

    def return_from_departed_officer(self, at: datetime) -> None:
        """Whoever had it in hand no longer works there; that is no act on the case."""
        self.state = "classified" if self.state == "assigned" else self.state
        self.add_event("officer.left", at)

    # What officers do; each says whether it is possible

    def assign(self, at: datetime) -> bool:
        return self.works(OPEN_STATES, "case.assigned", at, "assigned", referred=False)

    def classify(self, at: datetime, promise: DeadlineTerms) -> bool:
        if self.state not in WAITING_STATES:
            return False
        self.corrected(promise)
        return self.works(WAITING_STATES, "case.classified", at, "classified", referred=False)

    def reclassify(self, at: datetime, promise: DeadlineTerms) -> bool:
        if self.state not in OPEN_STATES:
            return False
        self.corrected(promise)
        self.add_event("case.reclassified", at)
        return True

    def corrected(self, promise: DeadlineTerms) -> None:
        """Of the two dates the earlier one holds, and its promise with it."""
        if (due := self.compute_deadline(promise)) <= self.due:
            self.due, self.promise = due, promise

    def refer(self, at: datetime) -> bool:
        return self.works(OPEN_STATES, "case.referred", at, "received", referred=True)

    def accept(self, at: datetime) -> bool:
        can = self.state == "received" and self.referred
        return can and self.works(("received",), "case.accepted", at, "classified", referred=False)

    def give_back(self, at: datetime) -> bool:
        """From a unit to its main officer: nothing has been done yet. From a body: that counts as an act."""
        if self.state == "assigned":
            self.state = "classified"
            self.add_event("case.handed_back", at)
            return True
        return self.works(WAITING_STATES, "case.returned", at, "received", referred=False)

    def note(self, at: datetime) -> bool:
        if self.state not in UNANSWERED_STATES:
            return False
        self.add_event("case.noted", at)
        return True

    def task(self, at: datetime, until: datetime) -> bool:
        if (
            self.state not in (*OPEN_STATES, "awaiting_approval", "awaiting_citizen")
            or at <= self.due < until
        ):
            return False
        self.asked_of_others.append(until)
        self.add_event("task.asked", at)
        return True

    def contribute(self, at: datetime) -> bool:
        """To what was asked first."""
        if self.state not in UNANSWERED_STATES or not self.asked_of_others:
            return False
        self.asked_of_others.pop(0)
        self.add_event("task.done", at)
        return True

    def instruct(self, at: datetime) -> bool:
        if self.state not in UNANSWERED_STATES:
            return False
        self.add_event("case.instructed", at)
        return True

    def commit(self, at: datetime) -> bool:
        states = ("assigned", "answered", "resolved", "closed")
        return self.works(states, "case.committed", at, self.state)

    def ask(self, at: datetime) -> bool:
        if not self.works(("assigned",), "citizen.asked", at, "awaiting_citizen"):
            return False
        self.paused = at
        return True

    def submit(self, at: datetime, *, insufficient: bool = False) -> bool:
        if not self.works(OPEN_STATES, "reply.submitted", at, "awaiting_approval"):
            return False
        self.insufficient = insufficient
        return True

    def approve(self, at: datetime) -> bool:
        return self.state == "awaiting_approval" and self.replied(at, "reply.approved", self.insufficient)

    def send_back(self, at: datetime) -> bool:
        return self.works(("awaiting_approval",), "reply.sent_back", at, "assigned")

    def answer(self, at: datetime, *, insufficient: bool = False) -> bool:
        if self.state not in (*OPEN_STATES, "awaiting_citizen"):
            return False
        if self.state == "awaiting_citizen":
            self.resume(at)
        return self.replied(at, "case.answered", insufficient)

    def replied(self, at: datetime, kind: str, insufficient: bool) -> bool:
        self.state, self.answered, self.solved, self.asked_again = "answered", at, None, False
        self.insufficient = insufficient
        self.asked_of_others = []
        self.add_event(kind, at)
        return True

    def extend(self, at: datetime) -> bool:
        """Once in each term, the reviewer's too, and before it is over."""
        if self.state not in RUNNING_STATES or self.extensions >= self.promise.extensions or at > self.due:
            return False
        self.due = self.offices.get_closing_time_after(get_local_day(self.due), self.promise.extension)
        self.extensions, self.extended_by, self.idle = 1, self.extended_by + self.promise.extension, at
        self.add_event("case.extended", at)
        return True

    def merge(self, at: datetime, into: "ReferenceModel") -> bool:
        """Into another of the same citizen, which has the earlier of the two dates from now on."""
        if self.state not in OPEN_STATES or into.state not in OPEN_STATES:
            return False
        self.state = "merged"
        self.add_event("case.merged", at)
        if self.due < into.due:
            into.due, into.since, into.promise = self.due, self.since, self.promise
            into.waited, into.extended_by = self.waited, self.extended_by
        into.add_event("case.absorbed", at)
        return True

    def decide(self, at: datetime, promise: DeadlineTerms, *, upheld: bool) -> bool:
        if self.state != "appealed":
            return False
        self.state = "classified" if upheld else "closed"
        if upheld:
            self.start_term(at, promise)
            self.answered = None
            self.insufficient = False
        self.final = not upheld
        self.add_event("appeal.upheld" if upheld else "appeal.rejected", at)
        return True

    def close(self, at: datetime) -> bool:
        if self.state != "resolved":
            return False
        self.state = "closed"
        self.add_event("case.closed", at)
        return True

    # What the citizen does

    def write(self, at: datetime) -> bool:
        if self.state in ("answered", "resolved", "closed") and self.insufficient:
            return self.state != "resolved" and self.supply(at)
        if self.state == "awaiting_citizen":
            self.resume(at)
        elif self.state in RUNNING_STATES:
            self.idle = at
        elif self.state != "answered":
            return False
        self.add_event("citizen.wrote", at)
        return True

    def supply(self, at: datetime) -> bool:
        """What the answer had found missing: the days since are nobody's delay, if it had come in time."""
        self.insufficient = self.asked_again = False
        waited = (
            self.offices.count_open_days(get_local_day(self.answered), get_local_day(at))
            if self.answered
            else 0
        )
        if self.answered and self.answered <= self.due:
            self.extended_by += waited
            self.due = self.compute_deadline(self.promise)
        self.answered = self.solved = None
        return self.works([self.state], "citizen.supplied", at, "assigned")

    def rate(self, at: datetime, *, yes: bool) -> bool:
        if self.state not in ("answered", "closed", *["resolved"] * self.by_phone) or not self.in_time(at):
            return False
        self.solved, self.by_phone = yes, False
        self.state = "resolved" if yes else "answered" if self.state == "resolved" else self.state
        self.add_event("citizen.confirmed" if yes else "citizen.denied", at)
        return True

    def rate_by_phone(self, at: datetime, *, yes: bool) -> bool:
        """The same by telephone: until the citizen has said yes, and what they say themselves comes before it."""
        if self.state not in ("answered", "closed") or self.solved in (True, yes) or not self.in_time(at):
            return False
        self.solved, self.by_phone = yes, True
        self.state = "resolved" if yes else self.state
        self.add_event("phone.solved" if yes else "phone.unsolved", at)
        return True

    def appeal(self, at: datetime) -> bool:
        if self.state not in ("answered", "closed", "resolved") or not self.in_time(at):
            return False
        self.state, self.solved = "appealed", False
        self.start_term(at, self.appeals)
        self.add_event("citizen.appealed", at)
        return True

    def in_time(self, at: datetime) -> bool:
        """Until the window closes; what was decided on an appeal is final."""
        window = self.promise.appeal_window * DAY
        return self.answered is not None and at <= self.answered + window and not self.final

    def withdraw(self, at: datetime) -> bool:
        if self.state not in UNANSWERED_STATES or self.state == "appealed":
            return False
        self.state = "withdrawn"
        self.add_event("citizen.withdrawn", at)
        return True

    def erase(self, at: datetime) -> bool:
        """Possible once it has begun, whatever became of it."""
        self.state = "merged" if self.state == "merged" else "withdrawn"
        self.add_event("citizen.erased", at)
        return True

    def works(
        self, states: Collection[str], kind: str, at: datetime, to: str, referred: bool | None = None
    ) -> bool:
        if self.state not in states:
            return False
        self.state, self.idle = to, at
        self.referred = self.referred if referred is None else referred
        self.add_event(kind, at)
        return True
