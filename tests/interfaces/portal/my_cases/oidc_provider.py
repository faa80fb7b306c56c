"""A local OpenID Connect provider that can break exactly one rule."""

import base64
import hashlib
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, RSAKey

CLIENT, SECRET = "bekhedmetkom", "a secret: with a colon"


class FakeOidcProvider:
    """`person`: claims of the signed-in person. `token`: wrong claims of the ID token; `None` leaves one out."""

    def __init__(self, redirect_uri: str) -> None:
        self.redirect_uri = redirect_uri
        self.person: dict[str, Any] = {"sub": "somebody"}
        self.token: dict[str, Any] = {}
        self.settings: dict[str, Any] = {}
        self.userinfo: dict[str, Any] = {}
        self.down = False
        self.published: Any = RSAKey.generate_key(2048, {"kid": "one"})
        self.signing: Any = self.published
        self.algorithm = "RS256"
        self.codes: dict[str, dict[str, str]] = {}
        self.asked: list[str] = []
        self.refusals: list[str] = []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _build_handler(self))
        self.issuer = f"http://127.0.0.1:{self.server.server_port}"

    def sign_with(self, key: Any, algorithm: str, *, publish: bool) -> None:
        self.signing, self.algorithm = key, algorithm
        if publish:
            self.published = key

    def configuration(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "jwks_uri": f"{self.issuer}/jwks",
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        } | self.settings

    def authorize(self, query: dict[str, str]) -> str | None:
        """Return the redirect back to the client; `None` for an invalid request."""
        rules = {
            "client": query.get("client_id") == CLIENT,
            "redirect": query.get("redirect_uri") == self.redirect_uri,
            "flow": query.get("response_type") == "code" and "openid" in query.get("scope", "").split(),
            "pkce": query.get("code_challenge_method") == "S256"
            and len(query.get("code_challenge", "")) == 43,
            "unguessable": len(query.get("state", "")) >= 22 and len(query.get("nonce", "")) >= 22,
        }
        if broken := [rule for rule, kept in rules.items() if not kept]:
            self.refusals += broken
            return None
        code = f"code-{len(self.codes)}"
        self.codes[code] = query
        return f"{self.redirect_uri}?{urlencode({'code': code, 'state': query['state'], 'iss': self.issuer})}"

    def exchange(self, form: dict[str, str], authorization: str) -> dict[str, Any] | None:
        query = self.codes.pop(form.get("code", ""), None)
        basic = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        proof = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        if (
            query is None
            or authorization != f"Basic {basic}"
            or form.get("grant_type") != "authorization_code"
            or form.get("redirect_uri") != query["redirect_uri"]
            or base64.urlsafe_b64encode(proof).rstrip(b"=").decode() != query["code_challenge"]
        ):
            self.refusals.append("token")
            return None
        now = int(time.time())
        claims = {
            "iss": self.issuer, "sub": self.person["sub"], "aud": CLIENT, "iat": now, "exp": now + 300,
            "nonce": query["nonce"], **self.token,
        }  # fmt: skip
        claims = {name: value for name, value in claims.items() if value is not None}
        header = {"alg": self.algorithm, "kid": getattr(self.signing, "kid", None) or "one"}
        return {
            "access_token": "for-userinfo", "token_type": "Bearer",
            "id_token": jwt.encode(header, claims, self.signing, algorithms=[self.algorithm]),
        }  # fmt: skip


@contextmanager
def run_provider(redirect_uri: str) -> Iterator[FakeOidcProvider]:
    provider = FakeOidcProvider(redirect_uri)
    thread = Thread(target=provider.server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        provider.server.shutdown()
        provider.server.server_close()
        thread.join()


def create_rsa_key(name: str = "one") -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": name})


def create_ec_key(name: str = "two") -> ECKey:
    return ECKey.generate_key("P-256", {"kid": name})


def create_symmetric_key() -> OctKey:
    """Return our client secret as a signing key, which must not be accepted."""
    return OctKey.import_key(SECRET.ljust(32), {"kid": "one"})


def _build_handler(provider: FakeOidcProvider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            pass

        def do_GET(self) -> None:
            address = urlsplit(self.path)
            provider.asked.append(address.path)
            if provider.down:
                return self._say(503, {"error": "down"})
            query = {name: values[0] for name, values in parse_qs(address.query).items()}
            match address.path:
                case "/.well-known/openid-configuration":
                    self._say(200, provider.configuration())
                case "/jwks":
                    self._say(200, {"keys": [provider.published.as_dict(private=False)]})
                case "/authorize" if back := provider.authorize(query):
                    self.send_response(302)
                    self.send_header("Location", back)
                    self.end_headers()
                case "/userinfo" if self.headers.get("Authorization") == "Bearer for-userinfo":
                    self._say(200, provider.person | provider.userinfo)
                case _:
                    self._say(400, {"error": "invalid_request"})
            return None

        def do_POST(self) -> None:
            provider.asked.append(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            if provider.down:
                return self._say(503, {"error": "down"})
            tokens = provider.exchange(form, self.headers.get("Authorization", ""))
            return self._say(200, tokens) if tokens else self._say(400, {"error": "invalid_grant"})

        def _say(self, status: int, what: dict[str, Any]) -> None:
            body = json.dumps(what).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    return Handler
