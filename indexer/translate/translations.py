"""Gives each sentence of a document its translation: out of the memory, else by a model. Refuses to call a doubt good.

What the memory holds is what the same model made of the same sentence elsewhere, and it is used only where everyone
who may read this document may read that one too.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import case, delete, func, insert, select
from sqlalchemy.orm import Session

from auth.database import now
from auth.labels import dominates
from indexer.checks.translation_checks import issues
from indexer.library import documents
from indexer.library.states import State
from indexer.library.tables import DocumentRow, SegmentRow, TranslationRow
from indexer.text import OTHER
from indexer.translate.contract import Model, Translator
from indexer.translate.packages import Packages

Progress = Callable[[int, int], None]  # sentences done, sentences in all

_AT_ONCE: Final = 500  # digests in one question to the database


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence to be translated."""

    ordinal: int
    text: str

    @property
    def digest(self) -> str:
        """SHA-256 of the text: what the memory knows it by."""
        return digest_of(self.text)


@dataclass(frozen=True, slots=True)
class Work:
    """What is to be translated of a document, and what the memory gives for it, by digest of the source."""

    source: str
    target: str
    sentences: tuple[Sentence, ...]
    remembered: Mapping[str, str]


def digest_of(text: str) -> str:
    """SHA-256 of a text."""
    return hashlib.sha256(text.encode()).hexdigest()


def work_on(session: Session, row: DocumentRow, model: Model) -> Work:
    """The sentences of a document in its own language, and what the memory has of them."""
    query = select(SegmentRow.ordinal, SegmentRow.text).where(
        SegmentRow.document == row.id, SegmentRow.language == row.language
    )
    sentences = tuple(Sentence(ordinal, text) for ordinal, text in session.execute(query.order_by(SegmentRow.ordinal)))
    wanted = sorted({sentence.digest for sentence in sentences})
    return Work(row.language, OTHER[row.language], sentences, _remembered(session, row, model, wanted))


def _remembered(session: Session, row: DocumentRow, model: Model, wanted: Sequence[str]) -> dict[str, str]:
    own = documents.label_of(session, row)
    found: dict[str, str] = {}
    for some in _pieces(wanted):
        query = (
            select(TranslationRow.source_digest, TranslationRow.text, DocumentRow)
            .join(DocumentRow, DocumentRow.id == TranslationRow.document)
            .where(TranslationRow.source_digest.in_(some), TranslationRow.model == model.digest)
            .where(documents.are_published(now()), DocumentRow.state != State.REMOVING)
        )
        for digest, text, where in session.execute(query):
            if digest not in found and dominates(own, documents.label_of(session, where)):
                found[digest] = text
    return found


def _pieces(items: Sequence[str]) -> Iterator[Sequence[str]]:
    return (items[at : at + _AT_ONCE] for at in range(0, len(items), _AT_ONCE))


def translated(work: Work, translator: Translator, progress: Progress) -> dict[int, str]:
    """The translation of each sentence, by ordinal. Raises TranslationError."""
    texts = {sentence.digest: sentence.text for sentence in work.sentences if sentence.digest not in work.remembered}
    made = dict(zip(texts, translator.translate(list(texts.values()), progress), strict=True))
    known = {**work.remembered, **made}
    return {sentence.ordinal: known[sentence.digest] for sentence in work.sentences}


def keep(session: Session, row: DocumentRow, model: Model, work: Work, texts: Mapping[int, str]) -> None:
    """Keep the translations of a document in place of any before, each with its doubt."""
    session.execute(delete(TranslationRow).where(TranslationRow.document == row.id))
    rows = [
        {
            "document": row.id,
            "ordinal": sentence.ordinal,
            "text": texts[sentence.ordinal],
            "origin": "machine",
            "engine": model.name,
            "model": model.digest,
            "source_digest": sentence.digest,
            "doubt": issues(sentence.text, texts[sentence.ordinal], work.source, work.target) or "",
        }
        for sentence in work.sentences
    ]
    if rows:
        session.execute(insert(TranslationRow), rows)


@dataclass(frozen=True, slots=True)
class TranslationStanding:
    """How the translation of a document stands: `reason` says why there is none, else by what it was made."""

    reason: str = ""
    engine: str = ""
    sentences: int = 0
    doubtful: int = 0


def standing(session: Session, row: DocumentRow, packages: Packages) -> TranslationStanding | None:
    """How the translation of a document stands; None before it is searchable in its own language."""
    if row.state is State.INDEXED:
        failed = row.code == "translation_failed"
        model = packages.for_document(row.language, OTHER[row.language], row.sha256)
        return TranslationStanding("failed" if failed else "waiting" if model else "no_model")
    if row.state not in (State.TRANSLATING, State.TRANSLATED):
        return None
    doubtful = func.sum(case((TranslationRow.doubt != "", 1), else_=0))
    of_document = TranslationRow.document == row.id
    engine, sentences, doubted = session.execute(
        select(func.max(TranslationRow.engine), func.count(), doubtful).where(of_document)
    ).one()
    return TranslationStanding("", engine or "", sentences, doubted or 0)
