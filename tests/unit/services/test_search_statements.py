"""A search asks the database few questions, however many hits it shows, and each by a key."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from factories import agency, client, fresh, person
from papers import Line, paper
from statements import statements

from indexer.library.tables import MeetingRow
from indexer.pipeline.reindex import reindex
from services.components import Components

PAPERS, MOST = 100, 10  # one of them asks for imported terms, one for words learned, one for pairs


@pytest.fixture(scope="module")
def components(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Components]:
    opened = fresh(tmp_path_factory.mktemp("statements") / "home")
    agency(opened, "A")
    person(opened, "reader", "A", ["expert"])
    with opened.database.session() as session:
        for at in range(PAPERS):
            session.add(MeetingRow(code=f"EM-{at}", title_en=f"Zeppelins, part {at}"))
            session.flush()
            lines = [Line("Water flows to the river.", "Вода течёт к реке."), Line("A treaty on water.", "Договор.")]
            paper(session, [lines, lines[:1]], title_en=f"Paper {at}", meeting=f"EM-{at}", pages=3)
    reindex(opened.database, opened.engine, lambda done, total: None)
    yield opened
    opened.close()


@pytest.mark.parametrize("query", ["water", '"water flows"', "zeppelins", "", "вода договор wat*"])
@pytest.mark.parametrize("limit", [1, 10, 100])
def test_the_statements_of_a_search_are_few(components: Components, query: str, limit: int) -> None:
    api = client(components, "reader")
    with statements(components) as asked:
        answered = api.post("/api/search", json={"query": query, "limit": limit})
    assert len(answered.json()["hits"]) == limit
    assert len(asked) <= MOST, "\n".join(statement for statement, _ in asked)


def test_no_statement_of_a_search_reads_all_sentences(components: Components) -> None:
    api = client(components, "reader")
    with statements(components) as asked:
        api.post("/api/search", json={"query": '"water flows" river'})
    plans = []
    with components.database.engine.connect() as connection:
        for statement, parameters in asked:
            if "segments" in statement:
                rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)  # type: ignore[arg-type]
                plans += [str(row[3]) for row in rows]
    assert any("SEARCH segments" in step for step in plans)
    assert not [step for step in plans if step.startswith("SCAN") and "CONSTANT" not in step], plans
