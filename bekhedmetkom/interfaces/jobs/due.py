"""What the clock asks for, whether the worker's minute or `work --once` comes to do it."""

from collections.abc import Callable
from datetime import datetime

from bekhedmetkom.cases import feed
from bekhedmetkom.identity import pace

# Each does what is due at the instant that it is given and returns how much that was; nothing twice.
STEPS: tuple[Callable[[datetime], int], ...] = (pace.sweep,)
ROUNDS = 50


def run_due(at: datetime) -> int:
    """Do everything whose time has come; returns how much that was."""
    return sum(step(at) for step in STEPS)


def run_everything(at: datetime) -> int:
    """Until nothing is left: a deadline makes an event, the event a message, the message wants sending."""
    done = 0
    for _ in range(ROUNDS):
        this_round = run_due(at) + feed.run_once()
        done += this_round
        if not this_round:
            break
    return done
