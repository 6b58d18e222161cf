"""Finds the rows of tables among the lines of a page, and what heads each of their cells. Refuses columns of prose.

A row is of a table by its numbers, or by the space above it where cells begin below those of a row of heads.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from indexer.extract.pages import SOFT_HYPHEN
from indexer.segment.cells import Fragment, LineRole

_Row = Sequence[Fragment]
Extent = tuple[float, float]  # left and right edge, in points

_NUMERIC: Final = re.compile(
    r"(?=.*\d)[\d.,:%/()\[\]<>~≈+±×$€£¥₽₸–—-]+\*{0,3}|[–—-]|[nN]/[aA]|н/[пд]|нет данных|\.\.\.?|…"
)
_YEAR: Final = re.compile(r"(?:1[89]|20|21)\d\d(?:[-–/]\d{2,4})?\*?")
_FEWEST_ROWS: Final = 2
_FEWEST_COLUMNS: Final = 3  # with heads, two are enough
_MOST_COLUMNS: Final = 60
_LONGEST_LABEL: Final = 12  # words of a cell of a row
_LONGEST_HEAD: Final = 8  # words above a cell, which each of its rows repeats
_MOST_ALONE: Final = 2  # lines in one cell alone between two rows
_MOST_HEADS: Final = 4  # lines of heads
_APART: Final = 1.5  # heights of a line, from one row to the next where there are no numbers
_CLOSE: Final = 2.6  # heights, from the heads to the first row, and from row to row of numbers
_FLUSH: Final = 1.5  # points
_PITCH: Final = 1.3  # heights, from a line of a cell to its next one
_FARTHER: Final = 1.2  # times that, to the next row
_SAME_ROW: Final = 0.7  # of a line's height


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a row, and the words that head it; or a further line of the cell before, headed by None."""

    fragment: Fragment
    heads: tuple[str, ...] | None = ()


def table_rows(lines: Sequence[_Row]) -> Mapping[int, tuple[Cell, ...]]:
    """The rows of tables among the lines of a page in their order, by the index of their first line.

    A row's further lines have no cells of their own. Linear in the cells.
    """
    found: dict[int, tuple[Cell, ...]] = {}
    edges = [at for at, line in enumerate(lines) if not at or not _goes_on(lines[at - 1], line)] + [len(lines)]
    rows = [[cell for line in lines[a:b] for cell in line] for a, b in pairwise(edges)]
    for run in _runs(rows):
        columns = _columns([rows[index] for index in run])
        heads = _heads(rows, run[0], columns) if columns else []
        if any(heads) or len(columns) >= _FEWEST_COLUMNS:
            for index, next_index in pairwise([*run, len(rows)]):
                end = _end_of_row(rows, index, next_index)
                found |= dict.fromkeys(range(edges[index], edges[end]), ())
                found[edges[index]] = tuple(_cells(rows[index:end], columns, heads))
    return found


def _cells(lines: Sequence[_Row], columns: Sequence[Extent], heads: Sequence[tuple[str, ...]]) -> Iterator[Cell]:
    """The cells of a row; its further lines are each in one of them."""
    for cell in lines[0]:
        yield Cell(cell, heads[_over(cell, columns)[0]])
        yield from (Cell(line[0], None) for line in lines[1:] if _flush(line[0], cell))


def _end_of_row(rows: Sequence[_Row], index: int, next_index: int) -> int:
    """Where the lines of a row end that begins at `index`, of which the next one stands at `next_index`, if any.

    A line in one cell alone goes on with it, if it is close under the line before, and either begins with a small
    letter or has the next row farther below than that.
    """
    height = max(rows[index][0].height, 1.0)
    at = index + 1
    while at < next_index and len(rows[at]) == 1:
        (line,), (above, *_) = rows[at], rows[at - 1]
        step = line.box[3] - above.box[3]
        inside = sum(_flush(line, cell) and _clear_of_next(line, cell, rows[index]) for cell in rows[index]) == 1
        if not (inside and _short([line]) and 0 < step < _PITCH * height):
            break
        apart = next_index < len(rows) and rows[next_index][0].box[3] - line.box[3] > _FARTHER * step
        if not (apart or line.tokens[0][:1].islower() or above.tokens[-1].endswith(SOFT_HYPHEN)):
            break
        at += 1
    return at


def _flush(line: Fragment, cell: Fragment) -> bool:
    return abs(line.box[0] - cell.box[0]) < _FLUSH


def _clear_of_next(line: Fragment, cell: Fragment, row: _Row) -> bool:
    """Whether a line under a cell does not reach under the next one."""
    return all(other.box[0] <= cell.box[0] or other.box[0] > line.box[2] for other in row)


def _goes_on(line: _Row, other: _Row) -> bool:
    """Whether a line is the rest of a row, right of the line before and at its height."""
    (_, top, right, bottom), (left, other_top, _, other_bottom) = line[-1].box, other[0].box
    overlap = min(bottom, other_bottom) - max(top, other_top)
    return left > right and overlap > _SAME_ROW * min(bottom - top, other_bottom - other_top)


def _runs(rows: Sequence[_Row]) -> Iterator[list[int]]:
    """Where rows of numbers follow one another, or rows of as many cells below one of heads, which is not among them.

    Lines in one cell alone, as a label that goes on, or one over some rows, part no rows of numbers.
    """
    kinds = ["numbers" if _numbers(row) else "words" if _words(row) else "" for row in rows]
    first = 0
    while first < len(rows):
        run, kind, at = [first], kinds[first], first + 1
        while kind and at < len(rows):
            if kinds[at] == kind and _follow(rows[run[-1]], rows[at - 1], rows[at], kind):
                run.append(at)
            elif kind == "words" or len(rows[at]) != 1 or at - run[-1] > _MOST_ALONE:
                break
            at += 1
        first = run[-1] + 1
        if kind == "words":  # the first one heads the others
            run = run[1:]
        if len(run) >= _FEWEST_ROWS:
            yield run


def _numbers(row: _Row) -> bool:
    """Whether a row has numbers in most cells but the first, and more than years."""
    if len(row) < 2 or not _short(row):
        return False
    numeric = [cell for cell in row[1:] if _NUMERIC.fullmatch(_text(cell))]
    only_years = all(_YEAR.fullmatch(_text(cell)) for cell in row[1:])
    return 2 * len(numeric) >= len(row) - 1 and bool(numeric) and not only_years


def _words(row: _Row) -> bool:
    return len(row) >= _FEWEST_COLUMNS and _short(row)


def _short(row: _Row) -> bool:
    """Whether these are cells of text, no line of prose among them."""
    return all(
        cell.role is LineRole.BODY and len(cell.tokens) <= _LONGEST_LABEL and cell.box[0] < cell.box[2] for cell in row
    )


def _follow(row: _Row, above: _Row, other: _Row, kind: str) -> bool:
    """Whether a row is the next one of the same table; `above` is the line before it, mostly the row itself."""
    step = other[0].box[3] - row[0].box[3]
    height = max(row[0].height, 1.0)
    if kind == "numbers":
        return step > 0 and 0 < other[0].box[3] - above[0].box[3] < _CLOSE * height
    flush = len(row) == len(other) and all(abs(a.box[0] - b.box[0]) < _FLUSH for a, b in zip(row, other, strict=True))
    return flush and step >= _APART * height


def _columns(rows: Sequence[_Row]) -> list[Extent]:
    """The columns that the cells of rows make; none where a row has two cells in one."""
    columns: list[Extent] = []
    for left, right in sorted((cell.box[0], cell.box[2]) for row in rows for cell in row):
        if columns and left < columns[-1][1]:
            columns[-1] = columns[-1][0], max(right, columns[-1][1])
        else:
            columns.append((left, right))
    if len(columns) > _MOST_COLUMNS:
        return []
    for row in rows:
        places = [_over(cell, columns)[0] for cell in row]
        if any(b <= a for a, b in pairwise(places)):
            return []
    return columns


def _over(cell: Fragment, columns: Sequence[Extent]) -> list[int]:
    """The columns that a cell stands in or above."""
    return [at for at, (left, right) in enumerate(columns) if cell.box[0] < right and cell.box[2] > left]


def _heads(rows: Sequence[_Row], first: int, columns: Sequence[Extent]) -> list[tuple[str, ...]]:
    """The words above each column; none at all unless two columns have some."""
    lines: list[_Row] = []
    below = rows[first][0]
    for at in range(first - 1, max(-1, first - 1 - _MOST_HEADS), -1):
        if not _may_head(rows[at], below, columns):
            break
        lines.append(rows[at])
        below = rows[at][0]
    heads: list[tuple[str, ...]] = [()] * len(columns)
    for line in reversed(lines):
        for cell in line:
            for column in _over(cell, columns):
                heads[column] += cell.tokens
    heads = [words if len(words) <= _LONGEST_HEAD else () for words in heads]
    return heads if sum(map(bool, heads)) > 1 else [()] * len(columns)


def _may_head(row: _Row, below: Fragment, columns: Sequence[Extent]) -> bool:
    """Whether a row may be heads: near above, in the columns, without numbers but years.

    What stands alone above the first column is a title over all, or a label over rows.
    """
    near = 0 < below.box[3] - row[0].box[3] < 2 * _CLOSE * max(below.height, 1.0)
    over = [_over(cell, columns) for cell in row]
    words = all(_YEAR.fullmatch(_text(cell)) or not _NUMERIC.fullmatch(_text(cell)) for cell in row)
    alone = len(row) == 1 and 0 in over[0]
    return near and words and not alone and all(over) and _short(row)


def _text(cell: Fragment) -> str:
    return " ".join(cell.tokens)
