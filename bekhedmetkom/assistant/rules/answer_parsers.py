"""Parsers of the steps' answers. Each returns a `ParsedAnswer`, or `None` if it does not understand the message."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from bekhedmetkom.kernel import digits
from bekhedmetkom.kernel.personal_details import parse_national_number, parse_passport, parse_person_name
from bekhedmetkom.kernel.phone_numbers import parse_phone
from bekhedmetkom.kernel.references import parse_access_code, parse_reference
from bekhedmetkom.kernel.text import BilingualText
from bekhedmetkom.language.kind_classifier import rank_kinds

from .draft import AUTO_ROUTE, DestinationOption, Draft
from .flow import ANY_ANSWER, EDIT_CHOICES
from .intents import KINDS, find_kind, has_words, is_case_description, is_same_title
from .messages import IncomingMessage
from .platform_protocol import PlatformProtocol
from .presentation import ROUTED_BY_PLATFORM

ASK_AGAIN = "again"  # the answer was understood, but the question stays open
MAX_TEXT_LENGTH, MAX_ADDRESS_LENGTH = 4000, 300
_JORDAN_BOUNDS = ((29.0, 33.6), (34.8, 39.4))  # latitude, longitude
_SHORT_ANSWERS = frozenset({"yes", "no", "skip", "done", "unsure", "us"})

TEXT_TOO_LONG = BilingualText(
    "النص أطول من 4,000 حرف. اختصره قليلًا.", "The text is longer than 4,000 characters. Shorten it a little."
)
_TEXT_ADDED = BilingualText("أضفناه إلى نصك.", "Added to your text.")
_OUTSIDE_JORDAN = BilingualText(
    "هذا الموقع خارج الأردن. اكتب المكان.", "This location is outside Jordan. Write the place."
)
_PLACE_TOO_LONG = BilingualText("اختصر المكان إلى 300 حرف.", "Shorten the place to 300 characters.")
_DID_YOU_MEAN = BilingualText("هل تقصد واحدة من هذه؟", "Do you mean one of these?")
_CHOOSE_ONE = BilingualText("أيّ واحدة منها؟", "Which of them?")
_NAME_THE_BODY = BilingualText(
    "اكتب اسم الجهة التي تريدها، أو اختر «وجّهوه أنتم».", "Write the body you mean, or choose “You choose”."
)
_WHAT_TO_CHANGE = BilingualText(
    "ماذا نغيّر؟ «النص» أو «الجهة» أو «المكان» أو «النوع».",
    "What shall we change: “text”, “body”, “place” or “kind”?",
)
_SEND_THE_PHOTO = BilingualText("أرسلها الآن.", "Send it now.")
_NAME_MISSING = BilingualText("بقي اسمك.", "Your name is still missing.")
_NUMBER_MISSING = BilingualText(
    "بقي رقمك الوطني أو رقم جوازك.", "Your national or passport number is still missing."
)


class ParsedAnswer(NamedTuple):
    """`answer` selects the next step; `secret` is an access code, which must not be stored."""

    answer: str
    draft: Draft
    messages: tuple[BilingualText, ...] = ()
    secret: str = ""


AnswerParser = Callable[[IncomingMessage, str, Draft, PlatformProtocol], ParsedAnswer | None]


def _parse_wish(
    message: IncomingMessage, intent: str, draft: Draft, _platform: PlatformProtocol
) -> ParsedAnswer | None:
    if kind := intent if intent in KINDS else find_kind(message.text):
        return ParsedAnswer("kind", draft.with_changes(kind=kind))
    if intent in ("track", "start"):
        return ParsedAnswer(intent, draft)
    if intent in _SHORT_ANSWERS:
        return ParsedAnswer(ASK_AGAIN, draft)
    return _accept_text("story", message.text, draft) if is_case_description(message.text) else None


def _parse_yes_or_no(
    message: IncomingMessage, intent: str, draft: Draft, _platform: PlatformProtocol
) -> ParsedAnswer | None:
    if intent in ("yes", "no"):
        return ParsedAnswer(intent, draft.with_changes(fear=intent))
    return _accept_text(ASK_AGAIN, message.text, draft) if is_case_description(message.text) else None


def _parse_story(
    message: IncomingMessage, intent: str, draft: Draft, _platform: PlatformProtocol
) -> ParsedAnswer | None:
    if intent in KINDS:
        return ParsedAnswer(ASK_AGAIN, draft.with_changes(kind=intent))
    if intent or not has_words(message.text):
        return None
    enough = " " in message.text.strip() or sum(map(str.isalpha, message.text)) >= 8
    return _accept_text(ANY_ANSWER, message.text, draft) if enough else None


def _accept_text(answer: str, text: str, draft: Draft) -> ParsedAnswer:
    """Take the text into the draft; guess the kind if it is not known."""
    if len(text) > MAX_TEXT_LENGTH:
        return ParsedAnswer(ASK_AGAIN, draft, (TEXT_TOO_LONG,))
    return ParsedAnswer(answer, draft.with_changes(text=text, kind=draft.kind or rank_kinds(text)[0][0]))


def _append_text(answer: str, text: str, draft: Draft) -> ParsedAnswer:
    """Append the text to the draft's text."""
    parsed = _accept_text(answer, f"{draft.text}\n{text}".strip(), draft)
    return parsed if parsed.messages else parsed._replace(messages=(_TEXT_ADDED,))


def _parse_destination(
    message: IncomingMessage, intent: str, draft: Draft, platform: PlatformProtocol
) -> ParsedAnswer | None:
    chosen = intent.removeprefix("to:") if intent.startswith("to:") else ""
    if chosen == AUTO_ROUTE or intent in ("us", "unsure", "skip"):
        return ParsedAnswer(
            ANY_ANSWER, draft.with_changes(to=DestinationOption(AUTO_ROUTE, ROUTED_BY_PLATFORM))
        )
    if chosen.isdecimal() and 0 < int(chosen) <= len(draft.options):
        return ParsedAnswer(ANY_ANSWER, draft.with_changes(to=draft.options[int(chosen) - 1]))
    if intent == "yes" and len(draft.options) == 1:
        return ParsedAnswer(ANY_ANSWER, draft.with_changes(to=draft.options[0]))
    if intent in ("yes", "no"):
        return ParsedAnswer(ASK_AGAIN, draft, (_CHOOSE_ONE if intent == "yes" else _NAME_THE_BODY,))
    if message.choice or intent or not has_words(message.text):
        return None
    return _parse_body_name(message.text, draft, platform)


def _parse_body_name(text: str, draft: Draft, platform: PlatformProtocol) -> ParsedAnswer | None:
    if matches := [
        option for option in draft.options if any(is_same_title(text, name) for name in option.title)
    ]:
        return ParsedAnswer(ANY_ANSWER, draft.with_changes(to=matches[0]))
    words = len(text.split())
    bodies = platform.search_bodies(text) if words <= 8 else []
    if len(bodies) == 1 or (bodies and any(is_same_title(text, name) for name in bodies[0].title)):
        return ParsedAnswer(ANY_ANSWER, draft.with_changes(to=bodies[0]))
    if not bodies and words <= 5:
        bodies = platform.suggest_destinations(text, draft)
    if bodies:
        return ParsedAnswer(ASK_AGAIN, draft.with_changes(options=tuple(bodies[:5])), (_DID_YOU_MEAN,))
    return (
        _append_text(ASK_AGAIN, text, draft.with_changes(options=())) if is_case_description(text) else None
    )


def _parse_identity(
    message: IncomingMessage, _intent: str, draft: Draft, _platform: PlatformProtocol
) -> ParsedAnswer | None:
    words = digits.to_western_digits(message.text[:200]).replace(",", " ").replace("،", " ").split()
    number = next((n for w in words if any(map(str.isdigit, w)) and (n := parse_national_number(w))), "")
    passport = (
        ""
        if number
        else next((p for w in words if any(map(str.isdigit, w)) and (p := parse_passport(w))), "")
    )
    letters = " ".join(w for w in words if not any(map(str.isdigit, w)))
    name = parse_person_name(letters) if has_words(letters) else None
    if not (number or passport or name):
        return None
    updated = draft.with_changes(
        name=name or draft.name,
        national_number=number or draft.national_number,
        passport=passport or draft.passport,
    )
    missing = (
        _NAME_MISSING
        if not updated.name
        else _NUMBER_MISSING
        if not (updated.national_number or updated.passport)
        else None
    )
    return ParsedAnswer(ASK_AGAIN, updated, (missing,)) if missing else ParsedAnswer(ANY_ANSWER, updated)


def _parse_place(
    message: IncomingMessage, intent: str, draft: Draft, platform: PlatformProtocol
) -> ParsedAnswer | None:
    if message.location:
        if (point := parse_point(message.location)) is None:
            return ParsedAnswer(ASK_AGAIN, draft, (_OUTSIDE_JORDAN,))
        return ParsedAnswer(ANY_ANSWER, draft.with_changes(lat=point[0], lng=point[1], placed=True))
    if intent in ("skip", "no", "unsure", "done"):
        return ParsedAnswer(ANY_ANSWER, draft.with_changes(placed=True))
    if intent or not has_words(message.text):
        return None
    if len(message.text) > MAX_ADDRESS_LENGTH:
        return ParsedAnswer(ASK_AGAIN, draft, (_PLACE_TOO_LONG,))
    where = platform.find_governorate(message.text) or draft.governorate
    return ParsedAnswer(ANY_ANSWER, draft.with_changes(address=message.text, governorate=where, placed=True))


def parse_point(location: tuple[str, str]) -> tuple[str, str] | None:
    """Return latitude and longitude with six decimals; `None` if they are malformed or outside Jordan."""
    try:
        at = [float(part) for part in location]
    except ValueError:
        return None
    if not all(low <= part <= high for part, (low, high) in zip(at, _JORDAN_BOUNDS, strict=True)):
        return None
    return f"{at[0]:.6f}", f"{at[1]:.6f}"


def _parse_governorate(
    message: IncomingMessage, intent: str, draft: Draft, platform: PlatformProtocol
) -> ParsedAnswer | None:
    known = {code for code, _ in platform.list_governorates()}
    code = (
        intent.removeprefix("gov:") if intent.startswith("gov:") else platform.find_governorate(message.text)
    )
    return ParsedAnswer(ANY_ANSWER, draft.with_changes(governorate=code)) if code in known else None


def _parse_photos(
    message: IncomingMessage, intent: str, draft: Draft, _platform: PlatformProtocol
) -> ParsedAnswer | None:
    if message.photos or intent in ("skip", "no", "done", "unsure"):
        return ParsedAnswer(ANY_ANSWER, draft.with_changes(pictured=True))
    if intent == "yes":
        return ParsedAnswer(ASK_AGAIN, draft, (_SEND_THE_PHOTO,))
    return _append_text(ASK_AGAIN, message.text, draft) if is_case_description(message.text) else None


def _parse_confirmation(
    message: IncomingMessage, intent: str, draft: Draft, _platform: PlatformProtocol
) -> ParsedAnswer | None:
    if intent == "yes" or intent in EDIT_CHOICES:
        return ParsedAnswer(intent, draft)
    if intent == "no":
        return ParsedAnswer(ASK_AGAIN, draft, (_WHAT_TO_CHANGE,))
    if intent in KINDS:
        return ParsedAnswer("changed", draft.with_changes(kind=intent, fear=""))
    if intent == "us":
        return ParsedAnswer(
            "changed", draft.with_changes(to=DestinationOption(AUTO_ROUTE, ROUTED_BY_PLATFORM))
        )
    if message.photos:
        return ParsedAnswer("changed", draft)
    if not intent and (phone := parse_phone(message.text)):
        return ParsedAnswer("changed", draft.with_changes(phone=phone))
    return (
        _append_text("changed", message.text, draft)
        if not intent and is_case_description(message.text)
        else None
    )


def _parse_kind(
    message: IncomingMessage, intent: str, draft: Draft, _platform: PlatformProtocol
) -> ParsedAnswer | None:
    kind = intent if intent in KINDS else find_kind(message.text)
    return ParsedAnswer(ANY_ANSWER, draft.with_changes(kind=kind, fear="")) if kind else None


def _parse_phone_answer(
    message: IncomingMessage, intent: str, draft: Draft, _platform: PlatformProtocol
) -> ParsedAnswer | None:
    if intent in ("skip", "no"):
        return ParsedAnswer(ANY_ANSWER, draft)
    phone = parse_phone(message.text)
    return ParsedAnswer(ANY_ANSWER, draft.with_changes(phone=phone)) if phone else None


def _parse_after_gate(
    message: IncomingMessage, intent: str, draft: Draft, platform: PlatformProtocol
) -> ParsedAnswer | None:
    if intent == "on":
        return ParsedAnswer("on", draft.with_changes(gate="declined", fear="no"))
    if intent in ("no", "done", "start"):
        return ParsedAnswer("start", Draft())
    return _parse_wish(message, intent, Draft(), platform)


def _parse_reference_answer(
    message: IncomingMessage, _intent: str, draft: Draft, _platform: PlatformProtocol
) -> ParsedAnswer | None:
    reference = parse_reference(message.text)  # a complete reference is recognised at any step
    return ParsedAnswer(ANY_ANSWER, draft.with_changes(reference=reference)) if reference else None


def _parse_code(
    message: IncomingMessage, _intent: str, draft: Draft, _platform: PlatformProtocol
) -> ParsedAnswer | None:
    code = parse_access_code(message.text)
    return ParsedAnswer(ANY_ANSWER, draft, secret=code) if code else None


PARSERS: Mapping[str, AnswerParser] = {
    "wish": _parse_wish,
    "yes_or_no": _parse_yes_or_no,
    "story": _parse_story,
    "destination": _parse_destination,
    "identity": _parse_identity,
    "place": _parse_place,
    "governorate": _parse_governorate,
    "photos": _parse_photos,
    "confirmation": _parse_confirmation,
    "kind": _parse_kind,
    "phone": _parse_phone_answer,
    "after_gate": _parse_after_gate,
    "reference": _parse_reference_answer,
    "code": _parse_code,
}
