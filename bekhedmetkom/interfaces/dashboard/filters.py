"""Which figures an address asks for: days, what narrows them, how they are shown. Every state can be sent as a link."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bekhedmetkom.analytics.rules.slices import Slice
from bekhedmetkom.cases.rules.channels import CHANNEL_LABELS
from bekhedmetkom.catalogue.queries import find_service_by_code, list_services_of
from bekhedmetkom.catalogue.rules import KIND_LABELS, Kind
from bekhedmetkom.entities.queries import get_governorates, get_sectors, get_tree, list_units
from bekhedmetkom.entities.tree import Body
from bekhedmetkom.kernel.text import BilingualText

from .phrases import format_period
from .request_context import RequestContext

DEFAULT_DAYS = 30  # that are shown where the address names none
EARLIEST_DATE = date(2000, 1, 1)  # before it calendars of browsers and of ours may differ
WALL_VIEW = "wall"
WALL_VIEWS = ("1", "2")  # views of the wall
FILTER_TITLES: Mapping[str, str | Promise] = {
    "sector": _("القطاع"), "entity": _("الجهة"), "unit": _("القسم"), "kind": _("النوع"), "topic": _("الموضوع"),
    "governorate": _("المحافظة"), "channel": _("القناة"),
}  # fmt: skip


_TODAY_LABEL = BilingualText("اليوم", "Today")


class OptionGroup(NamedTuple):
    """Options of a choice; in a list of several groups `name` stands above its own."""

    name: str
    options: Mapping[str, str]


FilterChoices = Mapping[str, Sequence[OptionGroup]]


@dataclass(frozen=True, slots=True)
class Filters:
    """`given`: what the address says, as far as it can be read, in one order. `turn`: which view of the wall."""

    context: RequestContext
    slice: Slice
    query: Mapping[str, str]
    choices: FilterChoices
    is_wall: bool = False
    view: int = 1
    labels: Sequence[str] = field(default=())  # what narrows, as people read it

    def build_query_string(self, *without: str, **more: object) -> str:
        """The same figures but for what is said here: what follows the question mark."""
        parts = {**self.query, **{name: str(value) for name, value in more.items() if value}}
        return urlencode({name: value for name, value in parts.items() if name not in without})

    @property
    def query_string(self) -> str:
        """The address of these figures, however they are shown."""
        return self.build_query_string("view", "show")

    @property
    def has_filters(self) -> bool:
        return any(name in self.query for name in FILTER_TITLES)

    @property
    def form_fields(self) -> list[tuple[str, str | Promise, Sequence[OptionGroup], str]]:
        """Of the form: name, title, what can be chosen, what is."""
        return [
            (name, title, self.choices[name], self.query.get(name, ""))
            for name, title in FILTER_TITLES.items()
            if self.choices[name]
        ]

    @property
    def labelled_filters(self) -> list[tuple[str, str]]:
        """What narrows, by its name in the address: «الجهة: أمانة عمان»."""
        names = [name for name in FILTER_TITLES if name in self.query]
        return [
            (name, f"{FILTER_TITLES[name]}: {said}") for name, said in zip(names, self.labels, strict=True)
        ]

    @property
    def period_text(self) -> str:
        """The days in words."""
        return format_period(self.slice.start, self.slice.end, self.context.language, self.context.today.year)

    @property
    def ends_today(self) -> bool:
        return self.slice.end == self.context.today

    def list_periods(self) -> list[tuple[str | Promise, str, bool]]:
        """Usual days: what they are called, their address, whether these are they."""
        today = self.context.today
        usual: list[tuple[str | Promise, date, date]] = [
            (_TODAY_LABEL.in_language(self.context.language), today, today), (_("7 أيام"), today - timedelta(6), today),
            (_("30 يومًا"), today - timedelta(DEFAULT_DAYS - 1), today), (_("هذا الشهر"), today.replace(day=1), today),
            (_("90 يومًا"), today - timedelta(89), today), (_("هذه السنة"), today.replace(month=1, day=1), today),
        ]  # fmt: skip
        return [
            (title, self._build_period_query(start, end), (start, end) == (self.slice.start, self.slice.end))
            for title, start, end in usual
        ]

    def _build_period_query(self, start: date, end: date) -> str:
        if (end - start).days == DEFAULT_DAYS - 1:
            return self.build_query_string("from", "to")
        return self.build_query_string(**{"from": start, "to": end})


def parse_filters(query: QueryDict, visit: RequestContext) -> Filters:
    """What an address asks for. A choice that does not exist is no choice: an old link still shows figures."""
    start, end = _parse_period(query, visit.today)
    body, choices = _list_choices(query, visit)
    given = {name: str(day) for name in ("from", "to") if (day := _parse_date(query.get(name, "")))}
    narrowed = {
        name: value for name, groups in choices.items()
        if any((value := query.get(name, "").strip()) in group.options for group in groups)
    }  # fmt: skip
    wall = query.get("view") == WALL_VIEW
    turn = WALL_VIEWS.index(query.get("show", "")) + 1 if query.get("show") in WALL_VIEWS else 1
    given |= (
        narrowed | ({"view": WALL_VIEW} if wall else {}) | ({"show": str(turn)} if wall and turn > 1 else {})
    )
    return Filters(
        visit, Slice(start, end, **_build_conditions(narrowed, body, visit)), given, choices, wall, turn,
        [group.options[value] for name, value in narrowed.items() for group in choices[name] if value in group.options],
    )  # fmt: skip


def _parse_date(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day >= EARLIEST_DATE else None


def _parse_period(query: QueryDict, today: date) -> tuple[date, date]:
    """Both ends within what has been; told the wrong way round, they are turned."""
    first, last = _parse_date(query.get("from", "")), _parse_date(query.get("to", ""))
    end = min(last or today, today)
    start = min(first or end - timedelta(DEFAULT_DAYS - 1), today)
    return min(start, end), max(start, end)


def _list_choices(query: QueryDict, visit: RequestContext) -> tuple[Body | None, FilterChoices]:
    """What can be chosen: units and topics are those of the body that is."""
    language = visit.language
    bodies = [body for body in visit.bodies if body.is_open(visit.today)]
    in_sectors = {
        sector.id: sector for sector in get_sectors().values() if any(b.sector == sector.id for b in bodies)
    }
    grouped = [
        OptionGroup(
            sector.get_name(language), {b.code: b.get_name(language) for b in bodies if b.sector == sector.id}
        )
        for sector in sorted(in_sectors.values(), key=lambda sector: sector.get_name(language))
    ]
    body = get_tree().by_code.get(query.get("entity", ""))
    body = body if body in bodies else bodies[0] if len(bodies) == 1 else None
    units = {unit.code: unit.get_name(language) for unit in list_units(body.id, visit.today)} if body else {}
    topics = {
        topic.code: topic.get_name(language)
        for topic in (list_services_of(body.id) if body else ())
        if topic.is_open(visit.today)
    }
    several = {sector.code: sector.get_name(language) for sector in in_sectors.values()}
    choices = {
        "sector": [OptionGroup("", several)] if len(several) > 1 else [],
        "entity": grouped if len(bodies) > 1 else [],
        "unit": [OptionGroup("", units)] if units else [],
        "kind": [OptionGroup("", {str(kind): KIND_LABELS[kind].in_language(language) for kind in Kind})],
        "topic": [OptionGroup("", topics)] if topics else [],
        "governorate": [
            OptionGroup("", {place.code: place.get_name(language) for place in get_governorates().values()})
        ],
        "channel": [
            OptionGroup("", {name: words.in_language(language) for name, words in CHANNEL_LABELS.items()})
        ],
    }
    return body, choices


def _build_conditions(
    narrowed: Mapping[str, str], body: Body | None, visit: RequestContext
) -> dict[str, Any]:
    """A slice's own names and keys for what was chosen. A body says more than its sector."""
    entities = visit.reach
    if "sector" in narrowed:
        sector = next(one.id for one in get_sectors().values() if one.code == narrowed["sector"])
        entities = frozenset(one.id for one in visit.bodies if one.sector == sector)
    if "entity" in narrowed:
        entities = frozenset({get_tree().by_code[narrowed["entity"]].id})
    found: dict[str, Any] = {"entities": entities}
    if "unit" in narrowed and body:
        found["unit"] = next(u.id for u in list_units(body.id, visit.today) if u.code == narrowed["unit"])
    if "topic" in narrowed:
        topic = find_service_by_code(narrowed["topic"])
        found["service"] = topic.id if topic else None
    if "governorate" in narrowed:
        found["governorate"] = next(
            p.id for p in get_governorates().values() if p.code == narrowed["governorate"]
        )
    return found | {name: narrowed[name] for name in ("kind", "channel") if name in narrowed}
