"""Attack 5: a backup is restored elsewhere, with all secrets of the server: not one report can be decrypted."""

import re
from collections.abc import Iterator

import pyrage
import pytest
from django.test import Client

from bekhedmetkom.disclosures import encryption, part_storage
from bekhedmetkom.disclosures.encryption import ReportKey, decrypt
from bekhedmetkom.disclosures.installation import Installation
from bekhedmetkom.disclosures.models import Piece, Report
from bekhedmetkom.disclosures.reports import list_reports
from bekhedmetkom.disclosures.rules.frame import CorruptData
from tests.box.support.actors import send_message_as_officer, submit_report
from tests.mutations import check_with_mutations

CANARY, WHO, ASKED = "سمعت المدير يطلب مبلغًا", "هند القلعاوي", "متى سمعته؟"
IDENTITY = re.compile(rb"AGE-SECRET-KEY-1[A-Z0-9]+")


def test_all_that_the_server_has_opens_nothing(box: Installation, client: Client) -> None:
    def promise() -> None:
        Report.objects.all().delete()
        Piece.objects.all().delete()
        words = submit_report(client, CANARY, identity="yes", name=WHO)
        (found,) = list_reports()
        send_message_as_officer(found.report.id, ASKED)
        files = list(server_files(box))
        opened = list(without_outer_layer())
        everything = b"\n".join([*files, *opened, *rows()])
        for canary in (CANARY, WHO, ASKED, *(word for word in words if len(word) > 4)):
            assert canary.encode() not in everything
        secrets = [found.decode() for found in IDENTITY.findall(everything)]
        for secret in secrets:
            for file in opened:
                with pytest.raises(CorruptData):
                    decrypt(file, secret)
        assert len(opened) == 4  # ring, identity, text, the Commission's message
        assert all(file.startswith(b"age-encryption.org/v1") for file in opened)

    def kept_for_support(patch: pytest.MonkeyPatch) -> None:
        def new() -> ReportKey:
            identity = pyrage.x25519.Identity.generate()
            (box.home / "support.key").write_text(str(identity))
            return ReportKey(str(identity), str(identity.to_public()))

        patch.setattr(encryption, "generate_report_key", new)

    def not_encrypted(patch: pytest.MonkeyPatch) -> None:
        patch.setattr(encryption, "encrypt", lambda plain, to: plain)
        patch.setattr(encryption, "decrypt", lambda file, secret: file)

    def to_a_key_of_the_server(patch: pytest.MonkeyPatch) -> None:
        own = pyrage.x25519.Identity.generate()
        (box.home / "own.key").write_text(str(own))
        whole = encryption.encrypt
        patch.setattr(encryption, "encrypt", lambda plain, to: whole(plain, [*to, str(own.to_public())]))

    check_with_mutations(
        promise,
        {
            "a report's key is kept for support": kept_for_support,
            "the server is a recipient too": to_a_key_of_the_server,
            "nothing is encrypted": not_encrypted,
        },
    )


def server_files(box: Installation) -> Iterator[bytes]:
    """Every file of the server: secrets, outer keys, manifest. Only a demonstration has others at hand."""
    for folder in (box.home, box.key_folder):
        yield from (file.read_bytes() for file in folder.rglob("*") if file.is_file())


def rows() -> Iterator[bytes]:
    """What stands in the database in clear."""
    for report in Report.objects.all():
        yield f"{report.reader} {report.recipient}".encode() + bytes(report.lookup) + bytes(report.anchor)


def without_outer_layer() -> Iterator[bytes]:
    """All ciphertext of all reports, with their outer keys taken off: whoever has the server has those too."""
    for found in list_reports():
        yield found.key_ring.rstrip(b"\0")
        yield found.encrypted_identity.rstrip(b"\0")
        yield from (part_storage.read_part(part, found.outer_key) for part in found.state.list_parts())
