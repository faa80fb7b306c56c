"""Commands: send messages and codes, record delivery and replies, save preferences and template texts."""

from ..rules.codes import CodePurpose
from .codes import send_code_message
from .delivery import send_due_messages
from .delivery_reports import delete_old_receipts, process_bounce, record_receipt, record_receipt_by_message
from .digests import send_grouped_emails, send_list_email, send_morning_digests
from .email_replies import process_email_reply
from .incoming_replies import delete_old_arrivals
from .messenger import link_case_to_messenger, record_messenger_contact, resume_messenger
from .preferences import (
    delete_old_notices,
    mark_case_seen,
    mark_lines_seen,
    save_email_preferences,
    unsubscribe_from_case,
)
from .push_subscriptions import subscribe_device, unsubscribe_devices
from .resend import MessageNotResendable, requeue_message
from .sms_replies import process_sms_reply
from .template_texts import save_template_text

__all__ = [
    "CodePurpose",
    "MessageNotResendable",
    "delete_old_arrivals",
    "delete_old_notices",
    "delete_old_receipts",
    "link_case_to_messenger",
    "mark_case_seen",
    "mark_lines_seen",
    "process_bounce",
    "process_email_reply",
    "process_sms_reply",
    "record_messenger_contact",
    "record_receipt",
    "record_receipt_by_message",
    "requeue_message",
    "resume_messenger",
    "save_email_preferences",
    "save_template_text",
    "send_code_message",
    "send_due_messages",
    "send_grouped_emails",
    "send_list_email",
    "send_morning_digests",
    "subscribe_device",
    "unsubscribe_devices",
    "unsubscribe_from_case",
]  # fmt: skip
