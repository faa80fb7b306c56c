"""Fetching the pictures that a program named by their address, cleaned like any upload, as their citizen's own word."""

import logging
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from bekhedmetkom.attachments.commands import receive_bytes
from bekhedmetkom.attachments.rules import MOST_BYTES, TryAgain
from bekhedmetkom.kernel import outbound_http
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.errors import Refusal

from ..models import Case
from ..pictures import PictureToFetch
from .citizen import write

WAITS = (
    timedelta(minutes=1),
    timedelta(minutes=10),
    timedelta(hours=1),
    timedelta(hours=6),
)  # then it is given up
LEASE = timedelta(minutes=5)  # much longer than one picture takes
SECONDS = 60.0  # for the whole of one
KEPT = timedelta(days=30)  # what was given up, for whoever asks

log = logging.getLogger(__name__)


class _NotNow(Exception):
    """Nobody is there who could say whether there is such a picture."""


class _Never(Exception):
    """There is none, or none that we take."""


def fetch_due(at: datetime) -> int:
    """Fetch each picture that is due; how many came. Killed in the middle, it comes once all the same."""
    done = 0
    with outbound_http.create_client(settings.OUTWARD_NETWORKS) as client:
        while (picture := _claim(at)) is not None:
            done += _fetched(client, picture, at)
    return done


def forget_given_up(at: datetime) -> int:
    """Drop the addresses from which nothing came a month ago."""
    return PictureToFetch.objects.filter(given_up_at__lt=at - KEPT).delete()[0]


def _fetched(client: outbound_http.Client, picture: PictureToFetch, at: datetime) -> bool:
    try:
        file = _received(client, picture.url, at)
        with transaction.atomic():  # a picture is the case's, and waits no more
            if not PictureToFetch.objects.filter(pk=picture.pk).delete()[0]:
                return False  # erased meanwhile
            reference = Case.objects.values_list("reference", flat=True).get(pk=picture.case_id)
            write(case=picture.case_id, seen=None, actor=Actor.citizen(reference), at=at, uploads=[file])
    except (TryAgain, _NotNow):
        later = picture.tries < len(WAITS)
        moved = {"next_at": at + WAITS[picture.tries]} if later else {"given_up_at": at}
        PictureToFetch.objects.filter(pk=picture.pk).update(tries=picture.tries + 1, **moved)
    except (Refusal, _Never):  # no picture, too large, or a case that takes nothing more
        PictureToFetch.objects.filter(pk=picture.pk).update(tries=picture.tries + 1, given_up_at=at)
        log.warning("picture %s: not one that we take", picture.pk)
    else:
        return True
    return False


def _received(client: outbound_http.Client, url: str, at: datetime) -> UUID:
    try:
        with client.stream("GET", url, headers={"Accept": "image/*, application/pdf;q=0.5"}) as answer:
            if answer.status_code >= 500 or answer.status_code in (408, 425, 429):
                raise _NotNow
            if answer.status_code != 200:
                raise _Never
            content = outbound_http.read_response(answer, MOST_BYTES, SECONDS)
    except outbound_http.ResponseTooLarge as error:
        raise _Never from error
    except outbound_http.REQUEST_ERRORS as error:
        raise _NotNow from error
    return receive_bytes(name=url.partition("?")[0], content=content, at=at).id


def _claim(at: datetime) -> PictureToFetch | None:
    """A lease and no lock: no transaction stays open while somebody's server thinks."""
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, {"at": at, "lease": at + LEASE})
        row = cursor.fetchone()
    return PictureToFetch.objects.get(pk=row[0]) if row else None


CLAIM = """
UPDATE case_picture SET next_at = %(lease)s WHERE id = (
    SELECT id FROM case_picture WHERE given_up_at IS NULL AND next_at <= %(at)s
    ORDER BY next_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING id
"""
