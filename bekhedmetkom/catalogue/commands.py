"""What people are promised and what replies begin with: a change is a version. Topics: `entities.commands.change`."""

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
    """A new version cannot hold from before the one that it follows: cases were promised under that."""

    def __init__(self) -> None:
        words = BilingualText(
            "لا تسري قاعدة جديدة قبل سابقتها.", "A new version cannot hold before the last one does."
        )
        super().__init__(FieldError("valid_from", words))


def add_policy_version(
    *, code: str, kind: str, terms: PolicyTerms, names: BilingualText, basis: str, valid_from: datetime, actor: Actor,
    at: datetime, entity: int | None = None, service: int | None = None,
) -> Policy:  # fmt: skip
    """Add the next version of a policy for the country, a body or a topic. Open cases keep theirs."""
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
    """Add the next version of a text that replies begin with; the version that stands where nothing differs.

    No entity: every body's. Replies that were begun from an older version stay what they are.
    """
    _check_template(kind, disposition, name, body_ar, body_en)
    series = {"kind": str(kind), "disposition": str(disposition), "name_ar": name, "entity_id": entity}
    with transaction.atomic():
        last = ResponseTemplate.objects.select_for_update().filter(**series).order_by("version").last()
        said = {"body_ar": body_ar, "body_en": body_en, "closed_on": closed_on}
        if last and all(getattr(last, column) == value for column, value in said.items()):
            return last
        row = ResponseTemplate(**series, **said, version=last.version + 1 if last else 1)
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


MAX_TEMPLATE_LENGTH = 6000  # letters: with its blanks filled it fits into a reply
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
    """The newest version of a policy in one scope."""
    return Policy.objects.filter(code=code, entity=entity, service=service).order_by("version").last()


def apply_body_succession(at: datetime) -> int:
    """Topics go where the work of a closed body went, and keep their codes; so do those that it received for others.

    One that the successor has by that name already ends. Returns how many topics that moved.
    """
    moved = 0
    with transaction.atomic():
        for closed, heir, on in list_successions(get_local_date(at)):
            has = set(Service.objects.filter(entity=heir).values_list("name_ar", flat=True))
            for topic in Service.objects.filter(entity=closed, closed_on=None):
                if topic.name_ar in has:
                    topic.closed_on = on
                else:
                    topic.entity = heir
                moved += save_change(topic, actor=CLOCK, at=at) is not None
            for topic in Service.objects.filter(receiver=closed):
                topic.receiver = heir
                moved += save_change(topic, actor=CLOCK, at=at) is not None
    return moved
