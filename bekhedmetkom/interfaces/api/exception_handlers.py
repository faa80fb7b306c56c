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

from bekhedmetkom.attachments.rules import TemporaryFailure
from bekhedmetkom.cases.commands import (
    IdempotencyKeyReused,
    LowQualityReply,
    SubmissionInProgress,
    UseConfidentialChannel,
)
from bekhedmetkom.cases.journal import CaseNotFound, Conflict
from bekhedmetkom.cases.rules.quality import MIN_SCORE
from bekhedmetkom.identity.rate_limit import ProofOfWorkRequired
from bekhedmetkom.kernel.errors import InvalidInput, NotAllowed, Refusal

from . import problems
from .problems import Problem
from .validation_messages import build_field_errors

logger = logging.getLogger(__name__)

PROOF_HEADER = "X-Challenge-Proof"
AUTHENTICATE_HEADER = {"WWW-Authenticate": 'Bearer realm="bekhedmetkom"'}


def build_confidential_problem(refusal: UseConfidentialChannel) -> Problem:
    """Where to go instead, in each language; nothing of what was sent is kept."""
    urls = {"ar": f"{settings.BOX_URL}/", "en": f"{settings.BOX_URL}/en/"}
    return Problem(problems.USE_CONFIDENTIAL_CHANNEL, refusal.message, url=urls["ar"], urls=urls)


def build_proof_problem(refusal: ProofOfWorkRequired) -> Problem:
    """How long to wait, and what to solve to go on at once."""
    return Problem(
        problems.PROOF_NEEDED, refusal.message, headers={"Retry-After": str(refusal.wait_seconds)},
        challenge={"algorithm": "SHA-256", "text": refusal.challenge, "bits": refusal.bits, "header": PROOF_HEADER},
    )  # fmt: skip


def build_quality_problem(refusal: LowQualityReply) -> Problem:
    """What is wrong with the reply, and where in its text, so that the caller's own page can show it."""
    quality = refusal.quality
    return Problem(
        problems.SAYS_TOO_LITTLE, refusal.message, refusal.errors, score=quality.score, threshold=MIN_SCORE,
        findings=[
            {"code": str(found.code), "ar": found.words.ar, "en": found.words.en, "weight": found.weight,
             "start": found.start, "end": found.end}
            for found in quality.findings
        ],
    )  # fmt: skip


def _unwrap_http_error(error: HttpError) -> Problem:
    """django-ninja wraps whatever reading a body raised."""
    cause = error.__cause__
    return cause if isinstance(cause, Problem) else Problem(problems.MALFORMED_REQUEST)


# The nearest class of an exception decides, as in an `except` clause.
PROBLEM_BY_EXCEPTION: Mapping[type[Exception], Callable[[Any], Problem]] = {
    Problem: lambda problem: problem,
    InvalidInput: lambda refusal: Problem(problems.INVALID_FIELDS, refusal.message, refusal.errors),
    LowQualityReply: build_quality_problem,
    UseConfidentialChannel: build_confidential_problem,
    IdempotencyKeyReused: lambda refusal: Problem(problems.IDEMPOTENCY_KEY_REUSED, refusal.message),
    SubmissionInProgress: lambda refusal: Problem(
        problems.STILL_UNDER_WAY, refusal.message, headers={"Retry-After": "1"}
    ),
    ProofOfWorkRequired: build_proof_problem,
    Conflict: lambda refusal: Problem(
        problems.CHANGED_MEANWHILE,
        refusal.message,
        headers={"ETag": f'"{refusal.seq}"'},
        seq=refusal.seq,
        changed=[str(happened) for happened in refusal.changed],
    ),
    CaseNotFound: lambda refusal: Problem(problems.NOT_FOUND, refusal.message),
    NotAllowed: lambda refusal: Problem(problems.NOT_ALLOWED, refusal.message),
    TemporaryFailure: lambda refusal: Problem(
        problems.UNAVAILABLE, refusal.message, headers={"Retry-After": str(refusal.retry_after)}
    ),
    Refusal: lambda refusal: Problem(problems.INVALID_FIELDS, refusal.message),
    ValidationError: lambda error: Problem(problems.INVALID_FIELDS, errors=build_field_errors(error.errors)),
    AuthenticationError: lambda _: Problem(problems.NOT_SIGNED_IN, headers=AUTHENTICATE_HEADER),
    HttpError: _unwrap_http_error,
    Http404: lambda _: Problem(problems.NOT_FOUND),
    RequestDataTooBig: lambda _: Problem(problems.TOO_LARGE),
    SuspiciousOperation: lambda _: Problem(problems.MALFORMED_REQUEST),
    MultiPartParserError: lambda _: Problem(problems.MALFORMED_REQUEST),
    UnreadablePostError: lambda _: Problem(problems.MALFORMED_REQUEST),
    OperationalError: lambda _: Problem(problems.UNAVAILABLE, headers={"Retry-After": "5"}),
    Exception: lambda _: Problem(problems.SERVER_ERROR),
}


def handle_exception(request: HttpRequest, error: Exception) -> HttpResponse:
    """The answer to a request that ended in `error`. Only faults of ours are logged, without what was sent."""
    kind = next(kind for kind in type(error).__mro__ if kind in PROBLEM_BY_EXCEPTION)
    problem = PROBLEM_BY_EXCEPTION[kind](error)
    if problem.type.status >= 500 and not isinstance(error, TemporaryFailure):
        logger.error("%s failed", request.resolver_match and request.resolver_match.view_name, exc_info=error)
    return problems.render_problem(request, problem)
