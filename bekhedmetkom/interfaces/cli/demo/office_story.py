"""What the offices do with a case: find whose it is, work on it, answer. Chances are set where they are used."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from bekhedmetkom.cases.queries import list_approval_rules
from bekhedmetkom.cases.rules.actions import HANDLER_RECIPIENT
from bekhedmetkom.cases.rules.case_state import format_instant
from bekhedmetkom.cases.rules.deadlines import build_extension_data, compute_deadline
from bekhedmetkom.cases.rules.states import WAITING_STATES, EventType, State
from bekhedmetkom.catalogue.queries import get_policy
from bekhedmetkom.catalogue.rules import Disposition, Handling, Kind
from bekhedmetkom.identity.rules import Role

from .simulated_case import CITIZEN_ACTOR, StoryEnded
from .story_base import DAY, HOUR, WORKING_DAY_LENGTH, StoryBase

E, D = EventType, Disposition


class OfficeStory(StoryBase):
    """From the body that has received it to the answer."""

    def _route(self) -> None:
        """Out of triage, or by a referral, to the body whose the matter is."""
        case, right = self.life.state, self.arrival.body.id
        if case.triage:
            data = {"entity_id": right} | self._get_new_term(right)
            who = self.random.choice(self.staff.pm_unit)
            self.life.record(E.CLASSIFIED, self._advance_to_share(0.5), f"officer:{who}", data)
        elif case.entity_id != right and case.care is Handling.OPEN:
            who = self._choose_distributor()
            self.life.record(
                E.REFERRED,
                self._advance_to_share(0.1),
                who,
                {"entity_id": right},
                cause=self._choose_internal_text("refer"),
            )
            if self.random.random() < 0.5:
                self.life.record(E.ACCEPTED, self._advance_to_share(0.16), self._choose_distributor())
            data = {"entity_id": right} | self._get_new_term(right)
            self.life.record(
                E.CLASSIFIED, self._advance_to_share(0.18), f"officer:{self._choose_distributor()}", data
            )

    def _get_new_term(self, entity: int) -> dict[str, Any]:
        case, topic = self.life.state, self.arrival.topic.id
        policy = get_policy(kind=case.kind, service=topic, entity=entity, at=case.received_at)
        due = compute_deadline(case.term_from, policy.terms, self.calendar)
        if due > case.due_at:  # date and terms go together, as in the command
            return {"service_id": topic}
        return {"service_id": topic, "policy_id": policy.id, "due_at": format_instant(due)}

    def _assign(self) -> None:
        """To a unit where the body has one for the topic, else whoever received it does it."""
        case, random = self.life.state, self.random
        who = self.who = self._choose_distributor()
        if case.state is State.RECEIVED and random.random() < 0.1 and not case.urgent:
            self.life.record(
                E.CLASSIFIED, self._advance_to_share(0.12), f"officer:{who}", {"entity_id": case.entity_id}
            )
        topic = self.arrival.topic.code if case.service_id else None
        team = self.staff.find_team(case.entity_id, topic) if case.care is Handling.OPEN else None
        if team:
            self.who = random.choice(team.officers)
            self.team = team
            named = self.who if random.random() < 0.6 else None
            self.arrival.placeholders.set_team(team.name)
            self.life.record(
                E.ASSIGNED, self._advance_to_share(0.2), who, {"unit_id": team.id, "officer_id": named}
            )
        elif random.random() < 0.55:
            self.life.record(
                E.ASSIGNED, self._advance_to_share(0.2), who, {"unit_id": None, "officer_id": who}
            )

    def _handle(self) -> None:
        """Notes, questions, a longer term, a word from above: now and then."""
        random, life = self.random, self.life
        if self.arrival.submission_text.kind not in (Kind.COMPLAINT, Kind.VIOLATION):
            return
        if random.random() < 0.22:
            life.record(
                E.NOTED,
                self._advance_to_share(0.35),
                self.who,
                note=self._choose_internal_text(f"note {self.subject}"),
            )
        if life.state.state is State.ASSIGNED and random.random() < 0.18:
            self._ask_citizen()
        if life.state.state is State.ASSIGNED and random.random() < 0.04:
            self._hand_back()
        if (
            life.state.state in WAITING_STATES
            and random.random() < 0.1
            and self.who not in self.staff.pm_unit
        ):
            self._snooze()
        if random.random() < 0.03:
            self._extend()
        if random.random() < 0.12:
            at = self._move_to_daytime(self._advance_to_share(0.55))
            life.record(
                E.WROTE,
                at,
                CITIZEN_ACTOR,
                self._get_resume_data(at),
                message=self._fill(self._choose_reply_text("more"), at),
            )
        self._intervene()

    def _ask_citizen(self) -> None:
        at = self._advance_to_share(0.4)
        asked = self.random.choice(self.bank.questions[self.subject, self.language])
        self.life.record(E.ASKED, at, self.who, question=self._fill(asked.question, at))
        if self.random.random() < 0.75:
            at = self._move_to_daytime(at + self.random.uniform(0.1, 6) * DAY)
            self.life.catch_up(min(at, self.now))
            self.life.record(
                E.WROTE, at, CITIZEN_ACTOR, self._get_resume_data(at), message=self._fill(asked.answer, at)
            )
        else:  # no reply comes, and the clock runs again by itself
            assert self.life.state.look_at is not None
            at = self.life.state.look_at + HOUR
            if at > self.now:
                raise StoryEnded
            self.life.catch_up(at)
        self.told_until = max(self.told_until, at)

    def _hand_back(self) -> None:
        if self.team is None or len(self.staff.teams[self.life.state.entity_id]) < 2:
            return
        self.life.record(
            E.HANDED_BACK, self._advance_to_share(0.42), self.who, cause=self._choose_internal_text("return")
        )
        self.life.record(
            E.ASSIGNED,
            self._advance_to_share(0.5),
            self._choose_distributor(),
            {"unit_id": self.team.id, "officer_id": self.who},
        )

    def _snooze(self) -> None:
        at = self._advance_to_share(0.3)
        until = self.calendar.add_working_time(at, WORKING_DAY_LENGTH)
        if self.life.state.state in WAITING_STATES and until < self.life.state.due_at:
            self.life.record(E.SNOOZED, at, self.who, {"snoozed_until": format_instant(until)})

    def _extend(self) -> None:
        at, case = self._advance_to_share(0.5), self.life.state
        terms = self.rules.terms(case.policy_id)
        above = self.staff.find_superior(case.entity_id)
        if case.care is Handling.OPEN and terms.extensions and above != case.officer_id and at < case.due_at:
            data = build_extension_data(case, terms.extension_days, self.calendar)
            self.life.record(
                E.EXTENDED, at, above, data, reason=self._fill(self._choose_reply_text("extend"), at)
            )
            self.answer_time *= 1.3

    def _intervene(self) -> None:
        """Somebody higher looks at what is late, or the handler asks for help."""
        case, random = self.life.state, self.random
        at = self._advance_to_share(0.7)
        if case.care is not Handling.OPEN:
            return
        if at > case.due_at and random.random() < 0.3:
            until = {
                "for": HANDLER_RECIPIENT,
                "until": format_instant(self.calendar.add_working_days_to_moment(at, 2)),
            }
            self.life.record(
                E.INSTRUCTED,
                at,
                self.staff.find_superior(case.entity_id),
                until,
                instruction=self._choose_internal_text("instruct"),
            )
        elif random.random() < 0.01:
            self.life.record(
                E.ESCALATED, at, self.who, {"level": "manager"}, cause=self._choose_internal_text("escalate")
            )

    def _choose_reply(self) -> tuple[Disposition, str]:
        """What it comes to, mostly as the bank has it for this text."""
        random, written = self.random, self.arrival.submission_text
        others = (
            _OUTCOME_CHANCES[written.kind]
            if self.life.state.care is Handling.OPEN
            else _CONFIDENTIAL_OUTCOMES
        )
        chance = random.random()
        for outcome, share in others:
            if chance < share:
                return outcome, self._choose_reply_text(str(outcome))
            chance -= share
        return written.outcome, written.reply

    def _answer(self, outcome: Disposition, reply: str, share: float = 1.0) -> None:
        life, random = self.life, self.random
        at = self._advance_to_share(share)
        no_appeal = outcome is D.INSUFFICIENT or self.arrival.submission_text.kind is Kind.PRAISE
        body = self._fill(reply if no_appeal else f"{reply}\n{{object}}", at)
        approvers = self._list_approvers(outcome)
        if not approvers:
            data = {"disposition": str(outcome)} | self._get_resume_data(at)
            life.record(E.ANSWERED, at, self.who, data, answer=body)
        else:
            self._approve(outcome, body, at, random.choice(approvers))
        if outcome is D.ADOPTED and random.random() < 0.6 and self.who not in self.staff.pm_unit:
            self._commit(at)
        if outcome is D.INSUFFICIENT:
            self._receive_missing_information()

    def _list_approvers(self, outcome: Disposition) -> Sequence[int]:
        """Who has to agree before this goes out: nobody, mostly."""
        case = self.life.state
        if case.state is State.AWAITING_CITIZEN or case.care is not Handling.OPEN:
            return ()
        if outcome is D.ABUSE:
            return [self.staff.find_superior(case.entity_id)]
        found = [who for who in self.staff.list_officers(Role.APPROVER, case.entity_id) if who != self.who]
        needed = list_approval_rules(case.entity_id) or self.random.random() < 0.3
        return found if needed else ()

    def _approve(self, outcome: Disposition, body: str, at: datetime, approver: int) -> None:
        life, random = self.life, self.random
        life.record(E.REPLY_SUBMITTED, at, self.who, {"disposition": str(outcome)}, reply=body)
        at = self.calendar.add_working_time(at, random.uniform(1, 21) * HOUR)
        if outcome is not D.ABUSE and random.random() < 0.15:
            life.record(
                E.REPLY_SENT_BACK,
                at,
                approver,
                {"disposition": None},
                cause=self._choose_internal_text("send_back"),
            )
            at = self.calendar.add_working_time(at, random.uniform(0.3, 5) * HOUR)
            life.record(E.REPLY_SUBMITTED, at, self.who, {"disposition": str(outcome)}, reply=body)
            at = self.calendar.add_working_time(at, random.uniform(0.3, 5) * HOUR)
        happened = E.ABUSE_CONFIRMED if outcome is D.ABUSE else E.REPLY_APPROVED
        life.record(
            happened, at, approver, {"disposition": str(outcome), "drafted_by": self.who}, answer=body
        )

    def _commit(self, at: datetime) -> None:
        at, until = at + HOUR / 4, self.calendar.add_working_days_to_moment(at, self.random.randint(8, 40))
        self.life.record(
            E.COMMITTED,
            at,
            self.who,
            {"until": format_instant(until)},
            commitment=self._fill(self._choose_reply_text("commit"), at),
        )
        self.commitment_date = until

    def _fulfil_commitment(self) -> None:
        """Nine of ten promises are kept by their day."""
        if self.commitment_date and self.random.random() < 0.9:
            at = self.calendar.add_working_time(self.commitment_date - self.random.uniform(1, 4) * DAY, HOUR)
            with suppress(StoryEnded):
                self.life.record(
                    E.FULFILLED, at, self.who, fulfilment=self._fill(self._choose_reply_text("fulfil"), at)
                )

    def _receive_missing_information(self) -> None:
        """What was missing comes after all, and the answer after it."""
        if self.random.random() < 0.5:
            at = self._move_to_daytime(self.life.state.updated_at + self.random.uniform(0.3, 5) * DAY)
            self.life.record(
                E.SUPPLIED, at, CITIZEN_ACTOR, message=self._fill(self._choose_reply_text("supplied"), at)
            )
            self.told_until = at
            self._answer(
                self.arrival.submission_text.outcome,
                self.arrival.submission_text.reply,
                self.share_done + 0.4,
            )


# How often it comes to something else than what the text's own reply says, by kind.
_COMMON_OUTCOMES = ((D.OUT_OF_SCOPE, 0.025), (D.INSUFFICIENT, 0.03), (D.ABUSE, 0.006))
_COMPLAINT_OUTCOMES = (
    (D.NOT_UPHELD, 0.11),
    (D.PARTLY_UPHELD, 0.08),
    (D.BEFORE_COURT, 0.01),
    *_COMMON_OUTCOMES,
)
_CONFIDENTIAL_OUTCOMES = ((D.NOT_UPHELD, 0.15),)
_OUTCOME_CHANCES: Mapping[Kind, Sequence[tuple[Disposition, float]]] = {
    Kind.COMPLAINT: _COMPLAINT_OUTCOMES,
    Kind.VIOLATION: _COMPLAINT_OUTCOMES,
    Kind.QUESTION: _COMMON_OUTCOMES,
    Kind.SUGGESTION: ((D.NOT_ADOPTED, 0.2), *_COMMON_OUTCOMES),
    Kind.PRAISE: (),
}
