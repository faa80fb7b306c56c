"""Attack 1: search database, dump, files, logs and emails for texts that were sent in both directions."""

import subprocess
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import psycopg
import pytest

from bekhedmetkom.config.database.embedded_server import POSTGRES_BIN_PATH, EmbeddedServer
from bekhedmetkom.disclosures.installation import Installation
from tests.box.support.actors import get_only_report, send_message_as_officer
from tests.box.support.box_process import run_box
from tests.box.support.environment import HOME
from tests.box.support.plaintext_search import contains_text, find_files_with_text

CANARY = "عبارةالكناري CANARY-7f3a"
REPLY = "جوابالكناري CANARY-91bc"
NAME = "سناءالكناري"
ALL_TEXTS = (CANARY, REPLY, NAME)


def find_traces(server: EmbeddedServer, box_url: str, folder: Path, broken: str) -> list[str]:
    """Return where any of the texts is found after a whole conversation."""
    with run_box(folder, broken=broken) as box:
        file = (f"{CANARY}.txt", CANARY.encode() * 30_000)
        words = box.submit_report(CANARY, file, identity="yes", name=NAME, phone="+962790000000")
        if not broken:
            send_message_as_officer(get_only_report().report.id, REPLY)
            assert REPLY in box.log_in(words)
        with psycopg.connect(server.build_url("postgres"), autocommit=True) as maintenance:
            maintenance.execute("CHECKPOINT")  # what is in memory goes to the files that we look at
        left = find_files_with_text(HOME, (*ALL_TEXTS, " ".join(words))) + find_files_with_text(
            folder, (*ALL_TEXTS, " ".join(words))
        )
    dump = subprocess.run(
        [POSTGRES_BIN_PATH / "pg_dump", "--inserts", box_url], capture_output=True, check=True
    )
    assert b"disclosures_report" in dump.stdout
    return left + (["dump"] if contains_text(dump.stdout, ALL_TEXTS) else [])


@pytest.mark.parametrize("broken", ["", "store_rows_unencrypted", "log_submitted_text"])
def test_plain_text_is_found_nowhere(
    broken: str, server: EmbeddedServer, box_url: str, home_box: Installation, tmp_path: Path
) -> None:
    left = find_traces(server, box_url, tmp_path / "tmp", broken)
    assert bool(left) == bool(broken), left
    if not broken:
        assert any((HOME / "box-keys").iterdir())
        assert home_box.home.exists()


def test_search_finds_texts_in_all_encodings(tmp_path: Path) -> None:
    packed = BytesIO()
    with ZipFile(packed, "w") as archive:
        archive.writestr("a", CANARY)
    (tmp_path / "a").write_bytes(packed.getvalue())
    (tmp_path / "b").write_bytes(b"x" * 17 + CANARY.encode("utf-16-le"))
    (tmp_path / "c").write_text("nothing")
    assert {Path(file).name for file in find_files_with_text(tmp_path, [CANARY])} == {"a", "b"}
