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
            "xizmat doirasida foydalanish uchun",
            "tlp:green",
        ),
        "confidential": ("confidential", "конфиденциально", "құпиялы", "tlp:amber", "tlp:amber+strict"),
        "strictly-confidential": (
            "strictly confidential",
            "строго конфиденциально",
            "secret",
            "top secret",
            "секретно",
            "совершенно секретно",
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

_BEFORE: Final = re.compile(
    r"(?:(?:distr(?:ibution)?\.?|classification|security classification|marking|гриф(?: секретности)?|"
    r"ограничительная пометка|пометка)\s*[:.–—-]\s*)?(?:(?:un|united nations|osce|nato|eu|interpol|unodc|sco|cis|csto|"
    r"оон|обсе|нато|ес|интерпол|шос|снг|одкб|ратс шос)[\s/–—-]+)?"
)
_AFTER: Final = re.compile(r"\s*(?:$|[–—/|:(,;-]|экз|copy|page|стр)")
_SPACES: Final = re.compile(r"\s+")
_TLP: Final = re.compile(r"\btlp\s*:?\s+(?=clear|white|green|amber|red)")


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
    """The marking that a line is, if it is one: nothing but its words, or these in capitals and then what they add."""
    whole = _folded(text)
    begun = _BEFORE.match(whole)
    rest = whole[begun.end() :] if begun else whole
    for words in sorted(ranks, key=len, reverse=True):
        adds = text[: len(words)].isupper() and _AFTER.match(rest, len(words))
        if rest == words or (rest.startswith(words) and adds):
            return Marking(words.upper(), ranks[words])
    return None


def _folded(text: str) -> str:
    return _TLP.sub("tlp:", _SPACES.sub(" ", text.casefold()).strip(" .*_[]()«»\"'"))


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
