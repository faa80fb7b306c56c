"""Keys of the demonstration's Commission: officers, custodians, escrow and root, stored in clear in a folder.

Only a demonstration creates them, and only a demonstration trusts their root (`Installation.root_key`).
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
PASSPHRASE = "عبارة مرور للعرض فقط"  # noqa: S105  # of the key files: a demonstration has no secrets
OFFICERS = {"officer-1": ("موظفة الهيئة (عرض)", "chief"), "officer-2": ("موظف الهيئة (عرض)", "officer")}
CUSTODIANS = {"custodian-1": "أمينة الهوية (عرض)", "custodian-2": "أمين الهوية (عرض)"}


def create_demo_commission(today: date) -> None:
    """Create missing keys, and sign a new manifest if the current one is not valid."""
    folder = get_installation().demo_key_folder
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    (folder / "README.txt").write_text(f"{WARNING}\n{PASSPHRASE}\n")
    seed = bytes.fromhex(
        _parse_secret_file(
            read_or_create_file(folder / "root.key", lambda: _format_secret_file(secrets.token_hex(32)))
        )
    )
    (folder / "root.pub").write_text(get_root_public_key(seed).hex())
    for person, name in {**{person: name for person, (name, _) in OFFICERS.items()}, **CUSTODIANS}.items():
        _get_or_create_recipient(folder / f"{person}.key")
        read_or_create_file(folder / f"{person}.key.json", partial(_build_key_file, folder, person, name))
    if get_installation().pinned_root_key or _is_manifest_valid(today):
        return
    manifest = Manifest(
        epoch=max(current_manifest.get_minimum_epoch(), 0) + 1,
        issued=today,
        expires=today + timedelta(VALID_DAYS),
        officers=tuple(
            Officer(
                person,
                name,
                "chief" if role == "chief" else "officer",
                _get_or_create_recipient(folder / f"{person}.key"),
                derive_signing_public_key(_parse_secret_file((folder / f"{person}.key").read_bytes())),
            )
            for person, (name, role) in OFFICERS.items()
        ),
        custodians=tuple(
            Custodian(person, name, _get_or_create_recipient(folder / f"{person}.key"))
            for person, name in CUSTODIANS.items()
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
    """Return the public key of the private key in this file."""
    content = read_or_create_file(file, lambda: _format_secret_file(str(pyrage.x25519.Identity.generate())))
    return str(pyrage.x25519.Identity.from_str(_parse_secret_file(content)).to_public())


def _build_key_file(folder: Path, person: str, name: str) -> bytes:
    secret = _parse_secret_file((folder / f"{person}.key").read_bytes())
    return json.dumps(wrap_key(person, name, secret, PASSPHRASE), ensure_ascii=False, indent=1).encode()


def _format_secret_file(secret: str) -> bytes:
    return f"{WARNING}{secret}\n".encode()


def _parse_secret_file(content: bytes) -> str:
    """Return the line of a key file that is no comment."""
    return next(line for line in content.decode().splitlines() if line and not line.startswith("#"))


def _write_file(file: Path, content: bytes) -> None:
    new = file.with_name(f"{file.name}.new")
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
        out.write(content)
    new.replace(file)
