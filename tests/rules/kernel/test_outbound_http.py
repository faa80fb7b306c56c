"""Addresses that others name never lead into our own house, however they are written."""

import socket
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_network
from threading import Thread

import httpx
import pytest

from bekhedmetkom.kernel import outbound_http
from bekhedmetkom.kernel.outbound_http import ResponseTooLarge, UnreachableAddress


class Echo(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/away":
            self.send_response(302)
            self.send_header("Location", "/")
            self.end_headers()
            return
        body = (self.headers["Host"] or "").encode() if self.path == "/" else b"x" * 5000
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None: ...


@pytest.fixture
def port() -> Iterator[int]:
    server = HTTPServer(("127.0.0.1", 0), Echo)
    Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "localhost", "0", "10.1.2.3", "192.168.1.1", "172.16.0.1", "169.254.169.254", "100.64.0.1",
        "[::1]", "[fe80::1]", "[fd00::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[2002:7f00:1::]",
        "[64:ff9b::7f00:1]", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "224.0.0.1", "255.255.255.255",
        "192.0.2.1",
    ],
)  # fmt: skip
def test_private_addresses_are_refused_in_any_notation(host: str) -> None:
    with outbound_http.create_client() as client, pytest.raises((UnreachableAddress, httpx.InvalidURL)):
        client.get(f"http://{host}:80/")


@pytest.mark.parametrize(
    "url",
    ["ftp://example.org/", "file:///etc/passwd", "http://user:pass@93.184.215.14/", "gopher://example.org/"],
)
def test_only_plain_http_urls_are_allowed(url: str) -> None:
    with (
        outbound_http.create_client() as client,
        pytest.raises((UnreachableAddress, httpx.UnsupportedProtocol)),
    ):
        client.get(url)


def test_one_private_address_among_public_ones_is_enough_to_refuse(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name with two addresses, of which the client might take either."""

    def found(host: str, port: int, **_: object) -> list[object]:
        return [(2, 1, 6, "", ("93.184.215.14", port)), (2, 1, 6, "", ("10.0.0.1", port))]

    monkeypatch.setattr(socket, "getaddrinfo", found)
    with pytest.raises(UnreachableAddress):
        outbound_http.resolve_address("two.example", 80, ())


def test_connection_uses_the_checked_address(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that says something else at each look-up is looked up once; what it is called stays in `Host`."""
    asked: list[str] = []

    def found(host: str, port: int, *_: object, **__: object) -> list[object]:
        if host == "127.0.0.1":
            return [(2, 1, 6, "", (host, port))]
        asked.append(host)
        return [(2, 1, 6, "", ("127.0.0.1" if len(asked) == 1 else "127.0.0.2", port))]

    monkeypatch.setattr(socket, "getaddrinfo", found)
    with outbound_http.create_client([ip_network("127.0.0.0/8")]) as client:
        assert client.get(f"http://rebinding.example:{port}/").text == f"rebinding.example:{port}"
    assert asked == ["rebinding.example"]


def test_only_allowed_private_networks_are_reachable(port: int) -> None:
    with outbound_http.create_client([ip_network("fd00::/8"), ip_network("127.0.0.1/32")]) as client:
        assert client.get(f"http://127.0.0.1:{port}/").status_code == 200
        with pytest.raises(UnreachableAddress):
            client.get(f"http://127.0.0.2:{port}/")


def test_redirects_are_not_followed(port: int) -> None:
    with outbound_http.create_client([ip_network("127.0.0.1/32")]) as client:
        assert client.get(f"http://127.0.0.1:{port}/away").status_code == 302


def test_response_size_is_limited(port: int) -> None:
    with outbound_http.create_client([ip_network("127.0.0.1/32")]) as client:
        with client.stream("GET", f"http://127.0.0.1:{port}/long") as answer:
            assert len(outbound_http.read_response(answer, 5000, 5)) == 5000
        with client.stream("GET", f"http://127.0.0.1:{port}/long") as answer, pytest.raises(ResponseTooLarge):
            outbound_http.read_response(answer, 4999, 5)
        with client.stream("GET", f"http://127.0.0.1:{port}/long") as answer, pytest.raises(ResponseTooLarge):
            outbound_http.read_response(answer, 5000, -1)
