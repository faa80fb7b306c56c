"""A simulated day of calls, reproducible by its seed."""

from collections.abc import Iterator
from random import Random
from typing import NamedTuple

OPENS, CLOSES = 8 * 3600, 20 * 3600  # seconds of the day
MAX_WAIT_SECONDS = 90.0  # seconds that half of the callers wait at most
MISSED_PERCENT = 8


class SimulatedEvent(NamedTuple):
    """One event; `at` counts seconds from the opening."""

    at: float
    fields: dict[str, str]


def simulate_day(*, calls: int, lines: tuple[str, ...], seed: int) -> list[SimulatedEvent]:
    """Return a day's events in order of arrival: some are repeated, some late, some numbers withheld."""
    random = Random(seed)  # noqa: S311 - chance that a seed can repeat; nothing here is a secret
    events = [
        event for number in range(calls) for event in _simulate_call(random, f"sim-{seed}-{number}", lines)
    ]
    return sorted(events, key=lambda event: event.at)  # many callers ring at the opening


def _simulate_call(random: Random, call_id: str, lines: tuple[str, ...]) -> Iterator[SimulatedEvent]:
    # Two peaks, before noon and in the late afternoon.
    peak = random.choice((11 * 3600, 11 * 3600, 17 * 3600))
    began = min(max(random.gauss(peak, 5400), OPENS), CLOSES) - OPENS
    hidden = random.randrange(100) < 5
    caller = "anonymous" if hidden else f"9627{random.choice('789')}{random.randrange(10**7):07d}"
    common = {"callId": call_id, "from": caller, "to": "96265008080", "direction": "in", "queue": "national"}
    waited, talked = random.expovariate(1 / 25), random.gammavariate(2, 110)
    missed = random.randrange(100) < MISSED_PERCENT
    events = [
        SimulatedEvent(
            began, common | {"event": "newCall", "user[]": lines[0] if len(lines) == 1 else ",".join(lines)}
        )
    ]
    if missed:
        events.append(
            SimulatedEvent(
                began + random.uniform(3, MAX_WAIT_SECONDS), common | {"event": "hangup", "cause": "cancel"}
            )
        )
    else:
        line = random.choice(lines)
        events.append(
            SimulatedEvent(
                began + waited, common | {"event": "answer", "user[]": line, "answeringNumber": line}
            )
        )
        events.append(
            SimulatedEvent(began + waited + talked, common | {"event": "hangup", "cause": "normalClearing"})
        )
    for event in events:
        yield event._replace(at=event.at + (random.uniform(0, 5) if random.randrange(100) < 5 else 0))
        if random.randrange(100) < 10:  # a repeated event
            yield event._replace(at=event.at + random.uniform(0, 60))
