"""Pairs: papers that are each other's translation. To whoever may not read both papers there is no such pair."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Annotated, Final

from fastapi import Query, Response
from sqlalchemy.orm import Session

from auth import policy
from auth.policy import Action, Scope
from indexer.library import documents
from indexer.pairs import corrections, pairs
from indexer.pairs.align.alignment import Bead
from indexer.pairs.corrections import StaleAlignmentError, alignment_of
from indexer.pairs.differences import REACH, Papers, differences_of
from indexer.pairs.pairs import SHOWN, NoPairError, Pair, PairError
from indexer.pairs.seeking import language_of
from indexer.pairs.tables import PairState
from services.errors import problem
from services.routes.authentication import Caller, CurrentUser, guarded_router
from services.schemas.bitext.pairs import (
    AlignmentSchema,
    CorrectionBody,
    DifferencesAnswer,
    LendingBody,
    PairBody,
    PairDetail,
    PairsAnswer,
    PairSchema,
    PaperDifferenceSchema,
    Texts,
    VersionSchema,
)
from services.schemas.handling import Because

router = guarded_router("/pairs")

AROUND: Final = 5  # beads on each side of a change that was refused, which the refusal carries
PAIR, UNPAIR, CORRECT, LENDING = "pair", "unpair", "correct_pair", "pair_lending"  # what the trail calls it

Offset = Annotated[int, Query(ge=0, le=100_000)]
Limit = Annotated[int, Query(ge=1, le=500)]


@router.get("")
def listed(
    caller: CurrentUser,
    state: PairState | None = None,
    offset: Annotated[int, Query(ge=0, le=10_000)] = 0,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> PairsAnswer:
    """The pairs both of whose papers one may read, proposals first; rejected ones only where they are asked for."""
    caller.require(Action.READ)
    with caller.components.database.reading() as session:
        scope = policy.scope_for(session, caller.principal, Action.READ)
        total, some = pairs.listed(session, scope, (state,) if state else SHOWN, offset, limit)
        answer = PairsAnswer(total=total, pairs=[PairSchema.of(pair) for pair in some])
    papers = tuple(dict.fromkeys(row.id for pair in some for row in (pair.first, pair.second)))
    caller.components.trail.record(replace(caller.event("list_pairs", detail={"total": total}), shown=papers))
    return answer


@router.post("", status_code=201)
def make(body: PairBody, caller: CurrentUser) -> PairSchema:
    """Say that two papers are each other's translation. A worker aligns their sentences."""
    first, second = body.document_ids
    with _changing(caller, PAIR, first) as (session, scope):
        pair = pairs.make(session, scope, first, second, caller.principal.username)
        return _decided(caller, PAIR, pair, body.reason)


@router.post("/{pair_id}/confirmation")
def confirm(pair_id: str, body: Because, caller: CurrentUser) -> PairSchema:
    """Say that a pair is one, whoever decided before."""
    with _changing(caller, PAIR, pair_id) as (session, scope):
        pair = pairs.decide(session, scope, pair_id, "confirmed", caller.principal.username)
        return _decided(caller, PAIR, pair, body.reason)


@router.post("/{pair_id}/rejection")
def reject(pair_id: str, body: Because, caller: CurrentUser) -> PairSchema:
    """Say that a pair is none: a proposal is refused, a confirmed pair undone. It is not proposed again."""
    with _changing(caller, UNPAIR, pair_id) as (session, scope):
        pair = pairs.decide(session, scope, pair_id, "rejected", caller.principal.username)
        return _decided(caller, UNPAIR, pair, body.reason)


@router.put("/{pair_id}/lending")
def set_lending(pair_id: str, body: LendingBody, caller: CurrentUser) -> PairSchema:
    """Say what a confirmed pair lends its papers and the memory: nothing, as others, or before others as alike."""
    with _changing(caller, LENDING, pair_id) as (session, scope):
        pair = pairs.set_lending(session, scope, pair_id, body.lending)
        return _decided(caller, LENDING, pair, body.reason, lending=body.lending)


@router.get("/{pair_id}")
def detail(pair_id: str, caller: CurrentUser, offset: Offset = 0, limit: Limit = 100) -> PairDetail:
    """A pair, and its beads from a place on, with their sentences."""
    with _reading(caller, "read_pair", pair_id) as (session, scope, pair):
        version, kept = alignment_of(session, pair)
        alignment = _shown(session, scope, pair, version, kept, offset, limit)
        return PairDetail(pair=PairSchema.of(pair), alignment=alignment)


@router.get("/{pair_id}/differences")
def differences(pair_id: str, caller: CurrentUser, offset: Offset = 0, limit: Limit = 200) -> DifferencesAnswer:
    """What one paper says and the other does not: numbers, dates, symbols, names, negations, markings, missing parts.

    `offset` and `limit` count beads. Each difference names the sentences of both papers, with their pages.
    """
    with _reading(caller, "compare_pair", pair_id) as (session, scope, pair):
        version, kept = alignment_of(session, pair)
        near = kept[max(0, offset - REACH) : offset + limit + REACH]
        texts = _texts(session, scope, pair, near)
        first, second = ({n: each.text for n, each in texts[row.id].items()} for row in (pair.first, pair.second))
        papers = Papers(first, second, language_of(pair.first) or "en")
        paper_differences = differences_of(kept, papers, offset, offset + limit)
        return DifferencesAnswer(
            version=version,
            total_beads=len(kept),
            counts=dict(Counter(each.kind for each in paper_differences)),
            differences=[PaperDifferenceSchema.of(pair, each, texts) for each in paper_differences],
        )


@router.post("/{pair_id}/corrections", response_model=VersionSchema)
def correct(pair_id: str, body: CorrectionBody, caller: CurrentUser) -> VersionSchema | Response:
    """Put the alignment right: join, split, move, unlink, or take the last change back.

    Where it was changed since the version that one names, nothing is done (409): the answer carries how it is now.
    """
    try:
        with _changing(caller, CORRECT, pair_id) as (session, scope):
            pair = pairs.lock(session, scope, pair_id)
            version = corrections.correct(session, pair, body.correction(pair), caller.principal.username)
            change: dict[str, str | int] = {"pair": pair_id, "kind": body.kind, "place": body.place, "version": version}
            caller.record(CORRECT, pair.first.id, detail={**change, "other": pair.second.id})
            return VersionSchema(version=version)
    except StaleAlignmentError as error:
        with _reading(caller, "read_pair", pair_id) as (session, scope, pair):
            version, kept = alignment_of(session, pair)
            start = max(0, body.place - AROUND)
            current = _shown(session, scope, pair, version, kept, start, 2 * AROUND + body.count)
        return problem(409, error.code, error.answer, error.parameters, current=current.model_dump(mode="json"))


@contextmanager
def _changing(caller: Caller, action: str, object_id: str) -> Iterator[tuple[Session, Scope]]:
    """A transaction to change a pair in, and the scope; what is refused is in the trail by then."""
    caller.require(Action.EDIT)
    try:
        with caller.components.database.session() as session:
            yield session, policy.scope_for(session, caller.principal, Action.EDIT)
    except (NoPairError, PairError) as error:
        caller.record(action, object_id[:64], "refused", {"rule": error.code})
        raise


@contextmanager
def _reading(caller: Caller, action: str, pair_id: str) -> Iterator[tuple[Session, Scope, Pair]]:
    """A pair both of whose papers one may read; the trail has it by then. Raises NoPairError."""
    caller.require(Action.READ)
    with caller.components.database.reading() as session:
        scope = policy.scope_for(session, caller.principal, Action.READ)
        try:
            pair = pairs.get(session, scope, pair_id)
        except NoPairError:
            caller.record(action, pair_id[:64], "refused", {"rule": "absent"})
            raise
        event = caller.event(action, pair.first.id, detail={"pair": pair_id, "other": pair.second.id})
        caller.components.trail.record(replace(event, shown=(pair.first.id, pair.second.id)))
        yield session, scope, pair


def _decided(caller: Caller, action: str, pair: Pair, reason: str, **more: str) -> PairSchema:
    """The pair as JSON, once the trail has what was decided on it."""
    detail = {"pair": pair.row.id, "other": pair.second.id, "reason": reason, **more}
    caller.record(action, pair.first.id, detail=detail)
    return PairSchema.of(pair)


def _shown(
    session: Session, scope: Scope, pair: Pair, version: int, kept: Sequence[Bead], offset: int, limit: int
) -> AlignmentSchema:
    texts = _texts(session, scope, pair, kept[offset : offset + limit])
    return AlignmentSchema.of(pair, version, kept, texts, offset, limit)


def _texts(session: Session, scope: Scope, pair: Pair, beads: Sequence[Bead]) -> dict[str, Texts]:
    """The sentences of these beads, by paper and ordinal."""
    ordinals = {pair.first.id: [n for bead in beads for n in bead.first]}
    ordinals[pair.second.id] = [n for bead in beads for n in bead.second]
    return {name: documents.sentences(session, scope, name, some) for name, some in ordinals.items()}
