"""Routing of cases to bodies and units, and destination suggestions. Answered from memory."""

import logging
import re
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from threading import Lock, Timer
from time import sleep

from django.db import OperationalError, connection

from bekhedmetkom.catalogue.queries import Topic, get_service, list_services
from bekhedmetkom.catalogue.rules import Handling
from bekhedmetkom.entities.queries import get_ancestors, get_governorates, get_tree
from bekhedmetkom.entities.table_cache import CachedTable, get_version
from bekhedmetkom.kernel.text import BilingualText
from bekhedmetkom.language.danger import detect_danger
from bekhedmetkom.language.destination_ranking import CatalogueEntry, DestinationIndex, RankedDestination
from bekhedmetkom.language.embeddings import EncoderUnavailable, SentenceEncoder, lower_thread_priority
from bekhedmetkom.language.normalisation import fold_text

from . import models
from .rules import (
    CONFIDENTIAL_TOPIC,
    ENTITY_NAMED,
    NOT_CONFIDENT,
    RECEIVED_ELSEWHERE,
    TOPIC_NAMED,
    UNIT_RULE,
    URGENT_TOPIC,
    AssignmentMethod,
    Candidate,
    CaseFacts,
    Destination,
    Reason,
    UnitRule,
    find_unit_rule,
    is_confident,
)

_LOAD_DELAY_SECONDS = 4.0  # after process start
_RETRY_SECONDS = 5  # while the database does not answer
_EXTERNAL_HANDLINGS = (Handling.HUMAN_RIGHTS, Handling.PROTECTED)
_WORD = re.compile(r"[^\W_]+")
log = logging.getLogger(__name__)
_MATCHED_WORDS = BilingualText("ذكرتَ: {words}.", "You mentioned: {words}.")
_OVERALL_SIMILARITY = BilingualText(
    "أقرب ما في الدليل إلى كلامك.", "The nearest in the directory to what you wrote."
)


def route_case(facts: CaseFacts) -> Destination:
    """Return the destination of a case. A named body or topic decides; a text alone only with confidence.

    Confidential topics go to their receiver; topics of the confidential channel are marked for the command to refuse.
    """
    reasons: list[Reason] = []
    topic = get_service(facts.service) if facts.service is not None else None
    entity = facts.entity if facts.entity is not None else topic.entity if topic else None
    if facts.entity is not None:
        reasons.append(ENTITY_NAMED)
    elif topic:
        reasons.append(TOPIC_NAMED)
    else:
        entity, topic = _guess_destination(facts, reasons)
    confident = entity is not None
    if topic and topic.handling in _EXTERNAL_HANDLINGS and topic.receiver not in (None, entity):
        entity = topic.receiver
        reasons.append(RECEIVED_ELSEWHERE)
    sealed = topic is not None and topic.handling is Handling.SEALED
    if sealed:
        reasons.append(CONFIDENTIAL_TOPIC)
    return Destination(
        entity_id=entity,
        service_id=topic.id if topic else None,
        unit_id=_find_unit(entity, topic, facts.governorate, reasons),
        reasons=reasons,
        is_confident=confident,
        is_confidential=sealed,
        is_urgent=_is_urgent(facts, topic, reasons),
    )


def suggest_destinations(
    text: str, kind: str | None, governorate: int | None, limit: int = 3
) -> list[Candidate]:
    """Return bodies, with a topic where one fits, that a text may be meant for: best first, with reasons.

    Excludes bodies that are closed or to be closed and topics of the confidential channel. Empty without evidence.
    """
    code = get_governorates()[governorate].code if governorate is not None else None
    ranked = _get_index().rank_destinations(text, kind, code, limit)
    typed = {fold_text(word): word for word in _WORD.findall(text)} if ranked else {}
    return [_build_candidate(found, typed) for found in ranked]


def find_governorate(text: str) -> str | None:
    """Return the code of the governorate of the place that a text names, or `None`."""
    return _get_index().find_governorate(text)


def lacks_embeddings() -> bool:
    """Whether this process should use embeddings but has no encoder (yet)."""
    return _get_index.wants_encoder and _get_index.encoder is None


def load_encoder_in_background(folder: Path) -> None:
    """Load the encoder in the background; `folder` caches the vectors. Until then suggestions go by words."""
    _get_index.wants_encoder = True
    loading = Timer(_LOAD_DELAY_SECONDS, _load_encoder, args=(folder,))
    loading.daemon = True
    loading.start()


def _load_encoder(folder: Path) -> None:
    lower_thread_priority()
    try:
        while True:
            try:
                _get_index()
                _get_index.load_encoder(SentenceEncoder(folder))
                return
            except OperationalError:
                sleep(_RETRY_SECONDS)
            finally:
                connection.close()
    except EncoderUnavailable as missing:
        log.warning(
            "No encoder of meanings (%s): suggestions go by words alone", type(missing.__cause__).__name__
        )
    except OSError as trouble:
        log.warning("The vectors cannot be kept (%s): suggestions go by words alone", type(trouble).__name__)


def _guess_destination(facts: CaseFacts, reasons: list[Reason]) -> tuple[int | None, Topic | None]:
    candidates = suggest_destinations(facts.text, facts.kind, facts.governorate)
    best = candidates[0] if candidates else None
    if best is None or not is_confident(
        best.score, [c.score for c in candidates[1:] if not _are_related(best, c)]
    ):
        reasons.append(NOT_CONFIDENT)
        return None, None
    reasons.extend(best.reasons)
    return best.entity, get_service(best.service) if best.service is not None else None


def _are_related(one: Candidate, other: Candidate) -> bool:
    """Whether one body is an ancestor of the other: a district and its municipality do not compete."""
    return one.entity in get_ancestors(other.entity) or other.entity in get_ancestors(one.entity)


def _find_unit(
    entity: int | None, topic: Topic | None, governorate: int | None, reasons: list[Reason]
) -> int | None:
    if entity is None:
        return None
    rule = find_unit_rule(_get_rules().get(entity, ()), topic.id if topic else None, governorate)
    if rule is None:
        return None
    reasons.append(UNIT_RULE)
    return rule.unit


def _is_urgent(facts: CaseFacts, topic: Topic | None, reasons: list[Reason]) -> bool:
    if topic and topic.urgent:
        reasons.append(URGENT_TOPIC)
    danger = detect_danger(facts.text)
    if danger:
        reasons.append(Reason("danger", danger.reason))
    return danger is not None or (topic is not None and topic.urgent)


def _build_candidate(destination: RankedDestination, typed: Mapping[str, str]) -> Candidate:
    """Return the candidate with its reason; `typed` maps folded words to the typed ones."""
    said = [" ".join(typed.get(part, part) for part in word.split()) for word in destination.matched_words]
    apart = [
        f"\u2068{word}\u2069" for word in said
    ]  # isolates: Arabic words in an English sentence and vice versa
    reason = (
        Reason(
            "words",
            BilingualText(
                _MATCHED_WORDS.ar.format(words="، ".join(apart)),
                _MATCHED_WORDS.en.format(words=", ".join(apart)),
            ),
            tuple(said),
        )
        if said
        else Reason("likeness", _OVERALL_SIMILARITY)
    )
    return Candidate(
        destination.entity.key,
        destination.topic.key if destination.topic else None,
        destination.share,
        [reason],
    )


class _IndexHolder:
    """The index of this process, built at first use and after each change of the directory.

    While one thread rebuilds it, the others use the old one.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._cached: tuple[tuple[str, int, int], DestinationIndex] | None = None
        self.wants_encoder = False
        self.encoder: SentenceEncoder | None = None

    def __call__(self) -> DestinationIndex:
        version = self._version()
        held = self._cached
        if held and held[0] == version:
            return held[1]
        if held and held[0][0] == version[0] and self._lock.locked():
            return held[1]
        with self._lock:
            if not self._cached or self._cached[0] != version:
                self._cached = version, DestinationIndex.build(_list_entries(), self.encoder)
            return self._cached[1]

    def load_encoder(self, encoder: SentenceEncoder) -> None:
        """Use the encoder from now on. The first vectors take long; other threads do not wait."""
        version = self._version()
        index = DestinationIndex.build(_list_entries(), encoder)
        with self._lock:
            self.encoder = encoder
            self._cached = version, index

    @staticmethod
    def _version() -> tuple[str, int, int]:
        return str(connection.settings_dict["NAME"]), get_version("tree"), get_version("catalogue")


def _list_entries() -> list[CatalogueEntry]:
    codes = {place.id: place.code for place in get_governorates().values()}
    bodies = [body for body in get_tree() if body.closed_on is None]
    open_topics = [
        topic
        for topic in list_services()
        if topic.closed_on is None and topic.handling is not Handling.SEALED
    ]
    return [
        *(
            CatalogueEntry(
                key=body.id, code=body.code, kind=body.kind, name_ar=body.name_ar, name_en=body.name_en,
                governorates=frozenset(codes[place] for place in body.governorates),
            )
            for body in bodies
        ),
        *(
            CatalogueEntry(
                key=topic.id, code=get_tree()[topic.entity].code, kind=str(topic.typical_kind),
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
                row.unit_id,
                row.service_id,
                row.governorate_id,
                row.priority,
                AssignmentMethod(row.give),
                row.automatic,
                row.pk,
            )
        )
    return dict(rules)


def _read_skills() -> Mapping[int, frozenset[int]]:
    known: defaultdict[int, set[int]] = defaultdict(set)
    for officer, topic in models.Skill.objects.values_list("officer_id", "service_id"):
        known[officer].add(topic)
    return {officer: frozenset(topics) for officer, topics in known.items()}


def list_unit_rules(entity: int) -> list[UnitRule]:
    """Return the distribution rules of a body, by priority."""
    return list(_get_rules().get(entity, ()))


def list_bodies_with_automatic_rules() -> list[int]:
    """Return the bodies with automatic assignment."""
    return [body for body, rules in _get_rules().items() if any(rule.automatic for rule in rules)]


def list_skills(entity: int) -> list[tuple[int, int, BilingualText]]:
    """Return (row id, officer, topic name) of the skills in a body's topics."""
    rows = models.Skill.objects.filter(service__entity=entity).order_by("officer", "service")
    found = rows.values_list("pk", "officer", "service")
    return [(key, officer, get_service(topic).name) for key, officer, topic in found]


def get_skills() -> Mapping[int, frozenset[int]]:
    """Return {officer: known topics}."""
    return _get_skills()


_get_index = _IndexHolder()
_get_rules = CachedTable("routing", _read_rules)
_get_skills = CachedTable("routing", _read_skills)
