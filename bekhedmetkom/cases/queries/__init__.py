"""What is asked of cases: by their citizen, at the desk, by who verifies the journal."""

from ..workspace_models import Draft
from .case.desk_case import (
    CaseEscalationStep,
    DeskCase,
    PendingInstruction,
    find_case_state,
    find_desk_case,
    has_work_since,
)
from .case.files import CaseFile
from .case.mentions import Mention, list_mentions
from .case.readers import list_colleagues_with_access
from .case.related import RelatedCase, get_answer, list_earlier_cases, list_similar_cases
from .case.reply_quality import judge_case_reply
from .case.tasks import TaskOutcome, TaskView
from .case.timeline import EntryText, TimelineEntry, get_body_name
from .case.undo import find_case_to_undo
from .journal_verification import JournalFault, find_faults, list_case_ranges, verify_journal
from .leadership.approval import (
    describe_approval_rule,
    explain_approval,
    list_approval_rules,
    list_reply_approvers,
)
from .leadership.attention import (
    LEADERSHIP_ROLES,
    AttentionItem,
    AttentionPage,
    get_attention_page,
    has_attention_page,
    is_leadership,
)
from .leadership.brief import get_brief
from .leadership.case_highlights import CaseHighlights, get_case_highlights
from .leadership.escalations import (
    ConfidentialEscalation,
    Escalation,
    OfficerAction,
    list_confidential_escalations,
)
from .leadership.instructions import Instruction, list_instructions
from .leadership.reply_outcomes import (
    QualityOverride,
    SentReplies,
    TemplateUse,
    count_sent_replies,
    get_template_use,
    list_quality_overrides,
)
from .lists.absence_summary import CaseDuringAbsence, list_changes_during_absence
from .lists.bulk_selection import SelectedCase, get_selected_cases
from .lists.case_list import (
    MAX_PAGE_SIZE,
    NEWEST_FIRST_QUEUES,
    SORT_ORDERS,
    CasePage,
    get_case_page,
    get_default_order,
)
from .lists.case_rows import CaseRow
from .lists.filters import QueueFilter
from .lists.queue_counts import COUNT_LIMIT, count_arrivals, count_queues, get_last_event_id, has_new_events
from .lists.queues import ALL_CASES, QUEUE_LABELS, list_queues
from .lists.saved_views import ListPreferences, SavedViewItem, get_list_preferences
from .lists.workload import Workload, WorkloadBoard, get_workload_board
from .public.citizen_case import CitizenCase, find_case_by_code, find_case_for_citizen, get_case_for_citizen
from .public.my_cases import MyCase, MyCasesPage, find_my_case, has_cases, list_my_cases
from .public.published_cases import (
    PublicCase,
    PublishedAnswer,
    find_published_answer,
    list_public_cases,
    search_published_answers,
)
from .routing.appeal_reviewers import count_open_cases
from .routing.conflict_of_interest import get_concerned_officers, is_unit_in_conflict
from .routing.distribution_rules import RuleTrial, describe_rule, propose_assignment, run_rule_trial

__all__ = [
    "ALL_CASES",
    "COUNT_LIMIT",
    "LEADERSHIP_ROLES",
    "MAX_PAGE_SIZE",
    "NEWEST_FIRST_QUEUES",
    "QUEUE_LABELS",
    "SORT_ORDERS",
    "AttentionItem",
    "AttentionPage",
    "CaseDuringAbsence",
    "CaseEscalationStep",
    "CaseFile",
    "CaseHighlights",
    "CasePage",
    "CaseRow",
    "CitizenCase",
    "ConfidentialEscalation",
    "DeskCase",
    "Draft",
    "EntryText",
    "Escalation",
    "Instruction",
    "JournalFault",
    "ListPreferences",
    "Mention",
    "MyCase",
    "MyCasesPage",
    "OfficerAction",
    "PendingInstruction",
    "PublicCase",
    "PublishedAnswer",
    "QualityOverride",
    "QueueFilter",
    "RelatedCase",
    "RuleTrial",
    "SavedViewItem",
    "SelectedCase",
    "SentReplies",
    "TaskOutcome",
    "TaskView",
    "TemplateUse",
    "TimelineEntry",
    "Workload",
    "WorkloadBoard",
    "count_arrivals",
    "count_open_cases",
    "count_queues",
    "count_sent_replies",
    "describe_approval_rule",
    "describe_rule",
    "explain_approval",
    "find_case_by_code",
    "find_case_for_citizen",
    "find_case_state",
    "find_case_to_undo",
    "find_desk_case",
    "find_faults",
    "find_my_case",
    "find_published_answer",
    "get_answer",
    "get_attention_page",
    "get_body_name",
    "get_brief",
    "get_case_for_citizen",
    "get_case_highlights",
    "get_case_page",
    "get_concerned_officers",
    "get_default_order",
    "get_last_event_id",
    "get_list_preferences",
    "get_selected_cases",
    "get_template_use",
    "get_workload_board",
    "has_attention_page",
    "has_cases",
    "has_new_events",
    "has_work_since",
    "is_leadership",
    "is_unit_in_conflict",
    "judge_case_reply",
    "list_approval_rules",
    "list_case_ranges",
    "list_changes_during_absence",
    "list_colleagues_with_access",
    "list_confidential_escalations",
    "list_earlier_cases",
    "list_instructions",
    "list_mentions",
    "list_my_cases",
    "list_public_cases",
    "list_quality_overrides",
    "list_queues",
    "list_reply_approvers",
    "list_similar_cases",
    "propose_assignment",
    "run_rule_trial",
    "search_published_answers",
    "verify_journal",
]  # fmt: skip
