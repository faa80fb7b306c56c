"""Incoming replies of any channel: each counts once, and its sender gets one answer a day at most."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from bekhedmetkom.cases.models import Case
from bekhedmetkom.config.key_derivation import derive_hmac

from ..models import Arrival, Message
from ..rendering import MessageRenderer
from ..rules.delivery import Channel
from ..rules.reply_outcomes import ANSWER_INTERVAL, ANSWER_TEMPLATES, ARRIVAL_RETENTION, ReplyOutcome


class DuplicateReply(Exception):
    """The same had come before, or comes at this very moment a second time."""


@dataclass(frozen=True, slots=True)
class IncomingReply:
    """A received reply: channel, its id there, sender and case. Row-level security already allows the case."""

    channel: Channel
    key: str
    sender: str
    case: Case
    at: datetime

    def is_new(self) -> bool:
        """`False` where it had come before; two that come at once wait for each other here."""
        return not Arrival.objects.filter(key=self._key).exists()

    def record_outcome(self, end: ReplyOutcome) -> ReplyOutcome:
        """Write down what became of it, in the transaction of what it changes."""
        answered = self._send_answer(end)
        try:
            with transaction.atomic():
                Arrival.objects.create(
                    key=self._key, sender=self._sender, came_to=end, answered=answered, at=self.at
                )
        except IntegrityError:
            raise DuplicateReply from None
        return end

    def record_outcome_alone(self, end: ReplyOutcome) -> ReplyOutcome:
        """The same in a transaction of its own."""
        with suppress(DuplicateReply), transaction.atomic():
            return self.record_outcome(end)
        return ReplyOutcome.DUPLICATE

    @property
    def _key(self) -> str:
        return derive_hmac("arrival", self.channel, str(self.case.pk), self.key).hex()

    @property
    def _sender(self) -> str:
        return derive_hmac("arrival-sender", self.channel, self.sender.casefold()).hex()

    def _send_answer(self, end: ReplyOutcome) -> bool:
        template = ANSWER_TEMPLATES.get(end)
        before = Arrival.objects.filter(
            sender=self._sender, came_to=end, answered=True, at__gt=self.at - ANSWER_INTERVAL
        )
        if template is None or before.exists():
            return False
        Message.objects.create(
            case=None if end is ReplyOutcome.UNKNOWN_SENDER else self.case,
            address=self.sender,
            not_before=self.at,
            **MessageRenderer().render_reply(template, self.channel, self.case.language, self.case.reference),
        )
        return True


def delete_old_arrivals(at: datetime) -> int:
    """What will not come a second time any more."""
    return Arrival.objects.filter(at__lt=at - ARRIVAL_RETENTION).delete()[0]
