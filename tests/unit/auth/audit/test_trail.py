"""The trail is one chain that no entry can be taken from, put into or changed in unnoticed, and that tells no text."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest
from factories import agency, bearer, client, label, pdf, person, take
from hypothesis import given
from hypothesis import strategies as st

from auth.audit.entries import GENESIS, Event, TrailError
from auth.audit.trail import Trail
from services.components import Components

COLUMNS = ("at", "actor", "origin", "action", "object", "decision", "detail", "digest", "sealed")


def trail_of(folder: Path, entries: int = 5) -> Trail:
    trail = Trail(folder / "audit.sqlite")
    trail.create()
    for number in range(entries):
        trail.record(Event("ann", "console", "search", f"object {number}", detail={"total": number}))
    return trail


def change(folder: Path, statement: str, *values: object) -> None:
    with closing(sqlite3.connect(folder / "audit.sqlite")) as connection:
        changed = connection.execute(statement, values).rowcount
        connection.commit()
    assert changed == 1


def test_what_is_recorded_comes_back_in_order(tmp_path: Path) -> None:
    trail = trail_of(tmp_path)
    trail.create()  # again: nothing happens
    assert [entry.object for entry in trail.entries()] == [f"object {number}" for number in range(5)]
    assert [entry.number for entry in trail.entries()] == [1, 2, 3, 4, 5]
    assert len({entry.digest for entry in trail.entries()} | {GENESIS}) == 6
    assert trail.verify() == 5


def test_an_empty_trail_is_whole(tmp_path: Path) -> None:
    assert trail_of(tmp_path, 0).verify() == 0


@pytest.mark.parametrize("column", COLUMNS)
@pytest.mark.parametrize("number", [1, 3, 5])
def test_a_changed_entry_is_found(tmp_path: Path, column: str, number: int) -> None:
    trail = trail_of(tmp_path)
    change(tmp_path, f"UPDATE trail SET {column} = {column} || '0' WHERE number = ?", number)
    with pytest.raises(TrailError, match=f"broken at entry {number}:"):
        trail.verify()


@pytest.mark.parametrize("number", [1, 2, 5])
def test_an_entry_taken_out_is_found_be_it_the_last(tmp_path: Path, number: int) -> None:
    trail = trail_of(tmp_path)
    change(tmp_path, "DELETE FROM trail WHERE number = ?", number)
    with pytest.raises(TrailError, match="broken"):
        trail.verify()


def test_an_entry_taken_out_is_found_though_the_others_close_up(tmp_path: Path) -> None:
    trail = trail_of(tmp_path)
    change(tmp_path, "DELETE FROM trail WHERE number = 5")
    change(tmp_path, "UPDATE sqlite_sequence SET seq = 4 WHERE name = 'trail'")
    change(tmp_path, "DELETE FROM trail WHERE number = 3")
    change(tmp_path, "UPDATE trail SET number = 3 WHERE number = 4")
    with pytest.raises(TrailError, match="broken at entry 3"):
        trail.verify()


def test_a_trail_that_was_emptied_is_found(tmp_path: Path) -> None:
    trail = trail_of(tmp_path, 1)
    change(tmp_path, "DELETE FROM trail")
    with pytest.raises(TrailError, match="broken after entry 0"):
        trail.verify()


def test_an_inserted_entry_is_found(tmp_path: Path) -> None:
    trail = trail_of(tmp_path)
    row = next(entry for entry in trail.entries() if entry.number == 5)
    change(
        tmp_path,
        "INSERT INTO trail VALUES (6,?,?,?,?,?,?,?,?,?)",
        *(getattr(row, name) for name in COLUMNS),
    )
    with pytest.raises(TrailError, match="broken at entry 6"):
        trail.verify()


def test_two_entries_that_change_places_are_found(tmp_path: Path) -> None:
    trail = trail_of(tmp_path)
    for old, new in ((2, 99), (3, 2), (99, 3)):
        change(tmp_path, "UPDATE trail SET number = ? WHERE number = ?", new, old)
    with pytest.raises(TrailError, match="broken at entry 2"):
        trail.verify()


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@given(
    st.lists(st.builds(Event, texts, texts, texts, texts, texts, st.dictionaries(texts, texts | st.integers(0, 99))))
)
def test_whatever_is_recorded_the_chain_holds(tmp_path_factory, events: list[Event]) -> None:
    trail = trail_of(tmp_path_factory.mktemp("trail"), 0)
    for event in events[:4]:
        trail.record(event)
    assert trail.verify() == len(events[:4])


WRITE = """
import sys
from pathlib import Path
from auth.audit.entries import Event
from auth.audit.trail import Trail
for number in range(30):
    Trail(Path(sys.argv[1])).record(Event(sys.argv[2], "console", "search", str(number)))
"""


def test_processes_and_threads_that_write_at_once_leave_one_chain(tmp_path: Path) -> None:
    trail = trail_of(tmp_path, 0)

    def write(name: str) -> None:
        for number in range(30):
            trail.record(Event(name, "console", "search", str(number)))

    command = [sys.executable, "-c", WRITE, str(tmp_path / "audit.sqlite")]
    processes = [subprocess.Popen([*command, f"process {number}"]) for number in range(2)]
    threads = [threading.Thread(target=write, args=(f"thread {number}",)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [process.wait() for process in processes] == [0, 0]
    assert trail.verify() == 150
    writers = {entry.actor for entry in trail.entries()}
    assert len(writers) == 5
    for writer in writers:
        numbers = [int(entry.object) for entry in trail.entries() if entry.actor == writer]
        assert numbers == list(range(30))


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
