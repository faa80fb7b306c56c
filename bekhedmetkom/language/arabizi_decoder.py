"""Arabizi (Arabic in Latin letters) transliterated to Arabic script, so that one set of word lists serves both.

`to_arabic` is a beam-search decoder over a trie of known Arabic words: each Latin letter maps to Arabic letters at a
cost, and vowels may be omitted. Unknown words stay as typed. `build_skeleton` compares words by their consonants.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import TypeAlias

from .language_detection import detect_language
from .normalisation import fold_text, split_words

_Letters: TypeAlias = dict[str, list[tuple[str, int]]]


def _parse_letter_table(rows: str) -> _Letters:
    """Parse entries like `t=ت/ط4`: t maps to ت at no cost and to ط at a cost of 4."""
    table: _Letters = {}
    for row in rows.split():
        latin, _, choices = row.partition("=")
        for choice in choices.split("/"):
            arabic = choice.rstrip("0123456789")
            table.setdefault(latin, []).append((arabic, int(choice[len(arabic) :] or 0)))
    return table


_MIDDLE = _parse_letter_table(
    "b=ب p=ب t=ت/ط4 th=ث/ذ5/ظ5/ت5/ته4 j=ج h=ه/ح4/5 7=ح kh=خ 5=خ 7'=خ x=خ4/كس4 d=د/ض4/ذ6 dh=ذ/ض2/ظ2/ده5 r=ر "
    "z=ز/ذ3/ظ3 s=س/ص3/ث7 sh=ش/سه8 ch=ش/تش5/ك6 4=ش $=ش 9=ص/ق7 9'=ض 6=ط 6'=ظ/ض3 3=ع 3'=غ gh=غ f=ف v=ف q=ق 8=ق "
    "2=ا/ق1/ي5/و6/2/يا5 g=ق2/ج3/غ5/ك8 k=ك/ق5 c=ك/س4 l=ل m=م n=ن w=و y=ي '=ع5/0 zh=ج/ظ3 dj=ج "
    "a=1/ا2/ع8/ه6 aa=ا/ع5 e=1/ي5/ا6 ee=ي i=2/ي1/ا6 ii=ي o=2/و2/ا7 oo=و ou=و/2 u=2/و2/ا7 uu=و ai=ي1/اي1 "
    "ay=ي1/اي1 ei=ي ey=ي/اي3 aw=و1/او1 au=و2/او2 ow=و1 ea=ي3"
)
_BEGINNING = {
    **_MIDDLE,
    **_parse_letter_table("a=ا/ع6 e=ا/ع6 i=ا/ع6 o=ا/ع6 u=ا/ع6 ee=اي/ي3 oo=او ou=او aa=ا"),
}
_END = {**_MIDDLE, **_parse_letter_table("a=ه/ا1/ي4 ah=ه e=ه1/ي5/3 eh=ه i=ي ii=ي o=و/ه2/ا6 y=ي u=و")}
_OMITTED_LETTERS = (("ا", 8), ("و", 9), ("ي", 9), ("ع", 13))
_PREFIXES = {
    **dict.fromkeys(("el", "al", "il"), "ال"), **dict.fromkeys(("bel", "bil", "bal"), "بال"),
    **dict.fromkeys(("lal", "lel"), "لل"), **dict.fromkeys(("wel", "wal"), "وال"),
    **dict.fromkeys(("fel", "fil"), "فال"), **dict.fromkeys(("3al", "3el"), "عال"), "3a": "ع", "hal": "هال",
    "w": "و", "f": "ف", "b": "ب", "l": "ل", "m": "م", "be": "ب", "bi": "ب", "la": "ل", "le": "ل",
}  # fmt: skip
_SUFFIXES = {
    "na": "نا", "ha": "ها", "hom": "هم", "hum": "هم", "kom": "كم", "kum": "كم", "ni": "ني", "o": "ه", "ak": "ك",
    "ik": "ك", "ek": "ك", "i": "ي", "sh": "ش", "et": "ت", "t": "ت", "at": "ات", "een": "ين", "in": "ين",
}  # fmt: skip
_PREFIX_COST, _SUFFIX_COST = 4, 7
_FREQUENCY_BONUS = 1.5  # weight of the logarithm of a word's frequency
_BEAM_WIDTH = 14  # paths kept at each letter
_MAX_WORD_LENGTH = 24  # letters; the rest of a word is ignored
# Prefixes that people type as separate words.
_DETACHED_PREFIXES = {
    **dict.fromkeys(("el", "al", "il", "l", "le"), "ال"),
    **dict.fromkeys(("bel", "bil", "bal"), "بال"),
    **dict.fromkeys(("3al", "3el"), "عال"),
    **dict.fromkeys(("b", "bi"), "ب"),
    "la": "ل",
}
_CONJUNCTIONS = {"w", "wa", "u"}
_TOKEN = re.compile(r"[\w'$]+")
_DOUBLED = re.compile(r"([b-df-hj-np-tv-z0-9])\1+")

_REPLY_LISTS = {"boilerplate", "reply_content"}  # lists of official replies, which are never in Arabizi

_Trie: TypeAlias = dict[str, "_Trie | int"]


@lru_cache(maxsize=32)
def to_arabic(text: str) -> str:
    """Return the folded words of the text; known Arabizi words are converted to Arabic script."""
    if detect_language(text) != "arabizi":
        return " ".join(split_words(text))
    return " ".join(arabic for arabic, _ in decode_words(text))


def decode_words(text: str) -> list[tuple[str, str]]:
    """Return (Arabic word, typed word) for each word of an Arabizi text; unknown words stay as typed."""
    decoded: list[tuple[str, str]] = []
    article = ""
    for token in _TOKEN.findall(fold_text(text)):
        if token in _CONJUNCTIONS:
            decoded.append(("و", token))
        elif token in _DETACHED_PREFIXES:
            article += _DETACHED_PREFIXES[token]
        else:
            arabic = None if token.isdigit() else _decode_word(token)
            decoded.append((article + arabic if arabic else token, token))
            article = ""
    return decoded


@lru_cache(maxsize=30_000)
def _decode_word(token: str) -> str | None:
    """Return the likeliest known Arabic word for one Arabizi word, or None."""
    token = _DOUBLED.sub(r"\1", token)[:_MAX_WORD_LENGTH]
    candidates = [best] if (best := _find_cheapest_word(token)) else []
    for latin, arabic in _PREFIXES.items():
        if (
            token.startswith(latin)
            and len(token) - len(latin) >= 3
            and (rest := _find_cheapest_word(token[len(latin) :]))
        ):
            candidates.append((rest[0] + _PREFIX_COST, arabic + rest[1]))
    for latin, arabic in _SUFFIXES.items():
        if (
            token.endswith(latin)
            and len(token) - len(latin) >= 3
            and (rest := _find_cheapest_word(token[: -len(latin)]))
        ):
            candidates.append((rest[0] + _SUFFIX_COST, rest[1] + arabic))
    return min(candidates)[1] if candidates else None


def _find_cheapest_word(token: str) -> tuple[float, str] | None:
    """Beam search through the vocabulary; returns the cost and the word, or None."""
    known = _load_vocabulary()
    paths: list[dict[int, tuple[int, _Trie, str]]] = [{} for _ in range(len(token) + 1)]
    paths[0][id(known)] = (0, known, "")
    for at in range(len(token)):
        for cost, node, word in _add_omitted_letters(
            sorted(paths[at].values(), key=lambda path: path[0])[:_BEAM_WIDTH]
        ):
            for size in (1, 2):
                part = token[at : at + size]
                if len(part) < size:
                    break
                letters = _BEGINNING if at == 0 else _END if at + size == len(token) else _MIDDLE
                for arabic, price in letters.get(part, ()):
                    end = _follow_letters(node, arabic)
                    if end is None:
                        continue
                    before = paths[at + size].get(id(end))
                    if before is None or before[0] > cost + price:
                        paths[at + size][id(end)] = (cost + price, end, word + arabic)
    whole = [
        (cost - _FREQUENCY_BONUS * math.log(often), word)
        for cost, node, word in paths[-1].values()
        if isinstance(often := node.get(""), int)
    ]
    return min(whole, default=None)


def _add_omitted_letters(paths: list[tuple[int, _Trie, str]]) -> list[tuple[int, _Trie, str]]:
    """Return the paths, extended with those that insert a letter which Arabizi often omits."""
    longer = [
        (cost + price, end, word + letter)
        for cost, node, word in paths
        if word and word[-1] not in "اوي"
        for letter, price in _OMITTED_LETTERS
        if (end := _follow_letters(node, letter)) is not None
    ]
    return paths + longer


def _follow_letters(node: _Trie, letters: str) -> _Trie | None:
    for letter in letters:
        step = node.get(letter)
        if not isinstance(step, dict):
            return None
        node = step
    return node


@lru_cache(maxsize=1)
def _load_vocabulary() -> _Trie:
    """Build a trie of every Arabic word in `words/*.txt` with its frequency."""
    folder = Path(__file__).parent / "words"
    return _build_trie(
        Counter(
            word
            for path in sorted(folder.glob("*.txt"))
            if path.stem not in _REPLY_LISTS
            for word in split_words(path.read_text(encoding="utf-8"))
            if not word.isascii()
        )
    )


def _build_trie(often: Mapping[str, int] | Iterable[tuple[str, int]]) -> _Trie:
    root: _Trie = {}
    for word, times in dict(often).items():
        node: _Trie = root
        for letter in word:
            step = node.setdefault(letter, {})
            assert isinstance(step, dict)
            node = step
        node[""] = times
    return root


_ARABIC_CONSONANTS = str.maketrans(
    "بتطثجحخدذضرزظسصشعغفقكلمن",
    "btttjhKdddrzzssS3Gfqklmn",
    "اويءه ",  # vowels and weak letters are dropped
)
# Longest first: digraphs, then digits used as letters in Jordan, then single letters.
_LATIN_DIGRAPHS = "3':G 7':K 6':z 9':d gh:G kh:K sh:S ch:S th:t dh:d ph:f"
_LATIN_LETTERS = (
    "2:q 8:q q:q g:q 3:3 4:S 5:K 6:t 7:h 9:s b:b p:b t:t j:j d:d r:r z:z s:s f:f v:f k:k c:k l:l m:m n:n x:ks"
)
_LATIN_CONSONANTS = dict(pair.split(":") for pair in f"{_LATIN_DIGRAPHS} {_LATIN_LETTERS}".split())
_SKELETON_TOKEN = re.compile("|".join(sorted(map(re.escape, _LATIN_CONSONANTS), key=len, reverse=True)))
_REPEATED_CONSONANT = re.compile(r"(.)\1+")


@lru_cache(maxsize=50_000)
def build_skeleton(word: str) -> str:
    """Return the consonants of one folded word in either script, in a common alphabet; empty when it has none."""
    latin = word.isascii()
    consonants = (
        "".join(_LATIN_CONSONANTS[part] for part in _SKELETON_TOKEN.findall(word))
        if latin
        else word.translate(_ARABIC_CONSONANTS)
    )
    return _REPEATED_CONSONANT.sub(r"\1", consonants)
