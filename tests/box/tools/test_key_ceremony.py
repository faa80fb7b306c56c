"""The key ceremony at the terminal: a root, a manifest, its renewal; the escrow split, and the recovery drill."""

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


def hand(name: str) -> str:
    return derive_signing_public_key(PEOPLE[name].secret)


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The machine without a network, with a root key, an escrow and a draft on it."""
    monkeypatch.chdir(tmp_path)
    bekhedmetkom("manifest", "root", "root.key")
    bekhedmetkom("escrow", "split", "shares")
    draft = {
        "version": 1,
        "epoch": 1,
        "issued": str(get_local_date(now())),
        "expires": "2999-01-01",
        "officers": [
            {"id": name, "name": name, "role": role, "recipient": PEOPLE[name].recipient, "signs": hand(name)}
            for name, role in (("salma", "chief"), ("omar", "officer"))
        ],
        "custodians": [
            {"id": name, "name": name, "recipient": PEOPLE[name].recipient} for name in ("rana", "zaid")
        ],
        "escrow": get_escrow_recipient(shares(tmp_path)),
    }
    (tmp_path / "draft.json").write_text(json.dumps(draft, indent=2))
    bekhedmetkom("manifest", "sign", "draft.json", "--root", "root.key")
    return tmp_path


def bekhedmetkom(*words: str) -> None:
    call_command("box", *words)


def shares(room: Path, *numbers: int) -> list[str]:
    return [(room / "shares" / f"share-{n}.txt").read_text().splitlines()[-1] for n in numbers or (1, 2, 3)]


def pinned(room: Path) -> str:
    return get_root_public_key(bytes.fromhex((room / "root.key").read_text())).hex()


def test_what_the_root_signed_holds_and_nothing_else_does(room: Path, capsys: Any) -> None:
    bekhedmetkom("manifest", "verify", "manifest.json", "--root-key", pinned(room))
    assert "omar" in capsys.readouterr().out
    with pytest.raises(CommandError, match="RolledBackManifest"):
        bekhedmetkom("manifest", "verify", "manifest.json", "--root-key", pinned(room), "--epoch", "2")
    with pytest.raises(CommandError, match="BadSignature"):
        bekhedmetkom("manifest", "verify", "manifest.json", "--root-key", "00" * 32)
    manifest = room / "manifest.json"
    manifest.write_bytes(manifest.read_bytes().replace(b'"epoch":1', b'"epoch":3'))
    with pytest.raises(CommandError, match="BadSignature"):
        bekhedmetkom("manifest", "verify", "manifest.json", "--root-key", pinned(room))
    with pytest.raises(CommandError, match="BadSignature"):
        bekhedmetkom("manifest", "rotate", "manifest.json", "--root", "root.key", "--out", "next.json")


def test_a_draft_that_is_unfit_is_not_signed(room: Path) -> None:
    draft = json.loads((room / "draft.json").read_text())
    draft["custodians"].pop()
    (room / "draft.json").write_text(json.dumps(draft))
    for words in (
        ["draft.json", "--root", "root.key"],
        ["none.json", "--root", "root.key"],
        ["root.key", "--root", "draft.json"],
    ):
        with pytest.raises(CommandError):
            bekhedmetkom("manifest", "sign", *words, "--out", "other.json")
    assert not (room / "other.json").exists()


def test_secrets_are_readable_by_their_owner_only_and_never_overwritten(room: Path) -> None:
    for secret in [room / "root.key", *(room / "shares").iterdir()]:
        assert secret.stat().st_mode & 0o077 == 0
    for words in (["manifest", "root", "root.key"], ["escrow", "split", "shares"]):
        with pytest.raises(CommandError, match="exists"):
            bekhedmetkom(*words)


def test_the_next_manifest_takes_people_in_and_lets_them_go(room: Path) -> None:
    comes = {
        "id": "new",
        "name": "نور",
        "office": "officer",
        "recipient": PEOPLE["new"].recipient,
        "signs": hand("new"),
    }
    (room / "new.json").write_text(json.dumps(comes))
    bekhedmetkom(
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
    then = parse_manifest((room / "next.json").read_bytes())
    assert (then.epoch, [one.id for one in then.officers]) == (2, ["salma", "new"])
    bekhedmetkom("manifest", "verify", "next.json", "--root-key", pinned(room), "--epoch", "2")
    with pytest.raises(CommandError, match="InvalidManifest"):
        bekhedmetkom("manifest", "rotate", "manifest.json", "--root", "root.key", "--without", "omar")


def test_the_drill_any_three_shares_and_no_two(room: Path, capsys: Any) -> None:
    files = [f"shares/share-{n}.txt" for n in range(1, 6)]
    for three in (files[:3], files[2:], [files[4], files[0], files[2]]):
        bekhedmetkom("escrow", "join", *three, "--manifest", "manifest.json")
    assert capsys.readouterr().out.count("open the escrow of epoch 1") == 3
    with pytest.raises(CommandError, match="not three shares"):
        bekhedmetkom("escrow", "join", files[0], files[1], files[1], "--manifest", "manifest.json")
    with pytest.raises(InvalidShares):
        combine_shares(shares(room, 1, 2))
    _, others = create_escrow()
    with pytest.raises(InvalidShares):
        combine_shares([*shares(room, 1, 2), others[2]])
    (room / "other.txt").write_text(others[0])
    bekhedmetkom("escrow", "split", "elsewhere")
    with pytest.raises(CommandError, match="another escrow"):
        bekhedmetkom(
            "escrow", "join", *[f"elsewhere/share-{n}.txt" for n in (1, 2, 3)], "--manifest", "manifest.json"
        )


def test_when_all_keys_are_lost_the_rings_are_sealed_anew(room: Path) -> None:
    old, key = parse_manifest((room / "manifest.json").read_bytes()), generate_report_key()
    ring = KeyRing(key.secret, bytes(range(32)), key.recipient, ("omar",))
    (room / "rings.json").write_text(
        json.dumps({"report": ["AAAA", b64encode(encrypt_key_ring(ring, old)).decode()]})
    )
    comes = {
        "id": "new",
        "name": "نور",
        "office": "chief",
        "recipient": PEOPLE["new"].recipient,
        "signs": hand("new"),
    }
    (room / "new.json").write_text(json.dumps(comes))
    bekhedmetkom(
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
    known = ["--manifest", "manifest.json", "--rings", "rings.json"]
    bekhedmetkom("escrow", "join", *files, *known, "--for", "next.json", "--out", "anew.json")
    anew = b64decode(json.loads((room / "anew.json").read_text())["report"])
    assert decrypt_key_ring(anew, PEOPLE["new"].secret) == ring
    with pytest.raises(CorruptData):
        decrypt_key_ring(anew, PEOPLE["omar"].secret)  # excluded, and stays so
    (room / "rings.json").write_text('{"report": ["AAAA"]}')
    with pytest.raises(CommandError, match="nothing is written"):
        bekhedmetkom("escrow", "join", *files, *known, "--for", "next.json", "--out", "broken.json")
    assert not (room / "broken.json").exists()


def test_the_whole_drill_new_people_read_old_reports(
    room: Path, box: Installation, client: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    """All officers have lost their keys: the root names new people, three keepers come, the reports open again."""
    (room / "root.key").write_text((box.demo_key_folder / "root.key").read_text().split()[-1])
    bekhedmetkom("manifest", "sign", "draft.json", "--root", "root.key", "--out", str(box.manifest_file))
    submit_report(client, "رأيت رشوة", exclude=["omar"])
    bekhedmetkom("rings", "out", "rings.json")
    comes = {
        "id": "new",
        "name": "نور",
        "office": "chief",
        "recipient": PEOPLE["new"].recipient,
        "signs": hand("new"),
    }
    (room / "new.json").write_text(json.dumps(comes))
    renewed = ["--root", "root.key", "--with", "new.json", "--without", "salma", "--out", "next.json"]
    bekhedmetkom("manifest", "rotate", str(box.manifest_file), *renewed)
    files = [f"shares/share-{n}.txt" for n in (1, 3, 5)]
    known = [
        "--manifest",
        str(box.manifest_file),
        "--rings",
        "rings.json",
        "--for",
        "next.json",
        "--out",
        "anew.json",
    ]
    bekhedmetkom("escrow", "join", *files, *known)
    with pytest.raises(CommandError, match="Install the new manifest first"):
        bekhedmetkom("rings", "in", "anew.json")
    for ending in (".json", ".sig"):
        box.manifest_file.with_suffix(ending).write_bytes((room / f"next{ending}").read_bytes())
    gone = {str(uuid4()): "AAAA"}  # erased meanwhile: the others are put back all the same
    (room / "anew.json").write_text(json.dumps(gone | json.loads((room / "anew.json").read_text())))
    bekhedmetkom("rings", "in", "anew.json")
    assert "1 put back, 0 of this manifest already, 1 of no report any more" in capsys.readouterr().out
    found = get_only_report()
    ring = decrypt_key_ring(found.key_ring, PEOPLE["new"].secret)
    text = decrypt_part(
        part_storage.read_part(found.state.turns[0].parts[0], found.outer_key),
        secret=ring.secret, voice=ring.voice, expect={"kind": "text", "turn": 0, "place": 0},
    )  # fmt: skip
    assert text.body.decode() == "رأيت رشوة"
    with pytest.raises(CorruptData):
        decrypt_key_ring(found.key_ring, PEOPLE["omar"].secret)  # excluded by the discloser, and stays so
    assert [entry.what for entry in journal.list_entries()] == [
        "took the key rings out",
        "renewed the key ring",
    ]
