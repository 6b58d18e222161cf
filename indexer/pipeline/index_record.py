"""Makes of a document what the index holds: its rule, its facets, and the tokens of its passages. No text, no title."""

from __future__ import annotations

from sqlalchemy.orm import Session

from auth import policy
from indexer.analysis.tokens import tokens
from indexer.engine.contract import PassageTokens, Record
from indexer.library import documents
from indexer.library.documents import PassageText
from indexer.library.tables import DocumentRow
from indexer.text import AS_SEARCHED, Origin


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
        passages=[_tokens(passage) for passage in documents.all_passages(session, row.id)],
    )


def _tokens(passage: PassageText) -> PassageTokens:
    texts: dict[Origin, list[str]] = {"original": [sentence.text for sentence in passage.segments]}
    for sentence in passage.segments:
        if sentence.translation and not sentence.translation.doubt:
            texts.setdefault(AS_SEARCHED[sentence.translation.origin], []).append(sentence.translation.text)
    return PassageTokens(passage.ordinal, {origin: tokens(" ".join(parts)) for origin, parts in texts.items()})
