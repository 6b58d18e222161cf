"""Pages as the second reader gives them, glyph by glyph, and how these become lines of words."""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from indexer.extract.pages import SOFT_HYPHEN, UNMAPPED, Line, bounded
from indexer.extract.repair import Mending, mending

_ENOUGH = 40_000  # characters of a font to find its table by
_HYPHEN = re.compile(rf"(?<=[^\W\d_])[-{SOFT_HYPHEN}\u2010]$")


@dataclass(frozen=True, slots=True)
class Row:
    """A printed line: each character's left and right edge, one after the other, and the number of its font."""

    text: str
    top: float
    bottom: float
    edges: list[int]
    fonts: list[int]


@dataclass(frozen=True, slots=True)
class GlyphPage:
    """A page: its number, its size in points, its rows."""

    number: int
    width: float
    height: float
    rows: tuple[Row, ...]


def mendings(pages: Iterable[GlyphPage]) -> dict[int, Mending]:
    """What puts each font's text right, by the font's number.

    A font with too little text to tell gets what most others of the document have, if its letters are untold.
    """
    texts = {font: "".join(parts)[:_ENOUGH] for font, parts in _by_font(pages).items()}
    by_font = {font: by for font, text in texts.items() if (by := mending(text))}
    kinds = Counter(by.kind for by in by_font.values() if by.kind != "shift")
    if kinds:
        usual = next(by for by in by_font.values() if by.kind == kinds.most_common(1)[0][0])
        untold = {font for font, text in texts.items() if any(c >= UNMAPPED for c in text)}
        by_font |= dict.fromkeys(untold - by_font.keys(), usual)
    return by_font


def _by_font(pages: Iterable[GlyphPage]) -> dict[int, list[str]]:
    """The text of each font, with a space where another font or the next line comes between."""
    texts: dict[int, list[str]] = defaultdict(list)
    for page in pages:
        for row in page.rows:
            before = -1
            for character, font in zip(row.text, row.fonts, strict=True):
                if before not in (-1, font):
                    texts[before].append(" ")
                if font != -1:
                    texts[font].append(character)
                elif before != -1:
                    texts[before].append(" ")
                before = font
            texts[before].append(" ")
    texts.pop(-1, None)
    return texts


def lines(page: GlyphPage, by_font: Mapping[int, Mending]) -> tuple[Line, ...]:
    """The page's lines of words, put right; a character that stays without a letter is left out."""
    read = (_line(row, by_font) for row in page.rows)
    return tuple(part for line in read if line for part in bounded(line))


def untold(page: GlyphPage, by_font: Mapping[int, Mending]) -> float:
    """The share of letters that stay untold: no table, neither the file's nor one of ours, says what they are."""
    letters = lost = 0
    for row in page.rows:
        for character, font in zip(row.text, row.fonts, strict=True):
            by = by_font.get(font)
            unmapped = (character.translate(by.table) if by else character) >= UNMAPPED
            lost += unmapped
            letters += unmapped or character.isalpha() or character >= UNMAPPED
    return lost / max(1, letters)


def _line(row: Row, by_font: Mapping[int, Mending]) -> Line | None:
    words = [word for word in map(_word, _words(row, by_font)) if word[0]]
    if not words:
        return None
    last = _HYPHEN.sub(SOFT_HYPHEN, words[-1][0])
    text = " ".join([*(word.replace(SOFT_HYPHEN, "") for word, _, _ in words[:-1]), last])
    spans = tuple((left / 100, right / 100) for _, left, right in words)
    box = (min(a for a, _ in spans), row.top, max(b for _, b in spans), row.bottom)
    return Line(text, box, spans)


def _words(row: Row, by_font: Mapping[int, Mending]) -> Iterator[list[tuple[str, int, int]]]:
    """The characters of each word, put right, with their edges. A space that came of a repair parts words too."""
    word: list[tuple[str, int, int]] = []
    for i, (character, font) in enumerate(zip(row.text, row.fonts, strict=True)):
        by = by_font.get(font)
        right = character.translate(by.table) if by else character
        if right.isspace():
            yield word
            word = []
        else:
            word.append((right, row.edges[2 * i], row.edges[2 * i + 1]))
    yield word


def _word(characters: list[tuple[str, int, int]]) -> tuple[str, int, int]:
    text = unicodedata.normalize("NFC", "".join(c for c, _, _ in characters))
    kept = "".join(c for c in text if c < UNMAPPED and (c == SOFT_HYPHEN or unicodedata.category(c)[0] != "C"))
    if not kept:
        return "", 0, 0
    return kept, min(a for _, a, _ in characters), max(b for _, _, b in characters)
