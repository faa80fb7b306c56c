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

from bekhedmetkom.disclosures import commands, current_manifest, encryption, journal, queries
from bekhedmetkom.disclosures.queries import commission as shown
from bekhedmetkom.disclosures.rules.statuses import Status
from bekhedmetkom.kernel.clock import get_local_date, now

from .. import session_cookies
from ..discloser import encrypted_api
from ..discloser.encrypted_api import (
    MalformedRequest,
    answer_errors_as_json,
    get_turn_parts,
    parse_json_body,
    parse_uuid,
    receive_uploads,
    stream_bytes,
)

TICKET_SECONDS = 120
COOKIE: Literal["__Host-commission"] = "__Host-commission"
Role = Literal["officer", "custodian"]


@dataclass(frozen=True, slots=True)
class SignedInPerson:
    """Somebody of the manifest who is signed in."""

    id: str
    role: Role


@require_POST
@answer_errors_as_json
def create_challenge(request: HttpRequest) -> HttpResponseBase:
    """Something that only the holder of that id's key can read; for an id that nobody has, something nobody can."""
    person = str(parse_json_body(request).get("id"))[:64]
    recipient = _find_recipient(person) or encryption.generate_discarded_recipient()
    shut, answer = encryption.create_challenge(recipient)
    ticket = session_cookies.encrypt_token(
        "challenge", {"id": person, "answer": answer.hex()}, TICKET_SECONDS
    )
    return JsonResponse({"challenge": b64encode(shut).decode(), "ticket": ticket})


@require_http_methods(["POST", "DELETE"])
@answer_errors_as_json
def handle_session(request: HttpRequest) -> HttpResponseBase:
    """It begins with the right answer, and ends when asked to, or after half an hour."""
    answer = HttpResponse(status=204)
    if request.method == "DELETE":
        session_cookies.end_session(request, answer, COOKIE)
        return answer
    said = parse_json_body(request)
    ticket = session_cookies.decrypt_token("challenge", str(said.get("ticket")))
    right = ticket is not None and compare_digest(ticket["answer"].encode(), str(said.get("answer")).encode())
    if not right or ticket is None or _find_recipient(ticket["id"]) is None:
        return JsonResponse({}, status=403)
    if not session_cookies.claim_token(ticket["answer"], TICKET_SECONDS):
        return JsonResponse({}, status=403)
    session_cookies.set_cookie(answer, COOKIE, {"id": ticket["id"]})
    return answer


def require_role(
    *roles: Role,
) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """For those of the manifest of today who are signed in and have this role; for all others there is nothing here."""

    def guard(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            signed_in = session_cookies.read_cookie(request, COOKIE)
            person = _find_person(signed_in["id"]) if signed_in else None
            if person is None or person.role not in roles:
                return JsonResponse({}, status=404 if person else 403)
            return view(request, person, *args, **kwargs)

        return guarded

    return guard


@require_safe
@require_role("officer")
@answer_errors_as_json
def list_reports(request: HttpRequest, who: SignedInPerson) -> HttpResponseBase:
    """What this officer may know of, page by page (`?after=`), or one of them (`?only=`)."""
    epoch = current_manifest.get_current_manifest(get_local_date(now())).epoch
    after, only_one = (
        parse_uuid(said) if (said := request.GET.get(name)) else None for name in ("after", "only")
    )
    if only_one:
        items, more = [shown.get_report_for_officer(who.id, only_one)], False
    else:
        items, more = shown.list_reports_for_officer(who.id, after)
    return JsonResponse({"items": items, "more": more, "epoch": epoch})


@require_POST
@require_role("officer")
@answer_errors_as_json
def open_report(request: HttpRequest, who: SignedInPerson, report: UUID) -> HttpResponseBase:
    """The talk, sealed; the journal has the opening first."""
    found = commands.open_report(report, officer=who.id, today=get_local_date(now()))
    identity = shown.get_released_identity(found)
    return JsonResponse(
        {
            "parts": shown.list_parts(found),
            "identity": b64encode(identity).decode() if identity else None,
            "journal": shown.list_journal_of_report(report),
        }
    )


@require_safe
@require_role("officer")
@answer_errors_as_json
def download_part(
    request: HttpRequest, who: SignedInPerson, report: UUID, identifier: UUID
) -> HttpResponseBase:
    """A part's sealed bytes."""
    return stream_bytes(shown.read_part_for_officer(who.id, report, identifier))


@require_POST
@require_role("officer")
@answer_errors_as_json
def send_message(request: HttpRequest, who: SignedInPerson, report: UUID) -> HttpResponseBase:
    """The Commission's next turn."""
    today = get_local_date(now())
    current_manifest.get_current_manifest(today)
    with receive_uploads(request, queries.get_outer_key_for_officer(who.id, report)) as files:
        turn = encrypted_api.parse_number(request.POST.get("turn"))
        commands.send_officer_message(
            report, officer=who.id, turn=turn, parts=get_turn_parts(files), today=today
        )
        files.parts = {}
    return JsonResponse({}, status=201)


@require_POST
@require_role("officer")
@answer_errors_as_json
def set_status(request: HttpRequest, who: SignedInPerson, report: UUID) -> HttpResponseBase:
    """How far it is."""
    said = parse_json_body(request)
    if str(said.get("status")) not in set(Status):
        raise MalformedRequest
    commands.set_status(
        report,
        officer=who.id,
        status=Status(str(said["status"])),
        reason=str(said.get("reason") or ""),
        today=get_local_date(now()),
    )
    return HttpResponse(status=204)


@require_POST
@require_role("officer")
@answer_errors_as_json
def request_identity(request: HttpRequest, who: SignedInPerson, report: UUID) -> HttpResponseBase:
    """With a reason that is sealed to the custodians."""
    reason = _read_small_upload(request, "reason")
    commands.request_identity(report, officer=who.id, reason=reason, today=get_local_date(now()))
    return JsonResponse({}, status=201)


@require_POST
@require_role("officer")
@answer_errors_as_json
def renew_key_ring(request: HttpRequest, who: SignedInPerson, report: UUID) -> HttpResponseBase:
    """The key ring for today's manifest."""
    commands.renew_key_ring(
        report, officer=who.id, ring=_read_small_upload(request, "ring"), today=get_local_date(now())
    )
    return JsonResponse({}, status=201)


@require_safe
@require_role("officer")
@answer_errors_as_json
def list_former_key_rings(request: HttpRequest, who: SignedInPerson, report: UUID) -> HttpResponseBase:
    """The key rings that were there before."""
    return JsonResponse(
        {
            "items": [
                b64encode(one).decode() for one in shown.list_former_key_rings_for_officer(who.id, report)
            ]
        }
    )


@require_safe
@require_role("custodian")
@answer_errors_as_json
def list_identity_requests(request: HttpRequest, who: SignedInPerson) -> HttpResponseBase:
    """Identities that were asked for."""
    return JsonResponse({"items": shown.list_identity_requests()})


@require_POST
@require_role("custodian")
@answer_errors_as_json
def open_identity(request: HttpRequest, who: SignedInPerson, report: UUID) -> HttpResponseBase:
    """One of them, sealed to the custodians; the journal has the opening first."""
    shut = commands.open_identity(report, custodian=who.id, today=get_local_date(now()))
    return JsonResponse({"identity": b64encode(shut).decode()})


@require_POST
@require_role("custodian")
@answer_errors_as_json
def release_identity(request: HttpRequest, who: SignedInPerson, report: UUID) -> HttpResponseBase:
    """It goes to the report's officers, sealed anew."""
    commands.answer_identity_request(
        report,
        custodian=who.id,
        identity=_read_small_upload(request, "identity"),
        today=get_local_date(now()),
    )
    return JsonResponse({}, status=201)


@require_POST
@require_role("custodian")
@answer_errors_as_json
def refuse_identity(request: HttpRequest, who: SignedInPerson, report: UUID) -> HttpResponseBase:
    """It stays where it is."""
    commands.answer_identity_request(report, custodian=who.id, identity=None, today=get_local_date(now()))
    return HttpResponse(status=204)


@require_safe
@require_role("custodian")
@answer_errors_as_json
def list_journal(request: HttpRequest, who: SignedInPerson) -> HttpResponseBase:
    """The journal's end, and the first line that does not fit, if any. Not for officers: it counts every report."""
    return JsonResponse({"items": shown.list_journal(), "broken_at": journal.find_broken_entry()})


def _read_small_upload(request: HttpRequest, name: str) -> bytes:
    with receive_uploads(request, bytes(32)) as files:  # its key is never used: what is small stays in memory
        if name not in files.small_fields:
            raise MalformedRequest
        return files.small_fields[name]


def _find_recipient(person: str) -> str | None:
    manifest = current_manifest.get_current_manifest(get_local_date(now()))
    found = manifest.find_officer(person) or manifest.find_custodian(person)
    return found.recipient if found else None


def _find_person(name: str) -> SignedInPerson | None:
    manifest = current_manifest.get_current_manifest(get_local_date(now()))
    if manifest.find_officer(name):
        return SignedInPerson(name, "officer")
    return SignedInPerson(name, "custodian") if manifest.find_custodian(name) else None
