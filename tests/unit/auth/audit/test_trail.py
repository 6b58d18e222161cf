"""Where the trail cannot be written nothing is shown; it tells no text; every step leaves its entry."""

from __future__ import annotations

from pathlib import Path

import pytest
from factories import agency, bearer, client, label, pdf, person, take
from trails import trail_of

from auth.audit.entries import Event, TrailError
from services.components import Components


@pytest.mark.parametrize("how", ["folder", "garbage", "gone"])
def test_a_trail_that_cannot_be_written_is_an_error(tmp_path: Path, how: str) -> None:
    trail = trail_of(tmp_path)
    spoil(tmp_path / "audit.sqlite", how)
    for act in (lambda: trail.record(Event("ann", "console", "search")), trail.verify):
        with pytest.raises(TrailError, match="cannot be written or read"):
            act()


def spoil(path: Path, how: str) -> None:
    for file in path.parent.glob(path.name + "*"):
        file.unlink()
    if how == "folder":
        path.mkdir()
    elif how == "garbage":
        path.write_bytes(b"this is no database at all " * 500)


# -- The trail and the service


@pytest.fixture
def archive(components: Components) -> Components:
    agency(components, "A")
    person(components, "registrar", "A", ["registrar", "expert"])
    take(components, pdf("Xylophones are inventoried quarterly."), label(components, "A"), title_en="Zanzibar protocol")
    components.worker().run()
    return components


def test_where_the_trail_cannot_be_written_nothing_is_shown(archive: Components) -> None:
    api = client(archive, "registrar")
    document_id = api.post("/api/search", json={"query": "xylophone"}).json()["hits"][0]["document_id"]
    spoil(archive.home.audit, "folder")
    calls = [
        api.post("/api/search", json={"query": "xylophone"}),
        api.post("/api/suggest", json={"prefix": "xylo"}),
        api.get(f"/api/documents/{document_id}"),
        api.get(f"/api/documents/{document_id}/pages/1"),
        api.get(f"/api/documents/{document_id}/pages/1/image"),
        api.get(f"/api/documents/{document_id}/file"),
        api.get("/api/documents"),
        api.post(f"/api/documents/{document_id}/removal", json={"reason": "because"}),
        api.get("/api/documents/" + "0" * 32),
        api.get("/api/status"),
    ]
    assert {call.status_code for call in calls} == {503}
    assert len({call.content for call in calls}) == 1
    assert b"trail" in calls[0].content
    assert "ylophone" not in calls[0].text
    assert "Retry-After" in calls[0].headers


def test_where_the_trail_cannot_be_written_nobody_signs_in_and_nothing_is_removed(archive: Components) -> None:
    api = client(archive, "registrar")
    document_id = api.post("/api/search", json={}).json()["hits"][0]["document_id"]
    spoil(archive.home.audit, "folder")
    credentials = {"username": "registrar", "password": "one password for all of them"}
    assert api.post("/api/session", json=credentials).status_code == 503
    assert api.delete("/api/session").status_code == 503
    assert api.post(f"/api/documents/{document_id}/removal", json={"reason": "because"}).status_code == 503
    archive.home.audit.rmdir()
    archive.trail.create()
    assert api.get(f"/api/documents/{document_id}").status_code == 200  # still signed in, and the document still there


def test_the_trail_tells_no_title_no_text_and_no_search_term(archive: Components) -> None:
    api = client(archive, "registrar")
    for query in ("xylophone", '"inventoried quarterly"', "quagmire", "кракозябра"):
        assert api.post("/api/search", json={"query": query}).status_code == 200
    assert api.post("/api/suggest", json={"prefix": "xylo"}).json()["terms"] == ["xylophones"]
    [hit] = api.post("/api/search", json={}).json()["hits"]
    where = f"/api/documents/{hit['document_id']}"
    for path in ("", "/pages/1", "/pages/1/image", "/file"):
        assert api.get(where + path).status_code == 200
    form = {"originator": "A", "level": "unclassified", "title": "Wolverine accord", "keywords": "marzipan"}
    upload = {"file": ("umbrella.pdf", pdf("Nightingales sing."), "application/pdf")}
    assert api.post("/api/documents", data=form, files=upload).status_code == 202
    assert api.post("/api/search", json={"query": '"unclosed'}).status_code == 200
    assert api.post(f"{where}/find", json={"query": "xylophone"}).json()["total"] > 0

    assert archive.trail.verify() > 10
    written = b"".join(file.read_bytes() for file in archive.home.path.glob("audit.sqlite*")).lower()
    assert hit["document_id"].encode() in written  # so the right files were looked at
    expected = (
        "xylo inventoried quarterly quagmire кракозябра zanzibar protocol wolverine accord marzipan umbrella "
        "nightingale unclosed paper.pdf"
    )
    for word in expected.split():
        assert word.encode() not in written, word


def test_every_step_leaves_its_entry(archive: Components) -> None:
    api = client(archive, "registrar")
    [hit] = api.post("/api/search", json={}).json()["hits"]
    readable, unknown = hit["document_id"], "0" * 32
    before = len(list(archive.trail.entries()))
    api.get(f"/api/documents/{readable}/pages/1")
    api.get(f"/api/documents/{unknown}/file")
    api.get("/api/status")
    api.post(f"/api/documents/{unknown}/removal", json={"reason": "because"})
    api.post(f"/api/documents/{readable}/removal", json={"reason": "because"})
    entries = list(archive.trail.entries())[before:]
    assert [(e.actor, e.action, e.object, e.decision) for e in entries] == [
        ("registrar", "read", readable, "allowed"),
        ("registrar", "download", unknown, "refused"),
        ("registrar", "status", "", "refused"),
        ("registrar", "remove", unknown, "refused"),
        ("registrar", "remove", readable, "proposed"),
    ]
    assert {entry.origin for entry in entries} == {"unknown"}


def test_signing_in_and_out_leaves_entries(archive: Components) -> None:
    api = client(archive)
    api.post("/api/session", json={"username": "registrar", "password": "one password for all of them"})
    api.post("/api/session", json={"username": "registrar", "password": "wrong"})
    api.post("/api/session", json={"username": "stranger", "password": "wrong"})
    api.delete("/api/session", headers=bearer(archive, "registrar"))
    entries = list(archive.trail.entries())[-4:]
    assert [(e.actor, e.action, e.decision) for e in entries] == [
        ("registrar", "sign_in", "allowed"),
        ("registrar", "sign_in", "refused"),
        ("", "sign_in", "refused"),  # nobody's name: it may be a password typed into the wrong field
        ("registrar", "sign_out", "allowed"),
    ]
