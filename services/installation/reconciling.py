"""Brings database, trail, files and index into line before the first answer: a backup may have put back any of them.

Nothing here weakens: what the database holds weaker than the trail is sealed first, and the index follows then.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select

from auth.audit import marks
from auth.audit.entries import Event
from auth.people import OPERATOR
from indexer.handling import sealing
from indexer.library.states import State
from indexer.library.tables import DocumentRow, SealedDocumentRow
from indexer.pipeline import index_sync
from indexer.pipeline.reindex import mend
from indexer.store.arriving import sha256_of
from indexer.store.contract import BrokenError, GoneError, StoreError
from services.components import Components

SHA256_DIGITS: Final = 64  # what stands in the place of a digest, in a document without one, is shorter

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
    _bring_store_into_line(components)
    marks.set_mark(database, trail)
    index_sync.apply_due_index_changes(database, components.engine)  # what was just sealed among them
    if differing := mend(database, components.engine):
        _log.warning("the index differed from the database in %d documents: put right", differing)


def _bring_store_into_line(components: Components) -> None:
    """Delete what was removed and is back, and pictures of no document; where the store is down, another time."""
    store = components.store
    try:
        originals, drawn = store.names(), store.pictures.documents()
        removed = set(sealing.removed_documents(components.database, components.trail))
        for document_id in originals & removed:
            _log.warning("the original of document %s, which was removed, was back: deleted", document_id)
            store.remove(document_id)
        with components.database.reading() as session:
            drawn -= set(session.scalars(select(DocumentRow.id)))
        for document_id in drawn:
            store.pictures.remove(document_id)
    except StoreError as error:
        _log.error("the store could not be compared with the database: %s", error.operator_answer)


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


def damaged_originals(components: Components) -> list[str]:
    """Documents whose originals are not what was taken in, each read as a whole. Raises StoreError."""
    with components.database.reading() as session:
        rows = session.execute(select(DocumentRow.id, DocumentRow.sha256).order_by(DocumentRow.id)).all()
    return [row.id for row in rows if len(row.sha256) == SHA256_DIGITS and _is_damaged(components, row.id, row.sha256)]


def _is_damaged(components: Components, document_id: str, sha256: str) -> bool:
    try:
        with components.store.open(document_id) as file:
            return sha256_of(file) != sha256
    except GoneError:  # which is told apart
        return False
    except BrokenError:
        return True
