"""The beads of a pair as the database keeps them. Whatever reads them gets them whole and in order."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace

from indexer.pairs.align.alignment import Bead


def as_text(beads: Iterable[Bead]) -> str:
    """The beads as JSON."""
    return json.dumps([[b.first, b.second, b.likeness, b.confidence, b.by] for b in beads], separators=(",", ":"))


def from_text(text: str) -> list[Bead]:
    """What `as_text` wrote."""
    return [Bead(tuple(first), tuple(second), *rest) for first, second, *rest in json.loads(text)]


def placed(beads: Iterable[Bead], ordinals: Sequence[int], other: Sequence[int]) -> list[Bead]:
    """Beads by places among sentences as beads by ordinals of the papers."""
    return [
        replace(bead, first=tuple(ordinals[at] for at in bead.first), second=tuple(other[at] for at in bead.second))
        for bead in beads
    ]
