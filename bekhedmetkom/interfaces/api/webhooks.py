"""A program's own webhooks: where it is told, of what, and what nobody took."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja.responses import Status
from ninja.security import HttpBearer

from bekhedmetkom.identity.recognising import Program, client_by_key
from bekhedmetkom.interfaces.audience import audience
from bekhedmetkom.kernel import clock
from bekhedmetkom.kernel.errors import NotAllowed
from bekhedmetkom.kernel.words import Words
from bekhedmetkom.webhooks import commands, queries
from bekhedmetkom.webhooks.rules.telling import shown_secret

from . import problems
from .api import api
from .callers import within_quota
from .openapi import BODY, answers
from .problems import Problem
from .refusals import WHO
from .schemas.webhooks import (
    ParkedListOut,
    SecretOut,
    SubscribedOut,
    SubscribeIn,
    SubscriptionsOut,
)

SCOPE = "webhooks"
PAGE = 100

_WRONG_SCOPE = Words(
    f"مفتاح النظام لا يشمل النطاق {SCOPE}.", f"The program's key does not have the scope {SCOPE}."
)
_NO_SUCH = Words("لا اشتراك بهذا الرقم لهذا النظام.", "This program has no such subscription.")
_WHO = (problems.NOT_SIGNED_IN, problems.NOT_ALLOWED, problems.TOO_FAST)


class ProgramKey(HttpBearer):
    """The key of a registered program with the scope `webhooks`."""

    def authenticate(self, request: HttpRequest, token: str) -> tuple[Program, datetime]:
        at = clock.now()
        known = client_by_key(token, at)
        if known is None:
            raise Problem(problems.NOT_SIGNED_IN, headers=WHO)
        if SCOPE not in known.scopes:
            raise Problem(problems.NOT_ALLOWED, _WRONG_SCOPE)
        within_quota(known, at)
        return known, at


def _caller(request: HttpRequest) -> tuple[Program, datetime]:
    assert hasattr(request, "auth")  # django-ninja has put it there: `auth=ProgramKey()`
    found: tuple[Program, datetime] = request.auth
    return found


@api.get(
    "/webhooks",
    url_name="webhooks",
    tags=["webhooks"],
    auth=ProgramKey(),
    **answers("اشتراكات هذا النظام.", SubscriptionsOut, *_WHO),
)
@audience("machine")
def subscriptions(request: HttpRequest) -> dict[str, Any]:
    """The program's subscriptions, with what waits and what nobody took."""
    program, _at = _caller(request)
    return {
        "items": [
            {
                "id": row.pk, "url": row.url, "whose": row.whose, "events": row.events, "created_at": row.created_at,
                "waiting": waiting, "parked": parked, "failures": row.failures, "last_status": row.last_status,
            }
            for row, waiting, parked in queries.of_client(program.id)
        ],
        "next": None,
    }  # fmt: skip


@api.post(
    "/webhooks",
    url_name="subscribe",
    tags=["webhooks"],
    auth=ProgramKey(),
    **answers(
        "اشتراك بعنوان تُرسل إليه أحداث الطلبات موقّعة (Standard Webhooks)، مرة على الأقل.",
        SubscribedOut, *_WHO, *BODY, status=201,
    ),
)  # fmt: skip
@audience("machine")
def subscribe(request: HttpRequest, response: HttpResponse, payload: SubscribeIn) -> Status[dict[str, Any]]:
    """Be told at an address what happens to cases: signed as Standard Webhooks says, at least once, in order.

    Answer 2xx within ten seconds. What fails is tried again for three days, then parked; 410 ends the subscription.
    """
    program, at = _caller(request)
    made = commands.subscribe(client=program.id, at=at, **payload.model_dump())
    response.headers["Cache-Control"] = "no-store"
    return Status(201, {"id": made.id, "secret": shown_secret(made.secret)})


@api.post(
    "/webhooks/{subscription}/secret",
    url_name="webhook-secret",
    tags=["webhooks"],
    auth=ProgramKey(),
    **answers("مفتاح توقيع جديد. يبقى القديم يوقّع معه أسبوعًا.", SecretOut, *_WHO, problems.NOT_FOUND),
)
@audience("machine")
def new_secret(request: HttpRequest, response: HttpResponse, subscription: int) -> dict[str, Any]:
    """Another secret, shown this once; for a week each delivery is signed with both."""
    program, at = _caller(request)
    response.headers["Cache-Control"] = "no-store"
    try:
        return {
            "secret": shown_secret(commands.new_secret(client=program.id, subscription=subscription, at=at))
        }
    except NotAllowed as other:
        raise Problem(problems.NOT_FOUND, _NO_SUCH) from other


@api.post(
    "/webhooks/{subscription}/end",
    url_name="unsubscribe",
    tags=["webhooks"],
    auth=ProgramKey(),
    **answers("إنهاء الاشتراك.", None, *_WHO, problems.NOT_FOUND, status=204),
)
@audience("machine")
def unsubscribe(request: HttpRequest, subscription: int) -> Status[None]:
    """Be told no more."""
    program, at = _caller(request)
    try:
        commands.end(client=program.id, subscription=subscription, at=at)
    except NotAllowed as other:
        raise Problem(problems.NOT_FOUND, _NO_SUCH) from other
    return Status(204, None)


@api.get(
    "/webhooks/{subscription}/parked",
    url_name="webhook-parked",
    tags=["webhooks"],
    auth=ProgramKey(),
    **answers("ما لم يُستلم خلال ثلاثة أيام.", ParkedListOut, *_WHO, problems.NOT_FOUND, problems.INVALID),
)
@audience("machine")
def parked(request: HttpRequest, subscription: int, cursor: int = 0) -> dict[str, Any]:
    """What nobody took in three days, oldest first."""
    program, _at = _caller(request)
    try:
        rows = list(queries.parked(program.id, subscription, cursor, PAGE + 1))
    except NotAllowed as other:
        raise Problem(problems.NOT_FOUND, _NO_SUCH) from other
    return {
        "items": [
            {"id": row.pk, "event": row.body, "created_at": row.created_at, "tries": row.tries}
            for row in rows[:PAGE]
        ],
        "next": str(rows[PAGE - 1].pk) if len(rows) > PAGE else None,
    }


@api.post(
    "/webhooks/deliveries/{delivery}/again",
    url_name="webhook-again",
    tags=["webhooks"],
    auth=ProgramKey(),
    **answers("إرسال ما لم يُستلم مرة أخرى.", None, *_WHO, problems.NOT_FOUND, status=204),
)
@audience("machine")
def again(request: HttpRequest, delivery: int) -> Status[None]:
    """Send once more what was parked."""
    program, at = _caller(request)
    try:
        commands.send_again(delivery=delivery, at=at, client=program.id)
    except NotAllowed as other:
        raise Problem(problems.NOT_FOUND, _NO_SUCH) from other
    return Status(204, None)
