"""Long work in batches, shared out to processes that are born of this one and have what it has read."""

import gc
import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from django.db import connections

T = TypeVar("T")
R = TypeVar("R")

MAX_PROCESSES = min(max(2, os.cpu_count() or 2), 8)


@contextmanager
def map_in_processes(work: Callable[[T], R], items: Sequence[T]) -> Iterator[Iterator[R]]:
    """`map`, in order, but by several processes where there are several items."""
    if len(items) <= 1:
        yield map(work, items)
        return
    connections.close_all()  # no process may use another's connection
    with multiprocessing.get_context("fork").Pool(MAX_PROCESSES, _initialise_worker, [work]) as pool:
        yield pool.imap(_run_inherited_work, items)


_inherited_work: list[Callable[[Any], Any]] = []


def _initialise_worker(work: Callable[[Any], Any]) -> None:
    gc.disable()  # nothing here goes in circles, and looking for circles takes a tenth of the time
    _inherited_work.append(work)


def _run_inherited_work(item: Any) -> Any:
    return _inherited_work[0](item)
