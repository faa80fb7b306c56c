"""Sparse matrix (CSR) of feature weights by owner or topic."""

from collections.abc import Iterable
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

FloatArray: TypeAlias = npt.NDArray[np.floating[Any]]
IndexArray: TypeAlias = npt.NDArray[np.intp]

_EMPTY = np.zeros(0, dtype=np.intp)


class SparseWeights:
    """A matrix with fast weighted sums of rows; immutable once built."""

    def __init__(self, rows: IndexArray, columns: IndexArray, values: FloatArray, shape: tuple[int, int]):
        """Take the non-zero cells, ordered by row."""
        self._start = np.searchsorted(rows, np.arange(shape[0] + 1))
        self._column = columns
        self._value = values
        self._width = shape[1]

    def get_columns(self, row: int) -> IndexArray:
        """Return the columns of a row's non-zero cells."""
        return self._column[self._start[row] : self._start[row + 1]]

    def sum_rows(self, rows: IndexArray, weights: FloatArray) -> FloatArray:
        """Return the sum of the rows, each times its weight."""
        first = self._start[rows]
        size = self._start[rows + 1] - first
        cells = np.arange(size.sum()) + np.repeat(first - np.cumsum(size) + size, size)
        shares = self._value[cells] * np.repeat(weights, size)
        added = np.bincount(self._column[cells], weights=shares, minlength=self._width)
        return np.asarray(added, dtype=np.float64)


def count_rows(rows: Iterable[IndexArray]) -> tuple[IndexArray, IndexArray]:
    """Return the distinct rows in order, and how often each occurs."""
    return np.unique(np.concatenate([_EMPTY, *rows]), return_counts=True)
