"""For which body and topic may a text be meant? A first engine: words, pieces of words, people's own words, place.

It knows nothing of Django or of cases: it is built from the entries of a catalogue and ranks them with reasons.
Pure Python with an inverted index; a few milliseconds a text.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from .arabizi import skeleton
from .detect import language_of
from .folding import fold, words
from .lexicon import Lexicon
from .places import Located, Places
from .stems import stem
from .word_lists import read_concepts

LONGEST_TEXT = 1_500  # what matters of a message stands in its beginning
_ROLE_OF_KIND = {
    "municipality": "municipal",
    "district": "municipal",
    "governorate": "governorate",
    "university": "university",
    "hospital": "hospital",
}
_TOO_COMMON = 0.12  # a piece found in more than this part of the topics says nothing
_LANDMARK = "landmark"  # words of nearness: "beside the bank" is not about the bank
_BESIDE = 0.3
_LEAST = 0.5  # less than this is chance
_PIECE = 0.3  # weight of a piece of a word beside a whole one
# Weights of the parts of a score, tried on the development set.
_FOLK, _NAME, _TOPIC, _PLACE, _KIND = 1.0, 2.5, 2.0, 0.4, 0.15


@dataclass(frozen=True, slots=True)
class Entry:
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
class Suggestion:
    """A body, a topic of it if one fits, a score, and the words of the text that weighed most."""

    entity: Entry
    topic: Entry | None
    score: float
    why: list[str]


@dataclass(slots=True)
class _Found:
    """What speaks for one owner of topics: a body, or a role that each place has a body for."""

    score: float = 0.0
    why: Counter[str] = field(default_factory=Counter)
    topics: dict[str, float] = field(default_factory=dict)  # by folded name


class Index:
    """A catalogue ready to be asked; never changed once built, so threads may share it."""

    def __init__(self, bodies: Mapping[str, Entry], topics: Mapping[str, list[Entry]]):
        self._bodies = bodies
        self._topics = topics
        local = {
            code: body for code, body in bodies.items() if body.governorates or body.kind == "governorate"
        }
        self._places = Places(
            {code: (body.name_ar, body.name_en) for code, body in local.items()},
            {code: body.governorates for code, body in local.items()},
        )
        self._role = {code: role for code, body in bodies.items() if (role := self._role_of(body))}
        self._folk = Lexicon(read_concepts("bodies"))
        self._names = Lexicon({code: ", ".join(_names(body)) for code, body in bodies.items()})
        self._owners: list[tuple[str, str, str]] = []  # owner, folded topic, kind
        self._postings = self._read(topics)

    @classmethod
    def build(cls, entries: Iterable[Entry]) -> "Index":
        """An index of bodies and topics; a topic whose body is not among the entries is left out."""
        bodies: dict[str, Entry] = {}
        topics: dict[str, list[Entry]] = defaultdict(list)
        for entry in entries:
            if entry.topic:
                topics[entry.code].append(entry)
            else:
                bodies[entry.code] = entry
        return cls(bodies, {code: own for code, own in topics.items() if code in bodies})

    def rank(
        self, text: str, kind: str | None = None, governorate: str | None = None, limit: int = 3
    ) -> list[Suggestion]:
        """The likeliest bodies, best first, each once; none when nothing in the text speaks for one."""
        text = text[:LONGEST_TEXT]
        found: defaultdict[str, _Found] = defaultdict(_Found)
        self._hear_folk(text, found)
        self._hear_names(text, found)
        self._hear_topics(text, kind, found)
        self._give_to_the_named(found)
        place = self._places.find(text, governorate)
        ranked = sorted(found.items(), key=lambda item: -item[1].score)
        suggestions: dict[str, Suggestion] = {}
        for owner, heard in ranked:
            if heard.score < _LEAST:
                break
            for code in self._bodies_of(owner, place):
                if code not in suggestions:
                    suggestions[code] = self._suggestion(code, heard, place)
            if len(suggestions) >= limit:
                break
        return list(suggestions.values())[:limit]

    # Building

    def _role_of(self, body: Entry) -> str | None:
        return self._places.role_of(body.code) or _ROLE_OF_KIND.get(body.kind)

    def _read(self, topics: Mapping[str, list[Entry]]) -> dict[str, list[tuple[int, float]]]:
        """Postings of features with their weights; topics that a role's bodies share are read once."""
        documents: dict[tuple[str, str], tuple[dict[str, float], str]] = {}
        for code, own in topics.items():
            owner = self._role.get(code, code)
            for topic in own:
                name = fold(topic.name_ar)
                documents.setdefault(
                    (owner, name), (_features(f"{topic.name_ar} {topic.name_en}", both=True), topic.kind)
                )
        seen = Counter(feature for features, _ in documents.values() for feature in features)
        most = max(8, _TOO_COMMON * len(documents))
        postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for (owner, name), (features, kind) in documents.items():
            weights = {
                f: n * math.log(1 + len(documents) / seen[f]) for f, n in features.items() if seen[f] <= most
            }
            norm = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
            for feature, weight in weights.items():
                postings[feature].append(
                    (len(self._owners), weight * math.log(1 + len(documents) / seen[feature]) / norm)
                )
            self._owners.append((owner, name, kind))
        return dict(postings)

    # Asking

    def _hear_folk(self, text: str, found: dict[str, _Found]) -> None:
        told: dict[int, dict[str, str]] = defaultdict(dict)
        heard = self._folk.find(text)
        landmarks = {at + word.count(" ") + 1 for at, word in heard.pop(_LANDMARK, {}).items()}
        for owner, places in heard.items():
            for at, word in places.items():
                told[at][owner] = word
        for at, owners in told.items():
            longest = max(word.count(" ") for word in owners.values())
            meant = {owner: word for owner, word in owners.items() if word.count(" ") == longest}
            for owner, word in meant.items():
                if word not in found[owner].why:
                    weight = (1 + 0.5 * longest) / math.sqrt(len(meant)) * (_BESIDE if at in landmarks else 1)
                    found[owner].score += _FOLK * weight / (1 + 0.3 * len(found[owner].why))
                    found[owner].why[word] += int(100 * weight)

    def _hear_names(self, text: str, found: dict[str, _Found]) -> None:
        for code, places in self._names.find(text).items():
            found[code].score += _NAME
            found[code].why.update(dict.fromkeys(places.values(), 300))

    def _hear_topics(self, text: str, kind: str | None, found: dict[str, _Found]) -> None:
        scores: defaultdict[int, float] = defaultdict(float)
        for feature, weight in _features(text, both=False).items():
            for document, share in self._postings.get(feature, ()):
                scores[document] += min(weight, 1.0) * share
        best: dict[str, float] = defaultdict(float)
        for document, score in scores.items():
            owner, name, usual = self._owners[document]
            likeness = _TOPIC * math.tanh(score / 6) + (_KIND if kind == usual else 0)
            found[owner].topics[name] = likeness
            best[owner] = max(best[owner], likeness)
        for owner, score in best.items():
            found[owner].score += score

    def _give_to_the_named(self, found: dict[str, _Found]) -> None:
        """What speaks for universities at large speaks for the one that is named; so with hospitals."""
        for role in ("university", "hospital"):
            named = [code for code in found if self._role.get(code) == role and found[code].why]
            if role in found and named:
                at_large = found.pop(role)
                one = found[max(named, key=lambda code: found[code].score)]
                one.score += at_large.score
                one.why += at_large.why
                one.topics |= at_large.topics

    def _bodies_of(self, owner: str, place: Located) -> list[str]:
        """The bodies that an owner of topics stands for at the place, likeliest first."""
        if owner in self._bodies:
            return [owner]
        codes = [self._places.body_for(owner, place)]
        if owner == "municipal" and place.body and place.governorate:
            codes.append(self._places.body_for(owner, Located(None, place.governorate, "")))
        return [code for code in codes if code and code in self._bodies]

    def _suggestion(self, code: str, heard: _Found, place: Located) -> Suggestion:
        own = {fold(topic.name_ar): topic for topic in self._topics.get(code, ())}
        best = max((name for name in own if name in heard.topics), key=heard.topics.__getitem__, default=None)
        why = [word for word, _ in heard.why.most_common(3)]
        if place.words and place.body == code:
            why.append(place.words)
        return Suggestion(self._bodies[code], own[best] if best else None, round(heard.score, 3), why)


def _names(body: Entry) -> Iterator[str]:
    """A body's names of two words and more; one word alone is more often something else."""
    for name in (body.name_ar, body.name_en):
        plain = " ".join(words(name))
        if " " in plain:
            yield plain


_STOPS = frozenset(read_concepts("stops")["stops"].split(", "))


def _features(text: str, *, both: bool) -> dict[str, float]:
    """Stems and pieces of words. `both`: a name of the catalogue, which Arabizi must find by its skeleton too."""
    features: dict[str, float] = {}
    arabizi = not both and language_of(text) == "arabizi"
    for word in words(text):
        if word in _STOPS or len(word) < 2 or word.isdigit():
            continue
        root = stem(word)
        bones = skeleton(root)
        if len(bones) >= 3 and (arabizi or (both and not word.isascii())):
            features[f"~{bones}"] = 1
        if arabizi:
            continue
        features[f"={root}"] = 1
        padded = f" {word} "
        for size in (3, 4, 5):
            for start in range(len(padded) - size + 1):
                features[padded[start : start + size]] = _PIECE
    return features
