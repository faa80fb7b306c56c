"""Taking cases to bodies' own systems: which, what is said, and never twice as far as GeoReport lets us know.

It knows no idempotency. So what is about to be sent is first written down as in doubt; whoever loses the answer, or is
killed, looks for our reference there before anything is sent again, and where a system shows nothing a person decides.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction

from bekhedmetkom.cases.feed import FeedEvent
from bekhedmetkom.cases.journal import Change, record
from bekhedmetkom.cases.models import Case, Particulars, list_effective_texts
from bekhedmetkom.cases.rules.states import EventType
from bekhedmetkom.cases.rules.undo import get_final_time
from bekhedmetkom.catalogue.queries import get_service
from bekhedmetkom.catalogue.rules import Handling, Kind
from bekhedmetkom.config.key_derivation import get_secret_box
from bekhedmetkom.entities.queries import get_ancestors, get_governorates, get_tree
from bekhedmetkom.kernel.actor import CLOCK

from ..georeport_client import GeoReportClient, RequestRefused, ServerUnavailable
from ..models import Brought, Connection, Forwarding, Match
from ..rules.forwarding import (
    ARRIVAL_EVENTS,
    GIVE_UP_AFTER,
    LOOKUP_DELAYS,
    CaseContent,
    DetailLevel,
    ForwardingStep,
    ParkedReason,
    build_request_fields,
    can_forward,
    get_detail_level,
)
from ..rules.georeport import PostReceipt
from ..rules.webhook_protocol import get_retry_delay

KEY_PURPOSE = "open311-key"
UNDO_MARGIN = timedelta(seconds=1)  # after nobody can take it back any more
MAX_ID_LENGTH, MAX_TOKEN_LENGTH, MAX_REFUSAL_LENGTH = 100, 500, 200


def queue_forwardings(events: Sequence[FeedEvent]) -> None:
    """Put what has come to a body whose system is told on its way; twice comes to the same. A follower's."""
    came = {event.case_id: event for event in events if event.happened in ARRIVAL_EVENTS}
    connections = list(Connection.objects.filter(ended_at=None)) if came else []
    if not connections:
        return
    matched = set(
        Match.objects.filter(connection__in=connections).values_list("connection__entity", "service")
    )
    of_body = {connection.entity_id: connection for connection in connections}
    cases = Case.objects.filter(pk__in=came, care=Handling.OPEN, service__isnull=False)
    theirs = dict(Brought.objects.filter(case__in=came).values_list("case", "client__entity"))
    for case, body, topic, kind in cases.values_list("pk", "entity", "service", "kind"):
        its = next((one for one in (body, *get_ancestors(body)) if (one, topic) in matched), None)
        if its is None or kind not in of_body[its].kinds:
            continue
        event = came[case]
        if event.at < of_body[its].created_at:  # whoever reads the journal anew
            continue
        if theirs.get(case) == its:  # the body's own program brought it: its system has it
            continue
        due = get_final_time(event.happened, event.actor, event.at) + UNDO_MARGIN
        Forwarding.objects.bulk_create(
            [Forwarding(connection=of_body[its], case_id=case, next_at=due, created_at=event.at)],
            ignore_conflicts=True,
        )
        # It has been there, and is here again.
        Forwarding.objects.filter(connection=of_body[its], case=case, step=ForwardingStep.ENDED).exclude(
            far_id=""
        ).update(step=ForwardingStep.FORWARDED, next_at=due, tries=0)


class PreparedCase(NamedTuple):
    """Content to send for a case, with the service code and attributes of the body's system."""

    content: CaseContent
    service_code: str
    attributes: dict[str, str]


def is_at_body_of(connection: Connection, case: Case) -> bool:
    """Return whether the case is with the system's body or one below it."""
    return connection.entity_id in (case.entity_id, *get_ancestors(case.entity_id))


def prepare_case(connection: Connection, case: Case) -> PreparedCase | None:
    """Return the content to send; `None` if the case must not be sent to this system."""
    who = Particulars.objects.get(pk=case.pk)
    complains = bool(who.about_employee or who.about_unit)
    kinds = frozenset(Kind(kind) for kind in connection.kinds)
    match = Match.objects.filter(connection=connection, service=case.service_id).first()
    if (
        match is None
        or not is_at_body_of(connection, case)
        or not can_forward(case.standing, kinds, complains=complains)
    ):
        return None
    text = (
        list_effective_texts().filter(case=case.pk, field__in=("text", "transcript")).order_by("seq").first()
    )
    place = get_governorates().get(case.governorate_id or 0)
    told = CaseContent(
        reference=case.reference, topic=get_service(match.service_id).name, text=text.body if text else "",
        name=who.name, phone=who.phone, email=who.email, lat=who.lat, long=who.lng, address=who.address,
        area=place.name_ar if place else get_tree()[case.entity_id].name_ar, withheld=case.withheld,
    )  # fmt: skip
    return PreparedCase(told, match.code, match.attributes)


def send_case(server: GeoReportClient, connection: Connection, row: Forwarding, at: datetime) -> bool:
    """Send the case once; return whether it arrived."""
    found = prepare_case(connection, Case.objects.get(pk=row.case_id))
    mine = Forwarding.objects.filter(pk=row.pk)
    if found is None:
        if row.sent_at is None:
            mine.delete()
        else:
            mine.update(step=ForwardingStep.ENDED)
        return False
    tells = get_detail_level(found.content, DetailLevel(connection.tells))
    # From here on it may be there, whatever becomes of us.
    mine.update(step=ForwardingStep.IN_DOUBT, sent_at=at, told=tells, tries=0, next_at=at + LOOKUP_DELAYS[0])
    row.told = tells
    try:
        receipt = server.create_request(
            build_request_fields(found.content, tells, found.service_code, found.attributes),
            get_api_key(connection),
        )
    except ServerUnavailable:
        mine.update(step=ForwardingStep.PENDING, sent_at=row.sent_at, tries=row.tries, next_at=at)
        raise
    except RequestRefused as refused:
        late = at - row.created_at > GIVE_UP_AFTER
        mine.update(
            step=ForwardingStep.PENDING,
            sent_at=row.sent_at,
            tries=row.tries + 1,
            next_at=at + get_retry_delay(row.tries + 3),
            last_status=refused.status,
            said=_redact_refusal(refused.message, found.content),
            **_build_parked_columns(ParkedReason.REFUSED, at) if late else {},
        )
        return False
    return save_receipt(row, receipt, at)


def find_lost_case(server: GeoReportClient, connection: Connection, row: Forwarding, at: datetime) -> bool:
    """Look for a case whose answer was lost; return whether it is there. Queue it again if it did not arrive."""
    assert row.sent_at is not None
    case = Case.objects.get(pk=row.case_id)
    match = Match.objects.filter(connection=connection, service=case.service_id).first()
    try:
        id = server.find_request_by_text(
            case.reference, match.code if match else "", row.sent_at - timedelta(hours=1)
        )
    except RequestRefused:
        id = ""
    if id:
        return save_receipt(row, PostReceipt(id), at)
    looked = row.tries + 1
    moved: dict[str, Any]
    if looked < len(LOOKUP_DELAYS):
        moved = {"tries": looked, "next_at": at + LOOKUP_DELAYS[looked]}
    elif connection.shows:
        moved = {"step": ForwardingStep.PENDING, "tries": 0, "next_at": at}
    else:
        moved = {"tries": looked, **_build_parked_columns(ParkedReason.IN_DOUBT, at)}
    Forwarding.objects.filter(pk=row.pk).update(**moved)
    return False


def fetch_number(server: GeoReportClient, connection: Connection, row: Forwarding, at: datetime) -> bool:
    """Ask for the request id by its token; return whether there is one."""
    try:
        id = server.get_request_id(row.token)
    except RequestRefused:
        id = ""
    if id:
        return save_receipt(row, PostReceipt(id), at)
    late = row.sent_at is None or at - row.sent_at > GIVE_UP_AFTER
    Forwarding.objects.filter(pk=row.pk).update(
        tries=row.tries + 1, next_at=at + get_retry_delay(row.tries + 3),
        **_build_parked_columns(ParkedReason.NO_NUMBER, at) if late else {},
    )  # fmt: skip
    return False


def save_receipt(row: Forwarding, receipt: PostReceipt, at: datetime) -> bool:
    """Store the request id or token; record the forwarding in the journal. Return whether there is an id."""
    mine = Forwarding.objects.filter(pk=row.pk)
    if not receipt.id:
        if len(receipt.token) > MAX_TOKEN_LENGTH:
            mine.update(**_build_parked_columns(ParkedReason.NO_NUMBER, at))
        else:
            mine.update(
                step=ForwardingStep.AWAITING_ID, token=receipt.token, tries=0, next_at=at + LOOKUP_DELAYS[0]
            )
        return False
    if len(receipt.id) > MAX_ID_LENGTH:
        mine.update(**_build_parked_columns(ParkedReason.NO_NUMBER, at))
        return False
    with transaction.atomic():
        if mine.select_for_update().exclude(step=ForwardingStep.FORWARDED).first() is None:
            return False
        mine.update(
            step=ForwardingStep.FORWARDED,
            far_id=receipt.id,
            token="",
            tries=0,
            next_at=at,
            parked_at=None,
            why="",
            said="",
            last_status=None,
        )
        record_forwarding(row.case_id, row.connection_id, receipt.id, row.told, at)
    return True


def record_forwarding(case: UUID, connection: int, far_id: str, told: str, at: datetime) -> None:
    """Record in the case's journal, in any state, that it was forwarded."""
    data = {"system": connection, "far_id": far_id, "told": told}
    record(case=case, seen=None, actor=CLOCK, at=at, decide=lambda _: Change(EventType.FORWARDED, data))


def get_api_key(connection: Connection) -> str:
    """Return the decrypted API key; empty if the system needs none."""
    return get_secret_box(KEY_PURPOSE).decrypt(bytes(connection.key)).decode() if connection.key else ""


def _build_parked_columns(why: ParkedReason, at: datetime) -> dict[str, Any]:
    return {"parked_at": at, "why": str(why)}


def _redact_refusal(said: str, told: CaseContent) -> str:
    """Return the system's error text, empty if it repeats case data: administrators read it."""
    personal = [told.name, told.phone, told.email, told.address, told.text]
    repeats = any(word and word[:20] in said for word in personal)
    return "" if repeats else said[:MAX_REFUSAL_LENGTH]
