"""How each step reads an answer: what was understood, and the draft with it; `None` where it was not understood."""

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

ASK_AGAIN = "again"  # stay, and ask once more: something was understood, but the question is still open
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
    """`answer` leads on in the table; `secret`: what was typed must not be kept as it was."""

    answer: str
    draft: Draft
    says: tuple[BilingualText, ...] = ()
    secret: str = ""


AnswerParser = Callable[[IncomingMessage, str, Draft, PlatformProtocol], ParsedAnswer | None]


def _parse_wish(
    heard: IncomingMessage, said: str, draft: Draft, _world: PlatformProtocol
) -> ParsedAnswer | None:
    if kind := said if said in KINDS else find_kind(heard.text):
        return ParsedAnswer("kind", draft.but(kind=kind))
    if said in ("track", "start"):
        return ParsedAnswer(said, draft)
    if said in _SHORT_ANSWERS:
        return ParsedAnswer(ASK_AGAIN, draft)
    return _accept_text("story", heard.text, draft) if is_case_description(heard.text) else None


def _parse_yes_or_no(
    heard: IncomingMessage, said: str, draft: Draft, _world: PlatformProtocol
) -> ParsedAnswer | None:
    if said in ("yes", "no"):
        return ParsedAnswer(said, draft.but(fear=said))
    return _accept_text(ASK_AGAIN, heard.text, draft) if is_case_description(heard.text) else None


def _parse_story(
    heard: IncomingMessage, said: str, draft: Draft, _world: PlatformProtocol
) -> ParsedAnswer | None:
    if said in KINDS:
        return ParsedAnswer(ASK_AGAIN, draft.but(kind=said))
    if said or not has_words(heard.text):
        return None
    enough = " " in heard.text.strip() or sum(map(str.isalpha, heard.text)) >= 8
    return _accept_text(ANY_ANSWER, heard.text, draft) if enough else None


def _accept_text(answer: str, text: str, draft: Draft) -> ParsedAnswer:
    """The text taken, and its kind guessed where nobody has said it."""
    if len(text) > MAX_TEXT_LENGTH:
        return ParsedAnswer(ASK_AGAIN, draft, (TEXT_TOO_LONG,))
    return ParsedAnswer(answer, draft.but(text=text, kind=draft.kind or rank_kinds(text)[0][0]))


def _append_text(answer: str, text: str, draft: Draft) -> ParsedAnswer:
    """Something to add."""
    told = _accept_text(answer, f"{draft.text}\n{text}".strip(), draft)
    return told if told.says else told._replace(says=(_TEXT_ADDED,))


def _parse_destination(
    heard: IncomingMessage, said: str, draft: Draft, world: PlatformProtocol
) -> ParsedAnswer | None:
    chosen = said.removeprefix("to:") if said.startswith("to:") else ""
    if chosen == AUTO_ROUTE or said in ("us", "unsure", "skip"):
        return ParsedAnswer(ANY_ANSWER, draft.but(to=DestinationOption(AUTO_ROUTE, ROUTED_BY_PLATFORM)))
    if chosen.isdecimal() and 0 < int(chosen) <= len(draft.options):
        return ParsedAnswer(ANY_ANSWER, draft.but(to=draft.options[int(chosen) - 1]))
    if said == "yes" and len(draft.options) == 1:
        return ParsedAnswer(ANY_ANSWER, draft.but(to=draft.options[0]))
    if said in ("yes", "no"):
        return ParsedAnswer(ASK_AGAIN, draft, (_CHOOSE_ONE if said == "yes" else _NAME_THE_BODY,))
    if heard.choice or said or not has_words(heard.text):
        return None
    return _parse_body_name(heard.text, draft, world)


def _parse_body_name(text: str, draft: Draft, world: PlatformProtocol) -> ParsedAnswer | None:
    if shown := [
        option for option in draft.options if any(is_same_title(text, name) for name in option.title)
    ]:
        return ParsedAnswer(ANY_ANSWER, draft.but(to=shown[0]))
    words = len(text.split())
    found = world.named(text) if words <= 8 else []
    if len(found) == 1 or (found and any(is_same_title(text, name) for name in found[0].title)):
        return ParsedAnswer(ANY_ANSWER, draft.but(to=found[0]))
    if not found and words <= 5:
        found = world.options(text, draft)
    if found:
        return ParsedAnswer(ASK_AGAIN, draft.but(options=tuple(found[:5])), (_DID_YOU_MEAN,))
    return _append_text(ASK_AGAIN, text, draft.but(options=())) if is_case_description(text) else None


def _parse_identity(
    heard: IncomingMessage, _said: str, draft: Draft, _world: PlatformProtocol
) -> ParsedAnswer | None:
    words = digits.to_western_digits(heard.text[:200]).replace(",", " ").replace("،", " ").split()
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
    known = draft.but(
        name=name or draft.name,
        national_number=number or draft.national_number,
        passport=passport or draft.passport,
    )
    missing = (
        _NAME_MISSING
        if not known.name
        else _NUMBER_MISSING
        if not (known.national_number or known.passport)
        else None
    )
    return ParsedAnswer(ASK_AGAIN, known, (missing,)) if missing else ParsedAnswer(ANY_ANSWER, known)


def _parse_place(
    heard: IncomingMessage, said: str, draft: Draft, world: PlatformProtocol
) -> ParsedAnswer | None:
    if heard.location:
        if (point := parse_point(heard.location)) is None:
            return ParsedAnswer(ASK_AGAIN, draft, (_OUTSIDE_JORDAN,))
        return ParsedAnswer(ANY_ANSWER, draft.but(lat=point[0], lng=point[1], placed=True))
    if said in ("skip", "no", "unsure", "done"):
        return ParsedAnswer(ANY_ANSWER, draft.but(placed=True))
    if said or not has_words(heard.text):
        return None
    if len(heard.text) > MAX_ADDRESS_LENGTH:
        return ParsedAnswer(ASK_AGAIN, draft, (_PLACE_TOO_LONG,))
    where = world.governorate_in(heard.text) or draft.governorate
    return ParsedAnswer(ANY_ANSWER, draft.but(address=heard.text, governorate=where, placed=True))


def parse_point(location: tuple[str, str]) -> tuple[str, str] | None:
    """A point in Jordan as a case keeps it."""
    try:
        at = [float(part) for part in location]
    except ValueError:
        return None
    if not all(low <= part <= high for part, (low, high) in zip(at, _JORDAN_BOUNDS, strict=True)):
        return None
    return f"{at[0]:.6f}", f"{at[1]:.6f}"


def _parse_governorate(
    heard: IncomingMessage, said: str, draft: Draft, world: PlatformProtocol
) -> ParsedAnswer | None:
    known = {code for code, _ in world.governorates()}
    code = said.removeprefix("gov:") if said.startswith("gov:") else world.governorate_in(heard.text)
    return ParsedAnswer(ANY_ANSWER, draft.but(governorate=code)) if code in known else None


def _parse_photos(
    heard: IncomingMessage, said: str, draft: Draft, _world: PlatformProtocol
) -> ParsedAnswer | None:
    if heard.photos or said in ("skip", "no", "done", "unsure"):
        return ParsedAnswer(ANY_ANSWER, draft.but(pictured=True))
    if said == "yes":
        return ParsedAnswer(ASK_AGAIN, draft, (_SEND_THE_PHOTO,))
    return _append_text(ASK_AGAIN, heard.text, draft) if is_case_description(heard.text) else None


def _parse_confirmation(
    heard: IncomingMessage, said: str, draft: Draft, _world: PlatformProtocol
) -> ParsedAnswer | None:
    if said == "yes" or said in EDIT_CHOICES:
        return ParsedAnswer(said, draft)
    if said == "no":
        return ParsedAnswer(ASK_AGAIN, draft, (_WHAT_TO_CHANGE,))
    if said in KINDS:
        return ParsedAnswer("changed", draft.but(kind=said, fear=""))
    if said == "us":
        return ParsedAnswer("changed", draft.but(to=DestinationOption(AUTO_ROUTE, ROUTED_BY_PLATFORM)))
    if heard.photos:
        return ParsedAnswer("changed", draft)
    if not said and (phone := parse_phone(heard.text)):
        return ParsedAnswer("changed", draft.but(phone=phone))
    return (
        _append_text("changed", heard.text, draft) if not said and is_case_description(heard.text) else None
    )


def _parse_kind(
    heard: IncomingMessage, said: str, draft: Draft, _world: PlatformProtocol
) -> ParsedAnswer | None:
    kind = said if said in KINDS else find_kind(heard.text)
    return ParsedAnswer(ANY_ANSWER, draft.but(kind=kind, fear="")) if kind else None


def _parse_phone_answer(
    heard: IncomingMessage, said: str, draft: Draft, _world: PlatformProtocol
) -> ParsedAnswer | None:
    if said in ("skip", "no"):
        return ParsedAnswer(ANY_ANSWER, draft)
    phone = parse_phone(heard.text)
    return ParsedAnswer(ANY_ANSWER, draft.but(phone=phone)) if phone else None


def _parse_after_gate(
    heard: IncomingMessage, said: str, draft: Draft, world: PlatformProtocol
) -> ParsedAnswer | None:
    if said == "on":
        return ParsedAnswer("on", draft.but(gate="declined", fear="no"))
    if said in ("no", "done", "start"):
        return ParsedAnswer("start", Draft())
    return _parse_wish(heard, said, Draft(), world)


def _parse_reference_answer(
    heard: IncomingMessage, _said: str, draft: Draft, _world: PlatformProtocol
) -> ParsedAnswer | None:
    reference = parse_reference(heard.text)  # with its prefix it is understood at any step
    return ParsedAnswer(ANY_ANSWER, draft.but(reference=reference)) if reference else None


def _parse_code(
    heard: IncomingMessage, _said: str, draft: Draft, _world: PlatformProtocol
) -> ParsedAnswer | None:
    code = parse_access_code(heard.text)
    return ParsedAnswer(ANY_ANSWER, draft, secret=code) if code else None


PARSERS: Mapping[str, AnswerParser] = {
    "wish": _parse_wish,
    "yes or no": _parse_yes_or_no,
    "story": _parse_story,
    "destination": _parse_destination,
    "identity": _parse_identity,
    "place": _parse_place,
    "governorate": _parse_governorate,
    "photos": _parse_photos,
    "verdict": _parse_confirmation,
    "kind": _parse_kind,
    "phone": _parse_phone_answer,
    "after the gate": _parse_after_gate,
    "reference": _parse_reference_answer,
    "code": _parse_code,
}
