"""Concept matching: word lists per concept, and rules over the positions of concepts in a text.

A list is one comma-separated string of words and short phrases. `رشو*` matches every word with that beginning;
articles, conjunctions and verb prefixes are stripped first, so lists hold stems. Single Arabic words also match in
Arabizi, by their skeleton. `#` matches any number.
"""

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import chain, repeat
from typing import TypeAlias

from bekhedmetkom.kernel.text import BilingualText

from .arabizi_decoder import build_skeleton
from .language_detection import detect_folded_language
from .normalisation import fold_text

MAX_TEXT_LENGTH = 6_000  # characters that rules read of a text
_WORD = re.compile(r"[^\W_]+(?:'(?=\w)[^\W_]*)*|[%؟?]")
_ARABIC_PREFIX = re.compile(
    r"(?:[وف]?(?:[بكل]?ال|لل|عال|هال|ع)|[وفبكل])(?=\w{3})"  # articles, conjunctions, prepositions
    r"|[وف]?(?:ب[يتن]|س[يتن]|[يتنام])(?=\w{4})"  # verb prefixes, of longer words only (not يبدو)
)
_LATIN_PREFIX = re.compile(r"(?:w|f|(?:b|l|3)?[ae]l|b[tnyi]i?|3a|la|y[aeiou]?|t|m[aeou]|b)(?=\w{3})")
_SHORTEST_SKELETON = 4


@dataclass(frozen=True, slots=True)
class Hit:
    """A match: the rule's code, the reason shown to people, and the matched words."""

    code: str
    reason: BilingualText
    matched_words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """Matches where a position of the first concept has every other required one within `span` words.

    `required` holds concepts, or alternatives separated by `|`. A concept in `excluded` anywhere in the text disables
    the rule.
    """

    code: str
    reason: BilingualText
    required: tuple[str, ...]
    span: int = 30
    excluded: tuple[str, ...] = ()


_Phrase: TypeAlias = tuple[tuple[str, ...], str]  # the words after its first, and the concept
ConceptPositions: TypeAlias = Mapping[str, Mapping[int, str]]


@lru_cache(maxsize=20_000)
def _strip_prefixes(token: str, arabizi: bool) -> tuple[str, ...]:
    """Return the token, and the token without the prefixes that Arabic attaches to words."""
    if token.isascii() and not arabizi:
        return (token, token[:-2]) if token.endswith("'s") else (token,)
    prefix = _LATIN_PREFIX if token.isascii() else _ARABIC_PREFIX
    variants = [token]
    rest = token
    for _ in range(2):
        if not (match := prefix.match(rest)):
            break
        rest = rest[match.end() :]
        variants.append(rest)
    return tuple(variants)


@lru_cache(maxsize=32)  # several lexicons read one text
def _tokenise(folded: str) -> tuple[str, ...]:
    return tuple(chain.from_iterable(map(_split_token, folded.split())))


@lru_cache(maxsize=20_000)
def _split_token(written: str) -> list[str]:
    return _WORD.findall(written)


class Lexicon:
    """Index of concepts by their words; a search takes time linear in the length of the text."""

    def __init__(self, concepts: Mapping[str, str], exact_in_arabizi: frozenset[str] = frozenset()):
        """`exact_in_arabizi`: concepts whose words match Arabizi only as written, never by skeleton."""
        self._exact_in_arabizi = exact_in_arabizi
        self._exact: dict[str, set[str]] = defaultdict(set)
        self._prefixes: dict[str, set[str]] = defaultdict(set)
        self._skeletons: dict[str, set[str]] = defaultdict(set)
        self._skeleton_prefixes: dict[str, set[str]] = defaultdict(set)
        self._phrases: dict[str, list[_Phrase]] = defaultdict(list)
        for concept, entries in concepts.items():
            for entry in entries.split(","):
                self._add(concept, fold_text(entry))
        self._token_matches = {
            arabizi: lru_cache(maxsize=20_000)(partial(self._match_token, arabizi=arabizi))
            for arabizi in (False, True)
        }
        self._prefix_lengths = sorted({len(stem) for stem in self._prefixes})
        self._skeleton_prefix_lengths = sorted({len(stem) for stem in self._skeleton_prefixes})

    def _add(self, concept: str, entry: str) -> None:
        first, *rest = entry.split(" ")
        if rest:
            self._phrases[first].append((tuple(rest), concept))
            return
        stem = entry.removesuffix("*")
        (self._prefixes if stem != entry else self._exact)[stem].add(concept)
        skeleton = build_skeleton(stem)
        if (
            not stem.isascii()
            and len(skeleton) >= _SHORTEST_SKELETON
            and concept not in self._exact_in_arabizi
        ):
            (self._skeleton_prefixes if stem != entry else self._skeletons)[skeleton].add(concept)

    def find(self, text: str) -> dict[str, dict[int, str]]:
        """Return {concept: {word number: matched words}}."""
        return self.find_folded(fold_text(text[:MAX_TEXT_LENGTH]))

    def find_folded(self, folded: str) -> dict[str, dict[int, str]]:
        """Like `find`, for a text that is already folded."""
        tokens = _tokenise(folded)
        arabizi = detect_folded_language(folded) == "arabizi"
        found: dict[str, dict[int, str]] = defaultdict(dict)
        for place, match in enumerate(map(self._token_matches[arabizi], tokens)):
            if match is None:
                continue
            concepts, phrases = match
            for concept in concepts:
                found[concept].setdefault(place, tokens[place])
            for rest, concept in phrases:
                end = place + 1 + len(rest)
                if end > len(tokens) or not _matches_token(
                    tokens[place + 1], rest[0], arabizi
                ):  # true for most phrases
                    continue
                if all(map(_matches_token, tokens[place + 1 : end], rest, repeat(arabizi))):
                    found[concept][place] = " ".join(tokens[place:end])
        return found

    def _match_token(self, token: str, arabizi: bool) -> tuple[tuple[str, ...], tuple[_Phrase, ...]] | None:
        """Return the concepts of a word and the phrases that may begin with it; `None` when there are none."""
        concepts = tuple(dict.fromkeys(self._list_concepts(token, arabizi)))
        phrases = tuple(
            phrase for variant in _strip_prefixes(token, arabizi) for phrase in self._phrases.get(variant, ())
        )
        return (concepts, phrases) if concepts or phrases else None

    def _list_concepts(self, token: str, arabizi: bool) -> Iterator[str]:
        if token.isdigit():
            yield from self._exact.get("#", ())
            return
        for variant in _strip_prefixes(token, arabizi):
            yield from self._exact.get(variant, ())
            yield from self._match_prefixes(variant, self._prefixes, self._prefix_lengths)
            if arabizi and len(skeleton := build_skeleton(variant)) >= _SHORTEST_SKELETON:
                yield from self._skeletons.get(skeleton, ())
                yield from self._match_prefixes(
                    skeleton, self._skeleton_prefixes, self._skeleton_prefix_lengths
                )

    @staticmethod
    def _match_prefixes(word: str, stems: Mapping[str, set[str]], lengths: Iterable[int]) -> Iterator[str]:
        for length in lengths:
            if length > len(word):
                break
            yield from stems.get(word[:length], ())


@lru_cache(maxsize=20_000)
def _matches_token(token: str, wanted: str, arabizi: bool) -> bool:
    variants = _strip_prefixes(token, arabizi)
    if wanted.endswith("*"):
        return any(variant.startswith(wanted[:-1]) for variant in variants)
    return wanted in variants


def find_first_hit(rules: Iterable[Rule], places: ConceptPositions) -> Hit | None:
    """Return a hit for the first rule that the positions satisfy, or None."""
    met = places.keys()
    for rule in rules:
        for need in rule.required:
            if met.isdisjoint(_split_need(need)):  # true of the first one for most rules
                break
        else:
            if met.isdisjoint(rule.excluded) and (words := _match_rule(rule, places)):
                return Hit(rule.code, rule.reason, words)
    return None


def _match_rule(rule: Rule, places: ConceptPositions) -> tuple[str, ...]:
    """Return the words that satisfy the rule, in text order; empty when it is not satisfied."""
    (firsts, words), *others = (_find_need(need, places) for need in rule.required)
    for at in firsts:
        matched = {at: words[at]}
        for other, their_words in others:
            near = _find_nearest(at, other)
            if near is None or abs(near - at) > rule.span:
                break
            matched[near] = their_words[near]
        else:
            return tuple(dict.fromkeys(matched[place] for place in sorted(matched)))
    return ()


@lru_cache(maxsize=1_000)
def _split_need(need: str) -> tuple[str, ...]:
    return tuple(need.split("|"))


def _find_need(need: str, places: ConceptPositions) -> tuple[list[int], dict[int, str]]:
    """Return the sorted positions of a requirement, and the words there."""
    positions = {
        place: word for concept in _split_need(need) for place, word in places.get(concept, {}).items()
    }
    return sorted(positions), positions


def _find_nearest(at: int, others: list[int]) -> int | None:
    """Return the nearest of the sorted positions to `at`, other than `at` itself."""
    left, right = bisect_left(others, at), bisect_right(others, at)
    beside = [*others[max(left - 1, 0) : left], *others[right : right + 1]]
    return min(beside, key=lambda place: abs(place - at), default=None)
