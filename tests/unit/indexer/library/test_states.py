"""A document goes from state to state as it is drawn, and no other way; people are told a few of them."""

from __future__ import annotations

from itertools import pairwise, product
from typing import get_args

import pytest

from indexer.library.states import SEARCHABLE, TRANSITIONS, ShownState, State, TransitionError, shown, shown_as
from indexer.library.tables import DocumentRow


def in_state(state: State | None) -> DocumentRow:
    """A row as the database would give it."""
    row = DocumentRow()
    row.__dict__.update({"state": state} if state else {})
    return row


@pytest.mark.parametrize(("before", "after"), list(product([None, *State], State)), ids=str)
def test_what_is_not_drawn_raises(before: State | None, after: State) -> None:
    row = in_state(before)
    if after in TRANSITIONS[before]:
        row.state = after
        assert row.state is after
        return
    with pytest.raises(TransitionError, match=f"to {after}"):
        row.state = after
    assert row.state is before


def test_the_drawing_says_what_the_contract_says() -> None:
    drawn = {(before, after) for before, following in TRANSITIONS.items() for after in following}
    line = [State.RECEIVED, State.EXTRACTED, State.INDEXED, State.TRANSLATING, State.TRANSLATED]
    assert set(pairwise(line)) <= drawn
    assert {before for before, after in drawn if after is State.REMOVING} == {*State} - {State.REMOVING}
    assert (State.QUARANTINED, State.RECEIVED) in drawn
    assert TRANSITIONS[State.REMOVING] == {*State} - {State.REMOVING}  # what is brought back
    assert set(TRANSITIONS) == {None, *State}


def test_a_word_that_is_no_state_is_refused() -> None:
    with pytest.raises(ValueError, match="lost"):
        DocumentRow(state="lost")


def test_people_are_told_five_states() -> None:
    told_states = {shown(state) for state in State if state is not State.REMOVING}
    assert told_states == set(get_args(ShownState))
    assert told_states == {"received", "extracted", "indexed", "translated", "quarantined"}
    assert shown_as(State.INDEXED) == (State.INDEXED, State.TRANSLATING)
    assert {state for each in map(shown, SEARCHABLE) for state in shown_as(each)} == set(SEARCHABLE)
