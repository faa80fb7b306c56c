"""`box escrow split|join`: create the escrow's five shares, and use three of them. For a machine without a
network.
"""

import json
from argparse import ArgumentParser
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from django.core.management import CommandError

from bekhedmetkom.disclosures.escrow import (
    SHARE_COUNT,
    THRESHOLD,
    InvalidShares,
    create_escrow,
    format_shares,
    get_escrow_recipient,
    renew_key_rings,
)
from bekhedmetkom.disclosures.rules.frame import CorruptData
from bekhedmetkom.disclosures.rules.manifest import InvalidManifest, parse_manifest

HELP = f"split a new escrow among {SHARE_COUNT} people; join {THRESHOLD} of them, as a drill or to seal key rings anew"


def add_arguments(parser: ArgumentParser) -> None:
    """Add a sub-command for each step."""
    words = parser.add_subparsers(dest="step", required=True, metavar="STEP")
    new = words.add_parser("split", help="a new escrow: prints its public key, writes a file for each keeper")
    new.add_argument("folder", type=Path)
    join = words.add_parser(
        "join", help="whether these shares open the escrow of a manifest; with --rings, use it"
    )
    join.add_argument("shares", type=Path, nargs=THRESHOLD, metavar="SHARE")
    join.add_argument("--manifest", type=Path, required=True)
    join.add_argument("--rings", type=Path, help="key rings as `box rings out` wrote them")
    join.add_argument(
        "--for", dest="new", type=Path, help="the manifest for whose officers they are sealed anew"
    )
    join.add_argument("--out", type=Path)


def handle(options: Mapping[str, Any]) -> None:
    """Run one step."""
    try:
        (_split if options["step"] == "split" else _join)(options)
    except InvalidShares:
        raise CommandError("These are not three shares of one escrow.") from None
    except (InvalidManifest, CorruptData, ValueError) as error:
        raise CommandError(f"Not what it should be ({type(error).__name__}); nothing is written.") from None
    except OSError as error:
        raise CommandError(f"{error.filename}: {error.strerror}") from None


def _split(options: Mapping[str, Any]) -> None:
    folder = options["folder"]
    folder.mkdir(mode=0o700, exist_ok=False)
    recipient, shares = create_escrow()
    for place, text in enumerate(format_shares(shares), 1):
        file = folder / f"share-{place}.txt"
        file.touch(mode=0o600)
        file.write_text(text)
    print(
        f"Five shares in {folder}: print each, hand it over, then destroy the folder.\nFor the manifest:\n{recipient}"
    )


def _join(options: Mapping[str, Any]) -> None:
    shares = [_read_share(path) for path in options["shares"]]
    manifest = parse_manifest(options["manifest"].read_bytes())
    if get_escrow_recipient(shares) != manifest.escrow:
        raise CommandError(f"These shares are of another escrow than that of epoch {manifest.epoch}.")
    print(f"These three shares open the escrow of epoch {manifest.epoch}.")
    if options["rings"]:
        _renew_rings_with_shares(options, shares)


def _renew_rings_with_shares(options: Mapping[str, Any], shares: Sequence[str]) -> None:
    if not options["new"] or not options["out"]:
        raise CommandError("Say --for which manifest, and --out to which file.")
    new = parse_manifest(options["new"].read_bytes())
    exported = json.loads(options["rings"].read_text())
    rings = {report: [b64decode(ring) for ring in report_rings] for report, report_rings in exported.items()}
    renewed = renew_key_rings(rings, shares, new)
    if not renewed:
        raise CommandError("None of them is a key ring of this escrow; nothing is written.")
    options["out"].write_text(
        json.dumps({report: b64encode(ring).decode() for report, ring in renewed.items()})
    )
    print(f"{len(renewed)} key rings sealed anew for the officers of epoch {new.epoch}: {options['out']}")
    if left := len(rings) - len(renewed):
        print(f"{left} have no key ring of this escrow, and are left as they are.")


def _read_share(path: Path) -> str:
    """Return the share in a file: its last line that is not empty."""
    return next((line for line in reversed(path.read_text().splitlines()) if line.strip()), "")
