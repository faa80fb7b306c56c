"""How one case goes, from who receives it to what its citizen says at the end. Chances are set where they are used."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from random import Random
from typing import Any

from bekhedmetkom.cases.rules.deadlines import extended, promised, resumed
from bekhedmetkom.cases.rules.standing import instant
from bekhedmetkom.cases.rules.states import WAITING, Happened, State
from bekhedmetkom.catalogue.queries import appeal_policy, policy_for
from bekhedmetkom.catalogue.rules import Disposition, Handling, Kind
from bekhedmetkom.entities.queries import prime_ministry, tree
from bekhedmetkom.identity.rules import Role
from bekhedmetkom.kernel.clock import AMMAN

from .arrivals import Arrival
from .bank import Bank
from .cast import Cast, Team
from .life import CITIZEN, Life, Over, Rulebook

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WORKING_DAY = 7 * HOUR
H, D = Happened, Disposition


class Story:
    """What happens to one arrival. `lives` are its case, and a second one where a person wrote twice."""

    def __init__(
        self,
        arrival: Arrival,
        references: Iterator[str],
        *,
        bank: Bank,
        cast: Cast,
        random: Random,
        now: datetime,
        rules: Rulebook,
    ):
        self.arrival, self.bank, self.cast, self.random, self.now = arrival, bank, cast, random, now
        self.rules, self.calendar = rules, rules.calendar
        self.language = arrival.written.language
        self.text = arrival.blanks.filled(arrival.written.text, arrival.at)
        self.references = references
        self.life = self._begun(arrival.at)
        self.lives = [self.life]
        self.about = "place" if arrival.topic.about_place else "paper"
        self.team: Team | None = None
        self.promised: datetime | None = None

    def told(self, *, perhaps_twice: bool) -> Sequence[Life]:
        """The whole of it, up to now; where the person may write twice, perhaps two cases."""
        try:
            self._until_answered(perhaps_twice)
            self._citizens_word()
        except Over:
            pass
        self._kept_promise()
        for life in self.lives:
            life.catch_up(self.now)
        return self.lives

    # What comes in

    def _begun(self, at: datetime) -> Life:
        came = self.arrival
        kind, topic = came.written.kind, came.topic
        care = topic.handling
        if care is Handling.OPEN and kind is Kind.VIOLATION:
            care = Handling.INSPECTION
        urgent = topic.urgent or came.written.urgent
        elsewhere = topic.receiver if care in (Handling.HUMAN_RIGHTS, Handling.PROTECTED) else None
        entity, reasons = came.body.id, ["entity_named"]
        service: int | None = topic.id
        if elsewhere is not None and elsewhere != entity:
            entity, reasons = elsewhere, [*reasons, "receiver"]
        elif care is Handling.OPEN and not urgent:
            entity, service, reasons = self._perhaps_elsewhere(entity, topic.id, reasons)
        policy = policy_for(
            kind=kind, service=service, entity=entity, at=at, urgent=urgent and care is Handling.OPEN
        )
        data: dict[str, Any] = {
            "kind": str(kind), "entity_id": entity, "policy_id": policy.id,
            "due_at": instant(promised(at, policy.terms, self.calendar)), "look_at": None,
            "triage": int("unsure" in reasons), "service_id": service,
            "governorate_id": came.place.id if came.place else None, "care": str(care), "channel": came.channel,
            "language": self.language, "urgent": int(urgent), "withheld": int(came.withheld), "reasons": reasons,
        }  # fmt: skip
        return Life(
            next(self.references), at, data, texts={"text": self.text}, particulars=came.particulars, actor=CITIZEN,
            random=self.random, now=self.now, rules=self.rules,
        )  # fmt: skip

    def _perhaps_elsewhere(
        self, entity: int, service: int | None, reasons: list[str]
    ) -> tuple[int, int | None, list[str]]:
        """Some do not know whose it is, some send it to the wrong body."""
        chance = self.random.random()
        if chance < 0.06:
            return prime_ministry(), None, ["unsure"]
        parent = tree()[entity].parent
        if chance < 0.095 and parent is not None and parent != prime_ministry():
            return parent, None, reasons
        return entity, service, reasons

    # Up to the answer

    def _until_answered(self, perhaps_twice: bool) -> None:
        self._plan()
        if self.random.random() < 0.02:
            self.life.act(H.WITHDRAWN, self._at(0.2), CITIZEN, {"disposition": str(D.WITHDRAWN)})
            raise Over
        self._to_the_right_body()
        self._distributed()
        if perhaps_twice and self.random.random() < 0.012 and not self.life.standing.urgent:
            self._sent_twice()
        self._worked_on()
        self._answered(*self._reply())

    def _plan(self) -> None:
        """Choose when the answer will come; what goes before it is placed by its share of that time."""
        case, random = self.life.standing, self.random
        self.base, self.done = case.received_at, 0.0
        self.clock = case.urgent  # urgent matters do not wait for the office to open
        span = case.due_at - case.received_at if self.clock else self._working(case.received_at, case.due_at)
        if random.random() < 0.12:
            self.span = span + random.expovariate(1 / 2.4) * WORKING_DAY
        else:
            self.span = span * random.betavariate(1.2, 6 if self.clock else 2.8)

    def _at(self, share: float) -> datetime:
        """When that share of the way to the answer is behind."""
        step = self.span * max(share - self.done, 0)
        self.base = self.base + step if self.clock else self.calendar.add_working_time(self.base, step)
        self.done = max(share, self.done)
        return self.base

    def _working(self, a: datetime, b: datetime) -> timedelta:
        return max(self.calendar.working_time(a, b), HOUR)

    def _to_the_right_body(self) -> None:
        """Out of triage, or by a referral, to the body whose the matter is."""
        case, right = self.life.standing, self.arrival.body.id
        if case.triage:
            data = {"entity_id": right} | self._retermed(right)
            who = self.random.choice(self.cast.pm_unit)
            self.life.act(H.CLASSIFIED, self._at(0.5), f"officer:{who}", data)
        elif case.entity_id != right and case.care is Handling.OPEN:
            who = self._distributor()
            self.life.act(H.REFERRED, self._at(0.1), who, {"entity_id": right}, cause=self._inside("refer"))
            if self.random.random() < 0.5:
                self.life.act(H.ACCEPTED, self._at(0.16), self._distributor())
            data = {"entity_id": right} | self._retermed(right)
            self.life.act(H.CLASSIFIED, self._at(0.18), f"officer:{self._distributor()}", data)

    def _retermed(self, entity: int) -> dict[str, Any]:
        case, topic = self.life.standing, self.arrival.topic.id
        policy = policy_for(kind=case.kind, service=topic, entity=entity, at=case.received_at)
        due = min(case.due_at, promised(case.term_from, policy.terms, self.calendar))
        return {"service_id": topic, "policy_id": policy.id, "due_at": instant(due)}

    def _distributor(self) -> int:
        case = self.life.standing
        return self.cast.distributor(case.entity_id, case.care, urgent=case.urgent, random=self.random)

    def _distributed(self) -> None:
        """To a unit where the body has one for the topic, else whoever received it does it."""
        case, random = self.life.standing, self.random
        who = self.who = self._distributor()
        if case.state is State.RECEIVED and random.random() < 0.1 and not case.urgent:
            self.life.act(H.CLASSIFIED, self._at(0.12), f"officer:{who}", {"entity_id": case.entity_id})
        topic = self.arrival.topic.code if case.service_id else None
        team = self.cast.team(case.entity_id, topic) if case.care is Handling.OPEN else None
        if team:
            self.who = random.choice(team.officers)
            self.team = team
            named = self.who if random.random() < 0.6 else None
            self.arrival.blanks.name_team(team.name)
            self.life.act(H.ASSIGNED, self._at(0.2), who, {"unit_id": team.id, "officer_id": named})
        elif random.random() < 0.55:
            self.life.act(H.ASSIGNED, self._at(0.2), who, {"unit_id": None, "officer_id": who})

    def _sent_twice(self) -> None:
        """The same person sent the same again: the second case is joined to the first."""
        again = self._begun(self.life.standing.updated_at + 2 * HOUR)
        first = self.life.standing
        if again.standing.entity_id != first.entity_id or again.standing.received_at > self.now:
            return
        self.lives.append(again)
        at, who = self._at(self.done + 0.1), self._distributor()
        again.act(H.MERGED, at, who, {"merged_into": first.reference})
        self.life.act(H.ABSORBED, at, who, {"from": again.standing.reference})

    def _worked_on(self) -> None:
        """Notes, questions, a longer term, a word from above: now and then."""
        random, life = self.random, self.life
        if self.arrival.written.kind not in (Kind.COMPLAINT, Kind.VIOLATION):
            return
        if random.random() < 0.22:
            life.act(H.NOTED, self._at(0.35), self.who, note=self._inside(f"note {self.about}"))
        if life.standing.state is State.ASSIGNED and random.random() < 0.18:
            self._asked()
        if life.standing.state is State.ASSIGNED and random.random() < 0.04:
            self._handed_back()
        if life.standing.state in WAITING and random.random() < 0.1 and self.who not in self.cast.pm_unit:
            self._snoozed()
        if random.random() < 0.03:
            self._extended()
        if random.random() < 0.12:
            at = self._citizens_hour(self._at(0.55))
            life.act(
                H.WROTE, at, CITIZEN, self._pause_over(at), message=self._filled(self._spoken("more"), at)
            )
        self._from_above()

    def _asked(self) -> None:
        at = self._at(0.4)
        asked = self.random.choice(self.bank.questions[self.about, self.language])
        self.life.act(H.ASKED, at, self.who, question=self._filled(asked.first, at))
        if self.random.random() < 0.75:
            at = self._citizens_hour(at + self.random.uniform(0.1, 6) * DAY)
            self.life.catch_up(min(at, self.now))
            self.life.act(H.WROTE, at, CITIZEN, self._pause_over(at), message=self._filled(asked.second, at))
        else:  # no reply comes, and the clock runs again by itself
            assert self.life.standing.look_at is not None
            at = self.life.standing.look_at + HOUR
            if at > self.now:
                raise Over
            self.life.catch_up(at)
        self.base = max(self.base, at)

    def _pause_over(self, at: datetime) -> dict[str, Any]:
        return resumed(self.life.standing, at, self.calendar)

    def _handed_back(self) -> None:
        if self.team is None or len(self.cast.teams[self.life.standing.entity_id]) < 2:
            return
        self.life.act(H.HANDED_BACK, self._at(0.42), self.who, cause=self._inside("return"))
        self.life.act(
            H.ASSIGNED, self._at(0.5), self._distributor(), {"unit_id": self.team.id, "officer_id": self.who}
        )

    def _snoozed(self) -> None:
        at = self._at(0.3)
        until = self.calendar.add_working_time(at, WORKING_DAY)
        if self.life.standing.state in WAITING and until < self.life.standing.due_at:
            self.life.act(H.SNOOZED, at, self.who, {"snoozed_until": instant(until)})

    def _extended(self) -> None:
        at, case = self._at(0.5), self.life.standing
        terms = self.rules.terms(case.policy_id)
        above = self.cast.above(case.entity_id)
        if case.care is Handling.OPEN and terms.extensions and above != case.officer_id and at < case.due_at:
            data = extended(case, terms.extension_days, self.calendar)
            self.life.act(H.EXTENDED, at, above, data, reason=self._filled(self._spoken("extend"), at))
            self.span *= 1.3

    def _from_above(self) -> None:
        """Somebody higher looks at what is late, or the handler asks for help."""
        case, random = self.life.standing, self.random
        at = self._at(0.7)
        if case.care is not Handling.OPEN:
            return
        if at > case.due_at and random.random() < 0.3:
            until = {"until": instant(self.calendar.later_by_working_days(at, 2))}
            self.life.act(
                H.INSTRUCTED, at, self.cast.above(case.entity_id), until, instruction=self._inside("instruct")
            )
        elif random.random() < 0.01:
            self.life.act(H.ESCALATED, at, self.who, {"level": "manager"}, cause=self._inside("escalate"))

    # The answer

    def _reply(self) -> tuple[Disposition, str]:
        """What it comes to, mostly as the bank has it for this text."""
        random, written = self.random, self.arrival.written
        others = _OTHERWISE[written.kind] if self.life.standing.care is Handling.OPEN else _WITH_CARE
        chance = random.random()
        for outcome, share in others:
            if chance < share:
                return outcome, self._spoken(str(outcome))
            chance -= share
        return written.outcome, written.reply

    def _answered(self, outcome: Disposition, reply: str, share: float = 1.0) -> None:
        life, random = self.life, self.random
        at = self._at(share)
        no_appeal = outcome is D.INSUFFICIENT or self.arrival.written.kind is Kind.PRAISE
        body = self._filled(reply if no_appeal else f"{reply}\n{{object}}", at)
        approvers = self._approvers(outcome)
        if not approvers:
            data = {"disposition": str(outcome)} | self._pause_over(at)
            life.act(H.ANSWERED, at, self.who, data, answer=body)
        else:
            self._approved(outcome, body, at, random.choice(approvers))
        if outcome is D.ADOPTED and random.random() < 0.6 and self.who not in self.cast.pm_unit:
            self._promised_and_kept(at)
        if outcome is D.INSUFFICIENT:
            self._completed()

    def _approvers(self, outcome: Disposition) -> Sequence[int]:
        """Who has to agree before this goes out: nobody, mostly."""
        case = self.life.standing
        if case.state is State.AWAITING_CITIZEN or case.care is not Handling.OPEN:
            return ()
        if outcome is D.ABUSE:
            return [self.cast.above(case.entity_id)]
        found = [who for who in self.cast.at(Role.APPROVER, case.entity_id) if who != self.who]
        needed = tree()[case.entity_id].needs_approval or self.random.random() < 0.3
        return found if needed else ()

    def _approved(self, outcome: Disposition, body: str, at: datetime, approver: int) -> None:
        life, random = self.life, self.random
        life.act(H.REPLY_SUBMITTED, at, self.who, {"disposition": str(outcome)}, reply=body)
        at = self.calendar.add_working_time(at, random.uniform(1, 21) * HOUR)
        if outcome is not D.ABUSE and random.random() < 0.15:
            life.act(H.REPLY_SENT_BACK, at, approver, {"disposition": None}, cause=self._inside("send_back"))
            at = self.calendar.add_working_time(at, random.uniform(0.3, 5) * HOUR)
            life.act(H.REPLY_SUBMITTED, at, self.who, {"disposition": str(outcome)}, reply=body)
            at = self.calendar.add_working_time(at, random.uniform(0.3, 5) * HOUR)
        happened = H.ABUSE_CONFIRMED if outcome is D.ABUSE else H.REPLY_APPROVED
        life.act(happened, at, approver, {"drafted_by": self.who}, answer=body)

    def _promised_and_kept(self, at: datetime) -> None:
        at, until = at + HOUR / 4, self.calendar.later_by_working_days(at, self.random.randint(8, 40))
        self.life.act(
            H.COMMITTED,
            at,
            self.who,
            {"until": instant(until)},
            commitment=self._filled(self._spoken("commit"), at),
        )
        self.promised = until

    def _kept_promise(self) -> None:
        """Nine of ten promises are kept by their day."""
        if self.promised and self.random.random() < 0.9:
            at = self.calendar.add_working_time(self.promised - self.random.uniform(1, 4) * DAY, HOUR)
            with suppress(Over):
                self.life.act(H.FULFILLED, at, self.who, fulfilment=self._filled(self._spoken("fulfil"), at))

    def _completed(self) -> None:
        """What was missing comes after all, and the answer after it."""
        if self.random.random() < 0.5:
            at = self._citizens_hour(self.life.standing.updated_at + self.random.uniform(0.3, 5) * DAY)
            self.life.act(H.SUPPLIED, at, CITIZEN, message=self._filled(self._spoken("supplied"), at))
            self.base = at
            self._answered(self.arrival.written.outcome, self.arrival.written.reply, self.done + 0.4)

    # The citizen's word

    def _citizens_word(self) -> None:
        case, random = self.life.standing, self.random
        if self.rules.terms(case.policy_id).rating_window_days == 0 or random.random() > 0.58:
            return  # praise closes by itself; many never say
        at = self._citizens_hour(case.updated_at + random.choice((0.2, 0.5, 1, 1.5, 3, 7.1, 8)) * DAY)
        good = case.disposition in (D.UPHELD, D.ANSWERED, D.ADOPTED)
        solved = random.random() < (0.72 if good else 0.22) - (0.2 if case.answered_late else 0)
        self._rated(at, solved=solved)
        if solved:
            if random.random() < 0.2 and case.care is Handling.OPEN and not case.urgent:
                self.life.act(H.CLOSED, self.calendar.add_working_time(at, 3 * HOUR), self._distributor())
        elif case.kind in (Kind.COMPLAINT, Kind.VIOLATION) and random.random() < 0.36:
            self._appealed(self._citizens_hour(at + random.uniform(0.02, 6) * DAY))

    def _rated(self, at: datetime, *, solved: bool) -> None:
        stars = self.random.choices((5, 4, 3) if solved else (1, 2, 3), (6, 4, 1))[0]
        comments = self.bank.comments.get((str(stars), self.language), ())
        said = {"comment": self.random.choice(comments)} if comments and self.random.random() < 0.45 else {}
        given = {"stars": stars} if self.random.random() < 0.9 else {}
        self.life.act(H.CONFIRMED if solved else H.DENIED, at, CITIZEN, given, **said)

    def _appealed(self, at: datetime) -> None:
        case, random = self.life.standing, self.random
        reviewer = self.cast.reviewer(case.entity_id, {*case.handlers, *case.recused}, random)
        if reviewer is None or case.state not in (State.ANSWERED, State.CLOSED):
            return
        policy = appeal_policy(entity=case.entity_id, at=at)
        outcome = random.choices((D.UPHELD, D.PARTLY_UPHELD, D.NOT_UPHELD), (4, 2, 5))[0]
        spoken = random.choice(self.bank.appeals[f"{outcome} {self.about}", self.language])
        data = {"policy_id": policy.id, "due_at": instant(promised(at, policy.terms, self.calendar)),
                "reviewer_id": reviewer, "against": case.policy_id}  # fmt: skip
        self.life.act(H.APPEALED, at, CITIZEN, data, appeal=self._filled(spoken.first, at))
        at = self.calendar.add_working_time(at, random.uniform(1.5, 9) * WORKING_DAY)
        decided = {"appeal_outcome": str(outcome)}
        decision = self._filled(spoken.second, at)
        if outcome is D.NOT_UPHELD:
            self.life.act(H.APPEAL_REJECTED, at, reviewer, decided, decision=decision)
            return
        policy = policy_for(kind=case.kind, service=case.service_id, entity=case.entity_id, at=case.received_at,
                            urgent=case.urgent)  # fmt: skip
        due = {"policy_id": policy.id, "due_at": instant(promised(at, policy.terms, self.calendar))}
        self.life.act(H.APPEAL_UPHELD, at, reviewer, decided | due, decision=decision)
        self._done_over(at)

    def _done_over(self, at: datetime) -> None:
        """After an appeal that was upheld: again to whoever had it, and another answer."""
        self.base, self.done = at, 0.0
        self.span = self._working(at, self.life.standing.due_at) * self.random.uniform(0.2, 0.9)
        unit = self.team.id if self.team else None
        self.life.act(
            H.ASSIGNED, self._at(0.15), self._distributor(), {"unit_id": unit, "officer_id": self.who}
        )
        again = self._spoken("again")
        self._answered(D.UPHELD, again)
        if self.random.random() < 0.6:
            self._rated(
                self._citizens_hour(self.life.standing.updated_at + DAY), solved=self.random.random() < 0.8
            )

    # Words and hours

    def _filled(self, text: str, at: datetime) -> str:
        return self.arrival.blanks.filled(text, at)

    def _inside(self, verb: str) -> str:
        return self.random.choice(self.bank.inside[verb])

    def _spoken(self, what: str) -> str:
        """A sentence of the bank for this, about a place or a paper where it makes a difference."""
        replies = self.bank.replies
        fitting = replies.get((f"{what} {self.about}", self.language)) or replies[what, self.language]
        return self.random.choice(fitting)

    def _citizens_hour(self, at: datetime) -> datetime:
        """The same, but not in the middle of the night."""
        hour = at.astimezone(AMMAN).hour
        return at + (8 - hour) * HOUR if hour < 8 else at


# How often it comes to something else than what the text's own reply says, by kind.
_ALWAYS = ((D.OUT_OF_SCOPE, 0.025), (D.INSUFFICIENT, 0.03), (D.ABUSE, 0.006))
_FOUND = ((D.NOT_UPHELD, 0.11), (D.PARTLY_UPHELD, 0.08), (D.BEFORE_COURT, 0.01), *_ALWAYS)
_WITH_CARE = ((D.NOT_UPHELD, 0.15),)
_OTHERWISE: Mapping[Kind, Sequence[tuple[Disposition, float]]] = {
    Kind.COMPLAINT: _FOUND,
    Kind.VIOLATION: _FOUND,
    Kind.QUESTION: _ALWAYS,
    Kind.SUGGESTION: ((D.NOT_ADOPTED, 0.2), *_ALWAYS),
    Kind.PRAISE: (),
}
