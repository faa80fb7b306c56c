"""Way B: everything comes sealed by the browser, and answers go out sealed. No cookie, no session, no plain word."""

import json
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from time import monotonic
from typing import Any
from uuid import UUID

import pyrage
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_POST, require_safe

from bekhedmetkom.disclosures import chain, commands, keeping, outer, queries
from bekhedmetkom.disclosures.rules.padding import Broken
from bekhedmetkom.disclosures.rules.state import Part
from bekhedmetkom.disclosures.standing import NoSuchReport
from bekhedmetkom.kernel.clock import local_day, now

from .receiving import AlreadySealed
from .returning import on_the_step

OCTETS = "application/octet-stream"
LONGEST_JSON = 4096


class Misread(Exception):
    """It is not what this address takes."""


class TooMuch(Exception):
    """Larger than a file may be, more of them, or more than a day has room for."""


def machine(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Refusals without a page: a script asks here."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except (Misread, UnicodeError):
            return JsonResponse({}, status=400)
        except TooMuch:
            return JsonResponse({}, status=413)
        except (NoSuchReport, Broken):
            return JsonResponse({}, status=404)
        except commands.TurnTaken as taken:
            return JsonResponse({"turn": taken.turn}, status=409)
        except (commands.TalkIsOver, commands.NotNow, commands.ManifestMoved):
            return JsonResponse({}, status=409)

    return answered


@require_safe
@machine
def manifest(request: HttpRequest) -> HttpResponseBase:
    """The Commission's keys as they were signed: whoever seals verifies them by itself."""
    epoch = chain.current(local_day(now())).epoch
    signed = chain.as_signed()
    said = {"manifest": signed.body, "signature": signed.signature}
    return JsonResponse({name: b64encode(value).decode() for name, value in said.items()} | {"epoch": epoch})


@require_POST
@machine
def send(request: HttpRequest) -> HttpResponseBase:
    """A report: 201; the same again (its answer was lost): 200; sealed to an older manifest: 409."""
    today = local_day(now())
    chain.current(today)
    key = outer.fresh()
    with receiving(request, key) as files:
        said = request.POST
        (text,) = files.parts.get("text", [None])
        if text is None or not {"ring", "identity"} <= files.small.keys():
            raise Misread
        report = commands.Sealed(
            lookup=_hex(said.get("lookup"), 16),
            reader=_recipient(said.get("reader")),
            recipient=_recipient(said.get("recipient")),
            anchor=_hex(said.get("anchor"), 32),
            ring=files.small["ring"],
            identity=files.small["identity"],
            epoch=number(said.get("epoch")),
            parts=[text, *files.parts.get("file", [])],
            excluded=[one[:64] for one in said.getlist("exclude")[:50]],
        )
        try:
            commands.take_in(report, key=key, today=today)
        except commands.TakenAlready:
            return JsonResponse({})
        files.parts = {}
    return JsonResponse({}, status=201)


@require_POST
@machine
def come_back(request: HttpRequest) -> HttpResponseBase:
    """What a look-up id leads to, sealed to its words. Always 200, at the same cost, after the same time."""
    begun = monotonic()
    found = queries.answer(_hex(said_in(request).get("lookup"), 16))
    answer = HttpResponse(found, content_type=OCTETS)
    on_the_step(begun)
    return answer


@require_POST
@machine
def answer(request: HttpRequest) -> HttpResponseBase:
    """The discloser's next turn."""
    lookup = _hex(request.headers.get("X-Lookup"), 16)
    today = local_day(now())
    chain.current(today)
    with receiving(request, queries.outer_key(lookup)) as files:
        parts = turn_of(files)
        commands.discloser_writes(lookup, turn=number(request.POST.get("turn")), parts=parts, today=today)
        files.parts = {}
    return JsonResponse({}, status=201)


@require_POST
@machine
def file(request: HttpRequest) -> HttpResponseBase:
    """A file of the Commission's, as it is sealed."""
    said = said_in(request)
    return octets(queries.part_of(_hex(said.get("lookup"), 16), identifier_of(said.get("id"))))


@contextmanager
def receiving(request: HttpRequest, key: bytes) -> Iterator[AlreadySealed]:
    """Reads the request; what its view has not taken out of `parts` by the end is dropped."""
    files = AlreadySealed(key, local_day(now()))
    request.upload_handlers = [files]
    keeping.give_back()
    try:
        len(request.POST)  # reading it is what brings the files in
        if files.too_large:
            raise TooMuch
        yield files
    finally:
        files.drop()


def turn_of(files: AlreadySealed) -> list[Part]:
    """A message and its files."""
    messages = files.parts.get("message", [])
    if len(messages) != 1:
        raise Misread
    return [*messages, *files.parts.get("file", [])]


def said_in(request: HttpRequest) -> dict[str, Any]:
    """The JSON object of a request."""
    try:
        if int(request.headers.get("Content-Length") or 0) > LONGEST_JSON:
            raise Misread
        said = json.loads(request.body)
    except (ValueError, RecursionError):
        raise Misread from None
    if not isinstance(said, dict):
        raise Misread
    return said


def octets(pieces: Iterator[bytes]) -> HttpResponseBase:
    """Sealed bytes; the first of them is looked at before anything is answered."""
    first = next(pieces, b"")

    def all_of_them() -> Iterator[bytes]:
        yield first
        yield from pieces

    return StreamingHttpResponse(all_of_them(), content_type=OCTETS)


def _hex(said: Any, length: int) -> bytes:
    try:
        found = bytes.fromhex(said)
    except (TypeError, ValueError):
        raise Misread from None
    if len(found) != length:
        raise Misread
    return found


def identifier_of(said: Any) -> UUID:
    """The id of a report or a part, as it is said in an address or in JSON."""
    try:
        return UUID(said)
    except (TypeError, ValueError, AttributeError):
        raise Misread from None


def number(said: Any) -> int:
    """A small number as a form writes it."""
    if not isinstance(said, str) or not said.isascii() or not said.isdigit() or len(said) > 6:
        raise Misread
    return int(said)


def _recipient(said: Any) -> str:
    try:
        pyrage.x25519.Recipient.from_str(said)
    except (pyrage.RecipientError, TypeError):
        raise Misread from None
    return str(said)
