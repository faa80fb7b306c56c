"""Scripted conversations (`conversations.txt`): replies and resulting state."""

import re
from pathlib import Path

import pytest

from bekhedmetkom.assistant.rules.dialogue_manager import DialogueState, TurnResult, process_turn
from bekhedmetkom.assistant.rules.draft import Draft
from bekhedmetkom.assistant.rules.intents import hide_access_codes
from bekhedmetkom.assistant.rules.messages import (
    MAX_CHOICES,
    MAX_MESSAGE_LENGTH,
    MAX_TITLE_LENGTH,
    IncomingMessage,
)
from bekhedmetkom.kernel.text import BilingualText
from tests.rules.assistant.fake_platform import CODE, FakePlatform, create_photo_id

STICKER = BilingualText("لا نفهم الملصقات.", "We do not understand stickers, ملصق.")
CONVERSATIONS = {
    name.strip(): turns
    for line in (Path(__file__).parent / "conversations.txt").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
    for name, _, *turns in [
        [part.strip() for part in line.partition(" | ")[:1]] + [""] + line.split(" | ")[1:]
    ]
}
_CHECK = re.compile(r"(\w+)([=~])(.+?)(?= \w+[=~]| person\b| gated\b|$)")
_TIMES = re.compile(r"(.*)\*(\d+)", re.DOTALL)


def parse_message(said: str) -> IncomingMessage:
    """Return the message that a line of the file stands for."""
    said = said.replace("\\n", "\n")
    match said.strip("[]").split() if said.startswith("[") else []:
        case ["choice", *payload]:
            return IncomingMessage(choice=" ".join(payload))
        case ["photo"]:
            return IncomingMessage(photos=(create_photo_id(),))
        case ["sticker"]:
            return IncomingMessage(refusal=STICKER)
        case ["at", lat, lng]:
            return IncomingMessage(location=(lat, lng))
    if many := _TIMES.fullmatch(said):
        return IncomingMessage(text=(many[1] * int(many[2])).strip())
    return IncomingMessage(text=said)


@pytest.mark.parametrize("name", CONVERSATIONS)
def test_scripted_conversation(name: str) -> None:
    state, platform = DialogueState(), FakePlatform()
    for number, line in enumerate(CONVERSATIONS[name], 1):
        said, _, expected = line.rpartition("=>")
        said, is_expired = said.strip(), said.strip().startswith("[two days]")
        done = process_turn(
            state, parse_message(said.removeprefix("[two days]").strip()), platform, is_expired=is_expired
        )
        state = done.state
        assert_expected(expected.strip(), done, platform, number, said)
        assert_sendable(done)


def assert_expected(expected: str, done: TurnResult, platform: FakePlatform, number: int, said: str) -> None:
    step, _, rest = expected.partition(" ")
    draft, told = done.state.draft, "\n".join(say.text for say in done.messages)
    assert done.state.step == step, (said, told)
    assert done.wants_person == bool(re.search(r"\bperson\b", _CHECK.sub("", rest))), (said, told)
    assert done.is_gated == ("gated" in rest or (step == "sealed")), said
    if done.is_gated:
        assert done.kept_text is None
        assert draft == Draft(kind=draft.kind), "nothing is left of it"
    for what, how, value in _CHECK.findall(rest):
        match what:
            case "says":
                assert value in told, said
            case "sent":
                assert len(platform.sent) == int(value), said
            case "turns":
                assert number == int(value)
            case "to":
                assert draft.to
                assert draft.to.to == value
            case "place":
                assert draft.governorate == value
            case _:
                found = getattr(draft, what)
                assert found == value if how == "=" else value in found, said


def assert_sendable(done: TurnResult) -> None:
    """Assert that the replies are within the limits and no access code is stored."""
    assert done.messages
    for say in done.messages:
        assert 0 < len(say.text) <= MAX_MESSAGE_LENGTH
        assert len(say.choices) <= MAX_CHOICES
        assert all(0 < len(choice.title) <= MAX_TITLE_LENGTH for choice in say.choices)
    assert CODE not in (done.kept_text or "")


def test_there_are_two_hundred_scripts() -> None:
    assert len(CONVERSATIONS) >= 200


def test_pressed_choice_is_stored_with_its_title() -> None:
    state, platform = (
        process_turn(DialogueState(), parse_message("في حفرة بالشارع عنا"), FakePlatform()).state,
        FakePlatform(),
    )
    assert process_turn(state, IncomingMessage(choice="to:1"), platform).kept_text == "1. أمانة عمان – شوارع"
    assert process_turn(state, IncomingMessage(choice="to:9"), platform).kept_text == ""


def test_digits_are_isolated_in_arabic_text() -> None:
    state, platform = DialogueState(), FakePlatform()
    for said in ("في حفرة بالشارع عنا", "انتو", "تخطي", "تخطي", "نعم"):
        done = process_turn(state, parse_message(said), platform)
        state = done.state
    assert "\u206672945-18340\u2069" in done.messages[0].text


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("رمز المتابعة: \u206672945-18340\u2069 (احفظه)", "رمز المتابعة: \u2066••••••••••\u2069 (احفظه)"),
        ("07912-34567", "••••••••••"), ("رقمي 0791234567", "رقمي 0791234567"), ("079 123 4567", "079 123 4567"),
        ("BK-1234-5678 7294518340 لا يفتح", "BK-1234-5678 •••••••••• لا يفتح"), ("٧٢٩٤٥ ١٨٣٤٠", "••••••••••"),
        ("+962 79 123 4567", "+962 79 123 4567"), ("قطعة 7 حوض 12345678", "قطعة 7 حوض 12345678"),
    ],
)  # fmt: skip
def test_access_codes_are_hidden(said: str, read: str) -> None:
    assert hide_access_codes(said) == read


@pytest.mark.parametrize(
    "said", [f"<script>{CODE}</script>", "رمزي 72945-18340", f"my code is {CODE}", "٧٢٩٤٥١٨٣٤٠."]
)
def test_access_code_is_never_stored(said: str) -> None:
    kept = process_turn(DialogueState(), parse_message(said), FakePlatform()).kept_text or ""
    assert not any(map(str.isdigit, kept))


def test_phone_number_in_a_sentence_is_stored() -> None:
    assert "0791234567" in (
        process_turn(DialogueState(), parse_message("رقمي 0791234567 احكوا معي"), FakePlatform()).kept_text
        or ""
    )


def test_draft_survives_serialisation() -> None:
    state, platform = DialogueState(), FakePlatform()
    for said in ("في حفرة بالشارع عنا", "1", "عمان", "[photo]"):
        state = process_turn(state, parse_message(said), platform).state
        kept = state.draft.as_json()
        assert Draft.from_json(kept) == state.draft
