"""How each step reads an answer: what was understood, and the draft with it; `None` where it was not understood."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from bekhedmetkom.kernel import digits
from bekhedmetkom.kernel.people import parse_national_number, parse_passport, parse_person_name
from bekhedmetkom.kernel.phones import parse_phone
from bekhedmetkom.kernel.references import parse_access_code, parse_reference
from bekhedmetkom.kernel.words import Words
from bekhedmetkom.language.kinds import guess_kind

from .draft import BY_US, Draft, Option
from .flow import ANY, EDITS
from .showing import FOUND_BY_US
from .talk import Heard
from .understanding import KINDS, is_story, kind_in, same, says_something
from .world import World

AGAIN = "again"  # stay, and ask once more: something was understood, but the question is still open
LONGEST_TEXT, LONGEST_ADDRESS = 4000, 300
_JORDAN = ((29.0, 33.6), (34.8, 39.4))  # latitude, longitude
_SHORT_ANSWERS = frozenset({"yes", "no", "skip", "done", "unsure", "us"})

TOO_LONG = Words(
    "النص أطول من 4,000 حرف. اختصره قليلًا.", "The text is longer than 4,000 characters. Shorten it a little."
)
_ADDED = Words("أضفناه إلى نصك.", "Added to your text.")
_NOT_HERE = Words("هذا الموقع خارج الأردن. اكتب المكان.", "This location is outside Jordan. Write the place.")
_LONG_PLACE = Words("اختصر المكان إلى 300 حرف.", "Shorten the place to 300 characters.")
_WHICH = Words("هل تقصد واحدة من هذه؟", "Do you mean one of these?")
_WHICH_ONE = Words("أيّ واحدة منها؟", "Which of them?")
_NONE_OF_THEM = Words(
    "اكتب اسم الجهة التي تريدها، أو اختر «وجّهوه أنتم».", "Write the body you mean, or choose “You choose”."
)
_WHAT = Words(
    "ماذا نغيّر؟ «النص» أو «الجهة» أو «المكان» أو «النوع».",
    "What shall we change: “text”, “body”, “place” or “kind”?",
)
_SEND_IT = Words("أرسلها الآن.", "Send it now.")
_NAME = Words("بقي اسمك.", "Your name is still missing.")
_NUMBER = Words("بقي رقمك الوطني أو رقم جوازك.", "Your national or passport number is still missing.")


class Read(NamedTuple):
    """`answer` leads on in the table; `secret`: what was typed must not be kept as it was."""

    answer: str
    draft: Draft
    says: tuple[Words, ...] = ()
    secret: str = ""


Reader = Callable[[Heard, str, Draft, World], Read | None]


def _wish(heard: Heard, said: str, draft: Draft, _world: World) -> Read | None:
    if kind := said if said in KINDS else kind_in(heard.text):
        return Read("kind", draft.but(kind=kind))
    if said in ("track", "start"):
        return Read(said, draft)
    if said in _SHORT_ANSWERS:
        return Read(AGAIN, draft)
    return _told("story", heard.text, draft) if is_story(heard.text) else None


def _yes_or_no(heard: Heard, said: str, draft: Draft, _world: World) -> Read | None:
    if said in ("yes", "no"):
        return Read(said, draft.but(fear=said))
    return _told(AGAIN, heard.text, draft) if is_story(heard.text) else None


def _story(heard: Heard, said: str, draft: Draft, _world: World) -> Read | None:
    if said in KINDS:
        return Read(AGAIN, draft.but(kind=said))
    if said or not says_something(heard.text):
        return None
    enough = " " in heard.text.strip() or sum(map(str.isalpha, heard.text)) >= 8
    return _told(ANY, heard.text, draft) if enough else None


def _told(answer: str, text: str, draft: Draft) -> Read:
    """The text taken, and its kind guessed where nobody has said it."""
    if len(text) > LONGEST_TEXT:
        return Read(AGAIN, draft, (TOO_LONG,))
    return Read(answer, draft.but(text=text, kind=draft.kind or guess_kind(text)[0][0]))


def _more(answer: str, text: str, draft: Draft) -> Read:
    """Something to add."""
    told = _told(answer, f"{draft.text}\n{text}".strip(), draft)
    return told if told.says else told._replace(says=(_ADDED,))


def _destination(heard: Heard, said: str, draft: Draft, world: World) -> Read | None:
    chosen = said.removeprefix("to:") if said.startswith("to:") else ""
    if chosen == BY_US or said in ("us", "unsure", "skip"):
        return Read(ANY, draft.but(to=Option(BY_US, FOUND_BY_US)))
    if chosen.isdecimal() and 0 < int(chosen) <= len(draft.options):
        return Read(ANY, draft.but(to=draft.options[int(chosen) - 1]))
    if said == "yes" and len(draft.options) == 1:
        return Read(ANY, draft.but(to=draft.options[0]))
    if said in ("yes", "no"):
        return Read(AGAIN, draft, (_WHICH_ONE if said == "yes" else _NONE_OF_THEM,))
    if heard.choice or said or not says_something(heard.text):
        return None
    return _body_named(heard.text, draft, world)


def _body_named(text: str, draft: Draft, world: World) -> Read | None:
    if shown := [option for option in draft.options if any(same(text, name) for name in option.title)]:
        return Read(ANY, draft.but(to=shown[0]))
    words = len(text.split())
    found = world.named(text) if words <= 8 else []
    if len(found) == 1 or (found and any(same(text, name) for name in found[0].title)):
        return Read(ANY, draft.but(to=found[0]))
    if not found and words <= 5:
        found = world.options(text, draft)
    if found:
        return Read(AGAIN, draft.but(options=tuple(found[:5])), (_WHICH,))
    return _more(AGAIN, text, draft.but(options=())) if is_story(text) else None


def _identity(heard: Heard, _said: str, draft: Draft, _world: World) -> Read | None:
    words = digits.western(heard.text[:200]).replace(",", " ").replace("،", " ").split()
    number = next((n for w in words if any(map(str.isdigit, w)) and (n := parse_national_number(w))), "")
    passport = (
        ""
        if number
        else next((p for w in words if any(map(str.isdigit, w)) and (p := parse_passport(w))), "")
    )
    letters = " ".join(w for w in words if not any(map(str.isdigit, w)))
    name = parse_person_name(letters) if says_something(letters) else None
    if not (number or passport or name):
        return None
    known = draft.but(
        name=name or draft.name,
        national_number=number or draft.national_number,
        passport=passport or draft.passport,
    )
    missing = _NAME if not known.name else _NUMBER if not (known.national_number or known.passport) else None
    return Read(AGAIN, known, (missing,)) if missing else Read(ANY, known)


def _place(heard: Heard, said: str, draft: Draft, world: World) -> Read | None:
    if heard.location:
        if (point := point_of(heard.location)) is None:
            return Read(AGAIN, draft, (_NOT_HERE,))
        return Read(ANY, draft.but(lat=point[0], lng=point[1], placed=True))
    if said in ("skip", "no", "unsure", "done"):
        return Read(ANY, draft.but(placed=True))
    if said or not says_something(heard.text):
        return None
    if len(heard.text) > LONGEST_ADDRESS:
        return Read(AGAIN, draft, (_LONG_PLACE,))
    where = world.governorate_in(heard.text) or draft.governorate
    return Read(ANY, draft.but(address=heard.text, governorate=where, placed=True))


def point_of(location: tuple[str, str]) -> tuple[str, str] | None:
    """A point in Jordan as a case keeps it."""
    try:
        at = [float(part) for part in location]
    except ValueError:
        return None
    if not all(low <= part <= high for part, (low, high) in zip(at, _JORDAN, strict=True)):
        return None
    return f"{at[0]:.6f}", f"{at[1]:.6f}"


def _governorate(heard: Heard, said: str, draft: Draft, world: World) -> Read | None:
    known = {code for code, _ in world.governorates()}
    code = said.removeprefix("gov:") if said.startswith("gov:") else world.governorate_in(heard.text)
    return Read(ANY, draft.but(governorate=code)) if code in known else None


def _photos(heard: Heard, said: str, draft: Draft, _world: World) -> Read | None:
    if heard.photos or said in ("skip", "no", "done", "unsure"):
        return Read(ANY, draft.but(pictured=True))
    if said == "yes":
        return Read(AGAIN, draft, (_SEND_IT,))
    return _more(AGAIN, heard.text, draft) if is_story(heard.text) else None


def _verdict(heard: Heard, said: str, draft: Draft, _world: World) -> Read | None:
    if said == "yes" or said in EDITS:
        return Read(said, draft)
    if said == "no":
        return Read(AGAIN, draft, (_WHAT,))
    if said in KINDS:
        return Read("changed", draft.but(kind=said, fear=""))
    if said == "us":
        return Read("changed", draft.but(to=Option(BY_US, FOUND_BY_US)))
    if heard.photos:
        return Read("changed", draft)
    if not said and (phone := parse_phone(heard.text)):
        return Read("changed", draft.but(phone=phone))
    return _more("changed", heard.text, draft) if not said and is_story(heard.text) else None


def _kind(heard: Heard, said: str, draft: Draft, _world: World) -> Read | None:
    kind = said if said in KINDS else kind_in(heard.text)
    return Read(ANY, draft.but(kind=kind, fear="")) if kind else None


def _phone(heard: Heard, said: str, draft: Draft, _world: World) -> Read | None:
    if said in ("skip", "no"):
        return Read(ANY, draft)
    phone = parse_phone(heard.text)
    return Read(ANY, draft.but(phone=phone)) if phone else None


def _after_the_gate(heard: Heard, said: str, draft: Draft, world: World) -> Read | None:
    if said == "on":
        return Read("on", draft.but(gate="declined", fear="no"))
    if said in ("no", "done", "start"):
        return Read("start", Draft())
    return _wish(heard, said, Draft(), world)


def _reference(heard: Heard, _said: str, draft: Draft, _world: World) -> Read | None:
    reference = parse_reference(heard.text)  # with its prefix it is understood at any step
    return Read(ANY, draft.but(reference=reference)) if reference else None


def _code(heard: Heard, _said: str, draft: Draft, _world: World) -> Read | None:
    code = parse_access_code(heard.text)
    return Read(ANY, draft, secret=code) if code else None


READERS: Mapping[str, Reader] = {
    "wish": _wish, "yes or no": _yes_or_no, "story": _story, "destination": _destination, "identity": _identity,
    "place": _place, "governorate": _governorate, "photos": _photos, "verdict": _verdict, "kind": _kind,
    "phone": _phone, "after the gate": _after_the_gate, "reference": _reference, "code": _code,
}  # fmt: skip
