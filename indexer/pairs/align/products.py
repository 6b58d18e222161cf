"""How alike sentences of two papers are: products of their vectors, a row at a time, and those of neighbours."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from indexer.pairs.align.vectors import PaperVectors, Vector

Numbers = NDArray[np.float64]


class Products:
    """Products of the sentences of two papers, and what their vectors and sums of two neighbours measure."""

    def __init__(self, ours: PaperVectors, theirs: PaperVectors) -> None:
        """Take the vectors in; only features that both papers have count in a product."""
        self.ours, self.theirs = ours, theirs
        self.squares, self.pair_squares = _squares(ours.vectors), _pair_squares(ours.vectors)
        self.their_squares, self.their_pair_squares = _squares(theirs.vectors), _pair_squares(theirs.vectors)
        postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for at, vector in enumerate(theirs.vectors):
            for key, weight in vector.items():
                postings[key].append((at, weight))
        self._postings = {
            key: (np.array([at for at, _ in found]), np.array([weight for _, weight in found]))
            for key, found in postings.items()
        }
        self.likest, self.their_likest = np.zeros(len(ours.vectors)), np.zeros(len(theirs.vectors))
        self.sure: list[tuple[int, int]] = []  # sentences of which each is the other's likest
        self._find_likest()

    def row(self, at: int) -> Numbers:
        """The product of our sentence with each of theirs."""
        products = np.zeros(len(self.theirs.vectors))
        for key, weight in self.ours.vectors[at].items():
            if key in self._postings:
                places, weights = self._postings[key]
                products[places] += weight * weights
        return products

    def cosine(self, first: int, end: int, their_first: int, their_end: int) -> float:
        """The cosine of one or two of our sentences as one and of theirs."""
        dot = sum(self.row(at)[their_first:their_end].sum() for at in range(first, end))
        square = self.squares[first] if end - first == 1 else self.pair_squares[first]
        one = their_end - their_first == 1
        their_square = self.their_squares[their_first] if one else self.their_pair_squares[their_first]
        return float(dot / np.sqrt(max(square * their_square, 1e-9)))

    def _cosines(self, at: int) -> Numbers:
        """The cosine of our sentence and each of theirs; 0 where one has no feature."""
        return np.asarray(self.row(at) / np.sqrt(np.maximum(self.squares[at] * self.their_squares, 1e-9)))

    def _find_likest(self) -> None:
        by_their = np.full(len(self.theirs.vectors), -1)
        by_ours: list[int] = []
        for at in range(len(self.ours.vectors) if len(by_their) else 0):
            row = self._cosines(at)
            by_ours.append(int(row.argmax()))
            self.likest[at] = row[by_ours[at]]
            better = row > self.their_likest
            self.their_likest[better], by_their[better] = row[better], at
        self.sure = [(at, their) for at, their in enumerate(by_ours) if by_their[their] == at]


def _squares(vectors: Sequence[Vector]) -> Numbers:
    return np.array([sum(value * value for value in vector.values()) for vector in vectors], dtype=np.float64)


def _pair_squares(vectors: Sequence[Vector]) -> Numbers:
    """Of each sentence and the next as one; there is none after the last."""
    squares = _squares(vectors)
    cross = [sum(value * second.get(key, 0.0) for key, value in first.items()) for first, second in pairwise(vectors)]
    return np.asarray(squares[:-1] + squares[1:] + 2 * np.array(cross, dtype=np.float64))
