"""Turns a passage into evidence: both languages, what matched in each, and where to light the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from indexer.engine.contract import Leaf
from indexer.library.documents import PassageText, SegmentText
from indexer.search.highlight import Span, highlights
from indexer.text import OTHER, Box, Origin


@dataclass(frozen=True, slots=True)
class Side:
    """A passage in one language: its text, where that comes from, and the spans that the query matched.

    `doubtful` are the spans of translations that are not to be trusted: shown as such, and never searched.
    """

    text: str
    origin: Origin
    highlights: tuple[Span, ...]
    doubtful: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class FoundPassage:
    """A passage shown with a hit. `boxes` are those of the matched sentences, `page` where the first of them begins."""

    passage_id: str
    page: int
    original: str
    sides: Mapping[str, Side]
    boxes: tuple[tuple[int, Box], ...]


def evidence(language: str, passage: PassageText, leaves: Sequence[Leaf]) -> FoundPassage:
    """What a passage of a document in this language shows of a query."""
    pieces: dict[str, _Pieces] = {language: [(segment, segment.text) for segment in passage.segments]}
    if any(segment.translation for segment in passage.segments):
        pieces[OTHER[language]] = _translated(passage.segments, OTHER[language])
    sides = {each: _side(of_side, each == language, leaves) for each, of_side in pieces.items()}
    touched = {segment.ordinal for each, side in sides.items() for segment in _lit(pieces[each], side.highlights)}
    lit = [segment for segment in passage.segments if segment.ordinal in touched]
    return FoundPassage(
        passage_id=f"{passage.document_id}.{passage.ordinal}",
        page=lit[0].page if lit else passage.page,
        original=language,
        sides=sides,
        boxes=tuple(box for segment in lit for box in segment.boxes),
    )


_Pieces = Sequence[tuple[SegmentText, str]]


def _translated(segments: Sequence[SegmentText], language: str) -> _Pieces:
    """The passage in the other language: translations, and what is written in that language anyway."""
    return [
        (segment, segment.translation.text if segment.translation else segment.text)
        for segment in segments
        if segment.translation or segment.language == language
    ]


def _side(pieces: _Pieces, original: bool, leaves: Sequence[Leaf]) -> Side:
    text = " ".join(text for _, text in pieces)
    if original:
        return Side(text, "original", highlights(text, leaves), ())
    doubtful = tuple(span for segment, span in _spans(pieces) if segment.translation and segment.translation.doubt)
    matched = (span for span in highlights(text, leaves) if not any(_touch(span, bad) for bad in doubtful))
    origins = {segment.translation.origin for segment, _ in pieces if segment.translation}
    return Side(text, "machine" if "machine" in origins else "human", tuple(matched), doubtful)


def _lit(pieces: _Pieces, matched: Sequence[Span]) -> list[SegmentText]:
    """The sentences that a span touches."""
    return [segment for segment, place in _spans(pieces) if any(_touch(place, span) for span in matched)]


def _spans(pieces: _Pieces) -> list[tuple[SegmentText, Span]]:
    """Where each sentence stands in a text that joins them with single spaces."""
    placed, start = [], 0
    for segment, text in pieces:
        placed.append((segment, (start, start + len(text))))
        start += len(text) + 1
    return placed


def _touch(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]
