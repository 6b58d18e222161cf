"""Seals documents that the database holds weaker than the audit trail tells: a restore undoes no tightening in silence.

The trail is a file of its own and outlives a database that was put back. It tells of each document the last label and
times that were given, and whether it was removed. What is weaker in the database gets the rule of SEALED, so that it is
in nobody's scope, until two people say what it is to be.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from auth import policy
from auth.audit.entries import Entry, Event
from auth.audit.trail import Trail
from auth.database import Database
from auth.labels import SEALED, Label, ReadingRule
from auth.people import OPERATOR
from auth.policy import Action
from indexer.handling.relabel import Handling, handling_as_json
from indexer.library.documents import ALWAYS, Times, times_from_words
from indexer.library.states import State
from indexer.library.tables import DocumentRow, SealedDocumentRow
from indexer.pairs import lending
from indexer.pipeline import index_sync

_LABELLING: Final = (Action.INTAKE, Action.LABEL, Action.REMOVE, "return")
_HOLDING: Final = ("hold", "release")


@dataclass(frozen=True, slots=True)
class LastEntry:
    """What the trail tells last of a document, in which entry; `removed`: that it was taken out for good."""

    document_id: str
    number: int
    handling: Handling
    removed: bool


def last_entries(trail: Trail, document_id: str = "") -> Iterator[LastEntry]:
    """Of every document, or of one, what the trail tells last of it. Raises TrailError."""
    return map(_last_entry, trail.latest(_LABELLING, document_id))


def weaker_than_trail(database: Database, trail: Trail) -> list[LastEntry]:
    """Documents that the database holds weaker than the trail tells, and that are not sealed yet, the earliest first.

    While others relabel, it may name one that is being changed at this moment. Raises TrailError, DatabaseError.
    """
    entries = list(last_entries(trail))
    with database.reading() as session:
        sealed = set(session.scalars(select(SealedDocumentRow.document)))
        columns = (DocumentRow.id, DocumentRow.rule, DocumentRow.embargo_until, DocumentRow.expires_at)
        rows = session.execute(select(*columns).where(DocumentRow.state != State.REMOVING))
        handlings = {
            document_id: _handling(session, rule, Times(embargo, expiry)) for document_id, rule, embargo, expiry in rows
        }
    return [
        entry
        for entry in entries
        if entry.document_id not in sealed
        and (handling := handlings.get(entry.document_id)) is not None
        and _is_weaker(handling, entry)
    ]


def seal(database: Database, trail: Trail) -> list[str]:
    """Seal what the database holds weaker than the trail tells; gives which. Raises TrailError, DatabaseError.

    Each is compared again once it is locked: whoever changes a document locks it before the trail is told.
    """
    candidates = weaker_than_trail(database, trail)
    return [entry.document_id for entry in candidates if _sealed(database, trail, entry.document_id)]


def hold_again(database: Database, trail: Trail) -> list[str]:
    """Put back the legal holds that the trail tells of and the database has lost; gives which documents. Raises so."""
    last = {entry.object: entry.action for entry in trail.latest(_HOLDING)}
    on_hold = [document_id for document_id, action in last.items() if action == _HOLDING[0]]
    with database.reading() as session:
        free = set(session.scalars(select(DocumentRow.id).where(DocumentRow.legal_hold.is_(False))))
    return [document_id for document_id in on_hold if document_id in free and _held(database, trail, document_id)]


def removed_documents(database: Database, trail: Trail) -> list[str]:
    """Documents that were removed, as the trail tells, and that the database has not: nothing of them may be left."""
    removed = [entry.document_id for entry in last_entries(trail) if entry.removed]
    with database.reading() as session:
        present = set(session.scalars(select(DocumentRow.id)))
    return [document_id for document_id in removed if document_id not in present]


def lost_documents(database: Database, trail: Trail, after: int) -> list[str]:
    """Documents taken in or labelled after that entry of the trail that the database has not: it is an older one."""
    taken_in = [entry.document_id for entry in last_entries(trail) if not entry.removed and entry.number > after]
    with database.reading() as session:
        present = set(session.scalars(select(DocumentRow.id)))
    return [document_id for document_id in taken_in if document_id not in present]


def _last_entry(entry: Entry) -> LastEntry:
    removed = entry.action == Action.REMOVE
    try:
        detail = json.loads(entry.detail)
        times = ALWAYS if removed else times_from_words(detail)
        rule = ReadingRule.from_text(detail["label"])
    except (ValueError, KeyError, TypeError, AttributeError):  # what cannot be read lets nobody read
        times, rule = ALWAYS, SEALED.rule
    return LastEntry(entry.object, entry.number, Handling(Label(rule, frozenset()), times), removed)


def _handling(session: Session, rule: str, times: Times) -> Handling:
    return Handling(Label(policy.rule_of(session, rule), frozenset()), times)


def _is_weaker(handling: Handling, entry: LastEntry) -> bool:
    return entry.removed or not handling.at_least_as_strict_as(entry.handling)


def _sealed(database: Database, trail: Trail, document_id: str) -> bool:
    with database.session() as session:
        row = index_sync.locked(session, document_id)
        entry = next(last_entries(trail, document_id), None)
        if row is None or entry is None or row.state is State.REMOVING:
            return False
        if session.get(SealedDocumentRow, document_id) is not None:
            return False
        handling = _handling(session, row.rule, Times(row.embargo_until, row.expires_at))
        if not _is_weaker(handling, entry):
            return False
        told = json.dumps(handling_as_json(entry.handling), ensure_ascii=False)
        session.add(
            SealedDocumentRow(
                document=row.id,
                rule=row.rule,
                sha256=row.sha256,
                entry=entry.number,
                told=told,
                removed=entry.removed,
            )
        )
        lending.withdraw(session, document_id)
        row.rule, row.sha256 = policy.keep_rule(session, SEALED.rule), f"sealed {document_id}"
        index_sync.due_now(row)
        detail: dict[str, str | int] = {"entry": entry.number, "removed": int(entry.removed)}
        detail |= {f"database_{name}": text for name, text in handling.as_words().items()}
        trail.record(Event(OPERATOR, "console", "seal", document_id, detail=detail))
    return True


def _held(database: Database, trail: Trail, document_id: str) -> bool:
    with database.session() as session:
        row = index_sync.locked(session, document_id)
        last = next(trail.latest(_HOLDING, document_id), None)
        if row is None or last is None or last.action != _HOLDING[0] or row.legal_hold:
            return False
        row.legal_hold = True
        trail.record(Event(OPERATOR, "console", "hold", document_id, detail={"entry": last.number}))
    return True
