"""What reading a PDF gives: plain values, and the one error with its codes. Imports no PDF library."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from auth.errors import ErrorKind, TolmachError
from indexer.text import Box

SOFT_HYPHEN = "\u00ad"
"""Ends Line.text where the printed line ends in a hyphen, be it a mere word break or part of the word."""

ASCENT, DESCENT = 0.9, 0.3
"""A line's box is at least this many ems above and below its baseline, so its height tells the font size."""

UNMAPPED = "\U000f0000"
"""What the second reader puts for code N of a font that does not tell its letters: this character plus N."""

MESSAGES: Mapping[str, str] = MappingProxyType(
    {
        "not_pdf": "This file is not a PDF. Save or print the document as PDF and upload that.",
        "empty": "This file is empty (0 bytes). Check the original and upload it again.",
        "truncated": "The end of this PDF is missing, so pages may be missing too. Upload the whole file again.",
        "encrypted": "This PDF is locked by a password or by protection that cannot be opened here. "
        "Remove the protection and upload it again.",
        "damaged": "This PDF is damaged and cannot be opened. Open it in the program it came from, "
        "save it again as PDF and upload that.",
        "too_many_pages": "This PDF has more pages than this repository reads. Split it and upload the parts.",
        "too_slow": "Reading this PDF took longer than allowed. Print it to a new, simpler PDF and upload that.",
        "too_large_in_memory": "Reading this PDF needs more memory than allowed. "
        "Print it to a new, simpler PDF, or split it, and upload that.",
        "reader_crashed": "The PDF reader failed on this file. Print it to a new PDF and upload that; "
        "if that fails too, tell your administrator.",
        "no_text": "This PDF holds no text, only pictures of pages. Run text recognition (OCR) on it first.",
        "needs_ocr": "The text inside this PDF is not what its pages show, so it would be found by no search. "
        "Run text recognition (OCR) on it, replacing the text that is there, and upload that.",
        "no_page": "This document has no page of that number.",
    }
)


@dataclass(frozen=True, slots=True)
class Line:
    """A printed line. `words` are x0, x1 in points of each word of `text.split()`; never a control character."""

    text: str
    box: Box
    words: tuple[tuple[float, float], ...]


LONGEST_WORD, LONGEST_LINE, MOST_WORDS_OF_A_LINE = 400, 4_000, 200
"""Characters of a word and of a line, and words of a line, as extraction gives them: no printed one has so many."""


def bounded(line: Line) -> Iterator[Line]:
    """The line, in several pieces if it is longer than any line, or holds a word that is longer than any word."""
    if len(line.text) <= LONGEST_WORD and len(line.words) <= MOST_WORDS_OF_A_LINE:
        yield line
        return
    pieces: list[str] = []
    spans: list[tuple[float, float]] = []
    length = 0
    for word, span in _short_words(line):
        if pieces and (length + len(word) >= LONGEST_LINE or len(pieces) == MOST_WORDS_OF_A_LINE):
            yield _line_of(pieces, spans, line.box)
            pieces, spans, length = [], [], 0
        pieces.append(word)
        spans.append(span)
        length += len(word) + 1
    yield _line_of(pieces, spans, line.box)


def _short_words(line: Line) -> Iterator[tuple[str, tuple[float, float]]]:
    """The words with their edges; a long one in pieces of equal width a letter."""
    for word, (left, right) in zip(line.text.split(), line.words, strict=True):
        if len(word) <= LONGEST_WORD:
            yield word, (left, right)
            continue
        letter = (right - left) / len(word)
        for start in range(0, len(word), LONGEST_WORD):
            piece = word[start : start + LONGEST_WORD]
            yield piece, (left + start * letter, left + (start + len(piece)) * letter)


def _line_of(words: list[str], spans: list[tuple[float, float]], box: Box) -> Line:
    edges = [edge for span in spans for edge in span]
    return Line(" ".join(words), (min(edges), box[1], max(edges), box[3]), tuple(spans))


@dataclass(frozen=True, slots=True)
class PageText:
    """A page as shown: its number from 1, its size in points, its lines in reading order.

    `quality` is how far the text reads like text (0 to 1), `reader` whose reading was taken; `repaired` is one whose
    letters had to be put right. A page whose text cannot be trusted has no lines and the trouble `needs_ocr`: nothing
    of it is indexed or shown as text, only its picture; its document is read as long as another page holds text.
    """

    number: int
    width: float
    height: float
    lines: tuple[Line, ...]
    quality: float = 1.0
    reader: Literal["pypdfium2", "pdfminer", "repaired"] = "pypdfium2"
    trouble: Literal["", "needs_ocr"] = ""


def needs_ocr(pages: Iterable[PageText]) -> tuple[int, ...]:
    """The numbers of the pages whose text cannot be trusted."""
    return tuple(page.number for page in pages if page.trouble == "needs_ocr")


class ExtractError(TolmachError):
    """Why a file gives no pages: `code` for programs, `message` (what happened, what to do next) for people."""

    kind = ErrorKind.UNAVAILABLE
    code = "extract"
    sentence = "This page cannot be drawn at the moment. Its text and the original file can be opened."

    def __init__(self, code: str, message: str = "") -> None:
        self.message = message or MESSAGES[code]
        super().__init__(f"{code}: {self.message}", code=code)
