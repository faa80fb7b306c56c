"""Two hundred and some scripted talks (`talks.txt`): what is said, and where the talk then stands."""

import re
from pathlib import Path

import pytest

from bekhedmetkom.dialogue.rules.draft import Draft
from bekhedmetkom.dialogue.rules.machine import Talk, Turn, turn
from bekhedmetkom.dialogue.rules.talk import LONGEST_SAYING, LONGEST_TITLE, MOST_CHOICES, Heard
from bekhedmetkom.dialogue.rules.understanding import without_codes
from bekhedmetkom.kernel.words import Words
from tests.rules.dialogue.town import CODE, Town, photo

STICKER = Words("لا نفهم الملصقات.", "We do not understand stickers, ملصق.")
TALKS = {
    name.strip(): turns
    for line in (Path(__file__).parent / "talks.txt").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
    for name, _, *turns in [
        [part.strip() for part in line.partition(" | ")[:1]] + [""] + line.split(" | ")[1:]
    ]
}
_CHECK = re.compile(r"(\w+)([=~])(.+?)(?= \w+[=~]| person\b| gated\b|$)")
_TIMES = re.compile(r"(.*)\*(\d+)", re.DOTALL)


def heard(said: str) -> Heard:
    """What a line of the file stands for."""
    said = said.replace("\\n", "\n")
    match said.strip("[]").split() if said.startswith("[") else []:
        case ["choice", *payload]:
            return Heard(choice=" ".join(payload))
        case ["photo"]:
            return Heard(photos=(photo(),))
        case ["sticker"]:
            return Heard(refused=STICKER)
        case ["at", lat, lng]:
            return Heard(location=(lat, lng))
    if many := _TIMES.fullmatch(said):
        return Heard(text=(many[1] * int(many[2])).strip())
    return Heard(text=said)


@pytest.mark.parametrize("name", TALKS)
def test_talk(name: str) -> None:
    talk, town = Talk(), Town()
    for number, line in enumerate(TALKS[name], 1):
        said, _, expected = line.rpartition("=>")
        said, lapsed = said.strip(), said.strip().startswith("[two days]")
        done = turn(talk, heard(said.removeprefix("[two days]").strip()), town, lapsed=lapsed)
        talk = done.talk
        holds(expected.strip(), done, town, number, said)
        is_sendable(done)


def holds(expected: str, done: Turn, town: Town, number: int, said: str) -> None:
    step, _, rest = expected.partition(" ")
    draft, told = done.talk.draft, "\n".join(say.text for say in done.says)
    assert done.talk.step == step, (said, told)
    assert done.wants_person == bool(re.search(r"\bperson\b", _CHECK.sub("", rest))), (said, told)
    assert done.gated == ("gated" in rest or (step == "sealed")), said
    if done.gated:
        assert done.kept is None
        assert draft == Draft(kind=draft.kind), "nothing is left of it"
    for what, how, value in _CHECK.findall(rest):
        match what:
            case "says":
                assert value in told, said
            case "sent":
                assert len(town.sent) == int(value), said
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


def is_sendable(done: Turn) -> None:
    """What any door can say, in its bounds; and no code is kept as it was typed."""
    assert done.says
    for say in done.says:
        assert 0 < len(say.text) <= LONGEST_SAYING
        assert len(say.choices) <= MOST_CHOICES
        assert all(0 < len(choice.title) <= LONGEST_TITLE for choice in say.choices)
    assert CODE not in (done.kept or "")


def test_there_are_two_hundred() -> None:
    assert len(TALKS) >= 200


def test_what_was_pressed_is_shown_as_it_was_offered() -> None:
    talk, town = turn(Talk(), heard("في حفرة بالشارع عنا"), Town()).talk, Town()
    assert turn(talk, Heard(choice="to:1"), town).kept == "1. أمانة عمان – شوارع"
    assert turn(talk, Heard(choice="to:9"), town).kept == ""


def test_digits_stand_in_order_after_arabic() -> None:
    talk, town = Talk(), Town()
    for said in ("في حفرة بالشارع عنا", "انتو", "تخطي", "تخطي", "نعم"):
        done = turn(talk, heard(said), town)
        talk = done.talk
    assert "\u206672945-18340\u2069" in done.says[0].text


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("رمز المتابعة: \u206672945-18340\u2069 (احفظه)", "رمز المتابعة: \u2066••••••••••\u2069 (احفظه)"),
        ("07912-34567", "••••••••••"), ("رقمي 0791234567", "رقمي 0791234567"), ("079 123 4567", "079 123 4567"),
        ("BK-1234-5678 7294518340 لا يفتح", "BK-1234-5678 •••••••••• لا يفتح"), ("٧٢٩٤٥ ١٨٣٤٠", "••••••••••"),
        ("+962 79 123 4567", "+962 79 123 4567"), ("قطعة 7 حوض 12345678", "قطعة 7 حوض 12345678"),
    ],
)  # fmt: skip
def test_an_officer_reads_no_access_code(said: str, read: str) -> None:
    assert without_codes(said) == read


@pytest.mark.parametrize(
    "said", [f"<script>{CODE}</script>", "رمزي 72945-18340", f"my code is {CODE}", "٧٢٩٤٥١٨٣٤٠."]
)
def test_a_code_is_never_kept_whatever_was_asked_and_whatever_stands_around_it(said: str) -> None:
    kept = turn(Talk(), heard(said), Town()).kept or ""
    assert not any(map(str.isdigit, kept))


def test_a_phone_number_in_a_sentence_is_kept() -> None:
    assert "0791234567" in (turn(Talk(), heard("رقمي 0791234567 احكوا معي"), Town()).kept or "")


def test_a_draft_survives_being_kept() -> None:
    talk, town = Talk(), Town()
    for said in ("في حفرة بالشارع عنا", "1", "عمان", "[photo]"):
        talk = turn(talk, heard(said), town).talk
        kept = talk.draft.as_json()
        assert Draft.from_json(kept) == talk.draft
