"""Puts the lines of pages together to paragraphs, from where they stand and how large their letters are.

Repeated page headers and footers are set apart, so that a paragraph runs on over a page break.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from math import inf

from indexer.extract.pages import SOFT_HYPHEN, Line, LineKind, PageText
from indexer.segment.cells import Fragment, LineRole, fragments, is_label
from indexer.segment.order import in_order
from indexer.segment.tables import Cell, table_rows
from indexer.text import Box


class Paragraph:
    """Fragments that read on, in order, and the rows of print they fill on the last page they reached.

    `right` is the right edge of those rows. `heads` are the words above each fragment that is a cell of a table's row,
    and None for a further line of a cell.
    """

    def __init__(self, fragment: Fragment, role: LineRole = LineRole.BODY) -> None:
        self.fragments = [fragment]
        self.rows: list[Box]
        self.right: float
        self._left: float  # of all rows but the first
        self._begin(fragment.box)
        self.role = role
        self.heads: tuple[tuple[str, ...] | None, ...] = ()
        self.hangs = is_label(fragment) or bool(_NOTE.match(fragment.tokens[0]))
        self.height = fragment.height

    @property
    def last(self) -> Fragment:
        return self.fragments[-1]

    @property
    def left(self) -> float:
        """Left edge of the rows on this page, but for the first where there are more."""
        return self._left if len(self.rows) > 1 else self.rows[0][0]

    def add(self, fragment: Fragment, *, beside: bool = False) -> None:
        """Go on with a fragment in a new row, or in the row that the last one began."""
        if fragment.page != self.last.page:
            self._begin(fragment.box)
        elif beside:
            row, box = self.rows[-1], fragment.box
            self.rows[-1] = (row[0], min(row[1], box[1]), max(row[2], box[2]), max(row[3], box[3]))
            self.height = max(self.height, fragment.height)
        else:
            self.rows.append(fragment.box)
            self._left = min(self._left, fragment.box[0])
        self.right = max(self.right, fragment.box[2])
        self.fragments.append(fragment)

    def _begin(self, box: Box) -> None:
        """The first row on a page. What all rows have in common is kept, not looked for again at each row."""
        self.rows = [box]
        self._left, self.right = inf, box[2]


_NOTE = re.compile(r"\d{1,3}$|[*†‡]+$")
_FINISHED = re.compile(r"[.!?…:;][\"'»”’)\]]*$")
_RANGE, _AMOUNT = re.compile(r"\d-$"), re.compile(r"\d+(?:[.,]\d+)?%?")
_HANGING = re.compile(r"[^\W\d_]-$")
_ROMAN = re.compile(r"[ivxlc]+", re.IGNORECASE)
_DIGITS = re.compile(r"\d+")

_SAME_SIZE = (0.88, 1.14)
_ZONE = 0.13  # of the page's height, at the top and at the bottom: where headers and footers stand


def paragraphs(pages: Sequence[PageText]) -> list[Paragraph]:
    """All text of the pages as paragraphs, in the order in which they begin."""
    parted = [_parted(page) for page in pages]
    roles = _roles([page for page, _ in parted])
    all_paragraphs: list[Paragraph] = []
    for page, remarks in parted:
        for view in _views(page):
            _page(view, roles if view is page else {}, all_paragraphs)
        for remark in remarks:
            _page(replace(page, lines=(remark,)), {(page.number, 0): LineRole.ALONE}, all_paragraphs)
    return all_paragraphs


def _parted(page: PageText) -> tuple[PageText, Sequence[Line]]:
    """The page without notes that stand on its own words, in the order of reading; and these."""
    own, remarks = _without_remarks(page)
    if any(line.turn for line in own.lines):
        return own, remarks
    lines = in_order(own.lines)
    return own if lines == own.lines else replace(own, lines=lines), remarks


def _without_remarks(page: PageText) -> tuple[PageText, Sequence[Line]]:
    """The page without notes that stand on its own words, and these: no sentence of the page runs on in them.

    The line that a note stands on is the last one before it, or the first one after it: extraction has put it there.
    """
    if not any(line.kind is LineKind.NOTE for line in page.lines):
        return page, ()
    before = _latest(page.lines)
    after = _latest(page.lines[::-1])[::-1]
    lines: list[Line] = []
    remarks: list[Line] = []
    for line, *beside in zip(page.lines, before, after, strict=True):
        on_words = line.kind is LineKind.NOTE and any(other and _overlap(line.box, other.box) for other in beside)
        (remarks if on_words else lines).append(line)
    return replace(page, lines=tuple(lines)), remarks


def _latest(lines: Sequence[Line]) -> list[Line | None]:
    """For each line the last one before it that is no note."""
    latest: list[Line | None] = [None]
    for line in lines:
        latest.append(latest[-1] if line.kind is LineKind.NOTE else line)
    return latest[:-1]


def _overlap(box: Box, other: Box) -> bool:
    across = min(box[2], other[2]) - max(box[0], other[0])
    down = min(box[3], other[3]) - max(box[1], other[1])
    return across > 0 and down > 0.4 * min(box[3] - box[1], other[3] - other[1])


def _views(page: PageText) -> Iterator[PageText]:
    """The page, or a page of its own for the lines of each direction, on which these stand upright."""
    turns = dict.fromkeys(line.turn for line in page.lines)
    if turns.keys() <= {0}:
        yield page
        return
    for turn in turns:
        width, height = (page.width, page.height) if turn in (0, 180) else (page.height, page.width)
        lines = tuple(line for line in page.lines if line.turn == turn)
        yield replace(page, width=width, height=height, lines=in_order(lines, drawn_across=turn != 0))


# --- headers and footers ---------------------------------------------------------------------------------------------


def _roles(pages: Sequence[PageText]) -> dict[tuple[int, int], LineRole]:
    """The role of each line (page number, index) that stands where headers and footers repeat."""
    places: dict[tuple[str, int], list[tuple[int, int]]] = defaultdict(list)
    rows: dict[tuple[int, int], int] = {}
    for page in pages:
        for index, line in _margin(page):
            row = round(line.box[1] / 2)
            rows[page.number, index] = row
            places[_folded(line.text), line.box[1] < page.height / 2].append((page.number, index))
    repeated = [spots for spots in places.values() if len({number for number, _ in spots}) > 1]
    bands = Counter(rows[spot] for spots in repeated for spot in spots)
    roles = {spot: LineRole.ALONE for spot, row in rows.items() if max(bands[r] for r in (row - 1, row, row + 1)) > 2}
    for spots in repeated:
        roles[spots[0]] = LineRole.ALONE
        roles.update(dict.fromkeys(spots[1:], LineRole.FURNITURE))
    return roles


def _margin(page: PageText) -> Iterator[tuple[int, Line]]:
    """The outermost lines at the top and the bottom: at most four of each."""
    if any(line.turn for line in page.lines):
        return
    top, bottom = page.height * _ZONE, page.height * (1 - _ZONE)
    upper = sorted((line.box[1], i) for i, line in enumerate(page.lines) if line.box[3] < top)[:4]
    lower = sorted((-line.box[3], i) for i, line in enumerate(page.lines) if line.box[1] > bottom)[:4]
    for _, index in upper + lower:
        yield index, page.lines[index]


def _folded(text: str) -> str:
    folded = _DIGITS.sub("0", text).casefold()
    return "0" if _ROMAN.fullmatch(folded) else folded


# --- paragraphs ------------------------------------------------------------------------------------------------------


def _page(page: PageText, roles: dict[tuple[int, int], LineRole], all_paragraphs: list[Paragraph]) -> None:
    """Add a page's fragments to the paragraphs found so far, as new ones or as what goes on."""
    rows = list(fragments(page, roles))
    body = [row[0] for row in rows if row[0].role is LineRole.BODY]
    pitch = _pitch(body)
    following = {id(f): body[i + 1 : i + 3] for i, f in enumerate(body)}
    open_: list[Paragraph] = []
    tabular = table_rows(rows)
    for index, row in enumerate(rows):
        if index in tabular:
            all_paragraphs.extend(_row(cells) for cells in [tabular[index]] if cells)
            open_ = []
            continue
        if row[0].role is not LineRole.BODY:
            all_paragraphs.extend(Paragraph(fragment, fragment.role) for fragment in row)
            continue
        touched: list[Paragraph] = []
        for fragment in row:
            touched.append(_place(fragment, all_paragraphs, open_, touched, pitch, following.get(id(fragment), ())))
        open_ = touched


def _row(cells: Sequence[Cell]) -> Paragraph:
    """A row of a table: its cells side by side, each with what heads it."""
    paragraph = Paragraph(cells[0].fragment, LineRole.ROW)
    for cell in cells[1:]:
        paragraph.add(cell.fragment, beside=True)
    paragraph.heads = tuple(cell.heads for cell in cells)
    return paragraph


def _place(
    fragment: Fragment,
    all_paragraphs: list[Paragraph],
    open_: Sequence[Paragraph],
    touched: Sequence[Paragraph],
    pitch: float,
    rest: Sequence[Fragment],
) -> Paragraph:
    """The paragraph that this fragment now belongs to."""
    for paragraph in open_:
        if paragraph in touched:
            continue
        if _beside(paragraph, fragment):
            paragraph.add(fragment, beside=True)
            return paragraph
        if _continues(paragraph, fragment, pitch, rest):
            paragraph.add(fragment)
            return paragraph
    broken = _interrupted(fragment, all_paragraphs) if _at_column_top(fragment, open_) and not touched else None
    if broken is None:
        all_paragraphs.append(Paragraph(fragment))
        return all_paragraphs[-1]
    broken.add(fragment)
    return broken


def _pitch(body: Sequence[Fragment]) -> float:
    """The usual distance in points from one line to the next on this page; 0 if no line stands under another."""
    steps = sorted(b.box[3] - a.box[3] for a, b in pairwise(body) if 0 < b.box[3] - a.box[3] < 3 * b.height)
    return steps[len(steps) // 3] if steps else 0.0


def _beside(paragraph: Paragraph, fragment: Fragment) -> bool:
    """Whether the fragment goes on in the same row, as after a raised footnote mark or a change of font."""
    row, box = paragraph.rows[-1], fragment.box
    if paragraph.last.page != fragment.page:
        return False
    overlap = min(row[3], box[3]) - max(row[1], box[1])
    unit = max(paragraph.height, fragment.height)
    return overlap > 0.5 * min(row[3] - row[1], fragment.height) and -0.5 * unit < box[0] - row[2] < unit


def _continues(paragraph: Paragraph, fragment: Fragment, pitch: float, rest: Sequence[Fragment]) -> bool:
    """Whether the fragment is the paragraph's next row."""
    if paragraph.last.page != fragment.page or not _same_size(paragraph, fragment):
        return False
    step = fragment.box[3] - paragraph.rows[-1][3]
    if paragraph.last.tokens[-1].endswith(SOFT_HYPHEN) and 0 < step < 3 * fragment.height:
        return True
    if not _beneath(paragraph, fragment, pitch) or not _aligned(paragraph, fragment):
        return False
    if is_label(fragment) and _starts_item(paragraph, fragment):
        return False
    return not _ended_early(paragraph, fragment, rest)


def _same_size(paragraph: Paragraph, fragment: Fragment) -> bool:
    return paragraph.height > 0 and _SAME_SIZE[0] < fragment.height / paragraph.height < _SAME_SIZE[1]


def _beneath(paragraph: Paragraph, fragment: Fragment, pitch: float) -> bool:
    """Whether the fragment is the next row of the same column, no farther than this paragraph's rows are."""
    row, unit = paragraph.rows[-1], paragraph.height
    step = fragment.box[3] - row[3]
    if step < 0.4 * unit or min(row[2], fragment.box[2]) <= max(row[0], fragment.box[0]):
        return False
    own = row[3] - paragraph.rows[-2][3] if len(paragraph.rows) > 1 else 0.0
    usual = own if own > 0 else max(min(pitch, 2.2 * unit), 0.95 * unit)
    return step <= 1.22 * usual + 1


def _aligned(paragraph: Paragraph, fragment: Fragment) -> bool:
    """Whether the fragment's left edge fits: flush, after a first line's indent, under a label, or centred."""
    row, unit = paragraph.rows[-1], fragment.height
    shift = fragment.box[0] - paragraph.left
    if abs(shift) < 0.6 * unit:
        return True
    off_centre = (fragment.box[0] + fragment.box[2] - row[0] - row[2]) / 2
    if abs(off_centre) < 0.4 * unit:
        return True
    if len(paragraph.rows) > 1:
        return False
    return -5 * unit < shift < 0 or (paragraph.hangs and 0 < shift < 6 * unit)


def _starts_item(paragraph: Paragraph, fragment: Fragment) -> bool:
    """Whether a line that begins like a list item is one, not prose that happens to break before a number."""
    if paragraph.hangs and abs(fragment.box[0] - paragraph.fragments[0].box[0]) < 0.5 * fragment.height:
        return True
    if _FINISHED.search(paragraph.last.line.text):
        return True
    return abs(fragment.box[0] - paragraph.left) > 0.5 * fragment.height


def _ended_early(paragraph: Paragraph, fragment: Fragment, rest: Sequence[Fragment]) -> bool:
    """Whether the last row stopped although the next word had room, and what follows looks like a beginning."""
    unit = fragment.height
    near = [f.box[2] for f in rest if abs(f.box[0] - fragment.box[0]) < 2 * unit and _same_size(paragraph, f)]
    right = max(fragment.box[2], *near, paragraph.right)
    word = fragment.line.words[fragment.first]
    if paragraph.rows[-1][2] + (word[1] - word[0]) + 0.35 * unit > right:
        return False
    last = paragraph.last.tokens[-1]
    if not _FINISHED.search(last) and (_RANGE.search(last) or _goes_on_by_number(fragment)):
        return False
    return bool(_FINISHED.search(last)) or _begins(fragment.tokens[0])


def _goes_on_by_number(fragment: Fragment) -> bool:
    """Whether a line begins with an amount in the middle of a sentence: 2.5 процента."""
    return len(fragment.tokens) > 1 and bool(_AMOUNT.fullmatch(fragment.tokens[0])) and fragment.tokens[1].islower()


def _begins(token: str) -> bool:
    letter = next((c for c in token if c.isalnum()), "")
    return not letter or not letter.islower()


def _at_column_top(fragment: Fragment, open_: Sequence[Paragraph]) -> bool:
    return all(fragment.box[3] < p.rows[-1][1] for p in open_)


def _interrupted(fragment: Fragment, all_paragraphs: Sequence[Paragraph]) -> Paragraph | None:
    """The paragraph that broke off at the end of the column or page before and goes on in this fragment.

    Smaller text after it is a footnote and stands between; headers and footers do not count.
    """
    if is_label(fragment):
        return None
    for paragraph in reversed(all_paragraphs[-40:]):
        if paragraph.last.line.turn != fragment.line.turn:
            continue
        if paragraph.role is not LineRole.BODY or paragraph.height < _SAME_SIZE[0] * fragment.height:
            continue
        if paragraph.last.page < fragment.page - 1 or not _same_size(paragraph, fragment):
            return None
        return paragraph if _broke_off(paragraph, fragment) else None
    return None


def _broke_off(paragraph: Paragraph, fragment: Fragment) -> bool:
    """Whether the last row is unfinished and reaches as far as the rows before it."""
    last = paragraph.last.tokens[-1]
    if last.endswith(SOFT_HYPHEN) or (_HANGING.search(last) and not _begins(fragment.tokens[0])):
        return True
    if _FINISHED.search(last) or (_begins(fragment.tokens[0]) and len(paragraph.rows) < 2):
        return False
    return paragraph.rows[-1][2] > paragraph.right - 4 * paragraph.height
