"""What came in answer to one of our messages counts once; its writer hears what became of it, once a day at most."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from bekhedmetkom.cases.models import Case
from bekhedmetkom.config.key_derivation import derive_hmac

from ..composing import Composer
from ..models import Arrival, Message
from ..rules.arriving import KEPT_FOR, ONCE_IN, SAYS, End
from ..rules.delivery import Channel


class CameBefore(Exception):
    """The same had come before, or comes at this very moment a second time."""


@dataclass(frozen=True, slots=True)
class Came:
    """Something that came: by which way, under which id, from whom; and about which case, let in through the wall."""

    channel: Channel
    key: str
    sender: str
    case: Case
    at: datetime

    def counts(self) -> bool:
        """`False` where it had come before; two that come at once wait for each other here."""
        return not Arrival.objects.filter(key=self._key).exists()

    def ends(self, end: End) -> End:
        """Write down what became of it, in the transaction of what it changes."""
        answered = self._tell(end)
        try:
            with transaction.atomic():
                Arrival.objects.create(
                    key=self._key, sender=self._sender, came_to=end, answered=answered, at=self.at
                )
        except IntegrityError:
            raise CameBefore from None
        return end

    def ends_here(self, end: End) -> End:
        """The same in a transaction of its own."""
        with suppress(CameBefore), transaction.atomic():
            return self.ends(end)
        return End.AGAIN

    @property
    def _key(self) -> str:
        return derive_hmac("arrival", self.channel, str(self.case.pk), self.key).hex()

    @property
    def _sender(self) -> str:
        return derive_hmac("arrival-sender", self.channel, self.sender.casefold()).hex()

    def _tell(self, end: End) -> bool:
        template = SAYS.get(end)
        before = Arrival.objects.filter(
            sender=self._sender, came_to=end, answered=True, at__gt=self.at - ONCE_IN
        )
        if template is None or before.exists():
            return False
        Message.objects.create(
            case=None if end is End.STRANGER else self.case,
            address=self.sender,
            not_before=self.at,
            **Composer().answering(template, self.channel, self.case.language, self.case.reference),
        )
        return True


def forget_arrivals(at: datetime) -> int:
    """What will not come a second time any more."""
    return Arrival.objects.filter(at__lt=at - KEPT_FOR).delete()[0]
