"""Makes segments of postings and joins them: of each token every place where it stands, as one number that rises.

A place is the text's number in its segment (14 bits) and the token's offset in the text (18 bits). All readings of a
token stand at one offset, and there too "=" + its exact form. A segment never changes: what it holds of removed
documents goes when another takes its place.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Final

import numpy as np
from numpy.typing import NDArray

from indexer.analysis.tokens import Token
from indexer.engine.contract import EngineError

OFFSET_BITS: Final = 18
LONGEST: Final = (1 << OFFSET_BITS) - 4_096  # tokens of a text: no phrase, which is shorter, reaches into the next
FULL: Final = 1 << 14  # texts of a segment
FANOUT: Final = 8  # segments that are joined
_BATCH: Final = 2_048  # tokens that are moved at once
_SMALL: Final = (32, 256, FULL // FANOUT)  # texts: of segments below one of these, so many are joined

Numbers = NDArray[np.int64]
Places = NDArray[np.uint32]
Posting = tuple[str, bytes]  # a token and its places
PLACE: Final = np.dtype(np.uint32)
ROW: Final = np.dtype(np.int64)


class SegmentBuilder:
    """Gathers texts until they are a segment."""

    def __init__(self) -> None:
        self.rows: list[int] = []  # what is known of each text
        self._places: defaultdict[str, array[int]] = defaultdict(lambda: array("I"))

    def has_room(self, texts: int) -> bool:
        """Whether so many texts more fit in."""
        return len(self.rows) + texts <= FULL

    def add(self, row: int, tokens: Sequence[Token]) -> None:
        """Add a text."""
        if len(tokens) > LONGEST:
            raise EngineError(f"A passage has more than {LONGEST} words.")
        places, place = self._places, len(self.rows) << OFFSET_BITS
        for token in tokens:
            places[token.stem].append(place)
            for key in token.others:
                places[key].append(place)
            places[f"={token.exact}"].append(place)
            place += 1
        self.rows.append(row)

    def postings(self) -> Iterator[Posting]:
        """Every token with its places, in order."""
        for token in sorted(self._places):
            yield token, self._places[token].tobytes()


def to_join(sizes: Sequence[int]) -> list[int]:
    """Which segments are to become one, given the texts of each: as soon as enough of them are small.

    So each text is written four times at most, and what is joined makes no more than a full segment.
    """
    for small in _SMALL:
        below = [at for at, size in enumerate(sizes) if size < small]
        if len(below) >= FANOUT:
            return below[:FANOUT]
    return []


def joined_rows(segments: Sequence[Numbers]) -> tuple[Numbers, list[Numbers]]:
    """The rows of the texts that are left, and for each segment the new number of each text, -1 where it is gone."""
    rows = np.concatenate(segments)
    left = rows != 0
    numbers = np.where(left, np.cumsum(left) - 1, -1)
    return rows[left], np.split(numbers, np.cumsum([len(each) for each in segments])[:-1])


def joined(sources: Iterable[Iterable[Posting]], numbers: Iterable[Numbers]) -> Iterator[Posting]:
    """The postings of several segments as those of one, in order; `numbers` as `joined_rows` gives them."""
    together: defaultdict[str, bytearray] = defaultdict(bytearray)
    for source, numbers_of_source in zip(sources, numbers, strict=True):
        for token, places in _moved(source, numbers_of_source):
            together[token] += places
    for token in sorted(together):
        if together[token]:
            yield token, bytes(together[token])


def _moved(source: Iterable[Posting], numbers: Numbers) -> Iterator[Posting]:
    """The postings of a segment with its texts' new numbers, without those that are gone."""
    postings = iter(source)
    while batch := list(islice(postings, _BATCH)):
        places = np.frombuffer(b"".join([content for _, content in batch]), PLACE)
        texts = numbers[places >> OFFSET_BITS]
        left = texts >= 0
        moved = (texts << OFFSET_BITS) + (places & ((1 << OFFSET_BITS) - 1))
        content = moved[left].astype(PLACE).tobytes()
        ends = np.cumsum([len(content) // PLACE.itemsize for _, content in batch])
        ends = np.cumsum(left)[ends - 1] * PLACE.itemsize
        for (token, _), begin, end in zip(batch, [0, *ends[:-1].tolist()], ends.tolist(), strict=True):
            yield token, content[begin:end]
