"""How long a text is on a telephone, and where it is cut."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bekhedmetkom.notifications.rules.sms import (
    count_sms_parts,
    encode_gsm,
    is_gsm_text,
    shorten_text,
    split_sms,
)

TELEPHONES = st.text(st.sampled_from("aط€🙂 \n[é"), max_size=400)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("", 1),
        ("x" * 160, 1),
        ("x" * 161, 2),
        ("x" * 306, 2),
        ("x" * 307, 3),
        ("€" * 80, 1),  # an escape before each
        ("€" * 81, 2),
        ("ط" * 70, 1),
        ("ط" * 71, 2),
        ("ط" * 134, 2),
        ("ط" * 135, 3),
        ("x" * 100 + "ط", 2),  # one Arabic letter makes all of it Unicode
        ("🙂" * 35, 1),
        ("🙂" * 36, 2),
        ("🙂" * 67, 3),  # 134 places, but no letter is cut in half
    ],
)
def test_text_is_split_into_sms_parts(text: str, number: int) -> None:
    assert count_sms_parts(text) == number


@given(TELEPHONES)
def test_every_part_fits_and_no_text_is_lost(text: str) -> None:
    cut = split_sms(text)
    assert "".join(cut) == text
    room = 140 if len(cut) == 1 else 134  # octets, six of them for the header that says which part it is
    for part in cut:
        if is_gsm_text(text):
            assert len(encode_gsm(part)) * 7 <= (160 if len(cut) == 1 else 153) * 7
        else:
            assert len(part.encode("utf-16-be")) <= room


@pytest.mark.parametrize(
    ("text", "octets"),
    [("A@\n", b"A\x00\x0a"), ("€[", b"\x1be\x1b<"), ("Ωé¿", b"\x15\x05\x60"), ("§", b"\x5f")],
)
def test_gsm_03_38_alphabet_is_encoded(text: str, octets: bytes) -> None:
    assert encode_gsm(text) == octets


def test_character_outside_gsm_makes_it_unicode() -> None:
    assert not is_gsm_text("`")
    assert not is_gsm_text("\x1b")
    assert is_gsm_text("Price: 5€ [ok]")


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("أُصلحت الحفرة", "أُصلحت الحفرة"),
        ("أُصلحت الحفرة صباح اليوم وعُبّد الشارع", "أُصلحت الحفرة…"),
        ("x" * 30, "x" * 18 + "…"),
    ],
)
def test_long_text_is_shortened_after_a_word(text: str, short: str) -> None:
    assert shorten_text(text, 19) == short
