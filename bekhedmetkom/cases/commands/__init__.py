"""What people and time do to a case: one verb a function, permission first, then the journal."""

from .citizen import add_message, appeal_case, erase_case, rate_case, withdraw_case
from .collaboration.instructions import (
    DELEGATE_ROLES,
    ask_head_of_body,
    delegate_case,
    give_instruction,
    report_on_instruction,
)
from .collaboration.joint_cases import accept_participation, decline_participation, request_participation
from .collaboration.merge import link_case_to_problem, merge_case, split_case
from .collaboration.presence import delete_stale_presence, record_presence
from .collaboration.tasks import answer_task, cancel_task, create_task
from .contact.contact_details import (
    confirm_contact,
    renew_access_code,
    set_contact_preference,
    unsubscribe_case,
)
from .contact.identity_disclosure import record_printed_case
from .contact.phone_contact import record_call, record_failed_contact, record_phone_feedback
from .deadline_sweep import delete_expired_keys, reschedule_cases, sweep_deadlines
from .deadlines import (
    close_case,
    decide_appeal,
    escalate_case,
    extend_deadline,
    fulfil_commitment,
    make_commitment,
    recuse_officer,
    reveal_identity,
    snooze_case,
)
from .intake.case_insert import IdempotencyKeyReused, find_submission
from .intake.counter_intake import register_case
from .intake.picture_download import delete_given_up_pictures, fetch_due_pictures
from .intake.schemas import Submission, SubmissionResult
from .intake.submission import SubmissionInProgress, preview_submission, submit_case
from .lists.case_follows import follow_case, mark_case_seen, unfollow_case
from .lists.list_export import EXPORT_MODEL, record_export
from .lists.saved_views import ViewNotFound, delete_view, save_view, set_list_display, update_view
from .publication import keep_case_private, publish_case
from .reply.case_files import set_file_visibility, transcribe_recording
from .reply.drafts import (
    DraftConflict,
    discard_draft,
    is_already_sent,
    perform_once,
    save_reply_draft,
    store_draft,
)
from .reply.replies import (
    LowQualityReply,
    add_note,
    answer_case,
    approve_reply,
    ask_citizen,
    confirm_abuse,
    send_back_reply,
    submit_reply,
)
from .reply.reply_settings import add_approval_rule, end_approval_rule, save_template
from .routing.assignment import (
    accept_case,
    assign_case,
    classify_case,
    reclassify_case,
    refer_case,
    return_case,
)
from .routing.body_succession import apply_body_succession
from .routing.conflict_of_interest import resolve_conflicts, set_complaint_subject
from .routing.distribution_rules import (
    add_distribution_rule,
    add_skill,
    distribute_cases,
    end_distribution_rule,
    end_skill,
    raise_distribution_rule,
)
from .routing.officer_departure import release_cases_of_departed_officers
from .text_validation import UseConfidentialChannel
from .undo import mark_event_sent, undo_action

__all__ = [
    "DELEGATE_ROLES",
    "EXPORT_MODEL",
    "DraftConflict",
    "IdempotencyKeyReused",
    "LowQualityReply",
    "Submission",
    "SubmissionInProgress",
    "SubmissionResult",
    "UseConfidentialChannel",
    "ViewNotFound",
    "accept_case",
    "accept_participation",
    "add_approval_rule",
    "add_distribution_rule",
    "add_message",
    "add_note",
    "add_skill",
    "answer_case",
    "answer_task",
    "appeal_case",
    "apply_body_succession",
    "approve_reply",
    "ask_citizen",
    "ask_head_of_body",
    "assign_case",
    "cancel_task",
    "classify_case",
    "close_case",
    "confirm_abuse",
    "confirm_contact",
    "create_task",
    "decide_appeal",
    "decline_participation",
    "delegate_case",
    "delete_expired_keys",
    "delete_given_up_pictures",
    "delete_stale_presence",
    "delete_view",
    "discard_draft",
    "distribute_cases",
    "end_approval_rule",
    "end_distribution_rule",
    "end_skill",
    "erase_case",
    "escalate_case",
    "extend_deadline",
    "fetch_due_pictures",
    "find_submission",
    "follow_case",
    "fulfil_commitment",
    "give_instruction",
    "is_already_sent",
    "keep_case_private",
    "link_case_to_problem",
    "make_commitment",
    "mark_case_seen",
    "mark_event_sent",
    "merge_case",
    "perform_once",
    "preview_submission",
    "publish_case",
    "raise_distribution_rule",
    "rate_case",
    "reclassify_case",
    "record_call",
    "record_export",
    "record_failed_contact",
    "record_phone_feedback",
    "record_presence",
    "record_printed_case",
    "recuse_officer",
    "refer_case",
    "register_case",
    "release_cases_of_departed_officers",
    "renew_access_code",
    "report_on_instruction",
    "request_participation",
    "reschedule_cases",
    "resolve_conflicts",
    "return_case",
    "reveal_identity",
    "save_reply_draft",
    "save_template",
    "save_view",
    "send_back_reply",
    "set_complaint_subject",
    "set_contact_preference",
    "set_file_visibility",
    "set_list_display",
    "snooze_case",
    "split_case",
    "store_draft",
    "submit_case",
    "submit_reply",
    "sweep_deadlines",
    "transcribe_recording",
    "undo_action",
    "unfollow_case",
    "unsubscribe_case",
    "update_view",
    "withdraw_case",
]  # fmt: skip
