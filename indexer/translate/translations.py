"""Gives each sentence of a document its translation: out of the memory, else by a model. Refuses to call a doubt good.

What the memory holds is what the same model made of the same sentence elsewhere, and it is used only where everyone
who may read this document may read that one too. A document that others come to read borrows anew. What people have
translated stands beside it, and is never touched here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import and_, case, delete, exists, func, insert, select
from sqlalchemy.orm import Session, aliased

from auth import policy
from auth.database import now
from auth.labels import Label, dominates
from indexer.checks.translation_checks import issues
from indexer.library import documents
from indexer.library.states import State
from indexer.library.tables import DocumentRow, SegmentRow, TranslationRow
from indexer.text import OTHER
from indexer.translate.contract import Model, Provenance, Translator
from indexer.translate.packages import Packages

Progress = Callable[[int, int], None]  # sentences done, sentences in all

_AT_ONCE: Final = 500  # digests in one question to the database


@dataclass(frozen=True, slots=True)
class RememberedText:
    """What the memory lends, and the digest of its lender's reading rule, or "" for a document's own."""

    text: str
    lender_rule: str


@dataclass(frozen=True, slots=True)
class Work:
    """What is to be translated of a document, and what the memory gives for it: both by digest of the source.

    `rule` is the digest of the document's reading rule, by which the memory lent.
    """

    rule: str
    source: str
    target: str
    sentences: Mapping[str, str]
    remembered: Mapping[str, RememberedText]


def work_on(session: Session, row: DocumentRow, model: Model) -> Work:
    """The sentences of a document in its own language, and what the memory has of them."""
    query = select(SegmentRow.digest, SegmentRow.text).where(
        SegmentRow.document == row.id, SegmentRow.language == row.language
    )
    sentences = {pair[0]: pair[1] for pair in session.execute(query.order_by(SegmentRow.ordinal))}
    remembered = _remembered(session, row, model, sorted(sentences))
    return Work(row.rule, row.language, OTHER[row.language], sentences, remembered)


def _remembered(session: Session, row: DocumentRow, model: Model, digests: Sequence[str]) -> dict[str, RememberedText]:
    own = documents.label_of(session, row)
    remembered: dict[str, RememberedText] = {}
    for batch in _pieces(digests):
        query = (
            select(TranslationRow.source_digest, TranslationRow.text, TranslationRow.lender_rule, DocumentRow)
            .join(DocumentRow, DocumentRow.id == TranslationRow.document)
            .where(TranslationRow.source_digest.in_(batch), TranslationRow.model == model.digest)
            .where(TranslationRow.origin == "machine", TranslationRow.source == row.language)
            .where(documents.are_published(now()), DocumentRow.state != State.REMOVING)
        )
        for digest, text, lender_rule, lender in session.execute(query):
            if digest not in remembered and _may_borrow(session, own, lender, lender_rule):
                remembered[digest] = RememberedText(text, lender_rule if lender.id == row.id else lender.rule)
    return remembered


def _may_borrow(session: Session, own: Label, lender: DocumentRow, lender_rule: str) -> bool:
    """Whether everyone who may read `own` may read the lender, and the document that the lender borrowed from."""
    first = Label(policy.rule_of(session, lender_rule), frozenset()) if lender_rule else None
    return dominates(own, documents.label_of(session, lender)) and (first is None or dominates(own, first))


def _pieces(items: Sequence[str]) -> Iterator[Sequence[str]]:
    return (items[at : at + _AT_ONCE] for at in range(0, len(items), _AT_ONCE))


def translated(work: Work, translator: Translator, progress: Progress) -> dict[str, str]:
    """The translation of each sentence, by digest of the source. Raises TranslationError."""
    texts = {digest: text for digest, text in work.sentences.items() if digest not in work.remembered}
    fresh = dict(zip(texts, translator.translate(list(texts.values()), progress), strict=True))
    return {digest: fresh[digest] if digest in fresh else work.remembered[digest].text for digest in work.sentences}


def keep(session: Session, row: DocumentRow, provenance: Provenance, work: Work, texts: Mapping[str, str]) -> None:
    """Keep a machine's translations of a document in place of any before, each with its doubt. People's stay."""
    _drop_machines(session, row)
    rows = [
        {
            "document": row.id,
            "source_digest": digest,
            "source": work.source,
            "target": work.target,
            "origin": "machine",
            "version": 1,
            "text": texts[digest],
            "engine": provenance.engine,
            "model": provenance.model,
            "settings": provenance.settings,
            "doubt": issues(text, texts[digest], work.source, work.target) or "",
            "lender_rule": work.remembered[digest].lender_rule if digest in work.remembered else "",
        }
        for digest, text in work.sentences.items()
    ]
    if rows:
        session.execute(insert(TranslationRow), rows)


def translate_anew(session: Session, row: DocumentRow) -> None:
    """Drop what machines made of a document, and have it translated again; people's translations stay.

    All of it, and whether or not some was borrowed: what stays of a part, and for how long, would tell readers that
    the rest was borrowed from a document which they may not read.
    """
    _drop_machines(session, row)
    row.models_tried = ""
    if row.state in (State.TRANSLATING, State.TRANSLATED):
        row.state = State.INDEXED


def _drop_machines(session: Session, row: DocumentRow) -> None:
    of_machines = (TranslationRow.document == row.id, TranslationRow.origin == "machine")
    session.execute(delete(TranslationRow).where(*of_machines))


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
        if row.language not in OTHER:
            return TranslationStanding("language")
        failed = row.code == "translation_failed"
        model = packages.for_document(row.language, OTHER[row.language], row.sha256)
        return TranslationStanding("failed" if failed else "waiting" if model else "no_model")
    if row.state not in (State.TRANSLATING, State.TRANSLATED):
        return None
    return _counted(session, row)


def _counted(session: Session, row: DocumentRow) -> TranslationStanding:
    """The sentences of a document that have a translation, and those of which a doubtful one is shown."""
    better = aliased(TranslationRow)
    outranked = exists().where(
        better.document == TranslationRow.document,
        better.source_digest == TranslationRow.source_digest,
        better.source == TranslationRow.source,
        better.origin != "machine",
    )
    doubtful = case((and_(TranslationRow.doubt != "", ~outranked), SegmentRow.ordinal))
    counts = (func.count(SegmentRow.ordinal.distinct()), func.count(doubtful.distinct()))
    query = select(func.max(TranslationRow.engine), *counts).where(SegmentRow.document == row.id)
    engine, sentences, doubted = session.execute(
        query.join_from(SegmentRow, TranslationRow, documents.OF_SEGMENT)
    ).one()
    return TranslationStanding("", engine or "", sentences, doubted)


def amounts(session: Session) -> dict[str, int]:
    """How many sentences each model has translated that are kept still, by its digest: for the operator."""
    of_machines = select(TranslationRow.model, func.count()).where(TranslationRow.origin == "machine")
    rows = session.execute(of_machines.group_by(TranslationRow.model))
    return {row[0]: row[1] for row in rows}
