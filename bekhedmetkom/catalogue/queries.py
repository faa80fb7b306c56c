"""What others ask of the catalogue, answered from memory: topics, and the promise that a case comes under."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from bekhedmetkom.entities.queries import ancestors
from bekhedmetkom.entities.versions import Held
from bekhedmetkom.kernel.words import Words
from bekhedmetkom.language.folding import fold

from . import models
from .rules import Complexity, Disposition, Handling, Kind, Level, Terms, policy_code


@dataclass(frozen=True, slots=True)
class Topic:
    """A service of the catalogue as everyone may see it. `receiver` gets its cases in the entity's place."""

    id: int
    code: str
    entity: int
    name_ar: str
    name_en: str
    typical_kind: Kind
    complexity: Complexity
    handling: Handling
    receiver: int | None
    policy_code: str
    needs_identity: bool
    about_place: bool
    urgent: bool
    public: bool
    closed_on: date | None

    @property
    def words(self) -> Words:
        return Words(self.name_ar, self.name_en)

    def name_in(self, language: str) -> str:
        return self.name_en if language.startswith("en") else self.name_ar

    def is_open(self, on: date) -> bool:
        return self.closed_on is None or on < self.closed_on


@dataclass(frozen=True, slots=True)
class Promise:
    """One version of a deadline policy, its terms read."""

    id: int
    code: str
    version: int
    entity: int | None
    service: int | None
    kind: str
    valid_from: datetime
    name_ar: str
    name_en: str
    basis: str
    terms: Terms

    def name_in(self, language: str) -> str:
        return self.name_en if language.startswith("en") else self.name_ar


class NoPolicy(LookupError):
    """No policy of this code is valid: the directory was never imported (`directory import`)."""


@dataclass(frozen=True)
class _Catalogue:
    topics: Mapping[int, Topic]
    by_code: Mapping[str, Topic]
    of_entity: Mapping[int, list[Topic]]


_Scope = tuple[str, int | None, int | None]  # policy code, entity, service


def _read_topics() -> _Catalogue:
    topics = {
        row.pk: Topic(
            id=row.pk, code=row.code, entity=row.entity_id, name_ar=row.name_ar, name_en=row.name_en,
            typical_kind=Kind(row.typical_kind), complexity=Complexity(row.complexity),
            handling=Handling(row.handling), receiver=row.receiver_id, policy_code=row.policy_code,
            needs_identity=row.needs_identity, about_place=row.about_place, urgent=row.urgent,
            public=row.public, closed_on=row.closed_on,
        )
        for row in models.Service.objects.order_by("entity_id", "code")
    }  # fmt: skip
    of_entity: defaultdict[int, list[Topic]] = defaultdict(list)
    for topic in topics.values():
        of_entity[topic.entity].append(topic)
    return _Catalogue(topics, {topic.code: topic for topic in topics.values()}, dict(of_entity))


def _read_policies() -> Mapping[_Scope, list[Promise]]:
    """Every version of every policy, the oldest first."""
    versions: defaultdict[_Scope, list[Promise]] = defaultdict(list)
    for row in models.Policy.objects.order_by("valid_from", "version"):
        versions[row.code, row.entity_id, row.service_id].append(
            Promise(
                id=row.pk, code=row.code, version=row.version, entity=row.entity_id, service=row.service_id,
                kind=row.kind, valid_from=row.valid_from, name_ar=row.name_ar, name_en=row.name_en,
                basis=row.basis, terms=Terms.from_json(row.terms),
            )
        )  # fmt: skip
    return dict(versions)


def _fold_names() -> list[tuple[str, Topic]]:
    return [
        (f"{fold(topic.name_ar)} {fold(topic.name_en)}", topic) for topic in services() if not topic.closed_on
    ]


_catalogue = Held("catalogue", _read_topics)
_policies = Held("catalogue", _read_policies)
_folded_names = Held("catalogue", _fold_names)


def service(key: int) -> Topic:
    """A topic by its key; `KeyError` when there is none."""
    return _catalogue().topics[key]


def service_by_code(code: str) -> Topic | None:
    return _catalogue().by_code.get(code)


def namesake(topic: int | None, entity: int) -> int | None:
    """The topic where it is this body's, else the body's own of the same name, else none."""
    if topic is None:
        return None
    mine = {other.name_ar: other.id for other in services_of(entity)}
    return topic if service(topic).entity == entity else mine.get(service(topic).name_ar)


def services() -> list[Topic]:
    """Every topic of every body, closed ones too."""
    return list(_catalogue().topics.values())


def services_of(entity: int) -> list[Topic]:
    return list(_catalogue().of_entity.get(entity, ()))


def search_topics(text: str, limit: int = 20) -> list[Topic]:
    """Topics whose names hold every word of `text`; those that begin with it come first."""
    words = fold(text).split()
    found = [(folded, topic) for folded, topic in _folded_names() if all(word in folded for word in words)]
    found.sort(key=lambda pair: (not pair[0].startswith(" ".join(words)), len(pair[0])))
    return [topic for _, topic in found[:limit]]


def policy_for(
    *, kind: Kind, service: int | None, entity: int, at: datetime, urgent: bool = False
) -> Promise:
    """The promise for a case that comes in at `at`: the topic's own terms, else the body's or its nearest
    parent's, else the country's; of these the newest version that was valid at that moment.

    `urgent` is the caller's finding (danger to life, or the topic's own `urgent`) and goes before all else.
    """
    topic = _catalogue().topics[service] if service else None
    code = policy_code(
        kind,
        complexity=topic.complexity if topic else Complexity.SIMPLE,
        handling=topic.handling if topic else Handling.OPEN,
        urgent=urgent,
    )
    if topic and topic.policy_code and not urgent:
        demanded = _in_force(topic.policy_code, service, entity, at)
        if demanded.kind == kind:  # a complaint about how information requests are handled is a complaint
            return demanded
    return _in_force(code, service, entity, at)


def promised_days(kind: Kind, at: datetime) -> set[int]:
    """Within how many working days a case of this kind is answered: the country's terms, one a complexity.

    Empty while no policy is loaded.
    """
    codes = {
        policy_code(kind, complexity=complexity, handling=Handling.OPEN, urgent=False)
        for complexity in Complexity
    }
    with suppress(NoPolicy):
        return {_newest([(code, None, None)], at).terms.due.working_days for code in codes}
    return set()


def appeal_policy(*, entity: int, at: datetime) -> Promise:
    """The terms under which a reviewer of this body decides an appeal."""
    return _in_force("appeal", None, entity, at)


def _in_force(code: str, service: int | None, entity: int, at: datetime) -> Promise:
    scopes: list[_Scope] = [(code, above, None) for above in reversed(ancestors(entity))]
    if service:
        scopes.insert(0, (code, None, service))
    return _newest([*scopes, (code, None, None)], at)


def _newest(scopes: list[_Scope], at: datetime) -> Promise:
    """The newest version valid at that moment, of the first of these scopes that has one."""
    for scope in scopes:
        versions = _policies().get(scope, [])
        if valid := bisect_right(versions, at, key=lambda promise: promise.valid_from):
            return versions[valid - 1]
    raise NoPolicy(f"no policy {scopes[-1][0]!r} is valid at {at:%Y-%m-%d %H:%M %z}")


@dataclass(frozen=True, slots=True)
class ReplyTemplate:
    """A text to begin a reply with; its `{blanks}` are the officer's to fill."""

    id: int
    kind: Kind
    disposition: Disposition
    entity: int | None
    name_ar: str
    body_ar: str
    body_en: str
    closed_on: date | None
    version: int


def reply_templates(
    *, kind: Kind, entity: int, on: date, disposition: Disposition | None = None
) -> list[ReplyTemplate]:
    """The newest version of each open template for this kind, and this outcome if one is named: the body's own
    first, then its parents', everyone's last.
    """
    nearest_first: list[int | None] = [*reversed(ancestors(entity)), None]
    found = [
        template
        for template in _templates()
        if template.kind is kind and template.entity in nearest_first
        and disposition in (None, template.disposition)
        and (template.closed_on is None or on < template.closed_on)
    ]  # fmt: skip
    return sorted(found, key=lambda template: nearest_first.index(template.entity))


def templates_of(entity: int) -> list[ReplyTemplate]:
    """The newest version of each text that a body's officers begin from, closed ones of its own too; its own first."""
    near: list[int | None] = [*reversed(ancestors(entity)), None]
    found = [
        one for one in _templates() if one.entity == entity or (one.entity in near and not one.closed_on)
    ]
    return sorted(found, key=lambda one: near.index(one.entity))


def template_series(template: int) -> tuple[object, ...] | None:
    """Of which text a version is one."""
    return _series().get(template)


def template_texts(template: int) -> tuple[str, ...]:
    """A template's text in both languages, whatever its version; nothing where there is none of this key."""
    rows = models.ResponseTemplate.objects.filter(pk=template)
    return next((tuple(filter(None, row)) for row in rows.values_list("body_ar", "body_en")), ())


def _read_templates() -> list[ReplyTemplate]:
    """The newest version of each, closed or not: one that is closed does not give way to the version before it."""
    series = ("kind", "disposition", "name_ar", "entity_id")
    rows = models.ResponseTemplate.objects.order_by(*series, "-version").distinct(*series)
    return [
        ReplyTemplate(
            row.pk, Kind(row.kind), Disposition(row.disposition), row.entity_id, row.name_ar, row.body_ar,
            row.body_en, row.closed_on, row.version,
        )
        for row in rows
    ]  # fmt: skip


def _read_series() -> Mapping[int, tuple[object, ...]]:
    rows = models.ResponseTemplate.objects.values_list("pk", "kind", "disposition", "entity_id", "name_ar")
    return {row[0]: row[1:] for row in rows}


_templates = Held("catalogue", _read_templates)
_series = Held("catalogue", _read_series)


def _by_id() -> Mapping[int, Promise]:
    return {promise.id: promise for versions in _read_policies().values() for promise in versions}


_promises = Held("catalogue", _by_id)


def promise(policy: int) -> Promise:
    """The version of a policy that a case was promised under, also long after a newer one came."""
    return _promises()[policy]


def policies_telling(level: Level) -> list[int]:
    """The policies (all their versions) under which this level is told where nothing is done about a case."""
    return [
        one.id for one in _promises().values() if one.terms.no_action and one.terms.no_action.level is level
    ]


class Rule(NamedTuple):
    """A policy as it holds at a body. `set_by`: whose own terms these are; `None`: the country's.

    `versions` are those of these terms, the newest first: what came before, and what is to come.
    """

    promise: Promise
    national: Promise
    set_by: int | None
    versions: list[Promise]

    @property
    def differs(self) -> bool:
        return self.promise.terms != self.national.terms


def rules_of(entity: int, at: datetime) -> list[Rule]:
    """Every policy of the country as it holds at this body today."""
    rules = []
    for code, of_entity, of_service in _policies():
        if of_entity or of_service:
            continue
        scopes: list[_Scope] = [(code, above, None) for above in reversed(ancestors(entity))]
        with suppress(NoPolicy):
            promise, national = _newest([*scopes, (code, None, None)], at), _newest([(code, None, None)], at)
            versions = _policies()[code, promise.entity, None][::-1]
            rules.append(Rule(promise, national, promise.entity, versions))
    return rules


def topics_with_terms(entity: int, at: datetime) -> list[tuple[Topic, Promise]]:
    """The body's topics that have terms of their own."""
    own = []
    for code, _of_entity, of_service in _policies():
        if of_service and (topic := _catalogue().topics[of_service]).entity == entity:
            with suppress(NoPolicy):
                own.append((topic, _newest([(code, None, of_service)], at)))
    return own
