"""`box rings out|in`: export key rings to the escrow's machine and import them again, after lost keys."""

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
from bekhedmetkom.disclosures.reports import NoSuchReport
from bekhedmetkom.kernel.clock import get_local_date, now

HELP = "take key rings out for `box escrow join`, and put them back sealed anew; both are in the journal"
ACTOR = "escrow"


def add_arguments(parser: ArgumentParser) -> None:
    """Add direction and file."""
    parser.add_argument("way", choices=("out", "in"))
    parser.add_argument("file", type=Path)


def handle(options: Mapping[str, Any]) -> None:
    """Export or import."""
    (_export_key_rings if options["way"] == "out" else _import_key_rings)(options["file"])


def _export_key_rings(file: Path) -> None:
    exported = commands.export_key_rings(who=ACTOR, today=get_local_date(now()))
    rings = {
        str(report): [b64encode(ring).decode() for ring in report_rings]
        for report, report_rings in exported.items()
    }
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        json.dump(rings, out)
    print(f"The key rings of {len(rings)} reports, sealed as they were: {file}")


def _import_key_rings(file: Path) -> None:
    today = get_local_date(now())
    counts = {"put back": 0, "of this manifest already": 0, "of no report any more": 0}
    for report, ring in json.loads(file.read_text()).items():
        counts[_import_key_ring(UUID(report), b64decode(ring), today)] += 1
    print(", ".join(f"{count} {what}" for what, count in counts.items()) + ".")
    if not counts["put back"]:
        raise CommandError("None was put back. Install the new manifest first.")


def _import_key_ring(report: UUID, ring: bytes, today: date) -> str:
    try:
        commands.renew_key_ring(report, officer=ACTOR, ring=ring, today=today)
    except commands.NotPossibleNow:
        return "of this manifest already"
    except NoSuchReport:
        return "of no report any more"
    return "put back"
