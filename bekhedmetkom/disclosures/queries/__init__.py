"""Queries on reports."""

from .commission import get_outer_key_for_officer
from .conversation import (
    CommissionMessage,
    Conversation,
    get_conversation,
    get_encrypted_conversation,
    get_outer_key,
    read_file,
)

__all__ = [
    "CommissionMessage",
    "Conversation",
    "get_conversation",
    "get_encrypted_conversation",
    "get_outer_key",
    "get_outer_key_for_officer",
    "read_file",
]
