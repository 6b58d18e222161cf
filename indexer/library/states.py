"""The states of a document and which may follow which, drawn once. Refuses a transition that is not drawn."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final, Literal

from auth.errors import ErrorKind, TolmachError


class State(StrEnum):
    """How far a document has come. Each names what is done, not what comes next."""

    RECEIVED = "received"  # its file is kept
    EXTRACTED = "extracted"  # its text is kept; a worker may put it into the index at any moment
    INDEXED = "indexed"  # searchable in its own language
    TRANSLATING = "translating"  # its translation is kept, but not yet in the index; told to people as indexed
    TRANSLATED = "translated"  # searchable in both languages
    QUARANTINED = "quarantined"  # a stage could not be done; somebody must look at it
    REMOVING = "removing"  # nobody sees it any more; a worker deletes the rest in time


class TransitionError(TolmachError):
    """A document was to go from one state to another that may not follow it: a fault of the program."""

    kind = ErrorKind.INTERNAL
    code = "forbidden_transition"


_READ_AGAIN: Final = (State.RECEIVED, State.EXTRACTED)  # from its file, or with pages that were recognised meanwhile

TRANSITIONS: Final[Mapping[State | None, frozenset[State]]] = MappingProxyType(
    {
        None: frozenset({State.RECEIVED, State.QUARANTINED}),  # at intake
        State.RECEIVED: frozenset({State.EXTRACTED, State.QUARANTINED, State.REMOVING}),
        State.EXTRACTED: frozenset({State.INDEXED, State.RECEIVED, State.QUARANTINED, State.REMOVING}),
        State.INDEXED: frozenset({State.TRANSLATING, State.REMOVING, *_READ_AGAIN}),
        State.TRANSLATING: frozenset(
            {State.TRANSLATED, State.INDEXED, State.RECEIVED, State.QUARANTINED, State.REMOVING}
        ),
        State.TRANSLATED: frozenset({State.INDEXED, State.REMOVING, *_READ_AGAIN}),  # INDEXED: to be translated anew
        State.QUARANTINED: frozenset({State.RECEIVED, State.EXTRACTED, State.REMOVING}),
        State.REMOVING: frozenset(set(State) - {State.REMOVING}),  # brought back, as it was
    }
)

SEARCHABLE: Final = (State.INDEXED, State.TRANSLATING, State.TRANSLATED)
IN_THE_INDEX: Final = (*SEARCHABLE, State.EXTRACTED)  # or soon there, by a worker that is at it

ShownState = Literal[State.RECEIVED, State.EXTRACTED, State.INDEXED, State.TRANSLATED, State.QUARANTINED]
"""What people are told, and may ask for."""


def check_transition(before: State | None, after: State) -> None:
    """Raise TransitionError unless `after` may follow `before`, which is None for a document that is new."""
    if after not in TRANSITIONS[before]:
        raise TransitionError(f"A document cannot go from {before or 'nothing'} to {after}.")


def shown(state: State) -> State:
    """The state as people are told it."""
    return State.INDEXED if state is State.TRANSLATING else state


def shown_as(state: State) -> tuple[State, ...]:
    """The states that people are told as this one."""
    return tuple(each for each in State if shown(each) is state)
