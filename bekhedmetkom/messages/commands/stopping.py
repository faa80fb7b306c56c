"""No more news of a case, as the foot of every e-mail offers."""

from datetime import datetime

from bekhedmetkom.cases.commands import unsubscribe
from bekhedmetkom.cases.models import Particulars
from bekhedmetkom.kernel.actor import Actor

from .. import models


def stop_telling(*, message: int, at: datetime) -> bool:
    """End the news of the case that this message was about; `False` where it ends nothing.

    The case has been let through the wall. An address that its citizen has replaced since decides nothing any more.
    """
    row = models.Message.objects.filter(pk=message, officer=None).exclude(case=None).first()
    if row is None or row.case is None:
        return False
    case = row.case
    theirs = Particulars.objects.filter(pk=case.pk, email__iexact=row.address).exists()
    return theirs and unsubscribe(case=case.pk, actor=Actor.citizen(case.reference), at=at)
