"""What is wrong with the fields of a request, in sentences for people, in both languages."""

from collections.abc import Iterable, Mapping
from typing import Any

from bekhedmetkom.kernel.errors import FieldError
from bekhedmetkom.kernel.text import BilingualText

# By pydantic's name for what it found; the blanks are filled from the error's context.
_MESSAGES: Mapping[str, BilingualText] = {
    "missing": BilingualText("هذا الحقل مطلوب.", "This field is required."),
    "extra_forbidden": BilingualText("لا حقل بهذا الاسم هنا.", "There is no field of this name here."),
    "string_type": BilingualText("هنا نص.", "This is to be a text."),
    "string_unicode": BilingualText("في النص رموز ليست من يونيكود.", "The text holds what is not Unicode."),
    "string_too_short": BilingualText(
        "أقصر من الحد: {min_length}.", "Too short: at least {min_length} characters."
    ),
    "string_too_long": BilingualText(
        "أطول من الحد: {max_length}.", "Too long: at most {max_length} characters."
    ),
    "string_pattern_mismatch": BilingualText("رمز بأحرف لاتينية صغيرة.", "A code in small Latin letters."),
    "enum": BilingualText("اختر واحدًا من: {expected}.", "Choose one of: {expected}."),
    "literal_error": BilingualText("اختر واحدًا من: {expected}.", "Choose one of: {expected}."),
    "int_type": BilingualText("هنا عدد صحيح.", "This is to be a whole number."),
    "int_parsing": BilingualText("هنا عدد صحيح.", "This is to be a whole number."),
    "bool_type": BilingualText("هنا true أو false.", "This is to be true or false."),
    "float_type": BilingualText("هنا عدد.", "This is to be a number."),
    "float_parsing": BilingualText("هنا عدد.", "This is to be a number."),
    "finite_number": BilingualText("هنا عدد محدود.", "This is to be a finite number."),
    "greater_than_equal": BilingualText("أصغر ما يُقبل: {ge}.", "The least is {ge}."),
    "less_than_equal": BilingualText("أكبر ما يُقبل: {le}.", "The most is {le}."),
    "model_type": BilingualText("هنا كائن JSON.", "This is to be a JSON object."),
    "model_attributes_type": BilingualText("هنا كائن JSON.", "This is to be a JSON object."),
    "dict_type": BilingualText("هنا كائن JSON.", "This is to be a JSON object."),
    "unknown_entity": BilingualText("لا جهة بهذا الرمز.", "No body has this code."),
    "unknown_service": BilingualText("لا موضوع بهذا الرمز.", "No topic has this code."),
    "unknown_governorate": BilingualText("لا محافظة بهذا الرمز.", "No governorate has this code."),
    "unknown_unit": BilingualText("لا وحدة بهذا الرمز في الجهة.", "No unit of the body has this code."),
    "not_a_reference": BilingualText("ليس هذا رقم طلب.", "This is not a case's reference."),
    "not_a_day": BilingualText("اكتب يومًا مثل 2026-12-31.", "Write a day such as 2026-12-31."),
    "not_a_moment": BilingualText(
        "اكتب الموعد بصيغة RFC 3339 مع المنطقة الزمنية، أو التاريخ وحده.",
        "Write a time as in RFC 3339, with its zone, or a date alone.",
    ),
    "nothing_given": BilingualText("اذكر واحدًا على الأقل من: {names}.", "Give at least one of: {names}."),
    "half_a_place": BilingualText("أرسل lat و lng معًا.", "Send lat and lng together."),
    "one_number_only": BilingualText(
        "أرسل الرقم الوطني أو رقم الجواز، لا كليهما.", "Send a national number or a passport, not both."
    ),
}
_DEFAULT_MESSAGE = BilingualText("هذه القيمة غير مقبولة.", "This value is not accepted.")
_PARAMETER_SOURCES = {"body", "query", "path", "header"}
_ENDPOINT_PARAMETERS = {"payload", "wanted"}  # of the endpoints' own parameters: callers do not know them


def build_field_errors(errors: Iterable[Mapping[str, Any]]) -> list[FieldError]:
    """One sentence for each error of pydantic's. What was sent is not repeated."""
    return [FieldError(_format_field_path(error["loc"]), _format_message(error)) for error in errors]


def _format_field_path(place: Iterable[str | int]) -> str:
    """`applicant.phone`; `body` where it is the whole of it. Whatever callers call their fields can be answered."""
    steps = [str(step) for step in place if str(step) not in _ENDPOINT_PARAMETERS]
    if steps and steps[0] in _PARAMETER_SOURCES:
        steps = steps[1:]
    return (".".join(steps) or "body")[:100].encode("utf-8", "replace").decode()


def _format_message(error: Mapping[str, Any]) -> BilingualText:
    return _MESSAGES.get(error["type"], _DEFAULT_MESSAGE).format(**error.get("ctx", {}))
