"""What is each other's translation in two PDFs, told by text: where the rows of a known bitext stand in both.

A row counts where each side of it stands once in its paper, letters and digits alone compared. Rows that share a
sentence of a paper are one bead.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterable, Sequence
from itertools import accumulate

from bitexts import DATA, FILES, Link
from pairing import read

PAPERS = {"guide": "installation-guide", "asvs": "owasp-asvs-4.0.3"}
SHORTEST = 20  # letters and digits of a row's side
_ADDRESS = re.compile(r"\]\([^)]*\)|<[^>]*>")

Places = tuple[int, ...]


def texts(name: str) -> tuple[list[str], list[str]]:
    """The sentences of both papers, as they come out of the PDFs."""
    folder = DATA / "pairs" / PAPERS[name]
    english, russian = read([folder / f"{PAPERS[name]}.{language}.pdf" for language in ("en", "ru")])
    return english.texts, russian.texts


def gold(name: str, english: Sequence[str], russian: Sequence[str]) -> list[Link]:
    """The beads that the bitext knows of."""
    lines = (DATA / "align" / FILES[name]).read_text(encoding="utf-8").split("\n")[1:]
    sides = _Side(english), _Side(russian)
    rows = []
    for cells in (line.split("\t") for line in lines if line):
        first, second = (side.places(text) for side, text in zip(sides, cells[-2:], strict=True))
        if first and second:
            rows.append((first, second))
    return _joined(rows)


class _Side:
    """A paper as one run of letters and digits."""

    def __init__(self, sentences: Sequence[str]) -> None:
        bare = [_bare(text) for text in sentences]
        self._whole = "".join(bare)
        self._ends = list(accumulate(map(len, bare)))

    def places(self, text: str) -> Places:
        """The sentences that a text stands in, none where it does not stand once."""
        bare = _bare(text)
        if len(bare) < SHORTEST or self._whole.count(bare) != 1:
            return ()
        at = self._whole.index(bare)
        first, last = (bisect.bisect_right(self._ends, each) for each in (at, at + len(bare) - 1))
        return tuple(range(first, last + 1))


def _bare(text: str) -> str:
    return "".join(filter(str.isalnum, _ADDRESS.sub("", text).casefold()))


def _joined(rows: Iterable[Link]) -> list[Link]:
    """The rows as beads, those that share a sentence together."""
    beads: list[tuple[set[int], set[int]]] = []
    for first, second in rows:
        ours, theirs = set(first), set(second)
        apart = []
        for bead in beads:
            if bead[0] & ours or bead[1] & theirs:
                ours, theirs = ours | bead[0], theirs | bead[1]
            else:
                apart.append(bead)
        beads = [*apart, (ours, theirs)]
    return [(tuple(sorted(ours)), tuple(sorted(theirs))) for ours, theirs in beads]
