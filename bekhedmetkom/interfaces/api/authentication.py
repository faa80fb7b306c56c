"""Who calls: an officer by token or session, a program by its key, a citizen by reference and access code."""

from dataclasses import dataclass
from datetime import datetime
from math import ceil
from uuid import UUID

from django.http import HttpRequest
from ninja.security import APIKeyCookie, HttpBearer
from ninja.utils import check_csrf

from bekhedmetkom.cases import row_security
from bekhedmetkom.cases.queries import find_case_by_code
from bekhedmetkom.identity import rate_limit, throttle
from bekhedmetkom.identity.authentication import (
    AuthenticatedClient,
    authenticate_client,
    authenticate_officer,
)
from bekhedmetkom.interfaces.access_control import get_request_actor
from bekhedmetkom.interfaces.request_headers import get_client_address, get_header
from bekhedmetkom.kernel import clock
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.references import parse_access_code, parse_reference
from bekhedmetkom.kernel.text import BilingualText

from . import problems
from .exception_handlers import AUTHENTICATE_HEADER
from .problems import Problem

DESK_SCOPE = "desk"

_WRONG_SCOPE = BilingualText(
    f"رمز الدخول لا يشمل النطاق {DESK_SCOPE}.", f"The token does not have the scope {DESK_SCOPE}."
)
_NO_CSRF = BilingualText(
    "مع الجلسة ترسل المتصفحات رمز الحماية X-CSRFToken.", "With a session, send the X-CSRFToken header."
)
_NO_CASE = BilingualText(
    "لا يفتح هذا الرمز طلبًا بهذا الرقم.", "No case of this reference opens with this code."
)


@dataclass(frozen=True, slots=True)
class Caller:
    """The officer behind a request, and when it came."""

    actor: Actor
    at: datetime


class OfficerToken(HttpBearer):
    """An officer's own token with the scope `desk`."""

    def authenticate(self, request: HttpRequest, token: str) -> Caller:
        at = clock.now()
        known = authenticate_officer(token, at)
        if known is None:
            raise Problem(problems.NOT_SIGNED_IN, headers=AUTHENTICATE_HEADER)
        if DESK_SCOPE not in known.scopes:
            raise Problem(problems.NOT_ALLOWED, _WRONG_SCOPE)
        row_security.allow_officer(known.actor)
        return Caller(known.actor, at)


class OfficerSession(APIKeyCookie):
    """The session of an officer's browser; whatever changes something carries its CSRF token."""

    param_name = "session"

    def __init__(self) -> None:
        super().__init__(csrf=False)  # checked below, once it is known that there is a session to protect

    def authenticate(self, request: HttpRequest, key: str | None) -> Caller | None:
        actor = get_request_actor(request)
        if actor is None:
            return None
        if check_csrf(request) is not None:
            raise Problem(problems.NOT_ALLOWED, _NO_CSRF)
        return Caller(actor, clock.now())


OFFICERS = [OfficerToken(), OfficerSession()]


def identify_client(request: HttpRequest, at: datetime) -> Actor | None:
    """The program whose key came along; nobody needs one. A wrong key is refused, not taken for none.

    A program has a quota of its own, and no part in what its network may bring.
    """
    scheme, _, key = (get_header(request, "Authorization") or "").partition(" ")
    if not scheme:
        return None
    known = authenticate_client(key, at) if scheme.lower() == "bearer" else None
    if known is None:
        raise Problem(problems.NOT_SIGNED_IN, headers=AUTHENTICATE_HEADER)
    enforce_quota(known, at)
    return known.actor


def enforce_quota(program: AuthenticatedClient, at: datetime) -> None:
    """Count one call of a program; a problem where it is one too many for its hour."""
    if wait := rate_limit.count_client_call(program=program.id, per_hour=program.hourly_quota, at=at):
        raise Problem(problems.TOO_MANY_REQUESTS, rate_limit.OVER_QUOTA, headers={"Retry-After": str(wait)})


def get_idempotency_owner(program: Actor | None, address: str) -> str:
    """To whom an idempotency key belongs: a program, or whoever writes from that address."""
    return str(program) if program else f"api/{rate_limit.hash_address(address)}"


def open_case_by_access_code(request: HttpRequest, reference: str, at: datetime) -> tuple[UUID, Actor]:
    """The case that the access code opens, and its citizen. Guessing gets slow, for a case and an address."""
    known = parse_reference(reference)
    code = parse_access_code(request.headers.get("X-Access-Code", ""))
    if known is None or code is None:
        raise Problem(problems.NOT_FOUND, _NO_CASE)
    guesser = ("access-code", get_client_address(request), known)
    if wait := throttle.take_attempt(throttle.CASE_LIMIT, *guesser, at=at).total_seconds():
        raise Problem(problems.TOO_MANY_REQUESTS, headers={"Retry-After": str(ceil(wait))})
    case = find_case_by_code(known, code)
    if case is None:
        raise Problem(problems.NOT_FOUND, _NO_CASE)
    throttle.return_attempt(*guesser)
    return case, Actor.citizen(known)


def parse_if_match(request: HttpRequest) -> int:
    """The seq that the caller acts on, from `If-Match: "4"`."""
    tag = request.headers.get("If-Match", "").strip().removeprefix("W/").strip('"')
    if not tag:
        raise Problem(problems.IF_MATCH_REQUIRED)
    if not (tag.isascii() and tag.isdigit() and len(tag) < 10):
        raise Problem(problems.MALFORMED_REQUEST, problems.DEFAULT_DETAILS[problems.IF_MATCH_REQUIRED])
    return int(tag)
