"""Finds the passage that a search has shown, by its identifier, inside the scope: nothing where it is not there."""

from __future__ import annotations

from sqlalchemy.orm import Session

from auth.policy import Scope
from indexer.library import documents
from indexer.library.about import ORDINAL, about
from indexer.library.tables import DocumentRow


def passage_named(passage_id: str) -> tuple[str, int]:
    """The document and the passage of an identifier; a passage that no document has, where it is none."""
    document_id, _, ordinal = passage_id.partition(".")
    return document_id, int(ordinal) if ordinal.isascii() and ordinal.isdigit() and len(ordinal) <= 7 else -1


def passage_text(session: Session, scope: Scope, row: DocumentRow, ordinal: int) -> str:
    """The text of a passage of a document inside the scope; of its description, the titles. "" where there is none."""
    passage = documents.passage_of(session, scope, row, ordinal)
    if passage is not None:
        return " ".join(segment.text for segment in passage.segments)
    return " ".join(about(session, row).titles.values()).strip() if ordinal == ORDINAL else ""
