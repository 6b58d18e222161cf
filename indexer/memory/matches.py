"""Offers what people made of equal and similar sentences. Refuses what somebody who may read the target may not read.

What is offered may end up in the document that is translated, so it is offered only from documents that the translator
may read and everyone who may read the target as well.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import islice
from typing import Final, Literal

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from auth import policy
from auth.database import now
from auth.labels import Label, dominates
from auth.policy import Scope
from indexer.library import documents
from indexer.library.states import State
from indexer.library.tables import DocumentRow, SegmentRow
from indexer.memory.keys import keys_of
from indexer.memory.tables import MemoryEntryRow, MemoryKeyRow
from indexer.text import digest_of

MatchKind = Literal["context", "exact", "fuzzy"]
DifferenceKind = Literal["equal", "insert", "delete", "replace"]

MOST_MATCHES: Final = 10
LEAST: Final = 60  # percent: what is less alike is no help
_CANDIDATES: Final = 60  # sentences that are compared word by word
_EQUAL: Final = 50  # equal sentences whose neighbours are looked at
_MANY_KEYS: Final = 8  # of a sentence: those that share one alone are too little alike to be looked at
_MOST_WORDS: Final = 400  # of a sentence that is compared
_WORD: Final = re.compile(r"\w+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class TextDifference:
    """A stretch of the sentence in the memory (`theirs`) and what stands in its place here (`ours`), in characters."""

    kind: DifferenceKind
    theirs: tuple[int, int]
    ours: tuple[int, int]


@dataclass(frozen=True, slots=True)
class MemoryMatch:
    """What people made of an equal or similar sentence, and where it stands.

    `percent` is 100 for an equal one. `context`: its neighbours are equal, too. `difference` leads from its source to
    the sentence asked for. `preferred`: it is of a pair that people say is to be offered before others. `reversed`:
    people translated it in the other direction. `times`: how many documents say so.
    """

    kind: MatchKind
    percent: int
    source_text: str
    target_text: str
    difference: tuple[TextDifference, ...]
    document_id: str
    origin: str
    preferred: bool
    reversed: bool
    times: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """A sentence of a document that something is wanted for, and the texts before and after it, "" at an end."""

    text: str
    language: str
    before: str = ""
    after: str = ""


def lending_rules(session: Session, scope: Scope, target: Label) -> list[str]:
    """The rules in the scope whose documents may lend to one of this label: all its readers may read them."""
    rules = ((digest, Label(policy.rule_of(session, digest), frozenset())) for digest in sorted(scope.rules))
    return [digest for digest, label in rules if dominates(target, label)]


def matches(session: Session, scope: Scope, row: DocumentRow, wanted: Wanted) -> list[MemoryMatch]:
    """What the memory offers for a sentence of a document inside the scope, the best first."""
    rules = lending_rules(session, scope, documents.label_of(session, row))
    if not rules:
        return []
    own = (row.id, digest_of(wanted.text))
    equal = [each for each in _equal(session, rules, wanted) if (each.document, each.source_digest) != own]
    offers = [_exact(session, wanted, each) for each in equal]
    if len(offers) < MOST_MATCHES:
        similar = (_fuzzy(wanted, each) for each in _similar(session, rules, wanted))
        offers += [match for match in similar if match is not None]
    return _merged(offers)[:MOST_MATCHES]


def other_texts(session: Session, scope: Scope, row: DocumentRow, wanted: Wanted, text: str) -> tuple[bool, bool]:
    """Whether the memory has another text for the sentence, and whether it has the text for another sentence."""
    rules = lending_rules(session, scope, documents.label_of(session, row))
    own = (row.id, digest_of(wanted.text))
    entries = [each for each in _equal(session, rules, wanted) if (each.document, each.source_digest) != own]
    texts = {_sides(each, wanted.language)[1] for each in entries}
    swapped = Wanted(text, "")
    sources = {_sides(each, wanted.language)[0] for each in _equal(session, rules, swapped)}
    return bool(texts - {text}), bool(sources - {wanted.text})


_OF_ENTRY: Final = DocumentRow.id == MemoryEntryRow.document
_IN_ORDER: Final = (MemoryEntryRow.preferred.desc(), MemoryEntryRow.document, MemoryEntryRow.source_digest)


def _lending(rules: Iterable[str]) -> tuple[ColumnElement[bool], ...]:
    """Whether a document may lend."""
    return (
        DocumentRow.rule.in_(list(rules)),
        DocumentRow.state != State.REMOVING,
        documents.are_published(now()),
    )


def _equal(session: Session, rules: Sequence[str], wanted: Wanted) -> Sequence[MemoryEntryRow]:
    digest = digest_of(wanted.text)
    either = or_(MemoryEntryRow.source_digest == digest, MemoryEntryRow.target_digest == digest)
    query = select(MemoryEntryRow).join(DocumentRow, _OF_ENTRY).where(*_lending(rules), either)
    ordered = query.order_by(*_IN_ORDER)
    return session.scalars(ordered.limit(_EQUAL)).all()


def _similar(session: Session, rules: Sequence[str], wanted: Wanted) -> Sequence[MemoryEntryRow]:
    keys = keys_of(wanted.text, wanted.language)
    if not keys:
        return ()
    counted = (  # by itself: joined to the documents at once, SQLite would go through all of them
        select(MemoryKeyRow.entry, func.count().label("shared"))
        .where(MemoryKeyRow.key.in_(keys))
        .group_by(MemoryKeyRow.entry)
        .having(func.count() >= (2 if len(keys) >= _MANY_KEYS else 1))
        .subquery()
    )
    query = (
        select(MemoryEntryRow)
        .join_from(counted, MemoryEntryRow, MemoryEntryRow.id == counted.c.entry)
        .join(DocumentRow, _OF_ENTRY)
        .where(*_lending(rules))
        .order_by(counted.c.shared.desc(), *_IN_ORDER)
    )
    return session.scalars(query.limit(_CANDIDATES)).all()


def _sides(entry: MemoryEntryRow, language: str) -> tuple[str, str]:
    """The text of an entry in a language, and what it is in the other."""
    texts = (entry.source_text, entry.target_text)
    return texts if entry.source == language else (texts[1], texts[0])


def _exact(session: Session, wanted: Wanted, entry: MemoryEntryRow) -> MemoryMatch:
    ours = entry.source == wanted.language
    kind: MatchKind = "context" if ours and _in_context(session, wanted, entry) else "exact"
    return _match(kind, 100, entry, wanted.language, ())


def _in_context(session: Session, wanted: Wanted, entry: MemoryEntryRow) -> bool:
    """Whether the sentence stands between the same neighbours there, at one of its first places."""
    if not (wanted.before or wanted.after):
        return False
    of_it = (SegmentRow.document == entry.document, SegmentRow.digest == entry.source_digest)
    places = session.scalars(select(SegmentRow.ordinal).where(*of_it).order_by(SegmentRow.ordinal).limit(5))
    return any(neighbours(session, entry.document, place) == (wanted.before, wanted.after) for place in places)


def neighbours(session: Session, document_id: str, ordinal: int) -> tuple[str, str]:
    """The sentences before and after a sentence of a document, "" at an end."""
    beside = (SegmentRow.document == document_id, SegmentRow.ordinal.in_((ordinal - 1, ordinal + 1)))
    rows = session.execute(select(SegmentRow.ordinal, SegmentRow.text).where(*beside))
    texts = {row[0]: row[1] for row in rows}
    return texts.get(ordinal - 1, ""), texts.get(ordinal + 1, "")


def _fuzzy(wanted: Wanted, entry: MemoryEntryRow) -> MemoryMatch | None:
    source, _ = _sides(entry, wanted.language)
    if source == wanted.text or most_alike(source, wanted.text) < LEAST:
        return None
    percent, difference = compared(source, wanted.text)
    return _match("fuzzy", percent, entry, wanted.language, difference) if percent >= LEAST else None


def _match(
    kind: MatchKind, percent: int, entry: MemoryEntryRow, language: str, difference: tuple[TextDifference, ...]
) -> MemoryMatch:
    source, target = _sides(entry, language)
    reversed_ = entry.source != language
    origin, preferred = entry.origin, entry.preferred
    return MemoryMatch(kind, percent, source, target, difference, entry.document, origin, preferred, reversed_, 1)


def most_alike(theirs: str, ours: str) -> int:
    """How alike two sentences are in percent at most, by the words that they share in whatever order: soon told."""
    first, second = (Counter(_words(text)) for text in (theirs, ours))
    shared = sum(min(times, second[word]) * len(word) for word, times in first.items())
    return _percent(shared, first.elements(), second.elements())


def compared(theirs: str, ours: str) -> tuple[int, tuple[TextDifference, ...]]:
    """How alike two sentences are in percent, by the characters of the words that they share in order, and where not.

    Ratcliff and Obershelp's measure, by words and signs; the space after each goes with it and is not compared. 99 at
    most: equal sentences are not compared.
    """
    first, second = _words(theirs), _words(ours)
    matcher = SequenceMatcher(None, first, second, autojunk=False)
    starts = [_starts(text) for text in (theirs, ours)]
    operations = matcher.get_opcodes()
    shared = sum(len(word) for kind, a, b, _, _ in operations if kind == "equal" for word in first[a:b])
    spans = [
        TextDifference(kind, (starts[0][a], starts[0][b]), (starts[1][c], starts[1][d]))
        for operation in operations
        for kind, a, b, c, d in _word_by_word(*operation)
    ]
    trimmed = (part for each in spans for part in _trimmed(theirs, ours, each))
    return _percent(shared, first, second), tuple(_joined(trimmed))


Operation = tuple[DifferenceKind, int, int, int, int]  # as SequenceMatcher has it


def _word_by_word(kind: DifferenceKind, a: int, b: int, c: int, d: int) -> Iterator[Operation]:
    """Where as many words stand in the place of others, each by itself."""
    if kind == "replace" and b - a == d - c:
        yield from ((kind, a + at, a + at + 1, c + at, c + at + 1) for at in range(b - a))
    else:
        yield kind, a, b, c, d


def _trimmed(theirs: str, ours: str, each: TextDifference) -> Iterator[TextDifference]:
    """Without the spaces at its end that both sentences have."""
    if each.kind != "replace":
        yield each
        return
    first, second = theirs[slice(*each.theirs)], ours[slice(*each.ours)]
    spaces = first[len(first.rstrip()) :]
    at = [span[1] - len(spaces) for span in (each.theirs, each.ours)]
    if spaces and second.endswith(spaces) and second.strip():
        yield TextDifference("replace", (each.theirs[0], at[0]), (each.ours[0], at[1]))
        yield TextDifference("equal", (at[0], each.theirs[1]), (at[1], each.ours[1]))
    else:
        yield each


def _joined(differences: Iterable[TextDifference]) -> Iterator[TextDifference]:
    """Stretches that are equal and beside each other are one."""
    before: TextDifference | None = None
    for each in differences:
        if before is not None and before.kind == each.kind == "equal":
            each = TextDifference("equal", (before.theirs[0], each.theirs[1]), (before.ours[0], each.ours[1]))
        elif before is not None:
            yield before
        before = each
    if before is not None:
        yield before


def _words(text: str) -> list[str]:
    return _WORD.findall(text)[:_MOST_WORDS]


def _percent(shared: int, first: Iterable[str], second: Iterable[str]) -> int:
    return min(99, 200 * shared // max(sum(map(len, first)) + sum(map(len, second)), 1))


def _starts(text: str) -> list[int]:
    """Where each word begins, the first at 0, and where the last ends."""
    starts = [match.start() for match in islice(_WORD.finditer(text), _MOST_WORDS + 1)]
    return [0, *starts[1:]] if len(starts) > _MOST_WORDS else [0, *starts[1:], len(text)]


def _merged(offers: Iterable[MemoryMatch]) -> list[MemoryMatch]:
    """The matches without those that say the same, which are counted, the best first."""
    merged: dict[tuple[str, str], MemoryMatch] = {}
    for match in sorted(offers, key=_worth):
        texts = (match.source_text, match.target_text)
        before = merged.get(texts)
        merged[texts] = match if before is None else replace(before, times=before.times + 1)
    return list(merged.values())


def _worth(match: MemoryMatch) -> tuple[object, ...]:
    order = ("context", "exact", "fuzzy").index(match.kind)
    rank = (order, -match.percent, not match.preferred, match.reversed)
    return *rank, match.origin, match.document_id, match.source_text
