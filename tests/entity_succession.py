"""What tests of bodies that change have in common: closing one, renaming one, the next day."""

from datetime import date
from typing import Any

from bekhedmetkom.cases.models import Case, Event
from bekhedmetkom.entities import succession
from bekhedmetkom.entities.table_cache import refresh_versions
from bekhedmetkom.identity.models import Officer
from bekhedmetkom.identity.queries import get_actor
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.clock import get_local_date
from tests.personas import DAY, NOON, Jordan

TODAY, TOMORROW = get_local_date(NOON), get_local_date(NOON + DAY)
NEXT_DAY = NOON + DAY
REPLY = (
    "كشفنا على الشارع يوم الأحد وأصلح قسم صيانة الشوارع الحفرة يوم الاثنين 23 تشرين الثاني."
    " إن لم يُحل الأمر فلك أن تعترض من صفحة طلبك."
)


def close_entity(jordan: Jordan, code: str, into: str, on: date = TOMORROW, **given: Any) -> None:
    facts: dict[str, Any] = {"decision": "قرار مجلس الوزراء 12", "actor": jordan.administrator, "at": NOON}
    succession.close_entity(
        entity=jordan.entities[code], successor=jordan.entities[into], on=on, **facts | given
    )


def rename_entity(jordan: Jordan, code: str, name: str, on: date = TODAY, **given: Any) -> None:
    facts: dict[str, Any] = {
        "decision": "قرار 7",
        "actor": jordan.administrator,
        "at": NOON,
        "name_en": "New name",
    }
    succession.rename_entity(entity=jordan.entities[code], name_ar=name, on=on, **facts | given)


def refresh_actor(who: Actor, at: Any = NEXT_DAY) -> Actor:
    """The officer with what their roles of that day grant."""
    refresh_versions()
    return get_actor(Officer.objects.get(pk=who.id), at)


def list_event_kinds(case: Case) -> list[str]:
    return list(Event.objects.filter(case=case).order_by("seq").values_list("kind", flat=True))
