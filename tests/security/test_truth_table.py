"""`truth_table.toml` against the policy, the scope and the live API, in every combination that it names."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from factories import agency, bearer, client, fresh, label, pdf, person, principal, take
from fastapi.testclient import TestClient

from auth import explain, policy
from auth.database import now
from auth.labels import SEALED
from auth.people import Role
from auth.policy import Action
from auth.tables import PersonRow, RuleRow
from indexer.library import documents
from indexer.library.tables import DocumentRow
from indexer.pipeline.index_record import record_of
from services.components import Components

GONE = ("person left", "agency left")  # not let in at all
NOT_YET_OR_OVER = ("future", "ended")  # let in, and nothing open
UNREADABLE = "0" * 32


@cache
def table() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("truth_table.toml").read_text(encoding="utf-8"))


@cache
def matrix(name: str) -> dict[tuple[str, str], bool]:
    """One of the two tables: (row, column) → yes or no."""
    return {place: {"yes": True, "no": False}[cell] for place, cell in cells(name).items()}


def cells(name: str) -> dict[tuple[str, str], str]:
    """One of the tables: (row, column) → what stands there."""
    head, *rows = [[cell.strip() for cell in line.split("|")] for line in table()[name].strip().splitlines()]
    return {(row[0], column): cell for row in rows for column, cell in zip(head, row, strict=True) if column != head[0]}


ROLES = [role.value for role in Role]
GRANTS = list(table()["people"])
DOCUMENTS = list(table()["documents"])
LABELLED = [name for name in DOCUMENTS if table()["documents"][name]]
everybody = pytest.mark.parametrize(("role", "grant"), [(role, grant) for role in ROLES for grant in GRANTS])


def opens(role: str, grant: str, action: Action) -> bool:
    """Whether the role of somebody with this grant opens the action at all, now."""
    return matrix("roles")[role, action] and grant not in (*GONE, *NOT_YET_OR_OVER)


def allowed(role: str, grant: str, action: Action, document: str) -> bool:
    """What the two tables say together. Some actions have no document for their object."""
    return action not in policy.UNLABELLED and matrix("roles")[role, action] and matrix("grants")[grant, document]


@dataclass
class World:
    """Everybody and every document of the table, in one Tolmach."""

    components: Components
    api: TestClient
    documents: dict[str, str]  # name in the table → identifier
    tokens: dict[str, dict[str, str]]

    def as_(self, role: str, grant: str) -> dict[str, str]:
        return self.tokens[username(role, grant)]

    def label(self, document: str) -> Any:
        return label(self.components, **table()["documents"][document]) if table()["documents"][document] else SEALED


def username(role: str, grant: str) -> str:
    return f"{role}.{grant.replace(' ', '-')}"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    components = fresh(tmp_path_factory.mktemp("truth") / "home")
    for code, row in table()["agencies"].items():
        agency(components, code, **row)
    tokens = {username(role, grant): _person(components, role, grant) for role in ROLES for grant in GRANTS}
    made = World(components, client(components), {}, tokens)
    for name in LABELLED:
        made.documents[name] = take(components, pdf(f"The paper called {name}."), made.label(name)).document_id
    components.worker().run()
    made.documents["unreadable"] = _damaged(components, pdf("The label of this paper was damaged."), made.label("open"))
    yield made
    components.close()


def _person(components: Components, role: str, grant: str) -> dict[str, str]:
    row = table()["people"][grant]
    until = now() + timedelta(days=row["until"]) if "until" in row else None
    starts = now() + timedelta(days=row["from"])
    identifier = person(
        components, username(role, grant), row["agency"], [role], row["clearance"], row["words"], starts, until
    )
    headers = bearer(components, username(role, grant))
    with components.database.session() as session:
        session.get_one(PersonRow, identifier).active = not row.get("left", False)
    return headers


def _damaged(components: Components, content: bytes, under: Any) -> str:
    """A searchable document whose label can no longer be read."""
    identifier = take(components, content, under).document_id
    components.worker().run()
    with components.database.session() as session:
        session.add(RuleRow(digest=UNREADABLE, rule="[10, ALL"))
        session.flush()
        row = session.get_one(DocumentRow, identifier)
        row.rule = UNREADABLE
        components.engine.put([record_of(session, row)])
    return identifier


def test_the_tables_name_everything_once() -> None:
    assert set(matrix("roles")) == {(role, action) for role in ROLES for action in Action}
    assert set(matrix("grants")) == {(grant, document) for grant in GRANTS for document in DOCUMENTS}
    assert {matrix("grants")[grant, document] for grant in GRANTS for document in DOCUMENTS} == {True, False}
    assert {time for time, _ in matrix("times")} == set(TIMES)
    assert {action for _, action in matrix("times")} == {*BY_TIME, Action.SEARCH, Action.INTAKE, Action.REMOVE}


@everybody
def test_the_policy_decides_as_the_table_says(world: World, role: str, grant: str) -> None:
    who = principal(world.components, username(role, grant))
    assert (who is None) == (grant in GONE)
    if who is None:
        return
    for action in Action:
        assert policy.allows(who, action) == opens(role, grant, action), action
        for document in DOCUMENTS:
            wanted = allowed(role, grant, action, document)
            assert policy.permits(who, action, world.label(document)) == wanted, (action, document)


@everybody
def test_the_scope_holds_what_the_table_says(world: World, role: str, grant: str) -> None:
    who = principal(world.components, username(role, grant))
    if who is None:
        assert not any(matrix("grants")[grant, document] for document in DOCUMENTS)
        return
    with world.components.database.reading() as session:
        rules = {name: session.get_one(DocumentRow, world.documents[name]).rule for name in DOCUMENTS}
        for action in Action:
            scope = policy.scope_for(session, who, action)
            inside = {name for name, rule in rules.items() if scope.covers(rule)}
            assert inside == {name for name in DOCUMENTS if allowed(role, grant, action, name)}, action


@everybody
def test_the_api_opens_what_the_table_says(world: World, role: str, grant: str) -> None:
    for action, path in ((Action.READ, ""), (Action.DOWNLOAD, "/file")):
        for document in DOCUMENTS if opens(role, grant, action) else DOCUMENTS[:2]:
            answer = world.api.get(f"/api/documents/{world.documents[document]}{path}", headers=world.as_(role, grant))
            assert answer.status_code == status(role, grant, action, document, 200), (action, document)


def status(role: str, grant: str, action: Action, document: str, yes: int) -> int:
    """What the API answers."""
    if grant in GONE:
        return 401
    if not opens(role, grant, action):
        return 403
    return yes if allowed(role, grant, action, document) else 404


@everybody
def test_searching_and_listing_find_what_the_table_says(world: World, role: str, grant: str) -> None:
    headers = world.as_(role, grant)
    searched = world.api.post("/api/search", json={"query": "paper", "limit": 100}, headers=headers)
    listed = world.api.get("/api/documents?limit=200", headers=headers)
    for answer, action in ((searched, Action.SEARCH), (listed, Action.INTAKE)):
        if grant in GONE or not opens(role, grant, action):
            assert answer.status_code == (401 if grant in GONE else 403)
            continue
        found = answer.json()["hits"] if action == Action.SEARCH else answer.json()
        identifiers = {world.documents[name] for name in DOCUMENTS if allowed(role, grant, action, name)}
        assert {row["document_id"] for row in found} & set(world.documents.values()) == identifiers
        assert action == Action.INTAKE or answer.json()["total"] == len(identifiers)


@everybody
def test_the_status_is_for_the_roles_that_the_table_says(world: World, role: str, grant: str) -> None:
    answer = world.api.get("/api/status", headers=world.as_(role, grant))
    assert answer.status_code == (401 if grant in GONE else 200 if opens(role, grant, Action.STATUS) else 403)


# How each action of administration is asked for, and the answer where it is open. Nothing here changes anything.
ASKED: list[tuple[Action, str, str, dict[str, Any] | None, int]] = [
    (Action.ADMINISTER, "GET", "/api/people", None, 200),
    (Action.ADMINISTER, "GET", "/api/grants", None, 200),
    (Action.ADMINISTER, "PATCH", "/api/people/nobody", {"active": False, "reason": "test"}, 404),
    (Action.ADMINISTER, "PATCH", "/api/agencies/NONE", {"active": False, "reason": "test"}, 404),
    (Action.ADMINISTER, "POST", "/api/grants/none/end", {"reason": "test"}, 404),
    (Action.ADMINISTER, "POST", "/api/people/nobody/renewal", {"reason": "test"}, 404),
    (Action.PREVIEW, "POST", "/api/access/preview", {"change": {"kind": "disable_person", "username": "nobody"}}, 404),
    (Action.EXPLAIN, "POST", "/api/access/explain", {"username": "nobody", "document_id": UNREADABLE}, 404),
]


@everybody
def test_administering_is_for_the_roles_that_the_table_says(world: World, role: str, grant: str) -> None:
    for action, method, path, body, yes in ASKED:
        answer = world.api.request(method, path, json=body, headers=world.as_(role, grant))
        wanted = 401 if grant in GONE else yes if opens(role, grant, action) else 403
        assert answer.status_code == wanted, (action, path)


@everybody
def test_proposals_are_for_those_who_decide_on_access_or_on_labels(world: World, role: str, grant: str) -> None:
    answer = world.api.get("/api/proposals", headers=world.as_(role, grant))
    opened = opens(role, grant, Action.ADMINISTER) or opens(role, grant, Action.LABEL)
    assert answer.status_code == (401 if grant in GONE else 200 if opened else 403)


@everybody
def test_an_explanation_says_what_the_table_says(world: World, role: str, grant: str) -> None:
    with world.components.database.reading() as session:
        who = explain.standing(session, username(role, grant))
    for action in Action:
        for document in DOCUMENTS:
            found = explain.explain(who, action, world.label(document), world.components.scheme)
            assert found.allowed == allowed(role, grant, action, document), (action, document)


@everybody
def test_a_document_is_explained_to_those_who_may_read_it_alone(world: World, role: str, grant: str) -> None:
    for document in DOCUMENTS if opens(role, grant, Action.EXPLAIN) else DOCUMENTS[:1]:
        asked = {"username": username("expert", "current"), "document_id": world.documents[document]}
        answer = world.api.post("/api/access/explain", json=asked, headers=world.as_(role, grant))
        if opens(role, grant, Action.EXPLAIN) and allowed(role, grant, Action.READ, document):
            assert answer.json()["allowed"] == allowed("expert", "current", Action.READ, document), document
        else:
            wanted = 401 if grant in GONE else 404 if opens(role, grant, Action.EXPLAIN) else 403
            assert answer.status_code == wanted, document


@everybody
def test_removing_is_refused_where_the_table_says_no(world: World, role: str, grant: str) -> None:
    for document in DOCUMENTS if opens(role, grant, Action.REMOVE) else DOCUMENTS[:1]:
        wanted = status(role, grant, Action.REMOVE, document, 202)
        if wanted != 202:
            where = f"/api/documents/{world.documents[document]}/removal"
            assert world.api.post(where, json={"reason": "test"}, headers=world.as_(role, grant)).status_code == wanted


@pytest.mark.parametrize("grant", GRANTS)
def test_a_registrar_brings_in_and_proposes_to_remove_under_labels_that_the_table_opens(
    world: World, grant: str
) -> None:
    headers = world.as_("registrar", grant)
    for document in LABELLED:
        upload = {"file": ("paper.pdf", pdf(f"Brought under {document} by {grant}."), "application/pdf")}
        taken = world.api.post("/api/documents", data=table()["documents"][document], files=upload, headers=headers)
        wanted = status("registrar", grant, Action.INTAKE, document, 202)
        assert taken.status_code == (422 if wanted == 404 else wanted), document
        if wanted == 202:
            where = f"/api/documents/{taken.json()['document_id']}"
            removed = world.api.post(where + "/removal", json={"reason": "test"}, headers=headers)
            own = table()["people"][grant]["agency"] == table()["documents"][document]["originator"]
            assert removed.status_code == (202 if own else 422)
            assert world.api.get(where, headers=headers).status_code == 200


@everybody
def test_labels_and_holds_are_changed_where_the_table_says(world: World, role: str, grant: str) -> None:
    """The label stays what it is, and no hold is lifted that there was."""
    for document in DOCUMENTS if opens(role, grant, Action.LABEL) else DOCUMENTS[:1]:
        where, headers = f"/api/documents/{world.documents[document]}", world.as_(role, grant)
        relabelled = world.api.patch(where + "/label", json={"reason": "test"}, headers=headers)
        assert relabelled.status_code == status(role, grant, Action.LABEL, document, 200), document
        held = world.api.post(where + "/hold", json={"held": False, "reason": "test"}, headers=headers)
        assert held.status_code == status(role, grant, Action.LABEL, document, 200), document


TIMES = {
    "published": {},
    "under embargo": {"embargo_until": now() + timedelta(days=1)},
    "expired": {"expires_at": now() - timedelta(days=1)},
    "on hold": {},
}
BY_TIME = {Action.READ: ("GET", ""), Action.DOWNLOAD: ("GET", "/file"), Action.LABEL: ("PATCH", "/label")}


@pytest.fixture(scope="module")
def timely(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """An expert, a registrar, and a document of each time, all under one label that both satisfy."""
    components = fresh(tmp_path_factory.mktemp("times") / "home")
    agency(components, "ALFA")
    for role in ("expert", "registrar"):
        person(components, role, "ALFA", [role])
    made = World(
        components, client(components), {}, {role: bearer(components, role) for role in ("expert", "registrar")}
    )
    for name in TIMES:
        made.documents[name] = take(components, pdf(f"A paper that is {name}."), label(components, "ALFA")).document_id
    components.worker().run()
    with components.database.session() as session:
        for name, times in TIMES.items():
            row = session.get_one(DocumentRow, made.documents[name])
            row.embargo_until, row.expires_at = times.get("embargo_until"), times.get("expires_at")
            row.legal_hold, row.due_at = name == "on hold", now()
    yield made
    components.close()


@pytest.mark.parametrize("time", TIMES)
def test_a_scope_reaches_outside_a_documents_time_as_the_table_says(timely: World, time: str) -> None:
    for (row, action), yes in matrix("times").items():
        for role in ("expert", "registrar"):
            who = principal(timely.components, role)
            if row != time or row == "on hold" or who is None or not matrix("roles")[role, action]:
                continue
            with timely.components.database.reading() as session:
                scope = policy.scope_for(session, who, Action(action))
                assert (documents.get(session, scope, timely.documents[time]) is not None) == yes, (role, action)


@pytest.mark.parametrize("time", TIMES)
def test_the_api_keeps_to_a_documents_time_as_the_table_says(timely: World, time: str) -> None:
    where, open_now = f"/api/documents/{timely.documents[time]}", matrix("times")
    for role in ("expert", "registrar"):
        for action, (method, path) in BY_TIME.items():
            body = {"reason": "test"} if method == "PATCH" else None
            answer = timely.api.request(method, where + path, json=body, headers=timely.tokens[role])
            known = open_now[time, action] or role == "registrar"
            assert answer.status_code == (403 if not matrix("roles")[role, action] else 200 if known else 404)
    found = timely.api.post("/api/search", json={"limit": 100}, headers=timely.tokens["expert"]).json()["hits"]
    assert (timely.documents[time] in {hit["document_id"] for hit in found}) == open_now[time, Action.SEARCH]
    listed = timely.api.get("/api/documents?limit=200", headers=timely.tokens["registrar"]).json()
    assert (timely.documents[time] in {row["document_id"] for row in listed}) == open_now[time, Action.INTAKE]


def test_a_legal_hold_forbids_removal_and_nothing_else_does(timely: World) -> None:
    for time in reversed(TIMES):
        where = f"/api/documents/{timely.documents[time]}/removal"
        removed = timely.api.post(where, json={"reason": "test"}, headers=timely.tokens["registrar"])
        assert removed.status_code == (202 if matrix("times")[time, Action.REMOVE] else 409)


FAR = "2099-01-01T00:00:00Z"
CHANGES: dict[str, tuple[str, str, dict[str, Any]]] = {
    "stronger label": ("PATCH", "label", {"level": "confidential"}),
    "later review": ("PATCH", "label", {"review_on": "2099-01-01"}),
    "weaker label": ("PATCH", "label", {"level": "unclassified"}),
    "earlier expiry": ("PATCH", "label", {"expires_at": FAR}),
    "embargo by now": ("PATCH", "label", {"embargo_until": FAR}),
    "hold": ("POST", "hold", {"held": True}),
    "end of a hold": ("POST", "hold", {"held": False}),
    "removal": ("POST", "removal", {}),
}


@pytest.mark.parametrize("whose", ["of the originator", "of another agency"])
@pytest.mark.parametrize("change", CHANGES)
def test_what_ends_or_weakens_waits_as_the_table_says(world: World, change: str, whose: str) -> None:
    method, path, body = CHANGES[change]
    under = label(world.components, "ALFA", "restricted", "ALL")
    document = take(world.components, pdf(f"A paper for {change} {whose}."), under).document_id
    world.components.worker().run()
    with world.components.database.session() as session:
        session.get_one(DocumentRow, document).legal_hold = change == "end of a hold"
    headers = world.as_("registrar", "current" if whose == "of the originator" else "other agency")
    where = f"/api/documents/{document}/{path}"
    answer = world.api.request(method, where, json={"reason": "test", **body}, headers=headers)
    assert answer.json().get("state", "refused") == cells("handling")[change, whose], answer.json()
    assert (answer.status_code == 422) == (cells("handling")[change, whose] == "refused")


def test_the_table_of_changes_names_each() -> None:
    assert {change for change, _ in cells("handling")} == {*CHANGES}
