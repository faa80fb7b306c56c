"""Every address of the platform with the views behind it, for tests that look at all of them."""

from collections.abc import Callable, Iterator
from inspect import getclosurevars, isfunction
from typing import Any, NamedTuple

from django.urls import URLPattern, URLResolver, get_resolver
from ninja.operation import PathView


class Route(NamedTuple):
    """`name` as `reverse` takes it; a view that is a class stands for its function."""

    name: str
    pattern: str
    view: Any


def iterate_routes() -> Iterator[Route]:
    """Those whose view is written in a door of ours; Wagtail's and allauth's own are theirs."""
    for route in _iterate_patterns(get_resolver().url_patterns, "", ""):
        if getattr(route.view, "__module__", "").startswith("bekhedmetkom."):
            yield route


def _iterate_patterns(patterns: list[Any], namespace: str, prefix: str) -> Iterator[Route]:
    for pattern in patterns:
        address = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _iterate_patterns(pattern.url_patterns, inner, address)
        elif isinstance(pattern, URLPattern):
            for view in _iterate_views(pattern.callback):
                yield Route(f"{namespace}{pattern.name or ''}", address, view)


def _iterate_views(callback: Callable[..., Any]) -> Iterator[Any]:
    """A path of django-ninja has a function for each of its methods."""
    behind = getclosurevars(callback).nonlocals.get("self") if isfunction(callback) else None
    if isinstance(behind, PathView):
        yield from (operation.view_func for operation in behind.operations)
    else:
        yield callback if hasattr(callback, "audience") else getattr(callback, "view_class", callback)
