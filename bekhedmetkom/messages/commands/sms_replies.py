"""SMS that answer ours: 1 or 2, solved or not, of the newest case about which that number was asked."""

from datetime import datetime
from secrets import token_hex

from django.db import transaction

from bekhedmetkom.cases import wall
from bekhedmetkom.cases.commands import rate
from bekhedmetkom.cases.models import Case, Event, Particulars
from bekhedmetkom.cases.rules.states import EventType, State
from bekhedmetkom.cases.rules.transitions import NotPossibleNow
from bekhedmetkom.cases.rules.verbs import said_yes
from bekhedmetkom.catalogue.rules import Handling
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.phone_numbers import parse_phone
from bekhedmetkom.language.corruption import detect_corruption

from ..models import Message
from ..rules.arriving import End
from ..rules.delivery import Channel
from ..rules.sms_replies import Word, understood
from ..rules.states import MessageState
from ..rules.templates import Template
from .answering import Came, CameBefore

_ASKING = [str(template) for template in (Template.ANSWERED, Template.ANSWERED_IN_FULL, Template.ASKED_AGAIN)]
_ON_THE_TELEPHONE = [str(MessageState.SENT), str(MessageState.DELIVERED)]


def hear_sms(*, sender: str, text: str, key: str, at: datetime) -> End:
    """What somebody answered. `key`: the gateway's id; without one, the same word said again changes nothing.

    Nothing but the word is kept. Only who has shown the number to be theirs is heard; whom we asked nothing gets no
    answer, for an SMS costs, and two machines could go on talking.
    """
    number = parse_phone(sender)
    sent = Message.objects.filter(
        channel=Channel.SMS, address=number or "", officer=None, state__in=_ON_THE_TELEPHONE
    )
    asked = sent.filter(template__in=_ASKING).exclude(case=None).order_by("-id").first() if number else None
    if number is None or asked is None or asked.case_id is None:
        return End.NOT_OURS
    wall.for_citizen(asked.case_id)
    case = Case.objects.get(pk=asked.case_id)
    came = Came(Channel.SMS, key or token_hex(), number, case, at)
    if not came.counts():
        return End.AGAIN
    if detect_corruption(text):
        return came.ends_here(End.CORRUPTION)
    word = understood(text)
    theirs = Particulars.objects.filter(pk=case.pk, phone=number, phone_confirmed=True).exists()
    if word is None or not theirs or case.care != Handling.OPEN:
        return came.ends_here(End.UNREAD)
    if _said_already(case, word, asked):
        return came.ends_here(End.AGAIN)
    try:
        return _rated(came, word)
    except NotPossibleNow:
        return came.ends_here(End.ENDED)
    except CameBefore:
        return End.AGAIN


@transaction.atomic
def _rated(came: Came, word: Word) -> End:
    end = came.ends(End.FILED if word.solved else End.UNSOLVED)
    citizen = Actor.citizen(came.case.reference)
    rate(
        case=came.case.pk, seen=None, actor=citizen, at=came.at, solved=word.solved, stars=word.stars,
        via=str(came.channel),
    )  # fmt: skip
    return end


def _said_already(case: Case, word: Word, asked: Message) -> bool:
    """Whether this is what the citizen said last, since they were asked."""
    if word.solved:
        return case.state == State.RESOLVED and said_yes(case.standing)
    words = Event.objects.filter(case=case, kind__in=[str(EventType.CONFIRMED), str(EventType.DENIED)])
    last = words.order_by("-seq").first()
    since = asked.sent_at
    return bool(last and since and last.kind == EventType.DENIED and last.at >= since)
