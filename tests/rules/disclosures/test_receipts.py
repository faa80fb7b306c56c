"""Receipts: ten words give the same keys in every spelling; any other word gives other keys."""

import json
import random
import unicodedata
from pathlib import Path

import pyrage
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bekhedmetkom.disclosures.rules import receipts
from bekhedmetkom.disclosures.rules.bech32 import encode_bech32
from bekhedmetkom.disclosures.rules.receipts import (
    InvalidReceipt,
    derive_keys,
    encode_receipt,
    find_unknown_words,
    fold_words,
    generate_receipt,
    get_word_list,
    is_written_down,
)
from tests.mutations import check_with_mutations
from tools import receipt_words

VECTORS = json.loads(Path(__file__).parents[2].joinpath("box/vectors.json").read_text("utf-8"))
PLAIN = "زيتون نافذة قمح جسر رمان قافلة سراج غيمة أرنب مرساة"

TYPED = {
    "without hamzas": "زيتون نافذة قمح جسر رمان قافلة سراج غيمة ارنب مرساة",
    "another hamza": "زيتون نافذة قمح جسر رمان قافلة سراج غيمة إرنب مرساة",
    "ha for ta marbuta": "زيتون نافذه قمح جسر رمان قافله سراج غيمه أرنب مرساه",
    "diacritics": "زَيْتُونٌ نافِذَةٌ قَمْح جِسْر رُمّان قافِلة سِراج غَيْمَةٌ أَرْنَب مِرساةٌ",
    "tatweel": "زيتـــون نـافذة قمـح جسـر رمـان قافـلة سـراج غيـمة أرنـب مرسـاة",
    "blanks and lines": "  زيتون\u00a0نافذة   قمح\tجسر\nرمان\r\nقافلة سراج  غيمة أرنب مرساة \n",
    "numbered": "1 زيتون 2 نافذة 3 قمح 4 جسر 5 رمان 6 قافلة 7 سراج 8 غيمة 9 أرنب 10 مرساة",
    "in Arabic numbers": "١- زيتون ٢- نافذة ٣- قمح ٤- جسر، ٥- رمان ٦- قافلة ٧- سراج ٨- غيمة ٩- أرنب ١٠- مرساة.",
    "marks of direction": "\u202bزيتون نافذة قمح جسر رمان قافلة سراج غيمة أرنب مرساة\u202c\u200f",
    "Persian letters": "زیتون نافذۃ قمح جسر رمان قافلە سراج غیمە أرنب مرساة",
    "presentation forms": "ﺯﻳﺘﻮﻥ ﻧﺎﻓﺬﺓ ﻗﻤﺢ ﺟﺴﺮ ﺭﻣﺎﻥ ﻗﺎﻓﻠﺔ ﺳﺮﺍﺝ ﻏﻴﻤﺔ ﺃﺭﻧﺐ ﻣﺮﺳﺎﺓ",
    "the keyboard left in English": ".dj,k khtbm rlp [sv vlhk rhtgm svh[ ydlm hvkf lvshm".replace(
        "khtbm", "kht`m"
    ),
}


@pytest.mark.parametrize("typed", TYPED.values(), ids=TYPED)
def test_all_spellings_of_the_words_give_the_same_keys(typed: str) -> None:
    assert encode_receipt(typed) == encode_receipt(PLAIN)


def test_one_wrong_word_gives_other_keys() -> None:
    keys = derive_keys(PLAIN)
    for wrong in (
        PLAIN.replace("قمح", "قمر"),
        PLAIN.replace("جسر", "زهرة"),
        " ".join(reversed(PLAIN.split())),
    ):
        other = derive_keys(wrong)
        assert (other.lookup_id, other.reader_identity, other.voice) != (
            keys.lookup_id,
            keys.reader_identity,
            keys.voice,
        )
        assert other.lookup_id != keys.lookup_id


def test_each_spelling_rule_is_needed() -> None:
    def all_open() -> None:
        assert all(fold_words(typed) == fold_words(PLAIN) for typed in TYPED.values())

    check_with_mutations(
        all_open,
        {
            "hamzas count": lambda patch: patch.setattr(unicodedata, "normalize", lambda _, text: text),
            "ta marbuta counts": lambda patch: patch.setitem(receipts._LETTER_FOLDS, "ة", "ة"),
            "tatweel counts": lambda patch: patch.setitem(receipts._LETTER_FOLDS, "ـ", " "),
            "the keyboard counts": lambda patch: patch.setattr(receipts, "_KEYBOARD_LETTERS", {}),
        },
    )


@pytest.mark.parametrize(
    "typed", ["", "زيتون", PLAIN + " زهرة", PLAIN.rsplit(" ", 1)[0], "1 2 3 4 5 6 7 8 9 10"]
)
def test_receipt_has_exactly_ten_words(typed: str) -> None:
    with pytest.raises(InvalidReceipt):
        encode_receipt(typed)


@given(st.text())
def test_folding_is_idempotent(typed: str) -> None:
    once = fold_words(typed)
    assert fold_words(" ".join(once)) == once


@given(st.integers())
def test_careless_typing_gives_the_same_keys(seed: int) -> None:
    chance = random.Random(seed)
    words = [chance.choice(get_word_list()) for _ in range(receipts.WORD_COUNT)]
    typed = " ".join(words).translate(str.maketrans("أإآة", "اااه", "ء"))
    assert encode_receipt(typed) == encode_receipt(words)
    assert find_unknown_words(typed) == []


def test_unknown_words_are_reported_by_position() -> None:
    words = list(get_word_list()[:10])
    words[3] = "قسطنطينية"
    assert find_unknown_words(" ".join(words)) == [4]


def test_check_needs_the_third_and_seventh_word() -> None:
    words = PLAIN.split()
    assert is_written_down(words, "قمح", "سراج")
    assert is_written_down(words, " قَمح", "سـراج")
    assert not is_written_down(words, "سراج", "قمح")
    assert not is_written_down(words, "", "")


def test_receipts_are_random_over_the_whole_word_list() -> None:
    drawn = [generate_receipt() for _ in range(400)]
    assert len(set(drawn)) == len(drawn)
    assert (
        len({word for receipt in drawn for word in receipt}) > 1_500
    )  # of 2,048, by 4,000 draws: 1,758 ± 16


@pytest.mark.parametrize("vector", VECTORS["receipts"], ids=lambda v: v["typed"][:12])
def test_keys_match_the_vectors(vector: dict[str, str]) -> None:
    keys = derive_keys(vector["typed"])
    assert encode_receipt(vector["typed"]).decode() == vector["canonical"]
    assert (keys.lookup_id.hex(), keys.reader_identity, keys.voice.hex()) == (
        vector["lookup"],
        vector["reader"],
        vector["voice"],
    )
    assert keys.recipient == vector["recipient"]


@given(st.binary(min_size=32, max_size=32))
def test_bech32_matches_age_identities(secret: bytes) -> None:
    identity = encode_bech32("age-secret-key-", secret).upper()
    assert str(pyrage.x25519.Identity.from_str(identity)) == identity


def test_word_list_is_valid() -> None:
    assert receipt_words.list_faults(list(get_word_list())) == []


def test_word_list_is_the_scripts_output() -> None:
    words = receipt_words.select_words(receipt_words.list_candidates())
    assert tuple(words) == get_word_list()
    assert receipt_words.BROWSER_COPY_PATH.read_text("utf-8") == receipt_words.render_script(words)


def test_invalid_word_list_is_reported() -> None:
    good = list(get_word_list()[:300])
    assert receipt_words.list_faults(good) == ["300 words, not 2048"]
    for more in (good[1], good[1] + "ن", "عب", "رؤوف", "قسطنطينية"):
        assert len(receipt_words.list_faults([*good[1:], more])) > 1
