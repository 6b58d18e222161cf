"""Reads which paragraphs of which papers a sentence refers to: п. 5 of T/REC/1, paragraphs 7, 8 and 9. Guesses none.

Every expression is linear: a number of a paragraph has three digits, a list of them a bounded length.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

MOST_NUMBERS: Final = 40  # of one mention; a wider range says no more than its ends
_FAR: Final = 60  # characters between a paragraph's number and the symbol of its paper
_LOOKED_AT: Final = 4_000  # characters of a sentence

SYMBOL: Final = re.compile(
    r"(?<![\w/.-])[A-Z]{1,8}(?:\.[A-Z]{1,8}){0,3}(?:/[A-Z0-9][A-Za-z0-9.()-]{0,20}){1,6}(?![\w/])"
)
_TO = r"\s?(?:,|–|—|-|to|through|and|or|по|до|и|или)\s?(?:and |и )?"
_MENTION = re.compile(
    r"(?<!\w)(?:paragraphs?|paras?\.|пункт(?:а|у|е|ом|ы|ов|ам|ах|ами)?|пп?\.)\s?"
    rf"(?P<numbers>\d{{1,3}}(?:{_TO}\d{{1,3}}(?!\d)){{0,20}})(?!\d)",
    re.I,
)
_RANGE = re.compile(r"(\d{1,3})(?:\s?(?:–|—|-|to|through|по|до)\s?(\d{1,3}))?")
_DIRECTLY_AFTER = re.compile(r"[\s,()]{1,3}(?:draft |проект[а-я]{0,3} |at |в )?")
_ITS_OWN = re.compile(
    r"\s?(?:of|из|в)?\s?(?:the |those |настоящих |этих )?(?:recommendations|рекомендаци\w{1,3})", re.I
)
_ELSEWHERE = re.compile(
    r"\s?(?:above|below|выше|ниже|of th(?:is|e present)|настоящ)|"
    r"\s?(?:of|статьи|резолюции)\s(?!(?:the |those |its )*(?:document|recommendation))[A-Za-zА-Яа-я]",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Reference:
    """Numbers of paragraphs, and the symbol of their paper; "" where the sentence names none.

    `recommendations`: it says that they are those of the recommendations; which, it does not say.
    `start` is where the mention begins in the sentence.
    """

    numbers: frozenset[str]
    symbol: str
    start: int
    recommendations: bool = False


def symbols(text: str) -> list[str]:
    """The symbols of papers that a text names, in order."""
    return [_bare(match[0]) for match in SYMBOL.finditer(text[:_LOOKED_AT])]


def _bare(symbol: str) -> str:
    """A symbol without the signs that end its sentence."""
    symbol = symbol.rstrip(".")
    return symbol if symbol.count("(") == symbol.count(")") else symbol.rstrip(").")


def references(text: str) -> list[Reference]:
    """The paragraphs that a sentence refers to, each with the paper that it most likely means."""
    text = text[:_LOOKED_AT]
    papers = [(match.start(), match.start() + len(_bare(match[0])), _bare(match[0])) for match in SYMBOL.finditer(text)]
    mentions = list(_MENTION.finditer(text))
    return [
        Reference(
            _numbers(each["numbers"]), symbol, each.start(), bool(not symbol and _ITS_OWN.match(text, each.end()))
        )
        for each in mentions
        if (symbol := _paper(text, each, papers)) or not _ELSEWHERE.match(text, each.end())
    ]


def _paper(text: str, mention: re.Match[str], papers: list[tuple[int, int, str]]) -> str:
    """The symbol that stands directly before a mention, or else the nearest after it."""
    for _, end, symbol in papers:
        if end <= mention.start() and _DIRECTLY_AFTER.fullmatch(text, end, mention.start()):
            return symbol
    after = next(((start, symbol) for start, _, symbol in papers if start >= mention.end()), None)
    if after and after[0] - mention.end() <= _FAR and not re.search(r"[.;]\s", text[mention.end() : after[0]]):
        return after[1]
    return ""


def _numbers(text: str) -> frozenset[str]:
    return frozenset(list(_each(text))[:MOST_NUMBERS])


def _each(text: str) -> Iterator[str]:
    for first, last in _RANGE.findall(text):
        upper = int(last) if last and int(last) - int(first) in range(MOST_NUMBERS) else int(first)
        yield from (str(number) for number in range(int(first), upper + 1))
        if last:
            yield last
