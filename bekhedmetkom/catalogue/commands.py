"""How administrators change what people are promised. Topics and templates: `entities.commands.change`."""

from datetime import datetime

from django.db import transaction

from bekhedmetkom.entities.commands import change, written
from bekhedmetkom.entities.reforms import succeeded
from bekhedmetkom.entities.versions import ask_again
from bekhedmetkom.kernel.actor import CLOCK, Actor
from bekhedmetkom.kernel.clock import local_day
from bekhedmetkom.kernel.errors import FieldError, Invalid
from bekhedmetkom.kernel.words import Words

from .models import Policy, Service
from .rules import Terms


class NotBefore(Invalid):
    """A new version cannot hold from before the one that it follows: cases were promised under that."""

    def __init__(self) -> None:
        words = Words(
            "لا تسري قاعدة جديدة قبل سابقتها.", "A new version cannot hold before the last one does."
        )
        super().__init__(FieldError("valid_from", words))


def set_policy(
    *, code: str, kind: str, terms: Terms, names: Words, basis: str, valid_from: datetime, actor: Actor,
    at: datetime, entity: int | None = None, service: int | None = None,
) -> Policy:  # fmt: skip
    """Add the next version of a policy for the country, a body or a topic. Open cases keep theirs."""
    with transaction.atomic():
        last = latest(code, entity, service)
        if last and valid_from < last.valid_from:
            raise NotBefore
        policy = Policy.objects.create(
            code=code, version=last.version + 1 if last else 1, kind=kind,
            entity_id=entity, service_id=service, valid_from=valid_from, terms=terms.as_json(),
            basis=basis, name_ar=names.ar, name_en=names.en,
        )  # fmt: skip
        written(policy, None, actor=actor, at=at)
        ask_again()
        return policy


def latest(code: str, entity: int | None = None, service: int | None = None) -> Policy | None:
    """The newest version of a policy in one scope."""
    return Policy.objects.filter(code=code, entity=entity, service=service).order_by("version").last()


def follow_bodies(at: datetime) -> int:
    """Topics go where the work of a closed body went, and keep their codes; so do those that it received for others.

    One that the successor has by that name already ends. Returns how many topics that moved.
    """
    moved = 0
    with transaction.atomic():
        for closed, heir, on in succeeded(local_day(at)):
            has = set(Service.objects.filter(entity=heir).values_list("name_ar", flat=True))
            for topic in Service.objects.filter(entity=closed, closed_on=None):
                if topic.name_ar in has:
                    topic.closed_on = on
                else:
                    topic.entity = heir
                moved += change(topic, actor=CLOCK, at=at) is not None
            for topic in Service.objects.filter(receiver=closed):
                topic.receiver = heir
                moved += change(topic, actor=CLOCK, at=at) is not None
    return moved
