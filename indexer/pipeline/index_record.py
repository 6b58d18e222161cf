"""Makes of a document what the index holds: its rule, its facets, and the tokens of its passages and description."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from auth import policy
from indexer.analysis.tokens import Token, tokens
from indexer.engine.contract import PassageTokens, Record
from indexer.library import documents
from indexer.library.about import ORDINAL, SEARCHED_BY_NAME, About, about, field_key
from indexer.library.documents import PassageText
from indexer.library.tables import DocumentRow
from indexer.text import Origin


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
    texts = description.searched()
    return PassageTokens(ORDINAL, {origin: _in_field(origin, tokens(text)) for origin, text in texts.items()})


def _in_field(origin: Origin, words: Sequence[Token]) -> Sequence[Token]:
    """The words of a description, each with the keys by which it is found in its field alone."""
    field = SEARCHED_BY_NAME.get(origin)
    if field is None:
        return words
    keys = [tuple(field_key(field, key) for key in word.readings) for word in words]
    return [replace(word, others=(*word.others, *more)) for word, more in zip(words, keys, strict=True)]


def _tokens(passage: PassageText) -> PassageTokens:
    return PassageTokens(
        passage.ordinal,
        {origin: tokens(" ".join(text for _, text in pieces)) for origin, pieces in passage.searched().items()},
    )
