"""Queries of the directory, answered from memory (`table_cache`)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q

from bekhedmetkom.kernel.text import BilingualText
from bekhedmetkom.kernel.working_calendar import WorkingCalendar, WorkingHoursPeriod
from bekhedmetkom.language.normalisation import fold_text

from . import models, rules
from .table_cache import CachedTable, get_version
from .tree import Body, EntityTree, get_path_to_root


@dataclass(frozen=True, slots=True)
class GovernorateRecord:
    """A governorate."""

    id: int
    code: str
    iso_3166_2: str
    name_ar: str
    name_en: str
    region_ar: str

    @property
    def name(self) -> BilingualText:
        return BilingualText(self.name_ar, self.name_en)

    def get_name(self, language: str) -> str:
        return self.name_en if language.startswith("en") else self.name_ar


@dataclass(frozen=True, slots=True)
class SectorRecord:
    """A minister's area of responsibility; `ministry` is the body that leads it."""

    id: int
    code: str
    name_ar: str
    name_en: str
    ministry: int

    def get_name(self, language: str) -> str:
        return self.name_en if language.startswith("en") else self.name_ar


@dataclass(frozen=True, slots=True)
class UnitRecord:
    """A unit of a body."""

    id: int
    code: str
    name_ar: str
    name_en: str
    entity: int
    closed_on: date | None
    parent: int | None
    successor: int | None

    @property
    def name(self) -> BilingualText:
        return BilingualText(self.name_ar, self.name_en)

    def get_name(self, language: str) -> str:
        return self.name_en if language.startswith("en") else self.name_ar

    def is_open(self, day: date) -> bool:
        return self.closed_on is None or day < self.closed_on


def _read_tree() -> EntityTree:
    serves: dict[int, set[int]] = {}
    for entity, governorate in models.Entity.governorates.through.objects.values_list(
        "entity_id", "governorate_id"
    ):
        serves.setdefault(entity, set()).add(governorate)
    called: dict[int, list[tuple[date, BilingualText]]] = {}
    for name in models.EntityName.objects.order_by(F("since").asc(nulls_first=True)):
        called.setdefault(name.entity_id, []).append((name.since or date.min, name.name))
    return EntityTree(
        {
            row.pk: Body(
                id=row.pk, code=row.code, name_ar=row.name_ar, name_en=row.name_en, kind=row.kind,
                parent=row.parent_id, sector=row.sector_id, ancestors=tuple(row.ancestors),
                governorates=frozenset(serves.get(row.pk, ())), email=row.email,
                phone=row.phone, closed_on=row.closed_on, successor=row.successor_id,
                names=tuple(called.get(row.pk, ())),
            )
            for row in models.Entity.objects.order_by("pk")
        }
    )  # fmt: skip


def _read_governorates() -> Mapping[int, GovernorateRecord]:
    columns = ("id", "code", "iso_3166_2", "name_ar", "name_en", "region_ar")
    return {
        row[0]: GovernorateRecord(*row)
        for row in models.Governorate.objects.order_by("pk").values_list(*columns)
    }


def _read_sectors() -> Mapping[int, SectorRecord]:
    rows = models.Sector.objects.exclude(ministry=None).order_by("pk")
    return {
        row[0]: SectorRecord(*row)
        for row in rows.values_list("id", "code", "name_ar", "name_en", "ministry_id")
    }


def _read_units() -> Mapping[int, UnitRecord]:
    """Ordered by name, as in every list."""
    columns = ("pk", "code", "name_ar", "name_en", "entity_id", "closed_on", "parent_id", "successor_id")
    return {
        row[0]: UnitRecord(*row)
        for row in models.Unit.objects.order_by("name_ar", "pk").values_list(*columns)
    }


def _read_calendar() -> WorkingCalendar:
    """Rows without an end come first: where periods overlap, the calendar applies the last one."""
    hours = sorted(
        models.WorkingHours.objects.all(), key=lambda row: (row.valid_until is not None, row.valid_from)
    )
    return WorkingCalendar(
        periods=tuple(
            WorkingHoursPeriod(row.valid_from, row.valid_until, row.opens, row.closes) for row in hours
        ),
        holidays=frozenset(models.Holiday.objects.filter(withdrawn_on=None).values_list("date", flat=True)),
    )


def _fold_names() -> list[tuple[str, Body]]:
    """Return (folded names, body) for search; includes former names, which people still use."""
    names = {body.id: [body.name, *(name for _, name in body.names)] for body in get_tree()}
    return [
        (
            f"{' '.join(fold_text(text) for name in names[body.id] for text in name)} {body.code.casefold()}",
            body,
        )
        for body in get_tree()
    ]


get_tree = CachedTable("tree", _read_tree)
get_governorates = CachedTable("tree", _read_governorates)
get_sectors = CachedTable("tree", _read_sectors)
get_units = CachedTable("units", _read_units)
get_working_calendar = CachedTable("calendar", _read_calendar)
_folded_names = CachedTable("tree", _fold_names)


def get_tree_version() -> int:
    """Return a number that changes with every change of a body."""
    return get_version("tree")


def get_calendar_version() -> int:
    """Return a number that changes with opening hours and holidays; open deadlines are then recomputed."""
    return get_version("calendar")


def get_subtree(entity: int) -> frozenset[int]:
    """Return the ids of the body and of every body below it."""
    return get_tree().subtrees[entity]


def get_ancestors(entity: int) -> tuple[int, ...]:
    """Return the ids from the root of the tree to the body itself."""
    return get_tree()[entity].ancestors


def find_nearest(entity: int, having: Collection[int]) -> int | None:
    """Return the body itself or its nearest ancestor among `having`, else `None`."""
    return get_tree().find_nearest(entity, having)


def find_successor(entity: int, on: date) -> Body | None:
    """Return the body while it is open on that day, else its successor; `None` if there is neither."""
    bodies = get_tree()
    return bodies.find_successor(entity, on) if entity in bodies else None


def find_successor_by_code(code: str, on: date) -> Body | None:
    """Like `find_successor`, for a code: links and clients keep old codes."""
    body = get_tree().by_code.get(code)
    return get_tree().find_successor(body.id, on) if body else None


def get_embed_origins(entity: int) -> list[str]:
    """Return the origins of the body's web sites that may embed the form."""
    found = models.Entity.objects.values_list("embed_origins", flat=True).get(pk=entity)
    return found.split()


def find_unit_at(unit: int | None, entity: int) -> int | None:
    """Return the unit, or its successor, at this body; `None` if there is none."""
    section = get_units().get(unit or 0)
    while section and section.entity != entity:
        section = get_units().get(section.successor or 0)
    return section.id if section else None


def get_prime_ministry() -> int:
    """Return the id of the Prime Ministry, the fallback for every responsibility."""
    return get_tree().by_code[rules.PRIME_MINISTRY_CODE].id


def search_entities(text: str, on: date, limit: int = 20) -> list[Body]:
    """Return bodies open on that day whose names or code contain every word of `text`; prefix matches first.

    A closed body is replaced by its successor.
    """
    words = fold_text(text).split()
    found = [(folded, body) for folded, body in _folded_names() if all(word in folded for word in words)]
    found.sort(key=lambda pair: (not pair[0].startswith(" ".join(words)), len(pair[0])))
    successors = (get_tree().find_successor(body.id, on) for _, body in found)
    return list({body.id: body for body in successors if body}.values())[:limit]


def get_unit_path(unit: int) -> list[int]:
    """Return the ids from the top unit to the unit itself, each preceded by its predecessors."""
    path = get_path_to_root(unit, {key: section.parent for key, section in get_units().items()})
    before = {key: section.successor for key, section in get_units().items() if section.successor}
    found: list[int] = []
    for step in path:
        chain = [step]
        while earlier := [key for key, later in before.items() if later in chain and key not in chain]:
            chain = [*earlier, *chain]
        found += chain
    return found


def find_unit_by_name(entity: int, text: str) -> int | None:
    """Return the open unit of the body with this code or name, or `None`."""
    folded = fold_text(text)
    return next(
        (
            unit.id
            for unit in get_units().values()
            if unit.entity == entity
            and folded in (fold_text(unit.name_ar), fold_text(unit.name_en), fold_text(unit.code))
            and unit.closed_on is None
        ),
        None,
    )


def list_units(entity: int, on: date) -> list[UnitRecord]:
    """Return the units of a body that are open on that day, by name."""
    return [unit for unit in get_units().values() if unit.entity == entity and unit.is_open(on)]


def list_hours_and_holidays(since: date) -> tuple[list[models.WorkingHours], list[models.Holiday]]:
    """Return the opening hours and holidays that apply on or after a date."""
    hours = models.WorkingHours.objects.filter(Q(valid_until=None) | Q(valid_until__gte=since))
    return list(hours.order_by("valid_from")), list(
        models.Holiday.objects.filter(date__gte=since).order_by("date")
    )
