"""The public bodies as an in-memory tree."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from bekhedmetkom.kernel.text import BilingualText

K = TypeVar("K")


@dataclass(frozen=True, slots=True)
class Body:
    """A public body. `ancestors` holds the ids from the root to itself.

    `names`: all names with the date since which each applies; empty for bodies with a single name.
    """

    id: int
    code: str
    name_ar: str
    name_en: str
    kind: str
    parent: int | None
    sector: int
    ancestors: tuple[int, ...]
    governorates: frozenset[int]
    email: str
    phone: str
    closed_on: date | None
    successor: int | None
    names: tuple[tuple[date, BilingualText], ...] = ()

    @property
    def name(self) -> BilingualText:
        return BilingualText(self.name_ar, self.name_en)

    def get_name(self, language: str) -> str:
        return self.name_en if language.startswith("en") else self.name_ar

    def get_name_on(self, day: date) -> BilingualText:
        """Return the name of the body on that day."""
        return next((name for since, name in reversed(self.names) if since <= day), self.name)

    def is_open(self, on: date) -> bool:
        return self.closed_on is None or on < self.closed_on


@dataclass(frozen=True)
class EntityTree:
    """All bodies by id; an unknown id raises `KeyError`."""

    bodies: Mapping[int, Body]
    by_code: Mapping[str, Body] = field(init=False)
    subtrees: Mapping[int, frozenset[int]] = field(init=False)

    def __post_init__(self) -> None:
        below: defaultdict[int, set[int]] = defaultdict(set)
        for body in self.bodies.values():
            for ancestor in body.ancestors:
                below[ancestor].add(body.id)
        object.__setattr__(self, "by_code", {body.code: body for body in self.bodies.values()})
        object.__setattr__(self, "subtrees", {above: frozenset(under) for above, under in below.items()})

    def __iter__(self) -> Iterator[Body]:
        return iter(self.bodies.values())

    def __contains__(self, entity: object) -> bool:
        return entity in self.bodies

    def __getitem__(self, entity: int) -> Body:
        return self.bodies[entity]

    def list_children(self, entity: int) -> list[Body]:
        return [body for body in self if body.parent == entity]

    def find_successor(self, entity: int, on: date) -> Body | None:
        """Return the body while it is open on that day, else its last open successor, or `None`."""
        body = self[entity]
        for _ in self.bodies:  # bounds the walk in case of a cycle
            if body.is_open(on):
                return body
            if body.successor is None:
                break
            body = self[body.successor]
        return None

    def find_nearest(self, entity: int, having: Collection[int]) -> int | None:
        """Return the body itself or its nearest ancestor among `having`, else `None`."""
        return next((above for above in reversed(self[entity].ancestors) if above in having), None)


class CycleError(ValueError):
    """Bodies are ancestors of each other; `path` ends where it began."""

    def __init__(self, path: Iterable[object]):
        self.path = list(path)
        super().__init__(" -> ".join(str(step) for step in self.path))


def get_path_to_root(key: K, parents: Mapping[K, K | None]) -> list[K]:
    """Return the keys from the root to `key`. Raises `CycleError`, or `KeyError` for an unknown key."""
    path = [key]
    while (parent := parents[path[-1]]) is not None:
        if parent in path:
            raise CycleError([*path[path.index(parent) :], parent])
        path.append(parent)
    return path[::-1]
