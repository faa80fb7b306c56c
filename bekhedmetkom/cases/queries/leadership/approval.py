"""Which rules of approval a body has, whether a reply needs it by them, and who gives it."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime

from bekhedmetkom.catalogue.queries import get_service
from bekhedmetkom.catalogue.rules import Kind
from bekhedmetkom.entities.table_cache import CachedTable
from bekhedmetkom.identity.queries import get_first_role_date, list_approvers
from bekhedmetkom.kernel.clock import get_local_date
from bekhedmetkom.kernel.text import BilingualText
from bekhedmetkom.routing import models

from ...rules.approval import ApprovalRule, count_days_at_work, describe_replies, find_approval_rule
from ...rules.case_state import CaseState
from ..routing.conflict_of_interest import get_concerned_officers


def _load_rules() -> Mapping[int, list[ApprovalRule]]:
    rules: defaultdict[int, list[ApprovalRule]] = defaultdict(list)
    for row in models.ApprovalRule.objects.filter(ended_on=None).order_by("pk"):
        kind = Kind(row.kind) if row.kind else None
        rules[row.entity_id].append(
            ApprovalRule(row.pk, row.entity_id, kind, row.service_id, row.officer_id, row.new_for)
        )
    return dict(rules)


_get_rules = CachedTable("routing", _load_rules)


def list_approval_rules(entity: int) -> list[ApprovalRule]:
    """The rules that a body has now, from memory."""
    return list(_get_rules().get(entity, ()))


def find_required_approval(case: CaseState, writer: int | None, at: datetime) -> ApprovalRule | None:
    """The rule by which this officer's reply on this case is approved first; one query where new officers' are."""
    rules = list_approval_rules(case.entity_id)
    asks = writer is not None and any(rule.new_for for rule in rules)
    since = get_first_role_date(writer, at) if asks and writer is not None else None
    return find_approval_rule(rules, case, writer, count_days_at_work(since, get_local_date(at)))


def explain_approval(rule: ApprovalRule) -> BilingualText:
    """Why the officer who is writing needs approval, for their own eyes."""
    meant = describe_replies(rule, _get_topic_name(rule))
    if rule.officer is not None:
        return BilingualText("ردودك تُعتمد قبل إرسالها.", "Your replies are approved before they go out.")
    return BilingualText(f"{meant.ar} تُعتمد في جهتك قبل إرسالها.",
                 f"{meant.en} are approved at your body before they go out.")  # fmt: skip


def describe_approval_rule(rule: ApprovalRule, people: Mapping[int, BilingualText]) -> BilingualText:
    """The replies that a rule means, for who sets the rules; `people` has officers' names."""
    return describe_replies(rule, _get_topic_name(rule), people.get(rule.officer or 0))


def _get_topic_name(rule: ApprovalRule) -> BilingualText | None:
    return get_service(rule.service).name if rule.service else None


def list_reply_approvers(case: CaseState, writers: Collection[int], at: datetime) -> list[int]:
    """Who approves a reply on this case that these officers wrote: the body's approvers, else its head, else the
    nearest official above, else the Prime Ministry unit.
    """
    return list_approvers(
        case.entity_id, case.unit_id, {*writers, *case.recused, *get_concerned_officers(case, at)}, at
    )
