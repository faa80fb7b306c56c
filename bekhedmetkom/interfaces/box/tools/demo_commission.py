"""The demonstration's Commission: two officers, two custodians, escrow and root, whose secrets lie open in a folder.

Only a demonstration makes them, and only a demonstration believes their root (`Place.root_key`).
"""

import json
import os
import secrets
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import pyrage

from bekhedmetkom.config.installation import read_or_create_file
from bekhedmetkom.disclosures import current_manifest
from bekhedmetkom.disclosures.commission_keys import wrap_key
from bekhedmetkom.disclosures.encryption import derive_signing_public_key
from bekhedmetkom.disclosures.installation import get_installation
from bekhedmetkom.disclosures.rules.manifest import (
    Custodian,
    Manifest,
    ManifestError,
    Officer,
    get_root_public_key,
    sign_manifest,
)

VALID_DAYS = 365
WARNING = (
    "# DEMONSTRATION ONLY. Whoever has this file reads what is sent to the demonstration's Commission.\n"
    "# للعرض فقط. من عنده هذا الملف يقرأ ما يُرسل إلى هيئة العرض.\n"
)
PASSPHRASE = "عبارة مرور للعرض فقط"  # of the files that the Commission's page opens
OFFICERS = {"officer-1": ("موظفة الهيئة (عرض)", "chief"), "officer-2": ("موظف الهيئة (عرض)", "officer")}
CUSTODIANS = {"custodian-1": "أمينة الهوية (عرض)", "custodian-2": "أمين الهوية (عرض)"}


def create_demo_commission(today: date) -> None:
    """Make what is missing, and sign anew what has run out."""
    folder = get_installation().demo_key_folder
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    (folder / "README.txt").write_text(f"{WARNING}\n{PASSPHRASE}\n")
    seed = bytes.fromhex(
        _parse_secret_file(
            read_or_create_file(folder / "root.key", lambda: _format_secret_file(secrets.token_hex(32)))
        )
    )
    (folder / "root.pub").write_text(get_root_public_key(seed).hex())
    for one, name in {**{one: name for one, (name, _) in OFFICERS.items()}, **CUSTODIANS}.items():
        _get_or_create_recipient(folder / f"{one}.key")
        read_or_create_file(folder / f"{one}.key.json", partial(_build_key_file, folder, one, name))
    if get_installation().pinned_root_key or _is_manifest_valid(today):
        return
    manifest = Manifest(
        epoch=max(current_manifest.get_minimum_epoch(), 0) + 1,
        issued=today,
        expires=today + timedelta(VALID_DAYS),
        officers=tuple(
            Officer(
                one,
                name,
                "chief" if role == "chief" else "officer",
                _get_or_create_recipient(folder / f"{one}.key"),
                derive_signing_public_key(_parse_secret_file((folder / f"{one}.key").read_bytes())),
            )
            for one, (name, role) in OFFICERS.items()
        ),
        custodians=tuple(
            Custodian(one, name, _get_or_create_recipient(folder / f"{one}.key"))
            for one, name in CUSTODIANS.items()
        ),
        escrow=_get_or_create_recipient(folder / "escrow.key"),
    ).validate()
    body = manifest.encode()
    _write_file(get_installation().manifest_file.with_suffix(".sig"), sign_manifest(body, seed))
    _write_file(get_installation().manifest_file, body)


def _is_manifest_valid(today: date) -> bool:
    try:
        current_manifest.get_current_manifest(today)
    except ManifestError:
        return False
    return True


def _get_or_create_recipient(file: Path) -> str:
    """The public key of a secret that lies in this file."""
    made = read_or_create_file(file, lambda: _format_secret_file(str(pyrage.x25519.Identity.generate())))
    return str(pyrage.x25519.Identity.from_str(_parse_secret_file(made)).to_public())


def _build_key_file(folder: Path, one: str, name: str) -> bytes:
    secret = _parse_secret_file((folder / f"{one}.key").read_bytes())
    return json.dumps(wrap_key(one, name, secret, PASSPHRASE), ensure_ascii=False, indent=1).encode()


def _format_secret_file(secret: str) -> bytes:
    return f"{WARNING}{secret}\n".encode()


def _parse_secret_file(said: bytes) -> str:
    """The line of a key file that is no remark; as `age` reads it."""
    return next(line for line in said.decode().splitlines() if line and not line.startswith("#"))


def _write_file(file: Path, said: bytes) -> None:
    new = file.with_name(f"{file.name}.new")
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
        out.write(said)
    new.replace(file)
