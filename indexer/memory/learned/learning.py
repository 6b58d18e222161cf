"""What a worker does for the learned lexicon, one source after another: learns from its sentences what they teach.

A step ends in one transaction that looks first whether the sentences are still those that were read, so a crash costs a
step, and workers that meet do it twice and keep it once.
"""

from __future__ import annotations

import logging
from typing import Final

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from auth.database import Database, locking
from indexer.memory.learned.counting import VERSION, LearnedPair, learned_pairs
from indexer.memory.learned.tables import LearnedSourceRow, LearnedWordRow
from indexer.memory.tables import MemoryEntryRow

MOST_SENTENCES: Final = 5_000  # of one source

_log = logging.getLogger(__name__)


def step(database: Database) -> bool:
    """Learn from one source that changed; whether there was any. Raises DatabaseError."""
    with database.reading() as session:
        waiting = select(LearnedSourceRow).where(LearnedSourceRow.learned != VERSION)
        source = session.scalar(waiting.order_by(LearnedSourceRow.document, LearnedSourceRow.pair).limit(1))
        if source is None:
            return False
        sentences = _sentences(session, source)
    try:
        learned = learned_pairs(sentences)
    except Exception:  # a fault of ours that these texts bring out: others get their turn
        _log.exception("learning from document %s failed", source.document)
        learned = []
    _keep(database, source, learned)
    return True


def _sentences(session: Session, source: LearnedSourceRow) -> list[tuple[str, str]]:
    """The sentences of a source, English and Russian. Where both papers of a pair lend, they are taken from one."""
    of_it = MemoryEntryRow.document == source.document, MemoryEntryRow.pair == source.pair
    if source.pair:
        first = session.scalar(select(func.min(MemoryEntryRow.document)).where(MemoryEntryRow.pair == source.pair))
        if first != source.document:
            return []
    query = select(MemoryEntryRow.source, MemoryEntryRow.source_text, MemoryEntryRow.target_text).where(*of_it)
    rows = session.execute(query.order_by(MemoryEntryRow.source_digest).limit(MOST_SENTENCES))
    return [(own, other) if language == "en" else (other, own) for language, own, other in rows]


def _keep(database: Database, source: LearnedSourceRow, learned: list[LearnedPair]) -> None:
    """Keep what a source taught, if its sentences are still the same."""
    of_it = LearnedSourceRow.document == source.document, LearnedSourceRow.pair == source.pair
    with database.session() as session:
        now_there = session.scalar(locking(select(LearnedSourceRow).where(*of_it)))
        if now_there is None or now_there.state != source.state:
            return
        before = LearnedWordRow.document == source.document, LearnedWordRow.pair == source.pair
        session.execute(delete(LearnedWordRow).where(*before))
        rows = [
            {
                "document": source.document,
                "pair": source.pair,
                "english": each.english,
                "russian": each.russian,
                "english_text": each.english_text,
                "russian_text": each.russian_text,
                "times": each.times,
            }
            for each in learned
        ]
        if rows:
            session.execute(insert(LearnedWordRow), rows)
        now_there.learned = VERSION
