"""Has PDFs read by limited child processes. Refuses what they cannot read within their limits.

The first (child.py) reads every page; the second (second.py) only the pages whose text looks wrong.
"""

import contextlib
import json
import threading
from collections.abc import Callable, Generator, Mapping, Sequence
from types import TracebackType
from typing import Any, BinaryIO, Self

from indexer.extract.cage.frames import COUNT, IMAGE, PAGE
from indexer.extract.cage.keeper import Keeper, Limits, readable
from indexer.extract.choose import chosen
from indexer.extract.glyphs import GlyphPage, glyph_page
from indexer.extract.pages import ExtractError, Line, PageText
from indexer.extract.precheck import precheck

__all__ = ["Limits", "Progress", "Reader"]

Progress = Callable[[int, int], None]


class Reader:
    """Reads text and pictures of PDF pages; safe to share between threads, which take turns."""

    def __init__(self, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._lock = threading.Lock()
        self._first = Keeper("indexer.extract.children.pdfium_child")
        self._second = Keeper("indexer.extract.children.pdfminer_child")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """End the child processes. The reader may be used again: it then starts others."""
        with self._lock:
            self._first.drop()
            self._second.drop()

    def pages(self, file: BinaryIO, progress: Progress | None = None) -> tuple[PageText, ...]:
        """All pages of an open PDF, in order; a page that cannot be read has no lines. Raises ExtractError.

        `progress` is called with (pages read, pages in all) after each page; what it raises stops the reading.
        """
        precheck(file)
        told: Progress = progress or _nobody
        first = self._read_first(file, told)
        if not any(page.width for page in first):
            raise ExtractError("damaged")
        found = chosen(first, lambda numbers: self._read_second(file, numbers, lambda: told(len(first), len(first))))
        if not any(page.lines for page in found):
            raise ExtractError("needs_ocr" if any(page.trouble for page in found) else "no_text")
        return found

    def render(self, file: BinaryIO, page: int, width: int) -> bytes:
        """A page as PNG, `width` pixels wide (kept within 100 to 2400). Raises ExtractError."""
        if page < 1:
            raise ExtractError("no_page")
        precheck(file)
        answers = list(self._answers(self._first, file, {"page": page, "width": width}, self._limits))
        if [kind for kind, _ in answers] != [IMAGE]:
            raise ExtractError("reader_crashed")
        return answers[0][1]

    def _read_first(self, file: BinaryIO, progress: Progress) -> list[PageText]:
        found: list[PageText] = []
        total = 0
        with contextlib.closing(self._answers(self._first, file, {"page": 0, "width": 0}, self._limits)) as answers:
            for kind, payload in answers:
                if kind == COUNT:
                    total = int(payload)
                    continue
                found.append(_page(len(found) + 1, payload))
                progress(len(found), total)
        return found

    def _read_second(
        self, file: BinaryIO, numbers: Sequence[int], progress: Callable[[], None]
    ) -> dict[int, GlyphPage]:
        """These pages glyph by glyph, by number; without those that the second reader cannot read within its limits."""
        request = {"pages": f"{sum(1 << number for number in numbers):x}"}
        found: dict[int, GlyphPage] = {}
        answers = self._answers(self._second, file, request, self._limits.of_second())
        with contextlib.closing(answers), contextlib.suppress(ExtractError):
            for kind, payload in answers:
                page = glyph_page(payload) if kind == PAGE else None
                if page is not None:
                    found[page.number] = page
                progress()
        return found

    def _answers(
        self, keeper: Keeper, file: BinaryIO, request: Mapping[str, Any], limits: Limits
    ) -> Generator[tuple[bytes, bytes], None, None]:
        with self._lock, readable(file) as descriptor:
            yield from keeper.answers(request, descriptor, limits)


def _nobody(done: int, total: int) -> None:
    """Nobody wants to know."""


def _page(number: int, payload: bytes) -> PageText:
    """The page that the child wrote in hundredths of a point; null is a page it could not read."""
    content = json.loads(payload)
    if content is None:
        return PageText(number, 0.0, 0.0, ())
    width, height, lines = content
    return PageText(number, width / 100, height / 100, tuple(_line(*line) for line in lines))


def _line(text: str, x0: int, y0: int, x1: int, y1: int, edges: list[int]) -> Line:
    words = tuple(zip((e / 100 for e in edges[::2]), (e / 100 for e in edges[1::2]), strict=True))
    return Line(text, (x0 / 100, y0 / 100, x1 / 100, y1 / 100), words)
