"""Reads one page's lines in the cage: its text once, then boxes only where a word begins or ends.

Each line is read along its own direction, and cut where what the page shows and what it hides meet.
"""

import ctypes
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final, NamedTuple

import pypdfium2
import pypdfium2.raw as pdfium

from indexer.extract.children.pdfium_fields import edges, notes
from indexer.extract.children.pdfium_fields import rows as rows_of
from indexer.extract.children.pdfium_looks import Fonts, PageLooks, Suspicion, text_object
from indexer.extract.pages import ASCENT, DESCENT, SOFT_HYPHEN, LineKind, as_shown
from indexer.text import Box

Place = Callable[[float, float, float, float], Box]
Across = Callable[[Any], tuple[float, float]]

_LINE_END = re.compile(r"\r\n|[\r\n\f]|[\x02\ufffe](?:\r\n)?")
_WORD = re.compile(r"\S+")
_ODD = re.compile(r"[\0\u0590-\u200f\u2060-\uffff]")
_CLEAN = re.compile(r"[ -~\u00a1-\u00ac\u00ae-\u02ff\u0400-\u0482\u048a-\u052f\u2010-\u2027\u2030-\u205e]*")
_NO_LETTER = re.compile(r"[\0-\x08\x0e-\x1f\x7f-\x9f\ufffd-\uffff\U000f0000-\U0010ffff]")
_KEPT_FORMAT = "\u200c\u200d"
_SUPERSCRIPTS = "\u00b9\u00b2\u00b3\u2070\u2074\u2075\u2076\u2077\u2078\u2079"
_MARK_ENDS = frozenset("0123456789" + _SUPERSCRIPTS)
_LONGEST_MARK: Final = 8
_MARK = re.compile(
    rf"(?P<before>[^\W\d_]{{3}}[»”\"')\],.;:!?]{{0,2}}|[^\W\d_][»”\"')\],.;:!?]{{1,2}})(?P<mark>\d{{1,3}}|[{_SUPERSCRIPTS}]{{1,3}})$"
)
_NOTE_SIZE: Final = 0.82  # of the size of the word that a note's number belongs to
_SHOWN: Final = int(LineKind.SHOWN)
_BAND: Final = 20.0  # points
_MOST_NEAR: Final = 400
_EDGE: Final = 0.5  # points: what reaches no farther into the page is outside it
_TURN, _FONTS = 6, 8  # places in a line as it is written
_GONE: Final = int(LineKind.ABSENT)
_DOUBLE: Final = -1  # an invisible word at the place of one that is shown


class _Word(NamedTuple):
    text: str
    left: float
    right: float
    object: int


@dataclass(slots=True)
class _Row:
    """A line: how far its direction is turned from the page's, its box and words along that direction."""

    turn: int
    box: Box
    words: list[_Word]
    kinds: list[int]


class PageReading:
    """Reads one page's lines through the raw interface."""

    def __init__(self, page: pypdfium2.PdfPage, fonts: Fonts) -> None:
        self.page = page
        self.words = self.hyphens = 0
        self.textpage = page.get_textpage()
        self.handle = self.textpage.raw
        self.address = ctypes.cast(self.handle, ctypes.c_void_p).value
        self.rotation = page.get_rotation()
        self.size = page.get_size()
        self.placings = _placings(page)
        self.looks = PageLooks(page, fonts, self.placings[self.rotation][0])
        self.text, self.first = self._text()
        self.identical = self.first == 0 and len(self.text) == pdfium.FPDFText_CountChars(self.handle)
        self.rect = pdfium.FS_RECTF()
        self.rect_at = ctypes.byref(self.rect)
        self.matrix = pdfium.FS_MATRIX()
        self.matrix_at = ctypes.byref(self.matrix)
        self.doubles = [ctypes.c_double() for _ in range(4)]

    def lines(self) -> list[list[Any]]:
        """Every line that has a word: text, x0, y0, x1, y1, the flat x0, x1 of its words, how far its direction is
        turned from the page's, what it is to who looks at the page, and the font of each word."""
        rows = [row for start, end, hyphen in self._spans() if (row := self._row(start, end, hyphen))]
        self._judge(rows)
        lines = [part for row in rows for part in self._parts(row)]
        self.words = sum(len(line[_FONTS]) for line in lines)
        for text, box, kind in notes(self.page, self.placings[self.rotation][0]):
            for words, place in rows_of(_clean_words(text), box):
                _insert(lines, words, place, kind)
        return lines

    def lost(self) -> int:
        """How many of 10,000 characters are of words and have no letter: the file does not tell it, or tells none."""
        total = pdfium.FPDFText_CountChars(self.handle)
        odd = len(_NO_LETTER.findall(self.text)) - self.hyphens
        untold = 0 if self.identical else self._untold(total)
        return round(10_000 * min(total, max(0, untold + odd)) / total) if total else 0

    def _untold(self, total: int) -> int:
        """How many characters the text leaves out, beside one that it gives or in a row; a sign alone is none."""
        place = pdfium.FPDFText_GetTextIndexFromCharIndex
        left_out = [place(self.handle, index) < 0 for index in range(total)]
        count = 0
        for index, out in enumerate(left_out):
            if not out:
                continue
            beside = self._letter(index - 1, left_out) or self._letter(index + 1, left_out)
            in_a_row = sum(left_out[max(0, index - 2) : index + 3]) > 2
            count += beside or in_a_row
        return count

    def _letter(self, index: int, left_out: Sequence[bool]) -> bool:
        """Whether the character is a letter or digit that the text gives."""
        if not 0 <= index < len(left_out) or left_out[index]:
            return False
        return chr(pdfium.FPDFText_GetUnicode(self.handle, index) & 0xFFFF).isalnum()

    def picture(self) -> int:
        """How much of the page is pictures, of 100."""
        return self.looks.picture(self.words)

    def _spans(self) -> Iterator[tuple[int, int, bool]]:
        """Where lines begin and end in the text, and whether a hyphen ends them."""
        start = 0
        for end in _LINE_END.finditer(self.text):
            hyphen = end.group()[0] in "\x02\ufffe"
            if hyphen and pdfium.FPDFText_IsHyphen(self.handle, self._at(end.start())) != 1:
                continue
            self.hyphens += hyphen
            yield start, end.start(), hyphen
            start = end.end()
        yield start, len(self.text), False

    def _text(self) -> tuple[str, int]:
        """The page's text, one item a character, and the index of its first one.

        The library cuts characters beyond U+FFFF to 16 bits here, so odd ones are asked for one by one.
        """
        first, last = 0, pdfium.FPDFText_CountChars(self.handle) - 1
        index = pdfium.FPDFText_GetTextIndexFromCharIndex
        while first <= last and index(self.handle, first) < 0:
            first += 1
        while first <= last and index(self.handle, last) < 0:
            last -= 1
        if first > last:
            return "", 0
        units = (ctypes.c_ushort * (2 * (last - first) + 4))()
        length = pdfium.FPDFText_GetText(self.handle, first, last - first + 1, units)
        text = bytes(units)[: 2 * max(0, length - 1)].decode("utf-16-le", "surrogatepass")
        return _ODD.sub(self._character, text), first

    def _character(self, match: re.Match[str]) -> str:
        index = pdfium.FPDFText_GetCharIndexFromTextIndex(self.handle, match.start())
        code = pdfium.FPDFText_GetUnicode(self.handle, index)
        return chr(code) if 0xFFFF < code < 0x110000 else match.group()

    def _at(self, index: int) -> int:
        if self.identical:
            return index
        return int(pdfium.FPDFText_GetCharIndexFromTextIndex(self.handle, index))

    def _row(self, start: int, end: int, hyphen: bool) -> _Row | None:
        words, spans = [], []
        for first, last in self._words(start, end):
            word = _clean(self.text[first:last])
            if word:
                words.append(word)
                spans.append((self._at(first), self._at(last - 1)))
        if not words:
            return None
        if hyphen:
            words[-1] += SOFT_HYPHEN
        direction = self._direction(spans[0][0])
        place, across = self.placings[direction]
        edges = self._edges(spans, across)
        x0, y0, x1, y1 = self._box(spans, place)
        box = min(x0, *edges), y0, max(x1, *edges), y1
        objects = [text_object(self.address, first) or 0 for first, _ in spans]
        read = list(map(_Word, words, edges[::2], edges[1::2], objects))
        return _Row((direction - self.rotation) % 360, box, read, [])

    def _words(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Where words begin and end; the small raised number of a note is a word of its own."""
        for match in _WORD.finditer(self.text, start, end):
            first, last = match.span()
            mark = _MARK.search(match.group()[-_LONGEST_MARK:]) if self.text[last - 1] in _MARK_ENDS else None
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
        sizes: list[float] = []
        for at in (self._at(index), self._at(other)):
            if not pdfium.FPDFText_GetMatrix(self.handle, at, self.matrix_at):
                return False
            m = self.matrix
            sizes.append(abs(pdfium.FPDFText_GetFontSize(self.handle, at)) * (m.c * m.c + m.d * m.d) ** 0.5)
        return sizes[0] < _NOTE_SIZE * sizes[1]

    def _direction(self, index: int) -> int:
        """By which rotation of the page the line that begins with this character would stand upright."""
        matrix = self.matrix
        if not pdfium.FPDFText_GetMatrix(self.handle, index, self.matrix_at):
            return int(self.rotation)
        if abs(matrix.b) > abs(matrix.a):
            return 90 if matrix.b > 0 else 270
        return 180 if matrix.a < 0 and matrix.d < 0 else 0

    def _edges(self, spans: list[tuple[int, int]], across: Across) -> list[float]:
        """Left and right edge of each word, one after the other."""
        edges: list[float] = []
        box, handle, rect, at = pdfium.FPDFText_GetLooseCharBox, self.handle, self.rect, self.rect_at
        for first, last in spans:
            box(handle, first, at)
            x0, x1 = across(rect)
            if last != first:
                box(handle, last, at)
                left, right = across(rect)
                x0, x1 = (x0 if x0 < left else left), (x1 if x1 > right else right)
            edges += (x0, x1)
        return edges

    def _box(self, spans: list[tuple[int, int]], place: Place) -> Box:
        """The ink of the line, and a fixed number of ems above and below the baseline of its usual font."""
        points = self._em(sorted({spans[0][0], spans[len(spans) // 2][0], spans[-1][0]}))
        first = spans[0][0]
        left, top, right, bottom = self.doubles
        for index in range(pdfium.FPDFText_CountRects(self.handle, first, spans[-1][1] - first + 1)):
            if pdfium.FPDFText_GetRect(self.handle, index, *map(ctypes.byref, self.doubles)):
                points += [(left.value, bottom.value), (right.value, top.value)]
        if not points:
            pdfium.FPDFText_GetLooseCharBox(self.handle, first, self.rect_at)
            return place(self.rect.left, self.rect.bottom, self.rect.right, self.rect.top)
        xs, ys = zip(*points, strict=True)
        return place(min(xs), min(ys), max(xs), max(ys))

    def _em(self, samples: list[int]) -> list[tuple[float, float]]:
        """Points above and below the baseline of the character with the middle font size among the samples."""
        sizes = []
        for index in samples:
            m = self.matrix
            if pdfium.FPDFText_GetMatrix(self.handle, index, self.matrix_at):
                size = pdfium.FPDFText_GetFontSize(self.handle, index)
                sizes.append((abs(size) * (m.c * m.c + m.d * m.d) ** 0.5, index, size * m.c, size * m.d))
        if not sizes:
            return []
        _, index, up_x, up_y = sorted(sizes)[len(sizes) // 2]
        x, y = self.doubles[0], self.doubles[1]
        if not pdfium.FPDFText_GetCharOrigin(self.handle, index, ctypes.byref(x), ctypes.byref(y)):
            return []
        return [
            (x.value + up_x * ASCENT, y.value + up_y * ASCENT),
            (x.value - up_x * DESCENT, y.value - up_y * DESCENT),
        ]

    # --- what is shown ---

    def _judge(self, rows: Sequence[_Row]) -> None:
        """Say of each word what it is to who looks at the page."""
        suspected: list[tuple[_Row, int, Suspicion]] = []
        for row in rows:
            row.kinds = self._first_kinds(row)
            if self.looks.plain and row.box[3] - row.box[1] > 2 and not any(map(self._odd, row.words)):
                continue
            for i, word in enumerate(row.words):
                suspicion = self.looks.suspicion(word.object, self._shown(row, word))
                if suspicion and not suspicion & Suspicion.OVER_PICTURE and row.kinds[i] != _GONE:
                    suspected.append((row, i, suspicion))
        if not suspected:
            return
        words = [(row.words[i].object, self._shown(row, row.words[i])) for row, i, _ in suspected]
        for (row, i, suspicion), hidden in zip(suspected, self.looks.makes_no_mark(words), strict=True):
            if hidden or suspicion & (Suspicion.SIZE | Suspicion.MODE):
                row.kinds[i] = _kind_of(suspicion)
        self._drop_doubles(rows)

    def _odd(self, word: _Word) -> bool:
        return bool(self.looks.look(word.object).suspicion)

    def _drop_doubles(self, rows: Sequence[_Row]) -> None:
        """An invisible word at the place of one that is shown is that one again: nobody need be told."""
        shown: dict[int, list[Box]] = defaultdict(list)
        for row in rows:
            for kind, word in zip(row.kinds, row.words, strict=True):
                if kind == LineKind.SHOWN:
                    box = self._shown(row, word)
                    for band in {int(box[1] / _BAND), int(box[3] / _BAND)}:
                        shown[band].append(box)
        for row in rows:
            invisible = [i for i, kind in enumerate(row.kinds) if kind == LineKind.INVISIBLE]
            doubles = sum(_on_one(shown, self._shown(row, row.words[i])) for i in invisible)
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
        outside = [word.right < _EDGE or word.left > width - _EDGE for word in row.words]
        return [_GONE if out else _SHOWN for out in outside]

    def _shown(self, row: _Row, word: _Word) -> Box:
        return as_shown((word.left, row.box[1], word.right, row.box[3]), row.turn, self.size)

    def _parts(self, row: _Row) -> Iterator[list[Any]]:
        """The row, in pieces where what it is to who looks changes."""
        look = self.looks.look
        for kind, group in groupby(zip(row.kinds, row.words, strict=True), key=lambda pair: pair[0]):
            words = [word for _, word in group]
            if kind == _DOUBLE:
                continue
            left, right = min(word.left for word in words), max(word.right for word in words)
            x0, x1 = (row.box[0], row.box[2]) if len(words) == len(row.words) else (left, right)
            text = " ".join(word.text for word in words)
            if words[-1] is not row.words[-1]:
                text = text.rstrip(SOFT_HYPHEN)
            yield [
                text,
                *map(_hundredths, (x0, row.box[1], x1, row.box[3])),
                [round(100 * edge) for word in words for edge in (word.left, word.right)],
                row.turn,
                int(kind),
                [look(word.object).font for word in words],
            ]


def _on_one(shown: Mapping[int, Sequence[Box]], box: Box) -> bool:
    """Whether the middle of a word is on one of these, which are sorted by bands of the page."""
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    near = shown.get(int(y / _BAND), ())[:_MOST_NEAR]
    return any(other[0] <= x <= other[2] and other[1] <= y <= other[3] for other in near)


def _kind_of(suspicion: Suspicion) -> int:
    """What a word is that makes no mark, by what it was suspected for."""
    if suspicion & (Suspicion.MODE | Suspicion.COLOUR | Suspicion.SIZE):
        return LineKind.INVISIBLE
    return LineKind.COVERED if suspicion & Suspicion.COVERED else _GONE


def _insert(lines: list[list[Any]], words: list[str], box: Box, kind: int) -> None:
    """Put what is filled in after the last line that stands in its row and begins left of it; or where it begins."""
    left, top, bottom = (round(100 * box[i]) for i in (0, 1, 3))
    middle = (top + bottom) / 2
    beside = [i for i, line in enumerate(lines) if line[_TURN] == 0 and line[2] < middle < line[4] and line[1] <= left]
    above = [i for i, line in enumerate(lines) if line[_TURN] == 0 and line[4] <= middle]
    at = 1 + (beside or above or [-1])[-1]
    places = [round(100 * edge) for edge in edges(words, box)]
    line = [" ".join(words), left, top, max(left, *places), bottom, places, 0, int(kind), [0] * len(words)]
    lines.insert(at, line)


def _clean_words(text: str) -> str:
    return "\n".join(" ".join(filter(None, map(_clean, part.split()))) for part in text.splitlines())


def _hundredths(points: float) -> int:
    return round(points * 100)


def _clean(word: str) -> str:
    """The word in NFC without control, format, surrogate and unassigned noncharacters."""
    if _CLEAN.fullmatch(word):
        return word
    kept = (c for c in word if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Cn") or c in _KEPT_FORMAT)
    return "".join(unicodedata.normalize("NFC", "".join(kept)).split())


def _placings(page: pypdfium2.PdfPage) -> dict[int, tuple[Place, Across]]:
    """For each rotation of the page, what maps a rectangle of the PDF's space to the page so shown, origin at the top
    left: all of it; its left and right alone, from the library's own structure."""
    left, bottom, right, top = page.get_bbox()
    return {
        0: (
            lambda x0, y0, x1, y1: (x0 - left, top - y1, x1 - left, top - y0),
            lambda rect: (rect.left - left, rect.right - left),
        ),
        90: (
            lambda x0, y0, x1, y1: (y0 - bottom, x0 - left, y1 - bottom, x1 - left),
            lambda rect: (rect.bottom - bottom, rect.top - bottom),
        ),
        180: (
            lambda x0, y0, x1, y1: (right - x1, y0 - bottom, right - x0, y1 - bottom),
            lambda rect: (right - rect.right, right - rect.left),
        ),
        270: (
            lambda x0, y0, x1, y1: (top - y1, right - x1, top - y0, right - x0),
            lambda rect: (top - rect.top, top - rect.bottom),
        ),
    }
