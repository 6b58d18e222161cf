"""Cuts the lines of a page where gaps are as wide as between the cells of a table: each piece is a fragment."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise

from indexer.extract.pages import Line, PageText
from indexer.text import Box


class LineRole(Enum):
    """What a line is on its page."""

    BODY = "body"
    ALONE = "alone"  # text at the place of a page header or footer: never part of a paragraph
    FURNITURE = "furniture"  # such text again: said before
    ROW = "row"  # cells of a table side by side


@dataclass(frozen=True, slots=True)
class Fragment:
    """The words first..last (without the end) of a line: the whole line, or one cell of a table row."""

    page: int
    line: Line
    tokens: tuple[str, ...]
    first: int
    box: Box
    role: LineRole

    @property
    def height(self) -> float:
        return self.box[3] - self.box[1]


_BULLET = re.compile(r"[•◦▪▫■□●○‣⁃∙·►▸➢✓✔✗✘◆◇*\uf0b7\uf0a7\uf02d§-]$|[–—]$")
_NUMBER = re.compile(r"\(?(\d{1,3}|[A-Za-zА-Яа-яё]|[ivxIVX]{1,5})[.)]$|\d{1,3}(\.\d{1,3}){1,5}[.)]?$|\[\d{1,3}\]$")
_CELL_GAP = 1.8  # heights of a line (1.2 em): wider than a justified line's spaces
_ALIGNED_GAP = 0.8  # heights: so wide is a gap to a cell that begins where one does in a row nearby
_ROWS_NEAR = 2
_FLUSH = 1.5  # points


def is_label(fragment: Fragment) -> bool:
    """Whether it begins with a bullet or a number as list items and clauses do."""
    return len(fragment.tokens) > 1 and bool(_BULLET.match(fragment.tokens[0]) or _NUMBER.match(fragment.tokens[0]))


def fragments(page: PageText, roles: dict[tuple[int, int], LineRole]) -> Iterator[list[Fragment]]:
    """Each line, cut where gaps are as wide as between the cells of a table."""
    words = [tuple(line.text.split()) for line in page.lines]
    of_lines = [roles.get((page.number, index), LineRole.BODY) for index in range(len(words))]
    inner = [
        list(_cuts(line, tokens)) if role is LineRole.BODY else []
        for line, tokens, role in zip(page.lines, words, of_lines, strict=True)
    ]
    starts = [[line.words[i][0] for i in cuts] for line, cuts in zip(page.lines, inner, strict=True)]
    for index, (line, tokens, role) in enumerate(zip(page.lines, words, of_lines, strict=True)):
        near = [x for other in starts[max(0, index - _ROWS_NEAR) : index + _ROWS_NEAR + 1] for x in other]
        if not near or role is not LineRole.BODY:  # nothing is cut, nor is anything nearby
            yield [_fragment(page.number, line, tokens, 0, len(tokens), role)]
            continue
        cuts = sorted({0, *inner[index], *_aligned_cuts(line, near), len(tokens)})
        yield [_fragment(page.number, line, tokens, a, b, role) for a, b in pairwise(cuts)]


def _cuts(line: Line, tokens: Sequence[str]) -> Iterator[int]:
    wide = _CELL_GAP * (line.box[3] - line.box[1])
    steps = [i for i, (a, b) in enumerate(pairwise(line.words), 1) if b[0] - a[1] > wide or b[1] < a[0]]
    for i in steps:
        gap = line.words[i][0] - line.words[i - 1][1]
        label = i == 1 and (_BULLET.match(tokens[0]) or _NUMBER.match(tokens[0]))
        if not (label and gap < 2 * wide):
            yield i


def _aligned_cuts(line: Line, starts: Sequence[float]) -> Iterator[int]:
    """Where a smaller gap ends at the place where a cell begins in a row nearby."""
    wide = _ALIGNED_GAP * (line.box[3] - line.box[1])
    steps = [i for i, (a, b) in enumerate(pairwise(line.words), 1) if b[0] - a[1] > wide]
    return (i for i in steps if any(abs(line.words[i][0] - start) < _FLUSH for start in starts))


def _fragment(page: int, line: Line, tokens: tuple[str, ...], first: int, end: int, role: LineRole) -> Fragment:
    if first == 0 and end == len(tokens):
        return Fragment(page, line, tokens, 0, line.box, role)
    return Fragment(page, line, tokens[first:end], first, cut(line, first, end), role)


def cut(line: Line, first: int, end: int) -> Box:
    """The part of a line's box that holds the words first..end (without the end)."""
    if first == 0 and end >= len(line.words):
        return line.box
    spans = line.words[first:end]
    return min(a for a, _ in spans), line.box[1], max(b for _, b in spans), line.box[3]
