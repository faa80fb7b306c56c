"""Messenger contacts, their cases, and messages that could not be sent there."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Greatest

from bekhedmetkom.cases.models import Case

from .. import models
from ..citizen_messages import build_citizen_messages, find_cases_with_devices, load_journals, replay_events
from ..rendering import MessageRenderer
from ..rules.decisions import RecipientGroup, list_notification_rules
from ..rules.delivery import Channel, FailureReason, MessageState


def record_messenger_contact(*, psid: str, at: datetime) -> None:
    """Somebody has written: from their last message on they may be answered for a while. Order does not matter."""
    models.MessengerPerson.objects.bulk_create(
        [models.MessengerPerson(psid=psid, heard_at=at)], ignore_conflicts=True
    )
    models.MessengerPerson.objects.filter(psid=psid).update(heard_at=Greatest("heard_at", at), refused=False)


def resume_messenger() -> None:
    """What stopped the channel has been mended: what waits goes out again."""
    models.Stop.objects.filter(channel=str(Channel.MESSENGER)).delete()


def link_case_to_messenger(*, case: UUID, psid: str) -> None:
    """News of this case go back to whom it came from."""
    person = models.MessengerPerson.objects.get(psid=psid)
    models.ByMessenger.objects.get_or_create(case_id=case, defaults={"person": person})


def send_by_next_channel(*, message: int, give_up: bool = True) -> int:
    """What Messenger or push did not take is said by the next way that the person gave, if they gave one.

    Without `give_up`, a message for which there is no other way stays as it is.
    """
    with transaction.atomic():
        row = models.Message.objects.select_for_update(of=("self",)).select_related("event").get(pk=message)
        if row.state != MessageState.SENDING or row.event is None:
            return 0
        told = _build_replacements(row)
        if not (told or give_up):
            return 0
        models.Message.objects.bulk_create(told, ignore_conflicts=True)
        row.state, row.why = (
            str(MessageState.FAILED),
            str(FailureReason.BY_ANOTHER_WAY if told else FailureReason.REFUSED),
        )
        row.save(update_fields=["state", "why"])
        return 1


def _build_replacements(row: models.Message) -> list[models.Message]:
    cases = Case.objects.select_related("particulars").in_bulk([row.case_id])
    told = models.Message.objects.filter(event=row.event, officer=None)
    tried = [Channel(channel) for channel in told.values_list("channel", flat=True)]
    return [
        message
        for event, occasion in replay_events(cases, load_journals(cases), {row.event_id or 0})
        for telling in list_notification_rules(occasion)
        if telling.recipients is RecipientGroup.CITIZEN
        for message in build_citizen_messages(
            telling.template,
            occasion,
            event,
            cases[event.case_id],
            MessageRenderer(),
            find_cases_with_devices(cases),
            without=tried,
        )
    ]
