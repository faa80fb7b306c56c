"""The attributes of a service: what the catalogue asks about it, beyond what GeoReport asks about all."""

from dataclasses import dataclass
from typing import Any

from bekhedmetkom.catalogue.queries import Topic
from bekhedmetkom.entities.queries import places
from bekhedmetkom.kernel.words import Language, Words


@dataclass(frozen=True, slots=True)
class Question:
    """One attribute. `values`: the keys of a list with their names."""

    code: str
    asks: Words
    hint: Words
    required: bool = False
    values: tuple[tuple[str, Words], ...] = ()


GOVERNORATE, NATIONAL_NUMBER, PASSPORT, PUBLIC = "GOVERNORATE", "NATIONAL_NUMBER", "PASSPORT", "PUBLIC"
YES, NO = "yes", "no"


def questions_of(topic: Topic) -> list[Question]:
    """In the order in which they are asked."""
    asked = []
    if topic.about_place:
        values = tuple((place.code, Words(place.name_ar, place.name_en)) for place in places().values())
        asked.append(
            Question(
                GOVERNORATE,
                Words("المحافظة", "Governorate"),
                Words("حيث المكان", "Where the place is"),
                values=values,
            )
        )
    if topic.needs_identity:
        asked += [
            Question(
                NATIONAL_NUMBER, Words("الرقم الوطني أو الشخصي", "National or personal number"), _ONE_OF_TWO
            ),
            Question(PASSPORT, Words("رقم جواز السفر", "Passport number"), _ONE_OF_TWO),
        ]
    if topic.public:
        asked.append(Question(PUBLIC, _SHOWN, _HOW_SHOWN, values=((YES, _YES), (NO, _NO))))
    return asked


_SHOWN = Words("هل توافق أن يظهر طلبك للناس؟", "May this be shown to everybody?")
_HOW_SHOWN = Words(
    "بعد أن تراجعه الجهة: نصه وحالته ومكانه التقريبي، دون اسمك ووسائل التواصل معك.",
    "Once the body has gone over it: what it says, how it stands and roughly where; never your name or contact.",
)
_YES, _NO = Words("نعم", "Yes"), Words("لا", "No")
_ONE_OF_TWO = Words(
    "لا يُعالج هذا الموضوع دون هوية صاحبه: اسمه، ورقمه الوطني أو رقم جوازه.",
    "This service needs to know who asks: the name, and a national or passport number.",
)


def described(question: Question, order: int, language: Language) -> dict[str, Any]:
    """As `service_definition` says it."""
    return {
        "variable": True,
        "code": question.code,
        "datatype": "singlevaluelist" if question.values else "string",
        "required": question.required,
        "datatype_description": question.hint.in_(language),
        "order": order,
        "description": question.asks.in_(language),
        "values": [{"key": key, "name": name.in_(language)} for key, name in question.values],
    }
