"""Keeps a person's own searches, sealed as their second factor is. Gives them to that person alone."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from auth.database import locking, new_id, now
from auth.errors import ErrorKind, TolmachError
from auth.signin import vault
from auth.tables import PersonRow
from indexer.library.tables import SavedSearchRow

MOST: Final = 200  # of one person


class TooManySearchesError(TolmachError):
    """The person keeps as many searches as anybody may."""

    kind = ErrorKind.CONFLICT
    code = "too_many_searches"

    def __init__(self) -> None:
        super().__init__("You keep {most} searches already. Delete one that you do not need.", most=MOST)


class NoSearchError(TolmachError):
    """The person keeps no search of that identifier, whoever else does."""

    kind = ErrorKind.ABSENT
    code = "no_search"
    sentence = "You keep no such search."


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """A search by the name that its person gave it; `asked` is what a search takes, as JSON has it.

    One that does not open, because the key is another or it was changed, has neither: it can only be deleted.
    `seen`: the papers that its person has seen, as news.py names them, at `looked_at`; None where they never looked.
    """

    search_id: str
    saved_at: datetime
    name: str
    asked: dict[str, Any]
    looked_at: datetime | None = None
    seen: frozenset[str] | None = None


def of_person(session: Session, person_id: str) -> list[SavedSearch]:
    """A person's searches, the latest first."""
    query = select(SavedSearchRow).where(SavedSearchRow.person == person_id)
    rows = session.scalars(query.order_by(SavedSearchRow.saved_at.desc(), SavedSearchRow.id))
    return [_opened(session, row) for row in rows]


def save(session: Session, person_id: str, name: str, asked: dict[str, Any]) -> SavedSearch:
    """Keep a search. Raises TooManySearchesError, VaultError."""
    session.scalars(locking(select(PersonRow).where(PersonRow.id == person_id))).one()  # two at once are counted
    kept = select(func.count()).select_from(SavedSearchRow).where(SavedSearchRow.person == person_id)
    if (session.scalar(kept) or 0) >= MOST:
        raise TooManySearchesError
    search_id = new_id()
    words = json.dumps({"name": name, "asked": asked}, ensure_ascii=False)
    sealed = vault.seal(session, words, _of_search(search_id, person_id))
    row = SavedSearchRow(id=search_id, person=person_id, saved_at=now(), sealed=sealed)
    session.add(row)
    session.flush()
    return _opened(session, row)


def look(session: Session, person_id: str, search_id: str, seen: frozenset[str]) -> SavedSearch:
    """Keep what the person has seen of a search, instead of what was kept before. Raises NoSearchError, VaultError."""
    row = _row(session, person_id, search_id)
    row.looked_at = now()
    row.seen = vault.seal(session, json.dumps(sorted(seen)), _of_seen(row.id, person_id))
    session.flush()
    return _opened(session, row)


def of_search(session: Session, person_id: str, search_id: str) -> SavedSearch:
    """A search of this person. Raises NoSearchError."""
    return _opened(session, _row(session, person_id, search_id))


def forget(session: Session, person_id: str, search_id: str) -> None:
    """Delete a search of this person. Raises NoSearchError."""
    session.delete(_row(session, person_id, search_id))


def _row(session: Session, person_id: str, search_id: str) -> SavedSearchRow:
    query = select(SavedSearchRow).where(SavedSearchRow.id == search_id, SavedSearchRow.person == person_id)
    row = session.scalars(locking(query)).one_or_none()
    if row is None:
        raise NoSearchError
    return row


def _opened(session: Session, row: SavedSearchRow) -> SavedSearch:
    try:
        words = json.loads(vault.unseal(session, row.sealed, _of_search(row.id, row.person)))
    except vault.VaultError:
        words = {"name": "", "asked": {}}
    return SavedSearch(row.id, row.saved_at, words["name"], words["asked"], row.looked_at, _seen(session, row))


def _seen(session: Session, row: SavedSearchRow) -> frozenset[str] | None:
    """What was seen; None also where that does not open: then all that is found is looked at anew."""
    try:
        opened = vault.unseal(session, row.seen, _of_seen(row.id, row.person))
    except vault.VaultError:
        return None
    return frozenset(json.loads(opened)) if opened else None


def _of_seen(search_id: str, person_id: str) -> str:
    """What a sealed list of seen papers is bound to."""
    return f"seen of search {search_id} of {person_id}"


def _of_search(search_id: str, person_id: str) -> str:
    """What a sealed search is bound to."""
    return f"search {search_id} of {person_id}"
