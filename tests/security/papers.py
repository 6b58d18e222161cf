"""A paper of a few sentences with translations, as tests of searching write it straight into the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from auth import policy
from auth.database import new_id
from auth.expression import ALWAYS
from auth.labels import ALL, ReadingRule
from auth.policy import Scope
from indexer.library.states import State
from indexer.library.tables import DocumentRow, TranslationRow
from indexer.pipeline.stages.extract import keep_text
from indexer.segment.passages import Passage
from indexer.segment.segments import Segment
from indexer.text import TranslationOrigin, digest_of


@dataclass(frozen=True)
class Line:
    """A sentence of a paper, the page where it stands, and its translation."""

    text: str
    translation: str = ""
    page: int = 1
    origin: TranslationOrigin = "machine"
    doubt: str = ""
    language: str = "en"
    furniture: bool = False


def paper(session: Session, passages: Sequence[Sequence[Line]], **described: Any) -> DocumentRow:
    """Keep an English paper of these passages, open to everybody."""
    rule = policy.keep_rule(session, ReadingRule(10, ALL, ALWAYS))
    identifier = new_id()
    about = {"filename": "paper.pdf", "language": "en", **described}
    row = DocumentRow(id=identifier, rule=rule, originators="A", sha256=identifier, size=0, taken_by="test", **about)
    session.add(row)
    session.flush()
    lines = [line for passage in passages for line in passage]
    segments = [
        Segment(at, line.page, line.text, line.language, ((line.page, (0, at, 9, at + 1)),), line.furniture)
        for at, line in enumerate(lines)
    ]
    runs, first = [], 0
    for at, passage in enumerate(passages):
        runs.append(Passage(at, passage[0].page, first, first + len(passage) - 1))
        first += len(passage)
    keep_text(session, row, [], segments, runs)
    for text, line in {line.text: line for line in lines if line.translation}.items():
        session.add(
            TranslationRow(
                document=identifier,
                source_digest=digest_of(text),
                source=line.language,
                target="ru" if line.language == "en" else "en",
                origin=line.origin,
                text=line.translation,
                doubt=line.doubt,
            )
        )
    row.state = State.INDEXED
    session.flush()
    return row


def scope(session: Session) -> Scope:
    """Everything."""
    return policy.operator_scope(session, policy.Action.READ)
