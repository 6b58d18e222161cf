"""Reads one page's lines in the cage: its text once, then boxes only where a word begins or ends.

Each line is read along its own direction, and cut where what the page shows and what it hides meet.
"""

import ctypes
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain, compress, groupby, pairwise
from typing import Any, Final, NamedTuple

import pypdfium2
import pypdfium2.raw as pdfium

from indexer.extract.children.pdfium_calls import Characters
from indexer.extract.children.pdfium_fields import Again, edges, notes
from indexer.extract.children.pdfium_fields import rows as rows_of
from indexer.extract.children.pdfium_looks import NARROWEST, Fonts, PageLooks, Suspicion
from indexer.extract.children.pdfium_placing import Place, placings
from indexer.extract.pages import ASCENT, DESCENT, SOFT_HYPHEN, LineKind, as_shown
from indexer.text import Box

_Font = tuple[float, Sequence[float], float]  # its size, the matrix by which it is written, and its size by both

_LINE_END = re.compile(r"\r\n|[\r\n\f]|[\x02\ufffe](?:\r\n)?")
_WORD = re.compile(r"\S+")
_ODD = re.compile(r"[\0\u0590-\u200f\u2060-\uffff]")
_CLEAN = re.compile(r"[ -~\u00a1-\u00ac\u00ae-\u02ff\u0400-\u0482\u048a-\u052f\u2010-\u2027\u2030-\u205e]*")
_CLEAN_PAGE = re.compile(_CLEAN.pattern.replace("[", r"[\r\n\f\x02\ufffe", 1))
_NO_LETTER = re.compile(
    r"[\0-\x08\x0e-\x1f\x7f-\x9f\ue000-\uf8ff\ufffd-\uffff\U000f0000-\U0010ffff]"
    r"(?:(?<![\ue000-\uf8ff])|(?<=[^\W\d_].)(?=[^\W\d_]))"
)
_KEPT_FORMAT = "\u200c\u200d"
_SUPERSCRIPTS = "\u00b9\u00b2\u00b3\u2070\u2074\u2075\u2076\u2077\u2078\u2079"
_MARK_ENDS = frozenset("0123456789" + _SUPERSCRIPTS)
_BEFORE_MARK = r"(?:[^\W\d_]|[»”\"')\],.;:!?])"
_OF_MARK = rf"[\d{_SUPERSCRIPTS}]"
_MAY_BE_MARK = re.compile(
    rf"[0-9{_SUPERSCRIPTS}](?!\S)(?:(?<={_BEFORE_MARK}{_OF_MARK})|(?<={_BEFORE_MARK}{_OF_MARK}{{2}})"
    rf"|(?<={_BEFORE_MARK}{_OF_MARK}{{3}}))|[{_SUPERSCRIPTS}][.,;:!?»)]"
)
_LONGEST_MARK: Final = 8
_MARK = re.compile(
    rf"(?P<before>[^\W\d_]{{3}}[»”\"')\],.;:!?]{{0,2}}|[^\W\d_][»”\"')\],.;:!?]{{1,2}})(?P<mark>\d{{1,3}}|[{_SUPERSCRIPTS}]{{1,3}}[.,;:!?»)]{{0,2}})$"
)
_NOTE_SIZE: Final = 0.82  # of the size of the word that a note's number belongs to
_SHOWN: Final = int(LineKind.SHOWN)
_BAND: Final = 20.0  # points
_MOST_NEAR: Final = 400
_EDGE: Final = 0.5  # points: what reaches no farther into the page is outside it
_EDGES, _TURN, _FONTS, _COLUMNS = 5, 6, 8, 9  # places in a line as it is written, and how many there are
_GONE: Final = int(LineKind.ABSENT)
_DOUBLE: Final = -1  # an invisible word at the place of one that is shown


@dataclass(slots=True)
class _Row:
    """A line: how far its direction is turned from the page's, its box, its words, their left and right edges along
    that direction one after the other, and the objects that draw them."""

    turn: int
    box: Box
    words: list[str]
    edges: list[float]
    objects: list[int]
    kinds: list[int]


class _Span(NamedTuple):
    """A line as the text has it: its words, the first and last character of each, one after the other."""

    words: list[str]
    indexes: list[int]


class PageReading:
    """Reads one page's lines through the raw interface."""

    def __init__(self, page: pypdfium2.PdfPage, fonts: Fonts, again: Again) -> None:
        self.page, self.again = page, again
        self.words = self.hyphens = self.untold_letters = 0
        self.textpage = page.get_textpage()
        self.handle = self.textpage.raw
        self.characters = Characters(self.handle)
        self.rotation = int(page.get_rotation())
        self.size = page.get_size()
        self.placings = placings(page.get_bbox())
        self.looks = PageLooks(page, fonts, self.placings[self.rotation].place)
        self.text, self.first = self._text()
        self.identical = self.first == 0 and len(self.text) == self.characters.count
        self.clean = _CLEAN_PAGE.fullmatch(self.text) is not None

    def lines(self) -> list[Sequence[Any]]:
        """What the lines that have a word say and where they stand, as lists of all of them, one a column: texts, x0,
        y0, x1, y1, the x0, x1 of all words, how far a line's direction is turned from the page's, what the line is to
        who looks at the page, and the fonts of all words."""
        spans = [span for start, end, hyphen in self._spans() if (span := self._span(start, end, hyphen))]
        self.untold_letters = self._without_a_table(spans)
        rows = self._rows(self._of_one_direction(spans))
        self._judge(rows)
        lines = [part for row in rows for part in self._parts(row)]
        self.words = sum(len(line[_FONTS]) for line in lines)
        for text, box, kind in notes(self.page, self.text, self.placings[self.rotation].place, self.again):
            for words, place in rows_of(_clean_words(text), box):
                _insert(lines, words, place, kind)
        columns: list[Sequence[Any]] = list(zip(*lines, strict=True)) or [()] * _COLUMNS
        columns[_EDGES] = [round(100 * edge) for edge in chain.from_iterable(columns[_EDGES])]
        columns[_FONTS] = list(chain.from_iterable(columns[_FONTS]))
        return columns

    def lost(self) -> int:
        """How many of 10,000 characters are of words and have no letter: the file does not tell it, or tells none."""
        total = self.characters.count
        odd = len(_NO_LETTER.findall(self.text)) - self.hyphens
        untold = self.untold_letters + (0 if self.identical else self._untold(total))
        return round(10_000 * min(total, max(0, untold + odd)) / total) if total else 0

    def _without_a_table(self, spans: Sequence[_Span]) -> int:
        """How many letters are of words whose first and last ones the file does not tell; a few are signs."""
        lengths = [len(word) for span in spans for word in span.words]
        edges = [index for span in spans for index in span.indexes]
        long = [i for i, length in enumerate(lengths) if length > 3]
        doubtful = list(compress(long, self.characters.untold([edges[2 * i] for i in long])))
        untold = self.characters.untold([edges[2 * i + 1] for i in doubtful])
        return sum(lengths[i] for i in compress(doubtful, untold))

    def _untold(self, total: int) -> int:
        """How many characters the text leaves out, beside one that it gives or in a row; a sign alone is none."""
        left_out = [place < 0 for place in self.characters.places(range(total))]
        count = 0
        for index in (index for index, out in enumerate(left_out) if out):
            beside = self._letter(index - 1, left_out) or self._letter(index + 1, left_out)
            in_a_row = sum(left_out[max(0, index - 2) : index + 3]) > 2
            count += beside or in_a_row
        return count

    def _letter(self, index: int, left_out: Sequence[bool]) -> bool:
        """Whether the character is a letter or digit that the text gives."""
        if not 0 <= index < len(left_out) or left_out[index]:
            return False
        return chr(self.characters.letter(index) & 0xFFFF).isalnum()

    def picture(self) -> int:
        """How much of the page is pictures, of 100."""
        return self.looks.picture(self.words)

    def _spans(self) -> Iterator[tuple[int, int, bool]]:
        """Where lines begin and end in the text, and whether a hyphen ends them."""
        start = 0
        for end in _LINE_END.finditer(self.text):
            hyphen = end.group()[0] in "\x02\ufffe"
            if hyphen and pdfium.FPDFText_IsHyphen(self.handle, self._at([end.start()])[0]) != 1:
                continue
            self.hyphens += hyphen
            yield start, end.start(), hyphen
            start = end.end()
        yield start, len(self.text), False

    def _text(self) -> tuple[str, int]:
        """The page's text, one item a character, and the index of its first one.

        The library cuts characters beyond U+FFFF to 16 bits here, so odd ones are asked for one by one.
        """
        first, last = 0, self.characters.count - 1
        while first <= last and self.characters.places([first])[0] < 0:
            first += 1
        while first <= last and self.characters.places([last])[0] < 0:
            last -= 1
        if first > last:
            return "", 0
        units = (ctypes.c_ushort * (2 * (last - first) + 4))()
        length = pdfium.FPDFText_GetText(self.handle, first, last - first + 1, units)
        text = bytes(units)[: 2 * max(0, length - 1)].decode("utf-16-le", "surrogatepass")
        return _ODD.sub(self._character, text), first

    def _character(self, match: re.Match[str]) -> str:
        code = self.characters.letter(self.characters.of_text([match.start()])[0])
        return chr(code) if 0xFFFF < code < 0x110000 else match.group()

    def _at(self, places: list[int]) -> list[int]:
        return places if self.identical else self.characters.of_text(places)

    def _span(self, start: int, end: int, hyphen: bool) -> _Span | None:
        line = self.text[start:end]
        words = line.split()
        if _MAY_BE_MARK.search(line):
            edges = [edge for pair in self._words(start, end) for edge in pair]
            words = [self.text[a:b] for a, b in zip(edges[::2], edges[1::2], strict=True)]
        elif " ".join(words) == line:
            edges = _of_single_spaces(words, start)
        else:
            edges = [edge for match in _WORD.finditer(self.text, start, end) for edge in match.span()]
        if not (self.clean or _CLEAN.fullmatch(line)):
            words = [_clean(word) for word in words]
            kept = [i for i, word in enumerate(words) if word]
            edges = [edge for i in kept for edge in edges[2 * i : 2 * i + 2]]
            words = [words[i] for i in kept]
        if not words:
            return None
        if hyphen:
            words[-1] += SOFT_HYPHEN
        edges[1::2] = [edge - 1 for edge in edges[1::2]]
        return _Span(words, self._at(edges))

    def _words(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Where words begin and end; the small raised number of a note is a word of its own."""
        for match in _WORD.finditer(self.text, start, end):
            first, last = match.span()
            tail = match.group()[-_LONGEST_MARK:]
            mark = _MARK.search(tail) if tail[-1] in _MARK_ENDS or not tail.isascii() else None
            if mark:
                at = last - len(mark.group("mark"))
                if self._smaller(at, at - len(mark.group("before"))):
                    yield first, at
                    first = at
            yield first, last

    def _smaller(self, index: int, other: int) -> bool:
        """Whether a character is clearly smaller than another, or a superscript by itself."""
        if self.text[index] in _SUPERSCRIPTS:
            return True
        both = self._at([index, other])
        sizes = [
            _norm(size, matrix)
            for size, matrix in zip(self.characters.sizes(both), self.characters.matrices(both), strict=True)
            if matrix
        ]
        return len(sizes) == 2 and sizes[0] < _NOTE_SIZE * sizes[1]

    # --- places ---

    def _rows(self, spans: Sequence[_Span]) -> list[_Row]:
        """The lines with their places, for which the library is asked for all of them at once."""
        indexes = [index for span in spans for index in span.indexes]
        objects = self.characters.objects(indexes[::2])
        boxes = self.characters.boxes(indexes)
        usual = self.placings[self.rotation].edges(boxes)
        ends = list(accumulate([len(span.words) for span in spans], initial=0))
        samples = [(at, (at + end) // 2, end - 1) for at, end in pairwise(ends)]
        fonts = self._fonts({objects[i] or -i: indexes[2 * i] for of_line in samples for i in of_line})
        rows = []
        for span, (at, end), of_line in zip(spans, pairwise(ends), samples, strict=True):
            of_words = [fonts[objects[i] or -i] for i in of_line]
            direction = self._direction(of_words[0])
            placing = self.placings[direction]
            edges = usual[2 * at : 2 * end] if direction == self.rotation else placing.edges(boxes[8 * at : 8 * end])
            em = _em([indexes[2 * i] for i in of_line], of_words)
            x0, y0, x1, y1 = self._box(span.indexes, em, placing.place)
            box = min(x0, min(edges)), y0, max(x1, max(edges)), y1
            rows.append(_Row((direction - self.rotation) % 360, box, span.words, edges, objects[at:end], []))
        return rows

    def _of_one_direction(self, spans: Sequence[_Span]) -> list[_Span]:
        """The lines; the library runs one on in words that stand across it: such a line in pieces."""
        ends = [index for span in spans for index in (span.indexes[0], span.indexes[-2])]
        objects = self.characters.objects(ends)
        fonts = self._fonts({handle or -i: ends[i] for i, handle in enumerate(objects)})
        ways = [self._direction(fonts[handle or -i]) for i, handle in enumerate(objects)]
        parted: list[_Span] = []
        for at, span in enumerate(spans):
            parted.extend([span] if ways[2 * at] == ways[2 * at + 1] else self._by_direction(span))
        return parted

    def _by_direction(self, span: _Span) -> Iterator[_Span]:
        """A line in pieces of one direction; words that stand across the page are each by itself."""
        firsts = span.indexes[::2]
        sizes = zip(self.characters.sizes(firsts), self.characters.matrices(firsts), strict=True)
        fonts = [(size, matrix, _norm(size, matrix)) if matrix else None for size, matrix in sizes]
        ways = list(map(self._direction, fonts))
        first = 0
        for at in range(1, len(ways) + 1):
            if at == len(ways) or ways[at] != ways[at - 1] or ways[at] != self.rotation:
                yield _Span(span.words[first:at], span.indexes[2 * first : 2 * at])
                first = at

    def _fonts(self, samples: Mapping[int, int]) -> dict[int, _Font | None]:
        """How the characters of an object are written, by the object, of which one character is given."""
        told = zip(self.characters.sizes(samples.values()), self.characters.matrices(samples.values()), strict=True)
        fonts = ((size, matrix, _norm(size, matrix)) if matrix else None for size, matrix in told)
        return dict(zip(samples, fonts, strict=True))

    def _direction(self, font: _Font | None) -> int:
        """By which rotation of the page the line that begins with a character so written would stand upright."""
        if font is None:
            return self.rotation
        a, b, _, d = font[1][:4]
        if abs(b) > abs(a):
            return 90 if b > 0 else 270
        return 180 if a < 0 and d < 0 else 0

    def _box(self, indexes: Sequence[int], em: tuple[int, _Font] | None, place: Place) -> Box:
        """The ink of the line, and a fixed number of ems above and below the baseline of its usual font."""
        xs, ys = self.characters.ink(indexes[0], indexes[-1])
        if em and (origin := self.characters.origin(em[0])):
            (x, y), (size, matrix, _) = origin, em[1]
            up_x, up_y = size * matrix[2], size * matrix[3]
            xs += (x + up_x * ASCENT, x - up_x * DESCENT)
            ys += (y + up_y * ASCENT, y - up_y * DESCENT)
        if not xs:
            left, top, right, bottom = self.characters.boxes(indexes[:1])
            return place(left, bottom, right, top)
        return place(min(xs), min(ys), max(xs), max(ys))

    # --- what is shown ---

    def _judge(self, rows: Sequence[_Row]) -> None:
        """Say of each word what it is to who looks at the page."""
        suspected: list[tuple[_Row, int, Suspicion]] = []
        odd = self.looks.odd(dict.fromkeys([handle for row in rows for handle in row.objects]))
        for row in rows:
            row.kinds = self._first_kinds(row)
            shown = as_shown(row.box, row.turn, self.size)
            squeezed = _squeezed(row)
            large = row.box[3] - row.box[1] > 2 and not squeezed
            may_hide = self.looks.may_cover(row.objects, shown) or self.looks.may_clip(row.objects, shown)
            if large and odd.isdisjoint(row.objects) and not may_hide:
                continue
            for i, handle in enumerate(row.objects):
                suspicion = self.looks.suspicion(handle, self._shown(row, i))
                suspicion |= Suspicion.SIZE if squeezed else Suspicion.NONE
                if suspicion and not suspicion & Suspicion.OVER_PICTURE and row.kinds[i] != _GONE:
                    suspected.append((row, i, suspicion))
        if not suspected:
            return
        words = [(row.objects[i], self._shown(row, i)) for row, i, _ in suspected]
        for (row, i, suspicion), hidden in zip(suspected, self.looks.makes_no_mark(words), strict=True):
            if hidden or suspicion & (Suspicion.SIZE | Suspicion.MODE):
                row.kinds[i] = _kind_of(suspicion)
        self._drop_doubles(rows)

    def _drop_doubles(self, rows: Sequence[_Row]) -> None:
        """An invisible word at the place of one that is shown is that one again: nobody need be told."""
        shown: dict[int, list[Box]] = defaultdict(list)
        for row in rows:
            for i, kind in enumerate(row.kinds):
                if kind == LineKind.SHOWN:
                    box = self._shown(row, i)
                    for band in {int(box[1] / _BAND), int(box[3] / _BAND)}:
                        shown[band].append(box)
        for row in rows:
            invisible = [i for i, kind in enumerate(row.kinds) if kind == LineKind.INVISIBLE]
            doubles = sum(_on_one(shown, self._shown(row, i)) for i in invisible)
            if 2 * doubles > len(invisible):
                for i in invisible:
                    row.kinds[i] = _DOUBLE

    def _first_kinds(self, row: _Row) -> list[int]:
        """Whether each word is on the page at all."""
        width, height = self.size if row.turn in (0, 180) else self.size[::-1]
        x0, y0, x1, y1 = row.box
        if y1 < _EDGE or y0 > height - _EDGE:
            return [_GONE] * len(row.words)
        if x0 >= 0 and x1 <= width:
            return [_SHOWN] * len(row.words)
        sides = zip(row.edges[::2], row.edges[1::2], strict=True)
        return [_GONE if right < _EDGE or left > width - _EDGE else _SHOWN for left, right in sides]

    def _shown(self, row: _Row, index: int) -> Box:
        left, right = row.edges[2 * index : 2 * index + 2]
        return as_shown((left, row.box[1], right, row.box[3]), row.turn, self.size)

    def _parts(self, row: _Row) -> Iterator[list[Any]]:
        """The row, in pieces where what it is to who looks changes."""
        if row.kinds.count(row.kinds[0]) == len(row.kinds):
            if row.kinds[0] != _DOUBLE:
                yield self._part(row, 0, len(row.kinds))
            return
        first = 0
        for kind, group in groupby(row.kinds):
            end = first + len(list(group))
            if kind != _DOUBLE:
                yield self._part(row, first, end)
            first = end

    def _part(self, row: _Row, first: int, end: int) -> list[Any]:
        words, edges, objects, (x0, y0, x1, y1) = row.words, row.edges, row.objects, row.box
        if end - first < len(words):
            words, edges, objects = words[first:end], edges[2 * first : 2 * end], objects[first:end]
            x0, x1 = min(edges[::2]), max(edges[1::2])
        text = " ".join(words)
        return [
            text if end == len(row.words) else text.rstrip(SOFT_HYPHEN),
            round(100 * x0),
            round(100 * y0),
            round(100 * x1),
            round(100 * y1),
            edges,
            row.turn,
            int(row.kinds[first]),
            self.looks.fonts(objects),
        ]


def _squeezed(row: _Row) -> bool:
    """Whether the letters of a line are so narrow that they make no more than a stroke."""
    return sum(row.edges[1::2]) - sum(row.edges[::2]) < NARROWEST * sum(map(len, row.words))


def _of_single_spaces(words: Sequence[str], start: int) -> list[int]:
    """The start and the end of each word, one after the other, where single spaces part them."""
    starts = list(accumulate([len(word) + 1 for word in words], initial=start))
    edges = 2 * starts[:-1]
    edges[::2], edges[1::2] = starts[:-1], [after - 1 for after in starts[1:]]
    return edges


def _norm(size: float, matrix: Sequence[float]) -> float:
    """The size of letters on the page."""
    return float(abs(size) * (matrix[2] * matrix[2] + matrix[3] * matrix[3]) ** 0.5)


def _em(indexes: Sequence[int], fonts: Sequence[_Font | None]) -> tuple[int, _Font] | None:
    """The character with the middle size among those at the beginning, the middle and the end of a line; its font."""
    first, middle, last = fonts
    if middle and first is middle is last:
        return indexes[1], middle
    known = {index: font for index, font in zip(indexes, fonts, strict=True) if font}
    if not known:
        return None
    sizes = sorted([(font[2], index) for index, font in known.items()])
    index = sizes[len(sizes) // 2][1]
    return index, known[index]


def _on_one(shown: Mapping[int, Sequence[Box]], box: Box) -> bool:
    """Whether the middle of a word is on one of these, which are sorted by bands of the page."""
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    near = shown.get(int(y / _BAND), ())[:_MOST_NEAR]
    return any(other[0] <= x <= other[2] and other[1] <= y <= other[3] for other in near)


def _kind_of(suspicion: Suspicion) -> int:
    """What a word is that makes no mark, by what it was suspected for."""
    if suspicion & (Suspicion.MODE | Suspicion.COLOUR | Suspicion.SIZE):
        return LineKind.INVISIBLE
    return LineKind.COVERED if suspicion & (Suspicion.COVERED | Suspicion.CLIPPED) else _GONE


def _insert(lines: list[list[Any]], words: list[str], box: Box, kind: int) -> None:
    """Put what is filled in after the last line that stands in its row and begins left of it; or where it begins."""
    left, top, bottom = (round(100 * box[i]) for i in (0, 1, 3))
    middle = (top + bottom) / 2
    beside = [i for i, line in enumerate(lines) if line[_TURN] == 0 and line[2] < middle < line[4] and line[1] <= left]
    above = [i for i, line in enumerate(lines) if line[_TURN] == 0 and line[4] <= middle]
    at = 1 + (beside or above or [-1])[-1]
    places = edges(words, box)
    right = max(left, round(100 * max(places)))
    line = [" ".join(words), left, top, right, bottom, places, 0, int(kind), [0] * len(words)]
    lines.insert(at, line)


def _clean_words(text: str) -> str:
    return "\n".join(" ".join(filter(None, map(_clean, part.split()))) for part in text.splitlines())


def _clean(word: str) -> str:
    """The word in NFC without control, format, surrogate and unassigned noncharacters."""
    if _CLEAN.fullmatch(word):
        return word
    kept = (c for c in word if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Cn") or c in _KEPT_FORMAT)
    return "".join(unicodedata.normalize("NFC", "".join(kept)).split())
