"""Brings database, trail, files and index into line before the first answer: a backup may have put back any of them.

Nothing here weakens: what the database holds weaker than the trail is sealed first, and the index follows then.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

from sqlalchemy import select

from auth.audit import marks
from auth.audit.entries import Event
from auth.people import OPERATOR
from indexer.handling import sealing
from indexer.library.states import State
from indexer.library.tables import DocumentRow, SealedDocumentRow
from indexer.pipeline import index_sync
from indexer.pipeline.reindex import mend
from services.components import Components

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class FileDifferences:
    """Documents of the database whose originals are gone, and originals of no document in the database."""

    gone: frozenset[str]
    extra: frozenset[str]


def reconcile(components: Components) -> None:
    """Compare all parts, and seal or put right what differs. Raises TrailError, DatabaseError, EngineError.

    When it raises EngineError, all but the index is done.
    """
    database, trail = components.database, components.trail
    older = marks.lacking(database, trail)
    if older:
        _log.critical(
            "the trail lacks entry %d, which the database has seen: it is an older one, or was changed", older
        )
        trail.record(Event(OPERATOR, "console", "older_trail", decision="refused", detail={"entry": older}))
    lost = sealing.lost_documents(database, trail, marks.number(database))
    if lost and not older:
        _log.critical("%d documents that the trail tells of are not in the database: it is an older one", len(lost))
        trail.record(Event(OPERATOR, "console", "older_database", decision="refused", detail={"lost": len(lost)}))
    for document_id in sealing.seal(database, trail):
        _log.critical("document %s was weaker in the database than in the trail: sealed", document_id)
    for document_id in sealing.hold_again(database, trail):
        _log.warning("document %s is on legal hold again, as the trail tells", document_id)
    present = components.store.names()
    for document_id in sealing.removed_documents(database, trail):
        if document_id in present:
            _log.warning("the original of document %s, which was removed, was back: deleted", document_id)
            components.store.remove(document_id)
    marks.set_mark(database, trail)
    index_sync.apply_due_index_changes(database, components.engine)  # what was just sealed among them
    if differing := mend(database, components.engine):
        _log.warning("the index differed from the database in %d documents: put right", differing)


def sealed_count(components: Components) -> int:
    """How many documents are sealed until two people decide."""
    with components.database.reading() as session:
        return len(session.scalars(select(SealedDocumentRow.document)).all())


def file_differences(components: Components) -> FileDifferences:
    """Compare the originals with the database. A file that was not taken in whole has none."""
    with components.database.reading() as session:
        rows = session.execute(select(DocumentRow.id, DocumentRow.sha256, DocumentRow.state)).all()
    present = components.store.names()
    expected = {row.id for row in rows if row.state is not State.REMOVING and not row.sha256.startswith("unread ")}
    return FileDifferences(frozenset(expected - present), frozenset(present - {row.id for row in rows}))
