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

from bekhedmetkom.disclosures import chain
from bekhedmetkom.disclosures.models import Piece, Report
from bekhedmetkom.disclosures.place import Place
from bekhedmetkom.disclosures.rules.manifest import Manifest, Refused, parsed, sign, verify
from bekhedmetkom.disclosures.sealing import throw_away
from tests.box.home import TODAY
from tests.broken import Breaking, holds

Tampering = Callable[[Place], None]


def swap(box: Place) -> None:
    """Another key in an officer's place, in what looks like the next manifest; the root has not signed it."""
    manifest = parsed(box.manifest.read_bytes())
    body = box.manifest.read_bytes().replace(manifest.officers[0].recipient.encode(), throw_away().encode())
    box.manifest.write_bytes(body.replace(b'"epoch":1', b'"epoch":2'))


def take_away(box: Place) -> None:
    """One officer fewer."""
    said = json.loads(box.manifest.read_bytes())
    said["officers"].pop()
    box.manifest.write_bytes(
        json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    )


def roll_back(box: Place) -> None:
    """A newer one was in use; then the old one lies there again, and whoever holds the database forgets for it."""
    old = box.manifest.read_bytes(), box.manifest.with_suffix(".sig").read_bytes()
    renewed(box, parsed(old[0])._replace(epoch=parsed(old[0]).epoch + 1))
    chain.current(TODAY)
    box.manifest.write_bytes(old[0])
    box.manifest.with_suffix(".sig").write_bytes(old[1])
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM disclosures_epoch")


def run_out(box: Place) -> None:
    """Nobody has renewed it in time."""
    manifest = parsed(box.manifest.read_bytes())
    then = manifest._replace(
        epoch=manifest.epoch + 1, issued=TODAY - timedelta(9), expires=TODAY - timedelta(1)
    )
    renewed(box, then)


def sign_another(box: Place) -> None:
    """The root has signed two for one epoch (a draft, say): the second is put in the place of the first."""
    manifest = parsed(box.manifest.read_bytes())
    spy = manifest.officers[0]._replace(recipient=throw_away())
    renewed(box, manifest._replace(officers=(spy, *manifest.officers[1:])))


def lose(box: Place) -> None:
    """It is gone."""
    box.manifest.unlink()


def renewed(box: Place, manifest: Manifest) -> None:
    seed = bytes.fromhex((box.demo_keys / "root.key").read_text().split()[-1])
    box.manifest.write_bytes(manifest.encoded())
    box.manifest.with_suffix(".sig").write_bytes(sign(manifest.encoded(), seed))


def unsigned(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(VerifyKey, "verify", lambda *_: b"")


def at_any_epoch(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(chain, "least_epoch", lambda: 0)


def in_the_database_only(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(chain, "_in_file", lambda: (0, ""))


def at_any_time(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(
        "bekhedmetkom.disclosures.chain.verify",
        lambda body, signature, root, _, epoch: verify(body, signature, root, parsed(body).issued, epoch),
    )


def the_last_known(patch: pytest.MonkeyPatch) -> None:
    """Where the manifest does not hold, the last that did is used."""
    whole, known = chain.current, list[Manifest]()

    def current(today: date) -> Manifest:
        try:
            known[:] = [whole(today)]
        except Refused:
            if not known:
                raise
        return known[0]

    patch.setattr(chain, "current", current)


ATTACKS: dict[str, tuple[Tampering, dict[str, Breaking]]] = {
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
    box: Place, client: Client, tamper: Tampering, variants: dict[str, Breaking]
) -> None:
    good = box.manifest.read_bytes(), box.manifest.with_suffix(".sig").read_bytes()

    def promise() -> None:
        box.manifest.write_bytes(good[0])
        box.manifest.with_suffix(".sig").write_bytes(good[1])
        (box.keys / "epoch").unlink(missing_ok=True)
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

    holds(promise, variants)
