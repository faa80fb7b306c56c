"""No more news of a case, as the foot of every e-mail offers."""

from datetime import datetime

from bekhedmetkom.cases.commands import unsubscribe
from bekhedmetkom.cases.models import Particulars
from bekhedmetkom.kernel.actor import Actor

from .. import models


def stop_telling(*, message: int, at: datetime) -> bool:
    """End the news of the case that this message was about; `False` where it ends nothing.

    Only for whom the case is told today: an address that its citizen has replaced since decides nothing any more.
    """
    row = models.Message.objects.select_related("case").filter(pk=message, officer=None).first()
    if row is None or row.case is None:
        return False
    who = Particulars.objects.filter(pk=row.case_id, email__iexact=row.address).first()
    return who is not None and unsubscribe(case=row.case.pk, actor=Actor.citizen(row.case.reference), at=at)
