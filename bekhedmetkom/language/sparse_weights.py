"""A table of numbers of which nearly all are nothing: what each feature of a text says for each owner or topic."""

from collections.abc import Iterable
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

FloatArray: TypeAlias = npt.NDArray[np.floating[Any]]
IndexArray: TypeAlias = npt.NDArray[np.intp]

_EMPTY = np.zeros(0, dtype=np.intp)


class SparseWeights:
    """Rows that are added up quickly; never changed once built."""

    def __init__(self, rows: IndexArray, columns: IndexArray, values: FloatArray, shape: tuple[int, int]):
        """The cells that hold something, in the order of their rows."""
        self._start = np.searchsorted(rows, np.arange(shape[0] + 1))
        self._column = columns
        self._value = values
        self._width = shape[1]

    def get_columns(self, row: int) -> IndexArray:
        """Where a row holds something."""
        return self._column[self._start[row] : self._start[row + 1]]

    def sum_rows(self, rows: IndexArray, weights: FloatArray) -> FloatArray:
        """The sum of some rows, each times its weight."""
        first = self._start[rows]
        size = self._start[rows + 1] - first
        cells = np.arange(size.sum()) + np.repeat(first - np.cumsum(size) + size, size)
        shares = self._value[cells] * np.repeat(weights, size)
        added = np.bincount(self._column[cells], weights=shares, minlength=self._width)
        return np.asarray(added, dtype=np.float64)


def count_rows(rows: Iterable[IndexArray]) -> tuple[IndexArray, IndexArray]:
    """The rows, each once and in order, and how often each is met."""
    return np.unique(np.concatenate([_EMPTY, *rows]), return_counts=True)
