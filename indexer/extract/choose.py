"""Chooses the reading of each page: the first, the second, one put right. Refuses text that cannot be trusted."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final, Literal

from indexer.extract import letters
from indexer.extract.glyphs import GlyphPage, lines, mendings, unsure, untold, without_letter
from indexer.extract.pages import Line, PageText, as_shown
from indexer.extract.quality import SUSPECT, gibberish, misread, quality, rubbish, strays, suspect, unread
from indexer.extract.repair import Mending, mended, mending, plausible
from indexer.text import Box

Second = Callable[[Sequence[int]], Mapping[int, GlyphPage]]
"""Reads pages of these numbers glyph by glyph; those it cannot read are not in its answer."""

TRUSTED = 0.66
"""Odd text that scores at least this much is taken as it is, if the file tells all its letters. Sound pages of other
languages, of names and of listings score .74 at least."""

PICTURE: Final = 50
"""Of 100: a page that is pictures to such a part is one, if its text is a stamp or a footer."""

_MARGIN = 0.1  # by which pdfminer's unrepaired reading must be better to be taken
_UNTOLD = 0.1  # share of characters that the file does not tell, from which on odd text is no text
_SURE = 0.003  # share of characters that may stay untold in text that was put right: digits and signs must be read
_FEW_LOST = 0.004  # share of characters without a letter, from which on a page is read again
_MUCH_LOST = 0.02  # share of characters without a letter that the first reader is believed by itself
_FEW_STRAYS = 3  # words with a letter of another alphabet
_STAMP, _FOOTERS = 12, 250  # words: of a stamp anywhere, of footers and stamps at the page's edges
_LARGE_STAMP, _SMALL_PART = 60, 0.08  # words of a stamp that takes no more than such a part of the page
_EDGE = 0.15  # of the page's height


def chosen(first: Sequence[PageText], second: Second) -> tuple[PageText, ...]:
    """The pages with their quality; those that look wrong read a second time, put right, or emptied."""
    scored = [_scored(page) for page in letters.put_right(first)]
    doubtful = [page.number for page in scored if _doubtful(page)]
    if not doubtful:
        return tuple(map(_unread_picture, scored))
    readings = {number: glyphs for number, glyphs in second(doubtful).items() if _same_page(scored[number - 1], glyphs)}
    by_font = mendings(list(readings.values()))
    again = {number: _best(scored[number - 1], readings.get(number), by_font) for number in doubtful}
    return tuple(_unread_picture(again.get(page.number, page)) for page in scored)


def _scored(page: PageText) -> PageText:
    return replace(page, quality=round(quality(_texts(page.lines)), 3))


def _texts(page_lines: Sequence[Line]) -> list[str]:
    return [line.text for line in page_lines]


def _doubtful(page: PageText) -> bool:
    """Whether a page is to be read a second time: for its score, for characters without a letter, for one bad line."""
    texts = _texts(page.lines)
    return (
        suspect(texts, page.quality)
        or page.lost > _FEW_LOST
        or misread(texts)
        or any(map(rubbish, texts))
        or any(unread(text) for text in texts if not text.isascii())
        or strays(texts) >= _FEW_STRAYS
        or bool(_strange_fonts(page))
    )


def _strange_fonts(page: PageText) -> set[int]:
    """The fonts in which the page has no word that any language could have: their tables tell other letters."""
    if not any(line.fonts for line in page.lines):
        return set()
    by_font: dict[int, list[str]] = defaultdict(list)
    for line in page.lines:
        for word, font in zip(line.text.split(), line.fonts, strict=False):
            by_font[font].append(word)
    return {font for font, words in by_font.items() if len(by_font) > 1 and gibberish(words)}


def _unread_picture(page: PageText) -> PageText:
    """The page, marked if it is a picture whose words nobody has read: a scan with a stamp or a footer at most."""
    if page.picture < PICTURE or page.trouble:
        return page
    inner = [line for line in page.lines if not _at_edge(line, page)]
    words = sum(len(text.split()) for text in {line.text for line in page.lines})  # a watermark's once
    if words >= (_FOOTERS if not inner else _LARGE_STAMP if _close_together(inner, page) else _STAMP):
        return page
    return replace(page, trouble="needs_ocr")


def _close_together(lines: Sequence[Line], page: PageText) -> bool:
    """Whether these lines stand in a small part of the page, as a stamp of registration or signature does."""
    boxes = [as_shown(line.box, line.turn, (page.width, page.height)) for line in lines]
    across = max(box[2] for box in boxes) - min(box[0] for box in boxes)
    down = max(box[3] for box in boxes) - min(box[1] for box in boxes)
    return across * down < _SMALL_PART * page.width * page.height


def _at_edge(line: Line, page: PageText) -> bool:
    box = as_shown(line.box, line.turn, (page.width, page.height))
    return box[3] < _EDGE * page.height or box[1] > (1 - _EDGE) * page.height


def _same_page(page: PageText, glyphs: GlyphPage) -> bool:
    """Whether both readers mean the same page: they may count the pages of a damaged file differently."""
    return abs(page.width - glyphs.width) < 2 and abs(page.height - glyphs.height) < 2


def _best(page: PageText, glyphs: GlyphPage | None, by_font: Mapping[int, Mending]) -> PageText:
    """The best reading of a page that looks wrong; without lines if none can be trusted."""
    best, told = page, page.lost <= _UNTOLD
    if glyphs is not None:
        best, told = _again(page, glyphs, by_font)
    if best.quality < SUSPECT or best.reader != "repaired":
        best = max((best, *_put_right(page, glyphs is not None)), key=_merit)
    trusted = best.quality >= (TRUSTED if told else SUSPECT) and not misread(_texts(best.lines))
    return _without_rubbish(best) if trusted else replace(best, lines=(), trouble="needs_ocr")


def _merit(page: PageText) -> float:
    """How good a reading is: its quality, less what it lost, and what of it is no line at all."""
    bad = sum(len(line.text) for line in page.lines if rubbish(line.text))
    return page.quality - page.lost - bad / max(1, sum(len(line.text) for line in page.lines))


def _without_rubbish(page: PageText) -> PageText:
    """The page without lines that say nothing, and named for it; what it lost inside words is named too."""
    letters_lost = page.lost > _FEW_LOST or strays(_texts(page.lines)) >= _FEW_STRAYS
    lost = letters_lost or page.quality < SUSPECT
    strange = _strange_fonts(page)
    sound = (line for line in page.lines if not (rubbish(line.text) or strange.issuperset(line.fonts or (-1,))))
    good = tuple(replace(line, doubtful=lost or not strange.isdisjoint(line.fonts)) for line in sound)
    marked = len(good) < len(page.lines) or letters_lost or bool(strange)
    return replace(page, lines=good, trouble="needs_ocr" if marked else page.trouble)


def _again(page: PageText, glyphs: GlyphPage, by_font: Mapping[int, Mending]) -> tuple[PageText, bool]:
    """The better of the first and the second reading, and whether the file tells what its letters are.

    A second reading without repair must be clearly better, for the first keeps the order of the text better. One that
    was put right and still lacks characters is none: they may be digits and signs.
    """
    repaired = any(font in by_font for row in glyphs.rows for font in row.fonts)
    read = _shown_alone(lines(glyphs, by_font), page)
    if not read:
        return page, page.lost <= _UNTOLD
    lost, doubtful = untold(glyphs, by_font), unsure(glyphs, by_font)
    if page.lost < _MUCH_LOST:
        page = replace(page, lost=min(page.lost, without_letter(glyphs)))
    reader: Literal["repaired", "pdfminer"] = "repaired" if repaired else "pdfminer"
    second = _scored(replace(letters.put_right([replace(page, lines=read)])[0], reader=reader, lost=doubtful))
    second = replace(second, quality=round(second.quality * (1 - lost), 3))
    if repaired and (doubtful > _SURE or not plausible(" ".join(_texts(read)))):
        return page, False
    better = _merit(second) > _merit(page) + (0 if repaired else _MARGIN)
    return (second if better else page), lost < _UNTOLD


def _shown_alone(read: Sequence[Line], page: PageText) -> tuple[Line, ...]:
    """The lines of a second reading without what the page does not show, as the first reading knows."""
    hidden = [as_shown(line.box, line.turn, (page.width, page.height)) for line in page.hidden]
    return tuple(line for line in read if _on_page(line, page) and not any(_holds(box, line.box) for box in hidden))


def _on_page(line: Line, page: PageText) -> bool:
    x0, y0, x1, y1 = line.box
    return x1 > 0 and x0 < page.width and y1 > 0 and y0 < page.height


def _holds(hidden: Box, box: Box) -> bool:
    """Whether any of a line stands where hidden words do: then none of it is read, for words may not be parted."""
    across = min(hidden[2], box[2]) - max(hidden[0], box[0])
    down = min(hidden[3], box[3]) - max(hidden[1], box[1])
    return across > 1 and down > 0.4 * min(hidden[3] - hidden[1], box[3] - box[1])


def _put_right(page: PageText, was_read_again: bool) -> list[PageText]:
    """The first reading put right, if that can be, and nothing of it was lost before.

    Where the second reader failed there is no other; what may be lost of it is then told as doubtful.
    """
    if was_read_again and page.lost > _SURE:
        return []
    by = mending(" ".join(_texts(page.lines)))
    if by is None:
        return []
    right = tuple(_line_right(line, by) for line in page.lines)
    return [_scored(replace(page, lines=right, reader="repaired"))] if _sure(right, by) else []


def _line_right(line: Line, by: Mending) -> Line:
    text = _right(line.text, by)
    return line if text == line.text else replace(line, text=text, repaired=by.kind)


def _sure(right: Sequence[Line], by: Mending) -> bool:
    """Whether digits and signs are right too: where the bytes of codes are swapped, a zero is read as a space."""
    return by.kind != "bytes swapped" or not any(c.isdigit() for line in right for c in line.text)


def _right(text: str, by: Mending) -> str:
    """Word by word, for each keeps its place."""
    return " ".join("".join(mended(token, by).split()) or token for token in text.split())
