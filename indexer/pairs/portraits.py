"""Portraits of papers, by which those are found that may be each other's translation: small, compared at once.

A portrait is the sum of the vectors of a paper's first sentences (see align/vectors.py), cast at random but always
alike on few numbers (Weinberger et al., Feature hashing for large scale multitask learning, 2009). It depends on its
paper alone, and whether two may be a pair on those two alone: no other paper, hidden or not, has a part in it.
"""

from __future__ import annotations

import base64
import zlib
from collections import Counter
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from indexer.pairs.align.alignment import align
from indexer.pairs.align.vectors import features
from indexer.text import Language

SENTENCES: Final = 150  # the first, by which papers are compared
SIZE: Final = 512
ALIKE: Final = 0.35  # cosine from which two papers are compared more closely
LENGTHS: Final = 2.5  # times as long as the other a paper may be

PROPOSED: Final = 0.25  # likeness from which two papers are proposed as a pair
CONFIRMED: Final = 0.33  # and from which they are taken for one until somebody says that they are none


def portrait(texts: Sequence[str], language: Language) -> str:
    """The portrait of a paper's first sentences, as text; "" where there is nothing to see."""
    weights: Counter[str] = Counter()
    for text in texts[:SENTENCES]:
        weights.update(features(text, language))
    sums = np.zeros(SIZE)
    for key, weight in weights.items():
        number = zlib.crc32(key.encode("utf-8", "surrogatepass"))
        sums[number % SIZE] += (1 if number >> 31 else -1) * weight**0.5
    length = float(np.linalg.norm(sums))
    small = np.clip(np.round(sums * 400 / length), -127, 127).astype(np.int8) if length else None
    return "" if small is None else base64.b64encode(small.tobytes()).decode()


def cosines(portrait_text: str, others: Sequence[str]) -> list[float]:
    """How near the other portraits are to this one: from `ALIKE` on, the papers are worth comparing."""
    if not others:
        return []
    rows = np.stack([_read(other) for other in others])
    own = _read(portrait_text)
    lengths = np.linalg.norm(rows, axis=1) * np.linalg.norm(own)
    return [float(cosine) for cosine in rows @ own / np.maximum(lengths, 1e-9)]


def _read(text: str) -> NDArray[np.float32]:
    return np.frombuffer(base64.b64decode(text), dtype=np.int8).astype(np.float32)


def likeness(ours: Sequence[str], theirs: Sequence[str], language: Language, other: Language) -> float:
    """How alike the beginnings of two papers are, sentence by sentence in order: 0 to 1.

    The mean cosine of their beads, a bead counting by its letters and what one paper lacks as 0.
    """
    ours, theirs = ours[:SENTENCES], theirs[:SENTENCES]
    worth = letters = 0.0
    for bead in align(ours, theirs, language, other):
        size = sum(len(ours[at]) for at in bead.first) + sum(len(theirs[at]) for at in bead.second)
        worth, letters = worth + size * bead.likeness, letters + size
    return round(worth / letters, 3) if letters else 0.0
