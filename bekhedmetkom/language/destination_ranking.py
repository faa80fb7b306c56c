"""For which body and topic may a text be meant? People's own words, names, topics, likeness, meaning, and place.

It knows nothing of Django or of cases: it is built from the entries of a catalogue and ranks them with reasons.
What speaks for a body is five numbers, weighed by `words/destination_ranking.weights.json` (learned by `tools/model_training.py`):
without the encoder of `meaning` the four others decide, with weights of their own.
"""

import json
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from .arabizi_decoder import decode_words, to_arabic
from .embeddings import SentenceEncoder
from .gazetteer import Gazetteer, PlaceMatch
from .language_detection import detect_language
from .lexicon import Lexicon
from .naive_bayes import get_model
from .normalisation import fold_text, split_words
from .sparse_weights import FloatArray
from .topic_matching import TopicMatcher, TopicNames
from .word_lists import read_concepts, read_lines

MAX_TEXT_LENGTH = 1_500  # what matters of a message stands in its beginning
_ROLE_OF_KIND = {
    "municipality": "municipal",
    "district": "municipal",
    "governorate": "governorate",
    "university": "university",
    "hospital": "hospital",
}
_LANDMARK = "landmark"  # words of nearness: "beside the bank" is not about the bank
_LANDMARK_FACTOR = 0.3
_MIN_TOPIC_SCORE, _MIN_TOPIC_LEAD = (
    0.7,
    0.1,
)  # likeness from which a topic is named, and by how much more than the next
_MIN_SHARE = 0.001  # a body with a smaller share is left to chance
_MIN_CLEAR_SHARE = (
    0.15  # a share from which words alone decide: meaning costs more than all else and changes little then
)
SCORE_PARTS = ("folk", "name", "topic", "likeness", "meaning")
_TERM_PART, _NAME_PART, _TOPIC_PART, _BAYES_PART, _EMBEDDING_PART = range(len(SCORE_PARTS))


def load_weights() -> dict[str, dict[str, float]]:
    """How much each part counts, with the encoder (`all`) and without (`words`)."""
    path = Path(__file__).parent / "words" / "destination_ranking.weights.json"
    weights: dict[str, dict[str, float]] = json.loads(path.read_text(encoding="utf-8"))
    return weights


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """A body, or one of its topics (`topic`). `code` is always the body's; `key` is for the caller to know it by.

    `kind` is the body's kind or the kind of case that a topic usually is; `governorates` are codes, for bodies.
    """

    key: int
    code: str
    kind: str
    name_ar: str
    name_en: str
    topic: bool = False
    governorates: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class RankedDestination:
    """A body, a topic of it if one fits, its share of the belief, and the words of the text that weighed most."""

    entity: CatalogueEntry
    topic: CatalogueEntry | None
    share: float
    matched_words: list[str]


@dataclass(slots=True)
class _Evidence:
    """What a text says for each owner of lines: a body, or a role that each place has a body for."""

    parts: FloatArray  # owners x PARTS
    topics: FloatArray  # likeness to each topic
    matched_words: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    general_roles: dict[str, str] = field(
        default_factory=dict
    )  # a body named, and the role whose topics are its too


class DestinationIndex:
    """A catalogue ready to be asked; never changed once built, so threads may share it."""

    def __init__(
        self,
        bodies: Mapping[str, CatalogueEntry],
        topics: Mapping[str, list[CatalogueEntry]],
        meaning: SentenceEncoder | None = None,
        without: tuple[int, int] | None = None,
    ):
        self._bodies = bodies
        self._topics = topics
        local = {
            code: body for code, body in bodies.items() if body.governorates or body.kind == "governorate"
        }
        self._gazetteer = Gazetteer(
            {code: (body.name_ar, body.name_en) for code, body in local.items()},
            {code: body.governorates for code, body in local.items()},
        )
        self._roles = {code: role for code, body in bodies.items() if (role := self._find_role(body))}
        self._terms = Lexicon(read_concepts("entity_terms"))
        self._names = Lexicon({code: ", ".join(_list_long_names(body)) for code, body in bodies.items()})
        self._topics_by_name = {
            code: {fold_text(topic.name_ar): topic for topic in own} for code, own in topics.items()
        }
        self._topic_matcher = TopicMatcher(
            TopicNames(self._roles.get(code, code), topic.name_ar, topic.name_en, topic.kind)
            for code, own in topics.items()
            for topic in own
        )
        self.lines = self._collect_lines(without)
        self.owners = list(self.lines)
        self._number = {owner: number for number, owner in enumerate(self.owners)}
        self._owner_of_topic = np.array(
            [self._number[owner] for owner in self._topic_matcher.owners], dtype=np.intp
        )
        self._owners_by_role = {
            role: [number for owner, number in self._number.items() if self._roles.get(owner) == role]
            for role in ("university", "hospital")
        }
        lines = [(self._number[owner], line) for owner in self.owners for line in self.lines[owner]]
        self._naive_bayes = get_model(tuple(lines), len(self.owners))
        self._encoder = meaning
        self._first_rows = np.searchsorted([owner for owner, _ in lines], np.arange(len(self.owners)))
        self._vectors = (
            meaning.encode_many([to_native_script(line) for _, line in lines]) if meaning else None
        )
        self._weights = {
            name: np.array([weights[part] for part in SCORE_PARTS])
            for name, weights in load_weights().items()
        }

    @classmethod
    def build(
        cls,
        entries: Iterable[CatalogueEntry],
        meaning: SentenceEncoder | None = None,
        without: tuple[int, int] | None = None,
    ) -> "DestinationIndex":
        """An index of bodies and topics; a topic whose body is not among the entries is left out.

        Without the encoder it goes by words alone. `without=(0, 5)` leaves out the first of each five lines that
        people say, so that they can be asked about as if they were new.
        """
        bodies: dict[str, CatalogueEntry] = {}
        topics: dict[str, list[CatalogueEntry]] = defaultdict(list)
        for entry in entries:
            if entry.topic:
                topics[entry.code].append(entry)
            else:
                bodies[entry.code] = entry
        return cls(bodies, {code: own for code, own in topics.items() if code in bodies}, meaning, without)

    @property
    def lacks_encoder(self) -> bool:
        """Whether the encoder of meanings takes no part."""
        return self._encoder is None

    def find_governorate(self, text: str) -> str | None:
        """The code of the governorate in which the place lies that the text names."""
        return self._gazetteer.find_place(text[:MAX_TEXT_LENGTH]).governorate

    def rank_destinations(
        self, text: str, kind: str | None = None, governorate: str | None = None, limit: int = 3
    ) -> list[RankedDestination]:
        """The likeliest bodies, best first, each once; none when nothing in the text speaks for one.

        A score is the share of the belief that the body has, from 0 to 1.
        """
        text = text[:MAX_TEXT_LENGTH]
        heard = self._collect_word_evidence(text, kind)
        if heard is None:
            return []
        weights = self._weights["words"]
        if self._encoder is not None and _softmax(heard.parts @ weights).max() < _MIN_CLEAR_SHARE:
            self._add_embedding_scores(text, heard)
            weights = self._weights["all"]
        self._move_role_evidence(heard)
        shares = _softmax(heard.parts @ weights)
        place = self._gazetteer.find_place(text, governorate)
        suggestions: dict[str, RankedDestination] = {}
        for number in np.argsort(-shares, kind="stable"):
            if shares[number] < _MIN_SHARE or len(suggestions) >= limit:
                break
            owner = self.owners[number]
            for code in self._list_bodies(owner, place):
                if code not in suggestions:
                    suggestions[code] = self._build_destination(
                        code, owner, heard, float(shares[number]), place, text
                    )
        return list(suggestions.values())[:limit]

    def collect_evidence(self, text: str) -> _Evidence | None:
        """All that speaks for each owner, before it is weighed; None when nothing speaks for any."""
        heard = self._collect_word_evidence(text, None)
        if heard is not None:
            self._add_embedding_scores(text, heard)
            self._move_role_evidence(heard)
        return heard

    # Building

    def _find_role(self, body: CatalogueEntry) -> str | None:
        return self._gazetteer.find_role(body.code) or _ROLE_OF_KIND.get(body.kind)

    def _collect_lines(self, without: tuple[int, int] | None) -> dict[str, list[str]]:
        """What is known to be each owner's: what people say, its topics, and its names."""
        roles = set(self._roles.values())
        lines: dict[str, list[str]] = defaultdict(list)
        for owner, said in read_lines("entity_phrases").items():
            if owner in self._bodies or owner in roles:
                lines[owner] += [
                    line for at, line in enumerate(said) if without is None or at % without[1] != without[0]
                ]
        for code, own in self._topics.items():
            owner = self._roles.get(code, code)
            lines[owner] += [name for topic in own for name in (topic.name_ar, topic.name_en)]
        for code, body in self._bodies.items():
            if code not in self._roles:
                lines[code] += [body.name_ar, body.name_en]
        return {owner: list(dict.fromkeys(lines[owner])) for owner in sorted(lines)}

    # Asking

    def _collect_word_evidence(self, text: str, kind: str | None) -> _Evidence | None:
        if not self.owners:
            return None
        heard = _Evidence(
            np.zeros((len(self.owners), len(SCORE_PARTS))), np.zeros(len(self._topic_matcher.names))
        )
        read = to_arabic(text)
        self._add_term_scores(text, heard)
        self._add_name_scores(text, heard)
        if not heard.parts.any() and not self._naive_bayes.has_known_word(read):
            return None
        heard.topics = self._topic_matcher.score_topics(text, kind)
        np.maximum.at(heard.parts[:, _TOPIC_PART], self._owner_of_topic, heard.topics)
        heard.parts[:, _BAYES_PART] = self._naive_bayes.score_owners(read)
        return heard

    def _add_embedding_scores(self, text: str, heard: _Evidence) -> None:
        if self._encoder is not None and self._vectors is not None:
            near = self._vectors @ self._encoder.encode(to_native_script(text))
            heard.parts[:, _EMBEDDING_PART] = np.maximum.reduceat(near, self._first_rows)

    def _add_term_scores(self, text: str, heard: _Evidence) -> None:
        told: dict[int, dict[str, str]] = defaultdict(dict)
        found = self._terms.find(text)
        landmarks = {at + word.count(" ") + 1 for at, word in found.pop(_LANDMARK, {}).items()}
        for owner, places in found.items():
            if owner in self._number:
                for at, word in places.items():
                    told[at][owner] = word
        for at, owners in told.items():
            longest = max(word.count(" ") for word in owners.values())
            meant = {owner: word for owner, word in owners.items() if word.count(" ") == longest}
            for owner, word in meant.items():
                why = heard.matched_words[owner]
                if word not in why:
                    weight = (
                        (1 + 0.5 * longest)
                        / math.sqrt(len(meant))
                        * (_LANDMARK_FACTOR if at in landmarks else 1)
                    )
                    heard.parts[self._number[owner], _TERM_PART] += weight / (1 + 0.3 * len(why))
                    why[word] += int(100 * weight)

    def _add_name_scores(self, text: str, heard: _Evidence) -> None:
        for code, places in self._names.find(text).items():
            owner = code if code in self._number else self._roles.get(code)
            if owner in self._number:
                heard.parts[self._number[owner], _NAME_PART] = 1
                heard.matched_words[owner].update(dict.fromkeys(places.values(), 300))

    def _move_role_evidence(self, heard: _Evidence) -> None:
        """What speaks for universities at large speaks for the one that is named; so with hospitals."""
        for role in ("university", "hospital"):
            at_large = self._number.get(role)
            those = self._owners_by_role[role]
            named = heard.parts[those][:, [_TERM_PART, _NAME_PART]].sum(axis=1)
            if at_large is None or not named.any():
                continue
            one = those[int(named.argmax())]
            heard.matched_words[self.owners[one]] += heard.matched_words[role]
            heard.general_roles[self.owners[one]] = role
            heard.parts[one, _TERM_PART] += heard.parts[at_large, _TERM_PART]
            heard.parts[one] = np.maximum(heard.parts[one], heard.parts[at_large])
            heard.parts[at_large] = [0, 0, 0, heard.parts[:, _BAYES_PART].min(), 0]

    def _list_bodies(self, owner: str, place: PlaceMatch) -> list[str]:
        """The bodies that an owner of lines stands for at the place, likeliest first."""
        if owner in self._bodies:
            return [owner]
        codes = [self._gazetteer.find_body(owner, place)]
        if owner == "municipal" and place.body and place.governorate:
            codes.append(self._gazetteer.find_body(owner, PlaceMatch(None, place.governorate, "")))
        return [code for code in codes if code and code in self._bodies]

    def _build_destination(
        self, code: str, owner: str, heard: _Evidence, share: float, place: PlaceMatch, text: str
    ) -> RankedDestination:
        own = self._topics_by_name.get(code, {})
        likeness = {
            self._topic_matcher.names[number]: float(heard.topics[number])
            for one in (owner, heard.general_roles.get(owner, ""))
            for number in self._topic_matcher.get_topic_numbers(one)
            if heard.topics[number]
        }
        best = _find_clear_topic({name: likeness[name] for name in own if name in likeness})
        why = (
            [word for word, _ in heard.matched_words[owner].most_common(3)]
            if owner in heard.matched_words
            else []
        )
        if not why:
            why = self._list_evidence_words(owner, text)
        if place.matched_words and place.body == code:
            why.append(place.matched_words)
        return RankedDestination(self._bodies[code], own[best] if best else None, round(share, 3), why)

    def _list_evidence_words(self, owner: str, text: str) -> list[str]:
        """The words, as they were typed, for which the text resembles the owner's lines."""
        typed = dict(decode_words(text)) if detect_language(text) == "arabizi" else {}
        number = self._number[owner]
        return [
            typed.get(word, word) for word in self._naive_bayes.list_evidence_words(number, to_arabic(text))
        ]


def to_native_script(text: str) -> str:
    """The text as the encoder knows its language: Arabizi in Arabic letters, all else as it was typed."""
    return to_arabic(text) if detect_language(text) == "arabizi" else text


def _find_clear_topic(likeness: Mapping[str, float]) -> str | None:
    """The topic that the text names, if it does and names no other nearly as well: a wrong one is worse than none."""
    first, second = (sorted(likeness.items(), key=lambda topic: -topic[1]) + [("", 0.0)] * 2)[:2]
    return first[0] if first[1] >= _MIN_TOPIC_SCORE and first[1] - second[1] >= _MIN_TOPIC_LEAD else None


def _softmax(scores: FloatArray) -> FloatArray:
    odds = np.exp(scores - scores.max())
    shares: FloatArray = odds / odds.sum()
    return shares


def _list_long_names(body: CatalogueEntry) -> Iterator[str]:
    """A body's names of two words and more; one word alone is more often something else."""
    for name in (body.name_ar, body.name_en):
        plain = " ".join(split_words(name))
        if " " in plain:
            yield plain
