"""API of the Commission's page. Members prove possession of their private key; there are no passwords."""

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
from bekhedmetkom.disclosures.queries import commission as commission_queries
from bekhedmetkom.disclosures.rules.statuses import Status
from bekhedmetkom.kernel.clock import get_local_date, now

from .. import session_cookies
from ..api_requests import (
    MalformedRequest,
    answer_errors_as_json,
    get_turn_parts,
    parse_json_body,
    parse_number,
    parse_uuid,
    receive_uploads,
    stream_bytes,
)

TICKET_SECONDS = 120
COOKIE: Literal["__Host-commission"] = "__Host-commission"
Role = Literal["officer", "custodian"]


@dataclass(frozen=True, slots=True)
class SignedInPerson:
    """A signed-in member of the manifest."""

    id: str
    role: Role


@require_POST
@answer_errors_as_json
def create_challenge(request: HttpRequest) -> HttpResponseBase:
    """Return a challenge for the key of this id; for an unknown id, one that nobody can decrypt."""
    identifier = str(parse_json_body(request).get("id"))[:64]
    recipient = _find_recipient(identifier) or encryption.generate_discarded_recipient()
    challenge, answer = encryption.create_challenge(recipient)
    ticket = session_cookies.encrypt_token(
        "challenge", {"id": identifier, "answer": answer.hex()}, TICKET_SECONDS
    )
    return JsonResponse({"challenge": b64encode(challenge).decode(), "ticket": ticket})


@require_http_methods(["POST", "DELETE"])
@answer_errors_as_json
def handle_session(request: HttpRequest) -> HttpResponseBase:
    """Start a session with a challenge's answer, or end it. It lasts half an hour at most."""
    response = HttpResponse(status=204)
    if request.method == "DELETE":
        session_cookies.end_session(request, response, COOKIE)
        return response
    body = parse_json_body(request)
    ticket = session_cookies.decrypt_token("challenge", str(body.get("ticket")))
    is_correct = ticket is not None and compare_digest(
        ticket["answer"].encode(), str(body.get("answer")).encode()
    )
    if not is_correct or ticket is None or _find_recipient(ticket["id"]) is None:
        return JsonResponse({}, status=403)
    if not session_cookies.claim_token(ticket["answer"], TICKET_SECONDS):
        return JsonResponse({}, status=403)
    session_cookies.set_cookie(response, COOKIE, {"id": ticket["id"]})
    return response


def require_role(
    *roles: Role,
) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """Restrict a view to signed-in members of today's manifest with one of these roles: else 403 or 404."""

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
def list_reports(request: HttpRequest, person: SignedInPerson) -> HttpResponseBase:
    """Return a page of the officer's reports (`?after=`), or one of them (`?only=`)."""
    epoch = current_manifest.get_current_manifest(get_local_date(now())).epoch
    after, only = (
        parse_uuid(value) if (value := request.GET.get(name)) else None for name in ("after", "only")
    )
    if only:
        items, more = [commission_queries.get_report_for_officer(person.id, only)], False
    else:
        items, more = commission_queries.list_reports_for_officer(person.id, after)
    return JsonResponse({"items": items, "more": more, "epoch": epoch})


@require_POST
@require_role("officer")
@answer_errors_as_json
def open_report(request: HttpRequest, person: SignedInPerson, report: UUID) -> HttpResponseBase:
    """Return the encrypted conversation, after the journal has the access."""
    unwrapped = commands.open_report(report, officer=person.id, today=get_local_date(now()))
    identity = commission_queries.get_released_identity(unwrapped)
    return JsonResponse(
        {
            "parts": commission_queries.list_parts(unwrapped),
            "identity": b64encode(identity).decode() if identity else None,
            "journal": commission_queries.list_journal_of_report(report),
        }
    )


@require_safe
@require_role("officer")
@answer_errors_as_json
def download_part(
    request: HttpRequest, person: SignedInPerson, report: UUID, identifier: UUID
) -> HttpResponseBase:
    """Return a part's encrypted bytes."""
    return stream_bytes(commission_queries.read_part_for_officer(person.id, report, identifier))


@require_POST
@require_role("officer")
@answer_errors_as_json
def send_message(request: HttpRequest, person: SignedInPerson, report: UUID) -> HttpResponseBase:
    """Add the Commission's next turn."""
    today = get_local_date(now())
    current_manifest.get_current_manifest(today)
    with receive_uploads(request, queries.get_outer_key_for_officer(person.id, report)) as files:
        turn = parse_number(request.POST.get("turn"))
        commands.send_officer_message(
            report, officer=person.id, turn=turn, parts=get_turn_parts(files), today=today
        )
        files.parts = {}
    return JsonResponse({}, status=201)


@require_POST
@require_role("officer")
@answer_errors_as_json
def set_status(request: HttpRequest, person: SignedInPerson, report: UUID) -> HttpResponseBase:
    """Set a report's status."""
    body = parse_json_body(request)
    if str(body.get("status")) not in set(Status):
        raise MalformedRequest
    commands.set_status(
        report,
        officer=person.id,
        status=Status(str(body["status"])),
        reason=str(body.get("reason") or ""),
        today=get_local_date(now()),
    )
    return HttpResponse(status=204)


@require_POST
@require_role("officer")
@answer_errors_as_json
def request_identity(request: HttpRequest, person: SignedInPerson, report: UUID) -> HttpResponseBase:
    """Request the identity, with a reason encrypted to the custodians."""
    reason = _read_small_upload(request, "reason")
    commands.request_identity(report, officer=person.id, reason=reason, today=get_local_date(now()))
    return JsonResponse({}, status=201)


@require_POST
@require_role("officer")
@answer_errors_as_json
def renew_key_ring(request: HttpRequest, person: SignedInPerson, report: UUID) -> HttpResponseBase:
    """Replace the key ring by one for today's manifest."""
    commands.renew_key_ring(
        report, officer=person.id, ring=_read_small_upload(request, "ring"), today=get_local_date(now())
    )
    return JsonResponse({}, status=201)


@require_safe
@require_role("officer")
@answer_errors_as_json
def list_former_key_rings(request: HttpRequest, person: SignedInPerson, report: UUID) -> HttpResponseBase:
    """Return the report's earlier key rings."""
    return JsonResponse(
        {
            "items": [
                b64encode(ring).decode()
                for ring in commission_queries.list_former_key_rings_for_officer(person.id, report)
            ]
        }
    )


@require_safe
@require_role("custodian")
@answer_errors_as_json
def list_identity_requests(request: HttpRequest, person: SignedInPerson) -> HttpResponseBase:
    """Return all identity requests."""
    return JsonResponse({"items": commission_queries.list_identity_requests()})


@require_POST
@require_role("custodian")
@answer_errors_as_json
def open_identity(request: HttpRequest, person: SignedInPerson, report: UUID) -> HttpResponseBase:
    """Return an identity encrypted to the custodians, after the journal has the access."""
    identity = commands.open_identity(report, custodian=person.id, today=get_local_date(now()))
    return JsonResponse({"identity": b64encode(identity).decode()})


@require_POST
@require_role("custodian")
@answer_errors_as_json
def release_identity(request: HttpRequest, person: SignedInPerson, report: UUID) -> HttpResponseBase:
    """Release an identity, re-encrypted to the report's officers."""
    commands.answer_identity_request(
        report,
        custodian=person.id,
        identity=_read_small_upload(request, "identity"),
        today=get_local_date(now()),
    )
    return JsonResponse({}, status=201)


@require_POST
@require_role("custodian")
@answer_errors_as_json
def refuse_identity(request: HttpRequest, person: SignedInPerson, report: UUID) -> HttpResponseBase:
    """Refuse an identity request."""
    commands.answer_identity_request(report, custodian=person.id, identity=None, today=get_local_date(now()))
    return HttpResponse(status=204)


@require_safe
@require_role("custodian")
@answer_errors_as_json
def list_journal(request: HttpRequest, person: SignedInPerson) -> HttpResponseBase:
    """Return the journal's end and the first broken entry. Not for officers: it counts every report."""
    return JsonResponse(
        {"items": commission_queries.list_journal(), "broken_at": journal.find_broken_entry()}
    )


def _read_small_upload(request: HttpRequest, name: str) -> bytes:
    with receive_uploads(request, bytes(32)) as files:  # the key is not used: small fields stay in memory
        if name not in files.small_fields:
            raise MalformedRequest
        return files.small_fields[name]


def _find_recipient(identifier: str) -> str | None:
    manifest = current_manifest.get_current_manifest(get_local_date(now()))
    person = manifest.find_officer(identifier) or manifest.find_custodian(identifier)
    return person.recipient if person else None


def _find_person(identifier: str) -> SignedInPerson | None:
    manifest = current_manifest.get_current_manifest(get_local_date(now()))
    if manifest.find_officer(identifier):
        return SignedInPerson(identifier, "officer")
    return SignedInPerson(identifier, "custodian") if manifest.find_custodian(identifier) else None
