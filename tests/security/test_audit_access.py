"""The trail is for whom the truth table says, and for nobody else; what it tells reaches nobody else either."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from factories import agency, client, fresh, label, pdf, person, take
from route_table import PLACES, ROUTES
from test_truth_table import GONE, World, everybody, opens, world

from auth.audit.entries import TrailError
from auth.people import Role
from auth.policy import Action
from services.components import Components

__all__ = ["world"]

PATHS = ("/api/audit", "/api/audit?limit=1&person=admin1", "/api/audit/checkpoint")


@everybody
def test_the_trail_is_for_the_roles_that_the_table_says(world: World, role: str, grant: str) -> None:
    answers = [world.api.get(path, headers=world.as_(role, grant)) for path in PATHS]
    wanted = 401 if grant in GONE else 200 if opens(role, grant, Action.AUDIT) else 403
    assert {answer.status_code for answer in answers} == {wanted}
    if wanted != 200:
        assert len({answer.content for answer in answers}) == 1
        assert "admin1" not in answers[0].text


@pytest.fixture
def busy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Components]:
    """A Tolmach with a person of every role and a document, in which much has happened."""
    components = fresh(tmp_path_factory.mktemp("busy") / "home")
    agency(components, "A")
    for role in Role:
        person(components, role, "A", [role])
    person(components, "reader", "A")
    take(components, pdf("A paper about zeppelins."), label(components, "A"))
    components.worker().run()
    yield components
    components.close()


def test_a_refusal_to_show_the_trail_is_in_the_trail(busy: Components) -> None:
    for who in ("expert", "registrar", "administrator"):
        assert client(busy, who).get("/api/audit").status_code == 403
    refused = [(entry.actor, entry.action, entry.decision) for entry in busy.trail.entries()][-3:]
    assert refused == [(who, "audit", "refused") for who in ("expert", "registrar", "administrator")]


def test_an_auditor_reads_the_trail_and_no_document(busy: Components) -> None:
    reader, auditor = client(busy, "expert"), client(busy, "auditor")
    [hit] = reader.post("/api/search", json={"query": "zeppelin"}).json()["hits"]
    assert hit["document_id"] in auditor.get("/api/audit").text
    for path in ("", "/file", "/pages/1", "/pages/1/image"):
        assert auditor.get(f"/api/documents/{hit['document_id']}{path}").status_code == 403
    assert auditor.post("/api/search", json={"query": "zeppelin"}).status_code == 403
    assert "eppelin" not in auditor.get("/api/audit?limit=200").text


def test_what_others_did_changes_no_answer_but_the_auditors(busy: Components) -> None:
    """Numbers of entries count what everybody does: nobody else is shown one."""
    calls = {
        "expert": [("POST", "/api/search", {"query": "zeppelin"}), ("POST", "/api/suggest", {"prefix": "ze"})],
        "registrar": [("GET", "/api/documents", None)],
        "administrator": [("GET", "/api/status", None), ("GET", "/api/audit", None)],
    }

    def answers() -> dict[tuple[str, str], tuple[int, list[tuple[bytes, bytes]], bytes]]:
        found = {}
        for who, asked in calls.items():
            api = client(busy, who)
            for method, path, body in asked:
                answer = api.request(method, path, json=body)
                found[who, path] = (answer.status_code, answer.headers.raw, answer.content)
        return found

    before, auditor = answers(), client(busy, "auditor")
    newest = auditor.get("/api/audit?limit=1").json()["entries"][0]["number"]
    for _ in range(5):
        client(busy, "expert").post("/api/search", json={"query": "something else"})
    assert answers() == before
    assert auditor.get("/api/audit?limit=1").json()["entries"][0]["number"] > newest + 5


@pytest.mark.parametrize("role", list(Role))
def test_where_the_trail_cannot_be_written_no_route_tells_or_does_anything(
    busy: Components, role: Role, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As every role, with a document and a person that are there."""
    api = client(busy, role)
    [hit] = client(busy, "expert").post("/api/search", json={"query": "zeppelin"}).json()["hits"]

    def fail(event: object) -> None:
        raise TrailError("disk full")

    monkeypatch.setattr(busy.trail, "record", fail)
    places = {**PLACES, "document_id": hit["document_id"], "username": "expert"}
    for (method, path), example in ROUTES.items():
        answer = api.request(method, path.format(**places), **example.call)
        if example.recorded:
            assert answer.status_code == 503, (method, path)
            assert "eppelin" not in answer.text and "disk" not in answer.text
    monkeypatch.undo()
    assert busy.trail.verify()
    assert client(busy, "expert").get(f"/api/documents/{hit['document_id']}").status_code == 200
