"""Reads what a paper says of its own marking: in headers, in footers, and anywhere on its first page.

Only a line that is a marking and nothing else counts: a sentence that speaks of confidential papers is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from auth.scheme import Scheme
from indexer.extract.pages import Line, PageText, as_shown

LONGEST: Final = 120  # characters of a line that may be a marking
EDGE: Final = 0.13  # of a page's height, where headers and footers stand

_ORDER: Final = ("unclassified", "restricted", "confidential", "strictly-confidential")
USUAL: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "unclassified": ("unclassified", "несекретно", "general distribution", "tlp:clear", "tlp:white"),
        "restricted": (
            "restricted",
            "restricted distribution",
            "for official use only",
            "official use only",
            "law enforcement sensitive",
            "sensitive but unclassified",
            "для служебного пользования",
            "дсп",
            "для ограниченного распространения",
            "қызмет бабында пайдалану үшін",
            "кызматтык пайдалануу үчүн",
            "барои истифодаи хизматӣ",
            "кызмат абалында пайдалануу үчүн",
            "xizmat doirasida foydalanish uchun",
            "хизмат доирасида фойдаланиш учун",
            "fouo",
            "les",
            "limited distribution",
            "internal use only",
            "for internal use only",
            "для внутреннего пользования",
            "не для печати",
            "не подлежит разглашению",
            "official sensitive",
            "restreint ue",
            "tlp:green",
        ),
        "confidential": (
            "confidential",
            "confidentiel ue",
            "конфиденциально",
            "құпиялы",
            "tlp:amber",
            "tlp:amber+strict",
        ),
        "strictly-confidential": (
            "strictly confidential",
            "строго конфиденциально",
            "secret",
            "top secret",
            "секретно",
            "secret ue",
            "совершенно секретно",
            "сов. секретно",
            "сов секретно",
            "особой важности",
            "құпия",
            "өте құпия",
            "купуя",
            "махфӣ",
            "maxfiy",
            "tlp:red",
        ),
    }
)
"""How organisations and states of the region mark papers, beside what the scheme itself calls its levels."""

_AFTER: Final = re.compile(r"\s*(?:$|[–—/|:(,;-]|экз|copy|page|стр)")
_NAMES: Final = (
    r"(?:un|united nations|osce|nato|eu|interpol|europol|unodc|sco|cis|csto|оон|обсе|нато|ес|интерпол|шос|снг|одкб"
    r"|ратс шос)"
)
_BESIDE: Final = (
    r"(?:distr(?:ibution)?\.?|classification|security classification|marking|гриф(?: секретности)?|"
    r"ограничительная пометка|пометка)\s*[:.–—-]",
    rf"{_NAMES}\+?(?![^\W_])",
    r"(?:экз(?:емпляр)?|copy|копия)\.?\s*(?:№|no\.?|n)?\s*\d{1,4}",
    r"(?:page|стр(?:аница)?|с|p)\.?\s*\d{1,4}(?:\s*(?:of|из|/)\s*\d{1,4})?",
    r"\d{1,2}\s+[^\W\d_]{3,9}\s+\d{4}(?:\s*г(?:\.|ода))?|\d{1,2}\.\d{2}\.\d{4}|[^\W\d_]{3,9}\s+\d{1,2},\s*\d{4}",
    r"[a-z]{1,8}(?:\.[a-z]{1,8}){0,4}(?:/[a-z0-9.()-]{1,20}){1,6}",
    r"(?:original\s*:\s*)?(?:english|russian)(?: only)?(?!\w)",
    r"(?:document|документ)(?!\w)",
    r"[\s/|–—:;,.()*_\[\]«»\"-]{1,20}",
    r"\d{1,6}(?![^\W_])",
)
"""What may stand before and after a marking in its line: whose it is, copy, page, date, symbol, language."""
_BEFORE: Final = re.compile(f"(?:{'|'.join(_BESIDE)})")
_MOST_BESIDE: Final = 12
_SPACES: Final = re.compile(r"\s+")
_QUOTES: Final = " .*_[]()«»\"'-–—"
_TLP: Final = re.compile(r"\btlp[\s:-]+(?=clear|white|green|amber|red)")
_STRICT: Final = re.compile(r"(?<=tlp:amber)\s*[+-]?\s*(?=strict\b)")


@dataclass(frozen=True, slots=True)
class Marking:
    """The words of a marking as tables have them, and the rank of the level that they stand for."""

    words: str
    rank: int


def borne(pages: Sequence[PageText], scheme: Scheme) -> Marking | None:
    """The strongest marking that the pages of a paper bear, if any."""
    ranks = _ranks(scheme)
    return max((found for text in _places(pages) if (found := _read(text, ranks))), key=_rank, default=None)


def _rank(marking: Marking) -> tuple[int, str]:
    return marking.rank, marking.words


def _places(pages: Sequence[PageText]) -> Iterator[str]:
    """The short lines of the first page, and those at the edges of all others."""
    for page in pages:
        for line in page.lines:
            if len(line.text) <= LONGEST and (page.number == 1 or _at_edge(line, page)):
                yield line.text


def _at_edge(line: Line, page: PageText) -> bool:
    box = as_shown(line.box, line.turn, (page.width, page.height))
    return box[3] < EDGE * page.height or box[1] > (1 - EDGE) * page.height


def _read(text: str, ranks: Mapping[str, int]) -> Marking | None:
    """The strongest marking that a line, or a part of it between strokes, is; None if it says anything else."""
    parts = [text, *text.split("/")] if "/" in text else [text]
    return max((it for part in parts if (it := _alone(part, ranks))), key=_rank, default=None)


def _alone(text: str, ranks: Mapping[str, int]) -> Marking | None:
    """The marking that a text is: nothing but its words and what stands beside these, or capitals and what they add."""
    whole = _folded(text)
    rest = _without_beside(whole)
    for words in sorted(ranks, key=len, reverse=True):
        if not rest.startswith(words):
            continue
        after = rest[len(words) :]
        adds = text.lstrip(_QUOTES)[: len(words)].isupper() and _AFTER.match(rest, len(words))
        explained = words.startswith("tlp:") and not after[:1].isalnum()
        if adds or explained or (not after[:1].isalnum() and not _without_beside(after)):
            return Marking(words.upper(), ranks[words])
    return None


def _without_beside(text: str) -> str:
    """A text from where it says more than whose it is, and which copy and page."""
    at = 0
    for _ in range(_MOST_BESIDE):
        match = _BEFORE.match(text, at)
        if not match:
            break
        at = match.end()
    return text[at:]


def _folded(text: str) -> str:
    folded = _TLP.sub("tlp:", _SPACES.sub(" ", text.casefold()).strip(_QUOTES).replace("official-s", "official s"))
    return _STRICT.sub("+", folded)


def _ranks(scheme: Scheme) -> dict[str, int]:
    """The rank that each marking stands for. Words for a level that is not switched on stand for the next stronger."""
    codes = {level.code: level.rank for level in scheme.levels}
    top = scheme.levels[-1].rank
    ranks: dict[str, int] = {}
    for at, code in enumerate(_ORDER):
        rank = next((codes[later] for later in _ORDER[at:] if later in codes), top)
        lowest = scheme.levels[0].rank if at == 0 else rank
        ranks |= dict.fromkeys(USUAL[code], lowest)
    for level in scheme.levels:
        own = (level.code, level.name_en, level.name_ru, level.banner_en, level.banner_ru)
        ranks |= dict.fromkeys(filter(None, map(_folded, own)), level.rank)
    return ranks
