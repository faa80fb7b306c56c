"""The public bodies as a tree in memory: who stands under whom, who acts where a body has nobody. Pure."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from bekhedmetkom.kernel.text import BilingualText

K = TypeVar("K")


@dataclass(frozen=True, slots=True)
class Body:
    """A public body as everyone may see it. `ancestors` runs from the root of its tree to itself.

    `names`: what it has been called, each from a day on, the first from ever; empty where it had one name only.
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
        """As it was called on that day: history keeps the old name."""
        return next((words for since, words in reversed(self.names) if since <= day), self.name)

    def is_open(self, on: date) -> bool:
        return self.closed_on is None or on < self.closed_on


@dataclass(frozen=True)
class EntityTree:
    """All bodies by their key. A body that is not in it raises `KeyError`."""

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
        """The body itself while it is open, then whoever took its place; `None` where nobody did."""
        body = self[entity]
        for _ in self.bodies:  # no more steps than there are bodies, should they stand in a ring
            if body.is_open(on):
                return body
            if body.successor is None:
                break
            body = self[body.successor]
        return None

    def find_nearest(self, entity: int, having: Collection[int]) -> int | None:
        """The body itself if it is among `having`, else its nearest parent that is, else `None`."""
        return next((above for above in reversed(self[entity].ancestors) if above in having), None)


class CycleError(ValueError):
    """Bodies that stand under each other; `way` ends where it began."""

    def __init__(self, way: Iterable[object]):
        self.path = list(way)
        super().__init__(" -> ".join(str(step) for step in self.path))


def get_path_to_root(key: K, parents: Mapping[K, K | None]) -> list[K]:
    """The keys from the root to `key`; `Cycle` when the way up never ends, `KeyError` at an unknown one."""
    path = [key]
    while (parent := parents[path[-1]]) is not None:
        if parent in path:
            raise CycleError([*path[path.index(parent) :], parent])
        path.append(parent)
    return path[::-1]
