"""A body sets the rules by which its cases reach its units; and what those rules do by themselves."""

import logging
from collections import Counter
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q

from bekhedmetkom.catalogue.queries import get_service as service_by_key
from bekhedmetkom.catalogue.rules import Handling
from bekhedmetkom.entities.commands import delete_row, save_change
from bekhedmetkom.entities.queries import list_units
from bekhedmetkom.identity.queries import list_colleagues
from bekhedmetkom.identity.rules import Permission
from bekhedmetkom.kernel.actor import CLOCK, Actor
from bekhedmetkom.kernel.clock import get_local_date
from bekhedmetkom.kernel.errors import FieldError, InvalidInput, NotAllowed
from bekhedmetkom.kernel.text import BilingualText
from bekhedmetkom.routing.models import Rule, Skill
from bekhedmetkom.routing.queries import list_bodies_with_automatic_rules, list_unit_rules
from bekhedmetkom.routing.rules import AssignmentMethod

from ...journal import Change, record
from ...models import Case, Event, Particulars
from ...queries.routing.distribution_rules import list_seats, propose_assignment
from ...rules.access import has_entity_permission
from ...rules.case_state import CaseState
from ...rules.states import WAITING_STATES, EventType

log = logging.getLogger(__name__)

_TOPIC_OF_ANOTHER_BODY = BilingualText("هذا الموضوع ليس للجهة.", "This topic is not of that body.")
_UNIT_OF_ANOTHER_BODY = BilingualText("هذه الوحدة ليست من الجهة.", "This unit is not of that body.")
_NOT_A_COLLEAGUE = BilingualText("لا يعمل هذا الموظف في الجهة.", "This officer does not work at that body.")
_RULE_EXISTS = BilingualText(
    "لهذا الموضوع وهذا المكان قاعدة. أنهها أولًا.", "There is a rule for this topic and place: end it first."
)
_SKILL_EXISTS = BilingualText("هذا مسجّل.", "This is noted already.")


def add_distribution_rule(
    *, entity: int, unit: int, actor: Actor, at: datetime, service: int | None = None,
    governorate: int | None = None, give: AssignmentMethod = AssignmentMethod.UNIT, automatic: bool = False,
) -> int:  # fmt: skip
    """One more rule, after those that are there; returns its key."""
    _require_entity_permission(actor, entity)
    errors = []
    if unit not in {own.id for own in list_units(entity, get_local_date(at))}:
        errors.append(FieldError("unit", _UNIT_OF_ANOTHER_BODY))
    if service is not None and service_by_key(service).entity != entity:
        errors.append(FieldError("service", _TOPIC_OF_ANOTHER_BODY))
    if errors:
        raise InvalidInput(*errors)
    last = Rule.objects.filter(entity=entity, ended_on=None).order_by("-priority").first()
    rule = Rule(
        entity_id=entity, unit_id=unit, service_id=service, governorate_id=governorate, give=str(give),
        automatic=automatic, priority=last.priority + 1 if last else 1,
    )  # fmt: skip
    try:
        with transaction.atomic():
            save_change(rule, actor=actor, at=at)
    except IntegrityError:
        raise InvalidInput(FieldError("", _RULE_EXISTS)) from None
    return int(rule.pk)


def end_distribution_rule(*, rule: int, actor: Actor, at: datetime) -> None:
    """The rule holds no longer; what it has done stays. Ended again, nothing more happens."""
    with transaction.atomic():
        row = _get_rule(rule, actor)
        if row.ended_on is None:
            row.ended_on = get_local_date(at)
            save_change(row, actor=actor, at=at)


def raise_distribution_rule(*, rule: int, actor: Actor, at: datetime) -> None:
    """The rule goes before the one that stood before it."""
    with transaction.atomic():
        row = _get_rule(rule, actor)
        standing = list(
            Rule.objects.select_for_update()
            .filter(entity=row.entity_id, ended_on=None)
            .order_by("priority", "id")
        )
        place = next((n for n, other in enumerate(standing) if other.pk == row.pk), 0)
        if place:
            standing[place - 1], standing[place] = standing[place], standing[place - 1]
        for priority, other in enumerate(standing, 1):
            if other.priority != priority:
                other.priority = priority
                save_change(other, actor=actor, at=at)


def add_skill(*, entity: int, officer: int, topic: int, actor: Actor, at: datetime) -> int:
    """An officer of the body knows one of its topics."""
    _require_entity_permission(actor, entity)
    if service_by_key(topic).entity != entity:
        raise InvalidInput(FieldError("topic", _TOPIC_OF_ANOTHER_BODY))
    if officer not in {who.id for who in list_colleagues(entity, at)}:
        raise InvalidInput(FieldError("officer", _NOT_A_COLLEAGUE))
    skill = Skill(officer_id=officer, service_id=topic)
    try:
        with transaction.atomic():
            save_change(skill, actor=actor, at=at)
    except IntegrityError:
        raise InvalidInput(FieldError("officer", _SKILL_EXISTS)) from None
    return int(skill.pk)


def end_skill(*, skill: int, actor: Actor, at: datetime) -> None:
    """An officer is no longer asked for a topic. Again: nothing more."""
    with transaction.atomic():
        row = Skill.objects.select_for_update(of=("self",)).select_related("service").filter(pk=skill).first()
        if row is None:
            return
        _require_entity_permission(actor, row.service.entity_id)
        delete_row(row, actor=actor, at=at)


def distribute_cases(at: datetime) -> int:
    """Give what has just come in to whom an automatic rule gives it; returns how many. A second run gives none.

    Never what somebody has had in hand or stepped aside from, what is need-to-know, in triage, or referred: a person
    accepts it first. Nor what says in words of whom it complains, until somebody has said who that is.
    """
    touched = Event.objects.filter(case=OuterRef("pk"), kind__in=[str(kind) for kind in _MANUAL_EVENTS])
    complaining = ~Q(about_employee="", about_unit="")
    named = Particulars.objects.filter(
        complaining, case=OuterRef("pk"), case__about_officer=None, case__about_unit=None
    )
    waiting = Case.objects.filter(
        ~Exists(touched), ~Exists(named), entity__in=list_bodies_with_automatic_rules(),
        state__in=[str(state) for state in WAITING_STATES], triage=False, care=str(Handling.OPEN), referred_from=None,
        recused=[],
    ).order_by("received_at", "pk")  # fmt: skip
    distributed = 0
    in_hand: dict[int, Counter[int]] = {}
    for row in waiting:
        if row.entity_id not in in_hand:
            staff = list_seats(list_unit_rules(row.entity_id), at, ())
            in_hand[row.entity_id] = Counter({seat.officer: seat.open_cases for seat in staff})
        loads = in_hand[row.entity_id]
        found = propose_assignment(row.standing, at, loads)
        if found is None or not found.rule.automatic:
            continue
        try:
            record(
                case=row.pk,
                seen=None,
                actor=CLOCK,
                at=at,
                decide=partial(_decide_assignment, row.pk, at, loads),
            )
            distributed += 1
            if found.officer:
                loads[found.officer] += 1
        except _RuleNoLongerApplies:
            continue
        except Exception:  # one case that cannot go on must not hold up every other
            log.exception("case %s could not be distributed", row.pk)
    return distributed


_MANUAL_EVENTS = (EventType.ASSIGNED, EventType.HANDED_BACK, EventType.LEFT, EventType.APPEAL_UPHELD)


class _RuleNoLongerApplies(Exception):
    """A person was quicker, or the rules have changed."""


def _decide_assignment(case: UUID, at: datetime, loads: Counter[int], standing: CaseState) -> Change:
    found = propose_assignment(standing, at, loads)
    if found is None or not found.rule.automatic or standing.referred_from_id or standing.recused:
        raise _RuleNoLongerApplies
    data = {"unit_id": found.rule.unit, "officer_id": found.officer, "by": None, "rule": found.rule.id}
    return Change(EventType.ASSIGNED, data)


def _get_rule(rule: int, actor: Actor) -> Rule:
    row = Rule.objects.select_for_update().filter(pk=rule).first()
    if row is None:
        raise NotAllowed
    _require_entity_permission(actor, row.entity_id)
    return row


def _require_entity_permission(actor: Actor, entity: int) -> None:
    if not has_entity_permission(actor, Permission.ARRANGE, entity):
        raise NotAllowed
