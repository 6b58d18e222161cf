"""Puts lines that a file draws in any order into the order of reading. Leaves alone what is drawn as it is read.

A page is read row by row, and column by column where prose stands in columns.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise, takewhile
from typing import Final

from indexer.extract.pages import Line

_Row = list[Line]
_Gap = tuple[float, float]  # left and right edge, in points

_FEWEST: Final = 3  # lines that stand apart from the one that follows them
_SHARE: Final = 0.55  # of all lines
_NEAR: Final = 2.0  # heights of a line, to the next one below it
_MOST_NEAR: Final = 60  # lines that are looked at for one that is below
_SAME_ROW: Final = 0.5  # of the height of the lower of two lines
_PROSE: Final = 16  # characters of a usual line of a column of prose
_FEWEST_OF_COLUMN: Final = 3  # lines
_GUTTER: Final = 6.0  # points
_WIDE: Final = 1.5  # heights: between words that no line has side by side
_FLUSH: Final = 1.5  # points
_MOST_OF_COLUMN: Final = 200  # cells that are looked at
_MOST_OF_ROW: Final = 40  # lines of a row with a gutter
_MOST_COLUMNS: Final = 8  # of prose, side by side
_MOST_OF_BAND: Final = 100  # rows that one gutter parts
_NUMBER: Final = re.compile(r"[-–—+(]?\d[\d.,:%() ]*\*?|[-–—]")
_FAR: Final = 1e6


def in_order(lines: Sequence[Line], *, drawn_across: bool = False) -> tuple[Line, ...]:
    """The lines of one direction as they are read; only if many do not follow each other, or are `drawn_across`."""
    if not (drawn_across or _shuffled(lines)):
        return tuple(_tables_by_rows(lines)) if len(lines) >= 2 * _FEWEST_OF_COLUMN else tuple(lines)
    return tuple(_read(_rows([piece for line in lines for piece in _pieces(line)])))


# --- tables drawn column by column ------------------------------------------------------------------------------------


def _tables_by_rows(lines: Sequence[Line]) -> Iterator[Line]:
    """The lines; cells of tables that were drawn one column after the other row by row."""
    ups = [i for i in range(1, len(lines)) if lines[i].box[3] <= lines[i - 1].box[1]]
    runs = [lines[a:b] for a, b in pairwise([0, *ups, len(lines)])]
    at = 0
    while at < len(runs):
        end = at + 1
        while end < len(runs) and _next_column(runs[end - 1], runs[end]):
            end += 1
        yield from _by_rows(runs[at:end])
        at = end


def _next_column(column: Sequence[Line], other: Sequence[Line]) -> bool:
    """Whether a run begins right of the one before, each of its first lines beside one of that, with numbers mostly."""
    column, other = column[:_MOST_OF_COLUMN], other[:_MOST_OF_COLUMN]
    beside = list(takewhile(lambda line: any(_flush_right_of(cell, line) for cell in column), other))
    cells = beside[1:]  # without a head
    numbers = sum(bool(_NUMBER.fullmatch(line.text)) for line in cells)
    return len(beside) >= _FEWEST_OF_COLUMN and 2 * numbers > len(cells)


def _flush_right_of(cell: Line, line: Line) -> bool:
    """Whether a line stands right of a cell, on its baseline."""
    return line.box[0] > cell.box[2] and abs(line.box[3] - cell.box[3]) < _FLUSH


def _by_rows(columns: Sequence[Sequence[Line]]) -> Iterator[Line]:
    """The columns of a table, with what stands before it and after it."""
    first, last = columns[0], columns[-1]
    if len(columns) == 1:
        yield from first
        return
    top = min(line.box[1] for line in columns[1])
    bottom = max(line.box[3] for line in first)
    yield from (line for line in first if line.box[3] <= top)
    cells = [line for line in first if line.box[3] > top]
    cells += [line for column in columns[1:-1] for line in column]
    yield from (line for row in _rows([*cells, *(line for line in last if line.box[1] < bottom)]) for line in row)
    yield from (line for line in last if line.box[1] >= bottom)


# --- lines in any order ----------------------------------------------------------------------------------------------


def _pieces(line: Line) -> Iterator[Line]:
    """The line, in pieces where its next word stands before the last one, or far behind it."""
    wide = _WIDE * (line.box[3] - line.box[1])
    steps = enumerate(pairwise(line.words), 1)
    cuts = [i for i, (a, b) in steps if b[0] < a[0] or b[0] - a[1] > wide]
    if not cuts:
        yield line
        return
    words = line.text.split()
    for first, end in pairwise([0, *cuts, len(words)]):
        spans = line.words[first:end]
        box = min(a for a, _ in spans), line.box[1], max(b for _, b in spans), line.box[3]
        text, fonts = " ".join(words[first:end]), line.fonts[first:end]
        yield replace(line, text=text, box=box, words=spans, fonts=fonts)


def _shuffled(lines: Sequence[Line]) -> bool:
    """Whether many lines do not come right after those that they stand under, but for what is in their rows."""
    if len(lines) <= _FEWEST:
        return False
    by_top = sorted(range(len(lines)), key=lambda i: lines[i].box[1])
    tops = [lines[i].box[1] for i in by_top]
    apart = sum(_apart(lines, at, by_top, tops) for at in range(len(lines)))
    return apart >= _FEWEST and apart > _SHARE * len(lines)


def _apart(lines: Sequence[Line], at: int, by_top: Sequence[int], tops: Sequence[float]) -> bool:
    """Whether something stands, in the order of the file, between a line and the one close below it."""
    x0, y0, x1, y1 = lines[at].box
    first = bisect_left(tops, y1 - 0.5 * (y1 - y0))
    for other in by_top[first : first + _MOST_NEAR]:
        a, top, b, _ = lines[other].box
        if top - y1 > _NEAR * (y1 - y0):
            return False
        if other != at and a < x1 and x0 < b:
            between = lines[at + 1 : min(other, at + _MOST_NEAR)]
            return other < at or any(not _beside(it, lines[at]) and not _beside(it, lines[other]) for it in between)
    return False


def _beside(line: Line, other: Line) -> bool:
    """Whether two lines are in one row."""
    overlap = min(line.box[3], other.box[3]) - max(line.box[1], other.box[1])
    return overlap > _SAME_ROW * min(line.box[3] - line.box[1], other.box[3] - other.box[1])


def _rows(lines: Sequence[Line]) -> list[_Row]:
    """The lines side by side, from the top, each row from the left."""
    rows: list[_Row] = []
    for line in sorted(lines, key=lambda line: line.box[1] + line.box[3]):
        if rows and _beside(rows[-1][0], line):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [sorted(row, key=lambda line: line.box[0]) for row in rows]


def _read(rows: Sequence[_Row], columns: int = 1) -> Iterator[Line]:
    """The lines row by row; where a gutter parts columns of prose, the left one before the right one."""
    at = 0
    while at < len(rows):
        end, gutter = _band(rows, at)
        left = [[line for line in row if line.box[2] <= gutter] for row in rows[at:end]]
        right = [[line for line in row if line.box[2] > gutter] for row in rows[at:end]]
        if columns < _MOST_COLUMNS and _prose(left) and _prose(right):
            yield from (line for row in left for line in row)
            yield from _read([row for row in right if row], columns + 1)
        else:
            end = at + 1
            yield from rows[at]
        at = end


def _band(rows: Sequence[_Row], first: int) -> tuple[int, float]:
    """Where the rows end from `first` on that one gutter parts, and its left edge."""
    common = _gaps(rows[first])
    if not 2 <= len(rows[first]) <= _MOST_OF_ROW:
        return first + 1, -_FAR
    at = first + 1
    while at < min(len(rows), first + _MOST_OF_BAND) and len(rows[at]) <= _MOST_OF_ROW:
        both = [(max(a, c), min(b, d)) for a, b in common for c, d in _gaps(rows[at])]
        both = [gap for gap in both if gap[1] - gap[0] > _GUTTER]
        if not both:
            break
        common, at = both, at + 1
    inner = [gap for gap in common if gap[0] > -_FAR and gap[1] < _FAR]
    return at, inner[0][0] if inner else -_FAR


def _gaps(row: _Row) -> list[_Gap]:
    """What a row leaves free, its outer sides included."""
    edges = [(-_FAR, -_FAR), *((line.box[0], line.box[2]) for line in row), (_FAR, _FAR)]
    return [(a[1], b[0]) for a, b in pairwise(edges) if b[0] - a[1] > _GUTTER]


def _prose(column: Sequence[_Row]) -> bool:
    """Whether lines are long enough for prose, each alone in its row."""
    lengths = sorted(len(line.text) for row in column for line in row)
    alone = all(len(row) <= 1 for row in column)
    return alone and len(lengths) >= _FEWEST_OF_COLUMN and lengths[len(lengths) // 2] >= _PROSE
