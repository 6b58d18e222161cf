"""`tolmach audit` and `/api/audit`: proving, exporting and opening the trail, and that looking at it is recorded."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from factories import PASSWORD, agency, client, fresh, label, pdf, person, take
from fastapi.testclient import TestClient
from trails import change, rechained, rewrite

from auth.audit import checkpoints
from auth.audit import keys as sealing
from auth.audit.entries import Event, TrailError
from auth.audit.keeping.trail_file import TrailFile
from auth.audit.trail import AUDITOR_KEY, SIGNING_KEY, Trail
from deploy import verify_audit
from services import cli, doctor
from services.cli.operation import auditing
from services.components import Components
from services.routes import proving
from services.settings import Settings

# -- The commands


def long(run: Any, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A command, as if this trail were a long one."""
    with patch.object(auditing, "LONG", 0):
        done: subprocess.CompletedProcess[str] = run(*arguments)
    return done


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> dict[str, subprocess.CompletedProcess[str]]:
    """What an operator and an auditor do, in this order, and what each command answered."""
    root = tmp_path_factory.mktemp("audit")
    (root / "elsewhere").mkdir()
    home = root / "home"

    def run(*arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[str]:
        """As from a shell, but in this process, which saves seconds."""
        out, err = io.StringIO(), io.StringIO()
        with (
            patch.dict(os.environ, {"TOLMACH_HOME": str(home)}),
            patch.object(sys, "argv", ["tolmach", *arguments]),
            patch.object(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin))),
            redirect_stdout(out),
            redirect_stderr(err),
            pytest.raises(SystemExit) as ended,
        ):
            cli.main()
            sys.exit(0)
        return subprocess.CompletedProcess(arguments, int(ended.value.code or 0), out.getvalue(), err.getvalue())

    place = root / "elsewhere"
    done = {
        "keygen": run("audit", "keygen", str(place / "a.key")),
        "keygen again": run("audit", "keygen", str(place / "a.key")),
        "keygen inside": run("audit", "keygen", str(root / "home" / "keys" / ".." / "a.key")),
        "init": run("init"),
        "use private": run("audit", "use", str(place / "a.key")),
        "use": run("audit", "use", str(place / "a.key.pub")),
        "use nonsense": run("audit", "use", "-", stdin=b"nonsense"),
        "use again": run("audit", "use", "-", stdin=(place / "a.key.pub").read_bytes()),
        "checkpoint": run("audit", "checkpoint", "--out", str(place / "kept")),
        "checkpoint again": run("audit", "checkpoint", "--out", str(place / "kept")),
        "printed": run("audit", "checkpoint"),
        "verify": run("audit", "verify", "--checkpoint", str(place / "kept")),
        "export": run("audit", "export", str(place / "export")),
        "export again": run("audit", "export", str(place / "export")),
        "export nothing": run("audit", "export", str(place / "none"), "--since", "2999-01-01"),
        "open": run("audit", "open", str(place / "a.key")),
        "open export": run("audit", "open", str(place / "a.key"), "--export", str(place / "export")),
        "open with public": run("audit", "open", str(place / "a.key.pub")),
        "verify nonsense": run("audit", "verify", "--checkpoint", str(place / "a.key")),
        "verify key": run("audit", "verify", "--key", "x"),
        "doctor": run("doctor"),
        "verify long": long(run, "audit", "verify"),
        "archive": run("audit", "archive"),
        "archive again": run("audit", "archive"),
        "archive key": run("audit", "archive", "--key", "x"),
        "verify archived": run("audit", "verify", "--checkpoint", str(place / "kept")),
        "export archived": run("audit", "export", str(place / "archived")),
    }
    trail = Trail(TrailFile(home / "audit.sqlite"), home / "keys")
    change(home, "DELETE FROM archives")
    rewrite(home, rechained(list(trail.entries())[:2]))
    done["verify cut"] = run("audit", "verify", "--checkpoint", str(place / "kept"))
    done["place"] = place  # type: ignore[assignment]
    return done


def test_what_fails_does_so_in_one_plain_line(story) -> None:
    says = {
        "keygen again": "File exists",
        "keygen inside": "must not lie in the home",
        "use private": "no public key",
        "use nonsense": "Standard input holds no public key",
        "checkpoint again": "File exists",
        "export again": "File exists",
        "export nothing": "no entry of that time",
        "open with public": "holds no private key",
        "verify nonsense": "no checkpoint",
        "verify key": "64 hexadecimal digits",
        "archive again": "nothing to archive",
        "archive key": "64 hexadecimal digits",
        "verify cut": "broken after entry 2",
    }
    failed = {name for name, done in story.items() if name != "place" and done.returncode}
    assert failed == set(says)
    for name, words in says.items():
        assert words in story[name].stderr, (name, story[name].stderr)
        assert "Traceback" not in story[name].stderr
        assert story[name].stdout == ""


def test_the_key_pair_lies_where_it_was_asked_for_and_the_home_has_the_public_half(story) -> None:
    place = story["place"]
    assert (place / "a.key").stat().st_mode & 0o777 == 0o600
    home = place.parent / "home"
    installed = sealing.load_sealer(home / "keys" / AUDITOR_KEY)
    assert installed.key_id == sealing.load_opener(place / "a.key").key_id
    secret = (place / "a.key").read_bytes().splitlines()[1]
    assert not [file for file in home.rglob("*") if file.is_file() and secret in file.read_bytes()]
    assert installed.key_id in story["keygen"].stderr and installed.key_id in story["use"].stderr
    assert f"sealed in the trail to the auditor's key {installed.key_id}" in story["doctor"].stderr


def test_a_checkpoint_is_one_line(story) -> None:
    kept, printed = json.loads((story["place"] / "kept").read_text()), json.loads(story["printed"].stdout)
    assert kept["number"] + 2 == printed["number"]  # the refused one was recorded before it failed
    assert kept["key"] == printed["key"]
    assert "fits 1 checkpoints kept elsewhere" in story["verify"].stderr


def test_the_trail_is_archived(story) -> None:
    assert story["archive"].returncode == 0, story["archive"].stderr
    assert "audit-archive/000000000001-0000" in story["archive"].stderr + story["archive"].stdout
    assert "nothing to archive" in story["archive again"].stderr
    assert "64 hexadecimal digits" in story["archive key"].stderr
    assert "fits 1 checkpoints" in story["verify archived"].stdout + story["verify archived"].stderr
    assert story["export archived"].returncode == 0
    assert verify_audit.main([str(story["place"] / "archived")]) == 0


def test_a_long_trail_shows_how_far_it_is(story) -> None:
    assert "Verifying" in story["verify long"].stderr
    assert "Verifying" not in story["verify"].stderr


def test_the_script_proves_what_was_exported(story) -> None:
    script = Path(__file__).resolve().parents[3] / "deploy" / "verify_audit.py"
    command = [sys.executable, "-I", str(script), "export", "--checkpoint", "kept"]
    done = subprocess.run(command, cwd=story["place"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_every_look_at_the_trail_is_in_it(story) -> None:
    lines = (story["place"] / "export").read_text(encoding="utf-8").splitlines()
    entries = [json.loads(line) for line in lines[1:-1]]
    shown_entries = [(row["actor"], row["action"]) for row in entries]
    assert shown_entries[-6:] == [
        ("operator", name) for name in (*["audit_use_key"] * 2, *["audit_checkpoint"] * 3, "audit_export")
    ]


# -- Searching leaves what only the auditor can open


@pytest.fixture(scope="module")
def stocked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a reader, an auditor and three papers, which each test copies."""
    home = tmp_path_factory.mktemp("stocked") / "home"
    components = fresh(home)
    agency(components, "A")
    person(components, "reader", "A", ["expert"])
    person(components, "auditor", "A", ["auditor"])
    for number in range(3):
        take(components, pdf(f"Xylophone number {number} is inventoried."), label(components, "A"))
    components.worker().run()
    components.close()
    return home


@pytest.fixture
def archive(stocked: Path, tmp_path: Path) -> Iterator[Components]:
    shutil.copytree(stocked, tmp_path / "home")
    components = Components(Settings(home=tmp_path / "home"))
    yield components
    components.close()


@pytest.fixture
def opener(archive: Components, tmp_path: Path) -> sealing.Opener:
    """The auditor's private key, whose public half is in the home."""
    sealing.make_auditor_key(tmp_path / "auditor.key")
    sealing.install(sealing.load_sealer(tmp_path / "auditor.key.pub"), archive.home.keys / AUDITOR_KEY)
    return sealing.load_opener(tmp_path / "auditor.key")


def entries_of(components: Components, action: str) -> list:
    return [entry for entry in components.trail.entries() if entry.action == action]


def test_a_search_leaves_its_words_sealed_and_what_was_shown(archive: Components, opener: sealing.Opener) -> None:
    api = client(archive, "reader")
    body = {"query": '"xylophone number" -кракозябра', "limit": 2, "filters": {"language": ["en"], "kind": ["other"]}}
    results = api.post("/api/search", json=body).json()
    [entry] = entries_of(archive, "search")
    secret = opener.open(entry.sealed)
    assert secret is not None
    query, filters = secret.split("\n")
    assert (query, json.loads(filters)) == (body["query"], body["filters"])
    shown = [hit["document_id"] for hit in results["hits"]]
    assert json.loads(entry.detail) == {"total": 3, "filters": "language,kind", "shown": shown}
    assert len(shown) == 2


def test_a_search_without_filters_leaves_the_query_as_typed(archive: Components, opener: sealing.Opener) -> None:
    api = client(archive, "reader")
    for query in ("xylophone", "", "  two  words\n"):
        assert api.post("/api/search", json={"query": query}).status_code == 200
    opened = [opener.open(entry.sealed) if entry.sealed else "" for entry in entries_of(archive, "search")]
    assert opened == ["xylophone", "", "  two  words\n"]


def test_a_suggestion_leaves_its_prefix_sealed(archive: Components, opener: sealing.Opener) -> None:
    assert client(archive, "reader").post("/api/suggest", json={"prefix": "xylo"}).json() == {"terms": ["xylophone"]}
    [entry] = entries_of(archive, "suggest")
    assert opener.open(entry.sealed) == "xylo"
    assert json.loads(entry.detail) == {"total": 1}


def test_nothing_typed_is_in_the_trail_but_sealed(archive: Components, opener: sealing.Opener) -> None:
    api = client(archive, "reader")
    filters = {"meeting": ["Wolverine"], "body": ["Quagmire"], "agency": ["Zanzibar"], "country": ["Marzipan"]}
    assert api.post("/api/search", json={"query": "nightingale", "filters": filters}).status_code == 200
    assert api.post("/api/suggest", json={"prefix": "umbrella"}).status_code == 200
    written = b"".join(file.read_bytes() for file in archive.home.path.glob("audit.sqlite*")).lower()
    for word in ("wolverine", "quagmire", "zanzibar", "marzipan", "nightingale", "umbrella"):
        assert word.encode() not in written


def test_where_words_cannot_be_sealed_nothing_is_found(archive: Components, opener: sealing.Opener) -> None:
    api = client(archive, "reader")
    (archive.home.keys / AUDITOR_KEY).write_text("nonsense")
    for answer in (
        api.post("/api/search", json={"query": "xylophone"}),
        api.post("/api/suggest", json={"prefix": "xy"}),
    ):
        assert answer.status_code == 503
        assert "ylophone" not in answer.text and "nonsense" not in answer.text


def test_a_refusal_is_recorded_with_its_rule(archive: Components) -> None:
    api = client(archive, "auditor")
    assert api.post("/api/search", json={"query": "xylophone"}).status_code == 403
    [entry] = entries_of(archive, "search")
    assert (entry.actor, entry.decision, json.loads(entry.detail)) == ("auditor", "refused", {"rule": "role"})


# -- Reading the trail


@pytest.fixture
def auditor(archive: Components, opener: sealing.Opener) -> TestClient:
    """An auditor's client, after a reader has searched, opened one document and failed to open another."""
    api = client(archive, "reader")
    for query in ("xylophone", "nothing"):
        api.post("/api/search", json={"query": query})
    [first] = api.post("/api/search", json={"limit": 1}).json()["hits"]
    api.get(f"/api/documents/{first['document_id']}")
    api.get("/api/documents/" + "0" * 32)
    return client(archive, "auditor")


def numbers(api: TestClient, **query: object) -> list[int]:
    answer = api.get("/api/audit", params=query)
    assert answer.status_code == 200, answer.text
    return [entry["number"] for entry in answer.json()["entries"]]


def test_the_trail_is_told_newest_first_and_sealed(archive: Components, auditor: TestClient, opener) -> None:
    shown_entries = auditor.get("/api/audit").json()
    entries = list(archive.trail.entries())[:-1]
    assert [row["number"] for row in shown_entries["entries"]] == [entry.number for entry in reversed(entries)]
    searched = [row for row in shown_entries["entries"] if row["action"] == "search" and row["sealed"]]
    assert [opener.open(row["sealed"]) for row in searched] == ["nothing", "xylophone"]
    assert len(searched[1]["detail"]["shown"]) == 3
    assert shown_entries["next_before"] is None
    assert "xylophone" not in json.dumps(shown_entries)


def test_pages_follow_on_one_another(archive: Components, auditor: TestClient) -> None:
    last = archive.trail.count()
    results, before = [], last + 1
    while before:
        page = auditor.get("/api/audit", params={"limit": 3, "before": before}).json()
        results += [row["number"] for row in page["entries"]]
        before = page["next_before"]
    assert results == list(range(last, 0, -1))


def test_archives_are_listed_and_looked_into_by_name(archive: Components, auditor: TestClient) -> None:
    last = archive.trail.count()
    name = archive.trail.archive(Event("operator", "console", "audit_archive")).name
    page = auditor.get("/api/audit").json()
    assert page["archives"] == [{"name": name, "first": 1, "last": last, "here": True}]
    assert [row["number"] for row in page["entries"]] == [last + 1]
    assert numbers(auditor, archive=name, limit=200) == list(range(last, 0, -1))
    assert json.loads(entries_of(archive, "audit")[-1].detail)["archive"] == name
    for other in ("000000000001-000000000002", "../../audit"):
        answer = auditor.get("/api/audit", params={"archive": other})
        assert (answer.status_code, answer.json()["code"]) == (404, "no_archive")
    archive.trail.archives_folder.rename(archive.home.path / "elsewhere")
    [row] = auditor.get("/api/audit").json()["archives"]
    assert not row["here"]
    [finding] = [each for each in doctor.examine(archive) if each.what == "audit trail"]
    assert finding.well and name in finding.words


def test_filters_narrow_it(archive: Components, auditor: TestClient) -> None:
    entries = list(archive.trail.entries())
    [read, refused] = [entry for entry in entries if entry.action == "read"]
    assert numbers(auditor, action="read") == [refused.number, read.number]
    assert numbers(auditor, decision="refused", person="reader") == [refused.number]
    assert numbers(auditor, person="nobody") == []
    assert read.number in numbers(auditor, object=read.object)
    looked = numbers(auditor, object=read.object, action="search")
    assert len(looked) == 2  # a search that showed it among others, and the listing of one
    assert numbers(auditor, since=read.at, until=refused.at) == [read.number]
    assert numbers(auditor, until="2000-01-01T00:00:00Z") == []
    assert numbers(auditor, since="2999-01-01") == []
    assert len(numbers(auditor, since="2000-01-01", limit=200)) > len(entries)


def test_reading_the_trail_is_recorded_before_it_is_shown(archive: Components, auditor: TestClient) -> None:
    auditor.get("/api/audit", params={"person": "reader", "since": "2000-01-01", "limit": 2})
    last = list(archive.trail.entries())[-1]
    assert (last.actor, last.action, last.decision, last.origin) == ("auditor", "audit", "allowed", "unknown")
    assert json.loads(last.detail) == {"person": "reader", "since": "2000-01-01T00:00:00+00:00", "total": 2}
    assert [row for row in auditor.get("/api/audit").json()["entries"] if row["number"] == last.number]


def test_where_the_trail_cannot_be_written_it_is_not_shown(
    archive: Components, auditor: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(event: object) -> None:
        raise TrailError("disk full")

    monkeypatch.setattr(archive.trail, "record", fail)
    for path in ("/api/audit", "/api/audit/checkpoint"):
        answer = auditor.get(path)
        assert answer.status_code == 503
        assert "reader" not in answer.text and "disk" not in answer.text


def test_a_checkpoint_can_be_fetched_and_fits(archive: Components, auditor: TestClient, tmp_path: Path) -> None:
    answer = auditor.get("/api/audit/checkpoint")
    checkpoint = checkpoints.from_line(answer.text)
    assert checkpoint.key == archive.trail.own_key()
    assert checkpoint.number == entries_of(archive, "audit_checkpoint")[-1].number
    assert archive.trail.verify([checkpoint]) == checkpoint.number


@pytest.fixture(scope="module")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """An auditor's client of a Tolmach where nothing else happens."""
    components = fresh(tmp_path_factory.mktemp("quiet") / "home")
    agency(components, "A")
    person(components, "auditor", "A", ["auditor"])
    yield client(components, "auditor")
    assert components.trail.verify()
    components.close()


@pytest.mark.parametrize(
    "query",
    [
        {"limit": 0},
        {"limit": 201},
        {"before": 0},
        {"before": 2**63},
        {"decision": "maybe"},
        {"since": "yesterday"},
        {"since": "0001-01-01T00:00:00+23:00"},
        {"until": "9999-12-31T23:59:59-23:00"},
        {"person": "x" * 301},
    ],
)
def test_a_question_that_makes_no_sense_is_refused(quiet: TestClient, query: dict[str, object]) -> None:
    assert quiet.get("/api/audit", params=query).status_code == 422


@pytest.mark.parametrize("text", ["\0", "'", '"; DROP TABLE trail', "%", "\ufffd", "😀", "ё" * 300])
@pytest.mark.parametrize("name", ["person", "action", "object"])
def test_any_text_may_be_asked_for(quiet: TestClient, name: str, text: str) -> None:
    assert numbers(quiet, **{name: text}) == []


# -- What doctor says


def test_doctor_says_what_holds_the_process_that_reads_pdfs(archive: Components) -> None:
    words = {finding.what: finding.words for finding in doctor.examine(archive)}
    assert words["confinement"] == f"PDFs are read under: {archive.reader.confinement()}"


def test_doctor_says_what_is_sealed_and_signed(archive: Components, tmp_path: Path) -> None:
    def words() -> dict[str, tuple[bool, str]]:
        return {finding.what: (finding.well, finding.words) for finding in doctor.examine(archive)}

    shown_entries = words()
    assert shown_entries["search terms"] == (
        True,
        "not kept in the trail: there is no auditor's key (see: tolmach audit use)",
    )
    assert shown_entries["checkpoints"] == (True, f"signed with the key {archive.trail.own_key()}")
    (archive.home.keys / AUDITOR_KEY).write_text("nonsense")
    (archive.home.keys / SIGNING_KEY).chmod(0o644)
    shown_entries = words()
    assert not shown_entries["search terms"][0] and "auditor.pub" in shown_entries["search terms"][1]
    assert not shown_entries["checkpoints"][0] and "chmod 600" in shown_entries["checkpoints"][1]
    assert PASSWORD not in repr(shown_entries)


def test_the_trail_is_proven_and_a_break_is_told(archive: Components, auditor: TestClient) -> None:
    kept = auditor.get("/api/audit/checkpoint").json()
    proof = auditor.post("/api/audit/proof", json={"checkpoint": kept}).json()
    assert proof == {"whole": True, "entries": archive.trail.count(), "broken": "", "elsewhere": []}
    told = entries_of(archive, "audit_verify")[-1]
    assert json.loads(told.detail) == {"checkpoint": kept["number"]}
    forged = auditor.post("/api/audit/proof", json={"checkpoint": kept | {"digest": "0" * 64}}).json()
    assert not forged["whole"] and "forged" in forged["broken"]
    change(archive.home.path, "UPDATE trail SET decision = 'refused' WHERE number = 2")
    broken = auditor.post("/api/audit/proof", json={}).json()
    assert not broken["whole"] and "2" in broken["broken"]


def test_what_is_taken_away_proves_itself(archive: Components, auditor: TestClient, tmp_path: Path) -> None:
    answer = auditor.get("/api/audit/export", params={"since": "2000-01-01"})
    taken = tmp_path / "export"
    taken.write_bytes(answer.content)
    assert verify_audit.main([str(taken)]) == 0
    assert answer.headers["content-disposition"].startswith('attachment; filename="audit-1-')
    assert auditor.get("/api/audit/export", params={"since": "2999-01-01"}).json()["code"] == "no_entries"


def test_a_trail_too_long_for_one_request_or_a_second_reader_of_it_is_refused(
    archive: Components, auditor: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    with archive.proving:
        for answer in (auditor.post("/api/audit/proof", json={}), auditor.get("/api/audit/export")):
            assert (answer.status_code, answer.json()["code"]) == (503, "proving_busy")
    monkeypatch.setattr(proving, "MOST_PROVEN", 1)
    monkeypatch.setattr(proving, "MOST_EXPORTED", 1)
    for answer in (auditor.post("/api/audit/proof", json={}), auditor.get("/api/audit/export")):
        assert (answer.status_code, answer.json()["code"]) == (422, "too_long_a_trail")
    assert not archive.proving.locked()
