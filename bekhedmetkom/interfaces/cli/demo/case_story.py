"""How one case goes, from its coming to what its citizen says at the end. Chances are set where they are used."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from random import Random
from typing import Any

from bekhedmetkom.cases.rules.case_state import format_instant
from bekhedmetkom.cases.rules.deadlines import compute_deadline
from bekhedmetkom.cases.rules.states import State
from bekhedmetkom.catalogue.queries import get_appeal_policy, get_policy
from bekhedmetkom.catalogue.rules import Handling, Kind
from bekhedmetkom.entities.queries import get_prime_ministry, get_tree

from .arrivals import Arrival
from .office_story import D, E, OfficeStory
from .simulated_case import CITIZEN_ACTOR, DeadlineRules, SimulatedCase, StoryEnded
from .staff import StaffDirectory
from .story_base import DAY, HOUR, WORKING_DAY_LENGTH
from .text_bank import TextBank


class CaseStory(OfficeStory):
    """What happens to one arrival. `lives` are its case, and a second one where a person wrote twice."""

    def __init__(
        self,
        arrival: Arrival,
        references: Iterator[str],
        *,
        bank: TextBank,
        cast: StaffDirectory,
        random: Random,
        now: datetime,
        rules: DeadlineRules,
    ) -> None:
        super().__init__(arrival, bank=bank, cast=cast, random=random, now=now, rules=rules)
        self.text = arrival.placeholders.fill(arrival.submission_text.text, arrival.at)
        self.references = references
        self.life = self._submit(arrival.at)
        self.lives = [self.life]

    def tell(self, *, perhaps_twice: bool) -> Sequence[SimulatedCase]:
        """The whole of it, up to now; where the person may write twice, perhaps two cases."""
        try:
            self._tell_until_answer(perhaps_twice)
            self._record_citizen_verdict()
        except StoryEnded:
            pass
        self._fulfil_commitment()
        for life in self.lives:
            life.catch_up(self.now)
        return self.lives

    def _submit(self, at: datetime) -> SimulatedCase:
        came = self.arrival
        kind, topic = came.submission_text.kind, came.topic
        care = topic.handling
        if care is Handling.OPEN and kind is Kind.VIOLATION:
            care = Handling.INSPECTION
        urgent = topic.urgent or came.submission_text.urgent
        elsewhere = topic.receiver if care in (Handling.HUMAN_RIGHTS, Handling.PROTECTED) else None
        entity, reasons = came.body.id, ["entity_named"]
        service: int | None = topic.id
        if elsewhere is not None and elsewhere != entity:
            entity, reasons = elsewhere, [*reasons, "receiver"]
        elif care is Handling.OPEN and not urgent:
            entity, service, reasons = self._misroute(entity, topic.id, reasons)
        policy = get_policy(
            kind=kind, service=service, entity=entity, at=at, urgent=urgent and care is Handling.OPEN
        )
        data: dict[str, Any] = {
            "kind": str(kind), "entity_id": entity, "policy_id": policy.id,
            "due_at": format_instant(compute_deadline(at, policy.terms, self.calendar)), "look_at": None,
            "triage": int("unsure" in reasons), "service_id": service,
            "governorate_id": came.place.id if came.place else None, "care": str(care), "channel": came.channel,
            "language": self.language, "urgent": int(urgent), "withheld": int(came.withheld), "reasons": reasons,
        }  # fmt: skip
        return SimulatedCase(
            next(self.references),
            at,
            data,
            texts={"text": self.text},
            particulars=came.particulars,
            actor=CITIZEN_ACTOR,
            random=self.random,
            now=self.now,
            rules=self.rules,
        )

    def _misroute(
        self, entity: int, service: int | None, reasons: list[str]
    ) -> tuple[int, int | None, list[str]]:
        """Some do not know whose it is, some send it to the wrong body."""
        chance = self.random.random()
        if chance < 0.06:
            return get_prime_ministry(), None, ["unsure"]
        parent = get_tree()[entity].parent
        if chance < 0.095 and parent is not None and parent != get_prime_ministry():
            return parent, None, reasons
        return entity, service, reasons

    def _tell_until_answer(self, perhaps_twice: bool) -> None:
        self._plan_answer()
        if self.random.random() < 0.02:
            self.life.record(
                E.WITHDRAWN, self._advance_to_share(0.2), CITIZEN_ACTOR, {"disposition": str(D.WITHDRAWN)}
            )
            raise StoryEnded
        self._route()
        self._assign()
        if perhaps_twice and self.random.random() < 0.012 and not self.life.state.urgent:
            self._submit_duplicate()
        self._handle()
        self._answer(*self._choose_reply())

    def _submit_duplicate(self) -> None:
        """The same person sent the same again: the second case is joined to the first."""
        again = self._submit(self.life.state.updated_at + 2 * HOUR)
        first = self.life.state
        if again.state.entity_id != first.entity_id or again.state.received_at > self.now:
            return
        self.lives.append(again)
        at, who = self._advance_to_share(self.share_done + 0.1), self._choose_distributor()
        again.record(E.MERGED, at, who, {"merged_into": first.reference})
        self.life.record(E.ABSORBED, at, who, {"from": again.state.reference})

    def _record_citizen_verdict(self) -> None:
        case, random = self.life.state, self.random
        if self.rules.terms(case.policy_id).rating_window_days == 0 or random.random() > 0.58:
            return  # praise closes by itself; many never say
        at = self._move_to_daytime(case.updated_at + random.choice((0.2, 0.5, 1, 1.5, 3, 7.1, 8)) * DAY)
        good = case.disposition in (D.UPHELD, D.ANSWERED, D.ADOPTED)
        solved = random.random() < (0.72 if good else 0.22) - (0.2 if case.answered_late else 0)
        self._rate(at, solved=solved)
        if solved:
            if random.random() < 0.2 and case.care is Handling.OPEN and not case.urgent:
                self.life.record(
                    E.CLOSED, self.calendar.add_working_time(at, 3 * HOUR), self._choose_distributor()
                )
        elif case.kind in (Kind.COMPLAINT, Kind.VIOLATION) and random.random() < 0.36:
            self._appeal(self._move_to_daytime(at + random.uniform(0.02, 6) * DAY))

    def _rate(self, at: datetime, *, solved: bool) -> None:
        stars = self.random.choices((5, 4, 3) if solved else (1, 2, 3), (6, 4, 1))[0]
        comments = self.bank.comments.get((str(stars), self.language), ())
        said = {"comment": self.random.choice(comments)} if comments and self.random.random() < 0.45 else {}
        given = {"stars": stars} if self.random.random() < 0.9 else {}
        self.life.record(E.CONFIRMED if solved else E.DENIED, at, CITIZEN_ACTOR, given, **said)

    def _appeal(self, at: datetime) -> None:
        case, random = self.life.state, self.random
        reviewer = self.staff.choose_reviewer(case.entity_id, {*case.handlers, *case.recused}, random)
        if reviewer is None or case.state not in (State.ANSWERED, State.CLOSED):
            return
        policy = get_appeal_policy(entity=case.entity_id, at=at)
        outcome = random.choices((D.UPHELD, D.PARTLY_UPHELD, D.NOT_UPHELD), (4, 2, 5))[0]
        spoken = random.choice(self.bank.appeals[f"{outcome} {self.subject}", self.language])
        data = {"policy_id": policy.id, "due_at": format_instant(compute_deadline(at, policy.terms, self.calendar)),
                "reviewer_id": reviewer, "against": case.policy_id}  # fmt: skip
        self.life.record(E.APPEALED, at, CITIZEN_ACTOR, data, appeal=self._fill(spoken.question, at))
        at = self.calendar.add_working_time(at, random.uniform(1.5, 9) * WORKING_DAY_LENGTH)
        decided = {"appeal_outcome": str(outcome)}
        decision = self._fill(spoken.answer, at)
        if outcome is D.NOT_UPHELD:
            self.life.record(E.APPEAL_REJECTED, at, reviewer, decided, decision=decision)
            return
        policy = get_policy(kind=case.kind, service=case.service_id, entity=case.entity_id, at=case.received_at,
                            urgent=case.urgent)  # fmt: skip
        due = {
            "policy_id": policy.id,
            "due_at": format_instant(compute_deadline(at, policy.terms, self.calendar)),
        }
        self.life.record(E.APPEAL_UPHELD, at, reviewer, decided | due, decision=decision)
        self._redo_after_appeal(at)

    def _redo_after_appeal(self, at: datetime) -> None:
        """After an appeal that was upheld: again to whoever had it, and another answer."""
        self.told_until, self.share_done = at, 0.0
        self.answer_time = self._get_working_time(at, self.life.state.due_at) * self.random.uniform(0.2, 0.9)
        unit = self.team.id if self.team else None
        self.life.record(
            E.ASSIGNED,
            self._advance_to_share(0.15),
            self._choose_distributor(),
            {"unit_id": unit, "officer_id": self.who},
        )
        again = self._choose_reply_text("again")
        self._answer(D.UPHELD, again)
        if self.random.random() < 0.6:
            self._rate(
                self._move_to_daytime(self.life.state.updated_at + DAY), solved=self.random.random() < 0.8
            )
