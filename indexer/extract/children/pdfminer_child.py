"""Reads doubtful pages glyph by glyph in the cage: `python -m … SOCKET PARENT`.

The only importer of pdfminer. It is slow, but knows which font a glyph is of, and whether that font tells its letters;
where it does not, the glyph's code is given instead of a guess.
"""

import gc
import json
import logging
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, BinaryIO, cast

from pdfminer.converter import PDFPageAggregator
from pdfminer.encodingdb import name2unicode
from pdfminer.layout import LAParams, LTChar, LTPage, LTTextBox, LTTextLine
from pdfminer.pdfdocument import PDFDocument
from pdfminer.pdffont import PDFFont, PDFSimpleFont
from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
from pdfminer.pdfpage import PDFPage
from pdfminer.pdfparser import PDFParser
from pdfminer.pdftypes import list_value, resolve1
from pdfminer.psparser import PSLiteral
from pdfminer.utils import Matrix

from indexer.extract.cage.frames import COUNT, LONGEST, PAGE
from indexer.extract.cage.template import Refused, allow_cpu, mapped, serve
from indexer.extract.pages import ASCENT, DESCENT, UNMAPPED

_MOST_TOLD = 20_000
_HIGHEST_CODE = 0xFFFD
_CODECS = ("utf-16-be", "utf-16-le", "utf-16", "latin-1", "ascii", "cp1252", "mac-roman", "utf-8")


def main() -> None:
    """Serve requests from the socket whose descriptor is the first argument until it closes."""
    logging.disable(logging.CRITICAL)
    serve(_work, _warm)


def _warm() -> None:
    """Load the codecs of fonts' tables: the library asks for them by name, and in the cage no file can be opened."""
    for codec in _CODECS:
        b"\0a".decode(codec, "ignore")


def _work(request: dict[str, Any], descriptor: int) -> Iterator[tuple[bytes, bytes]]:
    """Each of the pages whose bit is set in `pages`, in order; null if this one cannot be read."""
    asked_pages = int(request["pages"], 16)
    allow_cpu(request["cpu"] + asked_pages.bit_count() * request["page_cpu"])
    yield COUNT, str(asked_pages.bit_count()).encode()
    reading = _GlyphReading(PDFResourceManager())
    for number, page in enumerate(_pages(descriptor), 1):
        if asked_pages >> number == 0:
            break
        if asked_pages >> number & 1:
            text = json.dumps(_page(reading, number, page), ensure_ascii=False, separators=(",", ":"))
            content = text.encode(errors="replace")  # half a character beyond U+FFFF
            yield PAGE, content if len(content) <= LONGEST[PAGE] else b"null"


class _LatePage(PDFPage):
    """A page that is looked at only when it is asked for: in most files that takes longer than to find it."""

    def __init__(self, *arguments: Any) -> None:  # noqa: ANN401
        self._arguments = arguments

    def looked_at(self) -> PDFPage:
        """The page with its size, contents and fonts."""
        return PDFPage(*self._arguments)


def _pages(descriptor: int) -> Iterator[_LatePage]:
    """The pages of the document. The library fails on broken files by many kinds of exception."""
    try:
        document = PDFDocument(PDFParser(cast(BinaryIO, mapped(descriptor))), password="")
        yield from cast(Iterator[_LatePage], islice(_LatePage.create_pages(document), 1_000_000))
    except MemoryError:
        raise
    except Exception:
        raise Refused("damaged") from None


def _page(reading: "_GlyphReading", number: int, page: _LatePage) -> list[Any] | None:
    """Number, width, height and lines of a page in hundredths of a point, and what its fonts tell."""
    try:
        return [number, *reading.read(page.looked_at())]
    except MemoryError:
        raise
    except Exception:  # whatever a page may hold
        return None
    finally:
        gc.collect(0)


class _GlyphReading(PDFPageAggregator):
    """Reads pages; notes of every glyph its font and, where the font does not tell the letter, its code."""

    def __init__(self, resources: PDFResourceManager) -> None:
        super().__init__(resources, laparams=LAParams())
        self._interpreter = _Interpreter(resources, self)
        self._fonts: dict[int, tuple[int, PDFFont]] = {}
        self._told: dict[tuple[int, int], str] = {}

    def read(self, page: PDFPage) -> tuple[int, int, list[list[Any]], list[list[int]]]:
        """Width, height and lines; and which letters the fonts tell of which codes: font, code, letter."""
        page.mediabox = _visible(page)
        self._interpreter.process_page(page)
        layout: LTPage = self.get_result()
        told = [[font, code, ord(letter)] for (font, code), letter in islice(self._told.items(), _MOST_TOLD)]
        self._told.clear()
        lines = [
            _line(line, layout.height)
            for box in layout
            if isinstance(box, LTTextBox)
            for line in box
            if isinstance(line, LTTextLine)
        ]
        return _hundredths(layout.width), _hundredths(layout.height), [line for line in lines if line], told

    def render_char(self, matrix: Matrix, font: PDFFont, fontsize: float, *rest: Any) -> float:  # noqa: ANN401
        """Place one glyph; `rest` is scaling, rise, code, and what colours it."""
        advance = super().render_char(matrix, font, fontsize, *rest)
        glyph: Any = self.cur_item._objs[-1]
        code = rest[2]
        number, _ = self._fonts.setdefault(id(font), (len(self._fonts), font))
        text = glyph.get_text()
        if getattr(font, "tells_nothing", False) or text.startswith("(cid:") or text in ("\0", "\ufffd"):
            glyph._text = chr(ord(UNMAPPED) + min(code, _HIGHEST_CODE))
        elif len(text) == 1:
            self._told[number, code] = text
        glyph.font_number, glyph.em = number, fontsize
        return advance

    def paint_path(self, *_: object) -> None:
        """Lines and areas are no text."""


class _Interpreter(PDFPageInterpreter):
    """Runs page contents, forms included, and looks at each font when it is loaded."""

    def init_resources(self, resources: dict[object, object]) -> None:
        super().init_resources(resources)
        fonts = resolve1(resources.get("Font")) if resources else None
        for name, spec in (fonts or {}).items():
            font = self.fontmap.get(name)
            if isinstance(font, PDFSimpleFont) and not font.unicode_map:
                font.tells_nothing = _tells_nothing(resolve1(spec))  # type: ignore[attr-defined]


def _tells_nothing(spec: object) -> bool:
    """Whether most of a font's glyphs have names that are no letters' names."""
    encoding = resolve1(spec.get("Encoding")) if isinstance(spec, Mapping) else None
    if not isinstance(encoding, dict):
        return False
    names = [item.name for item in list_value(encoding.get("Differences", [])) if isinstance(item, PSLiteral)]
    return sum(map(_nameless, names)) > len(names) / 2


def _nameless(name: str | bytes) -> bool:
    if name == ".notdef":
        return False
    try:
        return not name2unicode(str(name))
    except (KeyError, ValueError):
        return True


def _visible(page: PDFPage) -> tuple[float, float, float, float]:
    """The part of the page that is shown."""
    a, b = page.mediabox, page.cropbox
    shown = max(a[0], b[0]), max(a[1], b[1]), min(a[2], b[2]), min(a[3], b[3])
    return shown if shown[0] < shown[2] and shown[1] < shown[3] else a


def _line(line: LTTextLine, height: float) -> list[Any] | None:
    """Text, top, bottom, left and right edge of each character one after the other, number of each one's font."""
    text, edges, fonts = "", [], []
    glyphs = [glyph for glyph in line if isinstance(glyph, LTChar)]
    right = 0.0
    for item in line:
        part = item.get_text()
        left, right = (item.x0, item.x1) if isinstance(item, LTChar) else (right, right)
        for character in part.replace("\n", " "):
            text += character
            edges += [_hundredths(left), _hundredths(right)]
            fonts.append(getattr(item, "font_number", -1))
    if not text.strip():
        return None
    top, bottom = _rows(glyphs, height)
    return [text, _hundredths(top), _hundredths(bottom), edges, fonts]


def _rows(glyphs: list[Any], height: float) -> tuple[float, float]:
    """A fixed number of ems above and below the baseline of the usual glyph, as the first reader has it."""
    sizes = sorted(
        (glyph.em * (glyph.matrix[2] ** 2 + glyph.matrix[3] ** 2) ** 0.5, i) for i, glyph in enumerate(glyphs)
    )
    em, index = sizes[len(sizes) // 2]
    baseline = height - glyphs[index].matrix[5]
    return baseline - ASCENT * em, baseline + DESCENT * em


def _hundredths(points: float) -> int:
    return round(points * 100)


if __name__ == "__main__":
    main()
