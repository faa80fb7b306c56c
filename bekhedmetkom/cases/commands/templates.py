"""A body writes the texts that its officers begin replies with."""

from datetime import datetime

from bekhedmetkom.catalogue.commands import MAX_TEMPLATE_LENGTH, add_template_version
from bekhedmetkom.catalogue.rules import Disposition, Kind
from bekhedmetkom.identity.rules import Permission
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.clock import get_local_date
from bekhedmetkom.kernel.errors import NotAllowed

from ..rules.access import may_at
from .wording import worded


def write_template(
    *, entity: int, kind: Kind, disposition: Disposition, name: str, body_ar: str, actor: Actor, at: datetime,
    body_en: str = "", closed: bool = False,
) -> int:  # fmt: skip
    """The next version of one of the body's texts; returns its key. A closed one is offered no longer."""
    if not may_at(actor, Permission.ARRANGE, entity):
        raise NotAllowed
    row = add_template_version(
        entity=entity,
        kind=kind,
        disposition=disposition,
        name=worded("name_ar", name, limit=200),
        body_ar=worded("body_ar", body_ar, limit=MAX_TEMPLATE_LENGTH),
        body_en=worded("body_en", body_en, limit=MAX_TEMPLATE_LENGTH, required=False),
        closed_on=get_local_date(at) if closed else None,
        actor=actor,
        at=at,
    )
    return int(row.pk)
