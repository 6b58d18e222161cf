"""Reads the passages of a dossier inside a scope. Gives nothing in place of one that is not there for its reader."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from auth.labels import Label, join
from auth.policy import Scope
from indexer.library import documents
from indexer.library.documents import SegmentText
from indexer.library.tables import DocumentRow


@dataclass(frozen=True, slots=True)
class DossierPassage:
    """Sentences that follow each other in a document, with its label, and what their collector says of them."""

    row: DocumentRow
    label: Label
    sentences: tuple[SegmentText, ...]
    comment: str

    @property
    def page(self) -> int:
        """Where it begins."""
        return self.sentences[0].page


def passage_in(
    session: Session, scope: Scope, row: DocumentRow, label: Label, ordinals: range, comment: str
) -> DossierPassage | None:
    """The passage of these sentences of a document inside the scope; None unless all of them are there."""
    sentences = documents.sentences(session, scope, row.id, ordinals)
    if not sentences or len(sentences) < len(ordinals):
        return None
    return DossierPassage(row, label, tuple(sentences[ordinal] for ordinal in ordinals), comment)


def joined_label(passages: Iterable[DossierPassage]) -> Label | None:
    """The label of what is made of all these: only who may read each may read it. None of none."""
    labels = [passage.label for passage in passages]
    return join(*labels) if labels else None
