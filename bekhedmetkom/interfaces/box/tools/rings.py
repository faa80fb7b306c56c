"""`box rings out|in`: key rings to the machine of the escrow and back, when the Commission has lost its keys."""

import json
import os
from argparse import ArgumentParser
from base64 import b64decode, b64encode
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management import CommandError

from bekhedmetkom.disclosures import commands
from bekhedmetkom.disclosures.standing import NoSuchReport
from bekhedmetkom.kernel.clock import local_day, now

HELP = "take key rings out for `box escrow join`, and put them back sealed anew; both are in the journal"
WHO = "escrow"


def add_arguments(parser: ArgumentParser) -> None:
    """Which way, and the file."""
    parser.add_argument("way", choices=("out", "in"))
    parser.add_argument("file", type=Path)


def handle(options: Mapping[str, Any]) -> None:
    """One way."""
    (_out if options["way"] == "out" else _in)(options["file"])


def _out(file: Path) -> None:
    taken = commands.key_rings(who=WHO, today=local_day(now()))
    rings = {str(report): [b64encode(ring).decode() for ring in those] for report, those in taken.items()}
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        json.dump(rings, out)
    print(f"The key rings of {len(rings)} reports, sealed as they were: {file}")


def _in(file: Path) -> None:
    today, came = local_day(now()), {"put back": 0, "of this manifest already": 0, "of no report any more": 0}
    for report, ring in json.loads(file.read_text()).items():
        came[_put_back(UUID(report), b64decode(ring), today)] += 1
    print(", ".join(f"{count} {what}" for what, count in came.items()) + ".")
    if not came["put back"]:
        raise CommandError("None was put back. Install the new manifest first.")


def _put_back(report: UUID, ring: bytes, today: date) -> str:
    try:
        commands.renew_ring(report, officer=WHO, ring=ring, today=today)
    except commands.NotNow:
        return "of this manifest already"
    except NoSuchReport:
        return "of no report any more"
    return "put back"
