"""Pairs as people see and decide on them. Refuses a pair to whoever may not read both of its papers: it is not there.

A proposal is a pair that a machine found and nobody decided on; what a machine is sure of it confirms itself. People
confirm, reject and make pairs, each with a reason for the trail; a rejected pair is not proposed again.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import BindParameter, Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import Session, aliased

from auth.database import now
from auth.errors import ErrorKind, TolmachError
from auth.policy import UNPUBLISHED, Scope
from indexer.library import documents
from indexer.library.states import State
from indexer.library.tables import DocumentRow
from indexer.pairs import lending
from indexer.pairs.aligning import locked
from indexer.pairs.seeking import language_of, pair_of_papers
from indexer.pairs.tables import Lending, PairRow, PairState
from indexer.text import LANGUAGES

SHOWN: Final[tuple[PairState, ...]] = ("proposed", "confirmed")


class NoPairError(TolmachError, LookupError):
    """No pair of that identifier has both of its papers inside the scope."""

    kind = ErrorKind.ABSENT
    code = "no_pair"
    sentence = "There is no such pair, or you may not read both of its papers."
    operator_sentence = "There is no such pair."


class PairError(TolmachError, ValueError):
    """These papers cannot be a pair, or this cannot be done to it; the message says why."""

    kind = ErrorKind.INVALID
    code = "pair"


@dataclass(frozen=True, slots=True)
class Pair:
    """A pair and its papers, both of them inside somebody's scope."""

    row: PairRow
    first: DocumentRow
    second: DocumentRow


@dataclass(frozen=True, slots=True)
class OtherSide:
    """The pair of a paper, and the paper that is its translation."""

    pair_id: str
    row: DocumentRow


def get(session: Session, scope: Scope, pair_id: str) -> Pair:
    """A pair whose papers are both inside the scope. Raises NoPairError."""
    return _inside(session, scope, session.get(PairRow, pair_id))


def _inside(session: Session, scope: Scope, row: PairRow | None) -> Pair:
    papers = [documents.get(session, scope, name) for name in (row.first, row.second)] if row else []
    if row is None or papers[0] is None or papers[1] is None:
        raise NoPairError
    return Pair(row, papers[0], papers[1])


def listed(
    session: Session, scope: Scope, states: Collection[PairState], offset: int, limit: int
) -> tuple[int, list[Pair]]:
    """The pairs in these states whose papers are both inside the scope, how many there are, and some of them.

    Proposals come first, the likeliest of them first.
    """
    query = _readable(scope).where(PairRow.state.in_(states))
    total = session.scalar(query.with_only_columns(func.count())) or 0
    query = query.order_by(PairRow.state.desc(), PairRow.likeness.desc(), PairRow.first, PairRow.second)
    rows = session.execute(query.add_columns(_FIRST, _SECOND).offset(offset).limit(limit))
    return total, [Pair(*row) for row in rows]


def of_papers(session: Session, scope: Scope, document_ids: Collection[str]) -> Mapping[str, OtherSide]:
    """The translations of these papers by people, where both are inside the scope: by paper, one each.

    Of several the one that a person confirmed counts, then the likeliest.
    """
    query = _OTHERS[scope.action in UNPUBLISHED]
    others: dict[str, OtherSide] = {}
    asked = {"ids": list(document_ids), "rules": list(scope.rules), "at": now()}
    for pair, one, other in session.execute(query, asked):
        others[one.id] = OtherSide(pair.id, other)
        others[other.id] = OtherSide(pair.id, one)
    return {name: others[name] for name in document_ids if name in others}


def papers_inside(session: Session, scope: Scope, pair_id: str) -> Sequence[str]:
    """The two papers of a pair that was not rejected, where both are inside the scope; otherwise none."""
    row = session.scalar(_readable(scope).where(PairRow.id == pair_id, PairRow.state.in_(SHOWN)))
    return (row.first, row.second) if row else ()


def _readable(scope: Scope) -> Select[PairRow]:
    """The pairs whose papers are both inside the scope."""
    return _of_readable_papers(scope.action in UNPUBLISHED, scope.rules, now())


def _of_readable_papers(
    unpublished: bool, rules: Collection[str] | BindParameter[Any], at: datetime | BindParameter[Any]
) -> Select[PairRow]:
    query = select(PairRow).join(_FIRST, _FIRST.id == PairRow.first).join(_SECOND, _SECOND.id == PairRow.second)
    for paper in (_FIRST, _SECOND):
        query = query.where(paper.rule.in_(rules), paper.state != State.REMOVING)
        if not unpublished:
            begun = or_(paper.embargo_until.is_(None), paper.embargo_until <= at)
            query = query.where(and_(begun, or_(paper.expires_at.is_(None), paper.expires_at > at)))
    return query


def _others(unpublished: bool) -> Select[PairRow, DocumentRow, DocumentRow]:
    ids: BindParameter[Any] = bindparam("ids", expanding=True)
    rules: BindParameter[Any] = bindparam("rules", expanding=True)
    readable = _of_readable_papers(unpublished, rules, bindparam("at", type_=DocumentRow.expires_at.type))
    query = readable.where(PairRow.state == "confirmed", or_(PairRow.first.in_(ids), PairRow.second.in_(ids)))
    query = query.order_by(PairRow.by != "", PairRow.likeness, PairRow.second, PairRow.first)
    return query.add_columns(_FIRST, _SECOND)


_FIRST, _SECOND = aliased(DocumentRow), aliased(DocumentRow)
_OTHERS = {unpublished: _others(unpublished) for unpublished in (False, True)}  # made once: it costs more than to ask


def lock(session: Session, scope: Scope, pair_id: str) -> Pair:
    """A pair inside the scope, held with its papers until the transaction ends. Raises NoPairError."""
    return _inside(session, scope, locked(session, pair_id))


def decide(session: Session, scope: Scope, pair_id: str, state: PairState, by: str) -> Pair:
    """Confirm or reject a pair, whoever decided before. Raises NoPairError."""
    pair = lock(session, scope, pair_id)
    if state != "confirmed":
        lending.take_back(session, pair.row)
    pair.row.state, pair.row.by, pair.row.decided_at, pair.row.lent = state, by, now(), False
    return pair


def set_lending(session: Session, scope: Scope, pair_id: str, what: Lending) -> Pair:
    """Say what a confirmed pair lends the memory. Raises NoPairError, PairError."""
    pair = lock(session, scope, pair_id)
    if pair.row.state != "confirmed":
        raise PairError("Only a confirmed pair lends anything. Confirm it first.", code="not_confirmed")
    lending.set_lending(session, pair.row, what)
    return pair


def make(session: Session, scope: Scope, document_id: str, other_id: str, by: str) -> Pair:
    """Make two papers inside the scope a pair, or confirm that they are. Raises NoPairError, PairError."""
    papers = [documents.get(session, scope, name) for name in sorted((document_id, other_id))]
    if papers[0] is None or papers[1] is None:
        raise NoPairError
    languages = {language_of(paper) for paper in papers if paper}
    others = any(paper and paper.language not in ("", *LANGUAGES) for paper in papers)
    if document_id == other_id or others or (len(languages) == 1 and None not in languages):
        raise PairError("The papers of a pair are in two languages, English and Russian.", code="same_language")
    row = pair_of_papers(session, document_id, other_id)
    if row is None:
        row = PairRow(first=papers[0].id, second=papers[1].id, state="confirmed", likeness=1.0, by=by)
        session.add(row)
        session.flush()
    return decide(session, scope, row.id, "confirmed", by)


def decide_on_papers(
    session: Session, scope: Scope, document_id: str, other_id: str, state: PairState, by: str
) -> Pair:
    """Make two papers a pair, or say that they are none. Raises NoPairError, PairError."""
    if state == "confirmed":
        return make(session, scope, document_id, other_id, by)
    row = pair_of_papers(session, document_id, other_id)
    if row is None:
        raise NoPairError
    return decide(session, scope, row.id, state, by)


def make_of_manifest(session: Session, document_id: str, other_id: str) -> bool:
    """Confirm the pair that a manifest names; whether it was new, or proposed. What somebody decided stays."""
    row = pair_of_papers(session, document_id, other_id)
    if row is None:
        first, second = sorted((document_id, other_id))
        session.add(PairRow(first=first, second=second, state="confirmed", likeness=1.0))
    elif row.state == "proposed" and not row.by:
        row.state, row.likeness, row.lent = "confirmed", 1.0, False
    else:
        return False
    return True
