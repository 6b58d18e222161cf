"""Lets the sentences of one paper of a pair stand in the other as its human translation, and in the memory.

Refuses it unless everyone who may ever read the borrower may then read the lender, and takes all of it back in the
transaction in which that, or the pair, or either paper's text comes to an end, or people exclude the pair.

What is lent has the versions 0 and below: whatever a person writes here outranks it. Several pairs of a paper lend side
by side, so that the end of one changes nothing of what another lends.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import delete, func, insert, or_, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from auth.database import Database, locking, now
from auth.labels import dominates
from indexer.library import documents
from indexer.library.states import SEARCHABLE
from indexer.library.tables import DocumentRow, SegmentRow, TranslationRow
from indexer.memory import entries
from indexer.memory.entries import TranslatedSentence
from indexer.pairs import beads
from indexer.pairs.align.alignment import Bead
from indexer.pairs.aligning import locked
from indexer.pairs.tables import LENDER, AlignmentRow, Lending, PairRow, PortraitRow
from indexer.text import OTHER, digest_of

SURE: Final = 0.5  # confidence of a bead from which it is lent
_NEVER: Final = datetime.min.replace(tzinfo=UTC)
_FOREVER: Final = datetime.max.replace(tzinfo=UTC)


def withdraw(session: Session, document_id: str) -> None:
    """Take back all that a locked document lends and borrows: what it may lend from now on, a worker lends anew."""
    of_it = or_(PairRow.first == document_id, PairRow.second == document_id)
    for pair in session.scalars(locking(select(PairRow).where(of_it).order_by(PairRow.id))).all():
        take_back(session, pair)


def text_changed(session: Session, document_id: str) -> None:
    """A document has another text: what was made of the one before is taken back, and a worker begins again."""
    withdraw(session, document_id)
    of_it = or_(PairRow.first == document_id, PairRow.second == document_id)
    session.execute(update(PairRow).where(of_it).values(aligned=False))
    session.merge(PortraitRow(document=document_id, language="", vector="", letters=0, sought=False))


def take_back(session: Session, pair: PairRow) -> None:
    """Take back what the papers of a locked pair lend each other."""
    for document_id in (pair.first, pair.second):
        lent = delete(TranslationRow).where(
            TranslationRow.document == document_id,
            TranslationRow.origin == "human",
            TranslationRow.engine == LENDER,
            TranslationRow.model == pair.id,
        )
        result = session.execute(lent)
        if isinstance(result, CursorResult) and result.rowcount:
            _tell_anew(session, document_id)
    entries.forget_pair(session, pair.id)
    pair.lent = False


def set_lending(session: Session, pair: PairRow, lending: Lending) -> None:
    """Say what a locked pair lends from now on: what it lends no more is gone at once, what it lends a worker lends."""
    if pair.lending != lending and "excluded" in (pair.lending, lending):
        take_back(session, pair)
    entries.prefer_pair(session, pair.id, lending == "preferred")
    pair.lending = lending


def lend_pair(database: Database, pair_id: str) -> None:
    """Let the papers of a confirmed, aligned pair lend each other what they may."""
    with database.session() as session:
        pair = locked(session, pair_id)
        if pair is None or pair.state != "confirmed":
            return
        first, second = (session.get_one(DocumentRow, name) for name in (pair.first, pair.second))
        alignment = session.get(AlignmentRow, pair_id)
        if alignment is None or first.state not in SEARCHABLE or second.state not in SEARCHABLE:
            return
        take_back(session, pair)
        pair.lent = True
        if pair.lending == "excluded":
            return
        kept = beads.from_text(alignment.beads)
        if may_borrow(session, first, second):
            _borrow(session, pair, first, second, kept)
        if may_borrow(session, second, first):
            _borrow(session, pair, second, first, [replace(b, first=b.second, second=b.first) for b in kept])


def may_borrow(session: Session, borrower: DocumentRow, lender: DocumentRow) -> bool:
    """Whether everyone who may read the borrower at any moment may read the lender then."""
    return (
        dominates(documents.label_of(session, borrower), documents.label_of(session, lender))
        and (borrower.embargo_until or _NEVER) >= (lender.embargo_until or _NEVER)
        and (borrower.expires_at or _FOREVER) <= (lender.expires_at or _FOREVER)
    )


def _borrow(session: Session, pair: PairRow, borrower: DocumentRow, lender: DocumentRow, kept: list[Bead]) -> None:
    loans = {digest_of(loan.source_text): loan for loan in _loans(session, borrower, lender, kept)}
    of_people = TranslationRow.document == borrower.id, TranslationRow.origin == "human"
    query = select(TranslationRow.source_digest, func.min(TranslationRow.version)).where(*of_people)
    lowest = {row[0]: row[1] for row in session.execute(query.group_by(TranslationRow.source_digest))}
    about = {"document": borrower.id, "origin": "human", "engine": LENDER, "model": pair.id, "lender_rule": lender.rule}
    rows = [
        {
            **about,
            "source_digest": digest,
            "source": loan.source,
            "target": OTHER[loan.source],
            "version": min(lowest.get(digest, 1), 1) - 1,
            "text": loan.target_text,
        }
        for digest, loan in loans.items()
    ]
    if rows:
        session.execute(insert(TranslationRow), rows)
        entries.remember_of_pair(session, borrower.id, pair.id, loans.values(), pair.lending == "preferred")
        _tell_anew(session, borrower.id)


def _loans(
    session: Session, borrower: DocumentRow, lender: DocumentRow, kept: list[Bead]
) -> Iterator[TranslatedSentence]:
    """What is lent: to each sentence alone in its bead, all that the other paper has there."""
    ours, theirs = _sentences(session, borrower), _sentences(session, lender)
    for bead in reversed(kept):  # of equal sentences the first counts
        if len(bead.first) != 1 or not bead.second or not (bead.by or bead.confidence >= SURE):
            continue
        own, parts = ours.get(bead.first[0]), [theirs[at] for at in bead.second if at in theirs]
        if own is not None and len(parts) == len(bead.second) and own[0] == borrower.language:
            yield TranslatedSentence(own[0], own[1], " ".join(text for _, text in parts))


def _sentences(session: Session, row: DocumentRow) -> dict[int, tuple[str, str]]:
    """Language and text of each sentence, by ordinal."""
    query = select(SegmentRow.ordinal, SegmentRow.language, SegmentRow.text)
    rows = session.execute(query.where(SegmentRow.document == row.id, ~SegmentRow.furniture))
    return {ordinal: (language, text) for ordinal, language, text in rows}


def _tell_anew(session: Session, document_id: str) -> None:
    """Say that what the index was told of a document is not so any more: at once, and by a newer write."""
    told = update(DocumentRow).where(DocumentRow.id == document_id, DocumentRow.planned_rule != "")
    session.execute(told.values(version=DocumentRow.version + 1, planned_rule="", due_at=now()))
