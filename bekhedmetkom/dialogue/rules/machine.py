"""One turn of a talk: what was heard moves it along its table, and something is said. The same for every door."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import NamedTuple

from bekhedmetkom.catalogue.rules import Kind
from bekhedmetkom.kernel.dates import SECOND, in_both, say_count
from bekhedmetkom.kernel.references import parse_access_code
from bekhedmetkom.kernel.words import Words
from bekhedmetkom.language.danger import danger_to_life
from bekhedmetkom.language.detect import language_of
from bekhedmetkom.language.gate import speaks_of_corruption

from . import saying
from .draft import Draft
from .flow import ANY, AT_REST, CONDITIONS, EDITS, LOOK_UP, SEND, STEPS
from .readers import AGAIN, READERS, Read
from .showing import CHANGING, Saying, joined, short, shown
from .talk import Heard, Say
from .understanding import HIDDEN, case_in, is_english, is_story, meaning, number_in, same, without_codes
from .world import Sent, World

MOST_PHOTOS = 10  # as many as a case takes
LONGEST_ANSWER = 440  # letters of a published answer that are said; beside a link Messenger takes no more
MISSES = 2  # in a row, and a person takes over
_TYPED_CODE = 10  # digits


@dataclass(frozen=True, slots=True)
class Talk:
    """Where a talk stands."""

    step: str = "start"
    draft: Draft = field(default_factory=Draft)
    language: str = "ar"


class Turn(NamedTuple):
    """The talk afterwards and what is said. `kept`: the person's words as they may be kept; `None`: none of them.

    `wants_person`: it is handed over; `is_new`: what was said before has had its time; `gated`: and must be gone.
    """

    talk: Talk
    says: list[Say]
    kept: str | None
    wants_person: bool = False
    is_new: bool = False
    gated: bool = False


def turn(talk: Talk, heard: Heard, world: World, *, lapsed: bool = False) -> Turn:
    """What one message does. `lapsed`: so long after the one before that what was gathered is gone."""
    under_way = talk.draft.begun or talk.step not in AT_REST
    opening = (saying.LAPSED,) if lapsed and under_way else ()
    if lapsed:
        talk = replace(talk, step="start", draft=Draft())
    talk = replace(talk, language=_language(talk, heard))
    if is_gated(talk, heard):
        return gated(talk, world)
    talk_with, note = _with_photos(talk, heard)
    done = _done(talk_with, heard, world)
    before = [Saying(words).in_(done.talk.language) for words in (*opening, *note)]
    done = done._replace(says=[*before, *done.says])
    return done._replace(is_new=lapsed or (talk.step == "sent" and done.talk.step != "sent"))


def is_gated(talk: Talk, heard: Heard) -> bool:
    """Whether these words must not be kept. Whoever was shown the safer way and goes on has chosen."""
    if not heard.text or talk.draft.gate == "declined":
        return False
    if _said(talk, heard):  # "not about corruption" reports none
        return False
    return speaks_of_corruption(heard.text) is not None


def gated(talk: Talk, world: World) -> Turn:
    """The safer way, and nothing is left of what was gathered."""
    there = Talk("sealed", Draft(kind=talk.draft.kind), talk.language)
    return _asked(there, world, kept=None)._replace(gated=True)


def gives_back(heard: Heard) -> bool:
    """Whether the person would rather talk with the platform again."""
    return _said(Talk(), heard) in ("start", "cancel", "back")


def hand_over(talk: Talk, kept: str | None, *says: Words) -> Turn:
    """A person of the house goes on from here."""
    talk = replace(talk, draft=talk.draft.but(misses=0))
    words = [*says, saying.HANDED_OVER]
    return Turn(talk, [Saying(w).in_(talk.language) for w in words], kept, wants_person=True)


def _done(talk: Talk, heard: Heard, world: World) -> Turn:
    said = _said(talk, heard)
    kept = _keepable(talk, heard, world)
    if heard.refused:
        return _asked(talk, world, kept, heard.refused)
    asked = case_in(heard.text)
    if asked and not (talk.step == "code" and talk.draft.reference == asked[0] and not asked[1]):
        reference, code = asked
        draft = talk.draft.but(reference=reference, resume=_resumed(talk), misses=0)
        there = replace(talk, step="code", draft=draft)
        return _looked_up(there, code, world, kept) if code else _asked(there, world, kept)
    if said == "done" and talk.step == "destination" and talk.draft.answered:
        said = "enough"
    if said in COMMON:
        return COMMON[said](talk, world, kept)
    step = STEPS[talk.step]
    read = READERS[step.reads](heard, said, talk.draft, world)
    if read is None and heard.photos:
        read = Read(AGAIN, talk.draft)
    if read is None:
        return _missed(talk, world, kept)
    return _led(talk, read, world, kept)


def _led(talk: Talk, read: Read, world: World, kept: str | None) -> Turn:
    """On from an answer that was understood."""
    draft = read.draft.but(misses=0)
    says: tuple[Words | Saying, ...] = read.says
    if draft.text != talk.draft.text and draft.text:
        published = () if draft.answered or read.answer == AGAIN else _published(draft, world)
        says = (*says, *([saying.DANGER] if danger_to_life(draft.text) else []), *published)
        draft = draft.but(answered=draft.answered or bool(published))
    if read.answer == AGAIN:
        return _asked(replace(talk, draft=draft), world, kept, *says)
    to = STEPS[talk.step].to
    target = to.get(read.answer) or to.get(ANY, "start")
    if target == SEND:
        return _sent(replace(talk, draft=draft), world, kept)
    if target == LOOK_UP:
        return _looked_up(replace(talk, draft=draft), read.secret, world, kept)
    if target == "sealed":
        return gated(replace(talk, draft=draft), world)
    if read.answer in EDITS:
        draft = _emptied(draft, read.answer)
        return _asked(
            Talk(target, draft.but(trail=(*draft.trail, talk.step)), talk.language),
            world,
            kept,
        )
    step = _next(target, draft)
    if step != talk.step:
        draft = draft.but(trail=(*draft.trail, talk.step)[-20:])
    return _asked(Talk(step, draft, talk.language), world, kept, *says)


def _published(draft: Draft, world: World) -> tuple[Saying, ...]:
    """The nearest published answer, with where it comes from. A violation is no question."""
    found = [] if draft.kind == Kind.VIOLATION else world.answers(draft.text)
    return tuple(
        Saying(
            saying.ANSWERED.filled(answer=short(one.answer, LONGEST_ANSWER), source=one.source),
            link=(one.page, saying.READ_IT),
        )
        for one in found[:1]
    )


def _next(step: str, draft: Draft) -> str:
    """The first step from here whose question is open."""
    while not CONDITIONS[STEPS[step].when](draft):
        step = STEPS[step].to[ANY]
    return step


def _emptied(draft: Draft, edit: str) -> Draft:
    """What an edit asks for again."""
    match edit:
        case "edit-text":
            return draft.but(text="")
        case "edit-to":
            return draft.but(to=None, options=())
        case "edit-place":
            return draft.but(placed=False, address="", lat="", lng="", governorate="")
        case "edit-photos":
            return draft.but(pictured=False)
        case _:
            return draft


def _asked(talk: Talk, world: World, kept: str | None, *says: Words | Saying) -> Turn:
    """These sentences, then the question of the step."""
    seen = shown(talk.step, talk.draft, world)
    words = seen.words.filled(reference=talk.draft.reference) if talk.step == "code" else seen.words
    question = Saying(words, seen.offers, seen.link)
    said = [(one if isinstance(one, Saying) else Saying(one)).in_(talk.language) for one in says]
    return Turn(replace(talk, draft=seen.draft), [*said, question.in_(talk.language)], kept)


def _missed(talk: Talk, world: World, kept: str | None) -> Turn:
    """Once: it is said again, with an example. Twice: a person reads on."""
    misses = talk.draft.misses + 1
    if misses >= MISSES:
        return hand_over(talk, kept, saying.NOT_UNDERSTOOD)
    talk = replace(talk, draft=talk.draft.but(misses=misses))
    return _asked(talk, world, kept, joined(saying.NOT_UNDERSTOOD, STEPS[talk.step].hint, by=" "))


def _sent(talk: Talk, world: World, kept: str | None) -> Turn:
    done = world.submit(talk.draft)
    if isinstance(done, Sent):
        page = world.page("case", done.reference)
        told = Saying(
            saying.SENT.filled(
                reference=done.reference,
                code=f"{done.access_code[:5]}-{done.access_code[5:]}",
                body=done.body,
                due=done.due,
            ),
            link=(page, saying.SEE_IT),
            case=done.case,
        )
        after = _asked(Talk("sent", Draft(), talk.language), world, kept)
        return after._replace(says=[told.in_(talk.language), *after.says])
    if done.gated:
        return gated(talk, world)
    return _asked(talk, world, kept, done.words)


def _looked_up(talk: Talk, code: str, world: World, kept: str | None) -> Turn:
    found = world.look_up(talk.draft.reference, code)
    if found is None:
        return _asked(replace(talk, step="code"), world, kept, saying.DOES_NOT_OPEN)
    if isinstance(found, int):
        wait = in_both(partial(say_count, after=True), found, SECOND)
        return _asked(replace(talk, step="code"), world, kept, saying.TOO_FAST.filled(wait=wait))
    told = Saying(found, link=(world.page("case", talk.draft.reference), saying.SEE_IT))
    after = _asked(_back_to_it(talk), world, kept)
    return after._replace(says=[told.in_(talk.language), *after.says])


def _back_to_it(talk: Talk) -> Talk:
    """Where the question about another case was asked."""
    draft = talk.draft.but(reference="", resume="", misses=0)
    return replace(talk, step=talk.draft.resume or "sent", draft=draft)


def _resumed(talk: Talk) -> str:
    """Where a question about another case goes back to: to a case that was begun, else to nothing."""
    if talk.step in ("reference", "code"):
        return talk.draft.resume
    return talk.step if talk.draft.begun and talk.step not in AT_REST else ""


Answerer = Callable[[Talk, World, str | None], Turn]


def _cancelled(talk: Talk, world: World, kept: str | None) -> Turn:
    if talk.step in ("reference", "code") and talk.draft.resume:
        return _asked(_back_to_it(talk), world, kept)
    return _asked(Talk(language=talk.language), world, kept, saying.CANCELLED)


def _went_back(talk: Talk, world: World, kept: str | None) -> Turn:
    if talk.step in ("reference", "code"):
        return _asked(_back_to_it(talk), world, kept)
    *trail, last = talk.draft.trail or ("start",)
    draft = _reopened(talk.draft, last).but(trail=tuple(trail), misses=0)
    return _asked(replace(talk, step=last, draft=draft), world, kept)


def _reopened(draft: Draft, step: str) -> Draft:
    """Without the answers of the step that is asked again, and of those after it that hang on it."""
    match step:
        case "start" | "sent" | "sealed":
            return Draft()
        case "fear":
            return draft.but(fear="")
        case "text":
            return draft.but(text="", options=(), to=None)
        case "destination":
            return draft.but(to=None)
        case "place":
            return draft.but(placed=False, address="", lat="", lng="", governorate="")
        case "photo":
            return draft.but(pictured=False, photos=())
        case _:
            return draft


def _had_enough(talk: Talk, world: World, kept: str | None) -> Turn:
    """The answer that was shown will do; where none was, this is "done"."""
    if not talk.draft.answered:
        return _missed(talk, world, kept)
    return _asked(Talk(language=talk.language), world, kept, saying.ENOUGH)


def _tracked(talk: Talk, world: World, kept: str | None) -> Turn:
    draft = talk.draft.but(resume=_resumed(talk), reference="", misses=0)
    return _asked(replace(talk, step="reference", draft=draft), world, kept)


def _forgot(talk: Talk, world: World, kept: str | None) -> Turn:
    told = Saying(saying.FORGOTTEN, link=(world.page("forgotten"), saying.NEW_CODE))
    after = _asked(_back_to_it(talk), world, kept)
    return after._replace(says=[told.in_(talk.language), *after.says])


def _greeted(talk: Talk, world: World, kept: str | None) -> Turn:
    return _asked(
        talk if talk.draft.begun or talk.draft.reference else Talk(language=talk.language), world, kept
    )


def _restarted(talk: Talk, world: World, kept: str | None) -> Turn:
    gone = (saying.CANCELLED,) if talk.draft.begun else ()
    return _asked(Talk(language=talk.language), world, kept, *gone)


def _says(words: Words) -> Answerer:
    return lambda talk, world, kept: _asked(replace(talk, draft=talk.draft.but(misses=0)), world, kept, words)


def _in(language: str) -> Answerer:
    return lambda talk, world, kept: _asked(replace(talk, language=language), world, kept)


# What is understood at any step, before the step itself is asked.
COMMON: Mapping[str, Answerer] = {
    "cancel": _cancelled,
    "enough": _had_enough,
    "back": _went_back,
    "person": lambda talk, _world, kept: hand_over(talk, kept),
    "start": _restarted,
    "hello": _greeted,
    "help": _says(saying.HELP),
    "thanks": _says(saying.WELCOME),
    "track": _tracked,
    "forgot": _forgot,
    "ar": _in("ar"),
    "en": _in("en"),
}


def _said(talk: Talk, heard: Heard) -> str:
    """The one thing that a short answer says: a payload, a choice by its title or its number, or a known phrase."""
    if heard.choice:
        return heard.choice.removeprefix("kind:")[:40]
    offers = STEPS[talk.step].offers
    if title := next((o.payload for o in offers if any(same(heard.text, name) for name in o.title)), ""):
        return title
    place = number_in(heard.text) or next((n for n in (1, 2, 3) if meaning(heard.text) == str(n)), None)
    if place and talk.step == "destination":
        return f"to:{place}" if place <= len(talk.draft.options) else "us"
    if place and place <= len(offers) and talk.step != "check":  # nothing is sent by a number
        return offers[place - 1].payload
    found = meaning(heard.text)
    return "" if found.isdecimal() else found


def _with_photos(talk: Talk, heard: Heard) -> tuple[Talk, tuple[Words, ...]]:
    """Photos are taken at any step."""
    if not heard.photos:
        return talk, ()
    photos = tuple(dict.fromkeys((*talk.draft.photos, *map(str, heard.photos))))
    draft = talk.draft.but(photos=photos[:MOST_PHOTOS])
    return replace(talk, draft=draft), (saying.TOO_MANY if len(photos) > MOST_PHOTOS else saying.HAVE_PHOTO,)


def _keepable(talk: Talk, heard: Heard, world: World) -> str:
    """The person's words as the talk keeps them: never an access code."""
    if not heard.text:
        step = STEPS[talk.step]
        offers = shown(talk.step, talk.draft, world).offers if step.shows in CHANGING else step.offers
        return next(
            (Saying(o.title).in_(talk.language).text for o in offers if o.payload == heard.choice), ""
        )
    alone = talk.step != "phone" and parse_access_code(heard.text) is not None  # whatever was asked just now
    tracking = alone or talk.step in ("reference", "code") or case_in(heard.text)
    if tracking and sum(map(str.isdigit, heard.text)) >= _TYPED_CODE:
        return HIDDEN
    return without_codes(heard.text)


def _language(talk: Talk, heard: Heard) -> str:
    """That in which somebody writes, once they write enough to tell; who only greets is believed at once."""
    now = talk.language
    if not talk.draft.begun and is_english(heard.text):
        return "en"
    if heard.choice or not is_story(heard.text):
        return now
    match language_of(heard.text):
        case "en":
            return "en"
        case "ar" | "arabizi":
            return "ar"
        case _:
            return now
