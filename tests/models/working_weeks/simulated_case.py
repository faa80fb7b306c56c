"""One case as people live it: what they do next, by chance, and who does it. Each act is done twice: for real, and in
the model; where one of them refuses what the other takes, it is written down."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from bekhedmetkom.cases import commands
from bekhedmetkom.cases.models import Case
from bekhedmetkom.catalogue.queries import Topic
from bekhedmetkom.catalogue.rules import Disposition, Handling, Kind
from bekhedmetkom.identity.rules import Role
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.errors import Refusal

from .deadline_terms import DeadlineTerms, load_deadline_terms
from .reference_model import ReferenceModel
from .staff import Staff

DEADLINE_TERMS = load_deadline_terms()
TEXT = "كلام للتجربة"
ANSWER = "أصلحنا ما ذكرتم يوم الأربعاء، ونفّذ العمل قسم الصيانة في الجهة."
QUALITY_REASON = "رد للتجربة"  # why a reply goes out although it says what many say

# What may come next in each state, and how often. Some of it is not possible there: both have to say so.
ACTION_WEIGHTS = {
    "received": {"assign": 60, "classify": 8, "refer": 7, "give_back": 5, "accept": 15, "answer": 6, "note": 4,
                 "write": 4, "extend": 4, "reclassify": 4, "withdraw": 2, "merge": 20, "nothing": 8, "decide": 1,
                 "rate": 1},
    "classified": {"assign": 60, "classify": 6, "refer": 5, "give_back": 5, "answer": 6, "note": 3, "write": 3,
                   "extend": 5, "reclassify": 4, "merge": 10, "nothing": 6},
    "assigned": {"answer": 42, "ask": 20, "note": 6, "write": 4, "extend": 8, "give_back": 4, "refer": 4,
                 "reclassify": 4, "commit": 3, "instruct": 3, "assign": 4, "withdraw": 1, "nothing": 12, "appeal": 1},
    "awaiting_citizen": {"write": 50, "answer": 8, "withdraw": 3, "nothing": 35, "extend": 2},
    "awaiting_approval": {"approve": 65, "send_back": 20, "note": 4, "extend": 4, "nothing": 8},
    "answered": {"rate": 40, "appeal": 25, "write": 20, "commit": 3, "nothing": 25, "withdraw": 1},
    "resolved": {"appeal": 5, "close": 30, "nothing": 60},
    "closed": {"appeal": 6, "rate": 4, "write": 4, "nothing": 60},
    "appealed": {"decide": 60, "note": 4, "extend": 8, "write": 8, "nothing": 15},
}  # fmt: skip
END_STATES = {"withdrawn", "merged"}


class NobodyAvailable(Exception):
    """Whoever would do this is on leave, or there is none."""


@dataclass
class SimulatedCase:
    """`twin` is another case of the same citizen at the same body, with which it may be merged."""

    case: Case
    model: ReferenceModel
    kind: Kind
    topic: Topic | None
    staff: Staff
    chance: Random
    actions_left: int
    duplicate: "SimulatedCase | None" = None
    disagreements: list[str] = field(default_factory=list)

    def run_random_action(self, at: datetime) -> str:
        """Something happens, or nothing; returns what."""
        self.model.advance_to(at)
        if self.model.state in END_STATES:
            return "nothing"
        choices = ACTION_WEIGHTS[self.model.state]
        verb = self.chance.choices(list(choices), list(choices.values()))[0]
        if verb == "nothing":
            return verb
        self.case.refresh_from_db()
        try:
            real, imagined = getattr(self, f"_{verb}")(at)
        except NobodyAvailable:
            return "nothing"
        taken = _is_accepted(real)
        if taken != imagined():
            self.disagreements.append(
                f"{verb} at {at} in {self.model.state}: {'taken' if taken else 'refused'}"
            )
        return verb

    # Each gives what is to be done for real, and the same in the model.

    def _assign(self, at: datetime) -> "ActionPair":
        body = self.staff.bodies.get(self.case.entity_id)
        to: tuple[int | None, int | None]  # unit, officer
        if body is None:  # the Prime Ministry's unit takes it on itself
            who = self._above(at)
            to = None, who.officer_id
        elif self.case.care != Handling.OPEN:
            who = self._distributor(at)
            to = None, who.officer_id
        else:
            who = self._distributor(at) if self.chance.random() < 0.9 else self._above(at)
            unit, sub = self.chance.choice(list(body.units.items()))
            by_name = self.chance.random() < 0.4 and self.staff.is_present(sub, at.date())
            to = (None, sub.officer_id) if by_name else (unit, None)
        return (
            lambda: commands.assign_case(
                actor=who, unit=to[0], officer=to[1], **self._get_common_arguments(at)
            ),
            lambda: self.model.assign(at),
        )

    def _classify(self, at: datetime) -> "ActionPair":
        who = self._distributor(at)
        topic = self.topic
        if self.case.triage:
            topic = self.chance.choice(self.chance.choice(list(self.staff.bodies.values())).topics)

        def imagined() -> bool:
            self.topic = topic
            return self.model.classify(at, self.promise())

        service = topic.id if topic else None
        return lambda: commands.classify_case(
            actor=who, service=service, **self._get_common_arguments(at)
        ), imagined

    def _reclassify(self, at: datetime) -> "ActionPair":
        who = self._distributor(at)
        kinds = (Kind.QUESTION, Kind.COMPLAINT, Kind.SUGGESTION)
        kind = self.kind if self.case.care != Handling.OPEN else self.chance.choice(kinds)

        def imagined() -> bool:
            if self.model.state in ("received", "classified", "assigned"):
                self.kind = kind
            return self.model.reclassify(at, self.promise())

        return lambda: commands.reclassify_case(
            actor=who, kind=kind, reason=TEXT, **self._get_common_arguments(at)
        ), imagined

    def _refer(self, at: datetime) -> "ActionPair":
        who = self._distributor(at)
        to = self.chance.choice([body for body in self.staff.bodies if body != self.case.entity_id])
        return self._moving(
            lambda: commands.refer_case(actor=who, entity=to, reason=TEXT, **self._get_common_arguments(at)),
            lambda: self.model.refer(at),
        )

    def _accept(self, at: datetime) -> "ActionPair":
        who = self._distributor(at)
        return lambda: commands.accept_case(
            actor=who, **self._get_common_arguments(at)
        ), lambda: self.model.accept(at)

    def _give_back(self, at: datetime) -> "ActionPair":
        who = self._handler(at)
        if who in self.staff.pm_unit:
            raise NobodyAvailable
        return self._moving(
            lambda: commands.return_case(actor=who, reason=TEXT, **self._get_common_arguments(at)),
            lambda: self.model.give_back(at),
        )

    def _moving(self, real: Callable[[], object], imagined: Callable[[], bool]) -> "ActionPair":
        """A topic is one body's: with another body the case has none."""

        def moved() -> bool:
            done = imagined()
            self.case.refresh_from_db()
            if self.topic and self.topic.entity != self.case.entity_id:
                self.topic = None
            return done

        return real, moved

    def _note(self, at: datetime) -> "ActionPair":
        who = self._handler(at) if self.model.state != "appealed" else self._reviewer(at)
        return lambda: commands.add_note(
            actor=who, text=TEXT, **self._get_common_arguments(at)
        ), lambda: self.model.note(at)

    def _instruct(self, at: datetime) -> "ActionPair":
        who, until = self._above(at), at + timedelta(days=3)
        return (
            lambda: commands.give_instruction(
                actor=who, text=TEXT, until=until, **self._get_common_arguments(at)
            ),
            lambda: self.model.instruct(at),
        )

    def _commit(self, at: datetime) -> "ActionPair":
        who, until = self._handler(at), at + timedelta(days=20)
        if who in self.staff.pm_unit:
            raise NobodyAvailable
        return (
            lambda: commands.make_commitment(
                actor=who, text=TEXT, until=until, **self._get_common_arguments(at)
            ),
            lambda: self.model.commit(at),
        )

    def _ask(self, at: datetime) -> "ActionPair":
        if self.case.urgent:  # life may be at risk: they telephone
            raise NobodyAvailable
        who = self._handler(at)
        return lambda: commands.ask_citizen(
            actor=who, text=TEXT, **self._get_common_arguments(at)
        ), lambda: self.model.ask(at)

    def _answer(self, at: datetime) -> "ActionPair":
        """Where the body approves its replies, they are put before the approver."""
        who = self._handler(at)
        outcome = Disposition.INSUFFICIENT if self.chance.random() < 0.25 else _DISPOSITION_BY_KIND[self.kind]
        missing = outcome is Disposition.INSUFFICIENT
        reply: dict[str, Any] = {"text": ANSWER, "disposition": outcome, "quality_reason": QUALITY_REASON}
        body = self.staff.bodies.get(self.case.entity_id)
        if body and body.approves:
            return (
                lambda: commands.submit_reply(actor=who, **reply, **self._get_common_arguments(at)),
                lambda: self.model.submit(at, insufficient=missing),
            )
        return (
            lambda: commands.answer_case(actor=who, **reply, **self._get_common_arguments(at)),
            lambda: self.model.answer(at, insufficient=missing),
        )

    def _approve(self, at: datetime) -> "ActionPair":
        who = self._approver(at)
        return (
            lambda: commands.approve_reply(
                actor=who, quality_reason=QUALITY_REASON, **self._get_common_arguments(at)
            ),
            lambda: self.model.approve(at),
        )

    def _send_back(self, at: datetime) -> "ActionPair":
        who = self._approver(at)
        return (
            lambda: commands.send_back_reply(actor=who, reason=TEXT, **self._get_common_arguments(at)),
            lambda: self.model.send_back(at),
        )

    def _extend(self, at: datetime) -> "ActionPair":
        who = self._above(at)
        return lambda: commands.extend_deadline(
            actor=who, reason=TEXT, **self._get_common_arguments(at)
        ), lambda: self.model.extend(at)

    def _merge(self, at: datetime) -> "ActionPair":
        if self.duplicate is None:
            raise NobodyAvailable
        into = self.duplicate
        into.model.advance_to(at)
        into.case.refresh_from_db()
        if (into.case.entity_id, into.case.care) != (self.case.entity_id, self.case.care):
            raise NobodyAvailable
        who = self._distributor(at)
        return (
            lambda: commands.merge_case(
                actor=who, into=into.case.reference, **self._get_common_arguments(at)
            ),
            lambda: self.model.merge(at, into.model),
        )

    def _close(self, at: datetime) -> "ActionPair":
        who = self._distributor(at)
        return lambda: commands.close_case(
            actor=who, **self._get_common_arguments(at)
        ), lambda: self.model.close(at)

    def _decide(self, at: datetime) -> "ActionPair":
        who = self._reviewer(at)
        upheld = self.chance.random() < 0.5
        outcome = Disposition.UPHELD if upheld else Disposition.NOT_UPHELD
        return (
            lambda: commands.decide_appeal(
                actor=who, outcome=outcome, text=TEXT, **self._get_common_arguments(at)
            ),
            lambda: self.model.decide(at, self.promise(), upheld=upheld),
        )

    def _write(self, at: datetime) -> "ActionPair":
        return lambda: commands.add_message(
            text=TEXT, **self._get_citizen_arguments(at)
        ), lambda: self.model.write(at)

    def _rate(self, at: datetime) -> "ActionPair":
        yes = self.chance.random() < 0.6
        return lambda: commands.rate_case(
            solved=yes, **self._get_citizen_arguments(at)
        ), lambda: self.model.rate(at, yes=yes)

    def _appeal(self, at: datetime) -> "ActionPair":
        return lambda: commands.appeal_case(
            reason=TEXT, **self._get_citizen_arguments(at)
        ), lambda: self.model.appeal(at)

    def _withdraw(self, at: datetime) -> "ActionPair":
        return lambda: commands.withdraw_case(**self._get_citizen_arguments(at)), lambda: self.model.withdraw(
            at
        )

    def promise(self) -> DeadlineTerms:
        return get_deadline_terms(self.case, self.kind, self.topic)

    def _get_common_arguments(self, at: datetime) -> dict[str, Any]:
        return {"case": self.case.pk, "seen": self.case.seq, "at": at}

    def _get_citizen_arguments(self, at: datetime) -> dict[str, Any]:
        return {"case": self.case.pk, "seen": None, "at": at, "actor": Actor.citizen(self.case.reference)}

    # Who does it

    def _handler(self, at: datetime) -> Actor:
        if self.case.officer_id:
            return self._choose_present_officer([self.staff.get_officer(self.case.officer_id)], at)
        body = self.staff.bodies.get(self.case.entity_id)
        sub = body.units.get(self.case.unit_id or 0) if body and self.case.care == Handling.OPEN else None
        return self._choose_present_officer([sub], at) if sub else self._distributor(at)

    def _distributor(self, at: datetime) -> Actor:
        body = self.staff.bodies.get(self.case.entity_id)
        care = self.case.care != Handling.OPEN
        if body is None and care:
            raise NobodyAvailable
        if body is None:
            return self._choose_present_officer(self.staff.pm_unit, at)
        return self._choose_present_officer(body.officers[Role.INSPECTOR if care else Role.MAIN_OFFICER], at)

    def _above(self, at: datetime) -> Actor:
        if self.case.care != Handling.OPEN:  # nobody but inspectors knows of it
            raise NobodyAvailable
        body = self.staff.bodies.get(self.case.entity_id)
        if body is None:
            return self._choose_present_officer(
                [who for who in self.staff.pm_unit if who.officer_id != self.case.officer_id], at
            )
        return self._choose_present_officer(
            [*body.officers[Role.MANAGER], *body.officers[Role.HEAD_OF_BODY]], at
        )

    def _approver(self, at: datetime) -> Actor:
        body = self.staff.bodies.get(self.case.entity_id)
        if body is None or self.case.care != Handling.OPEN:
            raise NobodyAvailable
        return self._choose_present_officer(
            [*body.officers[Role.APPROVER], *body.officers[Role.HEAD_OF_BODY]], at
        )

    def _reviewer(self, at: datetime) -> Actor:
        if not self.case.reviewer_id:
            raise NobodyAvailable
        return self._choose_present_officer([self.staff.get_officer(self.case.reviewer_id)], at)

    def _choose_present_officer(self, candidates: list[Actor], at: datetime) -> Actor:
        here = [who for who in candidates if self.staff.is_present(who, at.date())]
        if not here:
            raise NobodyAvailable
        return self.chance.choice(here)


def get_deadline_terms(case: Case, kind: Kind, topic: Topic | None) -> DeadlineTerms:
    """What a kind and a topic are promised; danger goes before the kind, but for what is kept with care."""
    if case.urgent and case.care == Handling.OPEN:
        return DEADLINE_TERMS["complaint_urgent"]
    if kind is Kind.VIOLATION:
        return DEADLINE_TERMS["violation_inspection"]
    if kind is Kind.COMPLAINT:
        return DEADLINE_TERMS[f"complaint_{topic.complexity if topic else 'simple'}"]
    return DEADLINE_TERMS[kind]


ActionPair = tuple[Callable[[], object], Callable[[], bool]]
_DISPOSITION_BY_KIND = {
    Kind.QUESTION: Disposition.ANSWERED, Kind.SUGGESTION: Disposition.ADOPTED, Kind.PRAISE: Disposition.ANSWERED,
    Kind.COMPLAINT: Disposition.UPHELD, Kind.VIOLATION: Disposition.NOT_UPHELD,
}  # fmt: skip


def _is_accepted(real: Callable[[], object]) -> bool:
    try:
        real()
    except Refusal:
        return False
    return True
