"""The attributes of a service: what the catalogue asks about it, beyond what GeoReport asks about all."""

from dataclasses import dataclass
from typing import Any

from bekhedmetkom.catalogue.queries import Topic
from bekhedmetkom.entities.queries import get_governorates
from bekhedmetkom.kernel.text import BilingualText, Language


@dataclass(frozen=True, slots=True)
class ServiceAttribute:
    """One attribute. `values`: the keys of a list with their names."""

    code: str
    label: BilingualText
    hint: BilingualText
    required: bool = False
    values: tuple[tuple[str, BilingualText], ...] = ()


GOVERNORATE, NATIONAL_NUMBER, PASSPORT, PUBLIC = "GOVERNORATE", "NATIONAL_NUMBER", "PASSPORT", "PUBLIC"
YES, NO = "yes", "no"


def list_attributes(topic: Topic) -> list[ServiceAttribute]:
    """In the order in which they are asked."""
    asked = []
    if topic.about_place:
        values = tuple(
            (place.code, BilingualText(place.name_ar, place.name_en)) for place in get_governorates().values()
        )
        asked.append(
            ServiceAttribute(
                GOVERNORATE,
                BilingualText("المحافظة", "Governorate"),
                BilingualText("حيث المكان", "Where the place is"),
                values=values,
            )
        )
    if topic.needs_identity:
        asked += [
            ServiceAttribute(
                NATIONAL_NUMBER,
                BilingualText("الرقم الوطني أو الشخصي", "National or personal number"),
                _IDENTITY_HINT,
            ),
            ServiceAttribute(PASSPORT, BilingualText("رقم جواز السفر", "Passport number"), _IDENTITY_HINT),
        ]
    if topic.public:
        asked.append(
            ServiceAttribute(PUBLIC, _PUBLIC_QUESTION, _PUBLIC_HINT, values=((YES, _YES), (NO, _NO)))
        )
    return asked


_PUBLIC_QUESTION = BilingualText("هل توافق أن يظهر طلبك للناس؟", "May this be shown to everybody?")
_PUBLIC_HINT = BilingualText(
    "بعد أن تراجعه الجهة: نصه وحالته ومكانه التقريبي، دون اسمك ووسائل التواصل معك.",
    "Once the body has gone over it: what it says, how it stands and roughly where; never your name or contact.",
)
_YES, _NO = BilingualText("نعم", "Yes"), BilingualText("لا", "No")
_IDENTITY_HINT = BilingualText(
    "لا يُعالج هذا الموضوع دون هوية صاحبه: اسمه، ورقمه الوطني أو رقم جوازه.",
    "This service needs to know who asks: the name, and a national or passport number.",
)


def serialize_attribute(question: ServiceAttribute, order: int, language: Language) -> dict[str, Any]:
    """As `service_definition` says it."""
    return {
        "variable": True,
        "code": question.code,
        "datatype": "singlevaluelist" if question.values else "string",
        "required": question.required,
        "datatype_description": question.hint.in_language(language),
        "order": order,
        "description": question.label.in_language(language),
        "values": [{"key": key, "name": name.in_language(language)} for key, name in question.values],
    }
