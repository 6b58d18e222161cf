"""Searches that people keep are theirs alone and sealed; many at once are answered by line."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from factories import agency, client, fresh, label, pdf, person, take
from fastapi.testclient import TestClient
from races import together
from sqlalchemy import select, update

from auth import sessions
from auth.database import new_id
from auth.tables import PersonRow
from indexer.alerts import news
from indexer.engine.contract import EngineUnavailableError
from indexer.library.tables import DocumentRow, SavedSearchRow
from indexer.search import saved
from indexer.search.saved import MOST, NoSearchError, TooManySearchesError
from services.components import Components
from services.routes import searches

BODY = {"query": "verysecretword", "filters": {"language": ["ru"]}, "words": "all"}


@pytest.fixture(scope="module")
def components(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Components]:
    opened = fresh(tmp_path_factory.mktemp("saved") / "home")
    agency(opened, "A")
    agency(opened, "B")
    for name in ("ann", "bob"):
        person(opened, name, "A", ["expert"])
    person(opened, "cat", "B", ["expert"])
    take(opened, pdf("A paper on border control."), label(opened, "A", releasable_to="A"), title_en="=Border, paper")
    take(opened, pdf("A paper on camps."), label(opened, "A"), title_en="Camps")
    opened.worker().run()
    yield opened
    opened.close()


@pytest.fixture
def api(components: Components) -> TestClient:
    return client(components, "ann")


def person_id(components: Components, name: str) -> str:
    with components.database.reading() as session:
        return str(session.scalars(select(PersonRow.id).where(PersonRow.username == name)).one())


def keep(api: TestClient, **search: Any) -> dict[str, Any]:
    answered = api.post("/api/searches", json={"name": "Mine", "search": search})
    assert answered.status_code == 201, answered.text
    kept: dict[str, Any] = answered.json()
    return kept


def test_a_search_is_kept_listed_and_forgotten(api: TestClient) -> None:
    first, second = keep(api, **BODY), keep(api, query="second")
    listed = api.get("/api/searches").json()
    assert [each["search_id"] for each in listed][:2] == [second["search_id"], first["search_id"]]
    assert BODY.items() <= {**listed[1]["search"], "filters": {"language": ["ru"]}}.items()
    assert listed[1]["search"]["filters"]["language"] == ["ru"] and listed[1]["name"] == "Mine"
    assert api.post("/api/search", json=listed[1]["search"]).status_code == 200
    for each in (first, second):
        assert api.delete(f"/api/searches/{each['search_id']}").status_code == 204
    assert not api.get("/api/searches").json()
    assert api.delete(f"/api/searches/{first['search_id']}").status_code == 404


def test_another_sees_and_deletes_none_of_them(components: Components, api: TestClient) -> None:
    kept, bob = keep(api, **BODY), client(components, "bob")
    assert bob.get("/api/searches").json() == []
    refused = bob.delete(f"/api/searches/{kept['search_id']}")
    assert refused.status_code == 404
    assert refused.content == bob.delete(f"/api/searches/{new_id()}").content
    assert api.delete(f"/api/searches/{kept['search_id']}").status_code == 204


def test_nothing_that_was_asked_stands_open_in_the_database(components: Components, api: TestClient) -> None:
    kept = keep(api, **BODY)
    assert b"verysecretword" not in b"".join(each.read_bytes() for each in components.home.path.glob("tolmach.sqlite*"))
    assert api.delete(f"/api/searches/{kept['search_id']}").status_code == 204


def test_what_is_put_under_another_name_does_not_open(components: Components) -> None:
    ann, bob = person_id(components, "ann"), person_id(components, "bob")
    with components.database.session() as session:
        kept = saved.save(session, ann, "Mine", BODY)
        session.execute(update(SavedSearchRow).where(SavedSearchRow.id == kept.search_id).values(person=bob))
    with components.database.reading() as session:
        assert [(each.name, each.asked) for each in saved.of_person(session, bob)] == [("", {})]
    assert client(components, "bob").get("/api/searches").json()[0]["search"]["query"] == ""
    with components.database.session() as session:
        saved.forget(session, bob, kept.search_id)


def test_two_at_once_keep_no_more_than_one_person_may(components: Components) -> None:
    bob = person_id(components, "bob")
    with components.database.session() as session:
        for _ in range(MOST - 1):
            saved.save(session, bob, "x", {})

    def once_more() -> bool:
        try:
            with components.database.session() as session:
                saved.save(session, bob, "x", {})
        except TooManySearchesError:
            return False
        return True

    assert sorted(together(once_more, once_more)) == [False, True]
    with components.database.session() as session:
        kept = saved.of_person(session, bob)
        assert len(kept) == MOST
        for each in kept:
            saved.forget(session, bob, each.search_id)
        with pytest.raises(NoSearchError):
            saved.forget(session, bob, kept[0].search_id)


def batch(api: TestClient, *lines: str, **more: Any) -> list[dict[str, Any]]:
    answered = api.post("/api/search/batch", json={"lines": lines, **more})
    assert answered.status_code == 200, answered.text
    rows: list[dict[str, Any]] = answered.json()["rows"]
    return rows


def test_each_line_has_its_row_and_its_error(api: TestClient) -> None:
    rows = batch(api, "border", "", "x" * 5_000, "  camps ", "zeppelin", "ab* " * 60)
    assert [row["line"] for row in rows] == [1, 3, 4, 5, 6]
    border, long, camps, nothing, _ = rows
    assert (border["total"], border["title"]["en"], border["page"]) == (1, "=Border, paper", 1)
    assert "border" in border["text"] and border["label"]["level"] and not border["code"]
    assert (long["code"], long["total"]) == ("query_length", None) and "4000" in long["error"].replace(",", "")
    assert camps["query"] == "camps" and camps["total"] == 1
    assert (nothing["total"], nothing["document_id"], nothing["code"]) == (0, "", "")
    assert batch(api) == []


def test_a_line_finds_what_a_search_finds_and_no_more(components: Components, api: TestClient) -> None:
    cat = client(components, "cat")
    assert [row["total"] for row in batch(cat, "border", "camps")] == [0, 1]
    hit = api.post("/api/search", json={"query": "paper", "limit": 1}).json()["hits"][0]
    (row,) = batch(api, "paper")
    assert (row["document_id"], row["total"]) == (hit["document_id"], 2)
    assert batch(api, "border camps", words="all")[0]["total"] == 0
    assert batch(api, "paper", filters={"language": ["ru"]})[0]["total"] == 0


@pytest.mark.parametrize("way", [{"json": {"lines": ["border"], "format": "csv"}}, {"headers": {"accept": "text/csv"}}])
def test_rows_come_as_csv_in_which_nothing_is_a_formula(api: TestClient, way: dict[str, Any]) -> None:
    answered = api.post("/api/search/batch", **{"json": {"lines": ["border"]}, **way})
    assert answered.headers["content-type"].startswith("text/csv")
    (row,) = csv.DictReader(io.StringIO(answered.content.decode("utf-8-sig")))
    assert row["total"] == "1" and row["title"] == "'=Border, paper" and row["level"] and row["releasable_to"] == "A"


def test_what_is_no_batch_is_refused(api: TestClient) -> None:
    for body in ({"lines": ["x"] * 1_001}, {}, {"lines": "x"}, {"lines": ["x"], "format": "xml"}):
        assert api.post("/api/search/batch", json=body).status_code == 422


def test_every_line_stands_in_the_trail_as_a_search(components: Components, api: TestClient) -> None:
    before = components.trail.head()[0]
    batch(api, "border", "", "zeppelin")
    written = list(components.trail.entries(before + 1))
    assert [(each.action, each.decision) for each in written] == [
        ("search_lines", "allowed"),
        *[("search", "allowed")] * 2,
    ]
    assert not any(word in each.detail for each in written for word in ("border", "zeppelin"))


def test_the_rest_is_refused_when_the_session_ends_in_between(
    components: Components, monkeypatch: pytest.MonkeyPatch
) -> None:
    bob, rightly = client(components, "bob"), searches.searched

    def last_search(*asked: Any) -> Any:
        outcome = rightly(*asked)
        with components.database.session() as session:
            sessions.end_all(session, person_id(components, "bob"))
        return outcome

    monkeypatch.setattr(searches, "searched", last_search)
    first, second, third = batch(bob, "camps", "camps", "camps")
    assert first["total"] == 1 and not second["document_id"]
    assert [row["code"] for row in (second, third)] == ["not_signed_in"] * 2


def test_the_rest_is_refused_when_the_engine_fails(
    components: Components, api: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def failing(*about: Any, **more: Any) -> None:
        asked.append(about)
        raise EngineUnavailableError

    monkeypatch.setattr(components.engine, "search", failing)
    rows = batch(api, "one", "two", "three")
    assert [row["code"] for row in rows] == ["engine_unavailable"] * 3 and len(asked) == 1


def told(api: TestClient, search_id: str) -> dict[str, Any]:
    listed = api.get("/api/searches", params={"news": "true"}).json()
    news: dict[str, Any] = next(each["news"] for each in listed if each["search_id"] == search_id)
    return news


def test_news_are_what_came_since_one_looked(components: Components, api: TestClient) -> None:
    kept = keep(api, query="paper")
    assert told(api, kept["search_id"]) == {"total": 2, "new": 0, "papers": [], "code": ""}
    take(components, pdf("A paper on watchlists."), label(components, "A"), title_en="Watchlists")
    take(components, pdf("A paper for others."), label(components, "B", releasable_to="B"), title_en="Hidden")
    components.worker().run()
    news = told(api, kept["search_id"])
    assert (news["new"], [each["title"]["en"] for each in news["papers"]]) == (1, ["Watchlists"])
    assert told(api, kept["search_id"])["new"] == 1  # telling is not looking
    where = f"/api/searches/{kept['search_id']}/look"
    assert api.post(where, json={"document_ids": []}).status_code == 204
    assert told(api, kept["search_id"])["new"] == 1  # it was not named
    assert api.post(where, json={"document_ids": [news["papers"][0]["document_id"]]}).status_code == 204
    assert told(api, kept["search_id"])["new"] == 0
    assert client(components, "bob").post(where, json={}).status_code == 404
    assert api.delete(f"/api/searches/{kept['search_id']}").status_code == 204


def test_what_one_may_not_read_any_more_is_no_news(components: Components, api: TestClient) -> None:
    kept = keep(api, query="seldom")
    receipt = take(components, pdf("A seldom seen thing."), label(components, "A"), title_en="Seldom")
    components.worker().run()
    assert told(api, kept["search_id"])["new"] == 1
    with components.database.session() as session:
        session.get_one(DocumentRow, receipt.document_id).embargo_until = datetime(2099, 1, 1, tzinfo=UTC)
        session.get_one(DocumentRow, receipt.document_id).due_at = datetime(2020, 1, 1, tzinfo=UTC)
    assert told(api, kept["search_id"]) == {"total": 0, "new": 0, "papers": [], "code": ""}
    assert api.delete(f"/api/searches/{kept['search_id']}").status_code == 204


def test_news_of_too_many_papers_or_of_none_looked_at_are_not_told(
    components: Components, api: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = keep(api, query="paper")
    with components.database.session() as session:
        session.execute(update(SavedSearchRow).values(seen=""))
    assert told(api, kept["search_id"])["code"] == "not_looked"
    assert api.post(f"/api/searches/{kept['search_id']}/look", json={}).status_code == 204
    monkeypatch.setattr(news, "MOST_WATCHED", 1)
    assert told(api, kept["search_id"])["code"] == "too_many"
    assert api.delete(f"/api/searches/{kept['search_id']}").status_code == 204
