"""Makes the index anew from the database while searching goes on. Refuses to let one answer that differs from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from sqlalchemy import select

from auth.database import Database, locking, now
from auth.policy import Scope
from indexer.engine.contract import Engine, EngineError, Holding, Record
from indexer.library.documents import are_published
from indexer.library.states import IN_THE_INDEX, SEARCHABLE, State
from indexer.library.tables import DocumentRow, RemovedDocumentRow
from indexer.pipeline import index_sync
from indexer.pipeline.index_record import record_of
from indexer.pipeline.index_sync import NEVER_KNOWN

ROUNDS: Final = 5  # of comparing, while documents come and go
MOST_MENDED: Final = 50  # documents that a search puts right before it is answered
_NOTHING: Final = Holding("", 0, 0)
REMOVED: Final = 1_000  # documents that are removed at once
CONFIRMED: Final = 200  # documents that are confirmed at once

Progress = Callable[[int, int], None]  # documents done, documents in all


def reindex(database: Database, engine: Engine, progress: Progress) -> None:
    """Bring the index to what the database says. Safe to interrupt and to repeat. Raises EngineError."""
    with engine.renewal() as renewed:
        documents = _documents(database)
        done = 0
        for some in index_sync.batches(documents):
            progress(done, len(documents))
            _write(database, renewed, some)
            done += len(some)
        _keep_out_removed(database, renewed)
        _settle(database, renewed)
        progress(len(documents), len(documents))
    _confirm(database, engine.holdings())


def mend(database: Database, engine: Engine) -> int:
    """Put right what somebody changed in the index behind our back; how many documents it was. Raises EngineError."""
    differences = _differences(database, engine)
    _put_right(database, engine, differences)
    if differences:
        _put_right(database, engine, _differences(database, engine), again=True)
    return len(differences)


def mend_inside(database: Database, engine: Engine, scope: Scope) -> None:
    """As `mend`, of what touches a scope, where that is so little that somebody can wait for it. Raises EngineError."""
    for again in (False, True):
        differences = [each for each in _differences(database, engine) if any(map(scope.covers, each.rules))]
        if len(differences) <= MOST_MENDED:
            _put_right(database, engine, differences, again)


def _put_right(database: Database, engine: Engine, differences: Sequence[IndexDifference], again: bool = False) -> None:
    """Write these documents anew. `again`: they were written already, and the index knows higher versions of them."""
    for difference in differences:
        lost = again and difference.held == _NOTHING
        index_sync.outrank(database, difference.document_id, NEVER_KNOWN if lost else difference.held.version)
        index_sync.note_held(database, difference.document_id, difference.held.rule)
    index_sync.sync_documents(database, engine, [difference.document_id for difference in differences])


@dataclass(frozen=True, slots=True)
class IndexDifference:
    """A document of which the index holds something else than the database says, and the rules that this touches."""

    document_id: str
    rules: tuple[str, ...]
    held: Holding


def _differences(database: Database, engine: Engine) -> list[IndexDifference]:
    """What the index holds otherwise than the database says that it does, or must; what is due is left out."""
    at = now()
    holdings = dict(engine.holdings())
    differences = []
    with database.reading() as session:
        for row in session.scalars(select(DocumentRow)):
            held = holdings.pop(row.id, _NOTHING)
            if row.state == State.EXTRACTED or (row.due_at is not None and row.due_at <= at):
                continue
            rules = (row.indexed_rule, index_sync.wanted_rule(row), held.rule)
            if len(set(rules)) > 1 or (held.rule and held.stamp != row.stamp):
                differences.append(IndexDifference(row.id, rules, held))
    return differences + [IndexDifference(name, (held.rule,), held) for name, held in sorted(holdings.items())]


def searchable(database: Database) -> dict[str, str]:
    """The rule of every document that must be in the index now."""
    with database.reading() as session:
        query = select(DocumentRow.id, DocumentRow.rule).where(DocumentRow.state.in_(SEARCHABLE))
        rows = session.execute(query.where(are_published(now())))
        return {row[0]: row[1] for row in rows}


def _settle(database: Database, renewed: Engine) -> None:
    """Put and remove what differs from the database until nothing does."""
    for number in range(ROUNDS):
        differing = _differing(database, renewed, again=number > 0)
        if not differing:
            return
        _write(database, renewed, differing)
    raise EngineError("The index still differs from the database. Run `tolmach engine reindex` again.")


def _differing(database: Database, engine: Engine, again: bool = False) -> list[str]:
    """Documents that the index must hold and does not, or under another rule; and those that it must not hold.

    The next write of each passes whatever version the index has of it. `again`: what it still lacks was written
    already; it was removed from it when the database was a newer one, or one that did not know of it yet.
    """
    expected, holdings = searchable(database), engine.holdings()
    lacking = [name for name, rule in expected.items() if name not in holdings or holdings[name].rule != rule]
    differing = lacking + sorted(set(holdings) - _perhaps_indexed(database))
    for document_id in differing:
        if document_id in holdings:
            index_sync.outrank(database, document_id, holdings[document_id].version)
        elif again:
            index_sync.outrank(database, document_id, NEVER_KNOWN)
    return differing


def _write(database: Database, engine: Engine, document_ids: Sequence[str]) -> None:
    """Write documents as they are now; of one that changes meanwhile, whoever changes it writes a newer version."""
    records, removals = _planned(database, engine, document_ids)
    engine.put(records)
    engine.remove(removals)


def _planned(database: Database, engine: Engine, document_ids: Sequence[str]) -> tuple[list[Record], dict[str, int]]:
    """The records to put, and the versions to remove."""
    query = select(DocumentRow).where(DocumentRow.id.in_(document_ids)).order_by(DocumentRow.id)
    with database.session() as session:
        rows = session.scalars(locking(query.where(DocumentRow.state != State.EXTRACTED))).all()
        plans = {row.id: (index_sync.plan(row, engine.stamp_key), row.version) for row in rows}
        in_progress = select(DocumentRow.id).where(DocumentRow.id.in_(document_ids))
        absent = set(document_ids) - set(session.scalars(in_progress))
        removals = {document_id: index_sync.removed_version(session, document_id) for document_id in absent}
    removals |= {document_id: version for document_id, (rule, version) in plans.items() if not rule}
    with database.reading() as session:
        rows = session.scalars(query).all()
        return [record_of(session, row) for row in rows if plans.get(row.id) == (row.rule, row.version)], removals


def _keep_out_removed(database: Database, engine: Engine) -> None:
    """Let the index know which version of each removed document it must not take again."""
    with database.reading() as session:
        versions = {row.id: row.version for row in session.scalars(select(RemovedDocumentRow))}
    names = iter(versions)
    while some := list(islice(names, REMOVED)):
        engine.remove({document_id: versions[document_id] for document_id in some})


def _confirm(database: Database, holdings: Mapping[str, Holding]) -> None:
    """Say in the database which due changes the index holds by now."""
    query = select(DocumentRow.id).where(DocumentRow.due_at <= now(), DocumentRow.state != State.EXTRACTED)
    with database.reading() as session:
        due = iter(session.scalars(query.order_by(DocumentRow.id)).all())
    while some := list(islice(due, CONFIRMED)):
        with database.session() as session:
            rows = select(DocumentRow).where(DocumentRow.id.in_(some)).order_by(DocumentRow.id)
            for row in session.scalars(locking(rows)):
                holding = holdings.get(row.id, Holding("", row.version, 0))
                index_sync.confirm(row, holding.version, holding.rule)


def _documents(database: Database) -> dict[str, int]:
    """The pages of every document, in order."""
    with database.reading() as session:
        rows = session.execute(select(DocumentRow.id, DocumentRow.pages).order_by(DocumentRow.id))
        return {row[0]: row[1] for row in rows}


def _perhaps_indexed(database: Database) -> set[str]:
    """What may be in the index now: what a worker may have put there meanwhile included."""
    with database.reading() as session:
        query = select(DocumentRow.id).where(DocumentRow.state.in_(IN_THE_INDEX))
        return set(session.scalars(query.where(are_published(now()))))
