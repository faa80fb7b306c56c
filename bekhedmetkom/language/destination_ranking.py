"""Ranking of the bodies and topics that a text may be meant for, with the words that decided.

Each body gets five scores: terms, names, topics, naive Bayes and embeddings. `words/destination_ranking.weights.json`
(learned by `tools/model_training.py`) combines them; without the encoder the other four have weights of their own.
Independent of Django and of cases: the index is built from catalogue entries.
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

MAX_TEXT_LENGTH = 1_500  # characters; the subject of a message is in its beginning
_ROLE_OF_KIND = {
    "municipality": "municipal",
    "district": "municipal",
    "governorate": "governorate",
    "university": "university",
    "hospital": "hospital",
}
_LANDMARK = "landmark"  # nearness words: "beside the bank" is not about the bank
_LANDMARK_FACTOR = 0.3
_MIN_TOPIC_SCORE = 0.7  # score from which a topic is named
_MIN_TOPIC_LEAD = 0.1  # over the next topic
_MIN_SHARE = 0.001  # bodies with a smaller share are not returned
_MIN_CLEAR_SHARE = 0.15  # share from which words alone decide: the encoder is slow and would change little
SCORE_PARTS = ("folk", "name", "topic", "likeness", "meaning")
_TERM_PART, _NAME_PART, _TOPIC_PART, _BAYES_PART, _EMBEDDING_PART = range(len(SCORE_PARTS))


def load_weights() -> dict[str, dict[str, float]]:
    """Return the weights of the scores, with the encoder (`all`) and without (`words`)."""
    path = Path(__file__).parent / "words" / "destination_ranking.weights.json"
    weights: dict[str, dict[str, float]] = json.loads(path.read_text(encoding="utf-8"))
    return weights


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """A body, or one of its topics (`topic`). `code` is always the body's; `key` is the caller's identifier.

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
    """A body, one of its topics if one fits, its probability share, and the words that weighed most."""

    entity: CatalogueEntry
    topic: CatalogueEntry | None
    share: float
    matched_words: list[str]


@dataclass(slots=True)
class _Evidence:
    """Scores of a text for each owner of training lines: a body, or a role such as "municipal"."""

    parts: FloatArray  # owners x SCORE_PARTS
    topics: FloatArray  # score of each topic
    matched_words: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    general_roles: dict[str, str] = field(default_factory=dict)  # role whose topics a named body shares


class DestinationIndex:
    """A searchable catalogue; immutable once built, so threads may share it."""

    def __init__(
        self,
        bodies: Mapping[str, CatalogueEntry],
        topics: Mapping[str, list[CatalogueEntry]],
        encoder: SentenceEncoder | None = None,
        held_out_fold: tuple[int, int] | None = None,
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
        self.lines = self._collect_lines(held_out_fold)
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
        self._encoder = encoder
        self._first_rows = np.searchsorted([owner for owner, _ in lines], np.arange(len(self.owners)))
        self._vectors = (
            encoder.encode_many([to_native_script(line) for _, line in lines]) if encoder else None
        )
        self._weights = {
            name: np.array([weights[part] for part in SCORE_PARTS])
            for name, weights in load_weights().items()
        }

    @classmethod
    def build(
        cls,
        entries: Iterable[CatalogueEntry],
        encoder: SentenceEncoder | None = None,
        held_out_fold: tuple[int, int] | None = None,
    ) -> "DestinationIndex":
        """Build an index of bodies and topics; topics whose body is not among the entries are skipped.

        `held_out_fold=(0, 5)` leaves out the first of each five training lines, for evaluation.
        """
        bodies: dict[str, CatalogueEntry] = {}
        topics: dict[str, list[CatalogueEntry]] = defaultdict(list)
        for entry in entries:
            if entry.topic:
                topics[entry.code].append(entry)
            else:
                bodies[entry.code] = entry
        return cls(
            bodies, {code: own for code, own in topics.items() if code in bodies}, encoder, held_out_fold
        )

    @property
    def lacks_encoder(self) -> bool:
        """Whether the index ranks by words alone."""
        return self._encoder is None

    def find_governorate(self, text: str) -> str | None:
        """Return the code of the governorate of the place that the text names, or None."""
        return self._gazetteer.find_place(text[:MAX_TEXT_LENGTH]).governorate

    def rank_destinations(
        self, text: str, kind: str | None = None, governorate: str | None = None, limit: int = 3
    ) -> list[RankedDestination]:
        """Return the likeliest bodies, best first, each once; empty when the text has no evidence.

        Shares are probabilities from 0 to 1.
        """
        text = text[:MAX_TEXT_LENGTH]
        evidence = self._collect_word_evidence(text, kind)
        if evidence is None:
            return []
        weights = self._weights["words"]
        if self._encoder is not None and _softmax(evidence.parts @ weights).max() < _MIN_CLEAR_SHARE:
            self._add_embedding_scores(text, evidence)
            weights = self._weights["all"]
        self._move_role_evidence(evidence)
        shares = _softmax(evidence.parts @ weights)
        place = self._gazetteer.find_place(text, governorate)
        destinations: dict[str, RankedDestination] = {}
        for number in np.argsort(-shares, kind="stable"):
            if shares[number] < _MIN_SHARE or len(destinations) >= limit:
                break
            owner = self.owners[number]
            for code in self._list_bodies(owner, place):
                if code not in destinations:
                    destinations[code] = self._build_destination(
                        code, owner, evidence, float(shares[number]), place, text
                    )
        return list(destinations.values())[:limit]

    def collect_evidence(self, text: str) -> _Evidence | None:
        """Return the unweighted scores of each owner; None when there is no evidence."""
        evidence = self._collect_word_evidence(text, None)
        if evidence is not None:
            self._add_embedding_scores(text, evidence)
            self._move_role_evidence(evidence)
        return evidence

    def _find_role(self, body: CatalogueEntry) -> str | None:
        return self._gazetteer.find_role(body.code) or _ROLE_OF_KIND.get(body.kind)

    def _collect_lines(self, held_out_fold: tuple[int, int] | None) -> dict[str, list[str]]:
        """Return the training lines of each owner: phrases of people, topics and names."""
        roles = set(self._roles.values())
        lines: dict[str, list[str]] = defaultdict(list)
        for owner, phrases in read_lines("entity_phrases").items():
            if owner in self._bodies or owner in roles:
                lines[owner] += [
                    line
                    for at, line in enumerate(phrases)
                    if held_out_fold is None or at % held_out_fold[1] != held_out_fold[0]
                ]
        for code, own in self._topics.items():
            owner = self._roles.get(code, code)
            lines[owner] += [name for topic in own for name in (topic.name_ar, topic.name_en)]
        for code, body in self._bodies.items():
            if code not in self._roles:
                lines[code] += [body.name_ar, body.name_en]
        return {owner: list(dict.fromkeys(lines[owner])) for owner in sorted(lines)}

    def _collect_word_evidence(self, text: str, kind: str | None) -> _Evidence | None:
        if not self.owners:
            return None
        evidence = _Evidence(
            np.zeros((len(self.owners), len(SCORE_PARTS))), np.zeros(len(self._topic_matcher.names))
        )
        read = to_arabic(text)
        self._add_term_scores(text, evidence)
        self._add_name_scores(text, evidence)
        if not evidence.parts.any() and not self._naive_bayes.has_known_word(read):
            return None
        evidence.topics = self._topic_matcher.score_topics(text, kind)
        np.maximum.at(evidence.parts[:, _TOPIC_PART], self._owner_of_topic, evidence.topics)
        evidence.parts[:, _BAYES_PART] = self._naive_bayes.score_owners(read)
        return evidence

    def _add_embedding_scores(self, text: str, evidence: _Evidence) -> None:
        if self._encoder is not None and self._vectors is not None:
            near = self._vectors @ self._encoder.encode(to_native_script(text))
            evidence.parts[:, _EMBEDDING_PART] = np.maximum.reduceat(near, self._first_rows)

    def _add_term_scores(self, text: str, evidence: _Evidence) -> None:
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
                why = evidence.matched_words[owner]
                if word not in why:
                    weight = (
                        (1 + 0.5 * longest)
                        / math.sqrt(len(meant))
                        * (_LANDMARK_FACTOR if at in landmarks else 1)
                    )
                    evidence.parts[self._number[owner], _TERM_PART] += weight / (1 + 0.3 * len(why))
                    why[word] += int(100 * weight)

    def _add_name_scores(self, text: str, evidence: _Evidence) -> None:
        for code, places in self._names.find(text).items():
            owner = code if code in self._number else self._roles.get(code)
            if owner in self._number:
                evidence.parts[self._number[owner], _NAME_PART] = 1
                evidence.matched_words[owner].update(dict.fromkeys(places.values(), 300))

    def _move_role_evidence(self, evidence: _Evidence) -> None:
        """Move evidence for universities or hospitals in general to the one that is named."""
        for role in ("university", "hospital"):
            at_large = self._number.get(role)
            owners = self._owners_by_role[role]
            named = evidence.parts[owners][:, [_TERM_PART, _NAME_PART]].sum(axis=1)
            if at_large is None or not named.any():
                continue
            named_owner = owners[int(named.argmax())]
            evidence.matched_words[self.owners[named_owner]] += evidence.matched_words[role]
            evidence.general_roles[self.owners[named_owner]] = role
            evidence.parts[named_owner, _TERM_PART] += evidence.parts[at_large, _TERM_PART]
            evidence.parts[named_owner] = np.maximum(evidence.parts[named_owner], evidence.parts[at_large])
            evidence.parts[at_large] = [0, 0, 0, evidence.parts[:, _BAYES_PART].min(), 0]

    def _list_bodies(self, owner: str, place: PlaceMatch) -> list[str]:
        """Return the bodies that an owner stands for at the place, likeliest first."""
        if owner in self._bodies:
            return [owner]
        codes = [self._gazetteer.find_body(owner, place)]
        if owner == "municipal" and place.body and place.governorate:
            codes.append(self._gazetteer.find_body(owner, PlaceMatch(None, place.governorate, "")))
        return [code for code in codes if code and code in self._bodies]

    def _build_destination(
        self, code: str, owner: str, evidence: _Evidence, share: float, place: PlaceMatch, text: str
    ) -> RankedDestination:
        own = self._topics_by_name.get(code, {})
        likeness = {
            self._topic_matcher.names[number]: float(evidence.topics[number])
            for topic_owner in (owner, evidence.general_roles.get(owner, ""))
            for number in self._topic_matcher.get_topic_numbers(topic_owner)
            if evidence.topics[number]
        }
        best = _find_clear_topic({name: likeness[name] for name in own if name in likeness})
        why = (
            [word for word, _ in evidence.matched_words[owner].most_common(3)]
            if owner in evidence.matched_words
            else []
        )
        if not why:
            why = self._list_evidence_words(owner, text)
        if place.matched_words and place.body == code:
            why.append(place.matched_words)
        return RankedDestination(self._bodies[code], own[best] if best else None, round(share, 3), why)

    def _list_evidence_words(self, owner: str, text: str) -> list[str]:
        """Return the words, as typed, for which the text resembles the owner's lines."""
        typed = dict(decode_words(text)) if detect_language(text) == "arabizi" else {}
        number = self._number[owner]
        return [
            typed.get(word, word) for word in self._naive_bayes.list_evidence_words(number, to_arabic(text))
        ]


def to_native_script(text: str) -> str:
    """Return Arabizi in Arabic script, any other text as typed: the encoder knows no Arabizi."""
    return to_arabic(text) if detect_language(text) == "arabizi" else text


def _find_clear_topic(likeness: Mapping[str, float]) -> str | None:
    """Return the best topic if its score is high and clearly ahead of the next; a wrong topic is worse than none."""
    first, second = (sorted(likeness.items(), key=lambda topic: -topic[1]) + [("", 0.0)] * 2)[:2]
    return first[0] if first[1] >= _MIN_TOPIC_SCORE and first[1] - second[1] >= _MIN_TOPIC_LEAD else None


def _softmax(scores: FloatArray) -> FloatArray:
    odds = np.exp(scores - scores.max())
    shares: FloatArray = odds / odds.sum()
    return shares


def _list_long_names(body: CatalogueEntry) -> Iterator[str]:
    """Yield a body's names of two or more words; single words are too ambiguous."""
    for name in (body.name_ar, body.name_en):
        plain = " ".join(split_words(name))
        if " " in plain:
            yield plain
