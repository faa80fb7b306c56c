"""One turn of a talk: what was heard moves it along its table, and something is said. The same for every door."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import NamedTuple

from bekhedmetkom.catalogue.rules import Kind
from bekhedmetkom.kernel.formatting import SECOND, format_count, format_in_both_languages
from bekhedmetkom.kernel.references import parse_access_code
from bekhedmetkom.kernel.text import BilingualText
from bekhedmetkom.language.corruption import detect_corruption
from bekhedmetkom.language.danger import detect_danger
from bekhedmetkom.language.language_detection import detect_language

from . import phrases
from .answer_parsers import ASK_AGAIN, PARSERS, ParsedAnswer
from .draft import Draft
from .flow import ANY_ANSWER, CONDITIONS, EDIT_CHOICES, IDLE_STEPS, LOOK_UP, SEND, STEPS
from .intents import (
    HIDDEN_CODE,
    hide_access_codes,
    is_case_description,
    is_english,
    is_same_title,
    parse_case_query,
    parse_number,
    recognise_intent,
)
from .messages import IncomingMessage, OutgoingMessage
from .platform_protocol import PlatformProtocol, SubmittedCase
from .presentation import DYNAMIC_PRESENTERS, BilingualMessage, join_texts, present_step, truncate_text

MAX_PHOTOS = 10  # as many as a case takes
MAX_ANSWER_LENGTH = 440  # letters of a published answer that are said; beside a link Messenger takes no more
MAX_MISSES = 2  # in a row, and a person takes over
_MIN_CODE_DIGITS = 10  # digits


@dataclass(frozen=True, slots=True)
class DialogueState:
    """Where a talk stands."""

    step: str = "start"
    draft: Draft = field(default_factory=Draft)
    language: str = "ar"


class TurnResult(NamedTuple):
    """The talk afterwards and what is said. `kept`: the person's words as they may be kept; `None`: none of them.

    `wants_person`: it is handed over; `is_new`: what was said before has had its time; `gated`: and must be gone.
    """

    talk: DialogueState
    says: list[OutgoingMessage]
    kept: str | None
    wants_person: bool = False
    is_new: bool = False
    gated: bool = False


def process_turn(
    talk: DialogueState, heard: IncomingMessage, world: PlatformProtocol, *, lapsed: bool = False
) -> TurnResult:
    """What one message does. `lapsed`: so long after the one before that what was gathered is gone."""
    under_way = talk.draft.begun or talk.step not in IDLE_STEPS
    opening = (phrases.CONVERSATION_EXPIRED,) if lapsed and under_way else ()
    if lapsed:
        talk = replace(talk, step="start", draft=Draft())
    talk = replace(talk, language=_detect_language(talk, heard))
    if is_gated(talk, heard):
        return build_gated_turn(talk, world)
    talk_with, note = _add_photos(talk, heard)
    done = _process_message(talk_with, heard, world)
    before = [BilingualMessage(words).in_(done.talk.language) for words in (*opening, *note)]
    done = done._replace(says=[*before, *done.says])
    return done._replace(is_new=lapsed or (talk.step == "sent" and done.talk.step != "sent"))


def is_gated(talk: DialogueState, heard: IncomingMessage) -> bool:
    """Whether these words must not be kept. Whoever was shown the safer way and goes on has chosen."""
    if not heard.text or talk.draft.gate == "declined":
        return False
    if _classify_message(talk, heard):  # "not about corruption" reports none
        return False
    return detect_corruption(heard.text) is not None


def build_gated_turn(talk: DialogueState, world: PlatformProtocol) -> TurnResult:
    """The safer way, and nothing is left of what was gathered."""
    there = DialogueState("sealed", Draft(kind=talk.draft.kind), talk.language)
    return _ask_step(there, world, kept=None)._replace(gated=True)


def is_return_to_assistant(heard: IncomingMessage) -> bool:
    """Whether the person would rather talk with the platform again."""
    return _classify_message(DialogueState(), heard) in ("start", "cancel", "back")


def hand_over_to_officer(talk: DialogueState, kept: str | None, *says: BilingualText) -> TurnResult:
    """A person of the house goes on from here."""
    talk = replace(talk, draft=talk.draft.but(misses=0))
    words = [*says, phrases.HANDED_OVER]
    return TurnResult(talk, [BilingualMessage(w).in_(talk.language) for w in words], kept, wants_person=True)


def _process_message(talk: DialogueState, heard: IncomingMessage, world: PlatformProtocol) -> TurnResult:
    said = _classify_message(talk, heard)
    kept = _redact_message(talk, heard, world)
    if heard.refused:
        return _ask_step(talk, world, kept, heard.refused)
    asked = parse_case_query(heard.text)
    if asked and not (talk.step == "code" and talk.draft.reference == asked[0] and not asked[1]):
        reference, code = asked
        draft = talk.draft.but(reference=reference, resume=_get_resume_step(talk), misses=0)
        there = replace(talk, step="code", draft=draft)
        return _look_up_case(there, code, world, kept) if code else _ask_step(there, world, kept)
    if said == "done" and talk.step == "destination" and talk.draft.answered:
        said = "enough"
    if said in COMMON_HANDLERS:
        return COMMON_HANDLERS[said](talk, world, kept)
    step = STEPS[talk.step]
    read = PARSERS[step.reads](heard, said, talk.draft, world)
    if read is None and heard.photos:
        read = ParsedAnswer(ASK_AGAIN, talk.draft)
    if read is None:
        return _handle_misunderstanding(talk, world, kept)
    return _apply_answer(talk, read, world, kept)


def _apply_answer(
    talk: DialogueState, read: ParsedAnswer, world: PlatformProtocol, kept: str | None
) -> TurnResult:
    """On from an answer that was understood."""
    draft = read.draft.but(misses=0)
    says: tuple[BilingualText | BilingualMessage, ...] = read.says
    if draft.text != talk.draft.text and draft.text:
        published = () if draft.answered or read.answer == ASK_AGAIN else _find_published_answer(draft, world)
        says = (*says, *([phrases.DANGER_WARNING] if detect_danger(draft.text) else []), *published)
        draft = draft.but(answered=draft.answered or bool(published))
    if read.answer == ASK_AGAIN:
        return _ask_step(replace(talk, draft=draft), world, kept, *says)
    to = STEPS[talk.step].to
    target = to.get(read.answer) or to.get(ANY_ANSWER, "start")
    if target == SEND:
        return _submit_case(replace(talk, draft=draft), world, kept)
    if target == LOOK_UP:
        return _look_up_case(replace(talk, draft=draft), read.secret, world, kept)
    if target == "sealed":
        return build_gated_turn(replace(talk, draft=draft), world)
    if read.answer in EDIT_CHOICES:
        draft = _clear_edited_answer(draft, read.answer)
        return _ask_step(
            DialogueState(target, draft.but(trail=(*draft.trail, talk.step)), talk.language),
            world,
            kept,
        )
    step = _find_open_step(target, draft)
    if step != talk.step:
        draft = draft.but(trail=(*draft.trail, talk.step)[-20:])
    return _ask_step(DialogueState(step, draft, talk.language), world, kept, *says)


def _find_published_answer(draft: Draft, world: PlatformProtocol) -> tuple[BilingualMessage, ...]:
    """The nearest published answer, with where it comes from. A violation is no question."""
    found = [] if draft.kind == Kind.VIOLATION else world.answers(draft.text)
    return tuple(
        BilingualMessage(
            phrases.PUBLISHED_ANSWER.filled(
                answer=truncate_text(one.answer, MAX_ANSWER_LENGTH), source=one.source
            ),
            link=(one.page, phrases.READ_MORE_TITLE),
        )
        for one in found[:1]
    )


def _find_open_step(step: str, draft: Draft) -> str:
    """The first step from here whose question is open."""
    while not CONDITIONS[STEPS[step].when](draft):
        step = STEPS[step].to[ANY_ANSWER]
    return step


def _clear_edited_answer(draft: Draft, edit: str) -> Draft:
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


def _ask_step(
    talk: DialogueState, world: PlatformProtocol, kept: str | None, *says: BilingualText | BilingualMessage
) -> TurnResult:
    """These sentences, then the question of the step."""
    seen = present_step(talk.step, talk.draft, world)
    words = seen.words.filled(reference=talk.draft.reference) if talk.step == "code" else seen.words
    question = BilingualMessage(words, seen.offers, seen.link)
    said = [
        (one if isinstance(one, BilingualMessage) else BilingualMessage(one)).in_(talk.language)
        for one in says
    ]
    return TurnResult(replace(talk, draft=seen.draft), [*said, question.in_(talk.language)], kept)


def _handle_misunderstanding(talk: DialogueState, world: PlatformProtocol, kept: str | None) -> TurnResult:
    """Once: it is said again, with an example. Twice: a person reads on."""
    misses = talk.draft.misses + 1
    if misses >= MAX_MISSES:
        return hand_over_to_officer(talk, kept, phrases.NOT_UNDERSTOOD)
    talk = replace(talk, draft=talk.draft.but(misses=misses))
    return _ask_step(talk, world, kept, join_texts(phrases.NOT_UNDERSTOOD, STEPS[talk.step].hint, by=" "))


def _submit_case(talk: DialogueState, world: PlatformProtocol, kept: str | None) -> TurnResult:
    done = world.submit(talk.draft)
    if isinstance(done, SubmittedCase):
        page = world.page("case", done.reference)
        told = BilingualMessage(
            phrases.CASE_SENT.filled(
                reference=done.reference,
                code=f"{done.access_code[:5]}-{done.access_code[5:]}",
                body=done.body,
                due=done.due,
            ),
            link=(page, phrases.TRACK_TITLE),
            case=done.case,
        )
        after = _ask_step(DialogueState("sent", Draft(), talk.language), world, kept)
        return after._replace(says=[told.in_(talk.language), *after.says])
    if done.gated:
        return build_gated_turn(talk, world)
    return _ask_step(talk, world, kept, done.words)


def _look_up_case(talk: DialogueState, code: str, world: PlatformProtocol, kept: str | None) -> TurnResult:
    found = world.look_up(talk.draft.reference, code)
    if found is None:
        return _ask_step(replace(talk, step="code"), world, kept, phrases.WRONG_ACCESS_CODE)
    if isinstance(found, int):
        wait = format_in_both_languages(partial(format_count, after=True), found, SECOND)
        return _ask_step(replace(talk, step="code"), world, kept, phrases.WAIT_AND_RETRY.filled(wait=wait))
    told = BilingualMessage(found, link=(world.page("case", talk.draft.reference), phrases.TRACK_TITLE))
    after = _ask_step(_resume_step(talk), world, kept)
    return after._replace(says=[told.in_(talk.language), *after.says])


def _resume_step(talk: DialogueState) -> DialogueState:
    """Where the question about another case was asked."""
    draft = talk.draft.but(reference="", resume="", misses=0)
    return replace(talk, step=talk.draft.resume or "sent", draft=draft)


def _get_resume_step(talk: DialogueState) -> str:
    """Where a question about another case goes back to: to a case that was begun, else to nothing."""
    if talk.step in ("reference", "code"):
        return talk.draft.resume
    return talk.step if talk.draft.begun and talk.step not in IDLE_STEPS else ""


CommonHandler = Callable[[DialogueState, PlatformProtocol, str | None], TurnResult]


def _handle_cancel(talk: DialogueState, world: PlatformProtocol, kept: str | None) -> TurnResult:
    if talk.step in ("reference", "code") and talk.draft.resume:
        return _ask_step(_resume_step(talk), world, kept)
    return _ask_step(DialogueState(language=talk.language), world, kept, phrases.CANCELLED)


def _handle_back(talk: DialogueState, world: PlatformProtocol, kept: str | None) -> TurnResult:
    if talk.step in ("reference", "code"):
        return _ask_step(_resume_step(talk), world, kept)
    *trail, last = talk.draft.trail or ("start",)
    draft = _clear_answers_from(talk.draft, last).but(trail=tuple(trail), misses=0)
    return _ask_step(replace(talk, step=last, draft=draft), world, kept)


def _clear_answers_from(draft: Draft, step: str) -> Draft:
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


def _handle_enough(talk: DialogueState, world: PlatformProtocol, kept: str | None) -> TurnResult:
    """The answer that was shown will do; where none was, this is "done"."""
    if not talk.draft.answered:
        return _handle_misunderstanding(talk, world, kept)
    return _ask_step(DialogueState(language=talk.language), world, kept, phrases.ANSWER_ACCEPTED)


def _handle_track(talk: DialogueState, world: PlatformProtocol, kept: str | None) -> TurnResult:
    draft = talk.draft.but(resume=_get_resume_step(talk), reference="", misses=0)
    return _ask_step(replace(talk, step="reference", draft=draft), world, kept)


def _handle_forgotten_code(talk: DialogueState, world: PlatformProtocol, kept: str | None) -> TurnResult:
    told = BilingualMessage(phrases.CODE_RECOVERY, link=(world.page("forgotten"), phrases.NEW_CODE_TITLE))
    after = _ask_step(_resume_step(talk), world, kept)
    return after._replace(says=[told.in_(talk.language), *after.says])


def _handle_greeting(talk: DialogueState, world: PlatformProtocol, kept: str | None) -> TurnResult:
    return _ask_step(
        talk if talk.draft.begun or talk.draft.reference else DialogueState(language=talk.language),
        world,
        kept,
    )


def _handle_restart(talk: DialogueState, world: PlatformProtocol, kept: str | None) -> TurnResult:
    gone = (phrases.CANCELLED,) if talk.draft.begun else ()
    return _ask_step(DialogueState(language=talk.language), world, kept, *gone)


def _build_phrase_handler(words: BilingualText) -> CommonHandler:
    return lambda talk, world, kept: _ask_step(
        replace(talk, draft=talk.draft.but(misses=0)), world, kept, words
    )


def _build_language_handler(language: str) -> CommonHandler:
    return lambda talk, world, kept: _ask_step(replace(talk, language=language), world, kept)


# What is understood at any step, before the step itself is asked.
COMMON_HANDLERS: Mapping[str, CommonHandler] = {
    "cancel": _handle_cancel,
    "enough": _handle_enough,
    "back": _handle_back,
    "person": lambda talk, _world, kept: hand_over_to_officer(talk, kept),
    "start": _handle_restart,
    "hello": _handle_greeting,
    "help": _build_phrase_handler(phrases.HELP),
    "thanks": _build_phrase_handler(phrases.WELCOME),
    "track": _handle_track,
    "forgot": _handle_forgotten_code,
    "ar": _build_language_handler("ar"),
    "en": _build_language_handler("en"),
}


def _classify_message(talk: DialogueState, heard: IncomingMessage) -> str:
    """The one thing that a short answer says: a payload, a choice by its title or its number, or a known phrase."""
    if heard.choice:
        return heard.choice.removeprefix("kind:")[:40]
    offers = STEPS[talk.step].offers
    if title := next(
        (o.payload for o in offers if any(is_same_title(heard.text, name) for name in o.title)), ""
    ):
        return title
    place = parse_number(heard.text) or next(
        (n for n in (1, 2, 3) if recognise_intent(heard.text) == str(n)), None
    )
    if place and talk.step == "destination":
        return f"to:{place}" if place <= len(talk.draft.options) else "us"
    if place and place <= len(offers) and talk.step != "check":  # nothing is sent by a number
        return offers[place - 1].payload
    found = recognise_intent(heard.text)
    return "" if found.isdecimal() else found


def _add_photos(
    talk: DialogueState, heard: IncomingMessage
) -> tuple[DialogueState, tuple[BilingualText, ...]]:
    """Photos are taken at any step."""
    if not heard.photos:
        return talk, ()
    photos = tuple(dict.fromkeys((*talk.draft.photos, *map(str, heard.photos))))
    draft = talk.draft.but(photos=photos[:MAX_PHOTOS])
    return replace(talk, draft=draft), (
        phrases.TOO_MANY_FILES if len(photos) > MAX_PHOTOS else phrases.FILE_RECEIVED,
    )


def _redact_message(talk: DialogueState, heard: IncomingMessage, world: PlatformProtocol) -> str:
    """The person's words as the talk keeps them: never an access code."""
    if not heard.text:
        step = STEPS[talk.step]
        offers = (
            present_step(talk.step, talk.draft, world).offers
            if step.shows in DYNAMIC_PRESENTERS
            else step.offers
        )
        return next(
            (BilingualMessage(o.title).in_(talk.language).text for o in offers if o.payload == heard.choice),
            "",
        )
    alone = talk.step != "phone" and parse_access_code(heard.text) is not None  # whatever was asked just now
    tracking = alone or talk.step in ("reference", "code") or parse_case_query(heard.text)
    if tracking and sum(map(str.isdigit, heard.text)) >= _MIN_CODE_DIGITS:
        return HIDDEN_CODE
    return hide_access_codes(heard.text)


def _detect_language(talk: DialogueState, heard: IncomingMessage) -> str:
    """That in which somebody writes, once they write enough to tell; who only greets is believed at once."""
    now = talk.language
    if not talk.draft.begun and is_english(heard.text):
        return "en"
    if heard.choice or not is_case_description(heard.text):
        return now
    match detect_language(heard.text):
        case "en":
            return "en"
        case "ar" | "arabizi":
            return "ar"
        case _:
            return now
