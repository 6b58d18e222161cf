"""Relabelling, times, legal holds and removal over HTTP and at the console: who is answered what."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import timedelta

import pytest
from factories import PASSWORD, agency, client, fresh, label, pdf, person, take

from auth.database import now
from indexer.handling.lifecycle import AbsentError
from indexer.library.tables import DocumentRow

BECAUSE = {"reason": "Names of witnesses on page 3"}


@pytest.fixture
def components(tmp_path):
    opened = fresh(tmp_path / "home")
    for code in ("KZ", "UN"):
        agency(opened, code)
    for username in ("first", "second"):
        person(opened, username, "KZ", ["registrar"])
    person(opened, "stranger", "UN", ["registrar"])
    person(opened, "expert", "KZ", ["expert"])
    person(opened, "foreigner", "UN", ["expert"])
    yield opened
    opened.close()


@pytest.fixture
def document(components) -> str:
    document_id = take(
        components, pdf("A paper about zeppelins."), label(components, "KZ", releasable_to="KZ")
    ).document_id
    components.worker().run()
    return document_id


def hits_of(components, username: str) -> int:
    return client(components, username).post("/api/search", json={"query": "zeppelin"}).json()["total"]


def patched(components, username: str, document_id: str, **change):
    return client(components, username).patch(f"/api/documents/{document_id}/label", json=BECAUSE | change)


def test_strengthening_answers_when_it_is_done(components, document):
    answer = patched(components, "first", document, level="confidential", need_to_know="")
    assert (answer.status_code, answer.json()) == (200, {"state": "done", "proposal_id": None})
    assert client(components, "expert").get(f"/api/documents/{document}").json()["label"]["level"] == "confidential"


def test_weakening_waits(components, document):
    answer = patched(components, "first", document, releasable_to="ALL").json()
    assert answer["state"] == "waiting"
    assert answer["proposal_id"]
    assert hits_of(components, "foreigner") == 0


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"level": "secret"}, "There is no level"),
        ({"releasable_to": ["KZ", "XX"]}, "There is no agency XX"),
        ({"releasable_to": []}, "originators"),
        ({"releasable_to": ["UN"]}, "originators"),
        ({"need_to_know": "a&"}, ""),
        ({"need_to_know": "courts"}, "lets you read it yourself"),
        ({"embargo_until": "2030-01-02T00:00:00Z", "expires_at": "2030-01-01T00:00:00Z"}, "after its embargo"),
        ({"embargo_until": "tomorrow"}, ""),
        ({"embargo_until": "2030-01-02T00:00:00"}, ""),  # in which zone?
        ({"originators": ["UN"]}, ""),
        ({"reason": ""}, ""),
    ],
)
def test_a_change_that_makes_no_sense_is_refused_and_says_why(components, document, change, says):
    before = client(components, "first").get(f"/api/documents/{document}").content
    answer = patched(components, "first", document, **change)
    assert answer.status_code == 422
    assert says in answer.json()["detail"]
    assert client(components, "first").get(f"/api/documents/{document}").content == before


CALLS = [
    ("PATCH", "label", {"level": "confidential"}),
    ("PATCH", "label", {"level": "no such level"}),
    ("POST", "hold", {"held": True}),
    ("POST", "removal", {}),
    ("POST", "retry", {}),
    ("PATCH", "description", {"symbol": "T/1"}),
    ("PATCH", "description", {"kind": "no such kind"}),
]


@pytest.mark.parametrize(("method", "path", "body"), CALLS)
def test_what_one_may_not_read_is_not_there(components, document, method, path, body):
    hidden, absent = (
        client(components, "stranger").request(method, f"/api/documents/{identifier}/{path}", json=BECAUSE | body)
        for identifier in (document, "0" * 32)
    )
    assert hidden.status_code == absent.status_code == 404
    assert hidden.content == absent.content
    assert hidden.json()["detail"] == AbsentError.sentence
    details = [json.loads(entry.detail) for entry in components.trail.entries() if entry.decision == "refused"]
    assert [detail["rule"] for detail in details[-2:]] == ["label", "absent"]


@pytest.mark.parametrize(("method", "path", "body"), CALLS)
def test_only_registrars_handle_documents(components, document, method, path, body):
    answer = client(components, "expert").request(method, f"/api/documents/{document}/{path}", json=BECAUSE | body)
    assert answer.status_code == 403
    assert hits_of(components, "expert") == 1


def test_a_held_document_is_not_removed_and_all_else_goes_on(components, document):
    api = client(components, "first")
    where = f"/api/documents/{document}"
    held = api.post(where + "/hold", json=BECAUSE | {"held": True})
    assert (held.status_code, held.json()) == (200, {"state": "done", "proposal_id": None})
    refused = api.post(where + "/removal", json=BECAUSE)
    assert refused.status_code == 409
    assert "legal hold" in refused.json()["detail"]
    assert hits_of(components, "expert") == 1
    assert api.get("/api/documents").json()[0]["legal_hold"] is True
    assert "legal_hold" not in client(components, "expert").get(where).json()
    assert patched(components, "first", document, level="confidential").json()["state"] == "done"
    for change, kind in (("/hold", "release"), ("/removal", "remove")):
        asked = api.post(where + change, json=BECAUSE | ({"held": False} if kind == "release" else {}))
        assert (asked.status_code, asked.json()["state"]) == (202, "waiting")
        [shown] = client(components, "second").get("/api/proposals").json()
        assert (shown["kind"], shown["change"]) == (kind, {"kind": kind, "document_id": document})
        assert hits_of(components, "expert") == 1
        approval = f"/api/proposals/{asked.json()['proposal_id']}/approval"
        assert api.post(approval).json()["code"] == "own_proposal"
        assert client(components, "second").post(approval).json() == {"state": "done", "code": None}
    assert hits_of(components, "expert") == 0
    done = [(entry.action, entry.decision) for entry in components.trail.entries() if entry.object == document]
    assert [identifier for identifier in done if identifier[0] not in ("read", "intake")] == [
        ("hold", "allowed"),
        ("remove", "refused"),
        ("label", "allowed"),
        ("release", "proposed"),
        ("release", "allowed"),
        ("remove", "proposed"),
        ("remove", "allowed"),
    ]


def test_under_embargo_a_paper_is_absent_to_readers_and_open_to_those_who_took_it_in(components):
    upload = {"file": ("paper.pdf", pdf("A paper about zeppelins."), "application/pdf")}
    fields = {"originator": "KZ", "level": "unclassified", "releasable_to": "ALL"}
    until = (now() + timedelta(hours=1)).isoformat()
    taken = client(components, "first").post("/api/documents", data=fields | {"embargo_until": until}, files=upload)
    document_id = taken.json()["document_id"]
    components.worker().run()
    for path in ("", "/pages/1", "/pages/1/image", "/file"):
        reader, registrar = (
            client(components, who).get(f"/api/documents/{document_id}{path}") for who in ("expert", "first")
        )
        absent = client(components, "expert").get(f"/api/documents/{'0' * 32}{path}")
        assert (reader.status_code, reader.content) == (404, absent.content), path
        assert registrar.status_code == 200, path
    assert client(components, "first").get(f"/api/documents/{document_id}").json()["times"]["published"] is False
    assert hits_of(components, "expert") == 0
    refused = [json.loads(e.detail)["rule"] for e in components.trail.entries() if e.decision == "refused"]
    assert set(refused) == {"time", "absent"}


def test_a_time_of_null_takes_it_away_and_one_unnamed_stays(components, document):
    expiry = patched(components, "first", document, expires_at="2040-01-01T00:00:00Z").json()["proposal_id"]
    assert client(components, "second").post(f"/api/proposals/{expiry}/approval").status_code == 200
    assert patched(components, "first", document, review_on="2035-01-01").json()["state"] == "done"
    assert patched(components, "first", document, review_on=None).json()["state"] == "done"
    kept = client(components, "first").get(f"/api/documents/{document}").json()["times"]
    assert (kept["expires_at"], kept["review_on"]) == ("2040-01-01T00:00:00Z", None)
    assert patched(components, "first", document, expires_at=None).json()["state"] == "waiting"


def test_what_is_due_for_review_is_listed_on_its_day(components, document):
    assert patched(components, "first", document, review_on="2035-01-01").status_code == 200
    api = client(components, "first")
    assert api.get("/api/documents?review_by=2034-12-31").json() == []
    assert [row["document_id"] for row in api.get("/api/documents?review_by=2035-01-01").json()] == [document]


def test_the_trail_holds_the_label_that_was_read(components, document):
    client(components, "expert").get(f"/api/documents/{document}/pages/1")
    *_, entry = components.trail.entries()
    assert json.loads(entry.detail) == {"page": 1, "label": '[10, ["KZ"], ""]'}


def test_the_scheme_tells_banners_and_the_traffic_light(components):
    levels = client(components, "expert").get("/api/scheme").json()["levels"]
    assert (levels[0]["code"], levels[0]["tlp"]) == ("unclassified", "CLEAR")
    assert levels[-1]["banner_ru"] == "СТРОГО КОНФИДЕНЦИАЛЬНО"


def console(components, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TOLMACH_")}
    environment["TOLMACH_HOME"] = str(components.settings.home)
    command = [sys.executable, "-m", "services.cli", *arguments]
    return subprocess.run(command, env=environment, input=stdin, capture_output=True, text=True, check=False)


def test_at_the_console_a_registrar_proposes_and_the_operator_decides_alone(components, document):
    change = ("relabel", document, "--releasable-to", "ALL", "--reason", "For the workshop", "--json")
    outcome = console(components, *change, "--as", "first", "--password-stdin", stdin=PASSWORD)
    assert json.loads(outcome.stdout)["state"] == "waiting", outcome.stderr
    assert hits_of(components, "foreigner") == 0
    assert json.loads(console(components, *change).stdout) == {"state": "done", "proposal_id": None}
    assert hits_of(components, "foreigner") == 1


ENDINGS = [
    ("POST", "hold", {"held": False}),
    ("POST", "removal", {}),
    ("PATCH", "label", {"expires_at": "2099-01-01T00:00:00Z"}),
    ("PATCH", "label", {"embargo_until": "2099-01-01T00:00:00Z"}),
]


@pytest.mark.parametrize(("method", "path", "body"), ENDINGS)
def test_a_registrar_of_another_agency_ends_nothing_and_is_told_who_may(components, method, path, body):
    shared = take(components, pdf("A paper about zeppelins."), label(components, "KZ", releasable_to="ALL")).document_id
    components.worker().run()
    api, where = client(components, "stranger"), f"/api/documents/{shared}"
    if path == "hold":
        assert api.post(f"{where}/hold", json=BECAUSE | {"held": True}).status_code == 200
    before = client(components, "first").get("/api/documents").content
    refused = api.request(method, f"{where}/{path}", json=BECAUSE | body)
    assert (refused.status_code, refused.json()["code"]) == (422, "not_the_originator")
    assert refused.json()["detail"].startswith("Only a registrar of KZ,")
    assert client(components, "first").get("/api/documents").content == before
    assert client(components, "second").get("/api/proposals").json() == []
    *_, told = (entry for entry in components.trail.entries() if entry.decision == "refused")
    assert (told.actor, told.object, json.loads(told.detail)) == ("stranger", shared, {"rule": "not_the_originator"})


def test_a_proposal_to_remove_what_one_may_not_read_is_not_there(components, document):
    first = client(components, "first")
    removal = first.post(f"/api/documents/{document}/removal", json=BECAUSE).json()["proposal_id"]
    assert first.post(f"/api/documents/{document}/hold", json=BECAUSE | {"held": True}).status_code == 200
    release = first.post(f"/api/documents/{document}/hold", json=BECAUSE | {"held": False}).json()["proposal_id"]
    api = client(components, "stranger")
    assert api.get("/api/proposals").json() == []
    for way, body in (("approval", None), ("refusal", BECAUSE)):
        answers = [api.post(f"/api/proposals/{name}/{way}", json=body) for name in (removal, release, "0" * 32)]
        assert {answer.status_code for answer in answers} == {404}
        assert len({(answer.content, tuple(answer.headers.raw)) for answer in answers}) == 1


def test_a_removal_that_waits_can_be_refused_and_a_hold_stops_it(components, document):
    first, second = client(components, "first"), client(components, "second")
    proposals = [first.post(f"/api/documents/{document}/removal", json=BECAUSE).json()["proposal_id"] for _ in range(2)]
    assert second.post(f"/api/proposals/{proposals[0]}/refusal", json=BECAUSE).status_code == 204
    assert second.post(f"/api/proposals/{proposals[0]}/approval").status_code == 404
    assert second.post(f"/api/documents/{document}/hold", json=BECAUSE | {"held": True}).status_code == 200
    stopped = second.post(f"/api/proposals/{proposals[1]}/approval")
    assert (stopped.status_code, stopped.json()["code"]) == (409, "legal_hold")
    assert hits_of(components, "expert") == 1


def test_at_the_console_a_person_proposes_to_remove_and_the_operator_approves(components, document):
    signed_in = ("--as", "first", "--password-stdin")
    asked = console(components, "remove", document, "--reason", "Old", *signed_in, stdin=PASSWORD)
    assert "waits for a second registrar" in asked.stderr
    [shown] = json.loads(console(components, "proposal", "list", "--json").stdout)
    assert (shown["kind"], shown["change"]["document_id"], shown["proposed_by"]) == ("remove", document, "first")
    assert hits_of(components, "expert") == 1
    assert console(components, "proposal", "approve", shown["proposal_id"]).returncode == 0
    assert hits_of(components, "expert") == 0
    assert console(components, "remove", document, "--reason", "Old").returncode == 1


def test_at_the_console_a_person_proposes_to_lift_a_hold(components, document):
    assert console(components, "hold", document, "--reason", "Case 12").returncode == 0
    release = ("hold", document, "--release", "--reason", "Closed")
    asked = console(components, *release, "--as", "first", "--password-stdin", stdin=PASSWORD)
    assert "waits for a second registrar" in asked.stderr
    assert client(components, "first").get("/api/documents").json()[0]["legal_hold"] is True
    assert "may be removed again" in console(components, *release).stderr
    assert client(components, "first").get("/api/documents").json()[0]["legal_hold"] is False


def test_at_the_console_a_held_document_is_not_removed(components, document):
    assert console(components, "hold", document, "--reason", "Case 12").returncode == 0
    refused = console(components, "remove", document, "--reason", "Old")
    assert (refused.returncode, "legal hold" in refused.stderr) == (1, True)
    assert console(components, "hold", document, "--release", "--reason", "Closed").returncode == 0
    assert console(components, "remove", document, "--reason", "Old").returncode == 0
    assert hits_of(components, "expert") == 0


@pytest.mark.parametrize("command", ["relabel", "hold", "remove"])
def test_at_the_console_too_what_one_may_not_read_is_absent(components, document, command):
    hidden, absent, refused = (
        console(components, command, identifier, "--reason", "Why", "--as", who, "--password-stdin", stdin=PASSWORD)
        for identifier, who in ((document, "stranger"), ("0" * 32, "stranger"), (document, "expert"))
    )
    assert (hidden.returncode, hidden.stderr) == (absent.returncode, absent.stderr)
    assert "no such document" in hidden.stderr
    assert "None of your roles" in refused.stderr


def test_at_the_console_days_and_moments_are_understood(components, document):
    change = ("relabel", document, "--reason", "Until the meeting")
    assert console(components, *change, "--embargo-until", "2040-01-01", "--review-on", "2041-02-03").returncode == 0
    times = client(components, "first").get(f"/api/documents/{document}").json()["times"]
    assert (times["embargo_until"], times["review_on"]) == ("2040-01-01T00:00:00Z", "2041-02-03")
    wrong = console(components, *change, "--embargo-until", "soon")
    assert (wrong.returncode, "YYYY-MM-DD" in wrong.stderr) == (2, True)
    assert console(components, *change, "--embargo-until", "never").returncode == 0
    assert client(components, "expert").get(f"/api/documents/{document}").json()["times"]["embargo_until"] is None


def test_a_manifest_may_give_times(components, tmp_path):
    (tmp_path / "paper.pdf").write_bytes(pdf("A paper about zeppelins."))
    manifest = tmp_path / "manifest.csv"
    manifest.write_text("file,originator,level,releasable_to,embargo_until\npaper.pdf,KZ,unclassified,ALL,2040-01-01\n")
    assert console(components, "ingest", "--manifest", str(manifest), "--wait").returncode == 0
    assert hits_of(components, "expert") == 0
    assert client(components, "first").get("/api/documents").json()[0]["times"]["published"] is False


def test_a_second_registrar_sees_decides_and_is_answered_when_it_is_done(components, document):
    proposal = patched(components, "first", document, releasable_to="ALL").json()["proposal_id"]
    api = client(components, "second")
    [shown] = api.get("/api/proposals").json()
    assert (shown["proposal_id"], shown["kind"], shown["proposed_by"]) == (proposal, "relabel", "first")
    assert shown["change"]["document_id"] == document
    labels = [shown["change"][name]["label"]["releasable_to"] for name in ("old", "new")]
    assert labels == [["KZ"], "ALL"]
    own = client(components, "first").post(f"/api/proposals/{proposal}/approval")
    assert own.status_code == 409
    assert api.post(f"/api/proposals/{proposal}/approval").json() == {"state": "done", "code": None}
    assert hits_of(components, "foreigner") == 1
    assert api.get("/api/proposals").json() == []


def test_a_proposal_about_a_hidden_document_is_not_there(components, document):
    proposal = patched(components, "first", document, releasable_to="ALL").json()["proposal_id"]
    api = client(components, "stranger")
    assert api.get("/api/proposals").json() == []
    for way, body in (("approval", None), ("refusal", BECAUSE)):
        hidden, absent = (
            api.post(f"/api/proposals/{identifier}/{way}", json=body) for identifier in (proposal, "0" * 32)
        )
        assert hidden.status_code == 404
        assert (hidden.content, hidden.headers.raw) == (absent.content, absent.headers.raw)


def test_a_refused_proposal_is_over(components, document):
    proposal = patched(components, "first", document, releasable_to="ALL").json()["proposal_id"]
    api = client(components, "second")
    assert api.post(f"/api/proposals/{proposal}/refusal", json=BECAUSE).status_code == 204
    assert api.post(f"/api/proposals/{proposal}/approval").status_code == 404
    assert hits_of(components, "foreigner") == 0


def test_a_corrected_description_is_found_by_its_new_words_alone(components, document):
    api, where = client(components, "first"), f"/api/documents/{document}"
    new = {"title_en": "On airships", "symbol": "T/77", "date": "2024-05-16", "meeting": "M-1", "kind": "report"}
    assert api.patch(where + "/description", json=BECAUSE | {"title_en": "On balloons"}).json()["state"] == "done"
    answer = api.patch(where + "/description", json=BECAUSE | new)
    assert (answer.status_code, answer.json()) == (200, {"state": "done", "proposal_id": None})
    told = client(components, "expert").get(where).json()
    assert (told["title"]["en"], told["symbol"], told["date"], told["meeting"], told["kind"]) == tuple(new.values())
    found = {
        word: client(components, "expert").post("/api/search", json={"query": f"title:{word}"}).json()["total"]
        for word in ("balloons", "airships")
    }
    assert found == {"balloons": 0, "airships": 1}
    api.patch(where + "/description", json=BECAUSE | {"date": None, "symbol": None})
    told = client(components, "expert").get(where).json()
    assert (told["date"], told["symbol"], told["meeting"]) == (None, "", "M-1")


def test_the_trail_says_which_words_were_corrected_and_never_what_they_say(components, document):
    api = client(components, "first")
    api.patch(f"/api/documents/{document}/description", json=BECAUSE | {"title_ru": "Дирижабли", "kind": "other"})
    api.patch(f"/api/documents/{document}/description", json=BECAUSE | {"symbol": "x" * 300})
    done, refused = [entry for entry in components.trail.entries() if entry.action == "describe"]
    assert (json.loads(done.detail)["fields"], done.decision) == ("title_ru", "allowed")
    assert (json.loads(refused.detail), refused.decision) == ({"rule": "description_length"}, "refused")
    assert "Дирижабли" not in done.detail


def test_what_failed_is_tried_again_and_what_did_not_is_refused(components, document):
    api = client(components, "first")
    assert api.post(f"/api/documents/{document}/retry", json=BECAUSE).json()["code"] == "nothing_to_retry"
    bad = take(components, b"no PDF", label(components, "KZ")).document_id
    assert api.post(f"/api/documents/{bad}/retry", json=BECAUSE).status_code == 422
    with components.database.session() as session:
        row = session.get(DocumentRow, bad)
        row.stage, row.code = "extract", "too_slow"
    assert api.get(f"/api/documents/{bad}/intake").json()["code"] == "too_slow"
    assert api.post(f"/api/documents/{bad}/retry", json=BECAUSE).json()["state"] == "done"
    told = api.get(f"/api/documents/{bad}/intake").json()
    assert (told["state"], told["code"]) == ("received", "")


def test_how_a_document_fares_is_told_to_whoever_may_take_it_in(components, document):
    where = f"/api/documents/{document}/intake"
    row = client(components, "first").get(where).json()
    assert row == client(components, "first").get("/api/documents").json()[0]
    assert client(components, "expert").get(where).status_code == 403
    hidden, absent = (
        client(components, "stranger").get(f"/api/documents/{name}/intake") for name in (document, "0" * 32)
    )
    assert (hidden.status_code, hidden.content) == (404, absent.content)
