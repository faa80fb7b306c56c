"""The dialogue manager: one incoming message moves the conversation along its table of steps."""

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

MAX_PHOTOS = 10  # the limit of a case
MAX_ANSWER_LENGTH = 440  # characters of a published answer; Messenger allows no more beside a link
MAX_MISSES = 2  # in a row, before an officer takes over
_MIN_CODE_DIGITS = 10


@dataclass(frozen=True, slots=True)
class DialogueState:
    """Where a conversation stands: step, draft and language."""

    step: str = "start"
    draft: Draft = field(default_factory=Draft)
    language: str = "ar"


class TurnResult(NamedTuple):
    """The new state and the replies. `kept_text`: the person's words as they may be stored, or `None`.

    `wants_person`: hand over to an officer. `is_new_conversation`: erase earlier lines. `is_gated`: keep nothing.
    """

    state: DialogueState
    messages: list[OutgoingMessage]
    kept_text: str | None
    wants_person: bool = False
    is_new_conversation: bool = False
    is_gated: bool = False


def process_turn(
    state: DialogueState, message: IncomingMessage, platform: PlatformProtocol, *, is_expired: bool = False
) -> TurnResult:
    """Process one message and return the result. `is_expired`: the draft is too old and is dropped."""
    under_way = state.draft.is_started or state.step not in IDLE_STEPS
    opening = (phrases.CONVERSATION_EXPIRED,) if is_expired and under_way else ()
    if is_expired:
        state = replace(state, step="start", draft=Draft())
    state = replace(state, language=_detect_language(state, message))
    if is_gated(state, message):
        return build_gated_turn(state, platform)
    state_with_photos, note = _add_photos(state, message)
    done = _process_message(state_with_photos, message, platform)
    before = [BilingualMessage(words).in_language(done.state.language) for words in (*opening, *note)]
    done = done._replace(messages=[*before, *done.messages])
    return done._replace(
        is_new_conversation=is_expired or (state.step == "sent" and done.state.step != "sent")
    )


def is_gated(state: DialogueState, message: IncomingMessage) -> bool:
    """Return whether the text speaks of corruption and must not be kept.

    A person who was shown the confidential report and went on has declined it.
    """
    if not message.text or state.draft.gate == "declined":
        return False
    if _classify_message(state, message):  # a choice such as "not about corruption" reports nothing
        return False
    return detect_corruption(message.text) is not None


def build_gated_turn(state: DialogueState, platform: PlatformProtocol) -> TurnResult:
    """Return the turn that points to the confidential report and drops the draft."""
    there = DialogueState("sealed", Draft(kind=state.draft.kind), state.language)
    return _ask_step(there, platform, kept=None)._replace(is_gated=True)


def is_return_to_assistant(message: IncomingMessage) -> bool:
    """Return whether the person wants to leave the officer and go back to the assistant."""
    return _classify_message(DialogueState(), message) in ("start", "cancel", "back")


def hand_over_to_officer(state: DialogueState, kept: str | None, *messages: BilingualText) -> TurnResult:
    """Return a turn that hands the conversation over to an officer."""
    state = replace(state, draft=state.draft.with_changes(misses=0))
    texts = [*messages, phrases.HANDED_OVER]
    return TurnResult(
        state, [BilingualMessage(text).in_language(state.language) for text in texts], kept, wants_person=True
    )


def _process_message(
    state: DialogueState, message: IncomingMessage, platform: PlatformProtocol
) -> TurnResult:
    intent = _classify_message(state, message)
    kept = _redact_message(state, message, platform)
    if message.refusal:
        return _ask_step(state, platform, kept, message.refusal)
    query = parse_case_query(message.text)
    if query and not (state.step == "code" and state.draft.reference == query[0] and not query[1]):
        reference, code = query
        draft = state.draft.with_changes(reference=reference, resume=_get_resume_step(state), misses=0)
        there = replace(state, step="code", draft=draft)
        return _look_up_case(there, code, platform, kept) if code else _ask_step(there, platform, kept)
    if intent == "done" and state.step == "destination" and state.draft.answered:
        intent = "enough"
    if intent in COMMON_HANDLERS:
        return COMMON_HANDLERS[intent](state, platform, kept)
    step = STEPS[state.step]
    parsed = PARSERS[step.parser](message, intent, state.draft, platform)
    if parsed is None and message.photos:
        parsed = ParsedAnswer(ASK_AGAIN, state.draft)
    if parsed is None:
        return _handle_misunderstanding(state, platform, kept)
    return _apply_answer(state, parsed, platform, kept)


def _apply_answer(
    state: DialogueState, parsed: ParsedAnswer, platform: PlatformProtocol, kept: str | None
) -> TurnResult:
    """Move on from an answer that was understood."""
    draft = parsed.draft.with_changes(misses=0)
    messages: tuple[BilingualText | BilingualMessage, ...] = parsed.messages
    if draft.text != state.draft.text and draft.text:
        published = (
            () if draft.answered or parsed.answer == ASK_AGAIN else _find_published_answer(draft, platform)
        )
        messages = (*messages, *([phrases.DANGER_WARNING] if detect_danger(draft.text) else []), *published)
        draft = draft.with_changes(answered=draft.answered or bool(published))
    if parsed.answer == ASK_AGAIN:
        return _ask_step(replace(state, draft=draft), platform, kept, *messages)
    next_steps = STEPS[state.step].next_steps
    target = next_steps.get(parsed.answer) or next_steps.get(ANY_ANSWER, "start")
    if target == SEND:
        return _submit_case(replace(state, draft=draft), platform, kept)
    if target == LOOK_UP:
        return _look_up_case(replace(state, draft=draft), parsed.secret, platform, kept)
    if target == "sealed":
        return build_gated_turn(replace(state, draft=draft), platform)
    if parsed.answer in EDIT_CHOICES:
        draft = _clear_edited_answer(draft, parsed.answer)
        return _ask_step(
            DialogueState(target, draft.with_changes(trail=(*draft.trail, state.step)), state.language),
            platform,
            kept,
        )
    step = _find_open_step(target, draft)
    if step != state.step:
        draft = draft.with_changes(trail=(*draft.trail, state.step)[-20:])
    return _ask_step(DialogueState(step, draft, state.language), platform, kept, *messages)


def _find_published_answer(draft: Draft, platform: PlatformProtocol) -> tuple[BilingualMessage, ...]:
    """Return the nearest published answer with its source; none for a violation."""
    answers = [] if draft.kind == Kind.VIOLATION else platform.find_similar_answers(draft.text)
    return tuple(
        BilingualMessage(
            phrases.PUBLISHED_ANSWER.format(
                answer=truncate_text(found.answer, MAX_ANSWER_LENGTH), source=found.source
            ),
            link=(found.page, phrases.READ_MORE_TITLE),
        )
        for found in answers[:1]
    )


def _find_open_step(step: str, draft: Draft) -> str:
    """Return the first step from here whose condition holds."""
    while not CONDITIONS[STEPS[step].condition](draft):
        step = STEPS[step].next_steps[ANY_ANSWER]
    return step


def _clear_edited_answer(draft: Draft, edit: str) -> Draft:
    """Clear the fields that an edit asks for again."""
    match edit:
        case "edit-text":
            return draft.with_changes(text="")
        case "edit-to":
            return draft.with_changes(to=None, options=())
        case "edit-place":
            return draft.with_changes(placed=False, address="", lat="", lng="", governorate="")
        case "edit-photos":
            return draft.with_changes(pictured=False)
        case _:
            return draft


def _ask_step(
    state: DialogueState,
    platform: PlatformProtocol,
    kept: str | None,
    *messages: BilingualText | BilingualMessage,
) -> TurnResult:
    """Build a turn of these messages followed by the step's question."""
    presentation = present_step(state.step, state.draft, platform)
    words = (
        presentation.question.format(reference=state.draft.reference)
        if state.step == "code"
        else presentation.question
    )
    question = BilingualMessage(words, presentation.choices, presentation.link)
    replies = [
        (message if isinstance(message, BilingualMessage) else BilingualMessage(message)).in_language(
            state.language
        )
        for message in messages
    ]
    return TurnResult(
        replace(state, draft=presentation.draft), [*replies, question.in_language(state.language)], kept
    )


def _handle_misunderstanding(
    state: DialogueState, platform: PlatformProtocol, kept: str | None
) -> TurnResult:
    """Ask again with a hint; after `MAX_MISSES` in a row hand over to an officer."""
    misses = state.draft.misses + 1
    if misses >= MAX_MISSES:
        return hand_over_to_officer(state, kept, phrases.NOT_UNDERSTOOD)
    state = replace(state, draft=state.draft.with_changes(misses=misses))
    return _ask_step(
        state, platform, kept, join_texts(phrases.NOT_UNDERSTOOD, STEPS[state.step].hint, by=" ")
    )


def _submit_case(state: DialogueState, platform: PlatformProtocol, kept: str | None) -> TurnResult:
    result = platform.submit(state.draft)
    if isinstance(result, SubmittedCase):
        page = platform.get_page_url("case", result.reference)
        reply = BilingualMessage(
            phrases.CASE_SENT.format(
                reference=result.reference,
                code=f"{result.access_code[:5]}-{result.access_code[5:]}",
                body=result.body,
                due=result.due,
            ),
            link=(page, phrases.TRACK_TITLE),
            case_id=result.case_id,
        )
        turn = _ask_step(DialogueState("sent", Draft(), state.language), platform, kept)
        return turn._replace(messages=[reply.in_language(state.language), *turn.messages])
    if result.is_gated:
        return build_gated_turn(state, platform)
    return _ask_step(state, platform, kept, result.message)


def _look_up_case(
    state: DialogueState, code: str, platform: PlatformProtocol, kept: str | None
) -> TurnResult:
    result = platform.look_up_case(state.draft.reference, code)
    if result is None:
        return _ask_step(replace(state, step="code"), platform, kept, phrases.WRONG_ACCESS_CODE)
    if isinstance(result, int):
        wait = format_in_both_languages(partial(format_count, after=True), result, SECOND)
        return _ask_step(
            replace(state, step="code"), platform, kept, phrases.WAIT_AND_RETRY.format(wait=wait)
        )
    reply = BilingualMessage(
        result, link=(platform.get_page_url("case", state.draft.reference), phrases.TRACK_TITLE)
    )
    turn = _ask_step(_resume_step(state), platform, kept)
    return turn._replace(messages=[reply.in_language(state.language), *turn.messages])


def _resume_step(state: DialogueState) -> DialogueState:
    """Return the state that the question about another case interrupted."""
    draft = state.draft.with_changes(reference="", resume="", misses=0)
    return replace(state, step=state.draft.resume or "sent", draft=draft)


def _get_resume_step(state: DialogueState) -> str:
    """Return the step to resume after a question about another case; empty if no case was started."""
    if state.step in ("reference", "code"):
        return state.draft.resume
    return state.step if state.draft.is_started and state.step not in IDLE_STEPS else ""


CommonHandler = Callable[[DialogueState, PlatformProtocol, str | None], TurnResult]


def _handle_cancel(state: DialogueState, platform: PlatformProtocol, kept: str | None) -> TurnResult:
    if state.step in ("reference", "code") and state.draft.resume:
        return _ask_step(_resume_step(state), platform, kept)
    return _ask_step(DialogueState(language=state.language), platform, kept, phrases.CANCELLED)


def _handle_back(state: DialogueState, platform: PlatformProtocol, kept: str | None) -> TurnResult:
    if state.step in ("reference", "code"):
        return _ask_step(_resume_step(state), platform, kept)
    *trail, last = state.draft.trail or ("start",)
    draft = _clear_answers_from(state.draft, last).with_changes(trail=tuple(trail), misses=0)
    return _ask_step(replace(state, step=last, draft=draft), platform, kept)


def _clear_answers_from(draft: Draft, step: str) -> Draft:
    """Clear the answer of a step and the answers that depend on it."""
    match step:
        case "start" | "sent" | "sealed":
            return Draft()
        case "fear":
            return draft.with_changes(fear="")
        case "text":
            return draft.with_changes(text="", options=(), to=None)
        case "destination":
            return draft.with_changes(to=None)
        case "place":
            return draft.with_changes(placed=False, address="", lat="", lng="", governorate="")
        case "photo":
            return draft.with_changes(pictured=False, photos=())
        case _:
            return draft


def _handle_enough(state: DialogueState, platform: PlatformProtocol, kept: str | None) -> TurnResult:
    """End with the published answer; if none was shown, the message was not understood."""
    if not state.draft.answered:
        return _handle_misunderstanding(state, platform, kept)
    return _ask_step(DialogueState(language=state.language), platform, kept, phrases.ANSWER_ACCEPTED)


def _handle_track(state: DialogueState, platform: PlatformProtocol, kept: str | None) -> TurnResult:
    draft = state.draft.with_changes(resume=_get_resume_step(state), reference="", misses=0)
    return _ask_step(replace(state, step="reference", draft=draft), platform, kept)


def _handle_forgotten_code(state: DialogueState, platform: PlatformProtocol, kept: str | None) -> TurnResult:
    reply = BilingualMessage(
        phrases.CODE_RECOVERY, link=(platform.get_page_url("forgotten"), phrases.NEW_CODE_TITLE)
    )
    turn = _ask_step(_resume_step(state), platform, kept)
    return turn._replace(messages=[reply.in_language(state.language), *turn.messages])


def _handle_greeting(state: DialogueState, platform: PlatformProtocol, kept: str | None) -> TurnResult:
    return _ask_step(
        state if state.draft.is_started or state.draft.reference else DialogueState(language=state.language),
        platform,
        kept,
    )


def _handle_restart(state: DialogueState, platform: PlatformProtocol, kept: str | None) -> TurnResult:
    messages = (phrases.CANCELLED,) if state.draft.is_started else ()
    return _ask_step(DialogueState(language=state.language), platform, kept, *messages)


def _build_phrase_handler(words: BilingualText) -> CommonHandler:
    return lambda state, platform, kept: _ask_step(
        replace(state, draft=state.draft.with_changes(misses=0)), platform, kept, words
    )


def _build_language_handler(language: str) -> CommonHandler:
    return lambda state, platform, kept: _ask_step(replace(state, language=language), platform, kept)


# Intents that are handled at any step, before the step's own parser.
COMMON_HANDLERS: Mapping[str, CommonHandler] = {
    "cancel": _handle_cancel,
    "enough": _handle_enough,
    "back": _handle_back,
    "person": lambda state, _platform, kept: hand_over_to_officer(state, kept),
    "start": _handle_restart,
    "hello": _handle_greeting,
    "help": _build_phrase_handler(phrases.HELP),
    "thanks": _build_phrase_handler(phrases.WELCOME),
    "track": _handle_track,
    "forgot": _handle_forgotten_code,
    "ar": _build_language_handler("ar"),
    "en": _build_language_handler("en"),
}


def _classify_message(state: DialogueState, message: IncomingMessage) -> str:
    """Return the intent of a short message: a payload, a choice by title or number, or a known phrase."""
    if message.choice:
        return message.choice.removeprefix("kind:")[:40]
    choices = STEPS[state.step].choices
    if title := next(
        (
            choice.payload
            for choice in choices
            if any(is_same_title(message.text, name) for name in choice.title)
        ),
        "",
    ):
        return title
    number = parse_number(message.text) or next(
        (n for n in (1, 2, 3) if recognise_intent(message.text) == str(n)), None
    )
    if number and state.step == "destination":
        return f"to:{number}" if number <= len(state.draft.options) else "us"
    if number and number <= len(choices) and state.step != "check":  # a number never submits a case
        return choices[number - 1].payload
    intent = recognise_intent(message.text)
    return "" if intent.isdecimal() else intent


def _add_photos(
    state: DialogueState, message: IncomingMessage
) -> tuple[DialogueState, tuple[BilingualText, ...]]:
    """Add photos to the draft at any step; return the new state and a notice."""
    if not message.photos:
        return state, ()
    photos = tuple(dict.fromkeys((*state.draft.photos, *map(str, message.photos))))
    draft = state.draft.with_changes(photos=photos[:MAX_PHOTOS])
    return replace(state, draft=draft), (
        phrases.TOO_MANY_FILES if len(photos) > MAX_PHOTOS else phrases.FILE_RECEIVED,
    )


def _redact_message(state: DialogueState, message: IncomingMessage, platform: PlatformProtocol) -> str:
    """Return the person's words as they are stored, without access codes."""
    if not message.text:
        step = STEPS[state.step]
        choices = (
            present_step(state.step, state.draft, platform).choices
            if step.presenter in DYNAMIC_PRESENTERS
            else step.choices
        )
        return next(
            (
                BilingualMessage(choice.title).in_language(state.language).text
                for choice in choices
                if choice.payload == message.choice
            ),
            "",
        )
    alone = state.step != "phone" and parse_access_code(message.text) is not None  # at any step
    tracking = alone or state.step in ("reference", "code") or parse_case_query(message.text)
    if tracking and sum(map(str.isdigit, message.text)) >= _MIN_CODE_DIGITS:
        return HIDDEN_CODE
    return hide_access_codes(message.text)


def _detect_language(state: DialogueState, message: IncomingMessage) -> str:
    """Return the language of the reply: the person's, once enough is written to tell."""
    now = state.language
    if not state.draft.is_started and is_english(message.text):
        return "en"
    if message.choice or not is_case_description(message.text):
        return now
    match detect_language(message.text):
        case "en":
            return "en"
        case "ar" | "arabizi":
            return "ar"
        case _:
            return now
