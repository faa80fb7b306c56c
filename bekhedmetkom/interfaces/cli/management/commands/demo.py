"""`demo [--cases N] [--seed S]`: invented officers, and invented cases of the last 90 days."""

import json
import os
from argparse import ArgumentParser
from datetime import datetime
from time import monotonic
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError

from bekhedmetkom.entities.queries import get_tree
from bekhedmetkom.interfaces.cli.demo.bulk_insert import derive_access_code
from bekhedmetkom.interfaces.cli.demo.generation import DemoOrder, generate_cases, is_generated
from bekhedmetkom.interfaces.cli.demo.officers import MAIN_BODY, create_officers
from bekhedmetkom.interfaces.cli.demo.text_bank import TextBank
from bekhedmetkom.kernel.clock import AMMAN, now
from bekhedmetkom.kernel.references import format_access_code

TEXTS_FOLDER = settings.ROOT / "data" / "demo"
EXAMPLE_LABELS = {
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
        if MAIN_BODY not in {body.code for body in get_tree()}:
            raise CommandError("Import the directory first: directory import data/directory")
        at = (at if at is None or at.tzinfo else at.replace(tzinfo=AMMAN)) or now().replace(microsecond=0)
        order = DemoOrder(cases, seed, at, TEXTS_FOLDER)
        if is_generated(order):
            raise CommandError(f"The cases of seed {seed} are here already: name another seed.")
        create_officers(TextBank(TEXTS_FOLDER), settings.BK_HOME, at)
        began = monotonic()
        references: dict[str, str] = {}
        for sample in generate_cases(order):
            references.update(sample)
        took = monotonic() - began
        self.stdout.write(f"{cases:,} cases in {took:.1f} s, {cases / took:,.0f} a second")
        self._write_examples(references)

    def _write_examples(self, references: dict[str, str]) -> None:
        """Three cases that a visitor can follow as their citizen, also kept for `make run` to find."""
        examples = [
            {
                "about": about,
                "reference": references[key],
                "access_code": format_access_code(derive_access_code(references[key])),
            }
            for key, about in EXAMPLE_LABELS.items()
            if key in references
        ]
        file = settings.BK_HOME / "examples.json"
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
            json.dump(examples, out, indent=1)
        for example in examples:
            self.stdout.write(f"  {example['reference']}  {example['access_code']}  {example['about']}")
