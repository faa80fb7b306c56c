"""Versioned changes of deadline policies and reply templates. Topics use `entities.commands.save_change`."""

from datetime import date, datetime

from django.db import transaction

from bekhedmetkom.entities.commands import record_change, save_change
from bekhedmetkom.entities.succession import list_successions
from bekhedmetkom.entities.table_cache import refresh_versions
from bekhedmetkom.kernel.actor import CLOCK, Actor
from bekhedmetkom.kernel.clock import get_local_date
from bekhedmetkom.kernel.errors import FieldError, InvalidInput
from bekhedmetkom.kernel.text import BilingualText

from .models import Policy, ResponseTemplate, Service
from .rules import BLANK_PATTERN, DISPOSITIONS_BY_KIND, Disposition, Kind, PolicyTerms


class EarlierThanPrevious(InvalidInput):
    """A new version cannot start before the previous one."""

    def __init__(self) -> None:
        message = BilingualText(
            "لا تسري قاعدة جديدة قبل سابقتها.", "A new version cannot hold before the last one does."
        )
        super().__init__(FieldError("valid_from", message))


def add_policy_version(
    *, code: str, kind: str, terms: PolicyTerms, names: BilingualText, basis: str, valid_from: datetime, actor: Actor,
    at: datetime, entity: int | None = None, service: int | None = None,
) -> Policy:  # fmt: skip
    """Add a version of a policy for the country, a body or a topic. Open cases keep tsuccessor version."""
    with transaction.atomic():
        last = find_latest_policy(code, entity, service)
        if last and valid_from < last.valid_from:
            raise EarlierThanPrevious
        policy = Policy.objects.create(
            code=code, version=last.version + 1 if last else 1, kind=kind,
            entity_id=entity, service_id=service, valid_from=valid_from, terms=terms.as_json(),
            basis=basis, name_ar=names.ar, name_en=names.en,
        )  # fmt: skip
        record_change(policy, None, actor=actor, at=at)
        refresh_versions()
        return policy


def add_template_version(
    *, kind: Kind, disposition: Disposition, name: str, body_ar: str, body_en: str, actor: Actor, at: datetime,
    entity: int | None = None, closed_on: date | None = None,
) -> ResponseTemplate:  # fmt: skip
    """Add a version of a reply template; returns the current one when nothing differs. Raises `InvalidInput`.

    Without `entity` it is for all bodies. Replies drafted from an older version stay unchanged.
    """
    _check_template(kind, disposition, name, body_ar, body_en)
    series = {"kind": str(kind), "disposition": str(disposition), "name_ar": name, "entity_id": entity}
    with transaction.atomic():
        last = ResponseTemplate.objects.select_for_update().filter(**series).order_by("version").last()
        texts = {"body_ar": body_ar, "body_en": body_en, "closed_on": closed_on}
        if last and all(getattr(last, column) == value for column, value in texts.items()):
            return last
        row = ResponseTemplate(**series, **texts, version=last.version + 1 if last else 1)
        save_change(row, actor=actor, at=at)
        return row


def _check_template(kind: Kind, disposition: Disposition, name: str, body_ar: str, body_en: str) -> None:
    errors = []
    if disposition not in DISPOSITIONS_BY_KIND[kind]:
        errors.append(FieldError("disposition", _NOT_FOR_KIND))
    if not name or len(name) > 200:
        errors.append(FieldError("name_ar", _NAME_REQUIRED))
    if not body_ar:
        errors.append(FieldError("body_ar", _TEXT_REQUIRED))
    for field, body in (("body_ar", body_ar), ("body_en", body_en)):
        if len(body) > MAX_TEMPLATE_LENGTH:
            errors.append(FieldError(field, _TEXT_TOO_LONG))
        if "{" in (left := BLANK_PATTERN.sub("", body)) or "}" in left:
            errors.append(FieldError(field, _INVALID_BLANK))
    if errors:
        raise InvalidInput(*errors)


MAX_TEMPLATE_LENGTH = 6000  # characters: with filled placeholders it fits into a reply
_NOT_FOR_KIND = BilingualText(
    "هذه النتيجة لا تناسب نوع الطلب.", "This outcome does not fit the kind of case."
)
_NAME_REQUIRED = BilingualText("اكتب اسمًا، 200 حرف على الأكثر.", "Write a name, at most 200 characters.")
_TEXT_REQUIRED = BilingualText("اكتب النص بالعربية.", "Write the text in Arabic.")
_TEXT_TOO_LONG = BilingualText("النص أطول من 6,000 حرف.", "The text is longer than 6,000 characters.")
_INVALID_BLANK = BilingualText(
    "الفراغ بين قوسين في سطر واحد، 60 حرفًا على الأكثر، مثل {تاريخ الإصلاح}.",
    "A blank stands between two braces on one line, at most 60 characters, such as {date of the repair}.",
)


def find_latest_policy(code: str, entity: int | None = None, service: int | None = None) -> Policy | None:
    """Return the newest version of a policy in one scope, or `None`."""
    return Policy.objects.filter(code=code, entity=entity, service=service).order_by("version").last()


def apply_body_succession(at: datetime) -> int:
    """Move the topics of closed bodies, and topics that they receive, to the successor; codes stay the same.

    A topic that the successor already has by name is closed. Returns the number of changed topics.
    """
    moved = 0
    with transaction.atomic():
        for closed, successor, on in list_successions(get_local_date(at)):
            has = set(Service.objects.filter(entity=successor).values_list("name_ar", flat=True))
            for topic in Service.objects.filter(entity=closed, closed_on=None):
                if topic.name_ar in has:
                    topic.closed_on = on
                else:
                    topic.entity = successor
                moved += save_change(topic, actor=CLOCK, at=at) is not None
            for topic in Service.objects.filter(receiver=closed):
                topic.receiver = successor
                moved += save_change(topic, actor=CLOCK, at=at) is not None
    return moved
