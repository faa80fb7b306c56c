"""Succession of a closed body: roles at its units move with the unit, all other roles end."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import F, Q, Value
from django.db.models.functions import Greatest

from bekhedmetkom.entities.queries import find_unit_at
from bekhedmetkom.entities.succession import list_successions
from bekhedmetkom.kernel.actor import CLOCK
from bekhedmetkom.kernel.clock import get_local_date

from ..models import Membership
from .change_log import save_change, serialise_row


def apply_body_succession(at: datetime) -> int:
    """End the roles at closed bodies; returns tsuccessor number. Roles at a unit continue at the successor.

    Roles for the whole body (head, main officer, reviewers) do not move: an administrator grants them at the
    successor, so that a merger alone gives nobody access to another body's cases.
    """
    ended = 0
    for closed, successor, on in list_successions(get_local_date(at)):
        lasting = Q(valid_until=None) | Q(valid_until__gt=Greatest(Value(on), F("valid_from")))
        for held in Membership.objects.filter(lasting, entity=closed):
            with transaction.atomic():
                if unit := find_unit_at(held.unit_id, successor.pk):
                    _transfer_membership(held, successor.pk, unit, on, at)
                before = serialise_row(held)
                held.valid_until = max(on, held.valid_from)
                save_change(held, before=before, actor=CLOCK, at=at)
                ended += 1
    return ended


def _transfer_membership(held: Membership, successor: int, unit: int, on: date, at: datetime) -> None:
    role = Membership(
        officer_id=held.officer_id, role=held.role, entity_id=successor, unit_id=unit,
        valid_from=max(on, held.valid_from), valid_until=held.valid_until,
    )  # fmt: skip
    try:
        with transaction.atomic():
            save_change(role, before=None, actor=CLOCK, at=at)
    except IntegrityError:  # the officer has the role there already
        return
