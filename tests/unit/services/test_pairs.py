"""Pairs over HTTP and at the console: who is told of them, who decides, what two translators at once are answered."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from factories import agency, client, fresh, pdf, person
from papers import Line, paper

from auth import policy
from auth.expression import ALWAYS
from auth.labels import ALL, ReadingRule
from indexer.library.tables import DocumentRow
from services.components import Components

BECAUSE = {"reason": "I have read both"}
ENGLISH = (
    "Each State should name one contact point.",
    "The court refused the evidence in 24 cases.",
    "Airlines send data.",
)
RUSSIAN = (
    "Каждому государству назначить одно контактное лицо.",
    "Суд отклонил доказательства в 42 делах.",
    "Авиакомпании передают данные.",
)


@pytest.fixture
def components(tmp_path: Path) -> Components:
    opened = fresh(tmp_path / "home")
    agency(opened, "KZ")
    person(opened, "vera", "KZ", ["translator"])
    person(opened, "oleg", "KZ", ["translator"])
    person(opened, "expert", "KZ", ["expert"])
    person(opened, "lower", "KZ", ["translator"], clearance="unclassified")
    yield opened
    opened.close()


@pytest.fixture
def both(components: Components) -> tuple[str, str]:
    """An open English paper and its Russian translation, which is confidential."""
    with components.database.session() as session:
        english = paper(session, [[Line(text) for text in ENGLISH]]).id
        russian = paper(session, [[Line(text, language="ru") for text in RUSSIAN]], language="ru").id
        session.get_one(DocumentRow, english).rule = policy.keep_rule(session, ReadingRule(10, ALL, ALWAYS))
        session.get_one(DocumentRow, russian).rule = policy.keep_rule(session, ReadingRule(30, ALL, ALWAYS))
    return english, russian


def made(components: Components, both: tuple[str, str]) -> str:
    """The pair that a translator makes, once a worker has been there."""
    answer = client(components, "vera").post("/api/pairs", json={"document_ids": list(both), **BECAUSE})
    assert answer.status_code == 201, answer.text
    worker = components.worker()
    while worker.pair():
        pass
    return answer.json()["pair_id"]


def test_a_translator_makes_a_pair_and_whoever_may_read_both_sees_it(components, both):
    pair_id = made(components, both)
    for name in ("vera", "expert"):
        shown = client(components, name).get(f"/api/documents/{both[0]}").json()
        assert (shown["pair_id"], shown["pair"]) == (pair_id, {"document_id": both[1], "language": "ru"})
        listed = client(components, name).get("/api/pairs").json()
        assert [(each["pair_id"], each["state"], each["decided_by"]) for each in listed["pairs"]] == [
            (pair_id, "confirmed", "vera")
        ]
    detail = client(components, "expert").get(f"/api/pairs/{pair_id}").json()
    assert [paper["language"] for paper in detail["pair"]["papers"]] == ["en", "ru"]
    assert detail["alignment"]["total"] == 3
    assert detail["alignment"]["beads"][1]["sides"]["ru"][0]["text"] == RUSSIAN[1]


def test_to_whoever_may_read_one_paper_alone_there_is_no_pair(components, both):
    pair_id = made(components, both)
    lower = client(components, "lower")
    shown = lower.get(f"/api/documents/{both[0]}").json()
    assert (shown["pair_id"], shown["pair"]) == (None, None)
    assert lower.get("/api/pairs").json() == {"total": 0, "pairs": []}
    absent = "0" * 32
    for path, body in (
        ("", None),
        ("/differences", None),
        ("/confirmation", BECAUSE),
        ("/rejection", BECAUSE),
        ("/corrections", {"version": 1, "kind": "join"}),
    ):
        answers = [
            lower.get(f"/api/pairs/{name}{path}") if body is None else lower.post(f"/api/pairs/{name}{path}", json=body)
            for name in (pair_id, absent)
        ]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert answers[0].content == answers[1].content
    tried = lower.post("/api/pairs", json={"document_ids": list(both), **BECAUSE})
    assert (tried.status_code, tried.json()["code"]) == (404, "no_pair")


def test_experts_decide_on_nothing(components, both):
    pair_id = made(components, both)
    expert = client(components, "expert")
    assert expert.post("/api/pairs", json={"document_ids": list(both), **BECAUSE}).status_code == 403
    assert expert.post(f"/api/pairs/{pair_id}/rejection", json=BECAUSE).status_code == 403


def test_a_pair_is_undone_as_easily_and_the_trail_has_who_and_why(components, both):
    pair_id = made(components, both)
    oleg = client(components, "oleg")
    assert oleg.post(f"/api/pairs/{pair_id}/rejection", json=BECAUSE).json()["state"] == "rejected"
    assert client(components, "expert").get(f"/api/documents/{both[0]}").json()["pair_id"] is None
    assert oleg.get("/api/pairs").json()["total"] == 0
    assert oleg.get("/api/pairs?state=rejected").json()["total"] == 1
    assert oleg.post(f"/api/pairs/{pair_id}/confirmation", json=BECAUSE).json()["state"] == "confirmed"
    decided = [entry for entry in components.trail.entries() if entry.action in ("pair", "unpair")]
    assert [(entry.actor, entry.action) for entry in decided] == [
        ("vera", "pair"),
        ("oleg", "unpair"),
        ("oleg", "pair"),
    ]
    assert {json.loads(entry.detail)["reason"] for entry in decided} == {BECAUSE["reason"]}


def test_a_translator_says_what_a_pair_lends_and_the_trail_has_it(components, both):
    pair_id = made(components, both)
    where, vera = f"/api/pairs/{pair_id}/lending", client(components, "vera")
    assert vera.get(f"/api/pairs/{pair_id}").json()["pair"]["lending"] == "ordinary"
    assert vera.put(where, json={"lending": "excluded", **BECAUSE}).json()["lending"] == "excluded"
    assert vera.put(where, json={"lending": "preferred", **BECAUSE}).json()["lending"] == "preferred"
    said = [json.loads(entry.detail) for entry in components.trail.entries() if entry.action == "pair_lending"]
    assert [(each["lending"], each["pair"], each["reason"]) for each in said] == [
        (lending, pair_id, BECAUSE["reason"]) for lending in ("excluded", "preferred")
    ]
    assert client(components, "expert").put(where, json={"lending": "excluded", **BECAUSE}).status_code == 403
    answers = [
        client(components, "lower").put(f"/api/pairs/{name}/lending", json={"lending": "excluded", **BECAUSE})
        for name in (pair_id, "0" * 32)
    ]
    assert [answer.status_code for answer in answers] == [404, 404] and answers[0].content == answers[1].content
    vera.post(f"/api/pairs/{pair_id}/rejection", json=BECAUSE)
    refused = vera.put(where, json={"lending": "excluded", **BECAUSE})
    assert (refused.status_code, refused.json()["code"]) == (422, "not_confirmed")


def test_two_translators_at_once_lose_nothing(components, both):
    where = f"/api/pairs/{made(components, both)}/corrections"
    vera, oleg = client(components, "vera"), client(components, "oleg")
    assert vera.post(where, json={"version": 1, "kind": "join", "place": 0}).json() == {"version": 2}
    refused = oleg.post(where, json={"version": 1, "kind": "unlink", "place": 2})
    assert (refused.status_code, refused.json()["code"]) == (409, "alignment_changed")
    current = refused.json()["current"]
    assert (current["version"], current["total"]) == (2, 2)
    assert current["beads"][0]["decided_by"] == "vera"
    assert oleg.post(where, json={"version": 2, "kind": "undo"}).json() == {"version": 3}
    assert oleg.post(where, json={"version": 3, "kind": "split", "place": 0, "en": 5}).status_code == 422


def test_the_differences_name_both_pages(components, both):
    pair_id = made(components, both)
    answer = client(components, "expert").get(f"/api/pairs/{pair_id}/differences").json()
    assert answer["counts"] == {"numbers": 1}
    (difference,) = answer["differences"]
    assert {language: side["only"] for language, side in difference["sides"].items()} == {"en": ["24"], "ru": ["42"]}
    assert [side["segments"][0]["page"] for side in difference["sides"].values()] == [1, 1]


def test_a_manifest_names_the_pairs(tolmach, tmp_path):
    (tmp_path / "one.pdf").write_bytes(pdf(*ENGLISH))
    (tmp_path / "two.pdf").write_bytes(pdf("Another paper about other things."))
    head, own = "file,originator,level,language,translation_of", "KZ,unclassified"
    rows = [head, f"one.pdf,{own},en,", f"two.pdf,{own},ru,one.pdf"]
    (tmp_path / "manifest.csv").write_text("\n".join(rows), encoding="utf-8")
    tolmach("init", "--json")
    tolmach("agency", "add", "KZ", "--name-en", "KZ", "--name-ru", "KZ", "--ceiling", "unclassified")
    taken = tolmach("ingest", "--manifest", str(tmp_path / "manifest.csv"), "--wait", "--json")
    one, two = (line["document_id"] for line in json.loads(taken.stdout)["documents"])
    undone = tolmach("unpair", one, two, "--reason", "They are not", "--json")
    assert json.loads(undone.stdout)["state"] == "rejected", undone.stderr
    again = tolmach("pair", two, one, "--reason", "They are", "--json")
    assert json.loads(again.stdout) == {"pair_id": json.loads(undone.stdout)["pair_id"], "state": "confirmed"}
    assert tolmach("unpair", one, one, "--reason", "They are not").returncode == 1
