"""What reading a PDF gives: plain values, and the one error with its codes. Imports no PDF library."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from types import MappingProxyType
from typing import Final, Literal

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
        "xfa_form": "This PDF is a form whose pages only Adobe's programs show (XFA). "
        "Open it there, print it to a new PDF and upload that.",
        "portfolio": "This PDF is a portfolio: its papers are files inside it. Save them and upload them one by one.",
        "no_page": "This document has no page of that number.",
        "no_attachment": "This document has no attachment of that number, or it cannot be read.",
    }
)


class LineKind(IntEnum):
    """What a line is to who looks at the page. Covered and invisible text is not indexed: it may be a failed redaction.

    Covered is under a shape, a picture or an annotation, or cut off by a clip; invisible is white, tiny, or drawn
    without a mark. Absent text is outside the page or on a layer that is off: nobody need be told.
    """

    SHOWN = 0
    COVERED = 1
    INVISIBLE = 2
    FIELD = 3
    NOTE = 4
    ABSENT = 5


SURE: Final = 80
"""Of 100: what was recognised from a picture with less confidence is doubtful."""

HIDDEN: Final = (LineKind.COVERED, LineKind.INVISIBLE, LineKind.ABSENT)


@dataclass(frozen=True, slots=True)
class Line:
    """A printed line. `words` are x0, x1 in points of each word of `text.split()`; never a control character.

    A line that does not read along the page has its `turn`: by how many degrees the page has to be turned clockwise
    until the line stands upright. Its box and words are places on the page so turned; `as_shown` gives them back.
    `fonts` are numbers of the document's fonts, one a word, odd where it is bold; empty where nobody knows them.
    `repaired` tells how its letters were put right, `doubtful` that some of them are lost or may be wrong. A line that
    was recognised from a picture has a `confidence`, of 100.
    """

    text: str
    box: Box
    words: tuple[tuple[float, float], ...]
    turn: int = 0
    kind: LineKind = LineKind.SHOWN
    fonts: tuple[int, ...] = ()
    repaired: str = ""
    doubtful: bool = False
    confidence: int | None = None

    @property
    def marks(self) -> tuple[str, ...]:
        """What whoever reads the line must know of it."""
        if self.kind is LineKind.SHOWN and self.confidence is None and not (self.repaired or self.doubtful):
            return ()
        told = {
            f"repaired:{self.repaired}": bool(self.repaired),
            "doubtful": self.doubtful or (self.confidence is not None and self.confidence < SURE),
            "recognised": self.confidence is not None,
            "hidden": self.kind in HIDDEN,
            "form": self.kind is LineKind.FIELD,
            "note": self.kind is LineKind.NOTE,
        }
        return tuple(mark for mark, holds in told.items() if holds)

    @property
    def bold(self) -> bool:
        """Whether most words are of a bold font."""
        return 2 * sum(font & 1 for font in self.fonts) > len(self.words)


def as_shown(box: Box, turn: int, size: tuple[float, float]) -> Box:
    """The place on the page as shown, of this width and height, of a box on the page turned clockwise."""
    (x0, y0, x1, y1), (width, height) = box, size
    if turn == 90:
        return y0, height - x1, y1, height - x0
    if turn == 180:
        return width - x1, height - y1, width - x0, height - y0
    return (width - y1, x0, width - y0, x1) if turn == 270 else box


def among(own: Iterable[Line], others: Iterable[Line]) -> tuple[Line, ...]:
    """A page's own lines with those of another reading, each where a reader would come to it.

    That is after the last line that stands above it, or before it in its row.
    """
    lines = list(own)
    for line in others:
        before = [i for i, other in enumerate(lines) if _precedes(other, line)]
        lines.insert(before[-1] + 1 if before else 0, line)
    return tuple(lines)


def _precedes(other: Line, line: Line) -> bool:
    if other.turn != line.turn:
        return False
    middle = (line.box[1] + line.box[3]) / 2
    in_its_row = other.box[1] < middle < other.box[3]
    return other.box[0] <= line.box[0] if in_its_row else other.box[3] <= middle


LONGEST_WORD, LONGEST_LINE, MOST_WORDS_OF_A_LINE = 400, 4_000, 200
"""Characters of a word and of a line, and words of a line, as extraction gives them: no printed one has so many."""


def bounded(line: Line) -> Iterator[Line]:
    """The line, in several pieces if it is longer than any line, or holds a word that is longer than any word."""
    if len(line.text) <= LONGEST_WORD and len(line.words) <= MOST_WORDS_OF_A_LINE:
        yield line
        return
    pieces: list[_Word] = []
    length = 0
    for word in _short_words(line):
        if pieces and (length + len(word[0]) >= LONGEST_LINE or len(pieces) == MOST_WORDS_OF_A_LINE):
            yield _line_of(pieces, line)
            pieces, length = [], 0
        pieces.append(word)
        length += len(word[0]) + 1
    yield _line_of(pieces, line)


_Word = tuple[str, tuple[float, float], int]


def _short_words(line: Line) -> Iterator[_Word]:
    """The words with their edges and fonts; a long one in pieces of equal width a letter."""
    fonts = line.fonts or (0,) * len(line.words)
    for word, (left, right), font in zip(line.text.split(), line.words, fonts, strict=True):
        if len(word) <= LONGEST_WORD:
            yield word, (left, right), font
            continue
        letter = (right - left) / len(word)
        for start in range(0, len(word), LONGEST_WORD):
            piece = word[start : start + LONGEST_WORD]
            yield piece, (left + start * letter, left + (start + len(piece)) * letter), font


def _line_of(words: Sequence[_Word], line: Line) -> Line:
    """A line of these words, which were some of this line's."""
    spans = tuple(span for _, span, _ in words)
    edges = [edge for span in spans for edge in span]
    return replace(
        line,
        text=" ".join(word for word, _, _ in words),
        box=(min(edges), line.box[1], max(edges), line.box[3]),
        words=spans,
        fonts=tuple(font for _, _, font in words) if line.fonts else (),
    )


@dataclass(frozen=True, slots=True)
class PageText:
    """A page as shown: its number from 1, its size in points, its lines in reading order.

    `quality` is how far the text reads like text (0 to 1), `reader` whose reading was taken; `repaired` is one whose
    letters had to be put right. `lost` is the share of its characters that have no letter. `picture` is how much of the
    page is pictures, of 100. A page whose text cannot be trusted, or that is a picture with a stamp or a footer at
    most, has the trouble `needs_ocr`: what cannot be trusted is not among its lines; its document is read as long as a
    page holds text. `hidden` is what the page holds and does not show: never indexed, and told to who takes the
    document in. `confidence`, of 100, is of a page that was recognised from its picture.
    """

    number: int
    width: float
    height: float
    lines: tuple[Line, ...]
    quality: float = 1.0
    reader: Literal["pypdfium2", "pdfminer", "repaired"] = "pypdfium2"
    trouble: Literal["", "needs_ocr"] = ""
    picture: int = 0
    lost: float = 0.0
    hidden: tuple[Line, ...] = ()
    confidence: int | None = None


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
