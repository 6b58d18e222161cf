"""The commands: safe to repeat, JSON alone when asked, a bad file named and the rest taken in, plain exit codes."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from factories import PASSWORD, pdf

from services.cli.operation import running

Done = subprocess.CompletedProcess
Run = Callable[..., Done]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of papers, one of them no PDF, and a manifest of three more, one of which is absent."""
    root = tmp_path_factory.mktemp("papers")
    (root / "deep" / "er").mkdir(parents=True)
    (root / "one [draft].pdf").write_bytes(pdf("Paper one is about zeppelins."))
    (root / "deep" / "er" / "two.PDF").write_bytes(pdf("Paper two is about water."))
    (root / "notes.txt").write_text("not looked at")
    (root / "bad [x].pdf").write_bytes(b"no PDF")
    papers = root.parent / (root.name + "-listed")
    papers.mkdir()
    (papers / "three.pdf").write_bytes(pdf("Paper three is about courts."))
    (papers / "four.pdf").write_bytes(pdf("Paper four is about rivers."))
    (root / "listed.csv").write_text(
        "file,level,title_en,date,need_to_know,releasable_to\n"
        f"../{papers.name}/three.pdf,confidential,Three,2024-05-07,courts,\n"
        f"../{papers.name}/four.pdf,,,,,\n"
        f"../{papers.name}/absent.pdf,unclassified,,,,\n"
        f"../{papers.name}/four.pdf,unclassified,,yesterday,,\n",
        encoding="utf-8-sig",
    )
    return root


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Runs commands on one home, that the tests of this file share in their order."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TOLMACH_")}
    environment["TOLMACH_HOME"] = str(tmp_path_factory.mktemp("cli") / "home")

    def command(*arguments: str, stdin: str = "", **more: str) -> Done:
        return subprocess.run(
            [sys.executable, "-m", "services.cli", *arguments],
            env=environment | more,
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
        )

    return command


@pytest.fixture(scope="module")
def story(run: Run, folder: Path) -> dict[str, Done]:
    """What an operator does on the first day, and what each command answered."""
    label = ("--originator", "A", "--level", "unclassified", "--releasable-to", "ALL")
    done = {
        "before init": run("status"),
        "init": run("init", "--json"),
        "init again": run("init", "--json"),
        "agency": run("agency", "add", "A", "--name-en", "A", "--name-ru", "А", "--ceiling", "confidential"),
        "ann": run(
            *("person", "add", "ann", "--agency", "A", "--role", "expert", "--clearance", "confidential"),
            *("--need-to-know", "finance, x", "--password-stdin"),
            stdin=PASSWORD + "\n",
        ),
        "bob": run(
            "person", "add", "bob", "--agency", "A", "--role", "expert", "--clearance", "unclassified", "--json"
        ),
        "weak": run(
            *("person", "add", "eve", "--agency", "A", "--role", "expert", "--clearance", "confidential"),
            "--password-stdin",
            stdin="short\n",
        ),
        "both": run(
            *("person", "add", "eve", "--agency", "A", "--role", "expert", "--role", "administrator"),
            *("--clearance", "confidential"),
        ),
        "ingest": run("ingest", str(folder), "--manifest", str(folder / "listed.csv"), *label, "--wait", "--json"),
        "again": run("ingest", str(folder / "one [draft].pdf"), *label, "--json"),
        "in words": run("ingest", str(folder / "bad [x].pdf"), *label),
        "status": run("status", "--json"),
        "search": run("search", "paper", "--as", "ann", "--password-stdin", "--json", stdin=PASSWORD + "\n"),
        "shown": run("search", "zeppelin", "--as", "ann", "--password-stdin", stdin=PASSWORD + "\n"),
        "minus": run("search", "-zeppelin", "--as", "ann", "--password-stdin", "--json", stdin=PASSWORD + "\n"),
        "stranger": run("search", "paper", "--as", "ann", "--password-stdin", "--json", stdin="wrong\n"),
    }
    [first] = [row for row in out(done["ingest"])["documents"] if row["path"].endswith("[draft].pdf")]
    return done | {
        "remove": run("remove", first["document_id"], "--reason", "test"),
        "remove again": run("remove", first["document_id"], "--reason", "test"),
        "after": run("search", "", "--as", "ann", "--password-stdin", "--json", stdin=PASSWORD + "\n"),
        "verify": run("audit", "verify"),
    }


def out(done: Done) -> dict:
    """Standard output, which must be JSON alone."""
    return json.loads(done.stdout)


NEEDED_LATER = {"alembic", "docx", "elasticsearch", "fastapi", "uvicorn"}  # by servers, migrations or one engine


def test_no_command_waits_for_libraries_that_others_need() -> None:
    told = "import services.cli, sys; print(*sys.modules)"
    modules = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True).stdout.split()
    assert "sqlalchemy" in modules  # it did look
    assert NEEDED_LATER.isdisjoint(modules)


def test_exit_codes_tell_done_and_failed(story: dict[str, Done]) -> None:
    failed = {name for name, done in story.items() if done.returncode == 1}
    assert failed == {"before init", "weak", "both", "ingest", "in words", "stranger", "remove again"}
    assert {done.returncode for done in story.values()} == {0, 1}


def test_a_failure_is_one_plain_line(story: dict[str, Done]) -> None:
    says = {
        "before init": "Run: tolmach init",
        "weak": "12 to 256",
        "both": "administer and read",
        "stranger": "do not belong together",
        "remove again": "no such document",
    }
    for name, words in says.items():
        assert words in story[name].stderr
        assert story[name].stderr.startswith("Failed: ")
        assert "Traceback" not in story[name].stderr
        assert story[name].stdout == ""


def test_init_makes_two_administrators_once(story: dict[str, Done]) -> None:
    sign_ins = out(story["init"])["administrators"]
    assert [row["username"] for row in sign_ins] == ["admin1", "admin2"]
    assert all(len(row["code"]) == 23 for row in sign_ins)
    assert out(story["init again"])["administrators"] == []
    assert out(story["init again"])["home"] == out(story["init"])["home"]


def test_a_password_is_shown_only_where_it_was_made_here(story: dict[str, Done]) -> None:
    assert len(out(story["bob"])["code"]) == 23
    assert PASSWORD not in story["ann"].stdout + story["ann"].stderr


def test_a_bad_file_is_named_and_the_rest_goes_on(story: dict[str, Done]) -> None:
    rows = [(Path(row["path"]).name, row["state"], row["code"]) for row in out(story["ingest"])["documents"]]
    assert rows == [
        ("bad [x].pdf", "quarantined", "not_pdf"),
        ("two.PDF", "indexed", ""),
        ("one [draft].pdf", "indexed", ""),
        ("three.pdf", "indexed", ""),
        ("four.pdf", "indexed", ""),
        ("absent.pdf", "refused", "unreadable"),
        ("four.pdf", "refused", "date"),
    ]
    assert out(story["ingest"])["counts"] == {"quarantined": 1, "indexed": 4, "refused": 2}


def test_a_name_with_brackets_is_shown_as_it_is(story: dict[str, Done]) -> None:
    assert "bad [x].pdf: not_pdf: This file is not a PDF." in story["in words"].stderr


def test_what_is_here_already_is_recognised(story: dict[str, Done]) -> None:
    assert out(story["again"])["counts"] == {"duplicate": 1}
    [row] = out(story["again"])["documents"]
    assert (row["state"], row["duplicate"]) == ("indexed", True)
    assert row["document_id"] in {document["document_id"] for document in out(story["ingest"])["documents"]}


def test_the_status_counts_and_names_what_is_stuck(story: dict[str, Done]) -> None:
    status = out(story["status"])
    assert status["documents"] == {"indexed": 4, "quarantined": 1}
    assert [(row["filename"], row["code"]) for row in status["quarantined"]] == [("bad [x].pdf", "not_pdf")]


def test_a_search_shows_what_that_person_may_read(story: dict[str, Done]) -> None:
    results = out(story["search"])
    texts = sorted(hit["evidence"][0]["en"]["text"] for hit in results["hits"])
    assert texts == [
        "Paper four is about rivers.",
        "Paper one is about zeppelins.",
        "Paper two is about water.",
    ]  # not three, which needs another word
    assert results["total"] == 3
    assert "Paper one is about zeppelins." in story["shown"].stderr


def test_a_query_may_begin_with_a_minus(story: dict[str, Done]) -> None:
    results = out(story["minus"])
    assert results["total"] == 2
    assert [part["kind"] for part in results["interpretation"]] == ["excluded"]


def test_a_removed_document_is_gone_from_the_search(story: dict[str, Done]) -> None:
    assert out(story["after"])["total"] == 2


def test_the_trail_of_it_all_is_whole(story: dict[str, Done]) -> None:
    assert "The audit trail is whole" in story["verify"].stderr


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("ingest", "."), "--originator"),
        (("ingest", "--originator", "A", "--level", "unclassified"), "Nothing to take in"),
        (("ingest", "/absent.pdf", "--originator", "A", "--level", "unclassified"), "does not exist"),
        (("person", "add", "x", "--agency", "A", "--role", "king", "--clearance", "x"), "king"),
        (("search", "x"), "--as"),
        (("fly",), "fly"),
    ],
)
def test_wrong_usage_is_exit_code_2(run: Run, folder: Path, arguments: tuple[str, ...], says: str) -> None:
    done = run(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert says in done.stderr


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"file,lvel\na.pdf,unclassified\n", "unknown column 'lvel'"),
        (b"level\nunclassified\n", "no column file"),
        (b"", "no column file"),
        ("file,level\nа.pdf,Несекретно\n".encode("cp1251"), "not written in UTF-8"),
        (b"file,level\na.pdf,unclassified,more,cells\n", "more cells"),
    ],
)
def test_a_manifest_that_cannot_be_read_is_refused_before_anything_is_taken_in(
    tmp_path: Path, content: bytes, says: str
) -> None:
    import typer

    from services.cli.library.manifest import from_manifest

    (tmp_path / "list.csv").write_bytes(content)
    with pytest.raises(typer.BadParameter, match=says):
        from_manifest(tmp_path / "list.csv", {})


def test_a_bad_manifest_is_wrong_usage(run: Run, tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("file,lvel\na.pdf,unclassified\n")
    done = run(
        "ingest", "--manifest", str(tmp_path / "list.csv"), "--originator", "A", "--level", "unclassified", "--json"
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "lvel" in done.stderr


def test_an_unknown_setting_fails_plainly(run: Run) -> None:
    done = run("status", TOLMACH_PROT="1")
    assert done.returncode == 1
    assert "Failed: There is no setting TOLMACH_PROT." in done.stderr


def test_a_line_of_a_manifest_with_a_level_of_its_own_takes_no_release_from_the_options(tmp_path: Path) -> None:
    from services.cli.library.manifest import from_manifest

    (tmp_path / "list.csv").write_text("file,level,originator\na.pdf,confidential,\nb.pdf,,B\n")
    options = {"originator": "A", "level": "unclassified", "releasable_to": "ALL", "need_to_know": "x"}
    own, shared = from_manifest(tmp_path / "list.csv", options)
    assert own.columns == {"originator": "A", "level": "confidential"}
    assert shared.columns == options | {"originator": "B"}


def test_what_is_served_is_sent_at_once() -> None:
    """Not held back until the other side acknowledges the beginning of an answer, which takes it some 40 ms."""
    with (
        running._listening("127.0.0.1", 0) as address,
        socket.create_connection(address.getsockname()),
        address.accept()[0] as connection,
    ):
        assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
