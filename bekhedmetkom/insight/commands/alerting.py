"""The head of a body is told by mail of figures that left their band: once each, and not while they are muted."""

import logging
from datetime import datetime

from django.db import transaction

from bekhedmetkom.entities.queries import get_tree
from bekhedmetkom.identity.models import Membership, Officer
from bekhedmetkom.identity.queries import get_actor
from bekhedmetkom.identity.rules import Role
from bekhedmetkom.kernel.clock import get_local_date
from bekhedmetkom.kernel.text import BilingualText
from bekhedmetkom.messages.commands import tell_lines
from bekhedmetkom.messages.rules.morning import Said
from bekhedmetkom.messages.rules.templates import Template

from ..kept import Alert
from ..queries.alerts import unusual_now
from ..rules.indicators import INDICATORS

PAGE = "/dashboard/alerts"
LINE = BilingualText("{figure}، {body}", "{figure}, {body}")

log = logging.getLogger(__name__)


def tell_alerts(at: datetime) -> int:
    """A mail a body, however many of its figures are new; returns how many went."""
    new = Alert.objects.filter(over=None, told=False).order_by("entity")
    sent = 0
    for entity in list(new.values_list("entity", flat=True).distinct()):
        try:
            sent += _tell(entity, at)
        except Exception:  # no head waits for another's; tried again at the next hour
            log.exception("the alerts of body %s could not be told", entity)
    return sent


@transaction.atomic
def _tell(entity: int, at: datetime) -> int:
    """What another worker holds is skipped. What is muted is told when the silence ends, if it still stands."""
    new = Alert.objects.filter(entity=entity, over=None, told=False).select_for_update(skip_locked=True)
    waiting, told, sent = {alert.pk for alert in new}, set[int](), 0
    for head in Officer.objects.filter(pk__in=_heads(entity, at)):
        shown = [one for one in unusual_now(get_actor(head, at), get_local_date(at)) if one.id in waiting]
        if not shown:
            continue
        body = get_tree()[entity].words
        lines = [Said(LINE.filled(figure=INDICATORS[one.figure].name, body=body)) for one in shown]
        tell_lines(head, Template.TO_ALERTS, lines, PAGE, at)
        told.update(one.id for one in shown)
        sent += 1
    Alert.objects.filter(pk__in=told).update(told=True)
    return sent


def _heads(entity: int, at: datetime) -> list[int]:
    held = Membership.objects.on(get_local_date(at)).filter(entity=entity, role=str(Role.HEAD_OF_BODY))
    return list(held.values_list("officer", flat=True))
