"""Where a case goes, and what may be suggested to whoever has not said. Answered from memory."""

import logging
import re
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from threading import Lock, Timer
from time import sleep

from django.db import OperationalError, connection

from bekhedmetkom.catalogue.queries import Topic, service, services
from bekhedmetkom.catalogue.rules import Handling
from bekhedmetkom.entities.queries import ancestors, places, tree
from bekhedmetkom.entities.versions import Held, number
from bekhedmetkom.kernel.words import Words
from bekhedmetkom.language.danger import danger_to_life
from bekhedmetkom.language.folding import fold
from bekhedmetkom.language.meaning import Meaning, NoEncoder, give_way
from bekhedmetkom.language.suggest import Entry, Index, Suggestion

from . import models
from .rules import (
    ENTITY_NAMED,
    RECEIVER,
    SEALED,
    TOPIC_NAMED,
    UNIT_RULE,
    UNSURE,
    URGENT_TOPIC,
    Candidate,
    Destination,
    Facts,
    Give,
    Reason,
    UnitRule,
    is_sure,
    unit_for,
)

_FIRST_ANSWER = 4.0  # seconds in which a process that starts has better to do
_RETRY = 5  # seconds until the directory is asked for again while the database does not answer
_RECEIVED_ELSEWHERE = (Handling.HUMAN_RIGHTS, Handling.PROTECTED)
_WORD = re.compile(r"[^\W_]+")
log = logging.getLogger(__name__)
_YOU_WROTE = Words("ذكرتَ: {words}.", "You mentioned: {words}.")
_ALL_TOGETHER = Words("أقرب ما في الدليل إلى كلامك.", "The nearest in the directory to what you wrote.")


def route(facts: Facts) -> Destination:
    """Where a case with these facts goes. What a person named wins; a text alone is followed only when sure.

    A topic with care goes to its receiver; a sealed one is marked, for the command to refuse.
    """
    reasons: list[Reason] = []
    topic = service(facts.service) if facts.service is not None else None
    entity = facts.entity if facts.entity is not None else topic.entity if topic else None
    if facts.entity is not None:
        reasons.append(ENTITY_NAMED)
    elif topic:
        reasons.append(TOPIC_NAMED)
    else:
        entity, topic = _guessed(facts, reasons)
    sure = entity is not None
    if topic and topic.handling in _RECEIVED_ELSEWHERE and topic.receiver not in (None, entity):
        entity = topic.receiver
        reasons.append(RECEIVER)
    sealed = topic is not None and topic.handling is Handling.SEALED
    if sealed:
        reasons.append(SEALED)
    return Destination(
        entity_id=entity,
        service_id=topic.id if topic else None,
        unit_id=_unit(entity, topic, facts.governorate, reasons),
        reasons=reasons,
        sure=sure,
        sealed=sealed,
        urgent=_urgent(facts, topic, reasons),
    )


def suggest(text: str, kind: str | None, governorate: int | None, limit: int = 3) -> list[Candidate]:
    """The bodies, with a topic where one fits, that a text may be meant for: best first, each with its reasons.

    Never a body that is closed or to be closed, nor a topic of the confidential channel. Empty when nothing
    speaks for any.
    """
    code = places()[governorate].code if governorate is not None else None
    ranked = _index().rank(text, kind, code, limit)
    typed = {fold(word): word for word in _WORD.findall(text)} if ranked else {}
    return [_candidate(found, typed) for found in ranked]


def governorate_in(text: str) -> str | None:
    """The code of the governorate in which the place lies that a text names."""
    return _index().where(text)


def suggests_by_words_only() -> bool:
    """Whether this process was to suggest by meaning too and cannot: the encoder is not loaded, or not there."""
    return _index.wants_meaning and _index.meaning is None


def learn_meanings(folder: Path) -> None:
    """Begins, in the background, to suggest by meaning too; `folder` keeps the vectors. Until then words suffice."""
    _index.wants_meaning = True
    learning = Timer(_FIRST_ANSWER, _learn, args=(folder,))
    learning.daemon = True
    learning.start()


def _learn(folder: Path) -> None:
    give_way()
    try:
        while True:
            try:
                _index()
                _index.learn(Meaning(folder))
                return
            except OperationalError:
                sleep(_RETRY)
            finally:
                connection.close()
    except NoEncoder as missing:
        log.warning(
            "No encoder of meanings (%s): suggestions go by words alone", type(missing.__cause__).__name__
        )
    except OSError as trouble:
        log.warning("The vectors cannot be kept (%s): suggestions go by words alone", type(trouble).__name__)


def _guessed(facts: Facts, reasons: list[Reason]) -> tuple[int | None, Topic | None]:
    candidates = suggest(facts.text, facts.kind, facts.governorate)
    best = candidates[0] if candidates else None
    if best is None or not is_sure(best.score, [c.score for c in candidates[1:] if not _one_house(best, c)]):
        reasons.append(UNSURE)
        return None, None
    reasons.extend(best.reasons)
    return best.entity, service(best.service) if best.service is not None else None


def _one_house(one: Candidate, other: Candidate) -> bool:
    """Whether one of the bodies stands under the other: a district and its municipality do not compete."""
    return one.entity in ancestors(other.entity) or other.entity in ancestors(one.entity)


def _unit(
    entity: int | None, topic: Topic | None, governorate: int | None, reasons: list[Reason]
) -> int | None:
    if entity is None:
        return None
    rule = unit_for(_rules().get(entity, ()), topic.id if topic else None, governorate)
    if rule is None:
        return None
    reasons.append(UNIT_RULE)
    return rule.unit


def _urgent(facts: Facts, topic: Topic | None, reasons: list[Reason]) -> bool:
    if topic and topic.urgent:
        reasons.append(URGENT_TOPIC)
    danger = danger_to_life(facts.text)
    if danger:
        reasons.append(Reason("danger", danger.why))
    return danger is not None or (topic is not None and topic.urgent)


def _candidate(found: Suggestion, typed: Mapping[str, str]) -> Candidate:
    """The suggestion with its reason; `typed`: how each folded word was written."""
    said = [" ".join(typed.get(part, part) for part in word.split()) for word in found.why]
    apart = [
        f"\u2068{word}\u2069" for word in said
    ]  # Arabic words in an English sentence, and the other way round
    reason = (
        Reason(
            "words",
            Words(_YOU_WROTE.ar.format(words="، ".join(apart)), _YOU_WROTE.en.format(words=", ".join(apart))),
            tuple(said),
        )
        if said
        else Reason("likeness", _ALL_TOGETHER)
    )
    return Candidate(found.entity.key, found.topic.key if found.topic else None, found.score, [reason])


class _Indexes:
    """The index of this process, built when first asked and again once the directory has changed.

    While one thread builds anew, the others go on with the old one.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._held: tuple[tuple[str, int, int], Index] | None = None
        self.wants_meaning = False
        self.meaning: Meaning | None = None

    def __call__(self) -> Index:
        version = self._version()
        held = self._held
        if held and held[0] == version:
            return held[1]
        if held and held[0][0] == version[0] and self._lock.locked():
            return held[1]
        with self._lock:
            if not self._held or self._held[0] != version:
                self._held = version, Index.build(_entries(), self.meaning)
            return self._held[1]

    def learn(self, meaning: Meaning) -> None:
        """From now on by meaning too. The first vectors take long, and nobody waits for them."""
        version = self._version()
        index = Index.build(_entries(), meaning)
        with self._lock:
            self.meaning = meaning
            self._held = version, index

    @staticmethod
    def _version() -> tuple[str, int, int]:
        return str(connection.settings_dict["NAME"]), number("tree"), number("catalogue")


def _entries() -> list[Entry]:
    codes = {place.id: place.code for place in places().values()}
    bodies = [body for body in tree() if body.closed_on is None]
    open_topics = [
        topic for topic in services() if topic.closed_on is None and topic.handling is not Handling.SEALED
    ]
    return [
        *(
            Entry(
                key=body.id, code=body.code, kind=body.kind, name_ar=body.name_ar, name_en=body.name_en,
                governorates=frozenset(codes[place] for place in body.governorates),
            )
            for body in bodies
        ),
        *(
            Entry(
                key=topic.id, code=tree()[topic.entity].code, kind=str(topic.typical_kind),
                name_ar=topic.name_ar, name_en=topic.name_en, topic=True,
            )
            for topic in open_topics
        ),
    ]  # fmt: skip


def _read_rules() -> Mapping[int, list[UnitRule]]:
    rules: defaultdict[int, list[UnitRule]] = defaultdict(list)
    rows = models.Rule.objects.filter(unit__closed_on=None, ended_on=None).order_by("priority", "id")
    for row in rows:
        rules[row.entity_id].append(
            UnitRule(
                row.unit_id, row.service_id, row.governorate_id, row.priority, Give(row.give), row.automatic, row.pk
            )
        )  # fmt: skip
    return dict(rules)


def _read_skills() -> Mapping[int, frozenset[int]]:
    known: defaultdict[int, set[int]] = defaultdict(set)
    for officer, topic in models.Skill.objects.values_list("officer_id", "service_id"):
        known[officer].add(topic)
    return {officer: frozenset(topics) for officer, topics in known.items()}


def unit_rules(entity: int) -> list[UnitRule]:
    """How a body distributes its cases, the first rule first."""
    return list(_rules().get(entity, ()))


def bodies_with_automatic_rules() -> list[int]:
    """Where a case may be given to somebody without a person's doing."""
    return [body for body, rules in _rules().items() if any(rule.automatic for rule in rules)]


def skills_at(entity: int) -> list[tuple[int, int, Words]]:
    """Of a body's topics, who knows which: the row's key, the officer, the topic's name."""
    rows = models.Skill.objects.filter(service__entity=entity).order_by("officer", "service")
    found = rows.values_list("pk", "officer", "service")
    return [(key, officer, service(topic).words) for key, officer, topic in found]


def skills() -> Mapping[int, frozenset[int]]:
    """The topics that each officer knows."""
    return _skills()


_index = _Indexes()
_rules = Held("routing", _read_rules)
_skills = Held("routing", _read_skills)
