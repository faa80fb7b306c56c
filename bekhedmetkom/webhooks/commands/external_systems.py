"""Connections to bodies' Open311 systems, and the mapping of topics to their service codes."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from django.conf import settings
from django.db import IntegrityError, transaction

from bekhedmetkom.catalogue.queries import Topic, list_services
from bekhedmetkom.catalogue.rules import Handling, Kind
from bekhedmetkom.config.key_derivation import get_secret_box
from bekhedmetkom.entities.commands import delete_row, save_change
from bekhedmetkom.entities.queries import get_subtree
from bekhedmetkom.identity.commands.change_log import ensure_administrator
from bekhedmetkom.kernel import outbound_http
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.errors import FieldError, InvalidInput, NotAllowed, Refusal
from bekhedmetkom.kernel.text import BilingualText

from .. import georeport_client
from ..georeport_client import GeoReportClient, GeoReportError, RequestRefused, ServerUnavailable
from ..models import Connection, Forwarding, Match
from ..rules.forwarding import ForwardingStep
from ..rules.georeport import RemoteService
from ..rules.webhook_protocol import INVALID_URL
from .forwarding import KEY_PURPOSE, MAX_ID_LENGTH, record_forwarding

_ALREADY_CONNECTED = BilingualText(
    "لهذه الجهة نظام موصول. أوقفه أولًا.", "This body has a connected system. End that one first."
)
_INVALID_KINDS = BilingualText(
    "اختر نوعًا أو أكثر، وليس منها الإبلاغ عن مخالفة.",
    "Choose one kind or more; reports of violations never go.",
)
_KEY_TOO_LONG = BilingualText("المفتاح أطول من الحد.", "The key is too long.")
_UNREACHABLE = BilingualText("لم نصل إلى النظام.", "The system could not be reached.")
_UNREADABLE_ANSWER = BilingualText("أجاب النظام بما لا يُفهم.", "The system's answer cannot be understood.")
_REQUEST_REFUSED = BilingualText(
    "رفض النظام السؤال ({status}).", "The system refuses the question ({status})."
)
_INVALID_ATTRIBUTES = BilingualText(
    "اكتب كل سمة في سطر: الرمز = القيمة.", "Write one attribute a line: code = value."
)
_NUMBER_MISSING = BilingualText("اكتب رقمه في نظام الجهة.", "Write its number in the body's system.")
_NOT_PARKED = BilingualText("هذا لا ينتظر قرارًا من أحد.", "Nobody is waited for here.")

MAX_KEY_LENGTH = 200


def save_connection(row: Connection, *, key: str, actor: Actor, at: datetime) -> Connection:
    """Connect a body's system, or change how; an empty key leaves the one that it has. Raises `Invalid`."""
    ensure_administrator(actor)
    wrong = []
    row.url = row.url.strip().rstrip("/")
    if not outbound_http.is_allowed_url(row.url, settings.OUTWARD_NETWORKS):
        wrong.append(FieldError("url", INVALID_URL))
    if (
        not row.kinds
        or str(Kind.VIOLATION) in row.kinds
        or not set(row.kinds) <= {str(kind) for kind in Kind}
    ):
        wrong.append(FieldError("kinds", _INVALID_KINDS))
    if len(key) > MAX_KEY_LENGTH:
        wrong.append(FieldError("api_key", _KEY_TOO_LONG))
    if wrong:
        raise InvalidInput(*wrong)
    if row.pk is None:
        row.created_at = row.awake_at = at
    if key:
        row.key, row.key_since = bytes(get_secret_box(KEY_PURPOSE).encrypt(key.encode())), at
    try:
        with transaction.atomic():
            save_change(row, actor=actor, at=at)
    except IntegrityError as error:
        raise InvalidInput(FieldError("entity", _ALREADY_CONNECTED)) from error
    return row


def end_connection(*, connection: int, actor: Actor, at: datetime) -> None:
    """Nothing more goes there, and nobody asks any more how anything stands."""
    ensure_administrator(actor)
    with transaction.atomic():
        row = Connection.objects.select_for_update().filter(pk=connection, ended_at=None).first()
        if row is None:
            raise NotAllowed
        row.ended_at = at
        save_change(row, actor=actor, at=at)
        row.forwardings.filter(sent_at=None).delete()


class ServiceOffer(NamedTuple):
    """What a body's system can be told, as it says now; or why nobody could be asked."""

    services: list[RemoteService]
    problem: BilingualText | None = None


def fetch_services(connection: Connection) -> ServiceOffer:
    """Try it: ask the system for its services."""
    try:
        with outbound_http.create_client(
            settings.OUTWARD_NETWORKS, patience=georeport_client.TIMEOUT_SECONDS
        ) as client:
            server = GeoReportClient(client, connection.url, connection.form, connection.jurisdiction)
            return ServiceOffer(server.list_services())
    except GeoReportError as failed:
        return ServiceOffer([], _describe_failure(failed))


def list_forwardable_topics(connection: Connection) -> list[Topic]:
    """Those whose cases may go there: of the body and of those below it, none that is confidential."""
    below = get_subtree(connection.entity_id)
    return [
        topic for topic in list_services()
        if topic.entity in below and topic.handling is Handling.OPEN and topic.closed_on is None
        and topic.typical_kind is not Kind.VIOLATION
    ]  # fmt: skip


def save_service_codes(
    *, connection: int, codes: Mapping[int, tuple[str, str]], actor: Actor, at: datetime
) -> list[tuple[str, list[str]]]:
    """What each topic is called there (an empty code: its cases do not go), and what is always said with it.

    Returns the services that demand an attribute which is not said, with these; the system is asked for them.
    """
    ensure_administrator(actor)
    with transaction.atomic():
        row = Connection.objects.select_for_update().get(pk=connection)
        known = {topic.id for topic in list_forwardable_topics(row)}
        wanted = {
            topic: (code.strip()[:100], _parse_attributes(topic, typed))
            for topic, (code, typed) in codes.items() if topic in known and code.strip()
        }  # fmt: skip
        before = {one.service_id: one for one in row.matches.all()}
        for topic, one in before.items():
            if topic not in wanted:
                delete_row(one, actor=actor, at=at)
        for topic, (code, attributes) in wanted.items():
            one = before.get(topic) or Match(connection=row, service_id=topic)
            one.code, one.attributes = code, attributes
            save_change(one, actor=actor, at=at)
    return _find_missing_attributes(row, dict(wanted.values()))


def retry_forwarding(*, forwarding: int, actor: Actor, at: datetime) -> None:
    """What was given up goes once more from where it stood: it is sent, or asked about. Raises `Refused`."""
    ensure_administrator(actor)
    with transaction.atomic():
        row = _get_parked_forwarding(forwarding)
        row.step = ForwardingStep.FORWARDED if row.far_id else ForwardingStep.PENDING
        row.parked_at, row.why, row.tries, row.next_at, row.created_at = None, "", 0, at, at
        save_change(row, actor=actor, at=at)


def confirm_forwarding(*, forwarding: int, far_id: str, actor: Actor, at: datetime) -> None:
    """Somebody has looked in the body's system: it is there under this number. Raises `Refused`."""
    ensure_administrator(actor)
    if not (far_id := far_id.strip()) or len(far_id) > MAX_ID_LENGTH:
        raise InvalidInput(FieldError("far_id", _NUMBER_MISSING))
    with transaction.atomic():
        row = _get_parked_forwarding(forwarding)
        if row.far_id:
            raise Refusal(_NOT_PARKED)
        row.step, row.far_id, row.parked_at, row.why, row.tries, row.next_at = (
            ForwardingStep.FORWARDED,
            far_id,
            None,
            "",
            0,
            at,
        )
        save_change(row, actor=actor, at=at)
        record_forwarding(row.case_id, row.connection_id, far_id, row.told, at)


def _get_parked_forwarding(forwarding: int) -> Forwarding:
    row = Forwarding.objects.select_for_update().filter(pk=forwarding, parked_at__isnull=False).first()
    if row is None:
        raise Refusal(_NOT_PARKED)
    return row


def _parse_attributes(topic: int, typed: str) -> dict[str, str]:
    found = {}
    for line in filter(str.strip, typed.splitlines()):
        code, equals, value = (part.strip() for part in line.partition("="))
        if not (code and equals and value) or len(line) > 200 or set("[]") & set(code):
            raise InvalidInput(FieldError(f"attributes-{topic}", _INVALID_ATTRIBUTES))
        found[code] = value
    return found


def _find_missing_attributes(
    connection: Connection, said: Mapping[str, Mapping[str, str]]
) -> list[tuple[str, list[str]]]:
    found = []
    try:
        with outbound_http.create_client(
            settings.OUTWARD_NETWORKS, patience=georeport_client.TIMEOUT_SECONDS
        ) as client:
            server = GeoReportClient(client, connection.url, connection.form, connection.jurisdiction)
            asking = {one.code for one in server.list_services() if one.has_attributes}
            for code in asking & said.keys():
                if lacking := [
                    name for name in server.list_required_attributes(code) if name not in said[code]
                ]:
                    found.append((code, lacking))
    except GeoReportError:
        return found  # what could not be asked stands on the page anyway
    return sorted(found)


def _describe_failure(failed: GeoReportError) -> BilingualText:
    if isinstance(failed, RequestRefused):
        return _REQUEST_REFUSED.format(status=failed.status)
    return _UNREACHABLE if isinstance(failed, ServerUnavailable) or not failed.status else _UNREADABLE_ANSWER
