"""Attack 1: words that went both ways are found nowhere: database, dump, its log, folders, logs, journal, letters."""

import subprocess
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import psycopg
import pytest

from bekhedmetkom.config.postgres import POSTGRES_BIN_PATH, Server
from bekhedmetkom.disclosures.place import Place
from tests.box.home import HOME
from tests.box.needles import found_in, said_in
from tests.box.people import only_report, writes
from tests.box.serving import served

CANARY = "عبارةالكناري CANARY-7f3a"
BACK = "جوابالكناري CANARY-91bc"
NAME = "سناءالكناري"
EVERYTHING = (CANARY, BACK, NAME)


def what_is_left(server: Server, box_url: str, folder: Path, broken: str) -> list[str]:
    """Where any of it is found after a whole talk."""
    with served(folder, broken=broken) as box:
        file = (f"{CANARY}.txt", CANARY.encode() * 30_000)
        words = box.sends(CANARY, file, identity="yes", name=NAME, phone="+962790000000")
        if not broken:
            writes(only_report().report.id, BACK)
            assert BACK in box.comes_back(words)
        with psycopg.connect(server.url("postgres"), autocommit=True) as maintenance:
            maintenance.execute("CHECKPOINT")  # what is in memory goes to the files that we look at
        left = found_in(HOME, (*EVERYTHING, " ".join(words))) + found_in(
            folder, (*EVERYTHING, " ".join(words))
        )
    dump = subprocess.run(
        [POSTGRES_BIN_PATH / "pg_dump", "--inserts", box_url], capture_output=True, check=True
    )
    assert b"disclosures_report" in dump.stdout
    return left + (["dump"] if said_in(dump.stdout, EVERYTHING) else [])


@pytest.mark.parametrize("broken", ["", "no_outer_layer", "talkative"])
def test_a_canary_is_found_nowhere(
    broken: str, server: Server, box_url: str, home_box: Place, tmp_path: Path
) -> None:
    left = what_is_left(server, box_url, tmp_path / "tmp", broken)
    assert bool(left) == bool(broken), left
    if not broken:
        assert any((HOME / "box-keys").iterdir())
        assert home_box.home.exists()


def test_the_search_finds_what_is_there(tmp_path: Path) -> None:
    packed = BytesIO()
    with ZipFile(packed, "w") as archive:
        archive.writestr("a", CANARY)
    (tmp_path / "a").write_bytes(packed.getvalue())
    (tmp_path / "b").write_bytes(b"x" * 17 + CANARY.encode("utf-16-le"))
    (tmp_path / "c").write_text("nothing")
    assert {Path(file).name for file in found_in(tmp_path, [CANARY])} == {"a", "b"}
