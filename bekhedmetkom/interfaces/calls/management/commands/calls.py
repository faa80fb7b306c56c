"""`calls simulate`: posts a simulated day of calls to a running platform."""

import time
from argparse import ArgumentParser
from collections import Counter
from typing import Any

import httpx
from django.conf import settings
from django.core.management import BaseCommand, CommandError

from bekhedmetkom.calls.rules.simulation import CLOSES, OPENS, simulate_day


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=["simulate"])
        parser.add_argument("--calls", type=int, default=300, help="of the day")
        parser.add_argument(
            "--minutes", type=float, default=2, help="that the day of twelve hours is told in"
        )
        parser.add_argument(
            "--lines", default="21,22,23,24", help="telephones, as agents name theirs on /calls"
        )
        parser.add_argument(
            "--seed", type=int, default=0, help="the same seed tells the same day; 0: another each time"
        )
        parser.add_argument(
            "--url", default="", help="of the platform; as it is set for this one, if none is given"
        )

    def handle(
        self, *args: Any, calls: int, minutes: float, lines: str, seed: int, url: str, **options: Any
    ) -> None:
        named = tuple(line for line in (part.strip() for part in lines.split(",")) if line)
        if calls < 1 or minutes < 0 or not named:
            raise CommandError("A day has calls, a length and at least one telephone.")
        day = simulate_day(calls=calls, lines=named, seed=seed or time.time_ns() % 10**9)
        faster = (CLOSES - OPENS) / (minutes * 60) if minutes else 0
        address, began, answers = (
            f"{(url or settings.PUBLIC_URL).rstrip('/')}/webhooks/calls",
            time.monotonic(),
            Counter[int](),
        )
        slowest = 0.0
        with httpx.Client(
            headers={"Authorization": f"Bearer {settings.CALLS_TOKEN}"}, timeout=10
        ) as exchange:
            for event in day:
                if faster:
                    time.sleep(max(event.at / faster - (time.monotonic() - began), 0))
                sent = time.monotonic()
                try:
                    answer = exchange.post(address, data=event.fields)
                except httpx.HTTPError as problem:
                    raise CommandError(f"{address} does not answer ({type(problem).__name__}).") from problem
                slowest = max(slowest, time.monotonic() - sent)
                answers[answer.status_code] += 1
        if set(answers) != {200}:
            raise CommandError(f"{address} answered {dict(answers)}: is CALLS_TOKEN the same on both sides?")
        self.stdout.write(
            f"{calls} calls told in {len(day)} events; the slowest answer took {slowest * 1000:.0f} ms."
        )
