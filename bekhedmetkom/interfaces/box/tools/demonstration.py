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

from bekhedmetkom.config.secrets import made_once
from bekhedmetkom.disclosures import chain
from bekhedmetkom.disclosures.key_files import wrapped
from bekhedmetkom.disclosures.place import place
from bekhedmetkom.disclosures.rules.manifest import Custodian, Manifest, Officer, Refused, root_of, sign
from bekhedmetkom.disclosures.sealing import signs_of

VALID_DAYS = 365
WARNING = (
    "# DEMONSTRATION ONLY. Whoever has this file reads what is sent to the demonstration's Commission.\n"
    "# للعرض فقط. من عنده هذا الملف يقرأ ما يُرسل إلى هيئة العرض.\n"
)
OPENED_WITH = "عبارة مرور للعرض فقط"  # of the files that the Commission's page opens
OFFICERS = {"officer-1": ("موظفة الهيئة (عرض)", "chief"), "officer-2": ("موظف الهيئة (عرض)", "officer")}
CUSTODIANS = {"custodian-1": "أمينة الهوية (عرض)", "custodian-2": "أمين الهوية (عرض)"}


def prepare(today: date) -> None:
    """Make what is missing, and sign anew what has run out."""
    folder = place().demo_keys
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    (folder / "README.txt").write_text(f"{WARNING}\n{OPENED_WITH}\n")
    seed = bytes.fromhex(_line(made_once(folder / "root.key", lambda: _file(secrets.token_hex(32)))))
    (folder / "root.pub").write_text(root_of(seed).hex())
    for one, name in {**{one: name for one, (name, _) in OFFICERS.items()}, **CUSTODIANS}.items():
        _recipient(folder / f"{one}.key")
        made_once(folder / f"{one}.key.json", partial(_for_the_page, folder, one, name))
    if place().pinned or _holds(today):
        return
    manifest = Manifest(
        epoch=max(chain.least_epoch(), 0) + 1,
        issued=today,
        expires=today + timedelta(VALID_DAYS),
        officers=tuple(
            Officer(
                one,
                name,
                "chief" if role == "chief" else "officer",
                _recipient(folder / f"{one}.key"),
                signs_of(_line((folder / f"{one}.key").read_bytes())),
            )
            for one, (name, role) in OFFICERS.items()
        ),
        custodians=tuple(
            Custodian(one, name, _recipient(folder / f"{one}.key")) for one, name in CUSTODIANS.items()
        ),
        escrow=_recipient(folder / "escrow.key"),
    ).checked()
    body = manifest.encoded()
    _write(place().manifest.with_suffix(".sig"), sign(body, seed))
    _write(place().manifest, body)


def _holds(today: date) -> bool:
    try:
        chain.current(today)
    except Refused:
        return False
    return True


def _recipient(file: Path) -> str:
    """The public key of a secret that lies in this file."""
    made = made_once(file, lambda: _file(str(pyrage.x25519.Identity.generate())))
    return str(pyrage.x25519.Identity.from_str(_line(made)).to_public())


def _for_the_page(folder: Path, one: str, name: str) -> bytes:
    secret = _line((folder / f"{one}.key").read_bytes())
    return json.dumps(wrapped(one, name, secret, OPENED_WITH), ensure_ascii=False, indent=1).encode()


def _file(secret: str) -> bytes:
    return f"{WARNING}{secret}\n".encode()


def _line(said: bytes) -> str:
    """The line of a key file that is no remark; as `age` reads it."""
    return next(line for line in said.decode().splitlines() if line and not line.startswith("#"))


def _write(file: Path, said: bytes) -> None:
    new = file.with_name(f"{file.name}.new")
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
        out.write(said)
    new.replace(file)
