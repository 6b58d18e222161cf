"""Has PDFs read in the cage, a child for each document. Refuses what they cannot read within their limits.

The first (pdfium_child.py) reads every page; the second (pdfminer_child.py) only the pages whose text looks wrong.
"""

import contextlib
import threading
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import replace
from types import TracebackType
from typing import Any, BinaryIO, Final, Self

from indexer.extract import answers
from indexer.extract.cage.confine import Confinement
from indexer.extract.cage.frames import COUNT, FILE, PAGE
from indexer.extract.cage.keeper import Cage, readable
from indexer.extract.cage.limits import Limits
from indexer.extract.choose import chosen
from indexer.extract.glyphs import GlyphPage
from indexer.extract.pages import ExtractError, PageText
from indexer.extract.precheck import precheck
from indexer.extract.shells import without_shells

__all__ = ["Limits", "Progress", "Reader"]

Progress = Callable[[int, int], None]
BEGINNING: Final = 5.0  # seconds that a document's first pages may take
INSIDE: Final = 10.0  # seconds that a file inside a document may take


class Reader:
    """Reads the text of PDF pages; safe to share between threads, which take turns."""

    def __init__(self, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._lock = threading.Lock()
        self._first = Cage("indexer.extract.children.pdfium_child")
        self._second = Cage("indexer.extract.children.pdfminer_child")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """End the processes. The reader may be used again: it then starts others."""
        with self._lock:
            self._first.close()
            self._second.close()

    def confinement(self) -> Confinement:
        """What holds the children in on this machine. Raises ExtractError if none can be started."""
        return self._first.confinement()

    def pages(self, file: BinaryIO, progress: Progress | None = None, *, unread: bool = False) -> tuple[PageText, ...]:
        """All pages of an open PDF, in order; a page that cannot be read has no lines. Raises ExtractError.

        `unread`: pages are given even where none of them holds text.
        `progress` is called with (pages read, pages in all) after each page; what it raises stops the reading.
        """
        precheck(file)
        report: Progress = progress or _nobody
        first, shell = without_shells(self._read_first(file, report))
        if not any(page.width for page in first):
            raise ExtractError("damaged")
        pages = chosen(first, lambda numbers: self._read_second(file, numbers, lambda: report(len(first), len(first))))
        if not unread and not any(page.lines for page in pages):
            raise ExtractError(shell or ("needs_ocr" if any(page.lines for page in first) else "no_text"))
        return pages

    def attachments(self, file: BinaryIO) -> tuple[str, ...]:
        """The names of the files inside an open PDF, so many as are told at most. Raises ExtractError."""
        precheck(file)
        request = {"page": 0, "width": 0, "attachments": True}
        frames = self._answers(self._first, file, request, self._limits)
        with contextlib.closing(frames), answers.checked():
            ((_, payload),) = frames
            return answers.names(payload)

    def attachment(self, file: BinaryIO, number: int, largest: int, target: BinaryIO) -> None:
        """Write a file inside an open PDF, counted from 1, to `target`, which is then at its beginning.

        Raises ExtractError: `too_large_in_memory` also of one with more than `largest` bytes.
        """
        precheck(file)
        request = {"page": 0, "width": 0, "attachment": number}
        limits = replace(self._limits, cpu_seconds=INSIDE, wall_seconds=4 * INSIDE, max_answer_bytes=largest)
        with contextlib.closing(self._answers(self._first, file, request, limits)) as frames:
            for kind, payload in frames:
                if kind != FILE:
                    raise ExtractError("reader_crashed")
                target.write(payload)
        target.seek(0)

    def beginning(self, file: BinaryIO, most_pages: int) -> list[PageText]:
        """The first pages, as far as they can be read quickly; none where they cannot."""
        limits = replace(self._limits, cpu_seconds=BEGINNING, wall_seconds=4 * BEGINNING, page_cpu_seconds=0.0)
        pages: list[PageText] = []
        total = 0
        with contextlib.suppress(ExtractError):
            precheck(file)
            with contextlib.closing(self._answers(self._first, file, {"page": 0, "width": 0}, limits)) as frames:
                for kind, payload in frames:
                    with answers.checked():
                        if not total:
                            total = answers.page_count(payload if kind == COUNT else b"", limits.max_pages)
                            continue
                        pages.append(answers.page_text(len(pages) + 1, payload if len(pages) < total else b""))
                    if len(pages) >= most_pages:
                        break
        return pages

    def _read_first(self, file: BinaryIO, progress: Progress) -> list[PageText]:
        pages: list[PageText] = []
        words, total = 0, 0
        with contextlib.closing(self._answers(self._first, file, {"page": 0, "width": 0}, self._limits)) as frames:
            for kind, payload in frames:
                with answers.checked():
                    if not total:
                        total = answers.page_count(payload if kind == COUNT else b"", self._limits.max_pages)
                        continue
                    page = answers.page_text(len(pages) + 1, payload if len(pages) < total else b"")
                    words += sum(len(line.words) for line in page.lines)
                    pages.append(page)
                if words > answers.MOST_WORDS:
                    raise ExtractError("too_large_in_memory")
                progress(len(pages), total)
        if not total or len(pages) != total:
            raise ExtractError("reader_crashed")
        return pages

    def _read_second(
        self, file: BinaryIO, numbers: Sequence[int], progress: Callable[[], None]
    ) -> dict[int, GlyphPage]:
        """These pages glyph by glyph, by number; without those that the second reader cannot read within its limits."""
        request = {"pages": f"{sum(1 << number for number in numbers):x}"}
        pages: dict[int, GlyphPage] = {}
        glyphs = 0
        frames = self._answers(self._second, file, request, self._limits.of_second())
        with contextlib.closing(frames), contextlib.suppress(ExtractError):
            for kind, payload in frames:
                with answers.checked():
                    page = answers.glyph_page(payload) if kind == PAGE else None
                if page is not None and page.number in numbers:
                    pages[page.number] = page
                    glyphs += sum(len(row.text) for row in page.rows)
                if glyphs > answers.MOST_WORDS:
                    break
                progress()
        return pages

    def _answers(
        self, cage: Cage, file: BinaryIO, request: Mapping[str, Any], limits: Limits
    ) -> Generator[tuple[bytes, bytes], None, None]:
        with (
            self._lock,
            readable(file) as descriptor,
            contextlib.closing(cage.answers(request, descriptor, limits)) as frames,
        ):
            yield from frames


def _nobody(done: int, total: int) -> None:
    """Nobody wants to know."""
