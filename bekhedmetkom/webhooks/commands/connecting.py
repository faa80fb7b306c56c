"""Which bodies' systems are told of cases: administrators connect them and say what is called what."""

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

from .. import server as server_at
from ..models import Connection, Forwarding, Match
from ..rules.forwarding import Step
from ..rules.georeport import FarService
from ..rules.telling import BAD_ADDRESS
from ..server import Failed, NotThere, NotThis, Server
from .forwarding import LONGEST_ID, PURPOSE, went

_ONE = BilingualText(
    "لهذه الجهة نظام موصول. أوقفه أولًا.", "This body has a connected system. End that one first."
)
_KINDS = BilingualText(
    "اختر نوعًا أو أكثر، وليس منها الإبلاغ عن مخالفة.",
    "Choose one kind or more; reports of violations never go.",
)
_KEY = BilingualText("المفتاح أطول من الحد.", "The key is too long.")
_NOT_REACHED = BilingualText("لم نصل إلى النظام.", "The system could not be reached.")
_NOT_READ = BilingualText("أجاب النظام بما لا يُفهم.", "The system's answer cannot be understood.")
_REFUSES = BilingualText("رفض النظام السؤال ({status}).", "The system refuses the question ({status}).")
_ATTRIBUTES = BilingualText(
    "اكتب كل سمة في سطر: الرمز = القيمة.", "Write one attribute a line: code = value."
)
_NO_NUMBER = BilingualText("اكتب رقمه في نظام الجهة.", "Write its number in the body's system.")
_NOT_PARKED = BilingualText("هذا لا ينتظر قرارًا من أحد.", "Nobody is waited for here.")

LONGEST_KEY = 200


def connect(row: Connection, *, key: str, actor: Actor, at: datetime) -> Connection:
    """Connect a body's system, or change how; an empty key leaves the one that it has. Raises `Invalid`."""
    ensure_administrator(actor)
    wrong = []
    row.url = row.url.strip().rstrip("/")
    if not outbound_http.is_allowed_url(row.url, settings.OUTWARD_NETWORKS):
        wrong.append(FieldError("url", BAD_ADDRESS))
    if (
        not row.kinds
        or str(Kind.VIOLATION) in row.kinds
        or not set(row.kinds) <= {str(kind) for kind in Kind}
    ):
        wrong.append(FieldError("kinds", _KINDS))
    if len(key) > LONGEST_KEY:
        wrong.append(FieldError("api_key", _KEY))
    if wrong:
        raise InvalidInput(*wrong)
    if row.pk is None:
        row.created_at = row.awake_at = at
    if key:
        row.key, row.key_since = bytes(get_secret_box(PURPOSE).encrypt(key.encode())), at
    try:
        with transaction.atomic():
            save_change(row, actor=actor, at=at)
    except IntegrityError as error:
        raise InvalidInput(FieldError("entity", _ONE)) from error
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


class Offer(NamedTuple):
    """What a body's system can be told, as it says now; or why nobody could be asked."""

    services: list[FarService]
    trouble: BilingualText | None = None


def offered(connection: Connection) -> Offer:
    """Try it: ask the system for its services."""
    try:
        with outbound_http.create_client(settings.OUTWARD_NETWORKS, patience=server_at.PATIENCE) as client:
            server = Server(client, connection.url, connection.form, connection.jurisdiction)
            return Offer(server.services())
    except Failed as failed:
        return Offer([], _trouble(failed))


def topics_of(connection: Connection) -> list[Topic]:
    """Those whose cases may go there: of the body and of those below it, none that is confidential."""
    below = get_subtree(connection.entity_id)
    return [
        topic for topic in list_services()
        if topic.entity in below and topic.handling is Handling.OPEN and topic.closed_on is None
        and topic.typical_kind is not Kind.VIOLATION
    ]  # fmt: skip


def match(
    *, connection: int, codes: Mapping[int, tuple[str, str]], actor: Actor, at: datetime
) -> list[tuple[str, list[str]]]:
    """What each topic is called there (an empty code: its cases do not go), and what is always said with it.

    Returns the services that demand an attribute which is not said, with these; the system is asked for them.
    """
    ensure_administrator(actor)
    with transaction.atomic():
        row = Connection.objects.select_for_update().get(pk=connection)
        known = {topic.id for topic in topics_of(row)}
        wanted = {
            topic: (code.strip()[:100], _attributes(topic, typed))
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
    return _missing(row, dict(wanted.values()))


def send_again(*, forwarding: int, actor: Actor, at: datetime) -> None:
    """What was given up goes once more from where it stood: it is sent, or asked about. Raises `Refused`."""
    ensure_administrator(actor)
    with transaction.atomic():
        row = _given_up(forwarding)
        row.step = Step.THERE if row.far_id else Step.TO_SEND
        row.parked_at, row.why, row.tries, row.next_at, row.created_at = None, "", 0, at, at
        save_change(row, actor=actor, at=at)


def found_there(*, forwarding: int, far_id: str, actor: Actor, at: datetime) -> None:
    """Somebody has looked in the body's system: it is there under this number. Raises `Refused`."""
    ensure_administrator(actor)
    if not (far_id := far_id.strip()) or len(far_id) > LONGEST_ID:
        raise InvalidInput(FieldError("far_id", _NO_NUMBER))
    with transaction.atomic():
        row = _given_up(forwarding)
        if row.far_id:
            raise Refusal(_NOT_PARKED)
        row.step, row.far_id, row.parked_at, row.why, row.tries, row.next_at = (
            Step.THERE,
            far_id,
            None,
            "",
            0,
            at,
        )
        save_change(row, actor=actor, at=at)
        went(row.case_id, row.connection_id, far_id, row.told, at)


def _given_up(forwarding: int) -> Forwarding:
    row = Forwarding.objects.select_for_update().filter(pk=forwarding, parked_at__isnull=False).first()
    if row is None:
        raise Refusal(_NOT_PARKED)
    return row


def _attributes(topic: int, typed: str) -> dict[str, str]:
    found = {}
    for line in filter(str.strip, typed.splitlines()):
        code, equals, value = (part.strip() for part in line.partition("="))
        if not (code and equals and value) or len(line) > 200 or set("[]") & set(code):
            raise InvalidInput(FieldError(f"attributes-{topic}", _ATTRIBUTES))
        found[code] = value
    return found


def _missing(connection: Connection, said: Mapping[str, Mapping[str, str]]) -> list[tuple[str, list[str]]]:
    found = []
    try:
        with outbound_http.create_client(settings.OUTWARD_NETWORKS, patience=server_at.PATIENCE) as client:
            server = Server(client, connection.url, connection.form, connection.jurisdiction)
            asking = {one.code for one in server.services() if one.asks}
            for code in asking & said.keys():
                if lacking := [name for name in server.required_of(code) if name not in said[code]]:
                    found.append((code, lacking))
    except Failed:
        return found  # what could not be asked stands on the page anyway
    return sorted(found)


def _trouble(failed: Failed) -> BilingualText:
    if isinstance(failed, NotThis):
        return _REFUSES.format(status=failed.status)
    return _NOT_REACHED if isinstance(failed, NotThere) or not failed.status else _NOT_READ
