"""List filters, parsed from the query string and shown as labels: every state of a list can be shared as a link."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bekhedmetkom.cases.queries import QueueFilter
from bekhedmetkom.cases.rules.channels import CHANNEL_LABELS
from bekhedmetkom.cases.rules.states import STATE_LABELS, State
from bekhedmetkom.catalogue.queries import list_services_of
from bekhedmetkom.catalogue.rules import KIND_LABELS, Kind
from bekhedmetkom.entities.queries import get_governorates, get_tree, list_units
from bekhedmetkom.identity.queries import get_reachable_bodies, list_colleagues
from bekhedmetkom.identity.rules import Permission
from bekhedmetkom.kernel.clock import get_local_date
from bekhedmetkom.kernel.formatting import format_short_date

from ..request_context import RequestContext

FilterOptions = Mapping[str, str]  # what the address says: how people call it
ME, NOBODY = "me", "none"


@dataclass(frozen=True, slots=True)
class FilterScope:
    """Whose units, topics and officers the filters offer: those of `body`, if the officer works at only one."""

    visit: RequestContext
    states: Collection[State]
    body: int | None


class ListFilter(NamedTuple):
    """`options`: choices; `None` for a date. `has_menu`: has its own menu above the list."""

    name: str
    title: str | Promise
    parse: Callable[[str, RequestContext], dict[str, Any]]
    options: Callable[[FilterScope], FilterOptions] | None = None
    has_menu: bool = False


def _list_kinds(focus: FilterScope) -> FilterOptions:
    return {str(kind): KIND_LABELS[kind].in_language(focus.visit.language) for kind in Kind}


def _list_states(focus: FilterScope) -> FilterOptions:
    return {str(state): STATE_LABELS[state].in_language(focus.visit.language) for state in focus.states}


def _list_governorates(focus: FilterScope) -> FilterOptions:
    return {str(place.id): place.get_name(focus.visit.language) for place in get_governorates().values()}


def _list_channels(focus: FilterScope) -> FilterOptions:
    return {name: words.in_language(focus.visit.language) for name, words in CHANNEL_LABELS.items()}


def _list_services(focus: FilterScope) -> FilterOptions:
    """Return the topics of one body; those of several are too many for a menu."""
    today = get_local_date(focus.visit.at)
    topics = [topic for topic in list_services_of(focus.body) if topic.is_open(today)] if focus.body else []
    return _sort_by_name({str(topic.id): topic.get_name(focus.visit.language) for topic in topics})


def _list_bodies(focus: FilterScope) -> FilterOptions:
    reach = get_reachable_bodies(focus.visit.actor, Permission.READ)
    bodies = [body for body in get_tree() if reach is None or body.id in reach]
    return (
        _sort_by_name({str(body.id): body.get_name(focus.visit.language) for body in bodies})
        if len(bodies) > 1
        else {}
    )


def _list_units(focus: FilterScope) -> FilterOptions:
    found = list_units(focus.body, get_local_date(focus.visit.at)) if focus.body else ()
    return {str(unit.id): unit.get_name(focus.visit.language) for unit in found}


def _list_officers(focus: FilterScope) -> FilterOptions:
    found = list_colleagues(focus.body, focus.visit.at) if focus.body else ()
    named = {str(who.id): who.name.in_language(focus.visit.language) for who in found}
    return {ME: gettext("أنا"), NOBODY: gettext("لا أحد"), **named}


def _sort_by_name(options: FilterOptions) -> FilterOptions:
    return dict(sorted(options.items(), key=lambda pair: pair[1]))


def _parse_officer(value: str, visit: RequestContext) -> dict[str, Any]:
    if value == NOBODY:
        return {"nobody": True}
    return {"officer": visit.actor.officer_id if value == ME else int(value)}


def _parse_deadline(value: str, visit: RequestContext) -> dict[str, Any]:
    if value == "late":
        return {"overdue": True}
    today = get_local_date(visit.at)
    return {"due_from": today, "due_to": today + timedelta(days={"today": 0, "week": 6}[value])}


def _build_parser(name: str, read: Callable[[str], Any]) -> Callable[[str, RequestContext], dict[str, Any]]:
    return lambda value, _visit: {name: read(value)}


LIST_FILTERS = (
    ListFilter("kind", _("النوع"), _build_parser("kind", Kind), _list_kinds, has_menu=True),
    ListFilter("state", _("الحالة"), _build_parser("state", State), _list_states, has_menu=True),
    ListFilter("service", _("الموضوع"), _build_parser("service", int), _list_services, has_menu=True),
    ListFilter("governorate", _("المكان"), _build_parser("governorate", int), _list_governorates, has_menu=True),
    ListFilter("channel", _("القناة"), _build_parser("channel", str), _list_channels, has_menu=True),
    ListFilter(
        "due", _("الموعد"), _parse_deadline, has_menu=True,
        options=lambda _focus: {"late": gettext("متأخر"), "today": gettext("اليوم"), "week": gettext("خلال 7 أيام")},
    ),
    ListFilter("urgent", _("عاجل"), _build_parser("urgent", bool), lambda _focus: {"1": gettext("العاجل وحده")}),
    ListFilter("entity", _("الجهة"), _build_parser("entity", int), _list_bodies),
    ListFilter("unit", _("القسم"), _build_parser("unit", int), _list_units),
    ListFilter("officer", _("المكلّف"), _parse_officer, _list_officers),
    ListFilter("due_from", _("موعده من"), _build_parser("due_from", date.fromisoformat)),
    ListFilter("due_to", _("موعده حتى"), _build_parser("due_to", date.fromisoformat)),
    ListFilter("came_from", _("وصل من"), _build_parser("came_from", date.fromisoformat)),
    ListFilter("came_to", _("وصل حتى"), _build_parser("came_to", date.fromisoformat)),
)  # fmt: skip


@dataclass
class AppliedFilters:
    """The filters in a query string. Unknown choices are ignored, so old links keep working."""

    scope: FilterScope
    values: dict[str, str] = field(default_factory=dict)  # conditions that hold, as the address says them
    labels: dict[str, str] = field(default_factory=dict)  # … and as people do
    filters: QueueFilter = field(default_factory=QueueFilter)
    invalid_dates: list[str] = field(default_factory=list)  # names of days that are none

    @property
    def is_active(self) -> bool:
        return bool(self.values)

    def list_chips(self) -> list[tuple[str, str]]:
        """Return the active filters by parameter name: "النوع: سؤال"."""
        return [(name, f"{_FILTERS_BY_NAME[name].title}: {said}") for name, said in self.labels.items()]


def parse_filters(query: QueryDict, visit: RequestContext, states: Collection[State]) -> AppliedFilters:
    """Parse the filters of a query string."""
    focus = FilterScope(visit, states, _get_only_body(visit))
    asked = {name: value for name in _FILTERS_BY_NAME if (value := query.get(name, "").strip())}
    if "entity" in asked and asked["entity"] in _list_bodies(focus):
        focus = FilterScope(visit, states, int(asked["entity"]))
    found = AppliedFilters(focus)
    wanted: dict[str, Any] = {}
    for name, value in asked.items():
        condition = _FILTERS_BY_NAME[name]
        said = _format_day(value, visit) if condition.options is None else condition.options(focus).get(value)
        if said is None:
            found.invalid_dates += [] if condition.options else [name]
            continue
        found.values[name], found.labels[name] = value, said
        wanted |= condition.parse(value, visit)
    found.filters = QueueFilter(**wanted)
    return found


_FILTERS_BY_NAME = {condition.name: condition for condition in LIST_FILTERS}


def _get_only_body(visit: RequestContext) -> int | None:
    """Return the officer's body; `None` for an officer of several bodies or of all."""
    bodies = {grant.entity for grant in visit.actor.grants}
    return bodies.pop() if len(bodies) == 1 else None


def _format_day(value: str, visit: RequestContext) -> str | None:
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return None
    return format_short_date(day, visit.language, year=True) if day.year in _VALID_YEARS else None


_VALID_YEARS = range(2000, 2101)  # beyond, calendars end somewhere
