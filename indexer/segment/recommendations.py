"""Recognises what a paper recommends, concludes or decides, in both languages. Takes no narrative for a decision.

A point is a numbered paragraph, a bullet or a sentence. It is recognised by the paper's kind (recommendations,
resolution), by the heading it stands under (Conclusions, Предложения), or by what a meeting says in running text
(it was recommended that, семинар пришел к выводу).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, takewhile
from typing import Final, Literal, Protocol

PointKind = Literal["recommendation", "conclusion", "decision"]
POINT_KINDS: Final[tuple[PointKind, ...]] = ("recommendation", "conclusion", "decision")

MOST_POINTS: Final = 2_000  # of one paper; later ones are left out
MOST_SENTENCES: Final = 6  # of one paragraph of a paper that decides
MOST_LISTED: Final = 2  # of one that stands under a heading, where nothing tells the end of its paragraph
LONGEST_HEADING: Final = 12  # words
_LOOKED_AT: Final = 1_000  # characters of a sentence

_NUMBER = re.compile(r"\(?(\d{1,3})[.)]\s+(?=\S)")
_BULLET = re.compile(r"[•▪‣●–—*-]\s+(?=\S)")
_HEADING_NUMBER = re.compile(r"(?:(?:[IVXLC]{1,6}|[A-ZА-Я]|\d{1,2}(?:\.\d{1,2}){0,3})[.)]\s+)")
_ENDS = re.compile(r"[.!?;:…,][»”\"')]*$")
_KINDS_OF_HEADING: Final[tuple[tuple[PointKind, re.Pattern[str]], ...]] = (
    (
        "recommendation",
        re.compile(
            r"\b(?:recommendations?|proposals?|next steps|(?:proposed|recommended) (?:measures|steps|actions)"
            r"|рекомендаци[ия]|предложени[ея]|(?:предлагаем|рекомендуем)ые (?:меры|шаги)|дальнейшие шаги)\b",
            re.I,
        ),
    ),
    ("conclusion", re.compile(r"\b(?:conclusions?|вывод(?:ы|а|ов)?|заключени[ея])\b", re.I)),
    (
        "decision",
        re.compile(
            r"\b(?:decisions?|agreed (?:steps|actions|measures)|invited to act|решени[ея]"
            r"|согласованные (?:меры|шаги|действия)|предлагается принять решение)\b",
            re.I,
        ),
    ),
)
_OTHER_HEADING = re.compile(
    r"\b(?:adopti?\w*|closing|draft\w*|review|implementation|basis|court decisions?|follow-up to|status"
    r"|приняти\w+ (?:рекоменд|резолюц)\w*|закрыти\w+|проект\w*|подготовк\w+|обзор\w*|ход\w* выполнения|выполнени\w+)\b",
    re.I,
)
_WORDS_BEFORE = 4  # of a heading, before the word that says what stands under it
_OF_PAPER: Final[dict[str, PointKind]] = {"recommendations": "recommendation", "resolution": "decision"}

_COUNTED = re.compile(
    r"(?:first|second|third|fourth|fifth|finally|во-первых|во-вторых|в-третьих|наконец)(?:ly)?,", re.I
)
_NARRATIVE = re.compile(
    r"\b(?:adopted (?:the|its)|thanked|took note|was held|принял[аио]? (?:рекоменд|резолюц)\w*|поблагодарил\w*"
    r"|принял[аио]? к сведению)\b",
    re.I,
)
_BODY = (
    r"(?:the |this |our |third |second |first |next ){0,3}(?:expert )?(?:meeting|workshop|conference|seminar|commission"
    r"|committee|council|assembly|working group|experts?|participants|delegations|secretariat|we)"
)
_RUSSIAN_BODY = (
    r"(?:совещание|семинар|конференция|комиссия|комитет|совет|ассамблея|рабочая группа|эксперты|участники"
    r"|делегации|секретариат|мы)"
)
_BETWEEN = r"(?: (?:also|therefore|further|then|strongly|также|далее|поэтому|настоятельно))?"
_SAID: Final[tuple[tuple[PointKind, re.Pattern[str]], ...]] = (
    (
        "recommendation",
        re.compile(
            rf"\b(?:it (?:is|was|has been)(?: also| further)? (?:recommended|proposed|suggested) (?:that|to)"
            rf"|{_BODY}{_BETWEEN} (?:recommend(?:s|ed)?|urge[sd]?|suggest(?:s|ed)?)\b(?! itself)"
            rf"|(?:было |была )?(?:рекомендовано|предложено) (?!в\b)\w+|{_RUSSIAN_BODY}{_BETWEEN}"
            r" (?:рекоменду(?:ет|ют|ем)|рекомендовал[аио]?|призыва(?:ет|ют|ем)|призвал[аио]?))"
            r"|(?:^|; )предлагается \w+(?:ть|ти|чь)\b|\b(?:recommend(?:s|ed)?|propose[sd]?) that\b"
            r"|\b(?:рекомендовал|предложил)[аио]?(?:,? чтобы|(?: \w+)? \w+ть)\b",
            re.I,
        ),
    ),
    (
        "conclusion",
        re.compile(
            rf"\b(?:it (?:is|was|has been) concluded that|{_BODY}{_BETWEEN} conclude[sd]? that"
            rf"|{_RUSSIAN_BODY}{_BETWEEN} (?:приш(?:ел|ёл|ла|ло|ли) к (?:выводу|заключению)|заключил[аио]?,))",
            re.I,
        ),
    ),
    (
        "decision",
        re.compile(
            rf"\b(?:it (?:is|was|has been)(?: also| further)? (?:agreed|decided|resolved) (?:that|to)"
            rf"|{_BODY}{_BETWEEN} (?:decide[sd]?|agree[sd]?|resolve[sd]?) (?:that|to)"
            rf"|(?:было |была )?(?:решено|постановлено|условлено|признано необходимым|достигнуто согласие)"
            rf"|{_RUSSIAN_BODY}{_BETWEEN} (?:постанов(?:ляет|ил[аио]?)|решил[аио]?"
            r"|(?:условил|договорил|согласил)(?:ись|ось)(?: о том)?, (?:что|чтобы)))",
            re.I,
        ),
    ),
)


class PaperSentence(Protocol):
    """A sentence of a paper, in the order of the paper."""

    @property
    def ordinal(self) -> int:
        """Its place in the paper."""

    @property
    def text(self) -> str:
        """What it says."""

    @property
    def furniture(self) -> bool:
        """Whether it is a header or footer."""


@dataclass(frozen=True, slots=True)
class Point:
    """Something that a paper recommends, concludes or decides: its sentences by ordinal, and all of their text.

    `number` is that of the paragraph that it is or stands in, "" where there is none.
    """

    kind: PointKind
    number: str
    ordinals: tuple[int, ...]
    text: str

    @property
    def first(self) -> int:
        """The sentence where it begins, by which it is named."""
        return self.ordinals[0]


def points(sentences: Sequence[PaperSentence], paper_kind: str) -> list[Point]:
    """What a paper of this kind recommends, concludes or decides, in order; at most `MOST_POINTS`."""
    of_paper = _OF_PAPER.get(paper_kind)
    under: PointKind | None = None
    announced: PointKind | None = None
    after_heading = False
    recognised: list[Point] = []
    for heading, paragraph in _paragraphs(_running(sentences)):
        if heading:
            under = kind_of_heading(paragraph[-1].text)
        else:
            listed = bool(_BULLET.match(paragraph[0].text))
            recognised += _of_paragraph(paragraph, of_paper, under or (announced if listed else None), after_heading)
            announced = announced if listed else _announced(paragraph)
        after_heading = heading
        if len(recognised) >= MOST_POINTS:
            break
    return recognised[:MOST_POINTS]


def _announced(paragraph: Sequence[PaperSentence]) -> PointKind | None:
    """What a list is that the last sentence of a paragraph announces: we draw three conclusions."""
    last = paragraph[-1].text
    return _kind_named(last, LONGEST_HEADING) if len(last.split()) <= LONGEST_HEADING else None


def kind_of_heading(text: str) -> PointKind | None:
    """What stands under a heading; None where that is something else."""
    bare = _HEADING_NUMBER.sub("", text[:_LOOKED_AT], count=1)
    return None if _OTHER_HEADING.search(bare) else _kind_named(bare, _WORDS_BEFORE)


def _kind_named(text: str, most_before: int) -> PointKind | None:
    """The kind that a text names after fewer words than that."""
    for kind, pattern in _KINDS_OF_HEADING:
        match = pattern.search(text)
        if match and (kind == "decision" or len(text[: match.start()].split()) < most_before):
            return kind
    return None


def number_of(text: str) -> str:
    """The number that a paragraph begins with, or ""."""
    match = _NUMBER.match(text)
    return match[1] if match else ""


def _of_paragraph(
    paragraph: Sequence[PaperSentence], of_paper: PointKind | None, under: PointKind | None, after_heading: bool
) -> Iterator[Point]:
    """What a paragraph is as a whole, or what its sentences say."""
    first = paragraph[0].text
    number, listed = number_of(first), bool(_BULLET.match(first))
    plain = under == "conclusion" and after_heading
    whole = (of_paper if number else None) or (under if number or listed or plain else None)
    if whole and not _NARRATIVE.search(first[:_LOOKED_AT]):
        kept = paragraph[: MOST_SENTENCES if of_paper else 1 if listed else MOST_LISTED]
        yield Point(whole, number, tuple(each.ordinal for each in kept), " ".join(each.text for each in kept))
        return
    for at, each in enumerate(paragraph):
        kind = next((kind for kind, pattern in _SAID if pattern.search(each.text[:_LOOKED_AT])), None)
        if kind and not _NARRATIVE.search(each.text[:_LOOKED_AT]):
            counted = takewhile(
                lambda following: _COUNTED.match(following.text), paragraph[at + 1 : at + MOST_SENTENCES]
            )
            kept = [each, *counted]
            yield Point(kind, number, tuple(one.ordinal for one in kept), " ".join(one.text for one in kept))


def _running(sentences: Sequence[PaperSentence]) -> list[PaperSentence]:
    """A paper's sentences without headers and footers, those of the page where they are first said too."""
    repeated = {_bare(each.text) for each in sentences if each.furniture}
    return [each for each in sentences if not each.furniture and _bare(each.text) not in repeated]


def _bare(text: str) -> str:
    return "".join(character for character in text if not character.isdigit())


def _paragraphs(sentences: Iterable[PaperSentence]) -> Iterator[tuple[bool, list[PaperSentence]]]:
    """Headings, and runs of sentences that begin with a number or a bullet or follow one."""
    at = 0

    def place(sentence: PaperSentence) -> tuple[int, bool]:
        nonlocal at
        heading, begins = _is_heading(sentence.text), bool(_NUMBER.match(sentence.text) or _BULLET.match(sentence.text))
        at += heading or begins
        return at, heading

    for (_, heading), run in groupby(sentences, key=place):
        yield heading, list(run)


def _is_heading(text: str) -> bool:
    """Whether a sentence is none, but a heading or the cell of a table: short, and without an end."""
    return (
        len(text) <= _LOOKED_AT
        and not _ENDS.search(text)
        and not _BULLET.match(text)
        and len(text.split()) <= LONGEST_HEADING
        and not text[:1].islower()
        and "/" not in text  # a symbol
    )
