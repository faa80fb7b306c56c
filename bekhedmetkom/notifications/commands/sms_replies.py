"""SMS replies 1 or 2 (solved or not) rate the newest case about which that number was asked."""

from datetime import datetime
from secrets import token_hex

from django.db import transaction

from bekhedmetkom.cases import row_security
from bekhedmetkom.cases.commands import rate_case
from bekhedmetkom.cases.models import Case, Event, Particulars
from bekhedmetkom.cases.rules.actions import has_confirmed_solved
from bekhedmetkom.cases.rules.states import EventType, State
from bekhedmetkom.cases.rules.transitions import NotPossibleNow
from bekhedmetkom.catalogue.rules import Handling
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.phone_numbers import parse_phone
from bekhedmetkom.language.corruption import detect_corruption

from ..models import Message
from ..rules.delivery import Channel, MessageState
from ..rules.reply_outcomes import ReplyOutcome
from ..rules.sms_replies import SmsRating, parse_sms_reply
from ..rules.templates import Template
from .incoming_replies import DuplicateReply, IncomingReply

_QUESTION_TEMPLATES = [
    str(template) for template in (Template.ANSWERED, Template.ANSWERED_IN_FULL, Template.ASKED_AGAIN)
]
_RECEIVED_STATES = [str(MessageState.SENT), str(MessageState.DELIVERED)]


def process_sms_reply(*, sender: str, text: str, key: str, at: datetime) -> ReplyOutcome:
    """Process a reply and return its outcome. `key` is the gateway's id; without one each reply counts as new.

    Only the rating is stored. Numbers that were not asked get no answer: an SMS costs, and two machines could loop.
    """
    number = parse_phone(sender)
    sent = Message.objects.filter(
        channel=Channel.SMS, address=number or "", officer=None, state__in=_RECEIVED_STATES
    )
    asked = (
        sent.filter(template__in=_QUESTION_TEMPLATES).exclude(case=None).order_by("-id").first()
        if number
        else None
    )
    if number is None or asked is None or asked.case_id is None:
        return ReplyOutcome.NOT_OURS
    row_security.allow_citizen(asked.case_id)
    case = Case.objects.get(pk=asked.case_id)
    came = IncomingReply(Channel.SMS, key or token_hex(), number, case, at)
    if not came.is_new():
        return ReplyOutcome.DUPLICATE
    if detect_corruption(text):
        return came.record_outcome_alone(ReplyOutcome.CORRUPTION)
    word = parse_sms_reply(text)
    theirs = Particulars.objects.filter(pk=case.pk, phone=number, phone_confirmed=True).exists()
    if word is None or not theirs or case.care != Handling.OPEN:
        return came.record_outcome_alone(ReplyOutcome.UNREADABLE)
    if _is_repeated_rating(case, word, asked):
        return came.record_outcome_alone(ReplyOutcome.DUPLICATE)
    try:
        return _save_rating(came, word)
    except NotPossibleNow:
        return came.record_outcome_alone(ReplyOutcome.CASE_CLOSED)
    except DuplicateReply:
        return ReplyOutcome.DUPLICATE


@transaction.atomic
def _save_rating(came: IncomingReply, word: SmsRating) -> ReplyOutcome:
    end = came.record_outcome(ReplyOutcome.FILED if word.solved else ReplyOutcome.UNSOLVED)
    citizen = Actor.citizen(came.case.reference)
    rate_case(
        case=came.case.pk, seen=None, actor=citizen, at=came.at, solved=word.solved, stars=word.stars,
        via=str(came.channel),
    )  # fmt: skip
    return end


def _is_repeated_rating(case: Case, word: SmsRating, asked: Message) -> bool:
    """Return whether this repeats the citizen's last rating since they were asked."""
    if word.solved:
        return case.state == State.RESOLVED and has_confirmed_solved(case.standing)
    words = Event.objects.filter(case=case, kind__in=[str(EventType.CONFIRMED), str(EventType.DENIED)])
    last = words.order_by("-seq").first()
    since = asked.sent_at
    return bool(last and since and last.kind == EventType.DENIED and last.at >= since)
