"""`box manifest root|sign|verify|rotate`: the Commission's public keys, signed by a root key that is kept
offline.

`root`, `sign` and `rotate` are for a machine without a network and need no database or settings. Anybody may
`verify`.
"""

import json
import secrets
from argparse import ArgumentParser
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.core.management import CommandError

from bekhedmetkom.disclosures.installation import get_installation
from bekhedmetkom.disclosures.rules.manifest import (
    Custodian,
    Manifest,
    ManifestError,
    Officer,
    get_root_public_key,
    parse_manifest,
    sign_manifest,
    verify_manifest,
)
from bekhedmetkom.kernel.canonical_json import encode_canonical_json
from bekhedmetkom.kernel.clock import get_local_date, now

HELP = "make a root key; sign, check or renew the manifest of the Commission's public keys"
VALID_DAYS = 90  # an expired manifest closes intake


def add_arguments(parser: ArgumentParser) -> None:
    """Add a sub-command for each step."""
    words = parser.add_subparsers(dest="step", required=True, metavar="STEP")
    root = words.add_parser(
        "root", help="make the root key, once; prints the public key to pin as BOX_ROOT_KEY"
    )
    root.add_argument("root", type=Path, metavar="SECRET")
    signing = words.add_parser("sign", help="sign a manifest that was written by hand")
    signing.add_argument("draft", type=Path)
    check = words.add_parser("verify", help="say whether a manifest holds, and whom it names")
    check.add_argument("manifest", type=Path, nargs="?", help="the one in use unless named")
    check.add_argument("--root-key", default="", help="the pinned public key; as set unless given")
    check.add_argument("--epoch", type=int, default=0, help="the least that it must have")
    renew = words.add_parser(
        "rotate", help="the next manifest: a new term, people who came or left, new keys"
    )
    renew.add_argument("manifest", type=Path)
    renew.add_argument(
        "--with", dest="comes", type=Path, action="append", default=[], metavar="PUBLIC-KEY-FILE"
    )
    renew.add_argument("--without", dest="leaves", action="append", default=[], metavar="ID")
    renew.add_argument("--escrow", default="", metavar="AGE1…")
    renew.add_argument("--days", type=int, default=VALID_DAYS)
    for step in (signing, renew):
        step.add_argument("--root", type=Path, required=True, metavar="SECRET")
        step.add_argument("--out", type=Path, default=Path("manifest.json"))


def handle(options: Mapping[str, Any]) -> None:
    """Run one step."""
    try:
        _STEPS[options["step"]](options)
    except ManifestError as error:
        raise CommandError(f"Refused: {type(error).__name__}. {(error.__doc__ or '').strip()}") from None
    except OSError as error:
        raise CommandError(f"{error.filename}: {error.strerror}") from None


def _create_root(options: Mapping[str, Any]) -> None:
    seed = secrets.token_bytes(32)
    options["root"].touch(mode=0o600, exist_ok=False)
    options["root"].write_text(seed.hex() + "\n")
    print(
        f"Secret: {options['root']} (never on a network). Pin on the server:\n"
        f"BOX_ROOT_KEY={get_root_public_key(seed).hex()}"
    )


def _sign(options: Mapping[str, Any]) -> None:
    try:
        draft = json.loads(options["draft"].read_text("utf-8"))
    except ValueError:
        raise CommandError(f"{options['draft']} is not JSON.") from None
    _write_manifest(parse_manifest(encode_canonical_json(draft)), options)


def _verify(options: Mapping[str, Any]) -> None:
    path = options["manifest"] or get_installation().manifest_file
    root = options["root_key"] or get_installation().root_key
    manifest = verify_manifest(
        path.read_bytes(),
        path.with_suffix(".sig").read_bytes(),
        _parse_hex(root),
        _get_today(),
        options["epoch"],
    )
    _print_manifest(manifest)


def _rotate(options: Mapping[str, Any]) -> None:
    path, seed = options["manifest"], _read_seed(options["root"])
    old = parse_manifest(path.read_bytes())
    verify_manifest(
        path.read_bytes(), path.with_suffix(".sig").read_bytes(), get_root_public_key(seed), old.issued, 0
    )
    added = [json.loads(file.read_text("utf-8")) for file in options["comes"]]
    removed = {*options["leaves"], *(person["id"] for person in added)}
    officers = [officer for officer in old.officers if officer.id not in removed]
    custodians = [custodian for custodian in old.custodians if custodian.id not in removed]
    for person in added:
        if person["office"] == "custodian":
            custodians.append(Custodian(person["id"], person["name"], person["recipient"]))
        else:
            officers.append(
                Officer(person["id"], person["name"], person["office"], person["recipient"], person["signs"])
            )
    new = old._replace(
        epoch=old.epoch + 1,
        issued=_get_today(),
        expires=_get_today() + timedelta(days=options["days"]),
        officers=tuple(officers),
        custodians=tuple(custodians),
        escrow=options["escrow"] or old.escrow,
    )
    _write_manifest(new.validate(), options)


_STEPS = {"root": _create_root, "sign": _sign, "verify": _verify, "rotate": _rotate}


def _write_manifest(manifest: Manifest, options: Mapping[str, Any]) -> None:
    body, out = manifest.encode(), options["out"]
    signature = sign_manifest(body, _read_seed(options["root"]))
    out.write_bytes(body)
    out.with_suffix(".sig").write_bytes(signature)
    _print_manifest(manifest)
    print(f"Written: {out} and {out.with_suffix('.sig')}")


def _print_manifest(manifest: Manifest) -> None:
    print(f"Epoch {manifest.epoch}, {manifest.issued} to {manifest.expires}")
    for officer in manifest.officers:
        print(f"{officer.role:9} {officer.id}  {officer.name}  {officer.recipient}")
    for custodian in manifest.custodians:
        print(f"custodian {custodian.id}  {custodian.name}  {custodian.recipient}")
    print(f"escrow    {manifest.escrow}")


def _read_seed(path: Path) -> bytes:
    seed = _parse_hex(path.read_text().strip())
    if len(seed) != 32:
        raise CommandError(f"{path} holds no root key.")
    return seed


def _parse_hex(value: str) -> bytes:
    try:
        return bytes.fromhex(value)
    except ValueError:
        return b""


def _get_today() -> date:
    return get_local_date(now())
