"""Brings translations back from a file: each text is a version of whoever brings it, over the one they took.

A file says who wrote what; that is not believed, or its bearer could let pass what they wrote themselves. What has not
changed keeps its state and its author.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from indexer.bitext.exchange import tmx, xliff
from indexer.bitext.exchange.markup import read
from indexer.bitext.exchange.units import Bitext, ExchangeError, Unit, by_source
from indexer.bitext.review.tables import WorkState
from indexer.bitext.review.workbench import Seen, StaleVersionError, Task, Workbench, WorkError

MOST_SAVED: Final = 2_000  # by one call: the same file goes on where it left off
LONGEST_TEXT: Final = 20_000  # characters of a translation


@dataclass(frozen=True, slots=True)
class Brought:
    """What became of the units of a file, as the numbers of sentences.

    `conflicts`: somebody has saved another text since; the file's is kept as a draft. `checked`: saved,
    but not submitted, as the checks find something. `unknown`: how many are of no sentence of the document. `left`: how
    many are too many for one call.
    """

    saved: tuple[int, ...]
    submitted: tuple[int, ...]
    checked: tuple[int, ...]
    conflicts: tuple[int, ...]
    unchanged: int
    unknown: int
    left: int


def parsed(content: bytes, source_language: str) -> Bitext:
    """The bitext of an XLIFF or TMX file. Raises ExchangeError."""
    root = read(content)
    if root.local_name == "tmx":
        return tmx.read(root, source_language)
    bitext = xliff.read(root)
    if bitext.source_language != source_language:
        raise ExchangeError(
            "The file does not translate out of the document's language into the other.", code="other_languages"
        )
    return bitext


def bring(bench: Workbench, task: Task, document: Bitext, file: Bitext) -> Brought:
    """Save what a file says otherwise than the document. Raises AbsentError. `task` may name any sentence."""
    numbered = {unit.number: unit for unit in document.units}
    sources = by_source(document.units)
    outcome: dict[str, list[int]] = {name: [] for name in ("saved", "submitted", "checked", "conflicts")}
    unchanged = unknown = left = 0
    for unit in file.units:
        own = _own(unit, numbered, sources)
        text = unit.target.strip()
        if own is None or len(text) > LONGEST_TEXT:
            unknown += 1
        elif not text or text == own.target:
            unchanged += 1
        elif len(outcome["saved"]) + len(outcome["conflicts"]) >= MOST_SAVED:
            left += 1
        else:
            for name in _saved(bench, replace(task, ordinal=own.number), own, unit, text):
                outcome[name].append(own.number)
    numbers = {name: tuple(each) for name, each in outcome.items()}
    return Brought(**numbers, unchanged=unchanged, unknown=unknown, left=left)


def _own(unit: Unit, numbered: dict[int, Unit], sources: dict[str, Unit]) -> Unit | None:
    """The sentence of the document that a unit is of."""
    own = numbered.get(unit.number)
    return own if own is not None and own.source == unit.source else sources.get(unit.source)


def _saved(bench: Workbench, task: Task, own: Unit, unit: Unit, text: str) -> tuple[str, ...]:
    """What became of a text."""
    try:
        bench.save(task, Seen(own.source_digest, unit.version), text)
    except (StaleVersionError, WorkError):
        return ("conflicts",)
    if unit.state not in (WorkState.SUBMITTED, WorkState.APPROVED):
        return ("saved",)
    try:
        bench.submit(task, Seen(own.source_digest, unit.version + 1))
    except (StaleVersionError, WorkError):
        return ("saved", "checked")
    return ("saved", "submitted")
