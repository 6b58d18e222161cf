"""However many documents wait, a worker finds its next one by an index; what is begun is finished first."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from factories import fresh
from sqlalchemy import event, insert, text, update

from auth import policy
from auth.database import now
from auth.labels import SEALED
from indexer.extract.recogniser import Recogniser
from indexer.library.states import State
from indexer.library.tables import DocumentRow
from indexer.pipeline.lease import Lease
from indexer.translate.packages import Packages
from services.components import Components

WAITING = 3_000


@pytest.fixture
def components(database_url: str, tmp_path: Path) -> Iterator[Components]:
    opened = fresh(tmp_path / "home", database_url=database_url)
    yield opened
    opened.close()


def bring(components: Components, count: int, state: State, **more: Any) -> None:
    """Rows of documents in this state, the first taken in the longest ago."""
    begin = now() - timedelta(days=1)
    with components.database.session() as session:
        rule = policy.keep_rule(session, SEALED.rule)
        rows = [
            {
                "id": f"{state}-{number:05}",
                "rule": rule,
                "originators": "A",
                "state": state,
                "filename": "paper.pdf",
                "sha256": f"{state} {number}",
                "size": 1,
                "taken_at": begin + timedelta(seconds=number),
                "taken_by": "",
                "deletes_at": begin + timedelta(seconds=number) if state is State.REMOVING else None,
                **more,
            }
            for number in range(count)
        ]
        session.execute(insert(DocumentRow), rows)
    with components.database.engine.begin() as connection:
        connection.execute(text("ANALYZE"))


@contextmanager
def plans(components: Components) -> Iterator[list[str]]:
    """How the database goes about each query of documents meanwhile."""
    engine, seen = components.database.engine, []
    prefix = "EXPLAIN QUERY PLAN " if engine.dialect.name == "sqlite" else "EXPLAIN "

    def explain(connection: Any, cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if statement.startswith("SELECT") and "FROM documents" in statement:
            asking = cursor.connection.cursor()
            asking.execute(prefix + statement, parameters)
            seen.append("\n".join(str(row[-1]) for row in asking.fetchall()))

    event.listen(engine, "before_cursor_execute", explain)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", explain)


def claimed(components: Components, count: int) -> list[Lease]:
    worker = components.worker()
    claims = [worker._claim() for _ in range(count)]
    return [claim[1] for claim in claims if claim is not None]


@pytest.mark.parametrize("state", [State.RECEIVED, State.EXTRACTED, State.REMOVING])
def test_a_claim_reads_an_index_in_its_order(components: Components, state: State) -> None:
    bring(components, WAITING, state)
    bring(components, WAITING, State.TRANSLATED)
    with plans(components) as seen:
        assert [lease.document_id for lease in claimed(components, 2)] == [f"{state}-00000", f"{state}-00001"]
    index = "documents_deleted" if state is State.REMOVING else "documents_waiting"
    by_state = [plan for plan in seen if index in plan]
    assert by_state
    for plan in seen:
        assert "Sort" not in plan and "TEMP B-TREE FOR ORDER" not in plan and "Seq Scan" not in plan, plan
        assert "SCAN documents" not in plan or "INDEX" in plan, plan


def test_what_is_to_be_translated_is_found_by_an_index_too(
    components: Components, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Packages, "models", lambda _: ["a model"])
    monkeypatch.setattr(Packages, "fingerprint", lambda _: "m")
    bring(components, WAITING, State.INDEXED, models_tried="m")
    with components.database.session() as session:
        for number, tried in ((6, ""), (7, "z"), (8, ""), (9, "a")):
            one = update(DocumentRow).where(DocumentRow.id == f"indexed-{number:05}")
            session.execute(one.values(models_tried=tried))
    with plans(components) as seen:
        leases = claimed(components, 5)
    assert [lease.document_id[-1] for lease in leases] == ["8", "6", "9", "7"]  # never tried, the newest first
    assert any("documents_untried" in plan for plan in seen)


def test_what_is_to_be_recognised_is_found_by_an_index_too(
    components: Components, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Recogniser, "missing", lambda _: "")
    bring(components, WAITING, State.TRANSLATED)
    bring(components, WAITING, State.INDEXED, recognise="waiting")
    with plans(components) as seen:
        leases = claimed(components, 2)
    assert [lease.document_id for lease in leases] == ["indexed-00000", "indexed-00001"]
    assert any("documents_recognise" in plan for plan in seen)
    assert not any(
        "Sort" in plan or "TEMP B-TREE FOR ORDER" in plan or "Seq Scan on documents" in plan for plan in seen
    )


def test_what_is_begun_is_finished_first(components: Components) -> None:
    for state in (State.RECEIVED, State.EXTRACTED, State.REMOVING):
        bring(components, 1, state)
    states = [lease.state for lease in claimed(components, 4)]
    assert states == [State.REMOVING, State.EXTRACTED, State.RECEIVED]
