"""Who calls: an officer by token or session, a program by its key, a citizen by reference and access code."""

from dataclasses import dataclass
from datetime import datetime
from math import ceil
from uuid import UUID

from django.http import HttpRequest
from ninja.security import APIKeyCookie, HttpBearer
from ninja.utils import check_csrf

from bekhedmetkom.cases import wall
from bekhedmetkom.cases.queries import case_of
from bekhedmetkom.identity import limits, pace
from bekhedmetkom.identity.recognising import Program, client_by_key, officer_by_token
from bekhedmetkom.interfaces.actor import actor_of_request
from bekhedmetkom.interfaces.address import address_of
from bekhedmetkom.interfaces.headers import header_of
from bekhedmetkom.kernel import clock
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.references import parse_access_code, parse_reference
from bekhedmetkom.kernel.words import Words

from . import problems
from .problems import Problem
from .refusals import WHO

SCOPE = "desk"

_WRONG_SCOPE = Words(f"رمز الدخول لا يشمل النطاق {SCOPE}.", f"The token does not have the scope {SCOPE}.")
_NO_CSRF = Words(
    "مع الجلسة ترسل المتصفحات رمز الحماية X-CSRFToken.", "With a session, send the X-CSRFToken header."
)
_NO_CASE = Words("لا يفتح هذا الرمز طلبًا بهذا الرقم.", "No case of this reference opens with this code.")


@dataclass(frozen=True, slots=True)
class Caller:
    """The officer behind a request, and when it came."""

    actor: Actor
    at: datetime


class OfficerToken(HttpBearer):
    """An officer's own token with the scope `desk`."""

    def authenticate(self, request: HttpRequest, token: str) -> Caller:
        at = clock.now()
        known = officer_by_token(token, at)
        if known is None:
            raise Problem(problems.NOT_SIGNED_IN, headers=WHO)
        if SCOPE not in known.scopes:
            raise Problem(problems.NOT_ALLOWED, _WRONG_SCOPE)
        wall.for_officer(known.actor)
        return Caller(known.actor, at)


class OfficerSession(APIKeyCookie):
    """The session of an officer's browser; whatever changes something carries its CSRF token."""

    param_name = "session"

    def __init__(self) -> None:
        super().__init__(csrf=False)  # checked below, once it is known that there is a session to protect

    def authenticate(self, request: HttpRequest, key: str | None) -> Caller | None:
        actor = actor_of_request(request)
        if actor is None:
            return None
        if check_csrf(request) is not None:
            raise Problem(problems.NOT_ALLOWED, _NO_CSRF)
        return Caller(actor, clock.now())


OFFICERS = [OfficerToken(), OfficerSession()]


def client_of(request: HttpRequest, at: datetime) -> Actor | None:
    """The program whose key came along; nobody needs one. A wrong key is refused, not taken for none.

    A program has a quota of its own, and no part in what its network may bring.
    """
    scheme, _, key = (header_of(request, "Authorization") or "").partition(" ")
    if not scheme:
        return None
    known = client_by_key(key, at) if scheme.lower() == "bearer" else None
    if known is None:
        raise Problem(problems.NOT_SIGNED_IN, headers=WHO)
    within_quota(known, at)
    return known.actor


def within_quota(program: Program, at: datetime) -> None:
    """Count one call of a program; a problem where it is one too many for its hour."""
    if wait := limits.wait_for_quota(program=program.id, per_hour=program.per_hour, at=at):
        raise Problem(problems.TOO_FAST, limits.OVER_QUOTA, headers={"Retry-After": str(wait)})


def sender(program: Actor | None, address: str) -> str:
    """To whom an idempotency key belongs: a program, or whoever writes from that address."""
    return str(program) if program else f"api/{limits.known_as(address)}"


def opened(request: HttpRequest, reference: str, at: datetime) -> tuple[UUID, Actor]:
    """The case that the access code opens, and its citizen. Guessing gets slow, for a case and an address."""
    known = parse_reference(reference)
    code = parse_access_code(request.headers.get("X-Access-Code", ""))
    if known is None or code is None:
        raise Problem(problems.NOT_FOUND, _NO_CASE)
    guesser = ("access-code", address_of(request), known)
    if wait := pace.take(pace.ONE_CASE, *guesser, at=at).total_seconds():
        raise Problem(problems.TOO_FAST, headers={"Retry-After": str(ceil(wait))})
    case = case_of(known, code)
    if case is None:
        raise Problem(problems.NOT_FOUND, _NO_CASE)
    pace.give_back(*guesser)
    return case, Actor.citizen(known)


def seen_of(request: HttpRequest) -> int:
    """The seq that the caller acts on, from `If-Match: "4"`."""
    tag = request.headers.get("If-Match", "").strip().removeprefix("W/").strip('"')
    if not tag:
        raise Problem(problems.SEEN_REQUIRED)
    if not (tag.isascii() and tag.isdigit() and len(tag) < 10):
        raise Problem(problems.MALFORMED, problems.DETAILS[problems.SEEN_REQUIRED])
    return int(tag)
