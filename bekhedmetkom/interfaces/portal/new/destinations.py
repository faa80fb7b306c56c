"""Where a case could go: what the platform suggests and why, what the person searched for, and what they chose."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.utils.translation import get_language, gettext

from bekhedmetkom.catalogue.queries import Topic, search_topics, service
from bekhedmetkom.catalogue.rules import Kind
from bekhedmetkom.entities.queries import search_entities, tree
from bekhedmetkom.entities.tree import Body
from bekhedmetkom.kernel import clock
from bekhedmetkom.kernel.clock import local_day
from bekhedmetkom.routing.queries import suggest

from .answers import NO_TOPIC, Answers

MOST_BODIES = 8
MOST_TOPICS = 12


@dataclass(frozen=True, slots=True)
class Option:
    """One way to go: `value` is what the form sends, `why` the reasons behind a suggestion."""

    value: str
    title: str
    topic: str = ""
    why: tuple[str, ...] = ()


def suggested(answers: Answers) -> list[Option]:
    """At most three, the likeliest first, each with the words and facts that weighed most."""
    language = get_language() or "ar"
    kind = Kind(answers.kind) if answers.kind in list(Kind) else None
    return [
        _option(
            tree()[candidate.entity],
            service(candidate.service) if candidate.service else None,
            tuple(reason.words.in_(language) for reason in candidate.reasons),
        )
        for candidate in suggest(answers.text, kind, None)
    ]


def found(query: str) -> list[Option]:
    """Bodies whose names hold the words that were searched for, then topics that do."""
    today = local_day(clock.now())
    bodies = [_option(body, None) for body in search_entities(query, today, MOST_BODIES)]
    topics = [_option(tree()[topic.entity], topic) for topic in search_topics(query, MOST_TOPICS)]
    return [*bodies, *topics]


def chosen(answers: Answers) -> Option | None:
    """What was chosen before, so that a page that comes back shows it."""
    if answers.entity is None:
        return None
    option = _option(answers.entity, answers.topic)
    if answers.to.endswith(f"/{NO_TOPIC}"):
        return replace(option, value=answers.to, topic=gettext("موضوع آخر"))
    return option


def distinct(options: Iterable[Option | None]) -> list[Option]:
    """In order, the first of each."""
    return list({option.value: option for option in reversed([o for o in options if o])}.values())[::-1]


def _option(body: Body, topic: Topic | None, why: tuple[str, ...] = ()) -> Option:
    language = get_language() or "ar"
    name = topic.name_in(language) if topic else gettext("تختار الموضوع في الصفحة التالية")
    return Option(f"{body.code}/{topic.code if topic else ''}", body.name_in(language), name, why)
