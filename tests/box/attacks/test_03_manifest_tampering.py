"""Attack 3: a recipient's key is swapped, one is taken away, an older manifest is put back: intake stops.

What a browser does by itself when the server plays along is in test_03_in_the_browser.py; the rule alone, with all
that it refuses, in tests/rules/disclosures/test_manifest.py.
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


def swap(box: Installation) -> None:
    """Another key in an officer's place, in what looks like the next manifest; the root has not signed it."""
    manifest = parse_manifest(box.manifest_file.read_bytes())
    body = box.manifest_file.read_bytes().replace(
        manifest.officers[0].recipient.encode(), generate_discarded_recipient().encode()
    )
    box.manifest_file.write_bytes(body.replace(b'"epoch":1', b'"epoch":2'))


def take_away(box: Installation) -> None:
    """One officer fewer."""
    said = json.loads(box.manifest_file.read_bytes())
    said["officers"].pop()
    box.manifest_file.write_bytes(
        json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    )


def roll_back(box: Installation) -> None:
    """A newer one was in use; then the old one lies there again, and whoever holds the database forgets for it."""
    old = box.manifest_file.read_bytes(), box.manifest_file.with_suffix(".sig").read_bytes()
    renewed(box, parse_manifest(old[0])._replace(epoch=parse_manifest(old[0]).epoch + 1))
    current_manifest.get_current_manifest(TODAY)
    box.manifest_file.write_bytes(old[0])
    box.manifest_file.with_suffix(".sig").write_bytes(old[1])
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM disclosures_epoch")


def run_out(box: Installation) -> None:
    """Nobody has renewed it in time."""
    manifest = parse_manifest(box.manifest_file.read_bytes())
    then = manifest._replace(
        epoch=manifest.epoch + 1, issued=TODAY - timedelta(9), expires=TODAY - timedelta(1)
    )
    renewed(box, then)


def sign_another(box: Installation) -> None:
    """The root has signed two for one epoch (a draft, say): the second is put in the place of the first."""
    manifest = parse_manifest(box.manifest_file.read_bytes())
    spy = manifest.officers[0]._replace(recipient=generate_discarded_recipient())
    renewed(box, manifest._replace(officers=(spy, *manifest.officers[1:])))


def lose(box: Installation) -> None:
    """It is gone."""
    box.manifest_file.unlink()


def renewed(box: Installation, manifest: Manifest) -> None:
    seed = bytes.fromhex((box.demo_key_folder / "root.key").read_text().split()[-1])
    box.manifest_file.write_bytes(manifest.encode())
    box.manifest_file.with_suffix(".sig").write_bytes(sign_manifest(manifest.encode(), seed))


def unsigned(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(VerifyKey, "verify", lambda *_: b"")


def at_any_epoch(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(current_manifest, "get_minimum_epoch", lambda: 0)


def in_the_database_only(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(current_manifest, "_read_recorded_epoch", lambda: (0, ""))


def at_any_time(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(
        "bekhedmetkom.disclosures.current_manifest.verify_manifest",
        lambda body, signature, root, _, epoch: verify_manifest(
            body, signature, root, parse_manifest(body).issued, epoch
        ),
    )


def the_last_known(patch: pytest.MonkeyPatch) -> None:
    """Where the manifest does not hold, the last that did is used."""
    whole, known = current_manifest.get_current_manifest, list[Manifest]()

    def current(today: date) -> Manifest:
        try:
            known[:] = [whole(today)]
        except ManifestError:
            if not known:
                raise
        return known[0]

    patch.setattr(current_manifest, "get_current_manifest", current)


ATTACKS: dict[str, tuple[Tampering, dict[str, Mutation]]] = {
    "a key is swapped": (swap, {"signatures are not checked": unsigned}),
    "an officer is taken away": (take_away, {"the last manifest is used": the_last_known}),
    "an older one is put back": (
        roll_back,
        {"epochs are not checked": at_any_epoch, "the database alone remembers": in_the_database_only},
    ),
    "there are two of one epoch": (sign_another, {"its number alone is remembered": in_the_database_only}),
    "it has run out": (run_out, {"days are not checked": at_any_time}),
    "it is gone": (lose, {"the last manifest is used": the_last_known}),
}


@pytest.mark.parametrize(("tamper", "variants"), ATTACKS.values(), ids=ATTACKS)
def test_intake_stops_and_nothing_is_kept(
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
