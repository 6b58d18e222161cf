"""Proves the trail from where the last proof ended. Refuses to take for proven what no signed checkpoint stands for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from auth.audit import marks
from auth.audit.checkpoints import EVERY, Checkpoint
from auth.audit.trail import Trail
from auth.database import Database


@dataclass(frozen=True, slots=True)
class Proven:
    """How many entries the trail has, and after which of them it was looked at: 0 where at all."""

    entries: int
    after: int


def prove_on(database: Database, trail: Trail, step: Callable[[int], object] = lambda _: None) -> Proven:
    """Prove what came after the last signed checkpoint that an earlier proof has seen. Raises TrailError.

    An entry before it that was changed since is found by a look at all alone: `prove_all`.
    """
    mark = marks.proven(database)
    seen = trail.last_checkpoint(mark[0]) if mark else None
    if mark is None or seen is None or (seen.number, seen.digest) != mark:
        return prove_all(database, trail, step)
    return _noted(database, trail, trail.verify_since(seen, step), seen) or prove_all(database, trail, step)


def prove_all(database: Database, trail: Trail, step: Callable[[int], object] = lambda _: None) -> Proven:
    """Prove everything, and remember that. Raises TrailError."""
    entries = trail.verify(step=step)
    return _noted(database, trail, entries, None) or Proven(entries, 0)


def prove_tail(trail: Trail) -> Proven:
    """Prove the last entries, EVERY or more: those after a signed checkpoint that is believed. Raises TrailError."""
    seen = trail.last_checkpoint(trail.count() - EVERY)
    entries = trail.verify_since(seen) if seen else None
    return Proven(trail.verify(), 0) if entries is None or seen is None else Proven(entries, seen.number)


def _noted(database: Database, trail: Trail, entries: int | None, seen: Checkpoint | None) -> Proven | None:
    """What was proven, once the last checkpoint in it is remembered."""
    if entries is None:
        return None
    last = trail.last_checkpoint(entries)
    if last is not None:
        marks.set_proven(database, last.number, last.digest)
    return Proven(entries, seen.number if seen else 0)
