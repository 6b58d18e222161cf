"""Reads what a paper is off its first page: its title and its symbol. Refuses letterheads for titles.

A title is what is set large or bold, high on the page, and is neither the name of a body nor a symbol, date or session.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from indexer.extract.pages import SOFT_HYPHEN, Line, LineKind, PageText
from indexer.segment.order import in_order

LONGEST_TITLE: Final = 400  # characters
_FEWEST_LETTERS = 4
_LOWEST = 0.8  # of the page's height: titles begin above
_SAME_SIZE = 0.06
_APART = 1.75  # heights of a line: what stands farther below is no part of the title
_BOLD, _CAPITALS, _DEPTH, _LONG = 0.22, 0.12, 0.35, 0.3  # what these add to, or take from, a block's relative size
_PROSE = 180  # characters, from which on what is not bold is no title
_MOST_LINES = 120
_RIGHT_OF_MARGIN = 0.35  # of the page's width: under a title the same words begin at the margin
_BODY = 0.6  # what the name of a body takes from a block's merit
_NEAR_BELOW = 6  # blocks below the kind of a paper, in which its subject may stand
_FIRST_SENTENCE = re.compile(r".{20,}?[.!?](?=\s+[A-ZА-ЯЁ«\"“])")

_BODIES = re.compile(
    r"united nations|general assembly|security council|economic and social council|human rights council|secretariat"
    r"|organization for security and co-?operation in europe|permanent council|ministerial council|osce"
    r"|организация объединенн?ых наций|генеральная ассамблея|совет безопасности|экономический и социальный совет"
    r"|совет по правам человека|организация по безопасности и сотрудничеству в европе|постоянный совет|обсе",
    re.IGNORECASE,
)
_BODY_ALONE = re.compile(
    r"(?:the )?(?:ministry|office|department|council|commission|committee|agency|embassy|government|prosecutor"
    r"|parliament|supreme court|state service|shanghai cooperation|commonwealth of independent|regional anti-terrorist"
    r"|republic of|министерство|правительство|(?:генеральная )?прокуратура|верховный суд|посольство|департамент"
    r"|(?:государственный |исполнительный )?комитет|(?:главное )?управление|(?:государственная )?служба|агентство"
    r"|парламент|секретариат|содружество независимых|шанхайская организация|региональная антитеррористическая"
    r"|республика\b)",
    re.IGNORECASE,
)
"""What the name of a body begins with, as it stands over a paper; a title may too, so it only counts for less."""
_SAYS_MORE = re.compile(
    r"[:?!]|\b(?:report|review|guide|handbook|доклад|отч[её]т|обзор|рисками|\d{4})\b", re.IGNORECASE
)
_KIND = re.compile(
    r"(?:приказ|указ|закон|постановление|распоряжение|решение|положение|справка|служебная записка|докладная записка"
    r"|информация|протокол|меморандум|письмо|law|decree|order|resolution|decision|memorandum|memo|note|letter)\b",
    re.IGNORECASE,
)
_LONGEST_KIND = 6  # words: of what kind a paper is, and whose
_ABOUT = re.compile(r"[«\"“]?(?:об?о?|on|concerning|regarding|по вопросу|по результатам)\s", re.IGNORECASE)
_SUBJECT = re.compile(r"(?:subject|re|тема|касательно|предмет)\s*:\s*(?=\S)", re.IGNORECASE)
_NAMES_OF_MONTHS = (
    r"january|february|march|april|may|june|july|august|september|october|november|december"
    r"|января|февраля|марта|апреля|мая|июня|июля|августа|сентября|октября|ноября|декабря"
)
_NOT_A_TITLE = re.compile(
    r"^(?:distr\b|original\s*:|general$|limited$|restricted$|(?:english|russian|arabic|french)(?: only)?$"
    r"|agenda items?\b|items? \d|page \d|стр\. ?\d|пункты? \d.*повестки|[\d\W]+(?:\([a-z]\)[\d\W]*)?$"
    r"|версия \d|version \d|draft$"
    r"|.{0,40}\b(?:session|сессия|year|год)$|.{0,40}\b(?:session|сессия) .{0,20}\b(?:year|год)$|приложение(?: \w+)?$"
    r"|annex(?: \w+)?$|(?:утвержден|одобрен|принят)[аоы]?\b.{0,60}$|release \d|выпуск \d)",
    re.IGNORECASE,
)
_DATE = re.compile(
    rf"^\W*(?:\d{{1,2}}\s+(?:{_NAMES_OF_MONTHS})\s+\d{{4}}|(?:{_NAMES_OF_MONTHS})\s+\d{{1,2}},\s+\d{{4}}"
    r"|\d{4}-\d\d-\d\d|\d\d?\.\d\d\.\d{4})(?:\s+г(?:\.|ода?))?\W*$",
    re.IGNORECASE,
)
_SYMBOL = re.compile(r"(?<![\w/.-])[A-Z]{1,8}(?:\.[A-Z]{1,8}){0,3}(?:/[A-Z0-9][A-Za-z0-9.()-]{0,20}){1,6}(?![\w/])")
_LETTERHEAD_END = re.compile(r"^(?:distr\b|original\s*:)|\boriginal\s*:|\bdistr\.\s*:", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FirstPage:
    """What the first page with text tells: a title and a symbol, "" where it tells none."""

    title: str
    symbol: str


@dataclass(frozen=True, slots=True)
class _Block:
    lines: tuple[Line, ...]

    @property
    def text(self) -> str:
        joined = " ".join(line.text for line in self.lines)
        return " ".join(joined.replace(f"{SOFT_HYPHEN} ", "").replace(SOFT_HYPHEN, "").split())


def first_page(pages: Sequence[PageText]) -> FirstPage:
    """Title and symbol of a document, off its first page that holds text."""
    page = next((page for page in pages if any(map(_upright, page.lines))), None)
    if page is None:
        return FirstPage("", "")
    lines = in_order([line for line in page.lines if _upright(line)])[:_MOST_LINES]
    usual = _usual_size(pages)
    below = _letterhead_end(lines, page)
    blocks = list(_blocks([line for line in lines if line.box[1] >= below]))
    titles = [block for block in blocks if _may_be_title(block, page)]
    best = max(titles, key=lambda block: _merit(block, usual, page), default=None)
    return FirstPage(_bounded(_whole(best, blocks, usual)) if best else "", _symbol(lines, page))


def _whole(best: _Block, blocks: Sequence[_Block], usual: float) -> str:
    """The title that a block begins: with what it is about, if it says of what kind the paper is and no more.

    Of prose, the first sentence.
    """
    if _KIND.match(best.text) and len(best.text.split()) <= _LONGEST_KIND:
        return _with_subject(best, blocks)
    plain = not best.lines[0].bold and _height(best.lines[0]) <= (1 + _SAME_SIZE) * usual
    sentence = _FIRST_SENTENCE.match(best.text) if plain and len(best.text) > _PROSE else None
    return sentence[0] if sentence else best.text


def _with_subject(kind: _Block, blocks: Sequence[_Block]) -> str:
    """The kind of a paper, and the line near below that tells its subject."""
    parts = [kind.text]
    for block in blocks[blocks.index(kind) + 1 :][:_NEAR_BELOW]:
        for line in block.lines:
            if subject := _SUBJECT.match(line.text):
                return line.text[subject.end() :]
        if _ABOUT.match(block.text) and len(block.text) <= _PROSE:
            return " ".join([*parts, block.text])
        if block.text.isupper() and len(parts) == 1 and not _is_letterhead(block.text):
            parts.append(block.text)
    return kind.text


def _upright(line: Line) -> bool:
    return line.turn == 0 and line.kind is LineKind.SHOWN


def _height(line: Line) -> float:
    return line.box[3] - line.box[1]


def _usual_size(pages: Sequence[PageText]) -> float:
    """The height of most of the text on the first pages."""
    sizes: Counter[float] = Counter()
    for page in pages[:5]:
        for line in page.lines:
            sizes[round(_height(line), 1)] += len(line.text)
    return max(1.0, sizes.most_common(1)[0][0])


def _letterhead_end(lines: Sequence[Line], page: PageText) -> float:
    """Where a letterhead ends that names distribution and language, right of the margin; 0 where there is none."""
    upper = (line for line in lines if line.box[3] < page.height / 3)
    ends = (line.box[3] for line in upper if _word_at(line, _LETTERHEAD_END) > _RIGHT_OF_MARGIN * page.width)
    return max(ends, default=0.0)


def _word_at(line: Line, pattern: re.Pattern[str]) -> float:
    """Where the word begins that a pattern finds in a line; -1 where it finds none."""
    match = pattern.search(line.text)
    return line.words[len(line.text[: match.start()].split())][0] if match else -1.0


def _blocks(lines: Sequence[Line]) -> Iterator[_Block]:
    """Lines of one size and weight that stand close under one another."""
    block: list[Line] = []
    for before, line in pairwise([None, *lines]):
        if before is not None and line is not None and not _goes_on(before, line):
            yield _Block(tuple(block))
            block = []
        if line is not None:
            block.append(line)
    if block:
        yield _Block(tuple(block))


def _goes_on(before: Line, line: Line) -> bool:
    size = _height(line)
    step = line.box[3] - before.box[3]
    alike = abs(size - _height(before)) <= _SAME_SIZE * size and line.bold == before.bold
    alike = alike and before.text.isupper() == line.text.isupper()
    apart = line.box[0] > before.box[2] or line.box[2] < before.box[0]
    return alike and 0 < step < _APART * size and not apart and not _is_letterhead(before.text)


def _is_letterhead(text: str) -> bool:
    """Whether nothing is left of a line without names of bodies, symbols and what else letterheads hold."""
    rest = _SYMBOL.sub(" ", _BODIES.sub(" ", text[: 2 * LONGEST_TITLE])).strip()
    return sum(map(str.isalpha, rest)) < _FEWEST_LETTERS or bool(_NOT_A_TITLE.match(rest) or _DATE.match(rest))


def _may_be_title(block: _Block, page: PageText) -> bool:
    return block.lines[0].box[1] < _LOWEST * page.height and not _is_letterhead(block.text)


def _merit(block: _Block, usual: float, page: PageText) -> float:
    """How much like a title a block is set."""
    first, text = block.lines[0], block.text
    merit = _height(first) / usual - _DEPTH * first.box[1] / page.height
    merit += _BOLD * first.bold + _CAPITALS * (text.isupper() and len(text) > 2 * _FEWEST_LETTERS)
    merit -= _BODY * bool(_BODY_ALONE.match(text) and not _SAYS_MORE.search(text))
    return merit - _LONG * (len(text) > LONGEST_TITLE or (len(text) > _PROSE and not first.bold))


def _bounded(text: str) -> str:
    text = text.rstrip("*† ")
    return text if len(text) <= LONGEST_TITLE else text[:LONGEST_TITLE].rsplit(" ", 1)[0]


def _symbol(lines: Sequence[Line], page: PageText) -> str:
    """The number of a paper, from the upper third of its first page; one of its letters alone is none."""
    for line in lines:
        if line.box[3] < page.height / 3:
            for match in _SYMBOL.finditer(line.text):
                if any(map(str.isdigit, match[0])) and len(line.text) < 3 * len(match[0]) + 24:
                    return match[0].rstrip(".-")
    return ""
