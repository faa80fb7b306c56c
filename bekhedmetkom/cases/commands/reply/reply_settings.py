"""A body says which of its replies are approved before they go out."""

from datetime import datetime

from django.db import IntegrityError, transaction

from bekhedmetkom.catalogue.commands import MAX_TEMPLATE_LENGTH, add_template_version
from bekhedmetkom.catalogue.queries import get_service as topic
from bekhedmetkom.catalogue.rules import Disposition, Kind
from bekhedmetkom.entities.commands import save_change
from bekhedmetkom.identity.queries import list_colleagues
from bekhedmetkom.identity.rules import Permission
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.clock import get_local_date
from bekhedmetkom.kernel.errors import FieldError, InvalidInput, NotAllowed
from bekhedmetkom.kernel.text import BilingualText
from bekhedmetkom.routing.models import ApprovalRule

from ...rules.access import has_entity_permission
from ...rules.approval import NEW_OFFICER_DAYS
from ..text_validation import validate_text

_TOPIC_OF_ANOTHER_BODY = BilingualText("هذا الموضوع ليس للجهة.", "This topic is not of that body.")
_NOT_A_COLLEAGUE = BilingualText("لا يعمل هذا الموظف في الجهة.", "This officer does not work at that body.")
_INVALID_DAYS = BilingualText("اختر 30 أو 60 أو 90 أو 180 يومًا.", "Choose 30, 60, 90 or 180 days.")
_RULE_EXISTS = BilingualText("هذه القاعدة موجودة.", "There is such a rule already.")


def add_approval_rule(
    *, entity: int, actor: Actor, at: datetime, kind: Kind | None = None, service: int | None = None,
    officer: int | None = None, new_for: int = 0,
) -> int:  # fmt: skip
    """From now on these replies of the body are approved before they go out; returns the rule's key."""
    _require_entity_permission(actor, entity)
    errors = []
    if service is not None and topic(service).entity != entity:
        errors.append(FieldError("service", _TOPIC_OF_ANOTHER_BODY))
    if officer is not None and officer not in {who.id for who in list_colleagues(entity, at)}:
        errors.append(FieldError("officer", _NOT_A_COLLEAGUE))
    if new_for and new_for not in NEW_OFFICER_DAYS:
        errors.append(FieldError("new_for", _INVALID_DAYS))
    if errors:
        raise InvalidInput(*errors)
    rule = ApprovalRule(
        entity_id=entity, kind=kind or "", service_id=service, officer_id=officer, new_for=new_for
    )
    try:
        with transaction.atomic():
            save_change(rule, actor=actor, at=at)
    except IntegrityError:
        raise InvalidInput(FieldError("", _RULE_EXISTS)) from None
    return int(rule.pk)


def end_approval_rule(*, rule: int, actor: Actor, at: datetime) -> None:
    """The rule holds no longer. What waits for approval still waits; ended again, nothing more happens."""
    with transaction.atomic():
        row = ApprovalRule.objects.select_for_update().filter(pk=rule).first()
        if row is None:
            raise NotAllowed
        _require_entity_permission(actor, row.entity_id)
        if row.ended_on is None:
            row.ended_on = get_local_date(at)
            save_change(row, actor=actor, at=at)


def _require_entity_permission(actor: Actor, entity: int) -> None:
    if not has_entity_permission(actor, Permission.ARRANGE, entity):
        raise NotAllowed


def save_template(
    *, entity: int, kind: Kind, disposition: Disposition, name: str, body_ar: str, actor: Actor, at: datetime,
    body_en: str = "", closed: bool = False,
) -> int:  # fmt: skip
    """The next version of one of the body's texts; returns its key. A closed one is offered no longer."""
    if not has_entity_permission(actor, Permission.ARRANGE, entity):
        raise NotAllowed
    row = add_template_version(
        entity=entity,
        kind=kind,
        disposition=disposition,
        name=validate_text("name_ar", name, limit=200),
        body_ar=validate_text("body_ar", body_ar, limit=MAX_TEMPLATE_LENGTH),
        body_en=validate_text("body_en", body_en, limit=MAX_TEMPLATE_LENGTH, required=False),
        closed_on=get_local_date(at) if closed else None,
        actor=actor,
        at=at,
    )
    return int(row.pk)
