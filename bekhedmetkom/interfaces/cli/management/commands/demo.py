"""`demo [--cases N] [--seed S]`: invented officers, and invented cases of the last 90 days."""

import json
import os
from argparse import ArgumentParser
from datetime import datetime
from time import monotonic
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError

from bekhedmetkom.entities.queries import tree
from bekhedmetkom.interfaces.cli.demo.bank import Bank
from bekhedmetkom.interfaces.cli.demo.filling import Order, fill, is_made
from bekhedmetkom.interfaces.cli.demo.load import code_of
from bekhedmetkom.interfaces.cli.demo.people import FIRST, settle
from bekhedmetkom.kernel.clock import AMMAN, now
from bekhedmetkom.kernel.references import show_access_code

WORDS = settings.ROOT / "data" / "demo"
EXAMPLES = {
    "answered ar": "answered, to be rated",
    "assigned ar": "being worked on",
    "answered en": "in English",
}


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--cases", type=int, default=2000)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument(
            "--at", type=datetime.fromisoformat, help="the moment at which the story stands; now"
        )

    def handle(self, *args: Any, cases: int, seed: int, at: datetime | None, **options: Any) -> None:
        if FIRST not in {body.code for body in tree()}:
            raise CommandError("Import the directory first: directory import data/directory")
        at = (at if at is None or at.tzinfo else at.replace(tzinfo=AMMAN)) or now().replace(microsecond=0)
        order = Order(cases, seed, at, WORDS)
        if is_made(order):
            raise CommandError(f"The cases of seed {seed} are here already: name another seed.")
        settle(Bank(WORDS), settings.BK_HOME, at)
        began = monotonic()
        references: dict[str, str] = {}
        for sample in fill(order):
            references.update(sample)
        took = monotonic() - began
        self.stdout.write(f"{cases:,} cases in {took:.1f} s, {cases / took:,.0f} a second")
        self._show(references)

    def _show(self, references: dict[str, str]) -> None:
        """Three cases that a visitor can follow as their citizen, also kept for `make run` to find."""
        examples = [
            {
                "about": about,
                "reference": references[key],
                "access_code": show_access_code(code_of(references[key])),
            }
            for key, about in EXAMPLES.items()
            if key in references
        ]
        file = settings.BK_HOME / "examples.json"
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
            json.dump(examples, out, indent=1)
        for example in examples:
            self.stdout.write(f"  {example['reference']}  {example['access_code']}  {example['about']}")
