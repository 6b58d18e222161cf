"""Keeps a person's dossier, sealed as their searches are: where its passages stand and what is said of them.

Gives it to that person alone. Refuses to write over what was kept meanwhile from another page of theirs.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from auth.database import locking, now
from auth.errors import ErrorKind, TolmachError
from auth.signin import vault
from auth.tables import PersonRow
from indexer.library.tables import KeptDossierRow


class DossierChangedError(TolmachError):
    """The dossier was kept from another page since this one read it."""

    kind = ErrorKind.CONFLICT
    code = "dossier_changed"
    sentence = "Your dossier was changed on another page meanwhile."


@dataclass(frozen=True, slots=True)
class KeptDossier:
    """A dossier as JSON has it; `version` counts how often it was kept. One that does not open is empty."""

    version: int = 0
    title: str = ""
    passages: list[dict[str, Any]] = field(default_factory=list)


def of_person(session: Session, person_id: str) -> KeptDossier:
    """What a person keeps; an empty dossier where they never kept any."""
    row = session.get(KeptDossierRow, person_id)
    if row is None:
        return KeptDossier()
    try:
        words = json.loads(vault.unseal(session, row.sealed, _of_dossier(person_id)))
    except vault.VaultError:
        words = {"title": "", "passages": []}
    return KeptDossier(row.version, words["title"], words["passages"])


def keep(session: Session, person_id: str, seen: int, title: str, passages: list[dict[str, Any]]) -> int:
    """Keep a dossier instead of the version that was seen; gives its own. Raises DossierChangedError, VaultError."""
    session.scalars(locking(select(PersonRow).where(PersonRow.id == person_id))).one()  # two at once follow each other
    row = session.get(KeptDossierRow, person_id, populate_existing=True)
    if seen != (row.version if row else 0):
        raise DossierChangedError
    row = row or KeptDossierRow(person=person_id, version=0)
    words = json.dumps({"title": title, "passages": passages}, ensure_ascii=False)
    row.sealed = vault.seal(session, words, _of_dossier(person_id))
    row.version, row.saved_at = seen + 1, now()
    session.add(row)
    session.flush()
    return row.version


def _of_dossier(person_id: str) -> str:
    """What a sealed dossier is bound to."""
    return f"dossier of {person_id}"
