"""Puts an alignment right by hand: joins, splits, moves and unlinks beads, and takes the last of that back.

Refuses a change that was not made of the alignment as it is: whoever sends it is told the version that there is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from auth.errors import ErrorKind, TolmachError
from indexer.pairs import beads, lending
from indexer.pairs.align.alignment import Bead
from indexer.pairs.aligning import hand_made, papers_of
from indexer.pairs.pairs import Pair, PairError
from indexer.pairs.tables import AlignmentRow, CorrectionRow

MOST_JOINED: Final = 10  # beads at once
MOST_IN_A_BEAD: Final = 50  # sentences of one side

Kind = Literal["join", "split", "move", "unlink", "undo"]


class StaleAlignmentError(TolmachError):
    """The alignment is another than the one that was to be changed."""

    kind = ErrorKind.CONFLICT
    code = "alignment_changed"

    def __init__(self, version: int) -> None:
        super().__init__(
            "The alignment was changed since: it is at version {version}. Look at it again, then try again.",
            version=version,
        )


@dataclass(frozen=True, slots=True)
class Correction:
    """What is to be changed in the alignment of a version, at the bead of a place.

    `join`: `count` beads from there on become one. `split`: the bead is cut after so many sentences of each side,
    `first` and `second`. `move`: so many sentences of each side go from its end to the next bead, or, below 0, from the
    next bead to its end. `unlink`: its sides are no translation of each other. `undo` needs no place.
    """

    version: int
    kind: Kind
    place: int = 0
    count: int = 2
    first: int = 0
    second: int = 0


def alignment_of(session: Session, pair: Pair) -> tuple[int, list[Bead]]:
    """The version and beads of a pair that somebody holds already; version 0 while there is none."""
    row = session.get(AlignmentRow, pair.row.id)
    return (row.version, beads.from_text(row.beads)) if row else (0, [])


def correct(session: Session, pair: Pair, correction: Correction, by: str) -> int:
    """Change the alignment of a locked pair; gives its new version. Raises StaleAlignmentError, PairError."""
    alignment = session.get(AlignmentRow, pair.row.id)
    if alignment is None or not pair.row.aligned:
        raise PairError("The papers are not aligned yet. Try again when a worker has been there.", code="not_aligned")
    if alignment.version != correction.version:
        raise StaleAlignmentError(alignment.version)
    kept = beads.from_text(alignment.beads)
    if correction.kind == "undo":
        _undo(session, alignment, kept)
    else:
        _change(session, alignment, kept, correction, by)
    alignment.version += 1
    alignment.beads, alignment.by_hand = beads.as_text(kept), hand_made(kept, papers_of(session, pair.row))
    lending.take_back(session, pair.row)
    return alignment.version


def _change(session: Session, alignment: AlignmentRow, kept: list[Bead], correction: Correction, by: str) -> None:
    place = correction.place
    taken = {"join": correction.count, "move": 2}.get(correction.kind, 1)
    before = kept[place : place + taken]
    if len(before) < taken:
        raise PairError("There are only {count} beads.", code="no_bead", count=len(kept))
    after = [
        Bead(first, second, 1.0 if first and second else 0.0, 1.0, by) for first, second in _made(before, correction)
    ]
    kept[place : place + taken] = after
    session.add(
        CorrectionRow(
            pair=alignment.pair,
            version=alignment.version + 1,
            place=place,
            before=beads.as_text(before),
            after=len(after),
            by=by,
        )
    )


def _undo(session: Session, alignment: AlignmentRow, kept: list[Bead]) -> None:
    query = select(CorrectionRow).where(CorrectionRow.pair == alignment.pair)
    last = session.scalar(query.order_by(CorrectionRow.version.desc()).limit(1))
    if last is None:
        raise PairError("There is nothing to take back since the papers were last aligned.", code="nothing_to_undo")
    kept[last.place : last.place + last.after] = beads.from_text(last.before)
    session.delete(last)


Sides = tuple[tuple[int, ...], tuple[int, ...]]


def _made(before: Sequence[Bead], correction: Correction) -> list[Sides]:
    """The sides of the beads that stand in the place of these. Raises PairError where nothing would change."""
    first = [bead.first for bead in before]
    second = [bead.second for bead in before]
    match correction.kind:
        case "join":
            made = [(sum(first, ()), sum(second, ()))]
        case "split":
            made = list(zip(_cut(first[0], correction.first), _cut(second[0], correction.second), strict=True))
        case "move":
            made = list(zip(_moved(first, correction.first), _moved(second, correction.second), strict=True))
        case _:
            made = [(first[0], ()), ((), second[0])] if before[0].whole else []
    made = [sides for sides in made if sides[0] or sides[1]]
    if not made or made == list(zip(first, second, strict=True)):
        raise PairError("This would change nothing.", code="no_change")
    if any(len(side) > MOST_IN_A_BEAD for sides in made for side in sides):
        raise PairError("A bead has at most {most} sentences of a side.", code="long_bead", most=MOST_IN_A_BEAD)
    return made


def _cut(side: tuple[int, ...], at: int) -> Sides:
    if not 0 <= at <= len(side):
        raise PairError("A side of the bead has only {count} sentences.", code="no_sentence", count=len(side))
    return side[:at], side[at:]


def _moved(sides: Sequence[tuple[int, ...]], count: int) -> Sides:
    """Two neighbours after so many sentences went on to the second, or came back from it."""
    return _cut(sides[0] + sides[1], len(sides[0]) - count)
