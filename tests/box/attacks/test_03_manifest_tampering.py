"""Attack 3: a recipient's key is swapped or removed, or an older manifest is restored: intake closes.

The browser's checks against a hostile server are in test_03_hostile_server_keys.py, the rules in
tests/rules/disclosures/test_manifest.py.
"""

import json
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from nacl.signing import VerifyKey

from bekhedmetkom.disclosures import current_manifest
from bekhedmetkom.disclosures.encryption import generate_discarded_recipient
from bekhedmetkom.disclosures.installation import Installation
from bekhedmetkom.disclosures.models import Piece, Report
from bekhedmetkom.disclosures.rules.manifest import (
    Manifest,
    ManifestError,
    parse_manifest,
    sign_manifest,
    verify_manifest,
)
from tests.box.support.environment import TODAY
from tests.mutations import Mutation, check_with_mutations

Tampering = Callable[[Installation], None]


def swap_key(box: Installation) -> None:
    """Replace an officer's key in a manifest that the root has not signed."""
    manifest = parse_manifest(box.manifest_file.read_bytes())
    body = box.manifest_file.read_bytes().replace(
        manifest.officers[0].recipient.encode(), generate_discarded_recipient().encode()
    )
    box.manifest_file.write_bytes(body.replace(b'"epoch":1', b'"epoch":2'))


def remove_officer(box: Installation) -> None:
    """Remove an officer."""
    content = json.loads(box.manifest_file.read_bytes())
    content["officers"].pop()
    box.manifest_file.write_bytes(
        json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    )


def restore_older_manifest(box: Installation) -> None:
    """Restore the manifest before the current one, and delete the epoch from the database."""
    old = box.manifest_file.read_bytes(), box.manifest_file.with_suffix(".sig").read_bytes()
    install_manifest(box, parse_manifest(old[0])._replace(epoch=parse_manifest(old[0]).epoch + 1))
    current_manifest.get_current_manifest(TODAY)
    box.manifest_file.write_bytes(old[0])
    box.manifest_file.with_suffix(".sig").write_bytes(old[1])
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM disclosures_epoch")


def let_expire(box: Installation) -> None:
    """Install a manifest that has expired."""
    manifest = parse_manifest(box.manifest_file.read_bytes())
    then = manifest._replace(
        epoch=manifest.epoch + 1, issued=TODAY - timedelta(9), expires=TODAY - timedelta(1)
    )
    install_manifest(box, then)


def sign_second_manifest_of_epoch(box: Installation) -> None:
    """Install a second signed manifest of the same epoch."""
    manifest = parse_manifest(box.manifest_file.read_bytes())
    spy = manifest.officers[0]._replace(recipient=generate_discarded_recipient())
    install_manifest(box, manifest._replace(officers=(spy, *manifest.officers[1:])))


def delete_manifest(box: Installation) -> None:
    """Delete the manifest."""
    box.manifest_file.unlink()


def install_manifest(box: Installation, manifest: Manifest) -> None:
    seed = bytes.fromhex((box.demo_key_folder / "root.key").read_text().split()[-1])
    box.manifest_file.write_bytes(manifest.encode())
    box.manifest_file.with_suffix(".sig").write_bytes(sign_manifest(manifest.encode(), seed))


def skip_signature_check(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(VerifyKey, "verify", lambda *_: b"")


def skip_epoch_check(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(current_manifest, "get_minimum_epoch", lambda: 0)


def ignore_recorded_epoch(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(current_manifest, "_read_recorded_epoch", lambda: (0, ""))


def skip_date_check(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(
        "bekhedmetkom.disclosures.current_manifest.verify_manifest",
        lambda body, signature, root, _, epoch: verify_manifest(
            body, signature, root, parse_manifest(body).issued, epoch
        ),
    )


def use_last_valid_manifest(patch: pytest.MonkeyPatch) -> None:
    """Use the last valid manifest if the current one is not valid."""
    get_current_manifest, last_valid = current_manifest.get_current_manifest, list[Manifest]()

    def current(today: date) -> Manifest:
        try:
            last_valid[:] = [get_current_manifest(today)]
        except ManifestError:
            if not last_valid:
                raise
        return last_valid[0]

    patch.setattr(current_manifest, "get_current_manifest", current)


ATTACKS: dict[str, tuple[Tampering, dict[str, Mutation]]] = {
    "a key is swapped": (swap_key, {"signatures are not checked": skip_signature_check}),
    "an officer is taken away": (remove_officer, {"the last manifest is used": use_last_valid_manifest}),
    "an older one is put back": (
        restore_older_manifest,
        {"epochs are not checked": skip_epoch_check, "the database alone remembers": ignore_recorded_epoch},
    ),
    "there are two of one epoch": (
        sign_second_manifest_of_epoch,
        {"its number alone is remembered": ignore_recorded_epoch},
    ),
    "it has run out": (let_expire, {"days are not checked": skip_date_check}),
    "it is gone": (delete_manifest, {"the last manifest is used": use_last_valid_manifest}),
}


@pytest.mark.parametrize(("tamper", "variants"), ATTACKS.values(), ids=ATTACKS)
def test_intake_closes_and_nothing_is_stored(
    box: Installation, client: Client, tamper: Tampering, variants: dict[str, Mutation]
) -> None:
    good = box.manifest_file.read_bytes(), box.manifest_file.with_suffix(".sig").read_bytes()

    def promise() -> None:
        box.manifest_file.write_bytes(good[0])
        box.manifest_file.with_suffix(".sig").write_bytes(good[1])
        (box.key_folder / "epoch").unlink(missing_ok=True)
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM disclosures_epoch")
        assert client.get("/").status_code == 200
        tamper(box)
        before = Report.objects.count(), Piece.objects.count()
        assert client.get("/").status_code == 503
        assert client.get("/manifest").status_code == 503
        sent = client.post("/send", {"text": "رأيت رشوة", "identity": "no"})
        assert sent.status_code == 503
        assert "لا نستقبل بلاغات الآن" in sent.content.decode()
        assert client.post("/sealed", {"lookup": "00" * 16}).status_code == 503
        assert (Report.objects.count(), Piece.objects.count()) == before

    check_with_mutations(promise, variants)
