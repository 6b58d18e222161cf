"""Seeks the papers that may be a paper's translation, and proposes them as pairs, or takes them for one.

Whether two papers are a pair depends on those two alone: were it a matter of which fits best, a paper that somebody may
not read could take the place of one that they may.
"""

from __future__ import annotations

from collections import defaultdict
from heapq import nlargest
from typing import Final

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from auth.audit.entries import Event
from auth.audit.trail import CONSOLE, Trail
from auth.database import Database, locking
from indexer.library.states import IN_THE_INDEX
from indexer.library.tables import DocumentRow
from indexer.pairs import portraits, sentences
from indexer.pairs.portraits import ALIKE, CONFIRMED, LENGTHS, PROPOSED, SENTENCES
from indexer.pairs.tables import PairRow, PairState, PortraitRow
from indexer.text import LANGUAGES, Language

SAID_ALIKE: Final = ("symbol", "date", "meeting", "kind")  # of both papers of a pair, where it is said of both
AT_ONCE: Final = 1_000  # portraits compared
MOST_NEAR: Final = 20  # papers with the same readers that one is compared with: those with others are not crowded out


def seek(trail: Trail, database: Database, document_id: str) -> None:
    """Portray a paper and propose the pairs that it makes with others.

    The trail has each that is taken for a pair. The portrait is kept before others are looked at: of two papers that
    are looked at at once, one sees the other.
    """
    vector = _portray(database, document_id)
    likely = _likely(database, document_id, vector) if vector else {}
    with database.session() as session:
        row = session.scalar(locking(select(PortraitRow).where(PortraitRow.document == document_id)))
        if row is None or row.vector != vector:  # the paper has another text by now
            return
        row.sought = True
        for other_id, likeness in likely.items():
            if _propose(session, document_id, other_id, likeness) == "confirmed":
                detail: dict[str, str | int] = {"other": other_id, "reason": "likeness", "percent": int(100 * likeness)}
                trail.record(Event("", CONSOLE, "pair", document_id, detail=detail))


def _portray(database: Database, document_id: str) -> str:
    """Keep the portrait of a paper; gives it, "" where there is none."""
    with database.session() as session:
        row = session.scalar(locking(select(PortraitRow).where(PortraitRow.document == document_id)))
        paper = session.get(DocumentRow, document_id)
        if row is None or paper is None:
            return ""
        texts, language = sentences.of_paper(session, document_id, SENTENCES).texts, language_of(paper)
        row.language, row.letters = paper.language, sum(map(len, texts))
        row.vector = portraits.portrait(texts, language) if language else ""
        return row.vector


def _likely(database: Database, document_id: str, vector: str) -> dict[str, float]:
    """The papers that may be its translation, and how alike they are."""
    likely: dict[str, float] = {}
    with database.reading() as session:
        paper = session.get(DocumentRow, document_id)
        language = language_of(paper) if paper else None
        if language is None:
            return likely
        own, other_language = sentences.of_paper(session, document_id, SENTENCES), _other(language)
        for other_id in _near(session, document_id, other_language, vector):
            other = sentences.of_paper(session, other_id, SENTENCES)
            likeness = portraits.likeness(own.texts, other.texts, language, other_language)
            if likeness >= PROPOSED:
                likely[other_id] = likeness
    return likely


def _near(session: Session, document_id: str, language: Language, vector: str) -> list[str]:
    """The papers in this language whose portraits are near: of those with the same readers, the nearest few."""
    letters = session.get_one(PortraitRow, document_id).letters
    readers = (DocumentRow.rule, DocumentRow.embargo_until, DocumentRow.expires_at)
    query = (
        select(PortraitRow.document, PortraitRow.vector, *readers)
        .join(DocumentRow, DocumentRow.id == PortraitRow.document)
        .where(PortraitRow.language == language, PortraitRow.vector != "", DocumentRow.state.in_(IN_THE_INDEX))
        .where(PortraitRow.letters.between(letters / LENGTHS, letters * LENGTHS))
    )
    by_readers: dict[tuple[object, ...], list[tuple[float, str]]] = defaultdict(list)
    for some in session.execute(query).partitions(AT_ONCE):
        for row, cosine in zip(some, portraits.cosines(vector, [row[1] for row in some]), strict=True):
            if cosine >= ALIKE:
                by_readers[tuple(row[2:])].append((cosine, row[0]))
    return [name for papers in by_readers.values() for _, name in nlargest(MOST_NEAR, papers)]


def seek_again(session: Session, document_id: str) -> None:
    """Let the pairs of a document that goes or comes back be sought anew, and those of the papers that it may pair."""
    of_it = or_(PairRow.first == document_id, PairRow.second == document_id)
    papers = {name for both in session.execute(select(PairRow.first, PairRow.second).where(of_it)) for name in both}
    again = update(PortraitRow).where(PortraitRow.document.in_(papers | {document_id}))
    session.execute(again.values(sought=False))


def _propose(session: Session, document_id: str, other_id: str, likeness: float) -> PairState | None:
    """Keep a pair that was found, unless it is there: one that somebody rejected stays so. Gives what it is now."""
    first, second = (session.get(DocumentRow, name) for name in sorted((document_id, other_id)))
    there = pair_of_papers(session, document_id, other_id)
    if there is not None or first is None or second is None:
        return None
    state: PairState = "confirmed" if likeness >= CONFIRMED and _agree(first, second) else "proposed"
    session.add(PairRow(first=first.id, second=second.id, state=state, likeness=likeness))
    session.flush()  # another worker may have been quicker: then the trail says nothing of this one
    return state


def pair_of_papers(session: Session, document_id: str, other_id: str) -> PairRow | None:
    """The pair of two papers, locked, whatever its state."""
    first, second = sorted((document_id, other_id))
    return session.scalar(locking(select(PairRow).where(PairRow.first == first, PairRow.second == second)))


def language_of(paper: DocumentRow) -> Language | None:
    """The language of a paper, None where it is not known."""
    return next((language for language in LANGUAGES if language == paper.language), None)


def _other(language: Language) -> Language:
    return "ru" if language == "en" else "en"


def _agree(first: DocumentRow, second: DocumentRow) -> bool:
    """Whether nothing that is said of both tells them apart: the report of one year is not that of another."""
    said = ((getattr(first, name), getattr(second, name)) for name in SAID_ALIKE)
    return all(one == other for one, other in said if one and other)
