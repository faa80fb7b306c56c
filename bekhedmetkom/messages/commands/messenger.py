"""Who writes to us by Messenger, which cases are theirs, and what could not be told them there."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Greatest

from bekhedmetkom.cases.models import Case

from .. import models
from ..composing import Composer
from ..rules.decisions import To, tellings
from ..rules.delivery import Channel
from ..rules.states import MessageState, Why
from ..to_citizen import journals_of, occasions, to_citizen, with_devices


def heard_from(*, psid: str, at: datetime) -> None:
    """Somebody has written: from their last message on they may be answered for a while. Order does not matter."""
    models.MessengerPerson.objects.bulk_create(
        [models.MessengerPerson(psid=psid, heard_at=at)], ignore_conflicts=True
    )
    models.MessengerPerson.objects.filter(psid=psid).update(heard_at=Greatest("heard_at", at), refused=False)


def resume_messenger() -> None:
    """What stopped the channel has been mended: what waits goes out again."""
    models.Stop.objects.filter(channel=str(Channel.MESSENGER)).delete()


def answer_by_messenger(*, case: UUID, psid: str) -> None:
    """News of this case go back to whom it came from."""
    person = models.MessengerPerson.objects.get(psid=psid)
    models.ByMessenger.objects.get_or_create(case_id=case, defaults={"person": person})


def tell_another_way(*, message: int, give_up: bool = True) -> int:
    """What Messenger or push did not take is said by the next way that the person gave, if they gave one.

    Without `give_up`, a message for which there is no other way stays as it is.
    """
    with transaction.atomic():
        row = models.Message.objects.select_for_update(of=("self",)).select_related("event").get(pk=message)
        if row.state != MessageState.SENDING or row.event is None:
            return 0
        told = _said_again(row)
        if not (told or give_up):
            return 0
        models.Message.objects.bulk_create(told, ignore_conflicts=True)
        row.state, row.why = str(MessageState.FAILED), str(Why.BY_ANOTHER_WAY if told else Why.REFUSED)
        row.save(update_fields=["state", "why"])
        return 1


def _said_again(row: models.Message) -> list[models.Message]:
    cases = Case.objects.select_related("particulars").in_bulk([row.case_id])
    told = models.Message.objects.filter(event=row.event, officer=None)
    tried = [Channel(channel) for channel in told.values_list("channel", flat=True)]
    return [
        message
        for event, occasion in occasions(cases, journals_of(cases), {row.event_id or 0})
        for telling in tellings(occasion)
        if telling.to is To.CITIZEN
        for message in to_citizen(
            telling.template,
            occasion,
            event,
            cases[event.case_id],
            Composer(),
            with_devices(cases),
            without=tried,
        )
    ]
