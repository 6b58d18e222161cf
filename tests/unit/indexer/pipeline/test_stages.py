"""A stage is a file and a line of the registry: the worker knows no stage by name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from factories import agency, fresh, label, pdf, take

from indexer.library.states import TRANSITIONS, State
from indexer.library.tables import DocumentRow
from indexer.pipeline import worker as worker_module
from indexer.pipeline.stages.registry import STAGES, stages
from indexer.pipeline.stages.stage import Change, Progress, Stage, StageFailedError
from services.components import Components


class Failing(Stage):
    """Cannot be done for any document."""

    name = "failing"

    def work(self, document_id: str, progress: Progress) -> Change:
        raise StageFailedError("too_blue", "Paint it red.")


class Patient(Failing):
    """Waits for all others, and is done at once."""

    after_all_others = True

    def work(self, document_id: str, progress: Progress) -> Change:
        return lambda session, row: setattr(row, "state", State.EXTRACTED)


@pytest.fixture
def components(tmp_path: Path) -> Iterator[Components]:
    opened = fresh(tmp_path / "home")
    agency(opened, "A")
    yield opened
    opened.close()


def bring(components: Components, text: str) -> str:
    return take(components, pdf(text), label(components, "A")).document_id


def step(components: Components, monkeypatch: pytest.MonkeyPatch, **others: type[Stage]) -> bool:
    """One step of a worker, some of whose stages are others."""

    def with_others(context):
        return stages(context) | {State[name]: stage(context, State[name]) for name, stage in others.items()}

    monkeypatch.setattr(worker_module, "stages", with_others)
    return components.worker().step()


def row_of(components: Components, document: str) -> DocumentRow:
    with components.database.reading() as session:
        return session.get_one(DocumentRow, document)


def test_every_state_that_something_is_to_follow_has_a_stage() -> None:
    at_rest = {State.TRANSLATED, State.QUARANTINED}
    assert set(STAGES) == set(State) - at_rest
    assert all(TRANSITIONS[state] or state is State.REMOVING for state in STAGES)


def test_what_a_stage_cannot_do_is_quarantined_in_its_words(components, monkeypatch) -> None:
    document = bring(components, "A paper about water.")
    assert step(components, monkeypatch, RECEIVED=Failing)
    row = row_of(components, document)
    assert (row.state, row.stage, row.code, row.message) == ("quarantined", "received", "too_blue", "Paint it red.")
    assert (row.lease_owner, row.lease_until) == ("", None)


def test_a_patient_stage_lets_all_others_go_first(components, monkeypatch) -> None:
    first, second = bring(components, "First."), bring(components, "Second.")
    components.worker().step()
    assert step(components, monkeypatch, RECEIVED=Patient)
    assert [row_of(components, each).state for each in (first, second)] == ["indexed", "received"]
    assert step(components, monkeypatch, RECEIVED=Patient)
    assert row_of(components, second).state == "extracted"
