"""Attack 5: a restored backup with all secrets of the server decrypts no report."""

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

CANARY, NAME, QUESTION = "سمعت المدير يطلب مبلغًا", "هند القلعاوي", "متى سمعته؟"
IDENTITY = re.compile(rb"AGE-SECRET-KEY-1[A-Z0-9]+")


def test_backup_with_server_secrets_decrypts_nothing(box: Installation, client: Client) -> None:
    def promise() -> None:
        Report.objects.all().delete()
        Piece.objects.all().delete()
        words = submit_report(client, CANARY, identity="yes", name=NAME)
        (unwrapped,) = list_reports()
        send_message_as_officer(unwrapped.report.id, QUESTION)
        files = list(read_server_files(box))
        opened = list(read_without_outer_layer())
        everything = b"\n".join([*files, *opened, *read_clear_columns()])
        for canary in (CANARY, NAME, QUESTION, *(word for word in words if len(word) > 4)):
            assert canary.encode() not in everything
        secrets = [match.decode() for match in IDENTITY.findall(everything)]
        for secret in secrets:
            for file in opened:
                with pytest.raises(CorruptData):
                    decrypt(file, secret)
        assert len(opened) == 4  # ring, identity, text, the Commission's message
        assert all(file.startswith(b"age-encryption.org/v1") for file in opened)

    def store_report_key(patch: pytest.MonkeyPatch) -> None:
        def new() -> ReportKey:
            identity = pyrage.x25519.Identity.generate()
            (box.home / "support.key").write_text(str(identity))
            return ReportKey(str(identity), str(identity.to_public()))

        patch.setattr(encryption, "generate_report_key", new)

    def skip_encryption(patch: pytest.MonkeyPatch) -> None:
        patch.setattr(encryption, "encrypt", lambda plain, to: plain)
        patch.setattr(encryption, "decrypt", lambda file, secret: file)

    def add_server_recipient(patch: pytest.MonkeyPatch) -> None:
        own = pyrage.x25519.Identity.generate()
        (box.home / "own.key").write_text(str(own))
        encrypt = encryption.encrypt
        patch.setattr(encryption, "encrypt", lambda plain, to: encrypt(plain, [*to, str(own.to_public())]))

    check_with_mutations(
        promise,
        {
            "a report's key is kept for support": store_report_key,
            "the server is a recipient too": add_server_recipient,
            "nothing is encrypted": skip_encryption,
        },
    )


def read_server_files(box: Installation) -> Iterator[bytes]:
    """Yield every file of the server: secrets, outer keys, manifest."""
    for folder in (box.home, box.key_folder):
        yield from (file.read_bytes() for file in folder.rglob("*") if file.is_file())


def read_clear_columns() -> Iterator[bytes]:
    """Yield what the database contains in clear."""
    for report in Report.objects.all():
        yield f"{report.reader} {report.recipient}".encode() + bytes(report.lookup) + bytes(report.anchor)


def read_without_outer_layer() -> Iterator[bytes]:
    """Yield all ciphertext without the outer layer, since the server has the outer keys."""
    for unwrapped in list_reports():
        yield unwrapped.key_ring.rstrip(b"\0")
        yield unwrapped.encrypted_identity.rstrip(b"\0")
        yield from (
            part_storage.read_part(part, unwrapped.outer_key) for part in unwrapped.state.list_parts()
        )
