"""Fetching the pictures that a program named by their address, cleaned like any upload, as their citizen's own word."""

import logging
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from bekhedmetkom.attachments.commands import receive_bytes
from bekhedmetkom.attachments.rules import MAX_FILE_BYTES, TemporaryFailure
from bekhedmetkom.kernel import outbound_http
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.errors import Refusal

from ...models import Case, PictureToFetch
from ..citizen import add_message

RETRY_DELAYS = (
    timedelta(minutes=1),
    timedelta(minutes=10),
    timedelta(hours=1),
    timedelta(hours=6),
)  # then it is given up
LEASE_DURATION = timedelta(minutes=5)  # much longer than one picture takes
DOWNLOAD_SECONDS = 60.0  # for the whole of one
GIVEN_UP_RETENTION = timedelta(days=30)  # what was given up, for whoever asks

log = logging.getLogger(__name__)


class _TemporaryFailure(Exception):
    """Nobody is there who could say whether there is such a picture."""


class _PermanentFailure(Exception):
    """There is none, or none that we take."""


def fetch_due_pictures(at: datetime) -> int:
    """Fetch each picture that is due; how many came. Killed in the middle, it comes once all the same."""
    done = 0
    with outbound_http.create_client(settings.OUTWARD_NETWORKS) as client:
        while (picture := _claim_picture(at)) is not None:
            done += _fetch_picture(client, picture, at)
    return done


def delete_given_up_pictures(at: datetime) -> int:
    """Drop the addresses from which nothing came a month ago."""
    return PictureToFetch.objects.filter(given_up_at__lt=at - GIVEN_UP_RETENTION).delete()[0]


def _fetch_picture(client: outbound_http.Client, picture: PictureToFetch, at: datetime) -> bool:
    try:
        file = _download_file(client, picture.url, at)
        with transaction.atomic():  # a picture is the case's, and waits no more
            if not PictureToFetch.objects.filter(pk=picture.pk).delete()[0]:
                return False  # erased meanwhile
            reference = Case.objects.values_list("reference", flat=True).get(pk=picture.case_id)
            add_message(
                case=picture.case_id, seen=None, actor=Actor.citizen(reference), at=at, uploads=[file]
            )
    except (TemporaryFailure, _TemporaryFailure):
        later = picture.tries < len(RETRY_DELAYS)
        moved = {"next_at": at + RETRY_DELAYS[picture.tries]} if later else {"given_up_at": at}
        PictureToFetch.objects.filter(pk=picture.pk).update(tries=picture.tries + 1, **moved)
    except (Refusal, _PermanentFailure):  # no picture, too large, or a case that takes nothing more
        PictureToFetch.objects.filter(pk=picture.pk).update(tries=picture.tries + 1, given_up_at=at)
        log.warning("picture %s: not one that we take", picture.pk)
    else:
        return True
    return False


def _download_file(client: outbound_http.Client, url: str, at: datetime) -> UUID:
    try:
        with client.stream("GET", url, headers={"Accept": "image/*, application/pdf;q=0.5"}) as answer:
            if answer.status_code >= 500 or answer.status_code in (408, 425, 429):
                raise _TemporaryFailure
            if answer.status_code != 200:
                raise _PermanentFailure
            content = outbound_http.read_response(answer, MAX_FILE_BYTES, DOWNLOAD_SECONDS)
    except outbound_http.ResponseTooLarge as error:
        raise _PermanentFailure from error
    except outbound_http.REQUEST_ERRORS as error:
        raise _TemporaryFailure from error
    return receive_bytes(name=url.partition("?")[0], content=content, at=at).id


def _claim_picture(at: datetime) -> PictureToFetch | None:
    """A lease and no lock: no transaction stays open while somebody's server thinks."""
    with connection.cursor() as cursor:
        cursor.execute(CLAIM_SQL, {"at": at, "lease": at + LEASE_DURATION})
        row = cursor.fetchone()
    return PictureToFetch.objects.get(pk=row[0]) if row else None


CLAIM_SQL = """
UPDATE case_picture SET next_at = %(lease)s WHERE id = (
    SELECT id FROM case_picture WHERE given_up_at IS NULL AND next_at <= %(at)s
    ORDER BY next_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING id
"""
