"""Weighs a match from what was counted inside the scope: the one formula of every engine, to the last bit.

BM25 (Robertson, Zaragoza: The Probabilistic Relevance Framework, 2009) with the mean length a constant of the schema,
because passages have bounded length and a mean over the index would tell of hidden documents. Lengths are rounded as
Lucene's one-byte norms are (SmallFloat.intToByte4), so that Elasticsearch can give the same bits.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from indexer.engine.contract import Leaf, share_of

K1: Final = 1.2
B: Final = 0.75
USUAL_LENGTH: Final = 168.0  # tokens of a passage
COVERAGE: Final = 0.25  # of a leaf's idf, for each leaf found anywhere in the document

Scores = NDArray[np.float32]


def idf(passages: int, holding: int) -> np.float32:
    """What a match is worth that `holding` of the scope's `passages` passages have; 0 where none does."""
    if holding == 0:
        return np.float32(0)
    return np.float32(np.log1p((passages - holding + 0.5) / (holding + 0.5)))


def weight_of(leaf: Leaf, passages: int, holding: int) -> np.float32:
    """The weight of a leaf: its idf, or the share of it that it counts with."""
    return np.float32(idf(passages, holding) * np.float32(share_of(leaf)))


def frequency_scores(
    weight: np.float32, frequency: NDArray[np.int64], length: NDArray[np.int64], words: int = 1
) -> Scores:
    """The score of each passage, float32, from the leaf's frequency in it and its rounded length in tokens.

    A phrase of several words is the sum of as many equal shares: Lucene adds up one score for each word of it.
    """
    tf = frequency.astype(np.float64)
    norm = K1 * ((1 - B) + B * length / USUAL_LENGTH)
    share = (np.float64(weight / np.float32(words)) * tf * (K1 + 1) / (tf + norm)).astype(np.float32)
    return (share.astype(np.float64) * words).astype(np.float32)


def length_byte(length: int) -> int:
    """A passage's length in tokens as one byte: exact below 24, then four significant bits."""
    return length if length < _FREE else _FREE + _small(length - _FREE)


def _small(value: int) -> int:
    if value < 8:
        return value
    shift = value.bit_length() - 4
    return ((value >> shift) & 0x07) | ((shift + 1) << 3)


def _large(small: int) -> int:
    return small if small < 8 else ((small & 0x07) | 0x08) << ((small >> 3) - 1)


_FREE: Final = 255 - _small(2**31 - 1)
LENGTHS: Final[NDArray[np.int64]] = np.array(
    [code if code < _FREE else _FREE + _large(code - _FREE) for code in range(256)], dtype=np.int64
)
