"""What a worker does for pairs, one step after another: seeks them, aligns them, lets their papers lend each other.

Each step ends in one transaction that looks first whether all is as it was, so a crash costs a step, and workers that
meet do a step twice and keep it once.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from functools import partial

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from auth.audit.trail import Trail
from auth.database import ConcurrentChangeError, Database
from auth.errors import TolmachError
from indexer.library.states import IN_THE_INDEX, SEARCHABLE, State
from indexer.library.tables import DocumentRow
from indexer.pairs import aligning, lending, seeking
from indexer.pairs.tables import PairRow, PortraitRow

_log = logging.getLogger(__name__)


def step(database: Database, trail: Trail) -> bool:
    """Do one step for pairs; whether there was any. Raises DatabaseError and TrailError."""
    with database.reading() as session:
        waiting = _paper(session, trail) or _unaligned(session) or _unlent(session)
    if waiting is None:
        return False
    work, name = waiting
    try:
        work(database, name)
    except ConcurrentChangeError:  # another worker was here
        _log.info("pairs: %s was done by another worker", name)
    except TolmachError:
        raise
    except Exception:  # a fault of ours that these texts bring out: others get their turn
        _log.exception("pairs: a step for %s failed", name)
        _pass_over(database, name)
    return True


_Work = tuple[Callable[[Database, str], None], str]


def _paper(session: Session, trail: Trail) -> _Work | None:
    query = select(PortraitRow.document).join(DocumentRow, DocumentRow.id == PortraitRow.document)
    query = query.where(PortraitRow.sought.is_(False), DocumentRow.state.in_(IN_THE_INDEX))
    name = session.scalar(query.order_by(PortraitRow.document).limit(1))
    return (partial(seeking.seek, trail), name) if name else None


def _unaligned(session: Session) -> _Work | None:
    query = select(PairRow.id).where(PairRow.aligned.is_(False), PairRow.state.in_(("proposed", "confirmed")))
    name = session.scalar(_of_papers(query, IN_THE_INDEX))
    return (aligning.align_pair, name) if name else None


def _unlent(session: Session) -> _Work | None:
    query = select(PairRow.id).where(PairRow.lent.is_(False), PairRow.state == "confirmed", PairRow.aligned)
    name = session.scalar(_of_papers(query, SEARCHABLE))
    return (lending.lend_pair, name) if name else None


def _of_papers(query: Select[str], states: Sequence[State]) -> Select[str]:
    """The first pair of a query both of whose papers are in one of these states."""
    papers = select(DocumentRow.id).where(DocumentRow.state.in_(states))
    return query.where(PairRow.first.in_(papers), PairRow.second.in_(papers)).order_by(PairRow.id).limit(1)


def _pass_over(database: Database, name: str) -> None:
    """Let a paper or pair wait no more, until its text changes."""
    with database.session() as session:
        session.execute(update(PortraitRow).where(PortraitRow.document == name).values(sought=True))
        session.execute(update(PairRow).where(PairRow.id == name).values(aligned=True, lent=True))
