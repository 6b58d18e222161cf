"""Opens PDFs in the cage: `python -m indexer.extract.children.pdfium_child SOCKET PARENT`.

The only importer of pypdfium2. Each document is read in a fork of its own (cage/template.py).
"""

import ctypes
import gc
import io
import json
import re
import unicodedata
from collections.abc import Callable, Iterator
from typing import Any

import PIL.Image
import pypdfium2
import pypdfium2.raw as pdfium

from indexer.extract.cage.frames import COUNT, IMAGE, LONGEST, PAGE
from indexer.extract.cage.template import Refused, allow_cpu, mapped, serve
from indexer.extract.pages import ASCENT, DESCENT, SOFT_HYPHEN
from indexer.text import Box

Place = Callable[[float, float, float, float], Box]
Across = Callable[[Any], tuple[float, float]]

WIDTHS = (100, 2400)
PIXELS = 24_000_000

_OWN_PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj "
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>endobj "
    b"4 0 obj<</Length 32>>stream\nBT /F 9 Tf 9 9 Td (a) Tj ET      \nendstream endobj "
    b"5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj trailer<</Root 1 0 R>>\nstartxref\n0\n%%EOF\n"
)

_ERR_PASSWORD, _ERR_SECURITY = 4, 5
_LINE_END = re.compile(r"\r\n|[\r\n\f]|[\x02\ufffe](?:\r\n)?")
_WORD = re.compile(r"\S+")
_ODD = re.compile(r"[\0\u0590-\u200f\u2060-\uffff]")
_CLEAN = re.compile(r"[ -~\u00a1-\u00ac\u00ae-\u02ff\u0400-\u0482\u048a-\u052f\u2010-\u2027\u2030-\u205e]*")
_KEPT_FORMAT = "\u200c\u200d"


def main() -> None:
    """Serve requests from the socket whose descriptor is the first argument until it closes."""
    gc.disable()  # a document's values hold no cycles, and its process ends with it
    serve(_work, _warm)


def _warm() -> None:
    """Find the fonts of the machine, and load what saves a picture, once for all documents."""
    PIL.Image.preinit()
    document = pypdfium2.PdfDocument(_OWN_PDF)
    _PageReading(document[0]).lines()
    _image(document, 1, WIDTHS[0])
    document.close()


def _work(request: dict[str, Any], descriptor: int) -> Iterator[tuple[bytes, bytes]]:
    document = _open(descriptor)
    try:
        count = len(document)
        if count < 1:
            raise Refused("damaged")
        if request["page"]:
            yield IMAGE, _image(document, request["page"], request["width"])
            return
        if count > request["max_pages"]:
            raise Refused("too_many_pages")
        allow_cpu(request["cpu"] + count * request["page_cpu"])
        yield COUNT, str(count).encode()
        for index in range(count):
            text = json.dumps(_page(document, index), ensure_ascii=False, separators=(",", ":")).encode()
            yield PAGE, text if len(text) <= LONGEST[PAGE] else b"null"
    finally:
        document.close()


def _open(descriptor: int) -> pypdfium2.PdfDocument:
    data = mapped(descriptor)
    try:
        return pypdfium2.PdfDocument((ctypes.c_ubyte * len(data)).from_buffer(data), password="")
    except pypdfium2.PdfiumError as error:
        code = getattr(error, "err_code", None)
        raise Refused("encrypted" if code in (_ERR_PASSWORD, _ERR_SECURITY) else "damaged") from None


def _page(document: pypdfium2.PdfDocument, index: int) -> list[Any] | None:
    """Width, height and lines of a page in hundredths of a point; None if this one page cannot be read."""
    try:
        page = document[index]
        try:
            width, height = page.get_size()
            return [_hundredths(width), _hundredths(height), _PageReading(page).lines()]
        finally:
            page.close()
    except (pypdfium2.PdfiumError, OverflowError, ValueError):
        return None


def _hundredths(points: float) -> int:
    return round(points * 100)


class _PageReading:
    """Reads one page's lines through the raw interface: its text once, then boxes only where a word begins or ends."""

    def __init__(self, page: pypdfium2.PdfPage) -> None:
        self.textpage = page.get_textpage()
        self.handle = self.textpage.raw
        self.place, self.across = _placing(page)
        self.text, self.first = self._text()
        self.identical = self.first == 0 and len(self.text) == pdfium.FPDFText_CountChars(self.handle)
        self.rect = pdfium.FS_RECTF()
        self.rect_at = ctypes.byref(self.rect)
        self.matrix = pdfium.FS_MATRIX()
        self.doubles = [ctypes.c_double() for _ in range(4)]

    def lines(self) -> list[list[Any]]:
        """Every line that has a word: text, x0, y0, x1, y1, and the flat x0, x1 of its words."""
        lines, start = [], 0
        for end in _LINE_END.finditer(self.text):
            hyphen = end.group()[0] in "\x02\ufffe"
            if hyphen and pdfium.FPDFText_IsHyphen(self.handle, self._at(end.start())) != 1:
                continue
            lines.append(self._line(start, end.start(), hyphen))
            start = end.end()
        lines.append(self._line(start, len(self.text), False))
        return [line for line in lines if line]

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

    def _line(self, start: int, end: int, hyphen: bool) -> list[Any] | None:
        words, spans = [], []
        for match in _WORD.finditer(self.text, start, end):
            word = _clean(match.group())
            if word:
                words.append(word)
                spans.append((self._at(match.start()), self._at(match.end() - 1)))
        if not words:
            return None
        if hyphen:
            words[-1] += SOFT_HYPHEN
        edges = self._edges(spans)
        x0, y0, x1, y1 = self._box(spans)
        x0, x1 = min(x0, *edges), max(x1, *edges)
        return [" ".join(words), *map(_hundredths, (x0, y0, x1, y1)), [round(100 * edge) for edge in edges]]

    def _edges(self, spans: list[tuple[int, int]]) -> list[float]:
        """Left and right edge of each word, one after the other."""
        edges: list[float] = []
        box, handle, rect, at, across = (
            pdfium.FPDFText_GetLooseCharBox,
            self.handle,
            self.rect,
            self.rect_at,
            self.across,
        )
        for first, last in spans:
            box(handle, first, at)
            x0, x1 = across(rect)
            if last != first:
                box(handle, last, at)
                left, right = across(rect)
                x0, x1 = (x0 if x0 < left else left), (x1 if x1 > right else right)
            edges += (x0, x1)
        return edges

    def _cell(self, index: int) -> Box:
        rect = self.rect
        pdfium.FPDFText_GetLooseCharBox(self.handle, index, self.rect_at)
        return self.place(rect.left, rect.bottom, rect.right, rect.top)

    def _box(self, spans: list[tuple[int, int]]) -> Box:
        """The ink of the line, and a fixed number of ems above and below the baseline of its usual font."""
        points = self._em(sorted({spans[0][0], spans[len(spans) // 2][0], spans[-1][0]}))
        first = spans[0][0]
        left, top, right, bottom = self.doubles
        for index in range(pdfium.FPDFText_CountRects(self.handle, first, spans[-1][1] - first + 1)):
            if pdfium.FPDFText_GetRect(self.handle, index, *map(ctypes.byref, self.doubles)):
                points += [(left.value, bottom.value), (right.value, top.value)]
        if not points:
            return self._cell(first)
        xs, ys = zip(*points, strict=True)
        return self.place(min(xs), min(ys), max(xs), max(ys))

    def _em(self, samples: list[int]) -> list[tuple[float, float]]:
        """Points above and below the baseline of the character with the middle font size among the samples."""
        sizes = []
        for index in samples:
            m = self.matrix
            if pdfium.FPDFText_GetMatrix(self.handle, index, ctypes.byref(m)):
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


def _clean(word: str) -> str:
    """The word in NFC without control, format, surrogate and unassigned noncharacters."""
    if _CLEAN.fullmatch(word):
        return word
    kept = (c for c in word if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Cn") or c in _KEPT_FORMAT)
    return "".join(unicodedata.normalize("NFC", "".join(kept)).split())


def _placing(page: pypdfium2.PdfPage) -> tuple[Place, Across]:
    """What maps a rectangle of the PDF's space to the page as shown, origin at the top left: all of it; its left and
    right alone, from the library's own structure."""
    left, bottom, right, top = page.get_bbox()
    turns: dict[int, tuple[Place, Across]] = {
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
    return turns[page.get_rotation()]


def _image(document: pypdfium2.PdfDocument, number: int, width: int) -> bytes:
    """A page as PNG. Draws the page and the looks of its annotations; runs no script, follows no link."""
    if number > len(document):
        raise Refused("no_page")
    try:
        page = document[number - 1]
        across, down = page.get_size()
        if across <= 0 or down <= 0:
            raise Refused("damaged")
        scale = min(max(WIDTHS[0], min(WIDTHS[1], width)) / across, (PIXELS / (across * down)) ** 0.5)
        picture = page.render(scale=scale, may_draw_forms=False).to_pil()
    except pypdfium2.PdfiumError:
        raise Refused("damaged") from None
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


if __name__ == "__main__":
    main()
