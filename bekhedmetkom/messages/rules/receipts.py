"""What becomes of a message once a gateway has it, told by receipts that come late, twice, or in the wrong order."""

from collections.abc import Collection, Mapping
from enum import StrEnum

from .states import MessageState


class Fate(StrEnum):
    """Of one part of a message, the later in this list the more certain."""

    HANDED = "handed"  # the gateway has it
    FAILED = "failed"  # given up, as far as the gateway knows
    DELIVERED = "delivered"  # the telephone has it, whatever is said afterwards


CERTAINTY: Mapping[Fate, int] = {fate: place for place, fate in enumerate(Fate)}

# The words of gateways, those of SMPP 3.4 among them. What is not here is a step on the way.
_SAID: Mapping[str, Fate] = {
    **dict.fromkeys(("delivered", "delivrd"), Fate.DELIVERED),
    **dict.fromkeys(
        ("failed", "undelivered", "undeliverable", "undeliv", "expired", "deleted", "rejected", "rejectd"),
        Fate.FAILED,
    ),
}


def fate_of(said: str) -> Fate:
    """What a gateway's word for a state means."""
    return _SAID.get(said.strip().lower(), Fate.HANDED)


def later(known: Fate, told: Fate) -> Fate:
    """What is known after one more receipt."""
    return max(known, told, key=CERTAINTY.__getitem__)


def together(fates: Collection[Fate]) -> MessageState:
    """A message of several parts reads as a whole or not at all."""
    if Fate.FAILED in fates:
        return MessageState.FAILED
    if fates and set(fates) == {Fate.DELIVERED}:
        return MessageState.DELIVERED
    return MessageState.SENT
