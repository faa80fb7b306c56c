"""A program's own webhooks: where it is told, of what, and what nobody took."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja.responses import Status
from ninja.security import HttpBearer

from bekhedmetkom.identity.authentication import AuthenticatedClient, authenticate_client
from bekhedmetkom.interfaces.access_control import audience
from bekhedmetkom.kernel import clock
from bekhedmetkom.kernel.errors import NotAllowed
from bekhedmetkom.kernel.text import BilingualText
from bekhedmetkom.webhooks import commands, queries
from bekhedmetkom.webhooks.rules.webhook_protocol import format_secret

from .. import problems
from ..api import api
from ..authentication import enforce_quota
from ..exception_handlers import AUTHENTICATE_HEADER
from ..openapi import BODY_PROBLEMS, document_responses
from ..problems import Problem
from ..schemas.webhooks import (
    ParkedDeliveriesOut,
    SecretOut,
    SubscribeIn,
    SubscriptionCreatedOut,
    SubscriptionsOut,
)

WEBHOOKS_SCOPE = "webhooks"
PAGE_SIZE = 100

_WRONG_SCOPE = BilingualText(
    f"مفتاح النظام لا يشمل النطاق {WEBHOOKS_SCOPE}.",
    f"The program's key does not have the scope {WEBHOOKS_SCOPE}.",
)
_UNKNOWN_SUBSCRIPTION = BilingualText(
    "لا اشتراك بهذا الرقم لهذا النظام.", "This program has no such subscription."
)
_AUTH_PROBLEMS = (problems.NOT_SIGNED_IN, problems.NOT_ALLOWED, problems.TOO_MANY_REQUESTS)


class ProgramKey(HttpBearer):
    """The key of a registered program with the scope `webhooks`."""

    def authenticate(self, request: HttpRequest, token: str) -> tuple[AuthenticatedClient, datetime]:
        at = clock.now()
        known = authenticate_client(token, at)
        if known is None:
            raise Problem(problems.NOT_SIGNED_IN, headers=AUTHENTICATE_HEADER)
        if WEBHOOKS_SCOPE not in known.scopes:
            raise Problem(problems.NOT_ALLOWED, _WRONG_SCOPE)
        enforce_quota(known, at)
        return known, at


def _get_caller(request: HttpRequest) -> tuple[AuthenticatedClient, datetime]:
    assert hasattr(request, "auth")  # django-ninja has put it there: `auth=ProgramKey()`
    found: tuple[AuthenticatedClient, datetime] = request.auth
    return found


@api.get(
    "/webhooks",
    url_name="webhooks",
    tags=["webhooks"],
    auth=ProgramKey(),
    **document_responses("اشتراكات هذا النظام.", SubscriptionsOut, *_AUTH_PROBLEMS),
)
@audience("machine")
def subscriptions(request: HttpRequest) -> dict[str, Any]:
    """The program's subscriptions, with what waits and what nobody took."""
    program, _at = _get_caller(request)
    return {
        "items": [
            {
                "id": row.pk, "url": row.url, "whose": row.whose, "events": row.events, "created_at": row.created_at,
                "waiting": waiting, "parked": parked, "failures": row.failures, "last_status": row.last_status,
            }
            for row, waiting, parked in queries.list_subscriptions(program.id)
        ],
        "next": None,
    }  # fmt: skip


@api.post(
    "/webhooks",
    url_name="subscribe",
    tags=["webhooks"],
    auth=ProgramKey(),
    **document_responses(
        "اشتراك بعنوان تُرسل إليه أحداث الطلبات موقّعة (Standard Webhooks)، مرة على الأقل.",
        SubscriptionCreatedOut, *_AUTH_PROBLEMS, *BODY_PROBLEMS, status=201,
    ),
)  # fmt: skip
@audience("machine")
def create_subscription(
    request: HttpRequest, response: HttpResponse, payload: SubscribeIn
) -> Status[dict[str, Any]]:
    """Be told at an address what happens to cases: signed as Standard Webhooks says, at least once, in order.

    Answer 2xx within ten seconds. What fails is tried again for three days, then parked; 410 ends the subscription.
    """
    program, at = _get_caller(request)
    made = commands.create_subscription(client=program.id, at=at, **payload.model_dump())
    response.headers["Cache-Control"] = "no-store"
    return Status(201, {"id": made.id, "secret": format_secret(made.secret)})


@api.post(
    "/webhooks/{subscription}/secret",
    url_name="webhook-secret",
    tags=["webhooks"],
    auth=ProgramKey(),
    **document_responses(
        "مفتاح توقيع جديد. يبقى القديم يوقّع معه أسبوعًا.", SecretOut, *_AUTH_PROBLEMS, problems.NOT_FOUND
    ),
)
@audience("machine")
def rotate_secret(request: HttpRequest, response: HttpResponse, subscription: int) -> dict[str, Any]:
    """Another secret, shown this once; for a week each delivery is signed with both."""
    program, at = _get_caller(request)
    response.headers["Cache-Control"] = "no-store"
    try:
        return {
            "secret": format_secret(
                commands.rotate_secret(client=program.id, subscription=subscription, at=at)
            )
        }
    except NotAllowed as other:
        raise Problem(problems.NOT_FOUND, _UNKNOWN_SUBSCRIPTION) from other


@api.post(
    "/webhooks/{subscription}/end",
    url_name="unsubscribe",
    tags=["webhooks"],
    auth=ProgramKey(),
    **document_responses("إنهاء الاشتراك.", None, *_AUTH_PROBLEMS, problems.NOT_FOUND, status=204),
)
@audience("machine")
def end_subscription(request: HttpRequest, subscription: int) -> Status[None]:
    """Be told no more."""
    program, at = _get_caller(request)
    try:
        commands.end_subscription(client=program.id, subscription=subscription, at=at)
    except NotAllowed as other:
        raise Problem(problems.NOT_FOUND, _UNKNOWN_SUBSCRIPTION) from other
    return Status(204, None)


@api.get(
    "/webhooks/{subscription}/parked",
    url_name="webhook-parked",
    tags=["webhooks"],
    auth=ProgramKey(),
    **document_responses(
        "ما لم يُستلم خلال ثلاثة أيام.",
        ParkedDeliveriesOut,
        *_AUTH_PROBLEMS,
        problems.NOT_FOUND,
        problems.INVALID_FIELDS,
    ),
)
@audience("machine")
def list_parked_deliveries(request: HttpRequest, subscription: int, cursor: int = 0) -> dict[str, Any]:
    """What nobody took in three days, oldest first."""
    program, _at = _get_caller(request)
    try:
        rows = list(queries.list_parked_deliveries(program.id, subscription, cursor, PAGE_SIZE + 1))
    except NotAllowed as other:
        raise Problem(problems.NOT_FOUND, _UNKNOWN_SUBSCRIPTION) from other
    return {
        "items": [
            {"id": row.pk, "event": row.body, "created_at": row.created_at, "tries": row.tries}
            for row in rows[:PAGE_SIZE]
        ],
        "next": str(rows[PAGE_SIZE - 1].pk) if len(rows) > PAGE_SIZE else None,
    }


@api.post(
    "/webhooks/deliveries/{delivery}/again",
    url_name="webhook-again",
    tags=["webhooks"],
    auth=ProgramKey(),
    **document_responses(
        "إرسال ما لم يُستلم مرة أخرى.", None, *_AUTH_PROBLEMS, problems.NOT_FOUND, status=204
    ),
)
@audience("machine")
def resend_delivery(request: HttpRequest, delivery: int) -> Status[None]:
    """Send once more what was parked."""
    program, at = _get_caller(request)
    try:
        commands.retry_delivery(delivery=delivery, at=at, client=program.id)
    except NotAllowed as other:
        raise Problem(problems.NOT_FOUND, _UNKNOWN_SUBSCRIPTION) from other
    return Status(204, None)
