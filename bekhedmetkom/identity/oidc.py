"""National identity for citizens by OpenID Connect: authorization code flow with PKCE (RFC 9700).

The result is `Claims`, never an account: officers are neither looked up nor signed in here. allauth's flow is not used
because it creates a user for everyone and checks neither nonce nor signature.
"""

import base64
import hashlib
import hmac
import logging
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import urlencode, urlsplit

import httpx
import jwt
from django.conf import settings

from bekhedmetkom.kernel.errors import Refusal
from bekhedmetkom.kernel.text import BilingualText

TIMEOUT_SECONDS = 5.0  # of a request to the provider
CACHE_SECONDS = 3600  # of its published metadata and keys
CLOCK_SKEW_SECONDS = 60
# Asymmetric algorithms only: no HMAC with the client secret, no `none`.
ALGORITHMS = ["RS256", "PS256", "ES256", "ES384", "EdDSA"]

log = logging.getLogger(__name__)


class SignInFailed(Refusal):
    message = BilingualText(
        "لم يكتمل الدخول بالهوية الوطنية. جرّب من جديد، أو ادخل برمز يصل إلى هاتفك.",
        "Signing in with your national identity did not complete. Try again, or use a code sent to your phone.",
    )


class ProviderUnavailable(SignInFailed):
    message = BilingualText(
        "خدمة الهوية الوطنية لا تجيب الآن. جرّب بعد قليل، أو ادخل برمز يصل إلى هاتفك.",
        "The national identity service does not answer now. Try later, or use a code sent to your phone.",
    )


class PendingSignIn(NamedTuple):
    """A started sign-in. The browser keeps it encrypted, so only that browser can complete it."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True)
class Claims:
    """Verified claims of the provider; empty where it makes none."""

    national_number: str = ""
    phone: str = ""
    email: str = ""


def is_configured() -> bool:
    """Whether a provider is configured."""
    return bool(settings.OIDC_ISSUER and settings.OIDC_CLIENT_ID)


def start_sign_in(redirect_uri: str, language: str) -> tuple[str, PendingSignIn]:
    """Return the URL for the browser, and the state that it keeps."""
    begun = PendingSignIn(*(secrets.token_urlsafe(32) for _ in PendingSignIn._fields))
    challenge = base64.urlsafe_b64encode(hashlib.sha256(begun.verifier.encode()).digest()).rstrip(b"=")
    query = {
        "response_type": "code",
        "client_id": settings.OIDC_CLIENT_ID,
        "redirect_uri": redirect_uri,
        "scope": settings.OIDC_SCOPE,
        "state": begun.state,
        "nonce": begun.nonce,
        "code_challenge": challenge.decode(),
        "code_challenge_method": "S256",
        "ui_locales": language,
    }
    address = _get_provider().get_endpoint("authorization_endpoint")
    return f"{address}{'&' if '?' in address else '?'}{urlencode(query)}", begun


def complete_sign_in(begun: PendingSignIn, answer: Mapping[str, str], redirect_uri: str) -> Claims:
    """Return the claims for `answer`, the query of the callback. Raises `SignInFailed`."""
    if not hmac.compare_digest(answer.get("state", "").encode(), begun.state.encode()):
        raise _build_failure("the state is not the one that was sent")
    if answer.get("iss", settings.OIDC_ISSUER) != settings.OIDC_ISSUER:
        raise _build_failure("the answer is another issuer's")  # RFC 9207
    if "error" in answer or not answer.get("code"):
        raise _build_failure("the provider or the person declined")
    provider = _get_provider()
    tokens = provider.exchange_code(answer["code"], begun.verifier, redirect_uri)
    claims = _verify_id_token(provider, str(tokens.get("id_token", "")), begun.nonce)
    return _parse_claims(claims | provider.fetch_userinfo(str(tokens.get("access_token", "")), claims["sub"]))


class Provider:
    """The provider's published metadata and keys, fetched once an hour."""

    def __init__(self, issuer: str) -> None:
        self.issuer, self.expires_at = issuer, time.monotonic() + CACHE_SECONDS
        self._settings = _parse_json(_send_request("GET", f"{issuer}/.well-known/openid-configuration"))
        if self._settings.get("issuer") != issuer:
            raise _build_failure("the published issuer is another")
        self._keys: dict[str, jwt.PyJWK] | None = None

    def get_endpoint(self, name: str) -> str:
        """Return the URL of an endpoint. It must be HTTPS, or have the scheme of the issuer in tests."""
        address = str(self._settings.get(name, ""))
        if urlsplit(address).scheme not in ("https", urlsplit(self.issuer).scheme):
            raise _build_failure(f"its {name} is missing or not over HTTPS")
        return address

    def exchange_code(self, code: str, verifier: str, redirect_uri: str) -> dict[str, Any]:
        """Exchange a code for tokens; the client authenticates as the provider's metadata says."""
        fields = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "code_verifier": verifier,
            "client_id": settings.OIDC_CLIENT_ID,
        }
        methods = self._settings.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        basic = "client_secret_basic" in methods
        secret = settings.OIDC_CLIENT_SECRET
        return _parse_json(
            _send_request(
                "POST",
                self.get_endpoint("token_endpoint"),
                data=fields if basic else fields | {"client_secret": secret},
                auth=httpx.BasicAuth(settings.OIDC_CLIENT_ID, secret) if basic and secret else None,
            )
        )

    def fetch_userinfo(self, access_token: str, subject: str) -> dict[str, Any]:
        """Return the userinfo claims, or {} without such an endpoint. Refuses another subject."""
        if not (access_token and "userinfo_endpoint" in self._settings):
            return {}
        headers = {"Authorization": f"Bearer {access_token}"}
        userinfo = _parse_json(_send_request("GET", self.get_endpoint("userinfo_endpoint"), headers=headers))
        if userinfo.get("sub") != subject:
            raise _build_failure("its userinfo is of somebody else")
        return userinfo

    def find_key(self, name: str) -> jwt.PyJWK:
        """Return the key with this id; an unknown id fetches the keys again, because providers rotate them."""
        if self._keys is None or name not in self._keys:
            self._keys = {}
            for key in _parse_json(_send_request("GET", self.get_endpoint("jwks_uri"))).get("keys", []):
                try:
                    self._keys[str(key.get("kid", ""))] = jwt.PyJWK(key)
                except (jwt.PyJWTError, AttributeError):
                    continue  # unsupported key type
        try:
            return self._keys[name]
        except KeyError:
            raise _build_failure("signed with a key that the provider does not publish") from None


_providers: dict[str, Provider] = {}


def _get_provider() -> Provider:
    """Return the cached provider of this process."""
    issuer: str = settings.OIDC_ISSUER
    known = _providers.get(issuer)
    if known is None or time.monotonic() > known.expires_at:
        known = _providers[issuer] = Provider(issuer)
    return known


def reset_provider() -> None:
    """Drop the cached metadata and keys."""
    _providers.clear()


def _verify_id_token(provider: Provider, token: str, nonce: str) -> dict[str, Any]:
    """Return the claims of an ID token after checking signature, issuer, audience, times and nonce."""
    try:
        header = jwt.get_unverified_header(token)
        claims: dict[str, Any] = jwt.decode(
            token,
            provider.find_key(str(header.get("kid", ""))),
            algorithms=ALGORITHMS,
            audience=settings.OIDC_CLIENT_ID,
            issuer=provider.issuer,
            leeway=CLOCK_SKEW_SECONDS,
            options={"require": ["iss", "sub", "aud", "exp", "iat", "nonce"]},
        )
    except jwt.PyJWTError as error:
        raise _build_failure(f"its token does not hold: {type(error).__name__}") from None
    if not hmac.compare_digest(str(claims["nonce"]).encode(), nonce.encode()):
        raise _build_failure("its token was made for another sign-in")
    if claims.get("azp", settings.OIDC_CLIENT_ID) != settings.OIDC_CLIENT_ID:
        raise _build_failure("its token was made for another party")
    return claims


def _parse_claims(claims: Mapping[str, Any]) -> Claims:
    """Return the claims; phone and e-mail count only when explicitly verified."""

    def text(name: str) -> str:
        value = claims.get(name)
        return value if isinstance(value, str) and len(value) <= 254 else ""

    return Claims(
        national_number=text(settings.OIDC_NATIONAL_NUMBER_CLAIM),
        phone=text("phone_number") if claims.get("phone_number_verified") is True else "",
        email=text("email") if claims.get("email_verified") is True else "",
    )


def _send_request(method: str, address: str, **how: Any) -> httpx.Response:
    try:
        answer = httpx.request(method, address, timeout=TIMEOUT_SECONDS, follow_redirects=False, **how)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        log.warning("the identity provider does not answer: %s", type(error).__name__)
        raise ProviderUnavailable from None
    if answer.status_code >= 500:
        log.warning("the identity provider answers %s", answer.status_code)
        raise ProviderUnavailable
    if answer.status_code != 200:
        raise _build_failure(f"answered {answer.status_code} to {method}")
    return answer


def _parse_json(answer: httpx.Response) -> dict[str, Any]:
    try:
        read = answer.json()
    except ValueError:
        read = None
    if not isinstance(read, dict):
        raise _build_failure("its answer is no JSON object")
    return read


def _build_failure(why: str) -> SignInFailed:
    """Log the reason, without data of provider or browser, and return the error."""
    log.warning("a citizen's sign-in was refused: %s", why)
    return SignInFailed()
