"""A hundred documents are removed while others search: nobody is answered by an error, and nobody is shown one."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from asgi_client import asked
from factories import agency, bearer, fresh, label, person
from sqlalchemy import select

from auth import policy
from auth.database import new_id
from indexer.library.tables import DocumentRow
from indexer.pipeline.stages.extract import keep_text
from indexer.segment.passages import Passage
from indexer.segment.segments import Segment
from services.app import create_app
from services.components import Components

REMOVED = 100
STAYING = 20
SEARCHERS = 3


@pytest.fixture
def components(tmp_path: Path) -> Iterator[Components]:
    made = fresh(tmp_path / "home")
    agency(made, "KZ")
    person(made, "reader", "KZ", ["expert"])
    for name in ("keeper", "second"):
        person(made, name, "KZ", ["registrar"])
    rule = label(made, "KZ").rule
    with made.database.session() as session:
        digest = policy.keep_rule(session, rule)
        for number in range(REMOVED + STAYING):
            row = DocumentRow(id=new_id(), rule=digest, originators="KZ", filename="x", sha256=str(number), size=0)
            row.taken_by, row.language, row.title_en = "test", "en", "x"
            session.add(row)
            session.flush()
            segments = [Segment(at, 1, f"zeppelin number {number}", "en", (), False) for at in range(8)]
            keep_text(session, row, [], segments, [Passage(at, 1, at, at) for at in range(8)])
    made.worker().run()
    yield made
    made.close()


def test_no_search_fails_and_none_shows_what_was_removed(components: Components) -> None:
    app = create_app(components)
    reader, keeper, second = (bearer(components, name) for name in ("reader", "keeper", "second"))
    with components.database.reading() as session:
        documents = list(session.scalars(select(DocumentRow.id).order_by(DocumentRow.id)).all())
    removed: list[str] = []
    over, failures = threading.Event(), list[str]()

    def search() -> None:
        while not over.is_set():
            gone = set(removed)
            body = {"query": "zeppelin", "limit": 50}
            status, _, content = asked(app, "POST", "/api/search", json=body, headers=reader)
            if status != 200:
                failures.append(f"{status} {content!r}")
                continue
            answer = json.loads(content)
            shown = {hit["document_id"] for hit in answer["hits"]}
            if shown & gone or not STAYING <= answer["total"] <= len(documents) - len(gone):
                failures.append(f"{answer['total']} after {len(gone)}")
            status, _, content = asked(app, "POST", "/api/suggest", json={"prefix": "zepp"}, headers=reader)
            if status != 200:
                failures.append(f"suggest: {status} {content!r}")

    threads = [threading.Thread(target=search) for _ in range(SEARCHERS)]
    for thread in threads:
        thread.start()
    for document_id in documents[:REMOVED]:
        where = f"/api/documents/{document_id}/removal"
        status, _, content = asked(app, "POST", where, json={"reason": "A mistake"}, headers=keeper)
        where = f"/api/proposals/{json.loads(content)['proposal_id']}/approval"
        status, _, content = asked(app, "POST", where, headers=second)
        if status >= 300:
            failures.append(f"removal: {status} {content!r}")
        removed.append(document_id)
        components.engine.tidy()  # as a worker does that is idle
    over.set()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(components.engine.holdings()) == STAYING
