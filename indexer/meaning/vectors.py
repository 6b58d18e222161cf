"""Vectors as whole numbers, and how near they lie: every sum is exact, so it depends on no order and on no processor.

A vector is signed bytes times a scale, which is a whole number too. Products of them stay below what a float holds
exactly (2**24, or 2**53), so numpy's fast products of floats may be used.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from indexer.meaning.contract import Floats

ONE: Final = 2**20  # what a scale counts in
_MOST: Final = 127
_SHRUNK: Final = 8  # passages at the origin that a mean counts besides: of few passages a mean says little
_ROWS: Final = 4_096  # that are floats at once

Bytes = NDArray[np.int8]
Wholes = NDArray[np.int64]
Places = NDArray[np.int64]
Likenesses = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class WholeVector:
    """A vector of signed bytes, times `scale` / ONE."""

    scale: int
    numbers: Bytes


def whole(vector: Floats) -> WholeVector:
    """A vector as whole numbers; one of nothing but zeros, or of no numbers at all, is all zeros."""
    finite = np.nan_to_num(np.asarray(vector, np.float64), posinf=0.0, neginf=0.0)
    scale = max(1, round(float(np.abs(finite).max(initial=0.0)) * ONE / _MOST))
    return WholeVector(scale, np.clip(np.rint(finite * ONE / scale), -_MOST, _MOST).astype(np.int8))


class Vectors:
    """Vectors of passages, each of a language, whose mean it is compared without: computed from just these vectors."""

    def __init__(self, numbers: Bytes, scales: Wholes, languages: Sequence[str]) -> None:
        self._numbers, self._scales = numbers, scales
        self._names = sorted(set(languages))
        place = {name: at for at, name in enumerate(self._names)}
        self._languages: Places = np.array([place[name] for name in languages], np.int64)
        sums = [self._sum(at) for at in range(len(self._names))]
        self._means = [each // (number + _SHRUNK) for each, number in zip(sums, self._numbers_of(), strict=True)]
        self._mean_of_all = sum(sums, np.zeros(numbers.shape[1], np.int64)) // (len(scales) + _SHRUNK)
        self._lengths = self._centred_lengths()

    @property
    def size(self) -> int:
        """Bytes that they take."""
        return self._numbers.nbytes + 4 * self._scales.nbytes

    def likenesses(self, query: WholeVector, language: str) -> Likenesses:
        """The cosine of each vector and a query's, each without the mean of its language.

        Where nothing is in the query's language, that is the mean of all.
        """
        mean = self._means[self._names.index(language)] if language in self._names else self._mean_of_all
        asked = query.numbers.astype(np.int64) * query.scale - mean
        rounded = whole((asked / ONE).astype(np.float32))
        asked = rounded.numbers.astype(np.int64)
        length = np.sqrt(float((asked * asked).sum()))
        if not length or not len(self._scales):
            return np.zeros(len(self._scales))
        offsets = np.array([float((mean * asked).sum()) for mean in self._means])
        products = self._scales * self._products(asked.astype(np.float32)) - offsets[self._languages]
        likenesses: Likenesses = products / (self._lengths * length)
        return likenesses

    def _products(self, asked: NDArray[np.floating]) -> Likenesses:
        """The product of each row and a vector, exact where the vector's kind of float is wide enough."""
        parts = [
            self._numbers[at : at + _ROWS].astype(asked.dtype) @ asked for at in range(0, len(self._numbers), _ROWS)
        ]
        return np.concatenate([np.zeros(0), *parts]).astype(np.float64)

    def _numbers_of(self) -> list[int]:
        """How many vectors are of each language."""
        return [int(number) for number in np.bincount(self._languages, minlength=len(self._names))]

    def _sum(self, language: int) -> Wholes:
        """The sum of the vectors of a language, in 1/ONE."""
        rows = np.flatnonzero(self._languages == language)
        total = np.zeros(self._numbers.shape[1], np.float64)
        for at in range(0, len(rows), _ROWS):
            some = rows[at : at + _ROWS]
            total += self._scales[some].astype(np.float64) @ self._numbers[some].astype(np.float64)
        return total.astype(np.int64)

    def _centred_lengths(self) -> Likenesses:
        """The length of each vector without its language's mean, in 1/ONE."""
        squares = np.zeros(len(self._scales))
        for at in range(0, len(squares), _ROWS):
            rows = self._numbers[at : at + _ROWS].astype(np.float64)
            squares[at : at + _ROWS] = np.einsum("ij,ij->i", rows, rows)
        squares *= self._scales.astype(np.float64) ** 2
        for language, mean in enumerate(self._means):
            of_it = self._languages == language
            across = self._scales * self._products(mean.astype(np.float64))
            squares[of_it] += float((mean * mean).sum()) - 2 * across[of_it]
        return np.sqrt(np.maximum(squares, 1.0))
