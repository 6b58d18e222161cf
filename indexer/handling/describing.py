"""Corrects how a document is described, and has the index follow. Refuses a document outside the scope as absent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from auth.audit.entries import Event
from auth.audit.trail import Trail
from auth.database import Database
from auth.policy import Scope
from indexer.engine.contract import Engine
from indexer.handling import lifecycle
from indexer.library.documents import label_of
from indexer.library.intake import DocumentDescription, checked
from indexer.library.states import State
from indexer.library.tables import DocumentRow, LanguageSource
from indexer.pipeline import index_sync

FIELDS: Final = (
    "language",
    "title_en",
    "title_ru",
    "date",
    "kind",
    "symbol",
    "meeting",
    "body",
    "countries",
    "keywords",
)


@dataclass(frozen=True, slots=True)
class Describer:
    """What correcting a description works with."""

    database: Database
    engine: Engine
    trail: Trail

    def describe(self, scope: Scope, document_id: str, change: Mapping[str, Any], reason: str, event: Event) -> None:
        """Put these fields in place of the old; what is not named stays. The trail says which, never what they say.

        When it returns, searches find the document by the new words alone; in another language, when it is read anew.
        Raises AbsentError, DescriptionError, EngineError.
        """
        with self.database.session() as session:
            row = lifecycle.inside(session, scope, document_id)
            old = _description(row)
            new = asdict(checked(replace(old, **change)))
            changed = [name for name in FIELDS if new[name] != getattr(old, name)]
            for name in changed:
                setattr(row, name, new[name])
            if "language" in change:
                _in_language(row, old.language)
            detail = {"label": label_of(session, row).rule.as_text(), "fields": ", ".join(changed), "reason": reason}
            self.trail.record(replace(event, detail={**event.detail, **detail}))
        index_sync.sync_documents(self.database, self.engine, [document_id])


def _description(row: DocumentRow) -> DocumentDescription:
    return DocumentDescription(**{name: getattr(row, name) for name in FIELDS})


def _in_language(row: DocumentRow, before: str) -> None:
    """Have a paper read again in its language, "" for the one that its text tells; nothing that people wrote is lost.

    Its sentences keep their translations, which are known by their texts and languages: they are shown again if the
    paper gets its former language back. One that could not be read stays as it is.
    """
    by: LanguageSource = "registrar" if row.language else ""
    same, row.language_by = (row.language, by) == (before, row.language_by), by
    if not same and row.pages and row.state not in (State.RECEIVED, State.QUARANTINED):
        lifecycle.read_again(row)
