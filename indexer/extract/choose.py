"""Chooses the reading of each page: the first, the second, one put right. Refuses text that cannot be trusted."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from indexer.extract.glyphs import GlyphPage, lines, mendings, untold
from indexer.extract.pages import Line, PageText
from indexer.extract.quality import SUSPECT, quality, suspect
from indexer.extract.repair import Mending, mended, mending

Second = Callable[[Sequence[int]], Mapping[int, GlyphPage]]
"""Reads pages of these numbers glyph by glyph; those it cannot read are not in its answer."""

TRUSTED = 0.55
"""Odd text that scores at least this much is taken as it is, if the file tells all its letters."""

_MARGIN = 0.1  # by which pdfminer's unrepaired reading must be better to be taken
_UNTOLD = 0.1  # share of letters that the file does not tell, from which on odd text is no text


def chosen(first: Sequence[PageText], second: Second) -> tuple[PageText, ...]:
    """The pages with their quality; those that look wrong read a second time, put right, or emptied."""
    scored = [_scored(page) for page in first]
    doubtful = [page.number for page in scored if suspect(_texts(page.lines), page.quality)]
    if not doubtful:
        return tuple(scored)
    readings = {number: glyphs for number, glyphs in second(doubtful).items() if _same_page(scored[number - 1], glyphs)}
    by_font = mendings(readings.values())
    again = {number: _best(scored[number - 1], readings.get(number), by_font) for number in doubtful}
    return tuple(again.get(page.number, page) for page in scored)


def _scored(page: PageText) -> PageText:
    return replace(page, quality=round(quality(_texts(page.lines)), 3))


def _texts(page_lines: Sequence[Line]) -> list[str]:
    return [line.text for line in page_lines]


def _same_page(page: PageText, glyphs: GlyphPage) -> bool:
    """Whether both readers mean the same page: they may count the pages of a damaged file differently."""
    return abs(page.width - glyphs.width) < 2 and abs(page.height - glyphs.height) < 2


def _best(page: PageText, glyphs: GlyphPage | None, by_font: Mapping[int, Mending]) -> PageText:
    """The best reading of a page that looks wrong; without lines if none can be trusted."""
    best, letters_known = page, True
    if glyphs is not None:
        best, letters_known = _again(page, glyphs, by_font)
    if best.quality < SUSPECT or best.reader != "repaired":
        best = max((best, *_put_right(page)), key=lambda candidate: candidate.quality)
    if best.quality >= (TRUSTED if letters_known else SUSPECT):
        return best
    return replace(best, lines=(), trouble="needs_ocr")


def _again(page: PageText, glyphs: GlyphPage, by_font: Mapping[int, Mending]) -> tuple[PageText, bool]:
    """The better of the first and the second reading, and whether the file tells what its letters are.

    A second reading without repair must be clearly better, for the first keeps the order of the text better.
    """
    repaired = any(font in by_font for row in glyphs.rows for font in row.fonts)
    second = _scored(replace(page, lines=lines(glyphs, by_font), reader="repaired" if repaired else "pdfminer"))
    lost = untold(glyphs, by_font)
    second = replace(second, quality=round(second.quality * (1 - lost), 3))
    better = bool(second.lines) and second.quality > page.quality + (0 if repaired else _MARGIN)
    return (second if better else page), lost < _UNTOLD


def _put_right(page: PageText) -> list[PageText]:
    """The first reading put right, if that can be."""
    by = mending(" ".join(_texts(page.lines)))
    if by is None:
        return []
    right = tuple(replace(line, text=_right(line.text, by)) for line in page.lines)
    return [_scored(replace(page, lines=right, reader="repaired"))]


def _right(text: str, by: Mending) -> str:
    """Word by word, for each keeps its place."""
    return " ".join("".join(mended(token, by).split()) or token for token in text.split())
