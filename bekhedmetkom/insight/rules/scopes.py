"""Of whom a figure is kept that is not a sum of roll-ups: the country, a sector, a body, a body with all below it."""

from collections.abc import Collection, Iterator, Mapping
from enum import StrEnum
from typing import NamedTuple


class Scope(StrEnum):
    NATION = "nation"
    SECTOR = "sector"
    BELOW = "below"
    ENTITY = "entity"


class Of(NamedTuple):
    """`key` is that of the sector or the body; 0 for the country."""

    scope: Scope
    key: int


NATION = Of(Scope.NATION, 0)


def scopes(
    sectors: Mapping[int, Collection[int]], below: Mapping[int, Collection[int]]
) -> Iterator[tuple[Of, frozenset[int] | None]]:
    """All of them with their bodies (None: every one), from the widest."""
    yield NATION, None
    for sector, bodies in sectors.items():
        yield Of(Scope.SECTOR, sector), frozenset(bodies)
    for body, under in below.items():
        if len(under) > 1:
            yield Of(Scope.BELOW, body), frozenset(under)
        yield Of(Scope.ENTITY, body), frozenset({body})


def scope_of(
    bodies: frozenset[int] | None,
    sectors: Mapping[int, Collection[int]],
    below: Mapping[int, Collection[int]],
) -> Of | None:
    """What is kept for just these bodies, if anything is."""
    return next((of for of, those in scopes(sectors, below) if those == bodies), None)
