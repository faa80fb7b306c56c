"""Key ceremony at the terminal: root, manifest, rotation, escrow shares and recovery."""

import json
from base64 import b64decode, b64encode
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from bekhedmetkom.disclosures import journal, part_storage
from bekhedmetkom.disclosures.encryption import (
    KeyRing,
    decrypt_key_ring,
    decrypt_part,
    derive_signing_public_key,
    encrypt_key_ring,
    generate_report_key,
)
from bekhedmetkom.disclosures.escrow import InvalidShares, combine_shares, create_escrow, get_escrow_recipient
from bekhedmetkom.disclosures.installation import Installation
from bekhedmetkom.disclosures.rules.frame import CorruptData
from bekhedmetkom.disclosures.rules.manifest import get_root_public_key, parse_manifest
from bekhedmetkom.kernel.clock import get_local_date, now
from tests.box.support.actors import get_only_report, submit_report

PEOPLE = {name: generate_report_key() for name in ("salma", "omar", "rana", "zaid", "new")}


def get_signing_key(name: str) -> str:
    return derive_signing_public_key(PEOPLE[name].secret)


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of the offline machine, with root key, escrow shares and a signed draft."""
    monkeypatch.chdir(tmp_path)
    run_command("manifest", "root", "root.key")
    run_command("escrow", "split", "shares")
    draft = {
        "version": 1,
        "epoch": 1,
        "issued": str(get_local_date(now())),
        "expires": "2999-01-01",
        "officers": [
            {
                "id": name,
                "name": name,
                "role": role,
                "recipient": PEOPLE[name].recipient,
                "signs": get_signing_key(name),
            }
            for name, role in (("salma", "chief"), ("omar", "officer"))
        ],
        "custodians": [
            {"id": name, "name": name, "recipient": PEOPLE[name].recipient} for name in ("rana", "zaid")
        ],
        "escrow": get_escrow_recipient(read_shares(tmp_path)),
    }
    (tmp_path / "draft.json").write_text(json.dumps(draft, indent=2))
    run_command("manifest", "sign", "draft.json", "--root", "root.key")
    return tmp_path


def run_command(*words: str) -> None:
    call_command("box", *words)


def read_shares(workspace: Path, *numbers: int) -> list[str]:
    return [
        (workspace / "shares" / f"share-{n}.txt").read_text().splitlines()[-1] for n in numbers or (1, 2, 3)
    ]


def get_root_key(workspace: Path) -> str:
    return get_root_public_key(bytes.fromhex((workspace / "root.key").read_text())).hex()


def test_only_signed_manifests_are_valid(workspace: Path, capsys: Any) -> None:
    run_command("manifest", "verify", "manifest.json", "--root-key", get_root_key(workspace))
    assert "omar" in capsys.readouterr().out
    with pytest.raises(CommandError, match="RolledBackManifest"):
        run_command(
            "manifest", "verify", "manifest.json", "--root-key", get_root_key(workspace), "--epoch", "2"
        )
    with pytest.raises(CommandError, match="BadSignature"):
        run_command("manifest", "verify", "manifest.json", "--root-key", "00" * 32)
    manifest = workspace / "manifest.json"
    manifest.write_bytes(manifest.read_bytes().replace(b'"epoch":1', b'"epoch":3'))
    with pytest.raises(CommandError, match="BadSignature"):
        run_command("manifest", "verify", "manifest.json", "--root-key", get_root_key(workspace))
    with pytest.raises(CommandError, match="BadSignature"):
        run_command("manifest", "rotate", "manifest.json", "--root", "root.key", "--out", "next.json")


def test_invalid_draft_is_not_signed(workspace: Path) -> None:
    draft = json.loads((workspace / "draft.json").read_text())
    draft["custodians"].pop()
    (workspace / "draft.json").write_text(json.dumps(draft))
    for words in (
        ["draft.json", "--root", "root.key"],
        ["none.json", "--root", "root.key"],
        ["root.key", "--root", "draft.json"],
    ):
        with pytest.raises(CommandError):
            run_command("manifest", "sign", *words, "--out", "other.json")
    assert not (workspace / "other.json").exists()


def test_secret_files_are_private_and_never_overwritten(workspace: Path) -> None:
    for secret in [workspace / "root.key", *(workspace / "shares").iterdir()]:
        assert secret.stat().st_mode & 0o077 == 0
    for words in (["manifest", "root", "root.key"], ["escrow", "split", "shares"]):
        with pytest.raises(CommandError, match="exists"):
            run_command(*words)


def test_rotate_adds_and_removes_people(workspace: Path) -> None:
    person = {
        "id": "new",
        "name": "نور",
        "office": "officer",
        "recipient": PEOPLE["new"].recipient,
        "signs": get_signing_key("new"),
    }
    (workspace / "new.json").write_text(json.dumps(person))
    run_command(
        "manifest",
        "rotate",
        "manifest.json",
        "--root",
        "root.key",
        "--with",
        "new.json",
        "--without",
        "omar",
        "--out",
        "next.json",
    )
    then = parse_manifest((workspace / "next.json").read_bytes())
    assert (then.epoch, [officer.id for officer in then.officers]) == (2, ["salma", "new"])
    run_command("manifest", "verify", "next.json", "--root-key", get_root_key(workspace), "--epoch", "2")
    with pytest.raises(CommandError, match="InvalidManifest"):
        run_command("manifest", "rotate", "manifest.json", "--root", "root.key", "--without", "omar")


def test_any_three_shares_open_the_escrow(workspace: Path, capsys: Any) -> None:
    files = [f"shares/share-{n}.txt" for n in range(1, 6)]
    for three in (files[:3], files[2:], [files[4], files[0], files[2]]):
        run_command("escrow", "join", *three, "--manifest", "manifest.json")
    assert capsys.readouterr().out.count("open the escrow of epoch 1") == 3
    with pytest.raises(CommandError, match="not three shares"):
        run_command("escrow", "join", files[0], files[1], files[1], "--manifest", "manifest.json")
    with pytest.raises(InvalidShares):
        combine_shares(read_shares(workspace, 1, 2))
    _, others = create_escrow()
    with pytest.raises(InvalidShares):
        combine_shares([*read_shares(workspace, 1, 2), others[2]])
    (workspace / "other.txt").write_text(others[0])
    run_command("escrow", "split", "elsewhere")
    with pytest.raises(CommandError, match="another escrow"):
        run_command(
            "escrow", "join", *[f"elsewhere/share-{n}.txt" for n in (1, 2, 3)], "--manifest", "manifest.json"
        )


def test_key_rings_are_renewed_with_the_escrow(workspace: Path) -> None:
    old, key = parse_manifest((workspace / "manifest.json").read_bytes()), generate_report_key()
    ring = KeyRing(key.secret, bytes(range(32)), key.recipient, ("omar",))
    (workspace / "rings.json").write_text(
        json.dumps({"report": ["AAAA", b64encode(encrypt_key_ring(ring, old)).decode()]})
    )
    person = {
        "id": "new",
        "name": "نور",
        "office": "chief",
        "recipient": PEOPLE["new"].recipient,
        "signs": get_signing_key("new"),
    }
    (workspace / "new.json").write_text(json.dumps(person))
    run_command(
        "manifest",
        "rotate",
        "manifest.json",
        "--root",
        "root.key",
        "--with",
        "new.json",
        "--out",
        "next.json",
    )
    files = [f"shares/share-{n}.txt" for n in (2, 4, 5)]
    manifest_arguments = ["--manifest", "manifest.json", "--rings", "rings.json"]
    run_command("escrow", "join", *files, *manifest_arguments, "--for", "next.json", "--out", "anew.json")
    renewed = b64decode(json.loads((workspace / "anew.json").read_text())["report"])
    assert decrypt_key_ring(renewed, PEOPLE["new"].secret) == ring
    with pytest.raises(CorruptData):
        decrypt_key_ring(renewed, PEOPLE["omar"].secret)  # excluded, and stays so
    (workspace / "rings.json").write_text('{"report": ["AAAA"]}')
    with pytest.raises(CommandError, match="nothing is written"):
        run_command(
            "escrow", "join", *files, *manifest_arguments, "--for", "next.json", "--out", "broken.json"
        )
    assert not (workspace / "broken.json").exists()


def test_new_officers_read_old_reports_after_recovery(
    workspace: Path, box: Installation, client: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    """All officers lost their keys: the root signs new people, and three shares re-encrypt the key rings."""
    (workspace / "root.key").write_text((box.demo_key_folder / "root.key").read_text().split()[-1])
    run_command("manifest", "sign", "draft.json", "--root", "root.key", "--out", str(box.manifest_file))
    submit_report(client, "رأيت رشوة", exclude=["omar"])
    run_command("rings", "out", "rings.json")
    person = {
        "id": "new",
        "name": "نور",
        "office": "chief",
        "recipient": PEOPLE["new"].recipient,
        "signs": get_signing_key("new"),
    }
    (workspace / "new.json").write_text(json.dumps(person))
    renewed = ["--root", "root.key", "--with", "new.json", "--without", "salma", "--out", "next.json"]
    run_command("manifest", "rotate", str(box.manifest_file), *renewed)
    files = [f"shares/share-{n}.txt" for n in (1, 3, 5)]
    manifest_arguments = [
        "--manifest",
        str(box.manifest_file),
        "--rings",
        "rings.json",
        "--for",
        "next.json",
        "--out",
        "anew.json",
    ]
    run_command("escrow", "join", *files, *manifest_arguments)
    with pytest.raises(CommandError, match="Install the new manifest first"):
        run_command("rings", "in", "anew.json")
    for ending in (".json", ".sig"):
        box.manifest_file.with_suffix(ending).write_bytes((workspace / f"next{ending}").read_bytes())
    gone = {str(uuid4()): "AAAA"}  # erased meanwhile: the others are put back all the same
    (workspace / "anew.json").write_text(json.dumps(gone | json.loads((workspace / "anew.json").read_text())))
    run_command("rings", "in", "anew.json")
    assert "1 put back, 0 of this manifest already, 1 of no report any more" in capsys.readouterr().out
    unwrapped = get_only_report()
    ring = decrypt_key_ring(unwrapped.key_ring, PEOPLE["new"].secret)
    text = decrypt_part(
        part_storage.read_part(unwrapped.state.turns[0].parts[0], unwrapped.outer_key),
        secret=ring.secret, voice=ring.voice, expect={"kind": "text", "turn": 0, "place": 0},
    )  # fmt: skip
    assert text.body.decode() == "رأيت رشوة"
    with pytest.raises(CorruptData):
        decrypt_key_ring(unwrapped.key_ring, PEOPLE["omar"].secret)  # excluded by the discloser, and stays so
    assert [entry.what for entry in journal.list_entries()] == [
        "took the key rings out",
        "renewed the key ring",
    ]
