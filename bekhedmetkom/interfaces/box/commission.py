"""The Commission's people: each shows that they hold their key, and gets what is sealed to it. There is no password."""

from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from hmac import compare_digest
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bekhedmetkom.disclosures import chain, commands, journal, queries, sealing
from bekhedmetkom.disclosures.queries import commission as shown
from bekhedmetkom.disclosures.rules.statuses import Status
from bekhedmetkom.kernel.clock import local_day, now

from . import kept, sealed
from .sealed import Misread, identifier_of, machine, octets, receiving, said_in, turn_of

TICKET_SECONDS = 120
COOKIE: Literal["__Host-commission"] = "__Host-commission"
Role = Literal["officer", "custodian"]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the manifest who is signed in."""

    id: str
    role: Role


@require_POST
@machine
def challenge(request: HttpRequest) -> HttpResponseBase:
    """Something that only the holder of that id's key can read; for an id that nobody has, something nobody can."""
    person = str(said_in(request).get("id"))[:64]
    recipient = _recipient(person) or sealing.throw_away()
    shut, answer = sealing.challenge(recipient)
    ticket = kept.sealed("challenge", {"id": person, "answer": answer.hex()}, TICKET_SECONDS)
    return JsonResponse({"challenge": b64encode(shut).decode(), "ticket": ticket})


@require_http_methods(["POST", "DELETE"])
@machine
def session(request: HttpRequest) -> HttpResponseBase:
    """It begins with the right answer, and ends when asked to, or after half an hour."""
    answer = HttpResponse(status=204)
    if request.method == "DELETE":
        kept.end(request, answer, COOKIE)
        return answer
    said = said_in(request)
    ticket = kept.unsealed("challenge", str(said.get("ticket")))
    right = ticket is not None and compare_digest(ticket["answer"].encode(), str(said.get("answer")).encode())
    if not right or ticket is None or _recipient(ticket["id"]) is None:
        return JsonResponse({}, status=403)
    if not kept.first_use(ticket["answer"], TICKET_SECONDS):
        return JsonResponse({}, status=403)
    kept.give(answer, COOKIE, {"id": ticket["id"]})
    return answer


def only(*roles: Role) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """For those of the manifest of today who are signed in and have this role; for all others there is nothing here."""

    def guard(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            signed_in = kept.given(request, COOKIE)
            person = _person(signed_in["id"]) if signed_in else None
            if person is None or person.role not in roles:
                return JsonResponse({}, status=404 if person else 403)
            return view(request, person, *args, **kwargs)

        return guarded

    return guard


@require_safe
@only("officer")
@machine
def reports(request: HttpRequest, who: Person) -> HttpResponseBase:
    """What this officer may know of, page by page (`?after=`), or one of them (`?only=`)."""
    epoch = chain.current(local_day(now())).epoch
    after, only_one = (
        identifier_of(said) if (said := request.GET.get(name)) else None for name in ("after", "only")
    )
    if only_one:
        items, more = [shown.report_for(who.id, only_one)], False
    else:
        items, more = shown.reports_for(who.id, after)
    return JsonResponse({"items": items, "more": more, "epoch": epoch})


@require_POST
@only("officer")
@machine
def opened(request: HttpRequest, who: Person, report: UUID) -> HttpResponseBase:
    """The talk, sealed; the journal has the opening first."""
    found = commands.opened_by(report, officer=who.id, today=local_day(now()))
    identity = shown.released_identity(found)
    return JsonResponse(
        {
            "parts": shown.parts_of(found),
            "identity": b64encode(identity).decode() if identity else None,
            "journal": shown.lines_of(report),
        }
    )


@require_safe
@only("officer")
@machine
def part(request: HttpRequest, who: Person, report: UUID, identifier: UUID) -> HttpResponseBase:
    """A part's sealed bytes."""
    return octets(shown.part_for(who.id, report, identifier))


@require_POST
@only("officer")
@machine
def message(request: HttpRequest, who: Person, report: UUID) -> HttpResponseBase:
    """The Commission's next turn."""
    today = local_day(now())
    chain.current(today)
    with receiving(request, queries.outer_key_for(who.id, report)) as files:
        turn = sealed.number(request.POST.get("turn"))
        commands.officer_writes(report, officer=who.id, turn=turn, parts=turn_of(files), today=today)
        files.parts = {}
    return JsonResponse({}, status=201)


@require_POST
@only("officer")
@machine
def status(request: HttpRequest, who: Person, report: UUID) -> HttpResponseBase:
    """How far it is."""
    said = said_in(request)
    if str(said.get("status")) not in set(Status):
        raise Misread
    commands.set_status(
        report,
        officer=who.id,
        status=Status(str(said["status"])),
        reason=str(said.get("reason") or ""),
        today=local_day(now()),
    )
    return HttpResponse(status=204)


@require_POST
@only("officer")
@machine
def ask_for_identity(request: HttpRequest, who: Person, report: UUID) -> HttpResponseBase:
    """With a reason that is sealed to the custodians."""
    reason = _small(request, "reason")
    commands.ask_for_identity(report, officer=who.id, reason=reason, today=local_day(now()))
    return JsonResponse({}, status=201)


@require_POST
@only("officer")
@machine
def ring(request: HttpRequest, who: Person, report: UUID) -> HttpResponseBase:
    """The key ring for today's manifest."""
    commands.renew_ring(report, officer=who.id, ring=_small(request, "ring"), today=local_day(now()))
    return JsonResponse({}, status=201)


@require_safe
@only("officer")
@machine
def rings(request: HttpRequest, who: Person, report: UUID) -> HttpResponseBase:
    """The key rings that were there before."""
    return JsonResponse({"items": [b64encode(one).decode() for one in shown.rings_of(who.id, report)]})


@require_safe
@only("custodian")
@machine
def requests(request: HttpRequest, who: Person) -> HttpResponseBase:
    """Identities that were asked for."""
    return JsonResponse({"items": shown.requests()})


@require_POST
@only("custodian")
@machine
def identity(request: HttpRequest, who: Person, report: UUID) -> HttpResponseBase:
    """One of them, sealed to the custodians; the journal has the opening first."""
    shut = commands.identity_for(report, custodian=who.id, today=local_day(now()))
    return JsonResponse({"identity": b64encode(shut).decode()})


@require_POST
@only("custodian")
@machine
def release(request: HttpRequest, who: Person, report: UUID) -> HttpResponseBase:
    """It goes to the report's officers, sealed anew."""
    commands.release(report, custodian=who.id, identity=_small(request, "identity"), today=local_day(now()))
    return JsonResponse({}, status=201)


@require_POST
@only("custodian")
@machine
def refuse(request: HttpRequest, who: Person, report: UUID) -> HttpResponseBase:
    """It stays where it is."""
    commands.release(report, custodian=who.id, identity=None, today=local_day(now()))
    return HttpResponse(status=204)


@require_safe
@only("custodian")
@machine
def lines(request: HttpRequest, who: Person) -> HttpResponseBase:
    """The journal's end, and the first line that does not fit, if any. Not for officers: it counts every report."""
    return JsonResponse({"items": shown.lines(), "broken_at": journal.broken_at()})


def _small(request: HttpRequest, name: str) -> bytes:
    with receiving(request, bytes(32)) as files:  # its key is never used: what is small stays in memory
        if name not in files.small:
            raise Misread
        return files.small[name]


def _recipient(person: str) -> str | None:
    manifest = chain.current(local_day(now()))
    found = manifest.officer(person) or manifest.custodian(person)
    return found.recipient if found else None


def _person(name: str) -> Person | None:
    manifest = chain.current(local_day(now()))
    if manifest.officer(name):
        return Person(name, "officer")
    return Person(name, "custodian") if manifest.custodian(name) else None
