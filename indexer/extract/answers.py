"""What a child in the cage may answer, checked like a stranger's request. Refuses all else as `reader_crashed`.

One that a hostile document took over writes what it likes: so every number is whole and small, every text is free of
control characters and half characters, and every list is as long as what it belongs to says.
"""

import contextlib
import json
import re
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, NoReturn, cast

from auth.errors import TolmachError
from indexer.extract.cage.frames import LONGEST_NAME, MOST_NAMES
from indexer.extract.glyphs import GlyphPage, Row
from indexer.extract.pages import HIDDEN, SOFT_HYPHEN, ExtractError, Line, LineKind, PageText, bounded

MOST_WORDS = 5_000_000
"""Words of a document, and characters of the pages that are read glyph by glyph."""

_WORDS = 100_000  # of a page
_CHARACTERS = 1_000_000  # of a page
_LENGTH = 100_000_000  # hundredths of a point: what a place may be at most, and minus that at least
_FONTS = 1_000_000
_HIGHEST_LETTER = 0x10FFFF
_KINDS = tuple(LineKind)
_TURNS = frozenset({0, 90, 180, 270})
_PIXELS = 26_000_000
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_PNG_CHUNKS = {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND", b"pHYs"}
_NEVER = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


class MalformedError(TolmachError, ValueError):
    """A child answered what no sound child answers."""


@contextlib.contextmanager
def checked() -> Iterator[None]:
    """Whatever fails inside, because of what a child answered, is its crash."""
    try:
        yield
    except (ValueError, TypeError, LookupError, ArithmeticError, RecursionError, struct.error):
        raise ExtractError("reader_crashed") from None


def page_count(payload: bytes, most: int) -> int:
    """The number of pages. Raises MalformedError."""
    count = int(payload) if payload.isdigit() else 0
    if not 0 < count <= most:
        _refuse()
    return count


def page_text(number: int, payload: bytes) -> PageText:
    """The page that the first reader wrote in hundredths of a point; null is one it could not read."""
    content = _json(payload)
    if content is None:
        return PageText(number, 0.0, 0.0, ())
    width, height, picture, lost, *columns = _fields(content, 13)
    read = _lines(*columns)
    return PageText(
        number,
        _size(width),
        _size(height),
        tuple(line for line in read if line.kind not in HIDDEN),
        picture=_whole(picture, 0, 100),
        lost=_whole(lost, 0, 10_000) / 10_000,
        hidden=tuple(line for line in read if line.kind in HIDDEN),
    )


def names(payload: bytes) -> tuple[str, ...]:
    """The names of files inside a PDF. Raises MalformedError."""
    told = _list(_json(payload))
    if len(told) > MOST_NAMES or any(type(name) is not str or len(name) > LONGEST_NAME for name in told):
        _refuse()
    return tuple(_NEVER.sub("", name) for name in told)


def glyph_page(payload: bytes) -> GlyphPage | None:
    """The page that the second reader wrote in hundredths of a point; None if it could not read it."""
    content = _json(payload)
    if content is None:
        return None
    number, width, height, rows, told = _fields(content, 5)
    page = GlyphPage(
        _whole(number, 1, _FONTS),
        _size(width),
        _size(height),
        tuple(_row(*_fields(row, 5)) for row in _list(rows)),
        tuple(_told(*_fields(triple, 3)) for triple in _list(told)),
    )
    if sum(len(row.text) for row in page.rows) > _CHARACTERS:
        _refuse()
    return page


@dataclass(frozen=True, slots=True)
class RecognisedPage:
    """What was recognised of a page's picture: the mean confidence, of 100, and lines as recognised."""

    confidence: int
    lines: tuple[Line, ...]


def recognised_page(payload: bytes) -> RecognisedPage:
    """The page that the recogniser wrote in hundredths of a point."""
    width, height, turn, confidence, rows = _fields(_json(payload), 5)
    _size(width), _size(height)
    lines = [part for row in _list(rows) for part in _recognised_line(turn, *_fields(row, 7))]
    if sum(len(line.words) for line in lines) > _WORDS:
        _refuse()
    return RecognisedPage(_whole(confidence, 0, 100), tuple(lines))


def _recognised_line(turn: object, text: object, *rest: object) -> Iterator[Line]:
    x0, y0, x1, y1, edges, confidences = rest
    of_words = _numbers(confidences, 0, 100)
    kind, no_fonts = int(LineKind.SHOWN), [0] * len(of_words)
    for line in _lines([text], [x0], [y0], [x1], [y1], edges, [turn], [kind], no_fonts):
        yield replace(line, fonts=(), confidence=round(sum(of_words) / len(of_words)))


def picture(payload: bytes) -> bytes:
    """A PNG of no more pixels than are ever drawn, its parts whole and of kinds that draw. Raises MalformedError."""
    kinds = []
    place = len(_SIGNATURE)
    while place < len(payload):
        length, kind = struct.unpack_from(">I4s", payload, place)
        end = place + 8 + length
        if struct.unpack_from(">I", payload, end)[0] != zlib.crc32(memoryview(payload)[place + 4 : end]):
            _refuse()
        kinds.append(kind)
        place = end + 4
    width, height = struct.unpack_from(">II", payload, len(_SIGNATURE) + 8)
    whole = payload.startswith(_SIGNATURE) and kinds[:1] == [b"IHDR"] and kinds[-1] == b"IEND"
    if not whole or not set(kinds) <= _PNG_CHUNKS or not 0 < width * height <= _PIXELS:
        _refuse()
    return payload


def _refuse() -> NoReturn:
    raise MalformedError("no sound child answers this")


def _json(payload: bytes) -> object:
    return json.loads(payload.decode("utf-8"), parse_float=_number, parse_constant=_number)


def _number(_: str) -> NoReturn:
    """Every number is a whole one."""
    _refuse()


def _list(value: object) -> list[Any]:
    if type(value) is not list:
        _refuse()
    return value


def _fields(value: object, count: int) -> list[Any]:
    fields = _list(value)
    if len(fields) != count:
        _refuse()
    return fields


def _whole(value: object, least: int, most: int) -> int:
    if type(value) is not int or not least <= value <= most:
        _refuse()
    return value


def _size(value: object) -> float:
    return _whole(value, 0, _LENGTH) / 100


def _place(value: object) -> float:
    return _whole(value, -_LENGTH, _LENGTH) / 100


def _places(values: object) -> list[int]:
    return _numbers(values, -_LENGTH, _LENGTH)


def _numbers(values: object, least: int, most: int) -> list[int]:
    """The numbers of a list, looked at by the least and the greatest of them, for there are many."""
    numbers = _list(values)
    if numbers and (set(map(type, numbers)) != {int} or min(numbers) < least or max(numbers) > most):
        _refuse()
    return cast(list[int], numbers)


def _texts(values: object) -> list[str]:
    texts = _list(values)
    whole = " ".join(texts)
    if _NEVER.search(whole) or (SOFT_HYPHEN in whole and any(SOFT_HYPHEN in text[:-1] for text in texts)):
        _refuse()
    return cast(list[str], texts)


def _lines(texts: object, *columns: object) -> list[Line]:
    """The lines whose texts, x0, y0, x1, y1, edges of words, turns, kinds and fonts of words are given, one a list."""
    x0, y0, x1, y1, edges, of_turns, of_kinds, of_words = columns
    lines = _texts(texts)
    corners = [[place / 100 for place in _places(column)] for column in (x0, y0, x1, y1)]
    turns, kinds = _numbers(of_turns, 0, 270), _numbers(of_kinds, 0, len(_KINDS) - 1)
    points = iter([place / 100 for place in _places(edges)])
    words, fonts = list(zip(points, points, strict=True)), _numbers(of_words, -1, _FONTS)
    counts = [len(text.split()) for text in lines]
    if not len(words) == len(fonts) == sum(counts) <= _WORDS or 0 in counts or not _TURNS.issuperset(turns):
        _refuse()
    read: list[Line] = []
    at = 0
    for text, count, box, turn, kind in zip(lines, counts, zip(*corners, strict=True), turns, kinds, strict=True):
        end = at + count
        read += bounded(Line(text, box, tuple(words[at:end]), turn, _KINDS[kind], tuple(fonts[at:end])))
        at = end
    return read


def _told(font: object, code: object, letter: object) -> tuple[int, int, str]:
    return _whole(font, 0, _FONTS), _whole(code, 0, _FONTS), chr(_whole(letter, 0, _HIGHEST_LETTER))


def _row(text: object, top: object, bottom: object, edges: object, fonts: object) -> Row:
    """A row's characters may be any: what becomes a word of them is chosen one by one."""
    if type(text) is not str:
        _refuse()
    places, numbers = _places(edges), _numbers(fonts, -1, _FONTS)
    if len(places) != 2 * len(text) or len(numbers) != len(text):
        _refuse()
    return Row(text, _place(top), _place(bottom), places, numbers)
