"""Administration over the API: what is done, what waits, who is told which half of a code, and what the trail keeps."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from factories import EVER, agency, client, fresh, label, pdf, person, principal, take
from fastapi.testclient import TestClient

from auth import passwords, people, policy
from auth.audit.entries import TrailError
from auth.changes import proposals
from auth.database import now
from auth.people import READING_ROLES, Role
from auth.policy import Action
from auth.signin import one_time_codes
from auth.tables import GrantRow, PersonRow
from services.components import Components

WHY = {"reason": "because of the workshop"}
ABSENT = "0" * 32
TERMS = {"role": "expert", "clearance": "confidential", "need_to_know": ["x", "y"]}


def peopled(home: Path) -> Components:
    """Three administrators, a registrar, an expert, an auditor, and one who holds nothing."""
    opened = fresh(home)
    agency(opened, "A", "confidential")
    agency(opened, "B")
    for name in ("adm1", "adm2", "adm3"):
        person(opened, name, "B", ["administrator"])
    person(opened, "ann", "A", ["expert"], "restricted", ["x"])
    person(opened, "reg", "A", ["registrar"])
    person(opened, "aud", "B", ["auditor"])
    person(opened, "lowest", "A")
    return opened


@pytest.fixture
def components(tmp_path: Path) -> Iterator[Components]:
    """A Tolmach of one's own."""
    opened = peopled(tmp_path / "home")
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def still(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Components]:
    """A Tolmach for tests that change nothing."""
    opened = peopled(tmp_path_factory.mktemp("still") / "home")
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def apis(still: Components) -> dict[str, TestClient]:
    """Everybody of it, signed in."""
    return {name: client(still, name) for name in ("adm1", "ann", "reg", "aud", "lowest")}


@pytest.fixture
def adm1(components: Components) -> TestClient:
    return client(components, "adm1")


@pytest.fixture
def adm2(components: Components) -> TestClient:
    return client(components, "adm2")


def done(answer: Any) -> None:
    assert answer.status_code == 200, answer.text
    assert answer.json() == {"state": "done", "proposal_id": None, "code": None}


def waits(answer: Any) -> str:
    assert answer.status_code == 200, answer.text
    assert answer.json()["state"] == "waiting"
    return answer.json()["proposal_id"]


def refused(answer: Any, status: int, says: str) -> None:
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert says in answer.json()["detail"]


def trail(components: Components, action: str) -> list[tuple[str, str, str, dict[str, Any]]]:
    """Entries of an action: who, object, decision, detail."""
    return [
        (entry.actor, entry.object, entry.decision, json.loads(entry.detail))
        for entry in components.trail.entries()
        if entry.action == action
    ]


def approve(api: TestClient, proposal_id: str) -> Any:
    return api.post(f"/api/proposals/{proposal_id}/approval")


def refuse(api: TestClient, proposal_id: str) -> Any:
    return api.post(f"/api/proposals/{proposal_id}/refusal", json={"reason": "not now"})


# ---------------------------------------------------------------------------------------------------- agencies


def test_an_agency_is_added_changed_and_listed(components: Components, adm1: TestClient, adm2: TestClient) -> None:
    new = {"code": "NEW", "name_en": "New", "name_ru": "Новое", "ceiling": "Confidential"}
    done(adm1.post("/api/agencies", json=new | WHY))
    done(adm1.patch("/api/agencies/NEW", json={"ceiling": "restricted"} | WHY))
    waiting = waits(adm1.patch("/api/agencies/NEW", json={"name_ru": "Новейшее"} | WHY))
    assert {row["code"]: row["name_ru"] for row in adm1.get("/api/agencies").json()}["NEW"] == "Новое"
    assert approve(adm2, waiting).status_code == 200
    done(adm1.patch("/api/agencies/NEW", json={"active": False} | WHY))
    listed = {row["code"]: row for row in adm1.get("/api/agencies").json()}
    assert listed["NEW"] == new | {"name_ru": "Новейшее", "ceiling": "restricted", "active": False}
    assert trail(components, "add_agency")[-1] == (
        "adm1",
        "NEW",
        "allowed",
        {"name_en": "New", "name_ru": "Новое", "ceiling": "confidential"} | WHY,
    )
    assert [entry[3] for entry in trail(components, "change_agency")] == [
        {"ceiling": "restricted"} | WHY,
        {"name_ru": "Новейшее", "proposal": waiting} | WHY,
        {"name_ru": "Новейшее", "proposal": waiting, "proposed_by": "adm1"} | WHY,
        {"active": 0} | WHY,
    ]


def test_an_agency_that_may_read_as_much_as_any_waits(adm1: TestClient, adm2: TestClient) -> None:
    top = {"code": "TOP", "name_en": "Top", "name_ru": "Верх", "ceiling": "strictly-confidential"}
    waiting = waits(adm1.post("/api/agencies", json=top | WHY))
    assert "TOP" not in {row["code"] for row in adm1.get("/api/agencies").json()}
    assert approve(adm2, waiting).status_code == 200
    assert "TOP" in {row["code"] for row in adm1.get("/api/agencies").json()}


def test_a_higher_ceiling_waits_and_is_counted_when_it_is_approved(
    components: Components, adm1: TestClient, adm2: TestClient
) -> None:
    waiting = waits(adm1.patch("/api/agencies/A", json={"ceiling": "strictly-confidential"} | WHY))
    assert {row["code"]: row["ceiling"] for row in adm1.get("/api/agencies").json()}["A"] == "confidential"
    assert approve(adm2, waiting).json() == {"state": "done", "code": None}
    assert {row["code"]: row["ceiling"] for row in adm1.get("/api/agencies").json()}["A"] == "strictly-confidential"
    assert trail(components, "change_agency") == [
        ("adm1", "A", "proposed", {"ceiling": "strictly-confidential", "proposal": waiting} | WHY),
        (
            "adm2",
            "A",
            "allowed",
            {"ceiling": "strictly-confidential", "proposal": waiting, "proposed_by": "adm1"} | WHY,
        ),
    ]


@pytest.mark.parametrize("name", ["ann", "reg", "aud", "lowest"])
def test_everybody_is_told_codes_and_names_of_agencies_and_nothing_more(
    still: Components, apis: dict[str, TestClient], name: str
) -> None:
    rows = apis[name].get("/api/agencies").json()
    assert {"code": "A", "name_en": "A", "name_ru": "A", "ceiling": None, "active": None} in rows
    assert all((row["ceiling"], row["active"]) == (None, None) for row in rows)
    assert trail(still, "list_agencies")[-1][:3] == (name, "", "allowed")


# ---------------------------------------------------------------------------------------------- people, grants


def test_a_person_with_grants_waits_and_signs_in_with_both_halves(
    components: Components, adm1: TestClient, adm2: TestClient
) -> None:
    new = {
        "username": "new",
        "name": "New Person",
        "agency": "A",
        "grants": [TERMS, {"role": "registrar", "clearance": "restricted"}],
    }
    outcome = adm1.post("/api/people", json=new | WHY)
    waiting, first = waits(outcome), outcome.json()["code"]
    assert principal(components, "new") is None
    second = approve(adm2, waiting).json()["code"]
    with components.database.reading() as session:
        row = people.the_person(session, "new")
        assert passwords.matches(one_time_codes.canonical(first + second), row.password)
        assert row.code_until is not None
    listed_row = next(row for row in adm1.get("/api/people").json() if row["username"] == "new")
    assert (listed_row["name"], listed_row["agency"], listed_row["active"], listed_row["second_factor"]) == (
        "New Person",
        "A",
        True,
        False,
    )
    assert listed_row["code_until"] is not None
    grants = sorted((g["role"], g["clearance"], tuple(g["need_to_know"]), g["state"]) for g in listed_row["grants"])
    assert grants == [("expert", "confidential", ("x", "y"), "holds"), ("registrar", "restricted", (), "holds")]
    written = "".join(entry.detail for entry in components.trail.entries())
    for secret in (first, second, row.password):
        assert secret not in written


def test_a_person_without_a_grant_is_added_at_once_and_cannot_sign_in(components: Components, adm1: TestClient) -> None:
    done(adm1.post("/api/people", json={"username": "new", "name": "New", "agency": "A"} | WHY))
    for password in ("", "new", "anything at all"):
        answer = client(components).post("/api/session", json={"username": "new", "password": password})
        assert answer.status_code in (401, 422)


def test_disabling_is_at_once_and_enabling_waits(components: Components, adm1: TestClient, adm2: TestClient) -> None:
    ann = client(components, "ann")
    assert ann.get("/api/me").status_code == 200
    done(adm1.patch("/api/people/ann", json={"active": False} | WHY))
    assert ann.get("/api/me").status_code == 401
    waiting = waits(adm1.patch("/api/people/ann", json={"active": True} | WHY))
    assert principal(components, "ann") is None
    assert approve(adm2, waiting).status_code == 200
    assert principal(components, "ann") is not None
    assert ann.get("/api/me").status_code == 401  # the old session stays over


def test_a_renewal_is_told_in_halves(components: Components, adm1: TestClient, adm2: TestClient) -> None:
    ann = client(components, "ann")
    outcome = adm1.post("/api/people/ann/renewal", json=WHY)
    waiting, first = waits(outcome), outcome.json()["code"]
    assert ann.get("/api/me").status_code == 200
    second = approve(adm2, waiting).json()["code"]
    assert ann.get("/api/me").status_code == 401
    with components.database.reading() as session:
        assert passwords.matches(one_time_codes.canonical(first + second), people.the_person(session, "ann").password)


def test_a_grant_is_added_and_ended(components: Components, adm1: TestClient, adm2: TestClient) -> None:
    until = now() + timedelta(days=30)
    body = {"username": "lowest", **TERMS, "ends": until.isoformat()} | WHY
    waiting = waits(adm1.post("/api/grants", json=body))
    assert not principal(components, "lowest").grants
    assert approve(adm2, waiting).status_code == 200
    [grant] = [row for row in adm1.get("/api/grants").json() if row["username"] == "lowest"]
    assert (grant["role"], grant["clearance"], grant["need_to_know"], grant["state"]) == (
        "expert",
        "confidential",
        ["x", "y"],
        "holds",
    )
    sooner = (now() + timedelta(days=3)).isoformat()
    done(adm2.post(f"/api/grants/{grant['grant_id']}/end", json={"ends": sooner} | WHY))
    assert principal(components, "lowest").grants
    done(adm2.post(f"/api/grants/{grant['grant_id']}/end", json=WHY))
    assert not principal(components, "lowest").grants
    assert [row["state"] for row in adm1.get("/api/grants").json() if row["username"] == "lowest"] == ["over"]
    _, about, decision, detail = trail(components, "end_grant")[-1]
    assert (about, decision, detail) == ("lowest", "allowed", {"grant_id": grant["grant_id"], "role": "expert"} | WHY)


def test_grants_say_whether_they_hold(components: Components, adm1: TestClient) -> None:
    for name, starts, ends in (("to-come", 1, None), ("over", -2, -1), ("never", 1, 0)):
        until = None if ends is None else now() + timedelta(days=ends)
        person(components, name, "A")
        with components.database.session() as session:
            at = people.the_person(session, name).id
            session.add(
                GrantRow(person=at, role="expert", clearance=10, starts=now() + timedelta(days=starts), ends=until)
            )
    states = {row["username"]: row["state"] for row in adm1.get("/api/grants").json()}
    assert (states["to-come"], states["over"], states["never"], states["ann"]) == ("to_come", "over", "over", "holds")


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "says"),
    [
        (
            "POST",
            "/api/agencies",
            {"code": "A", "name_en": "A", "name_ru": "A", "ceiling": "confidential"},
            422,
            "already",
        ),
        (
            "POST",
            "/api/agencies",
            {"code": "a", "name_en": "A", "name_ru": "A", "ceiling": "confidential"},
            422,
            "capital",
        ),
        ("POST", "/api/agencies", {"code": "C", "name_en": "A", "name_ru": "A", "ceiling": "top"}, 422, "no level"),
        ("PATCH", "/api/agencies/NONE", {"ceiling": "confidential"}, 404, "no agency NONE"),
        ("PATCH", "/api/agencies/A", {}, 422, "like that already"),
        ("PATCH", "/api/agencies/A", {"ceiling": "top"}, 422, "no level"),
        ("POST", "/api/people", {"username": "ann", "name": "A", "agency": "A"}, 422, "already"),
        ("POST", "/api/people", {"username": "operator", "name": "A", "agency": "A"}, 422, "operator"),
        ("POST", "/api/people", {"username": "new", "name": "A", "agency": "NONE"}, 404, "no agency"),
        ("PATCH", "/api/people/nobody", {"active": False}, 404, "no person nobody"),
        ("PATCH", "/api/people/ann", {"active": True}, 422, "active already"),
        ("POST", "/api/people/nobody/renewal", {}, 404, "no person nobody"),
        (
            "POST",
            "/api/grants",
            {"username": "ann", "role": "administrator", "clearance": "restricted"},
            422,
            "and read",
        ),
        ("POST", "/api/grants", {"username": "nobody", **TERMS}, 404, "no person"),
        ("POST", "/api/grants", {"username": "lowest", **TERMS, "ends": "2001-01-01T00:00:00Z"}, 422, "in the future"),
        ("POST", f"/api/grants/{ABSENT}/end", {}, 404, "no such grant"),
    ],
)
def test_what_makes_no_sense_is_refused_with_what_to_do(
    apis: dict[str, TestClient], method: str, path: str, body: dict[str, Any], status: int, says: str
) -> None:
    refused(apis["adm1"].request(method, path, json=body | WHY), status, says)
    assert apis["adm1"].get("/api/proposals").json() == []


CHANGES = [
    ("POST", "/api/agencies", {"code": "C", "name_en": "C", "name_ru": "C", "ceiling": "confidential"}),
    ("PATCH", "/api/agencies/A", {"name_en": "C"}),
    ("POST", "/api/people", {"username": "new", "name": "N", "agency": "A"}),
    ("PATCH", "/api/people/ann", {"active": False}),
    ("POST", "/api/people/ann/renewal", {}),
    ("POST", "/api/grants", {"username": "lowest", **TERMS}),
    ("POST", f"/api/grants/{ABSENT}/end", {}),
    ("POST", f"/api/proposals/{ABSENT}/refusal", {}),
]


@pytest.mark.parametrize(("method", "path", "body"), CHANGES)
@pytest.mark.parametrize("reason", [None, "", "no", "x" * 2001, 7, "missing"])
def test_every_change_needs_a_reason(
    apis: dict[str, TestClient], method: str, path: str, body: dict[str, Any], reason: Any
) -> None:
    sent = body if reason == "missing" else body | {"reason": reason}
    answer = apis["adm1"].request(method, path, json=sent)
    assert answer.status_code == 422 and "errors" in answer.json()


@pytest.mark.parametrize(("method", "path", "body"), CHANGES)
def test_a_field_that_is_not_known_is_refused(
    apis: dict[str, TestClient], method: str, path: str, body: dict[str, Any]
) -> None:
    answer = apis["adm1"].request(method, path, json=body | WHY | {"code_hash": "x"})
    assert answer.status_code == 422 and "code_hash" in str(answer.json()["errors"])


@pytest.mark.parametrize(
    "ends",
    [
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-12:00",
        "2030-01-01T00:00:00",
        "tomorrow",
        "2030-02-30T00:00:00Z",
    ],
)
def test_a_moment_without_a_zone_or_off_the_calendar_is_refused(apis: dict[str, TestClient], ends: str) -> None:
    assert apis["adm1"].post("/api/grants", json={"username": "lowest", **TERMS, "ends": ends} | WHY).status_code == 422


@pytest.mark.parametrize(("method", "path", "body"), CHANGES)
@pytest.mark.parametrize("name", ["ann", "reg", "aud", "lowest"])
def test_only_administrators_change_anything(
    still: Components, apis: dict[str, TestClient], name: str, method: str, path: str, body: dict[str, Any]
) -> None:
    if name == "reg" and path.startswith("/api/proposals/"):  # registrars decide on labels: to them it is absent
        refused(apis[name].request(method, path, json=body | WHY), 404, "no such proposal")
        return
    refused(apis[name].request(method, path, json=body | WHY), 403, "None of your roles")
    assert trail(still, Action.ADMINISTER)[-1] == (name, "", "refused", {"rule": "role"})


# ------------------------------------------------------------------------------------------------- proposals


def test_proposals_are_listed_as_they_are_asked_for(components: Components, adm1: TestClient, adm2: TestClient) -> None:
    first = waits(adm1.post("/api/grants", json={"username": "lowest", **TERMS} | WHY))
    second = waits(adm2.post("/api/people/ann/renewal", json=WHY))
    rows = adm1.get("/api/proposals").json()
    assert [(row["proposal_id"], row["kind"], row["proposed_by"]) for row in rows] == [
        (first, "access", "adm1"),
        (second, "access", "adm2"),
    ]
    assert all(row["reason"] == WHY["reason"] for row in rows)
    assert rows[0]["change"] == {"kind": "add_grant", "username": "lowest", **TERMS, "starts": None, "ends": None}
    assert rows[1]["change"] == {"kind": "renew_sign_in", "username": "ann"}
    assert adm2.post("/api/access/preview", json={"change": rows[0]["change"]}).status_code == 200


def test_who_may_not_decide_is_told_so_and_the_trail_has_it(components: Components, adm1: TestClient) -> None:
    waiting = waits(adm1.post("/api/people/adm2/renewal", json=WHY))
    refused(approve(adm1, waiting), 409, "proposed yourself")
    refused(approve(client(components, "adm2"), waiting), 409, "gives you something")
    assert [entry[:3] for entry in trail(components, "approve_proposal")] == [
        ("adm1", waiting, "refused"),
        ("adm2", waiting, "refused"),
    ]
    assert approve(client(components, "adm3"), waiting).status_code == 200


def test_a_refused_proposal_is_gone_and_the_trail_says_by_whom_and_why(
    components: Components, adm1: TestClient, adm2: TestClient
) -> None:
    waiting = waits(adm1.post("/api/grants", json={"username": "lowest", **TERMS} | WHY))
    assert refuse(adm2, waiting).status_code == 204
    assert adm1.get("/api/proposals").json() == []
    actor, about, decision, detail = trail(components, "add_grant")[-1]
    assert (actor, about, decision) == ("adm2", "lowest", "refused")
    assert (detail["reason"], detail["proposed_by"], detail["proposal"]) == ("not now", "adm1", waiting)
    assert approve(adm2, waiting).status_code == 404


def test_a_proposal_that_is_not_there_or_not_theirs_is_the_same_404(components: Components, adm1: TestClient) -> None:
    waiting = waits(adm1.post("/api/grants", json={"username": "lowest", **TERMS} | WHY))
    assert refuse(adm1, waiting).status_code == 204
    with components.database.session() as session:
        other = proposals.propose(session, "another kind", "{}", "because", principal(components, "adm1"), "").id
    for call in (approve, refuse):
        answers = {
            (answer.status_code, answer.content, tuple(answer.headers.items()))
            for answer in (call(adm1, identifier) for identifier in (waiting, other, ABSENT, "x"))
        }
        assert len(answers) == 1 and answers.pop()[0] == 404


@pytest.mark.parametrize("name", ["ann", "aud", "lowest"])
def test_who_decides_on_nothing_is_forbidden_to_look(components: Components, adm1: TestClient, name: str) -> None:
    waiting = waits(adm1.post("/api/grants", json={"username": "lowest", **TERMS} | WHY))
    api = client(components, name)
    assert api.get("/api/proposals").status_code == 403
    for identifier in (waiting, ABSENT):
        assert approve(api, identifier).status_code == 403
        assert refuse(api, identifier).status_code == 403


def test_an_approval_that_fails_leaves_the_proposal_waiting(
    components: Components, adm1: TestClient, adm2: TestClient
) -> None:
    waiting = waits(adm1.post("/api/grants", json={"username": "lowest", **TERMS} | WHY))
    done(adm1.patch("/api/agencies/A", json={"active": False} | WHY))
    refused(approve(adm2, waiting), 422, "no longer takes part")
    assert [row["proposal_id"] for row in adm2.get("/api/proposals").json()] == [waiting]


def test_the_last_two_administrators_stay(components: Components, adm1: TestClient) -> None:
    done(adm1.patch("/api/people/adm3", json={"active": False} | WHY))
    for name in ("adm1", "adm2"):
        refused(adm1.patch(f"/api/people/{name}", json={"active": False} | WHY), 422, "fewer than two")
    grants = {row["username"]: row["grant_id"] for row in adm1.get("/api/grants").json()}
    refused(adm1.post(f"/api/grants/{grants['adm2']}/end", json=WHY), 422, "fewer than two")
    refused(adm1.patch("/api/agencies/B", json={"active": False} | WHY), 422, "fewer than two")


@pytest.mark.parametrize(("method", "path", "body"), CHANGES[:6])
def test_what_the_trail_cannot_tell_is_not_done(
    components: Components,
    adm1: TestClient,
    monkeypatch: pytest.MonkeyPatch,
    method: str,
    path: str,
    body: dict[str, Any],
) -> None:
    def fails(_: object) -> None:
        raise TrailError("the disk is full")

    def state() -> list[Any]:
        with components.database.reading() as session:
            names = [(row.username, row.active, row.password) for row in people.people(session)]
            return [names, [(row.code, row.name_en) for row in people.agencies(session)]]

    before = state()
    monkeypatch.setattr(components.trail, "record", fails)
    assert adm1.request(method, path, json=body | WHY).status_code == 503
    monkeypatch.undo()
    assert state() == before
    assert adm1.get("/api/proposals").json() == []


def test_an_approval_that_the_trail_cannot_tell_is_not_made(
    components: Components, adm1: TestClient, adm2: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting = waits(adm1.post("/api/grants", json={"username": "lowest", **TERMS} | WHY))

    def fails(_: object) -> None:
        raise TrailError("the disk is full")

    monkeypatch.setattr(components.trail, "record", fails)
    assert approve(adm2, waiting).status_code == 503
    monkeypatch.undo()
    assert not principal(components, "lowest").grants
    assert approve(adm2, waiting).status_code == 200


# ------------------------------------------------------------------------------------------- roles, preview, explain


def test_the_roles_are_the_policys_table(apis: dict[str, TestClient]) -> None:
    answered = apis["lowest"].get("/api/roles").json()
    assert {row["role"]: set(row["actions"]) for row in answered["roles"]} == {
        role.value: {action.value for action in Action if role in policy.TABLE[action]} for role in Role
    }
    assert {row["role"] for row in answered["roles"] if row["reads"]} == {role.value for role in READING_ROLES}
    assert answered["discloses"] == {action.value: text for action, text in policy.DISCLOSES.items()}


def test_a_preview_counts_and_tells_no_document(components: Components, adm1: TestClient) -> None:
    identifiers = [
        take(components, pdf(f"Zeppelin {at}."), label(components, "A", "confidential", need_to_know="x")).document_id
        for at in range(2)
    ]
    change = {"kind": "disable_person", "username": "ann"}
    assert adm1.post("/api/access/preview", json={"change": change}).json() == {"people": [], "gains": [], "losses": []}
    change = {"kind": "add_grant", "username": "lowest", **TERMS}
    answer = adm1.post("/api/access/preview", json={"change": change})
    counts = [{"level": "confidential", "agency": "A", "documents": 2}]
    assert answer.json() == {
        "people": [{"username": "lowest", "agency": "A", "gains": counts, "losses": []}],
        "gains": counts,
        "losses": [],
    }
    assert not any(identifier in answer.text for identifier in identifiers)
    assert not principal(components, "lowest").grants
    actor, about, decision, detail = trail(components, Action.PREVIEW)[-1]
    assert (actor, about, decision) == ("adm1", "lowest", "allowed")
    assert (detail["change"], detail["role"], detail["clearance"]) == ("add_grant", "expert", "confidential")


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "fly"},
        {"kind": "disable_person"},
        {"username": "ann"},
        {"kind": "disable_person", "username": "ann", "more": 1},
        {"kind": "add_grant", "username": "ann", "role": "king", "clearance": "restricted"},
        None,
    ],
)
def test_a_preview_of_no_change_is_refused(apis: dict[str, TestClient], change: Any) -> None:
    assert apis["adm1"].post("/api/access/preview", json={"change": change}).status_code == 422


def test_a_preview_of_nonsense_says_why(apis: dict[str, TestClient]) -> None:
    outcome = {"change": {"kind": "disable_person", "username": "nobody"}}
    refused(apis["adm1"].post("/api/access/preview", json=outcome), 404, "no person nobody")
    outcome = {"change": {"kind": "add_grant", "username": "ann", "role": "administrator", "clearance": "restricted"}}
    refused(apis["adm1"].post("/api/access/preview", json=outcome), 422, "administer and read")


LABEL = {"level": "restricted", "releasable_to": ["A", "B"], "need_to_know": "x"}


@pytest.mark.parametrize("asker", ["adm1", "reg"])
def test_access_under_a_label_is_explained(components: Components, asker: str) -> None:
    api = client(components, asker)
    answered = api.post("/api/access/explain", json={"username": "ann", "label": LABEL}).json()
    assert (answered["username"], answered["action"], answered["allowed"]) == ("ann", "read", True)
    assert [step["rule"] for step in answered["steps"]] == [
        "person",
        "agency",
        "grant",
        "role",
        "level",
        "release",
        "need_to_know",
    ]
    assert (
        answered["grant_id"] == answered["considered"][0]["grant_id"] and answered["considered"][0]["refused_by"] == []
    )
    answered = api.post(
        "/api/access/explain", json={"username": "ann", "label": LABEL | {"level": "confidential"}}
    ).json()
    assert not answered["allowed"] and answered["considered"][0]["refused_by"] == ["level"]
    [step] = [step for step in answered["steps"] if not step["passed"]]
    assert "Confidential is above" in step["en"] and "выше допустимого" in step["ru"]
    answered = api.post("/api/access/explain", json={"username": "ann", "label": LABEL, "action": "remove"}).json()
    assert answered["considered"][0]["refused_by"] == ["role"]
    actor, _, decision, detail = trail(components, Action.EXPLAIN)[-1]
    assert (actor, decision, detail["username"], detail["action"], detail["answer"]) == (
        asker,
        "allowed",
        "ann",
        "remove",
        0,
    )


def test_a_document_is_explained_to_those_who_may_read_it(components: Components) -> None:
    document = take(components, pdf("A paper."), label(components, "A", "restricted", "A", "x")).document_id
    with components.database.session() as session:
        session.add(
            GrantRow(
                person=people.the_person(session, "reg").id, role="registrar", clearance=40, words="x", starts=EVER
            )
        )
    answered = (
        client(components, "reg").post("/api/access/explain", json={"username": "ann", "document_id": document}).json()
    )
    assert answered["allowed"] and answered["steps"][-1]["rule"] == "publication"
    assert trail(components, Action.EXPLAIN)[-1][:3] == ("reg", document, "allowed")


@pytest.mark.parametrize("asker", ["adm1", "reg"])
@pytest.mark.parametrize("about", ["ann", "reg", "lowest"])
def test_a_document_that_one_may_not_read_is_answered_as_one_that_is_not_there(
    components: Components, asker: str, about: str
) -> None:
    hidden = take(components, pdf("A paper on zeppelins."), label(components, "B", releasable_to="B")).document_id
    api = client(components, asker)
    answers = [
        api.post("/api/access/explain", json={"username": about, "document_id": identifier})
        for identifier in (hidden, ABSENT, "x")
    ]
    missing = client(components, "ann").get(f"/api/documents/{ABSENT}")
    for answer in answers:
        assert (answer.status_code, answer.content) == (404, missing.content)
        assert answer.headers.raw == answers[0].headers.raw
    assert [entry[2] for entry in trail(components, Action.EXPLAIN)] == ["refused"] * 3


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"username": "ann"}, 422),
        ({"username": "ann", "label": LABEL, "document_id": ABSENT}, 422),
        ({"username": "ann", "label": LABEL, "action": "administer"}, 422),
        ({"username": "ann", "label": LABEL | {"level": "top"}}, 422),
        ({"username": "ann", "label": LABEL | {"need_to_know": "x&"}}, 422),
        ({"username": "ann", "label": LABEL | {"more": 1}}, 422),
        ({"username": "nobody", "label": LABEL}, 404),
    ],
)
def test_what_cannot_be_explained_is_refused(apis: dict[str, TestClient], body: dict[str, Any], status: int) -> None:
    assert apis["adm1"].post("/api/access/explain", json=body).status_code == status


def test_lists_are_for_administrators_and_each_is_in_the_trail(components: Components, adm1: TestClient) -> None:
    for path, action in (("people", "list_people"), ("grants", "list_grants"), ("proposals", "list_proposals")):
        assert adm1.get(f"/api/{path}").status_code == 200
        assert trail(components, action)[-1][0] == "adm1"
        assert client(components, "ann").get(f"/api/{path}").status_code == 403
    rows = adm1.get("/api/people").json()
    assert [row["username"] for row in rows] == sorted(row["username"] for row in rows)
    assert "argon2" not in adm1.get("/api/people").text


def test_a_person_with_a_second_factor_is_shown_so(components: Components, adm1: TestClient) -> None:
    with components.database.session() as session:
        row: PersonRow = people.the_person(session, "ann")
        row.otp_secret = "SECRETSECRET"
    answer = adm1.get("/api/people")
    assert {row["username"]: row["second_factor"] for row in answer.json()}["ann"] is True
    assert "SECRETSECRET" not in answer.text
