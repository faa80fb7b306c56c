"""Queries of the catalogue, answered from memory: topics, deadline policies, reply templates."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from bekhedmetkom.entities.queries import get_ancestors
from bekhedmetkom.entities.table_cache import CachedTable
from bekhedmetkom.kernel.text import BilingualText
from bekhedmetkom.language.normalisation import fold_text

from . import models
from .rules import Complexity, Disposition, EscalationLevel, Handling, Kind, PolicyTerms, get_policy_code


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic of the catalogue. `receiver` gets its cases instead of the entity."""

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
    def name(self) -> BilingualText:
        return BilingualText(self.name_ar, self.name_en)

    def get_name(self, language: str) -> str:
        return self.name_en if language.startswith("en") else self.name_ar

    def is_open(self, on: date) -> bool:
        return self.closed_on is None or on < self.closed_on


@dataclass(frozen=True, slots=True)
class PolicyVersion:
    """One version of a deadline policy, with parsed terms."""

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
    terms: PolicyTerms

    def get_name(self, language: str) -> str:
        return self.name_en if language.startswith("en") else self.name_ar


class PolicyNotFound(LookupError):
    """No policy of this code is in force: the directory was never imported (`directory import`)."""


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


def _read_policies() -> Mapping[_Scope, list[PolicyVersion]]:
    """Return every version of every policy, oldest first."""
    versions: defaultdict[_Scope, list[PolicyVersion]] = defaultdict(list)
    for row in models.Policy.objects.order_by("valid_from", "version"):
        versions[row.code, row.entity_id, row.service_id].append(
            PolicyVersion(
                id=row.pk, code=row.code, version=row.version, entity=row.entity_id, service=row.service_id,
                kind=row.kind, valid_from=row.valid_from, name_ar=row.name_ar, name_en=row.name_en,
                basis=row.basis, terms=PolicyTerms.from_json(row.terms),
            )
        )  # fmt: skip
    return dict(versions)


def _fold_names() -> list[tuple[str, Topic]]:
    return [
        (f"{fold_text(topic.name_ar)} {fold_text(topic.name_en)}", topic)
        for topic in list_services()
        if not topic.closed_on
    ]


_get_catalogue = CachedTable("catalogue", _read_topics)
_get_policies = CachedTable("catalogue", _read_policies)
_get_folded_names = CachedTable("catalogue", _fold_names)


def get_service(key: int) -> Topic:
    """Return a topic by id. Raises `KeyError`."""
    return _get_catalogue().topics[key]


def find_service_by_code(code: str) -> Topic | None:
    return _get_catalogue().by_code.get(code)


def find_same_topic(topic: int | None, entity: int) -> int | None:
    """Return the topic if it belongs to this body, else the body's topic of the same name, else `None`."""
    if topic is None:
        return None
    own_topics = {other.name_ar: other.id for other in list_services_of(entity)}
    return topic if get_service(topic).entity == entity else own_topics.get(get_service(topic).name_ar)


def list_services() -> list[Topic]:
    """Return every topic of every body, including closed ones."""
    return list(_get_catalogue().topics.values())


def list_services_of(entity: int) -> list[Topic]:
    return list(_get_catalogue().of_entity.get(entity, ()))


def search_services(text: str, limit: int = 20) -> list[Topic]:
    """Return topics whose names contain every word of `text`; prefix matches first."""
    words = fold_text(text).split()
    found = [
        (folded, topic) for folded, topic in _get_folded_names() if all(word in folded for word in words)
    ]
    found.sort(key=lambda pair: (not pair[0].startswith(" ".join(words)), len(pair[0])))
    return [topic for _, topic in found[:limit]]


def get_policy(
    *, kind: Kind, service: int | None, entity: int, at: datetime, urgent: bool = False
) -> PolicyVersion:
    """Return the policy version of a case received at `at`. Raises `PolicyNotFound`.

    Precedence: the topic's own terms, the body's, its nearest ancestor's, the country's. `urgent` (danger to life or
    an urgent topic) overrides all others.
    """
    topic = _get_catalogue().topics[service] if service else None
    code = get_policy_code(
        kind,
        complexity=topic.complexity if topic else Complexity.SIMPLE,
        handling=topic.handling if topic else Handling.OPEN,
        urgent=urgent,
    )
    if topic and topic.policy_code and not urgent:
        topic_policy = _find_policy_in_force(topic.policy_code, service, entity, at)
        if topic_policy.kind == kind:  # a complaint about how information requests are handled is a complaint
            return topic_policy
    return _find_policy_in_force(code, service, entity, at)


def get_promised_days(kind: Kind, at: datetime) -> set[int]:
    """Return the working days to answer a case of this kind under national terms, one per complexity.

    Empty while no policy is loaded.
    """
    codes = {
        get_policy_code(kind, complexity=complexity, handling=Handling.OPEN, urgent=False)
        for complexity in Complexity
    }
    with suppress(PolicyNotFound):
        return {_find_newest_version([(code, None, None)], at).terms.due.working_days for code in codes}
    return set()


def get_appeal_policy(*, entity: int, at: datetime) -> PolicyVersion:
    """Return the policy for appeals at this body. Raises `PolicyNotFound`."""
    return _find_policy_in_force("appeal", None, entity, at)


def _find_policy_in_force(code: str, service: int | None, entity: int, at: datetime) -> PolicyVersion:
    scopes: list[_Scope] = [(code, above, None) for above in reversed(get_ancestors(entity))]
    if service:
        scopes.insert(0, (code, None, service))
    return _find_newest_version([*scopes, (code, None, None)], at)


def _find_newest_version(scopes: list[_Scope], at: datetime) -> PolicyVersion:
    """Return the newest version in force at `at`, of the first scope that has one. Raises `PolicyNotFound`."""
    for scope in scopes:
        versions = _get_policies().get(scope, [])
        if valid := bisect_right(versions, at, key=lambda promise: promise.valid_from):
            return versions[valid - 1]
    raise PolicyNotFound(f"no policy {scopes[-1][0]!r} is valid at {at:%Y-%m-%d %H:%M %z}")


@dataclass(frozen=True, slots=True)
class ReplyTemplate:
    """A text to start a reply from, with `{blanks}` for the officer to fill."""

    id: int
    kind: Kind
    disposition: Disposition
    entity: int | None
    name_ar: str
    body_ar: str
    body_en: str
    closed_on: date | None
    version: int


def list_reply_templates(
    *, kind: Kind, entity: int, on: date, disposition: Disposition | None = None
) -> list[ReplyTemplate]:
    """Return the newest open templates for this kind and, if given, this disposition.

    The body's own come first, then its ancestors', then those for all bodies.
    """
    nearest_first: list[int | None] = [*reversed(get_ancestors(entity)), None]
    found = [
        template
        for template in _get_templates()
        if template.kind is kind and template.entity in nearest_first
        and disposition in (None, template.disposition)
        and (template.closed_on is None or on < template.closed_on)
    ]  # fmt: skip
    return sorted(found, key=lambda template: nearest_first.index(template.entity))


def list_templates(entity: int) -> list[ReplyTemplate]:
    """Return the newest templates available at a body, including its own closed ones; its own first."""
    near: list[int | None] = [*reversed(get_ancestors(entity)), None]
    found = [
        template
        for template in _get_templates()
        if template.entity == entity or (template.entity in near and not template.closed_on)
    ]
    return sorted(found, key=lambda template: near.index(template.entity))


def get_template_series(template: int) -> tuple[object, ...] | None:
    """Return the series (kind, disposition, entity, name) of a template version, or `None`."""
    return _get_series().get(template)


def get_template_texts(template: int) -> tuple[str, ...]:
    """Return the texts of a template version; empty when there is none."""
    rows = models.ResponseTemplate.objects.filter(pk=template)
    return next((tuple(filter(None, row)) for row in rows.values_list("body_ar", "body_en")), ())


def _read_templates() -> list[ReplyTemplate]:
    """Return the newest versions, closed or not: a closed version does not restore the one before."""
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


_get_templates = CachedTable("catalogue", _read_templates)
_get_series = CachedTable("catalogue", _read_series)


def _index_by_id() -> Mapping[int, PolicyVersion]:
    return {promise.id: promise for versions in _read_policies().values() for promise in versions}


_get_policies_by_id = CachedTable("catalogue", _index_by_id)


def get_policy_version(policy: int) -> PolicyVersion:
    """Return a policy version by id, current or not."""
    return _get_policies_by_id()[policy]


def list_policies_alerting(level: EscalationLevel) -> list[int]:
    """Return the ids of all policy versions that alert this level about inactive cases."""
    return [
        policy.id
        for policy in _get_policies_by_id().values()
        if policy.terms.no_action and policy.terms.no_action.level is level
    ]


class EffectivePolicy(NamedTuple):
    """A policy in force at a body. `set_by_entity`: the body that set its terms; `None`: the country.

    `versions`: all versions of these terms, past and future, newest first.
    """

    policy: PolicyVersion
    national_policy: PolicyVersion
    set_by_entity: int | None
    versions: list[PolicyVersion]

    @property
    def is_different(self) -> bool:
        return self.policy.terms != self.national_policy.terms


def list_effective_policies(entity: int, at: datetime) -> list[EffectivePolicy]:
    """Return every national policy as it applies to this body today."""
    rules = []
    for code, of_entity, of_service in _get_policies():
        if of_entity or of_service:
            continue
        scopes: list[_Scope] = [(code, above, None) for above in reversed(get_ancestors(entity))]
        with suppress(PolicyNotFound):
            promise, national = (
                _find_newest_version([*scopes, (code, None, None)], at),
                _find_newest_version([(code, None, None)], at),
            )
            versions = _get_policies()[code, promise.entity, None][::-1]
            rules.append(EffectivePolicy(promise, national, promise.entity, versions))
    return rules


def list_topics_with_own_terms(entity: int, at: datetime) -> list[tuple[Topic, PolicyVersion]]:
    """Return the body's topics with terms of their own."""
    own = []
    for code, _of_entity, of_service in _get_policies():
        if of_service and (topic := _get_catalogue().topics[of_service]).entity == entity:
            with suppress(PolicyNotFound):
                own.append((topic, _find_newest_version([(code, None, of_service)], at)))
    return own
