"""Which rules of approval a body has, whether a reply needs it by them, and who gives it."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime

from bekhedmetkom.catalogue.queries import service
from bekhedmetkom.catalogue.rules import Kind
from bekhedmetkom.entities.versions import Held
from bekhedmetkom.identity.queries import approvers, at_work_since
from bekhedmetkom.kernel.clock import local_day
from bekhedmetkom.kernel.words import Words
from bekhedmetkom.routing import models

from ..rules.approval import ApprovalRule, days_at_work, demanding, which
from ..rules.standing import Standing
from .clear import concerned


def _read_rules() -> Mapping[int, list[ApprovalRule]]:
    rules: defaultdict[int, list[ApprovalRule]] = defaultdict(list)
    for row in models.ApprovalRule.objects.filter(ended_on=None).order_by("pk"):
        kind = Kind(row.kind) if row.kind else None
        rules[row.entity_id].append(
            ApprovalRule(row.pk, row.entity_id, kind, row.service_id, row.officer_id, row.new_for)
        )
    return dict(rules)


_rules = Held("routing", _read_rules)


def approval_rules(entity: int) -> list[ApprovalRule]:
    """The rules that a body has now, from memory."""
    return list(_rules().get(entity, ()))


def demanded(case: Standing, writer: int | None, at: datetime) -> ApprovalRule | None:
    """The rule by which this officer's reply on this case is approved first; one query where new officers' are."""
    rules = approval_rules(case.entity_id)
    asks = writer is not None and any(rule.new_for for rule in rules)
    since = at_work_since(writer, at) if asks and writer is not None else None
    return demanding(rules, case, writer, days_at_work(since, local_day(at)))


def why(rule: ApprovalRule) -> Words:
    """Why the officer who is writing needs approval, for their own eyes."""
    meant = which(rule, _topic(rule))
    if rule.officer is not None:
        return Words("ردودك تُعتمد قبل إرسالها.", "Your replies are approved before they go out.")
    return Words(f"{meant.ar} تُعتمد في جهتك قبل إرسالها.",
                 f"{meant.en} are approved at your body before they go out.")  # fmt: skip


def meant(rule: ApprovalRule, people: Mapping[int, Words]) -> Words:
    """The replies that a rule means, for who sets the rules; `people` has officers' names."""
    return which(rule, _topic(rule), people.get(rule.officer or 0))


def _topic(rule: ApprovalRule) -> Words | None:
    return service(rule.service).words if rule.service else None


def approvers_of(case: Standing, writers: Collection[int], at: datetime) -> list[int]:
    """Who approves a reply on this case that these officers wrote: the body's approvers, else its head, else the
    nearest official above, else the Prime Ministry unit.
    """
    return approvers(case.entity_id, case.unit_id, {*writers, *case.recused, *concerned(case, at)}, at)
