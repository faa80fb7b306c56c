"""A key is made once, however many need it first."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

from bekhedmetkom.config.installation import read_or_create_file


def test_all_who_need_it_first_get_the_same(tmp_path: Path) -> None:
    for name in range(20):
        together = Barrier(8)

        def need(file: Path, together: Barrier = together) -> bytes:
            together.wait()
            return read_or_create_file(file, lambda: os.urandom(32))

        with ThreadPoolExecutor(8) as people:
            got = set(people.map(need, [tmp_path / str(name)] * 8))
        assert got == {(tmp_path / str(name)).read_bytes()}
    assert len(list(tmp_path.iterdir())) == 20


def test_only_its_owner_reads_it(tmp_path: Path) -> None:
    read_or_create_file(tmp_path / "kept" / "key", lambda: b"x")
    assert (tmp_path / "kept" / "key").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "kept").stat().st_mode & 0o077 == 0
