"""The queue: what was asked for first, then what is due and doubted; to different people different sentences."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from factories import agency, client, fresh, label, person
from papers import Line, paper
from races import together

from auth import policy
from auth.database import Database
from indexer.pairs.tables import PairRow
from services.components import Components

LINES = [
    Line("It is doubted.", "Сомнительно.", doubt="numbers"),
    Line("It is good.", "Хорошо."),
    Line("It is asked for.", "Просят."),
    Line("It is doubted, too.", "Тоже сомнительно.", doubt="length"),
]


@pytest.fixture
def components(tmp_path: Path) -> Iterator[Components]:
    opened = fresh(tmp_path / "home")
    agency(opened, "A")
    for name, roles in (("tom", ["translator"]), ("tina", ["translator"]), ("rob", ["reviewer"]), ("eve", ["expert"])):
        person(opened, name, "A", roles)
    person(opened, "low", "A", ["translator"], clearance="unclassified")
    yield opened
    opened.close()


def keep(components: Components, level: str = "restricted") -> str:
    database: Database = components.database
    with database.session() as session:
        rule = policy.keep_rule(session, label(components, "A", level).rule)
        row = paper(session, [LINES], state="received")
        row.rule = rule
        return row.id


def numbers(answer: Any) -> list[int]:
    return [each["number"] for each in answer.json()["segments"]]


def test_what_an_expert_asks_for_comes_first_and_what_is_good_does_not_come(components: Components) -> None:
    document = keep(components)
    api = client(components, "tom")
    assert numbers(api.get("/api/translations/queue")) == [0, 3]
    asked = client(components, "eve").post(f"/api/translations/{document}/segments/2/requests", json={"note": "Please"})
    assert asked.status_code == 204
    answer = api.get("/api/translations/queue")
    assert numbers(answer) == [2, 0, 3]
    assert answer.json()["segments"][0]["requested"] and not answer.json()["segments"][0]["doubted"]


def test_what_is_doubted_more_comes_first_and_is_told_in_steps(components: Components) -> None:
    doubts = ["length", "numbers", "copied", "symbols", "repeated", "of an older version"]
    with components.database.session() as session:
        row = paper(session, [[Line(f"Number {doubt}.", "Да.", doubt=doubt) for doubt in doubts]], state="received")
        row.rule = policy.keep_rule(session, label(components, "A", "restricted").rule)
    answer = client(components, "tom").get("/api/translations/queue")
    assert numbers(answer) == [2, 4, 1, 3, 0, 5]
    steps = [each["doubt"] for each in answer.json()["segments"]]
    assert steps == ["grave", "grave", "middle", "middle", "slight", "slight"]


def test_a_document_with_a_deadline_comes_before_others_and_all_of_it(components: Components) -> None:
    first, second = keep(components), keep(components)
    rob = client(components, "rob")
    body = {"username": "tom", "deadline": "2030-01-01"}
    assert rob.put(f"/api/translations/{first}/assignment", json=body).status_code == 204
    tom = client(components, "tom")
    segments = tom.get("/api/translations/queue").json()["segments"]
    assert [each["document_id"] for each in segments] == [first] * 4 + [second] * 2
    assert segments[0]["assignee"]["username"] == "tom"
    assert len(numbers(tom.get("/api/translations/queue?mine=true"))) == 4
    assert numbers(client(components, "tina").get("/api/translations/queue?mine=true")) == []
    for nobody in ("low", "eve", "no-such-person"):
        answer = rob.put(f"/api/translations/{first}/assignment", json={"username": nobody})
        assert (answer.status_code, answer.json()["code"]) == (422, "no_translator")


def test_the_queue_of_a_pair_holds_both_papers_for_those_who_read_both(components: Components) -> None:
    first, second, _ = papers = [keep(components, level) for level in ("restricted", "unclassified", "restricted")]
    with components.database.session() as session:
        for state, both in (("confirmed", papers[:2]), ("rejected", papers[1:])):
            session.add(PairRow(id=state, first=both[0], second=both[1], state=state, likeness=0.9))
    tom, low = client(components, "tom"), client(components, "low")
    assert len(numbers(low.get("/api/translations/queue"))) == 2
    segments = tom.get("/api/translations/queue?pair_id=confirmed").json()["segments"]
    assert {each["document_id"] for each in segments} == {first, second}
    taken = tom.post("/api/translations/queue/next", json={"pair_id": "confirmed"}).json()["segments"]
    assert taken[0]["document_id"] in (first, second)
    assert tom.get("/api/translations/queue?pair_id=rejected").json() == {"segments": []}
    for pair in ("confirmed", "never"):
        assert low.get(f"/api/translations/queue?pair_id={pair}").json() == {"segments": []}
        assert low.post("/api/translations/queue/next", json={"pair_id": pair}).json() == {"segments": []}


def test_those_who_take_the_next_at_once_get_different_ones(components: Components) -> None:
    keep(components)
    clients = [client(components, name) for name in ("tom", "tina")]
    assert [numbers(api.get("/api/translations/queue")) for api in clients] == [[0, 3], [0, 3]]
    answers = together(*(lambda api=api: api.post("/api/translations/queue/next", json={}) for api in clients))
    assert sorted(number for answer in answers for number in numbers(answer)) == [0, 3]
    assert numbers(clients[0].get("/api/translations/queue")) == numbers(answers[0])


def test_reviewers_get_what_was_submitted(components: Components) -> None:
    document = keep(components)
    tom, rob = client(components, "tom"), client(components, "rob")
    path = f"/api/translations/{document}/segments/0"
    seen = {"source_digest": tom.get(path).json()["segment"]["source_digest"], "version": 0}
    tom.put(path, json={**seen, "text": "Это сомнительно."})
    assert numbers(rob.get("/api/translations/queue?review=true")) == []
    tom.post(f"{path}/submission", json={**seen, "version": 1})
    assert numbers(rob.get("/api/translations/queue?review=true")) == [0]


def test_the_queue_holds_nothing_from_outside_the_scope(components: Components) -> None:
    document = keep(components)
    api = client(components, "low")
    for path in ("/api/translations/queue", f"/api/translations/queue?document_id={document}"):
        assert api.get(path).json() == {"segments": []}
    assert api.post("/api/translations/queue/next", json={"document_id": document}).json() == {"segments": []}
