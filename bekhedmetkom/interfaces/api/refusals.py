"""From whatever is raised inside to the problem that is answered: one row an exception."""

import logging
from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from ninja.errors import AuthenticationError, HttpError, ValidationError

from bekhedmetkom.attachments.rules import TryAgain
from bekhedmetkom.cases.commands import KeyReused, SaysTooLittle, StillUnderWay, UseConfidentialChannel
from bekhedmetkom.cases.journal import Conflict, NoSuchCase
from bekhedmetkom.cases.rules.quality import THRESHOLD
from bekhedmetkom.identity.limits import ProofNeeded
from bekhedmetkom.kernel.errors import Invalid, NotAllowed, Refused

from . import problems
from .invalid import field_errors
from .problems import Problem

log = logging.getLogger(__name__)

PROOF = "X-Challenge-Proof"
WHO = {"WWW-Authenticate": 'Bearer realm="bekhedmetkom"'}


def confidential(refusal: UseConfidentialChannel) -> Problem:
    """Where to go instead, in each language; nothing of what was sent is kept."""
    urls = {"ar": f"{settings.BOX_URL}/", "en": f"{settings.BOX_URL}/en/"}
    return Problem(problems.CONFIDENTIAL, refusal.words, url=urls["ar"], urls=urls)


def proof_needed(refusal: ProofNeeded) -> Problem:
    """How long to wait, and what to solve to go on at once."""
    return Problem(
        problems.PROOF_NEEDED, refusal.words, headers={"Retry-After": str(refusal.wait)},
        challenge={"algorithm": "SHA-256", "text": refusal.challenge, "bits": refusal.bits, "header": PROOF},
    )  # fmt: skip


def says_too_little(refusal: SaysTooLittle) -> Problem:
    """What is wrong with the reply, and where in its text, so that the caller's own page can show it."""
    quality = refusal.quality
    return Problem(
        problems.SAYS_TOO_LITTLE, refusal.words, refusal.errors, score=quality.score, threshold=THRESHOLD,
        findings=[
            {"code": str(found.code), "ar": found.words.ar, "en": found.words.en, "weight": found.weight,
             "start": found.start, "end": found.end}
            for found in quality.findings
        ],
    )  # fmt: skip


def _of_http(error: HttpError) -> Problem:
    """django-ninja wraps whatever reading a body raised."""
    cause = error.__cause__
    return cause if isinstance(cause, Problem) else Problem(problems.MALFORMED)


# The nearest class of an exception decides, as in an `except` clause.
PROBLEMS: Mapping[type[Exception], Callable[[Any], Problem]] = {
    Problem: lambda problem: problem,
    Invalid: lambda refusal: Problem(problems.INVALID, refusal.words, refusal.errors),
    SaysTooLittle: says_too_little,
    UseConfidentialChannel: confidential,
    KeyReused: lambda refusal: Problem(problems.KEY_REUSED, refusal.words),
    StillUnderWay: lambda refusal: Problem(problems.UNDER_WAY, refusal.words, headers={"Retry-After": "1"}),
    ProofNeeded: proof_needed,
    Conflict: lambda refusal: Problem(
        problems.CHANGED, refusal.words, headers={"ETag": f'"{refusal.seq}"'}, seq=refusal.seq,
        changed=[str(happened) for happened in refusal.changed],
    ),
    NoSuchCase: lambda refusal: Problem(problems.NOT_FOUND, refusal.words),
    NotAllowed: lambda refusal: Problem(problems.NOT_ALLOWED, refusal.words),
    TryAgain: lambda refusal: Problem(
        problems.UNAVAILABLE, refusal.words, headers={"Retry-After": str(refusal.after)}
    ),
    Refused: lambda refusal: Problem(problems.INVALID, refusal.words),
    ValidationError: lambda error: Problem(problems.INVALID, errors=field_errors(error.errors)),
    AuthenticationError: lambda _: Problem(problems.NOT_SIGNED_IN, headers=WHO),
    HttpError: _of_http,
    Http404: lambda _: Problem(problems.NOT_FOUND),
    RequestDataTooBig: lambda _: Problem(problems.TOO_LARGE),
    SuspiciousOperation: lambda _: Problem(problems.MALFORMED),
    MultiPartParserError: lambda _: Problem(problems.MALFORMED),
    UnreadablePostError: lambda _: Problem(problems.MALFORMED),
    OperationalError: lambda _: Problem(problems.UNAVAILABLE, headers={"Retry-After": "5"}),
    Exception: lambda _: Problem(problems.FAULT),
}  # fmt: skip


def refuse(request: HttpRequest, error: Exception) -> HttpResponse:
    """The answer to a request that ended in `error`. Only faults of ours are logged, without what was sent."""
    kind = next(kind for kind in type(error).__mro__ if kind in PROBLEMS)
    problem = PROBLEMS[kind](error)
    if problem.sort.status >= 500 and not isinstance(error, TryAgain):
        log.error("%s failed", request.resolver_match and request.resolver_match.view_name, exc_info=error)
    return problems.answer(request, problem)
