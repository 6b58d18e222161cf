"""Pages as the second reader gives them, glyph by glyph, and how these become lines of words."""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from indexer.extract.pages import SOFT_HYPHEN, UNMAPPED, Line, bounded
from indexer.extract.quality import SUSPECT, score
from indexer.extract.repair import Mending, mending

_ASCII, _RUSSIAN = range(0x20, 0x7F), range(0x410, 0x450)
_FEWEST_TOLD = 5
_ORDERS = ("shift", "order")
_NO_LETTERS = ("Cc", "Co", "Cn")
_AGREED = 0.9
_MOST_KNOWN = 8
_ENOUGH = 40_000  # characters of a font to find its table by
_LATIN_WORD = re.compile(r"(?<![^\W\d_])[A-Za-z]{2,}(?![^\W\d_])")
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
    """A page: its number, its size in points, its rows; and font, code and letter of what the file tells."""

    number: int
    width: float
    height: float
    rows: tuple[Row, ...]
    told: tuple[tuple[int, int, str], ...] = ()


def mendings(pages: Collection[GlyphPage]) -> dict[int, Mending]:
    """What puts each font's text right, by the font's number.

    A font with too little text to tell gets what most others of the document have, if its letters are untold. One that
    tells some of its letters is filled up by the order of the others.
    """
    texts = {font: "".join(parts)[:_ENOUGH] for font, parts in _by_font(pages).items()}
    orders = _orders(pages)
    known = list({(by.kind, tuple(by.table.items())): by for by in orders.values()}.values())[:_MOST_KNOWN]
    filled = {font: by for font, by in orders.items() if font in texts and _fits(texts[font], by)}
    by_font = filled | {font: by for font, text in texts.items() if font not in filled and (by := mending(text, known))}
    kinds = Counter(by.kind for by in by_font.values() if by.kind not in ("shift", "order"))
    if kinds:
        usual = next(by for by in by_font.values() if by.kind == kinds.most_common(1)[0][0])
        untold = {font for font, text in texts.items() if any(c >= UNMAPPED for c in text)}
        by_font |= dict.fromkeys(untold - by_font.keys(), usual)
    shifts = [by for by in by_font.values() if by.kind == "shift"]
    for font in texts.keys() - by_font.keys():  # a font of nothing but digits, signs and spaces makes no words
        if shifts and (by := _of_signs(texts[font], shifts[0])):
            by_font[font] = by
    return by_font


def _of_signs(text: str, by: Mending) -> Mending | None:
    """The table for a font that tells no letter: that of its sister, for codes that were taken for ASCII too."""
    codes = {ord(c) for c in text if c >= UNMAPPED}
    if not codes or not codes <= by.table.keys():
        return None
    ascii_codes = {code - ord(UNMAPPED): sign for code, sign in by.table.items() if sign.isascii()}
    return Mending(by.kind, {**by.table, **{code: sign for code, sign in ascii_codes.items() if code > ord(" ")}})


def _orders(pages: Iterable[GlyphPage]) -> dict[int, Mending]:
    """For each font that tells enough of its letters: what the codes between them must be.

    Fonts hold their glyphs in the alphabet's order, so a code is as far from its letter as its neighbours' are; where
    all that are told agree on how far, for the digits and signs of ASCII and for Russian letters, the rest is sure.
    """
    by_font: dict[int, dict[int, str]] = defaultdict(dict)
    for page in pages:
        for font, code, letter in page.told:
            by_font[font][code] = letter
    return {font: Mending("order", table) for font, told in by_font.items() if (table := _order(told))}


def _order(told: Mapping[int, str]) -> dict[int, str]:
    table: dict[int, str] = {}
    for block, fewest in ((_ASCII, 2), (_RUSSIAN, 5)):
        steps = Counter(ord(letter) - code for code, letter in told.items() if ord(letter) in block)
        if not steps:
            continue
        step, count = steps.most_common(1)[0]
        if count >= fewest and count > _AGREED * steps.total():
            table |= {ord(UNMAPPED) + letter - step: chr(letter) for letter in block if letter > step}
    return table


def _fits(text: str, by: Mending) -> bool:
    """Whether a font's untold codes become letters of words by the order of those that it tells."""
    tokens = [token for token in text.split() if any(c >= UNMAPPED for c in token)]
    changed = [token.translate(by.table) for token in tokens]
    if not tokens or any(c >= UNMAPPED for token in changed for c in token):
        return False
    return score(changed) >= SUSPECT


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
    """The share of characters that stay untold: no table, neither the file's nor one of ours, says what they are."""
    characters = lost = 0
    for row in page.rows:
        for character, font in zip(row.text, row.fonts, strict=True):
            by = by_font.get(font)
            unmapped = (character.translate(by.table) if by else character) >= UNMAPPED
            lost += unmapped
            characters += not character.isspace()
    return lost / max(1, characters)


def without_letter(page: GlyphPage) -> float:
    """The share of characters that the file does not tell, in fonts that tell letters: not in those of signs."""
    letters = Counter(font for font, _, letter in page.told if letter.isalpha())
    characters = lost = 0
    for row in page.rows:
        beside = list(pairwise(zip(f" {row.text} ", [-1, *row.fonts, -1], strict=True)))
        for (before, (character, font)), (_, after) in pairwise(beside):
            characters += not character.isspace()
            if character >= UNMAPPED:
                lost += letters[font] >= _FEWEST_TOLD and any(_in_one_word(it, font) for it in (before, after))
            elif not character.isprintable() and not character.isspace():
                lost += (before[0].isalpha() or after[0].isalpha()) and unicodedata.category(character) in _NO_LETTERS
    return lost / max(1, characters)


def _in_one_word(neighbour: tuple[str, int], font: int) -> bool:
    """Whether it is a letter or a code of the same font: a sign of a formula stands beside those of others."""
    return neighbour[1] == font and (neighbour[0].isalnum() or neighbour[0] >= UNMAPPED)


def unsure(page: GlyphPage, by_font: Mapping[int, Mending]) -> float:
    """The share of characters that may be a digit or sign and stay untold.

    Where a table is that of a code page, its first 32 codes are none.
    """
    characters = lost = 0
    for row in page.rows:
        for character, font in zip(row.text, row.fonts, strict=True):
            by = by_font.get(font)
            right = character.translate(by.table) if by else character
            control = bool(by and by.kind not in _ORDERS) and ord(right) < ord(UNMAPPED) + ord(" ")
            lost += right >= UNMAPPED and not control
            characters += not character.isspace()
    return lost / max(1, characters)


def _line(row: Row, by_font: Mapping[int, Mending]) -> Line | None:
    words = [word for word in map(_word, _words(row, by_font)) if word[0]]
    if not words:
        return None
    last = _HYPHEN.sub(SOFT_HYPHEN, words[-1][0])
    text = " ".join([*(word.replace(SOFT_HYPHEN, "") for word, _, _ in words[:-1]), last])
    spans = tuple((left / 100, right / 100) for _, left, right in words)
    box = (min(a for a, _ in spans), row.top, max(b for _, b in spans), row.bottom)
    kinds = (by_font[font].kind for font in row.fonts if font in by_font)
    return Line(text, box, spans, repaired=next(kinds, ""))


def _latin_words(row: Row) -> set[int]:
    """The places of Latin letters in words of such letters alone, in fonts of which not all are the same."""
    places: set[int] = set()
    for match in _LATIN_WORD.finditer(row.text):
        if len(set(row.fonts[match.start() : match.end()])) > 1:
            places.update(range(*match.span()))
    return places


def _words(row: Row, by_font: Mapping[int, Mending]) -> Iterator[list[tuple[str, int, int]]]:
    """The characters of each word, put right, with their edges. A space that came of a repair parts words too.

    A Latin letter that the file tells stays where it stands among others that do: as in LATEX, whose A is of its own
    font.
    """
    word: list[tuple[str, int, int]] = []
    latin = _latin_words(row)
    for i, (character, font) in enumerate(zip(row.text, row.fonts, strict=True)):
        by = by_font.get(font)
        right = character.translate(by.table) if by and i not in latin else character
        if right.isspace():
            yield word
            word = []
        else:
            word.append((right, row.edges[2 * i], row.edges[2 * i + 1]))
    yield word


def _may_be_kept(character: str) -> bool:
    """Whether a character may stay: a private one may, as in the first reading, for it tells that a letter is lost."""
    category = unicodedata.category(character)
    return category[0] != "C" or category == "Co"


def _word(characters: list[tuple[str, int, int]]) -> tuple[str, int, int]:
    text = unicodedata.normalize("NFC", "".join(c for c, _, _ in characters))
    kept = "".join(c for c in text if c < UNMAPPED and (c == SOFT_HYPHEN or _may_be_kept(c)))
    if not kept:
        return "", 0, 0
    return kept, min(a for _, a, _ in characters), max(b for _, _, b in characters)
