"""Succession of bodies in distribution rules."""

from datetime import datetime

from django.db import transaction

from bekhedmetkom.entities.commands import save_change
from bekhedmetkom.entities.queries import find_unit_at
from bekhedmetkom.entities.succession import list_successions
from bekhedmetkom.kernel.actor import CLOCK
from bekhedmetkom.kernel.clock import get_local_date

from .models import Rule


def apply_body_succession(at: datetime) -> int:
    """Move a closed body's rules for its topics to the successor; returns tsuccessor number.

    Rules without a topic stay: at the successor they would apply to all of its cases.
    """
    moved = 0
    with transaction.atomic():
        for closed, successor, _ in list_successions(get_local_date(at)):
            for rule in Rule.objects.filter(entity=closed, service__entity=successor, ended_on=None):
                scope = {"service": rule.service, "governorate": rule.governorate}
                if not Rule.objects.filter(entity=successor, ended_on=None, **scope).exists():
                    rule.entity, rule.unit_id = (
                        successor,
                        find_unit_at(rule.unit_id, successor.pk) or rule.unit_id,
                    )
                    moved += save_change(rule, actor=CLOCK, at=at) is not None
    return moved
