"""Queries of the call centre."""

from .console import (
    CallBackInHand,
    CallInHand,
    count_waiting_call_backs,
    find_call_in_hand,
    find_opened_case,
    get_agent_line,
    get_call,
    get_call_back,
    list_case_endings,
    list_ringing_calls,
    list_unclaimed_calls,
)
from .day_figures import DayFigures, count_completed_call_backs, get_day_figures

__all__ = [
    "CallBackInHand",
    "CallInHand",
    "DayFigures",
    "count_completed_call_backs",
    "count_waiting_call_backs",
    "find_call_in_hand",
    "find_opened_case",
    "get_agent_line",
    "get_call",
    "get_call_back",
    "get_day_figures",
    "list_case_endings",
    "list_ringing_calls",
    "list_unclaimed_calls",
]
