"""Commands that change reports."""

from .commission import (
    NotPossibleNow,
    answer_identity_request,
    export_key_rings,
    open_identity,
    open_report,
    renew_key_ring,
    request_identity,
    set_status,
)
from .erasure import erase_expired_reports, erase_report
from .intake import DuplicateReport, EncryptedReport, ManifestChanged, create_decoy, submit_report
from .messages import ConversationClosed, TurnConflict, send_discloser_message, send_officer_message
from .row_shuffling import shuffle_days
from .scheduled_jobs import run_due_jobs

__all__ = [
    "ConversationClosed",
    "DuplicateReport",
    "EncryptedReport",
    "ManifestChanged",
    "NotPossibleNow",
    "TurnConflict",
    "answer_identity_request",
    "create_decoy",
    "erase_expired_reports",
    "erase_report",
    "export_key_rings",
    "open_identity",
    "open_report",
    "renew_key_ring",
    "request_identity",
    "run_due_jobs",
    "send_discloser_message",
    "send_officer_message",
    "set_status",
    "shuffle_days",
    "submit_report",
]
