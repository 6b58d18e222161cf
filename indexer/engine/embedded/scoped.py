"""Reads postings inside a scope. Whatever else the file holds is neither kept, nor counted, nor paid for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from indexer.engine.budget import Budget
from indexer.engine.embedded.columns import DocumentColumns, Mask
from indexer.engine.embedded.postings import Snapshot
from indexer.engine.embedded.segments import OFFSET_BITS, Numbers, Places

NOWHERE: Final = np.zeros(0, np.int64)


class ScopedPostings:
    """The postings of one snapshot that are of the documents `inside`; each token is read once.

    Its places are numbers that rise: the text's number, and the offset of the token in it (18 bits).
    """

    def __init__(self, reader: Snapshot, columns: DocumentColumns, inside: Mask, budget: Budget) -> None:
        self.columns, self.inside, self.texts = columns, inside, columns.texts
        self.spend = budget.spend
        self.passages = int(columns.passages[inside].sum())
        self._reader = reader
        self._inside = inside[self.texts.documents]
        self._places: dict[str, Numbers] = {}

    def places(self, token: str) -> Numbers:
        """Every place of a token."""
        if token not in self._places:
            self._places[token] = self._kept(self._numbered(self._reader.places(token)))
        return self._places[token]

    def texts_of(self, token: str) -> tuple[Numbers, Numbers]:
        """The texts that hold a token, in order, and how often each does."""
        return counted(self.places(token) >> OFFSET_BITS)

    def beginning(self, start: str) -> Iterator[tuple[str, Numbers]]:
        """The texts that hold a token that begins so, once for each time, segment by segment."""
        for segment, token, places in self._reader.beginning(start):
            yield token, self._kept(places + (self.texts.bases[segment] << OFFSET_BITS)) >> OFFSET_BITS

    def _numbered(self, parts: list[Places]) -> Numbers:
        places = np.concatenate([NOWHERE, *parts])
        end = 0
        for base, part in zip(self.texts.bases.tolist(), parts, strict=False):
            begin, end = end, end + len(part)
            places[begin:end] += base << OFFSET_BITS
        return places

    def _kept(self, places: Numbers) -> Numbers:
        kept: Numbers = places[self._inside[places >> OFFSET_BITS]]
        self.spend(len(kept))
        return kept


def counted(numbers: Numbers) -> tuple[Numbers, Numbers]:
    """Each of these numbers, which do not fall, once; and how often it is there."""
    starts = np.flatnonzero(np.concatenate([[True], numbers[1:] != numbers[:-1]])[: len(numbers)])
    return numbers[starts], np.diff(starts, append=len(numbers))
