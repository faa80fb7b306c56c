"""A browser's push service, and the browser behind it: takes what is signed, opens what is encrypted for it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network
from threading import Thread
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pytest_django import Settings

from bekhedmetkom.notifications.rules.push import decode_base64url, encode_base64url, encode_public_key

CURVE = ec.SECP256R1()


class PushService(ThreadingHTTPServer):
    """`heard`: what each browser showed, in order. `faults`: statuses of the next answers; 0 breaks the link."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.browsers: dict[str, Browser] = {}
        self.notifications: list[tuple[str, dict[str, Any]]] = []
        self.headers: list[dict[str, str]] = []
        self.faults: list[int] = []
        self.gone: set[str] = set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def browser(self, name: str) -> "Browser":
        """A browser that has subscribed."""
        return self.browsers.setdefault(f"/{name}", Browser(f"{self.url}/{name}"))

    def take(self, path: str, headers: dict[str, str], body: bytes) -> int:
        if self.faults and (fault := self.faults.pop(0)) != 201:
            return fault
        if path in self.gone:
            return 410
        scheme, _, rest = headers["Authorization"].partition(" ")
        token, key = (part.strip().partition("=")[2] for part in rest.split(","))
        public = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, decode_base64url(key))
        jwt.decode(
            token, public, algorithms=["ES256"], audience=self.url, options={"require": ["exp", "sub"]}
        )
        assert (scheme, headers["Content-Encoding"]) == ("vapid", "aes128gcm")
        assert int(headers["TTL"]) > 0
        self.headers.append(headers)
        self.notifications.append((path.removeprefix("/"), json.loads(self.browsers[path].decrypt(body))))
        return 201


class Browser:
    """Its keys; what it opens follows RFC 8291 from the receiver's side."""

    def __init__(self, endpoint: str) -> None:
        self.endpoint, self.auth = endpoint, b"sixteen letters!"
        self._key = ec.generate_private_key(CURVE)

    @property
    def subscription(self) -> dict[str, Any]:
        keys = {"p256dh": encode_base64url(encode_public_key(self._key)), "auth": encode_base64url(self.auth)}
        return {"endpoint": self.endpoint, "keys": keys}

    @property
    def subscribe_fields(self) -> dict[str, str]:
        return {"endpoint": self.endpoint, **self.subscription["keys"]}

    def decrypt(self, body: bytes) -> bytes:
        salt, length = body[:16], body[20]
        theirs, sealed = body[21 : 21 + length], body[21 + length :]
        secret = self._key.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(CURVE, theirs))
        info = b"WebPush: info\0" + encode_public_key(self._key) + theirs
        shared = HKDF(SHA256(), 32, self.auth, info).derive(secret)
        key = HKDF(SHA256(), 16, salt, b"Content-Encoding: aes128gcm\0").derive(shared)
        nonce = HKDF(SHA256(), 12, salt, b"Content-Encoding: nonce\0").derive(shared)
        return AESGCM(key).decrypt(nonce, sealed, None).rstrip(b"\0").removesuffix(b"\x02")


# Of a browser whose service has a public address, and is never called.
SUBSCRIPTION = Browser("https://93.184.215.14/push/a-browser").subscription


class _Handler(BaseHTTPRequestHandler):
    server: PushService

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        status = self.server.take(self.path, dict(self.headers), body)
        if status:
            self.send_response(status)
            if status == 429:
                self.send_header("Retry-After", "120")
            self.send_header("Content-Length", "0")
            self.end_headers()
        else:
            self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@contextmanager
def push_service(settings: Settings) -> Iterator[PushService]:
    """One that runs on this machine, whose network an operator has opened."""
    settings.OUTWARD_NETWORKS = (ip_network("127.0.0.0/8"),)
    settings.VAPID_PRIVATE_KEY = encode_base64url(b"\x07" * 32)
    server = PushService()
    Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()
