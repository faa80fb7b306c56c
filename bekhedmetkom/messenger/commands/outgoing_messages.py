"""Outgoing messages: queued in the transaction that causes them, then sent in order.

A message is claimed before it is sent, so a crash leaves its result unknown. Meta echoes what the page sends, with our
metadata: an echo proves delivery; where other echoes arrive but not this one, the message is sent again. Where no
echoes arrive it is not repeated. An undeliverable officer's message stays visible; one of the assistant is dropped.
"""

import logging
import time
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection

from bekhedmetkom.notifications.queries import get_messenger_window
from bekhedmetkom.notifications.rules.messenger import ApiResult
from bekhedmetkom.notifications.senders import is_allowed_provider
from bekhedmetkom.notifications.senders.messenger import ApiResponse, SendApiClient, is_messenger_stopped

from ..encryption import compute_person_key, decrypt, encrypt
from ..models import Echo, Saying
from ..rules.send_api import MAX_TRIES, add_metadata, build_messages, get_messaging_type, get_retry_delay

LEASE = timedelta(minutes=2)  # also the time to wait for an echo
ECHO_WINDOW = timedelta(days=1)  # an echo within this time shows that the page receives echoes
MAX_ROUND_SECONDS = 60

log = logging.getLogger(__name__)


def queue_message(
    *,
    psid: str,
    text: str,
    at: datetime,
    choices: Sequence[tuple[str, str]] = (),
    link: tuple[str, str] | None = None,
    line: int | None = None,
) -> None:
    """Queue a message to a person; `line`: the officer's line of the conversation that it carries."""
    calls = [{"psid": psid, "message": message} for message in build_messages(text, choices, link)]
    key = compute_person_key(psid)
    Saying.objects.bulk_create(
        [Saying(person=key, call=encrypt(call), line=line, at=at, not_before=at) for call in calls]
    )


def send_due_messages(at: datetime) -> int:
    """Send queued messages for at most a minute; return how many were finished."""
    done = _resolve_in_doubt(at)
    if (
        not settings.MESSENGER_PAGE_TOKEN
        or not is_allowed_provider(settings.MESSENGER_API)
        or is_messenger_stopped(at)
    ):
        return done
    saying = _claim_next(at)
    if saying is None:
        return done
    until = time.monotonic() + MAX_ROUND_SECONDS
    with SendApiClient() as api:
        while saying is not None:
            answer = _send_call(api, saying, at)
            done += _record_result(saying, answer, at)
            over = answer.result in (ApiResult.THROTTLED, ApiResult.PAUSED, ApiResult.STOPPED)
            saying = None if over or time.monotonic() > until else _claim_next(at)
    return done


def _send_call(api: SendApiClient, saying: Saying, at: datetime) -> ApiResponse:
    if saying.tries > 1 and _has_echo(saying):  # its echo came late
        return ApiResponse(ApiResult.SENT)
    call = decrypt(saying.call)
    how = get_messaging_type(get_messenger_window(call["psid"], at), by_a_person=saying.line is not None)
    return (
        api.send(call["psid"], add_metadata(call["message"], saying.pk), **how)
        if how
        else ApiResponse(ApiResult.REJECTED)
    )


def _record_result(saying: Saying, answer: ApiResponse, at: datetime) -> int:
    row = Saying.objects.filter(pk=saying.pk, state="sending")
    match answer.result:
        case ApiResult.SENT:
            return row.delete()[0]
        case ApiResult.IN_DOUBT if _has_recent_echoes(at):
            return 0  # an echo may still arrive before the claim expires
        case ApiResult.RETRY | ApiResult.THROTTLED if saying.tries < MAX_TRIES:
            row.update(state="queued", not_before=at + get_retry_delay(saying.tries))
            return 0
        case ApiResult.PAUSED | ApiResult.STOPPED:
            row.update(state="queued", not_before=at, tries=saying.tries - 1)
            return 0
    why = {ApiResult.IN_DOUBT: "in_doubt", ApiResult.RETRY: "given_up", ApiResult.THROTTLED: "given_up"}.get(
        answer.result, "refused"
    )
    return _drop_or_park(saying, why)


def _drop_or_park(saying: Saying, why: str) -> int:
    log.warning("saying %s was not said: %s", saying.pk, why)
    row = Saying.objects.filter(pk=saying.pk, state="sending")
    if saying.line is None:
        return row.delete()[0]
    return row.update(state="parked", why=why, call=b"")


def _resolve_in_doubt(at: datetime) -> int:
    """Resolve messages whose result is unknown by their echoes."""
    waiting = list(Saying.objects.filter(state="sending", not_before__lte=at))
    echoes_come = bool(waiting) and _has_recent_echoes(at)
    done = 0
    for saying in waiting:
        if _has_echo(saying):
            done += Saying.objects.filter(pk=saying.pk, state="sending").delete()[0]
        elif echoes_come and saying.tries < MAX_TRIES:
            Saying.objects.filter(pk=saying.pk, state="sending", tries=saying.tries).update(state="queued")
        else:
            done += _drop_or_park(saying, "in_doubt")
    return done


def _has_recent_echoes(at: datetime) -> bool:
    return Echo.objects.filter(came_at__gt=at - ECHO_WINDOW).exists()


def _has_echo(saying: Saying) -> bool:
    return Echo.objects.filter(pk=saying.pk).exists()


def _claim_next(at: datetime) -> Saying | None:
    with connection.cursor() as cursor:
        cursor.execute(CLAIM_SQL, {"at": at, "lease": at + LEASE})
        row = cursor.fetchone()
    return Saying.objects.get(pk=row[0]) if row else None


# The first queued message of each person, and none while another of theirs is being sent.
CLAIM_SQL = """
UPDATE messenger_saying SET state = 'sending', tries = tries + 1, not_before = %(lease)s WHERE id = (
    SELECT s.id FROM messenger_saying s
    WHERE s.state = 'queued' AND s.not_before <= %(at)s AND NOT EXISTS (
        SELECT FROM messenger_saying o WHERE o.person = s.person AND o.id < s.id AND o.state <> 'parked')
    ORDER BY s.not_before, s.id LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING id
"""
