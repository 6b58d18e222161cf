"""Cuts the lines of a page where gaps are as wide as between the cells of a table: each piece is a fragment.

The wide spaces of a narrow column whose lines are all filled part no cells; the gutter between two such columns does.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
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
_GUTTER = 0.5  # heights: so wide at least is a gap with lines of words before and after it
_FEWEST_ALONG = 3  # lines that a gutter parts
_FILLED_NEAR, _FEWEST_FILLED = 4, 2  # lines before and after one that is filled, and how many of them must be too
_EVEN = 0.2  # of the widest space of a filled line: how much narrower others may be
_MOST_PITCH = 1.7  # heights, from one line of a column to the next
_HAS_DIGIT = re.compile(r"[\d.…]+\W*$")


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
    if any(inner):
        inner = _without_spaces(page.lines, words, inner)
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


# --- columns whose lines are filled ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Piece:
    """The words first..end (without the end) of a line, between gutters."""

    line: Line
    first: int
    end: int
    last: str

    @property
    def sides(self) -> tuple[float, float]:
        return self.line.words[self.first][0], self.line.words[self.end - 1][1]

    @property
    def spaces(self) -> list[float]:
        return [b[0] - a[1] for a, b in pairwise(self.line.words[self.first : self.end])]

    @property
    def even(self) -> bool:
        spaces = self.spaces
        return not spaces or max(spaces) - min(spaces) <= max(_FLUSH, _EVEN * max(spaces))


def _without_spaces(
    lines: Sequence[Line], words: Sequence[tuple[str, ...]], inner: Sequence[list[int]]
) -> list[list[int]]:
    """Where lines are cut, less the spaces of filled lines and with the gutters between these."""
    gutters = _gutters(lines, words)
    edges = [[0, *cuts, len(tokens)] for cuts, tokens in zip(gutters, words, strict=True)]
    pieces = [
        [_Piece(line, a, b, tokens[b - 1]) for a, b in pairwise(of_line)]
        for line, tokens, of_line in zip(lines, words, edges, strict=True)
    ]
    kept: list[list[int]] = []
    for index, cuts in enumerate(inner):
        spaces = [it for it in pieces[index] if cuts and len(it.spaces) > 0]
        if spaces:
            near = defaultdict[int, list[_Piece]](list)
            for row in pieces[max(0, index - _FILLED_NEAR) : index + _FILLED_NEAR + 1]:
                for it in row:
                    near[round(it.sides[0])].append(it)
            spaces = [it for it in spaces if _filled(it, near)]
        apart = {at for it in spaces for at in range(it.first + 1, it.end)}
        kept.append(sorted({at for at in cuts if at not in apart} | (set(gutters[index]) if spaces else set())))
    return kept


def _gutters(lines: Sequence[Line], words: Sequence[tuple[str, ...]]) -> list[list[int]]:
    """Where, in each line, a gap has both its edges below those of gaps in other lines."""
    gaps: list[list[tuple[int, tuple[int, int]]]] = []
    for line, tokens in zip(lines, words, strict=True):
        least = _GUTTER * (line.box[3] - line.box[1])
        wide = [
            (i, (round(a[1]), round(b[0])))
            for i, (a, b) in enumerate(pairwise(line.words), 1)
            if b[0] - a[1] > least and not (i == 1 and (_BULLET.match(tokens[0]) or _NUMBER.match(tokens[0])))
        ]
        gaps.append(wide)
    counts = Counter(gap for of_line in gaps for _, gap in of_line)
    return [[i for i, gap in of_line if _along(counts, gap) >= _FEWEST_ALONG] for of_line in gaps]


def _along(counts: Counter[tuple[int, int]], gap: tuple[int, int]) -> int:
    near = ((gap[0] + a, gap[1] + b) for a in (-1, 0, 1) for b in (-1, 0, 1))
    return sum(counts[it] for it in near)


def _filled(piece: _Piece, near: Mapping[int, Sequence[_Piece]]) -> bool:
    """Whether a piece is a line of prose that was spaced out to the width of its column, as others near it were.

    `near` are the pieces of its own and nearby lines, by their left edges.

    Cells of tables begin one below the other, or end in numbers.
    """
    left = round(piece.sides[0])
    close = [it for edge in range(left - 2, left + 3) for it in near.get(edge, ())]  # _FLUSH is less
    alike = [it for it in close if it is not piece and _same_column(it, piece)]
    if len(alike) < _FEWEST_FILLED or not piece.even or not all(it.even for it in alike):
        return False
    several = any(len(it.spaces) > 1 for it in (piece, *alike))
    numbers = sum(bool(_HAS_DIGIT.fullmatch(it.last)) for it in (piece, *alike))
    begins = {round(x) for x, _ in piece.line.words[piece.first + 1 : piece.end]}
    below = sum(any(round(x) in begins for x, _ in it.line.words[it.first + 1 : it.end]) for it in alike)
    return several and 2 * numbers <= len(alike) and 2 * below <= len(alike)


def _same_column(piece: _Piece, other: _Piece) -> bool:
    height = other.line.box[3] - other.line.box[1]
    sides = zip(piece.sides, other.sides, strict=True)
    near = abs(piece.line.box[3] - other.line.box[3]) < _FILLED_NEAR * _MOST_PITCH * height
    return near and all(abs(a - b) < _FLUSH for a, b in sides)


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
