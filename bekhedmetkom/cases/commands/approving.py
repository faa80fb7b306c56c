"""A body says which of its replies are approved before they go out."""

from datetime import datetime

from django.db import IntegrityError, transaction

from bekhedmetkom.catalogue.queries import get_service as topic
from bekhedmetkom.catalogue.rules import Kind
from bekhedmetkom.entities.commands import save_change
from bekhedmetkom.identity.queries import list_colleagues
from bekhedmetkom.identity.rules import Permission
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.clock import get_local_date
from bekhedmetkom.kernel.errors import FieldError, InvalidInput, NotAllowed
from bekhedmetkom.kernel.text import BilingualText
from bekhedmetkom.routing.models import ApprovalRule

from ..rules.access import may_at
from ..rules.approval import NEW_FOR

_OTHER_TOPIC = BilingualText("هذا الموضوع ليس للجهة.", "This topic is not of that body.")
_NOT_HERE = BilingualText("لا يعمل هذا الموظف في الجهة.", "This officer does not work at that body.")
_DAYS = BilingualText("اختر 30 أو 60 أو 90 أو 180 يومًا.", "Choose 30, 60, 90 or 180 days.")
_THERE_ALREADY = BilingualText("هذه القاعدة موجودة.", "There is such a rule already.")


def add_approval_rule(
    *, entity: int, actor: Actor, at: datetime, kind: Kind | None = None, service: int | None = None,
    officer: int | None = None, new_for: int = 0,
) -> int:  # fmt: skip
    """From now on these replies of the body are approved before they go out; returns the rule's key."""
    _may(actor, entity)
    errors = []
    if service is not None and topic(service).entity != entity:
        errors.append(FieldError("service", _OTHER_TOPIC))
    if officer is not None and officer not in {who.id for who in list_colleagues(entity, at)}:
        errors.append(FieldError("officer", _NOT_HERE))
    if new_for and new_for not in NEW_FOR:
        errors.append(FieldError("new_for", _DAYS))
    if errors:
        raise InvalidInput(*errors)
    rule = ApprovalRule(
        entity_id=entity, kind=kind or "", service_id=service, officer_id=officer, new_for=new_for
    )
    try:
        with transaction.atomic():
            save_change(rule, actor=actor, at=at)
    except IntegrityError:
        raise InvalidInput(FieldError("", _THERE_ALREADY)) from None
    return int(rule.pk)


def end_approval_rule(*, rule: int, actor: Actor, at: datetime) -> None:
    """The rule holds no longer. What waits for approval still waits; ended again, nothing more happens."""
    with transaction.atomic():
        row = ApprovalRule.objects.select_for_update().filter(pk=rule).first()
        if row is None:
            raise NotAllowed
        _may(actor, row.entity_id)
        if row.ended_on is None:
            row.ended_on = get_local_date(at)
            save_change(row, actor=actor, at=at)


def _may(actor: Actor, entity: int) -> None:
    if not may_at(actor, Permission.ARRANGE, entity):
        raise NotAllowed
