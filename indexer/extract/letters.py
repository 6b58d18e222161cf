"""Puts single letters right that look right and are not: by tables, within one word. Refuses to touch a whole alphabet.

People who type Kazakh or Ukrainian without its keyboard take a Latin i or ə; TeX and Quartz draw й as и and a breve;
old Tajik fonts have their letters where Serbian ones are.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from indexer.extract.pages import Line, PageText

_LATIN: Final = "aceopxyijhsəABCEHKMOPTXYIJSƏäöü"
_CYRILLIC: Final = "асеорхуіјһѕәАВСЕНКМОРТХУІЈЅӘәөү"
_ALIKE = str.maketrans(_LATIN, _CYRILLIC)
_MIXED = re.compile(rf"[\u0400-\u052f][{_LATIN}]|[{_LATIN}][\u0400-\u052f]")
_RUN = re.compile(r"[^\W\d_]+")
_ACCENT = re.compile(r"[\u00a8\u02d8\u00b4]")
_ACCENTED = re.compile(r"([иИуУеЕ])([\u02d8\u00a8])|([\u02d8\u00a8])([иИуУеЕ])")
_COMBINING = {"\u02d8": "\u0306", "\u00a8": "\u0308"}
_TAJIK = str.maketrans("љЉњЊќЌѓЃўЎїЇ", "ҷҶҳҲқҚғҒӯӮӣӢ")
_TAJIK_ONLY = re.compile(r"[љњќѓ]", re.IGNORECASE)
_SLAVIC_ONLY = re.compile(r"[јћђѕіє]", re.IGNORECASE)
_FEWEST_TAJIK = 3


def put_right(pages: Sequence[PageText]) -> tuple[PageText, ...]:
    """The pages, with letters put right that were typed or drawn as their look-alikes."""
    tajik = _is_old_tajik(line.text for page in pages for line in page.lines)
    return tuple(_page(page, tajik) for page in pages)


def _page(page: PageText, tajik: bool) -> PageText:
    lines = tuple(
        replace(line, text=text) if (text := _text(line, tajik)) != line.text else line for line in page.lines
    )
    return page if lines == page.lines else replace(page, lines=lines)


def _text(line: Line, tajik: bool) -> str:
    text = line.text.translate(_TAJIK) if tajik else line.text
    if _ACCENT.search(text):
        text = _ACCENTED.sub(_composed, text)
    return _RUN.sub(_one_alphabet, text) if _MIXED.search(text) else text


def _composed(match: re.Match[str]) -> str:
    letter, accent = (match[1], match[2]) if match[1] else (match[4], match[3])
    composed = unicodedata.normalize("NFC", letter + _COMBINING[accent])
    return composed if len(composed) == 1 else match[0]


def _one_alphabet(match: re.Match[str]) -> str:
    """The run in Cyrillic, if it is so but for letters that look alike."""
    run = match[0]
    cyrillic = sum(1 for c in run if "\u0400" <= c <= "\u052f")
    if not 0 < cyrillic < len(run) or 2 * cyrillic <= len(run):
        return run
    changed = run.translate(_ALIKE)
    return changed if all("\u0400" <= c <= "\u052f" for c in changed) else run


def _is_old_tajik(texts: Iterable[str]) -> bool:
    """Whether letters of Serbian and Macedonian stand in a text without those of them that Tajik fonts leave alone."""
    seen: Counter[bool] = Counter()
    for text in texts:
        if text.isascii():
            continue
        seen[True] += len(_TAJIK_ONLY.findall(text))
        seen[False] += len(_SLAVIC_ONLY.findall(text))
    return seen[True] >= _FEWEST_TAJIK and seen[False] * 20 < seen[True]
