"""Makes of a document what the index holds: its rule, its facets, and the tokens of its passages and description."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import accumulate, groupby
from operator import itemgetter

from sqlalchemy.orm import Session

from auth import policy
from indexer.analysis.tokens import MOST_OTHERS, Token, tokens
from indexer.engine.contract import PassageTokens, Record
from indexer.library import documents
from indexer.library.about import ORDINAL, SEARCHED_BY_NAME, About, about, field_key, point_key, series_of
from indexer.library.documents import PassageText, SegmentText
from indexer.library.tables import DocumentRow
from indexer.segment.languages import named
from indexer.segment.recommendations import points
from indexer.text import Origin


def record_of(session: Session, row: DocumentRow) -> Record:
    """A document as the index holds it."""
    passages = documents.all_passages(session, row.id)
    by_people = documents.translated_by_people(session, row.id)
    segments = [segment for passage in passages for segment in passage.segments]
    marked = {point.first: point.kind for point in points(segments, row.kind)}
    return Record(
        document_id=row.id,
        version=row.version,
        stamp=row.stamp,
        rule=row.rule,
        day=row.date.isoformat() if row.date else "",
        facets={
            "language": [row.language],
            "agency": documents.split(row.originators),
            "level": [str(policy.rule_of(session, row.rule).level)],
            "year": [str(row.date.year)] if row.date else [],
            "kind": [row.kind],
            "meeting": [row.meeting] if row.meeting else [],
            "series": [series] if (series := series_of(row.symbol)) else [],
            "body": [row.body] if row.body else [],
            "country": documents.split(row.countries),
            "has": _has(passages, by_people),
            "has_human_translation": ["true" if by_people else "false"],
        },
        passages=[*(_tokens(passage, marked) for passage in passages), _described(about(session, row))],
    )


def _has(passages: Sequence[PassageText], by_people: bool) -> list[str]:
    """What a document has that one may ask for: words recognised or put right, a translation, one by people."""
    sentences = [segment for passage in passages for segment in passage.segments]
    marks = {mark.partition(":")[0] for segment in sentences for mark in segment.marks}
    has = {
        "ocr": "recognised" in marks,
        "repair": "repaired" in marks,
        "translation": any(each.translation and not each.translation.doubt for each in sentences),
        "human": by_people,
    }
    return [name for name, holds in has.items() if holds]


def _described(description: About) -> PassageTokens:
    words: dict[Origin, Sequence[Token]] = {origin: tokens(text) for origin, text in description.searched().items()}
    words["original"] = _words((title, bool(named(title))) for title in description.titles.values() if title)
    return PassageTokens(ORDINAL, {origin: _in_field(origin, of_text) for origin, of_text in words.items()})


def _in_field(origin: Origin, words: Sequence[Token]) -> Sequence[Token]:
    """The words of a description, each with the keys by which it is found in its field alone."""
    field = SEARCHED_BY_NAME.get(origin)
    if field is None:
        return words
    keys = [tuple(field_key(field, key) for key in word.readings) for word in words]
    return [replace(word, others=(*word.others, *more)) for word, more in zip(words, keys, strict=True)]


def _tokens(passage: PassageText, marked: Mapping[int, str]) -> PassageTokens:
    texts: dict[Origin, Sequence[Token]] = {}
    for origin, pieces in passage.searched().items():
        if origin == "original":
            texts[origin] = _marked(_words((text, each.by_form) for each, text in pieces), pieces, marked)
        else:
            texts[origin] = tokens(" ".join(text for _, text in pieces))
    return PassageTokens(passage.ordinal, texts)


def _words(texts: Iterable[tuple[str, bool]]) -> list[Token]:
    """The words of texts, joined; of those that are said to be in neither of our languages by their forms alone."""
    words, start = list[Token](), 0
    for by_form, run in groupby(texts, key=itemgetter(1)):
        text = " ".join(text for text, _ in run)
        found = tokens(text, by_form)
        words += [replace(word, start=start + word.start, end=start + word.end) for word in found] if start else found
        start += len(text) + 1
    return words


def _marked(
    words: Sequence[Token], pieces: Sequence[tuple[SegmentText, str]], marked: Mapping[int, str]
) -> Sequence[Token]:
    """The words of a passage, the first one of each point with the key of its kind besides."""
    starts = accumulate((len(text) + 1 for _, text in pieces), initial=0)
    kinds = [
        (start, marked[each.ordinal])
        for (each, _), start in zip(pieces, starts, strict=False)
        if each.ordinal in marked
    ]
    changed = list(words)
    for start, kind in kinds:
        at = next((at for at, word in enumerate(words) if word.start >= start), None)
        if at is not None:
            changed[at] = replace(words[at], others=(*words[at].others[: MOST_OTHERS - 1], point_key(kind)))
    return changed
