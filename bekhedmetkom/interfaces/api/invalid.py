"""What is wrong with the fields of a request, in sentences for people, in both languages."""

from collections.abc import Iterable, Mapping
from typing import Any

from bekhedmetkom.kernel.errors import FieldError
from bekhedmetkom.kernel.words import Words

# By pydantic's name for what it found; the blanks are filled from the error's context.
_WORDS: Mapping[str, Words] = {
    "missing": Words("هذا الحقل مطلوب.", "This field is required."),
    "extra_forbidden": Words("لا حقل بهذا الاسم هنا.", "There is no field of this name here."),
    "string_type": Words("هنا نص.", "This is to be a text."),
    "string_unicode": Words("في النص رموز ليست من يونيكود.", "The text holds what is not Unicode."),
    "string_too_short": Words("أقصر من الحد: {min_length}.", "Too short: at least {min_length} characters."),
    "string_too_long": Words("أطول من الحد: {max_length}.", "Too long: at most {max_length} characters."),
    "string_pattern_mismatch": Words("رمز بأحرف لاتينية صغيرة.", "A code in small Latin letters."),
    "enum": Words("اختر واحدًا من: {expected}.", "Choose one of: {expected}."),
    "literal_error": Words("اختر واحدًا من: {expected}.", "Choose one of: {expected}."),
    "int_type": Words("هنا عدد صحيح.", "This is to be a whole number."),
    "int_parsing": Words("هنا عدد صحيح.", "This is to be a whole number."),
    "bool_type": Words("هنا true أو false.", "This is to be true or false."),
    "float_type": Words("هنا عدد.", "This is to be a number."),
    "float_parsing": Words("هنا عدد.", "This is to be a number."),
    "finite_number": Words("هنا عدد محدود.", "This is to be a finite number."),
    "greater_than_equal": Words("أصغر ما يُقبل: {ge}.", "The least is {ge}."),
    "less_than_equal": Words("أكبر ما يُقبل: {le}.", "The most is {le}."),
    "model_type": Words("هنا كائن JSON.", "This is to be a JSON object."),
    "model_attributes_type": Words("هنا كائن JSON.", "This is to be a JSON object."),
    "dict_type": Words("هنا كائن JSON.", "This is to be a JSON object."),
    "unknown_entity": Words("لا جهة بهذا الرمز.", "No body has this code."),
    "unknown_service": Words("لا موضوع بهذا الرمز.", "No topic has this code."),
    "unknown_governorate": Words("لا محافظة بهذا الرمز.", "No governorate has this code."),
    "unknown_unit": Words("لا وحدة بهذا الرمز في الجهة.", "No unit of the body has this code."),
    "not_a_reference": Words("ليس هذا رقم طلب.", "This is not a case's reference."),
    "not_a_day": Words("اكتب يومًا مثل 2026-12-31.", "Write a day such as 2026-12-31."),
    "not_a_moment": Words(
        "اكتب الموعد بصيغة RFC 3339 مع المنطقة الزمنية، أو التاريخ وحده.",
        "Write a time as in RFC 3339, with its zone, or a date alone.",
    ),
    "nothing_given": Words("اذكر واحدًا على الأقل من: {names}.", "Give at least one of: {names}."),
    "half_a_place": Words("أرسل lat و lng معًا.", "Send lat and lng together."),
    "one_number_only": Words(
        "أرسل الرقم الوطني أو رقم الجواز، لا كليهما.", "Send a national number or a passport, not both."
    ),
}
_OTHERWISE = Words("هذه القيمة غير مقبولة.", "This value is not accepted.")
_SOURCES = {"body", "query", "path", "header"}
_OUR_NAMES = {"payload", "wanted"}  # of the endpoints' own parameters: callers do not know them


def field_errors(errors: Iterable[Mapping[str, Any]]) -> list[FieldError]:
    """One sentence for each error of pydantic's. What was sent is not repeated."""
    return [FieldError(_field(error["loc"]), _said(error)) for error in errors]


def _field(place: Iterable[str | int]) -> str:
    """`applicant.phone`; `body` where it is the whole of it. Whatever callers call their fields can be answered."""
    steps = [str(step) for step in place if str(step) not in _OUR_NAMES]
    if steps and steps[0] in _SOURCES:
        steps = steps[1:]
    return (".".join(steps) or "body")[:100].encode("utf-8", "replace").decode()


def _said(error: Mapping[str, Any]) -> Words:
    return _WORDS.get(error["type"], _OTHERWISE).filled(**error.get("ctx", {}))
