"""Keeps in the memory what people translated. It stays as long as its document, and is read with it.

An entry lies beside its document's row and goes with it; while the document is hidden from somebody, so is the entry,
since every reading joins both: see matches.py. What came out of the other paper of a pair lies beside the paper that
borrows it, so it is offered only to readers who may all read both, and goes when the pair lends no more.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import delete, insert, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from indexer.memory.keys import keys_of
from indexer.memory.learned import tables as learned
from indexer.memory.tables import MemoryEntryRow, MemoryKeyRow
from indexer.text import OTHER, TranslationOrigin, digest_of


class TranslatedSentence(NamedTuple):
    """A sentence in the language `source`, and what people made of it in the other."""

    source: str
    source_text: str
    target_text: str


def remember(
    session: Session, document_id: str, source: str, source_text: str, target_text: str, origin: TranslationOrigin
) -> None:
    """Keep what a person made of a sentence of a document, in place of what was kept of it before.

    `source` is the language of the sentence. To be called in the transaction that shows the text to readers.
    """
    forget(session, document_id, source, source_text)
    _keep(session, document_id, [TranslatedSentence(source, source_text, target_text)], origin, "")


def remember_of_pair(
    session: Session, document_id: str, pair_id: str, sentences: Iterable[TranslatedSentence], preferred: bool
) -> None:
    """Keep what the other paper of a locked pair says, of which nothing is kept yet: each sentence once."""
    _keep(session, document_id, list(sentences), "human", pair_id, preferred)


def forget(session: Session, document_id: str, source: str, source_text: str) -> None:
    """Drop what was kept of a sentence of a document, if there is anything, but for what pairs lend."""
    of_it = (MemoryEntryRow.document == document_id, MemoryEntryRow.source == source, MemoryEntryRow.pair == "")
    dropped = delete(MemoryEntryRow).where(*of_it, MemoryEntryRow.source_digest == digest_of(source_text))
    result = session.execute(dropped)
    if isinstance(result, CursorResult) and result.rowcount:
        learned.unlearn(session, document_id, "")


def forget_pair(session: Session, pair_id: str) -> None:
    """Drop what was kept of a pair."""
    learned.unlearn_pair(session, pair_id)
    session.execute(delete(MemoryEntryRow).where(MemoryEntryRow.pair == pair_id))


def prefer_pair(session: Session, pair_id: str, preferred: bool) -> None:
    """Offer what is kept of a locked pair before others that are as alike, or no more."""
    session.execute(update(MemoryEntryRow).where(MemoryEntryRow.pair == pair_id).values(preferred=preferred))


def _keep(
    session: Session,
    document_id: str,
    sentences: list[TranslatedSentence],
    origin: TranslationOrigin,
    pair_id: str,
    preferred: bool = False,
) -> None:
    entries = [
        MemoryEntryRow(
            document=document_id,
            source_digest=digest_of(each.source_text),
            source=each.source,
            target=OTHER[each.source],
            target_digest=digest_of(each.target_text),
            source_text=each.source_text,
            target_text=each.target_text,
            origin=origin,
            pair=pair_id,
            preferred=preferred,
        )
        for each in sentences
    ]
    session.add_all(entries)
    learned.learn_anew(session, document_id, pair_id)
    session.flush()
    keys = [{"key": key, "entry": entry.id} for entry in entries for key in _keys(entry)]
    if keys:
        session.execute(insert(MemoryKeyRow), keys)


def _keys(entry: MemoryEntryRow) -> list[int]:
    """The keys of both sides, ascending."""
    return sorted({*keys_of(entry.source_text, entry.source), *keys_of(entry.target_text, entry.target)})
