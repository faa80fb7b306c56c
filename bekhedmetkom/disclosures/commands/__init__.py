"""What can be done with a report."""

from .clock import work
from .deciding import (
    NotNow,
    ask_for_identity,
    identity_for,
    key_rings,
    opened_by,
    release,
    renew_ring,
    set_status,
)
from .erasing import erase, erase_what_is_over
from .intake import ManifestMoved, Sealed, TakenAlready, make_decoy, take_in
from .mixing import mix
from .talking import TalkIsOver, TurnTaken, discloser_writes, officer_writes

__all__ = [
    "ManifestMoved", "NotNow", "Sealed", "TakenAlready", "TalkIsOver", "TurnTaken", "ask_for_identity",
    "discloser_writes", "erase", "erase_what_is_over", "identity_for", "key_rings", "make_decoy", "mix",
    "officer_writes", "opened_by", "release", "renew_ring", "set_status", "take_in", "work",
]  # fmt: skip
