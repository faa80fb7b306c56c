"""What narrows a list, as its address says it and as people read it: every state of a list can be sent as a link."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bekhedmetkom.cases.queries import Filters
from bekhedmetkom.cases.rules.channels import CHANNELS
from bekhedmetkom.cases.rules.states import STATE_WORDS, State
from bekhedmetkom.catalogue.queries import list_services_of
from bekhedmetkom.catalogue.rules import KIND_LABELS, Kind
from bekhedmetkom.entities.queries import get_governorates, get_tree, list_units
from bekhedmetkom.identity.queries import get_reachable_bodies, list_colleagues
from bekhedmetkom.identity.rules import Permission
from bekhedmetkom.kernel.clock import get_local_date
from bekhedmetkom.kernel.formatting import format_short_date

from .visit import RequestContext

Options = Mapping[str, str]  # what the address says: how people call it
ME, NOBODY = "me", "none"


@dataclass(frozen=True, slots=True)
class Focus:
    """Of whose units, topics and people a list can be narrowed to: those of `body`, where it is of one body alone."""

    visit: RequestContext
    states: Collection[State]
    body: int | None


class Condition(NamedTuple):
    """`options` for a choice; `None`: a day. `quick`: has a menu of its own above the list."""

    name: str
    title: str | Promise
    filters: Callable[[str, RequestContext], dict[str, Any]]
    options: Callable[[Focus], Options] | None = None
    quick: bool = False


def _kinds(focus: Focus) -> Options:
    return {str(kind): KIND_LABELS[kind].in_(focus.visit.language) for kind in Kind}


def _states(focus: Focus) -> Options:
    return {str(state): STATE_WORDS[state].in_(focus.visit.language) for state in focus.states}


def _governorates(focus: Focus) -> Options:
    return {str(place.id): place.name_in(focus.visit.language) for place in get_governorates().values()}


def _channels(focus: Focus) -> Options:
    return {name: words.in_(focus.visit.language) for name, words in CHANNELS.items()}


def _services(focus: Focus) -> Options:
    """The topics of one body: those of several are too many for a list."""
    today = get_local_date(focus.visit.at)
    topics = [topic for topic in list_services_of(focus.body) if topic.is_open(today)] if focus.body else []
    return _by_name({str(topic.id): topic.name_in(focus.visit.language) for topic in topics})


def _bodies(focus: Focus) -> Options:
    reach = get_reachable_bodies(focus.visit.actor, Permission.READ)
    bodies = [body for body in get_tree() if reach is None or body.id in reach]
    return (
        _by_name({str(body.id): body.name_in(focus.visit.language) for body in bodies})
        if len(bodies) > 1
        else {}
    )


def _units(focus: Focus) -> Options:
    found = list_units(focus.body, get_local_date(focus.visit.at)) if focus.body else ()
    return {str(unit.id): unit.name_in(focus.visit.language) for unit in found}


def _people(focus: Focus) -> Options:
    found = list_colleagues(focus.body, focus.visit.at) if focus.body else ()
    named = {str(who.id): who.name.in_(focus.visit.language) for who in found}
    return {ME: gettext("أنا"), NOBODY: gettext("لا أحد"), **named}


def _by_name(options: Options) -> Options:
    return dict(sorted(options.items(), key=lambda pair: pair[1]))


def _whose(value: str, visit: RequestContext) -> dict[str, Any]:
    if value == NOBODY:
        return {"nobody": True}
    return {"officer": visit.actor.officer_id if value == ME else int(value)}


def _due(value: str, visit: RequestContext) -> dict[str, Any]:
    if value == "late":
        return {"overdue": True}
    today = get_local_date(visit.at)
    return {"due_from": today, "due_to": today + timedelta(days={"today": 0, "week": 6}[value])}


def _same(name: str, read: Callable[[str], Any]) -> Callable[[str, RequestContext], dict[str, Any]]:
    return lambda value, _visit: {name: read(value)}


CONDITIONS = (
    Condition("kind", _("النوع"), _same("kind", Kind), _kinds, quick=True),
    Condition("state", _("الحالة"), _same("state", State), _states, quick=True),
    Condition("service", _("الموضوع"), _same("service", int), _services, quick=True),
    Condition("governorate", _("المكان"), _same("governorate", int), _governorates, quick=True),
    Condition("channel", _("القناة"), _same("channel", str), _channels, quick=True),
    Condition(
        "due", _("الموعد"), _due, quick=True,
        options=lambda _focus: {"late": gettext("متأخر"), "today": gettext("اليوم"), "week": gettext("خلال 7 أيام")},
    ),
    Condition("urgent", _("عاجل"), _same("urgent", bool), lambda _focus: {"1": gettext("العاجل وحده")}),
    Condition("entity", _("الجهة"), _same("entity", int), _bodies),
    Condition("unit", _("القسم"), _same("unit", int), _units),
    Condition("officer", _("المكلّف"), _whose, _people),
    Condition("due_from", _("موعده من"), _same("due_from", date.fromisoformat)),
    Condition("due_to", _("موعده حتى"), _same("due_to", date.fromisoformat)),
    Condition("came_from", _("وصل من"), _same("came_from", date.fromisoformat)),
    Condition("came_to", _("وصل حتى"), _same("came_to", date.fromisoformat)),
)  # fmt: skip


@dataclass
class Narrowing:
    """What an address asks for. A choice that does not exist is no choice: an old link still shows the queue."""

    focus: Focus
    given: dict[str, str] = field(default_factory=dict)  # conditions that hold, as the address says them
    said: dict[str, str] = field(default_factory=dict)  # … and as people do
    filters: Filters = field(default_factory=Filters)
    unread: list[str] = field(default_factory=list)  # names of days that are none

    @property
    def narrows(self) -> bool:
        return bool(self.given)

    def titles(self) -> list[tuple[str, str]]:
        """What holds, by its name in the address: "النوع: سؤال"."""
        return [(name, f"{_BY_NAME[name].title}: {said}") for name, said in self.said.items()]


def narrowing(query: QueryDict, visit: RequestContext, states: Collection[State]) -> Narrowing:
    """Read what narrows a list from its address."""
    focus = Focus(visit, states, _one_body(visit))
    asked = {name: value for name in _BY_NAME if (value := query.get(name, "").strip())}
    if "entity" in asked and asked["entity"] in _bodies(focus):
        focus = Focus(visit, states, int(asked["entity"]))
    found = Narrowing(focus)
    wanted: dict[str, Any] = {}
    for name, value in asked.items():
        condition = _BY_NAME[name]
        said = _day(value, visit) if condition.options is None else condition.options(focus).get(value)
        if said is None:
            found.unread += [] if condition.options else [name]
            continue
        found.given[name], found.said[name] = value, said
        wanted |= condition.filters(value, visit)
    found.filters = Filters(**wanted)
    return found


_BY_NAME = {condition.name: condition for condition in CONDITIONS}


def _one_body(visit: RequestContext) -> int | None:
    """The body that the officer works at; `None` for who works at several, or for all."""
    bodies = {grant.entity for grant in visit.actor.grants}
    return bodies.pop() if len(bodies) == 1 else None


def _day(value: str, visit: RequestContext) -> str | None:
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return None
    return format_short_date(day, visit.language, year=True) if day.year in _YEARS else None


_YEARS = range(2000, 2101)  # beyond, calendars end somewhere
