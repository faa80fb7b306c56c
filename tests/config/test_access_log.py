"""What is written down of a request: when, what, with which result, in how long; nothing of whose it was."""

import os
import re
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from bekhedmetkom.config.access_log import log_requests


def respond(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    start_response("201 Created", [])
    return [b"kept"]


def raise_error(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    raise RuntimeError


def request_path(application: Callable[..., Any], path: str = "/track", query: str = "") -> Any:
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": query, "REMOTE_ADDR": "192.0.2.7"}
    return log_requests(application)(environ, lambda *_: None)


def test_a_line_has_time_path_result_and_length(capfd: pytest.CaptureFixture[str]) -> None:
    assert request_path(respond, query="q=Yazan") == [b"kept"]
    (line,) = capfd.readouterr().out.splitlines()
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d{4} GET /track 201 \d+ ms", line)


def test_what_broke_is_written_down_as_broken(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(RuntimeError):
        request_path(raise_error)
    assert " GET /track 500 " in capfd.readouterr().out


@pytest.mark.parametrize(
    "path", ["/a\nGET /b 200 1 ms", "/a b", "/\u202e", "/\x00", "/طلب".encode().decode("latin-1")]
)
def test_no_path_makes_a_second_line_or_looks_like_one(path: str, capfd: pytest.CaptureFixture[str]) -> None:
    request_path(respond, path)
    (line,) = capfd.readouterr().out.splitlines()
    assert line.isascii()
    assert len(line.split(" ")) == 8


def test_a_full_disk_keeps_nobody_from_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    assert request_path(respond) == [b"kept"]
