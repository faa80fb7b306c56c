"""How distribution keeps up with the directory."""

from datetime import datetime

from django.db import transaction

from bekhedmetkom.entities.commands import save_change
from bekhedmetkom.entities.queries import find_unit_at
from bekhedmetkom.entities.succession import list_successions
from bekhedmetkom.kernel.actor import CLOCK
from bekhedmetkom.kernel.clock import get_local_date

from .models import Rule


def apply_body_succession(at: datetime) -> int:
    """A closed body's rules for its topics go with these to whoever took its place; returns how many.

    The others end: «all our cases» would now be all of the successor's.
    """
    moved = 0
    with transaction.atomic():
        for closed, heir, _ in list_successions(get_local_date(at)):
            for rule in Rule.objects.filter(entity=closed, service__entity=heir, ended_on=None):
                scope = {"service": rule.service, "governorate": rule.governorate}
                if not Rule.objects.filter(entity=heir, ended_on=None, **scope).exists():
                    rule.entity, rule.unit_id = heir, find_unit_at(rule.unit_id, heir.pk) or rule.unit_id
                    moved += save_change(rule, actor=CLOCK, at=at) is not None
    return moved
