"""Makes of a document what the index holds: its rule, its facets, and the tokens of its passages and description."""

from __future__ import annotations

from sqlalchemy.orm import Session

from auth import policy
from indexer.analysis.tokens import tokens
from indexer.engine.contract import PassageTokens, Record
from indexer.library import documents
from indexer.library.about import ORDINAL, About, about
from indexer.library.documents import PassageText
from indexer.library.tables import DocumentRow


def record_of(session: Session, row: DocumentRow) -> Record:
    """A document as the index holds it."""
    return Record(
        document_id=row.id,
        version=row.version,
        stamp=row.stamp,
        rule=row.rule,
        day=row.date.isoformat() if row.date else "",
        facets={
            "language": [row.language],
            "agency": documents.split(row.originators),
            "level": [str(policy.rule_of(session, row.rule).level)],
            "year": [str(row.date.year)] if row.date else [],
            "kind": [row.kind],
            "meeting": [row.meeting] if row.meeting else [],
            "body": [row.body] if row.body else [],
            "country": documents.split(row.countries),
            "has_human_translation": ["false"],
        },
        passages=[*map(_tokens, documents.all_passages(session, row.id)), _described(about(session, row))],
    )


def _described(description: About) -> PassageTokens:
    return PassageTokens(ORDINAL, {origin: tokens(text) for origin, text in description.searched().items()})


def _tokens(passage: PassageText) -> PassageTokens:
    return PassageTokens(
        passage.ordinal,
        {origin: tokens(" ".join(text for _, text in pieces)) for origin, pieces in passage.searched().items()},
    )
