"""Turns a passage into evidence: its best sentences in both languages, what matched there, where to light the page."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, chain, takewhile
from operator import itemgetter
from typing import Final

from indexer.library.about import ORDINAL, About
from indexer.library.documents import PassageText, SegmentText
from indexer.search.highlight import Marker, Span
from indexer.segment.languages import named
from indexer.text import LANGUAGES, OTHER, Box, Origin

STRETCH: Final = 420  # characters of the original that are shown, unless one sentence alone has more
LONGEST: Final = 800  # characters of one sentence that are shown
MOST_AROUND: Final = 4  # sentences that are looked at before the best one and after it
GAP: Final = "…"  # stands where sentences between those shown are left out
FEWEST: Final = 4  # words of a sentence; of what has fewer and does not end as one, a heading or a cell of a table
_ENDS: Final = (".", "!", "?", ";", ":", "…", "»", "”", '"', ")")


@dataclass(frozen=True, slots=True)
class Side:
    """A stretch in one language: its text, where that comes from, and the spans that the query matched.

    `doubtful` are the spans of translations that are not to be trusted: shown as such, and never searched.
    """

    text: str
    origin: Origin
    highlights: tuple[Span, ...]
    doubtful: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class FoundPassage:
    """What is shown of a passage with a hit: the same sentences in each language.

    `boxes` are those of the sentences that matched, `page` where the first of them begins. `marks` are those of all
    that are shown.
    """

    passage_id: str
    page: int
    original: str
    sides: Mapping[str, Side]
    boxes: tuple[tuple[int, Box], ...]
    marks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sentence:
    """What one side has of a segment: its text, what the query matched in it, and whether it may be trusted."""

    segment: SegmentText
    text: str
    highlights: tuple[Span, ...]
    doubtful: bool = False

    @property
    def matched(self) -> int:
        """How many different words of it matched."""
        return len({self.text[start:end].casefold() for start, end in self.highlights})


_Sentences = Mapping[int, Sentence]  # by the segment's ordinal, in order


def evidence(language: str, passage: PassageText, marker: Marker) -> FoundPassage:
    """What a passage of a document in this language shows of a query."""
    own = _sentences([(segment, segment.text) for segment in passage.segments], marker)
    sides, other = {language: own}, OTHER.get(language)
    if other and any(segment.translation for segment in passage.segments):
        sides[other] = _translated(passage.segments, other, marker)
    lit = {at for side in sides.values() for at, sentence in side.items() if sentence.highlights}
    shown = _stretch(passage.segments, sides, lit)
    quoted = {each: _side(of_side, shown, each == language) for each, of_side in sides.items()}
    pages = [segment for segment in passage.segments if segment.ordinal in lit and segment.ordinal in shown]
    return FoundPassage(
        passage_id=f"{passage.document_id}.{passage.ordinal}",
        page=pages[0].page if pages else passage.page,
        original=language,
        sides={each: side for each, side in quoted.items() if side.text or side.doubtful},
        boxes=tuple(box for segment in pages for box in segment.boxes),
        marks=tuple(dict.fromkeys(mark for it in passage.segments if it.ordinal in shown for mark in it.marks)),
    )


def about_evidence(language: str, description: About, marker: Marker) -> FoundPassage:
    """What a description shows of a query that nothing of the text matches: the titles, and what else matched.

    A title is in the language that it surely is, or else in that which it is kept for.
    """
    names = [description.symbol, *description.meeting, *description.names]
    matching = [name for name in names if marker.spans([name])]
    titles = {named(title) or each: title for each, title in description.titles.items() if title}
    language = language if language in (*LANGUAGES, *titles) else next(iter(titles), language)
    own = titles.pop(language, "") or next(iter(titles.values()), "")
    texts = {language: " · ".join(filter(None, (own, *matching)))}
    texts |= {each: title for each, title in titles.items() if title != own}
    return FoundPassage(
        passage_id=f"{description.document_id}.{ORDINAL}",
        page=1,
        original=language,
        sides={
            each: Side(text, "original", marker.spans([text], [bool(named(text))]), ()) for each, text in texts.items()
        },
        boxes=(),
    )


def _sentences(
    pieces: Sequence[tuple[SegmentText, str]], marker: Marker, doubted: Set[int] = frozenset()
) -> dict[int, Sentence]:
    """The sentences of one side, each with what matches in it; a phrase may go on from one into the next."""
    searched = ["" if segment.ordinal in doubted else text for segment, text in pieces]
    starts = accumulate((len(text) + 1 for text in searched), initial=0)
    spans = marker.spans(searched, [text is segment.text and segment.by_form for segment, text in pieces])
    return {
        segment.ordinal: Sentence(segment, text, within(spans, start, start + len(words)), segment.ordinal in doubted)
        for (segment, text), words, start in zip(pieces, searched, starts, strict=False)
    }


def _translated(segments: Sequence[SegmentText], language: str, marker: Marker) -> dict[int, Sentence]:
    """The side in the other language: translations, and what is written in that language anyway."""
    pieces = [
        (segment, segment.translation.text if segment.translation else segment.text)
        for segment in segments
        if segment.translation or segment.language == language
    ]
    doubted = {segment.ordinal for segment in segments if segment.translation and segment.translation.doubt}
    return _sentences(pieces, marker, doubted)


def within(spans: Sequence[Span], start: int, end: int) -> tuple[Span, ...]:
    """Those parts of spans, which are in order and apart, that lie between two places, counted from the first."""
    begin = bisect_right(spans, start, key=itemgetter(1))
    after = bisect_left(spans, end, begin, key=itemgetter(0))
    return tuple((max(first, start) - start, min(last, end) - start) for first, last in spans[begin:after])


# -- What is shown


def _stretch(segments: Sequence[SegmentText], sides: Mapping[str, _Sentences], lit: set[int]) -> set[int]:
    """The ordinals of the best sentences and of their neighbours, up to a size: nothing that is no sentence if it can.

    The best holds most that is matched, in whichever language; among equals the first.
    """
    order = [segment.ordinal for segment in segments]
    texts = {segment.ordinal: segment.text for segment in segments}

    @cache
    def plain(at: int) -> bool:
        return not is_rubble(texts[at])

    def rank(at: int) -> tuple[bool, int, int]:
        return not plain(at), -max(side[at].matched for side in sides.values() if at in side), at

    matching = sorted(lit, key=rank)
    best = next(chain(matching, filter(plain, order), order))
    shown, size = {best}, len(texts[best])
    for at in (*matching, *_neighbours(order, best, plain)):
        if at not in shown and size + len(texts[at]) <= STRETCH:
            shown.add(at)
            size += len(texts[at])
    return shown


def _neighbours(order: Sequence[int], best: int, plain: Callable[[int], bool]) -> list[int]:
    """The nearest sentences around one, the nearest first, up to what is no sentence."""
    at = order.index(best)
    after = takewhile(plain, order[at + 1 : at + 1 + MOST_AROUND])
    before = takewhile(plain, order[max(0, at - MOST_AROUND) : at][::-1])
    return sorted((*after, *before), key=lambda other: (abs(other - best), other < best))


def is_rubble(text: str) -> bool:
    """Whether a segment is a heading, a line of a letterhead or a cell of a table rather than a sentence."""
    letters = sum(map(str.isalpha, text))
    if 2 * letters < len(text):
        return True
    return not text.rstrip().endswith(_ENDS) and (len(text.split()) < FEWEST or text.isupper())


def _side(sentences: _Sentences, shown: set[int], original: bool) -> Side:
    """What one side shows of the sentences chosen, joined with spaces; a gap stands for those between them."""
    text, highlights, doubtful = "", list[Span](), list[Span]()
    between = False
    for at, sentence in sentences.items():
        if at not in shown:
            between = bool(text)
            continue
        if text:
            text += f" {GAP} " if between else " "
        between = False
        words, spans = _cut(sentence)
        highlights += [(len(text) + first, len(text) + last) for first, last in spans]
        if sentence.doubtful:
            doubtful.append((len(text), len(text) + len(words)))
        text += words
    return Side(text, _origin(sentences, shown, original), tuple(highlights), tuple(doubtful))


def _cut(sentence: Sentence) -> tuple[str, tuple[Span, ...]]:
    """A sentence; of a very long one, what stands around the first match."""
    text, spans = sentence.text, sentence.highlights
    if len(text) <= LONGEST:
        return text, spans
    first = spans[0][0] if spans else 0
    start = max(0, min(first - LONGEST // 4, len(text) - LONGEST))
    start = text.rfind(" ", 0, start) + 1
    end = text.find(" ", start + LONGEST - 1)
    end = len(text) if end < 0 else end
    return text[start:end], within(spans, start, end)


def _origin(sentences: _Sentences, shown: set[int], original: bool) -> Origin:
    if original:
        return "original"
    made = [each.segment.translation for at, each in sentences.items() if at in shown]
    return "machine" if any(each and each.origin == "machine" for each in made) else "human"
