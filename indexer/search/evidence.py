"""Turns a passage into evidence: its best sentences in both languages, what matched there, where to light the page."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, chain, takewhile
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
class _Sentences:
    """What one side has of a passage: the text of each segment by its ordinal, in order, and what matches in some.

    Texts of `doubted` ones are shown as not to be trusted.
    """

    texts: Mapping[int, tuple[SegmentText, str]]
    highlights: Mapping[int, tuple[Span, ...]]
    doubted: Set[int]

    def matched(self, at: int) -> int:
        """How many different words of one matched."""
        spans = self.highlights.get(at, ())
        return len({self.texts[at][1][start:end].casefold() for start, end in spans})


def evidence(language: str, passage: PassageText, marker: Marker) -> FoundPassage:
    """What a passage of a document in this language shows of a query."""
    own = _sentences([(segment, segment.text) for segment in passage.segments], marker)
    sides, other = {language: own}, OTHER.get(language)
    if other and any(segment.translation for segment in passage.segments):
        sides[other] = _translated(passage.segments, other, marker)
    lit = {at for side in sides.values() for at in side.highlights}
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
) -> _Sentences:
    """The sentences of one side, each with what matches in it; a phrase may go on from one into the next."""
    searched = ["" if segment.ordinal in doubted else text for segment, text in pieces]
    spans = marker.spans(searched, [text is segment.text and segment.by_form for segment, text in pieces])
    texts = {segment.ordinal: (segment, text) for segment, text in pieces}
    highlights = by_piece(spans, searched) if spans else {}
    return _Sentences(texts, {pieces[at][0].ordinal: within for at, within in highlights.items()}, doubted)


def _translated(segments: Sequence[SegmentText], language: str, marker: Marker) -> _Sentences:
    """The side in the other language: translations, and what is written in that language anyway."""
    pieces = [
        (segment, segment.translation.text if segment.translation else segment.text)
        for segment in segments
        if segment.translation or segment.language == language
    ]
    doubted = {segment.ordinal for segment in segments if segment.translation and segment.translation.doubt}
    return _sentences(pieces, marker, doubted)


def by_piece(spans: Sequence[Span], pieces: Sequence[str]) -> dict[int, tuple[Span, ...]]:
    """Spans of pieces joined with single spaces, which are in order, by the number of each piece that they touch.

    Each is cut to its piece and counted from its beginning.
    """
    starts = list(accumulate((len(piece) + 1 for piece in pieces), initial=0))
    touched: dict[int, list[Span]] = {}
    for first, last in spans:
        for at in range(bisect_right(starts, first) - 1, bisect_left(starts, last)):
            start, end = max(first - starts[at], 0), min(last - starts[at], len(pieces[at]))
            if start < end:
                touched.setdefault(at, []).append((start, end))
    return {at: tuple(those) for at, those in touched.items()}


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
        return not plain(at), -max(side.matched(at) for side in sides.values()), at

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
    for at, (_, sentence) in sentences.texts.items():
        if at not in shown:
            between = bool(text)
            continue
        if text:
            text += f" {GAP} " if between else " "
        between = False
        words, spans = _cut(sentence, sentences.highlights.get(at, ()))
        highlights += [(len(text) + first, len(text) + last) for first, last in spans]
        if at in sentences.doubted:
            doubtful.append((len(text), len(text) + len(words)))
        text += words
    return Side(text, _origin(sentences, shown, original), tuple(highlights), tuple(doubtful))


def _cut(text: str, spans: tuple[Span, ...]) -> tuple[str, tuple[Span, ...]]:
    """A sentence with what matches in it; of a very long one, what stands around the first match."""
    if len(text) <= LONGEST:
        return text, spans
    first = spans[0][0] if spans else 0
    start = max(0, min(first - LONGEST // 4, len(text) - LONGEST))
    start = text.rfind(" ", 0, start) + 1
    end = text.find(" ", start + LONGEST - 1)
    end = len(text) if end < 0 else end
    within = [(max(first, start) - start, min(last, end) - start) for first, last in spans if first < end]
    return text[start:end], tuple(span for span in within if span[1] > 0)


def _origin(sentences: _Sentences, shown: set[int], original: bool) -> Origin:
    if original:
        return "original"
    made = [segment.translation for at, (segment, _) in sentences.texts.items() if at in shown]
    return "machine" if any(each and each.origin == "machine" for each in made) else "human"
