"""Commands of the call centre: exchange events, calls, caller verification and call-backs."""

from ..queries.ownership import CallBackNotHeld, CallerNotVerified, CallNotHeld
from .agent_calls import (
    issue_call_code,
    open_case_of_number,
    open_case_with_code,
    set_agent_line,
    take_call,
    verify_number,
    wrap_up,
)
from .call_backs import record_attempt, record_conversation, take_next_call_back
from .caller_actions import (
    add_message,
    clear_draft,
    record_resolution,
    register_case,
    save_draft,
    submit_appeal,
)
from .caller_verification import (
    IssuedCode,
    issue_call_back_code,
    verify_call_back_access_code,
    verify_call_back_code,
)
from .exchange_events import delete_caller_data, record_event

__all__ = [
    "CallBackNotHeld",
    "CallNotHeld",
    "CallerNotVerified",
    "IssuedCode",
    "add_message",
    "clear_draft",
    "delete_caller_data",
    "issue_call_back_code",
    "issue_call_code",
    "open_case_of_number",
    "open_case_with_code",
    "record_attempt",
    "record_conversation",
    "record_event",
    "record_resolution",
    "register_case",
    "save_draft",
    "set_agent_line",
    "submit_appeal",
    "take_call",
    "take_next_call_back",
    "verify_call_back_access_code",
    "verify_call_back_code",
    "verify_number",
    "wrap_up",
]
