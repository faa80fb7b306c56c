"""Destinations of a case: suggested, searched for, and chosen."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.utils.translation import get_language, gettext

from bekhedmetkom.catalogue.queries import Topic, get_service, search_services
from bekhedmetkom.catalogue.rules import Kind
from bekhedmetkom.entities.queries import get_tree, search_entities
from bekhedmetkom.entities.tree import Body
from bekhedmetkom.kernel import clock
from bekhedmetkom.kernel.clock import get_local_date
from bekhedmetkom.routing.queries import suggest_destinations

from .answers import NO_TOPIC, Answers

MAX_BODIES = 8
MAX_TOPICS = 12


@dataclass(frozen=True, slots=True)
class DestinationOption:
    """One destination: `value` is what the form sends, `reasons` explain a suggestion."""

    value: str
    title: str
    topic: str = ""
    reasons: tuple[str, ...] = ()


def list_suggested_destinations(answers: Answers) -> list[DestinationOption]:
    """Return at most three suggestions, best first, with their main reasons."""
    language = get_language() or "ar"
    kind = Kind(answers.kind) if answers.kind in list(Kind) else None
    return [
        _build_option(
            get_tree()[candidate.entity],
            get_service(candidate.service) if candidate.service else None,
            tuple(reason.text.in_language(language) for reason in candidate.reasons),
        )
        for candidate in suggest_destinations(answers.text, kind, None)
    ]


def search_destinations(query: str) -> list[DestinationOption]:
    """Return bodies, then topics, whose names contain the words."""
    today = get_local_date(clock.now())
    bodies = [_build_option(body, None) for body in search_entities(query, today, MAX_BODIES)]
    topics = [_build_option(get_tree()[topic.entity], topic) for topic in search_services(query, MAX_TOPICS)]
    return [*bodies, *topics]


def get_chosen_destination(answers: Answers) -> DestinationOption | None:
    """Return the destination chosen before, or `None`."""
    if answers.entity is None:
        return None
    option = _build_option(answers.entity, answers.topic)
    if answers.to.endswith(f"/{NO_TOPIC}"):
        return replace(option, value=answers.to, topic=gettext("موضوع آخر"))
    return option


def remove_duplicates(options: Iterable[DestinationOption | None]) -> list[DestinationOption]:
    """Return the options in order, each once."""
    return list({option.value: option for option in reversed([o for o in options if o])}.values())[::-1]


def _build_option(body: Body, topic: Topic | None, reasons: tuple[str, ...] = ()) -> DestinationOption:
    language = get_language() or "ar"
    name = topic.get_name(language) if topic else gettext("تختار الموضوع في الصفحة التالية")
    return DestinationOption(
        f"{body.code}/{topic.code if topic else ''}", body.get_name(language), name, reasons
    )
