"""Nobody stops it: what one person can send is bounded, refused in words, and written down."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from factories import agency, client, fresh, label, pdf, person, take

from indexer.engine import budget
from services.components import Components


@pytest.fixture(scope="module")
def components(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Components]:
    opened = fresh(tmp_path_factory.mktemp("bounds") / "home")
    agency(opened, "A")
    person(opened, "ann", "A", ["expert", "registrar"])
    take(opened, pdf("Water runs down the river."), label(opened, "A"))
    opened.worker().run()
    yield opened
    opened.close()


@pytest.mark.parametrize(("path", "body"), [("search", {"query": "water"}), ("suggest", {"prefix": "wat"})])
def test_a_search_over_its_budget_is_refused_and_in_the_trail(
    components: Components, monkeypatch: pytest.MonkeyPatch, path: str, body: dict[str, str]
) -> None:
    api = client(components, "ann")
    with monkeypatch.context() as patch:
        patch.setattr(budget, "MOST_POSTINGS", 0)
        refused = api.post(f"/api/{path}", json=body)
    assert (refused.status_code, refused.json()["code"]) == (503, "narrow_search")
    entry = list(components.trail.entries())[-1]
    assert (entry.actor, entry.action, entry.decision) == ("ann", path, "refused")
    assert '"rule": "budget"' in entry.detail
    assert api.post(f"/api/{path}", json=body).status_code == 200


def test_one_letter_is_no_beginning_to_suggest_words_for(components: Components) -> None:
    api = client(components, "ann")
    assert api.post("/api/suggest", json={"prefix": "ri"}).json()["terms"] == ["river"]
    assert api.post("/api/suggest", json={"prefix": "ri r"}).json()["terms"] == []
