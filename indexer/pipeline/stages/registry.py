"""Which stage takes documents out of which state. A new stage is a file beside the others, and a line here.

A worker looks for work in this order: what is begun is finished first.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from indexer.library.states import State
from indexer.pipeline.stages.encode import Encode
from indexer.pipeline.stages.extract import Extract
from indexer.pipeline.stages.index import Index
from indexer.pipeline.stages.recognise import Recognise
from indexer.pipeline.stages.remove import Remove
from indexer.pipeline.stages.stage import Context, Stage
from indexer.pipeline.stages.translate import Translate

STAGES: Final[Mapping[State, type[Stage]]] = MappingProxyType(
    {
        State.REMOVING: Remove,
        State.TRANSLATING: Index,
        State.EXTRACTED: Index,
        State.RECEIVED: Extract,
        State.INDEXED: Translate,
    }
)

LAST: Final[tuple[type[Stage], ...]] = (Encode, Recognise)
"""Those that take documents out of states at rest, when nothing else is to be done."""


def last_stages(context: Context, which: tuple[type[Stage], ...] = LAST) -> list[Stage]:
    """The last stages of one worker."""
    return [stage(context, State.INDEXED) for stage in which]


def stages(context: Context) -> dict[State, Stage]:
    """The stages of one worker, by the state that they take documents out of."""
    return {state: stage(context, state) for state, stage in STAGES.items()}
