"""`tolmach terms` and `tolmach dictionary`: in, listed, out again, each under a label that must be said."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from factories import PASSWORD, agency, fresh, person

from indexer.lexicon.termbase.formats import tbx
from indexer.lexicon.termbase.terms import Concept
from services import cli
from services.cli.console import console
from services.components import Components

TABLE = "en\tru\tdomain\nzonk\tгофра\tborder\nbad\t\t\n"
LABEL = ("--level", "unclassified", "--releasable-to")
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def components(tmp_path: Path) -> Iterator[Components]:
    opened = fresh(tmp_path / "home")
    for code in ("A", "B"):
        agency(opened, code)
        person(opened, f"expert-{code}", code, ["expert"])
    yield opened
    opened.close()


@pytest.fixture
def run(components: Components, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command in this process on that home; gives its exit code and what it printed."""
    monkeypatch.setenv("TOLMACH_HOME", str(components.settings.home))
    monkeypatch.setattr(console, "width", 200)

    def command(*arguments: str, stdin: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["tolmach", *arguments])
        monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        with pytest.raises(SystemExit) as ended:
            cli.main()
        printed = capsys.readouterr()
        return int(ended.value.code or 0), printed.out, printed.err

    return command


def concepts(written: str) -> list[Concept]:
    return [each for each in tbx.read(io.BytesIO(written.encode())) if isinstance(each, Concept)]


def test_terms_go_in_and_come_out_for_those_who_may_read_them(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.tsv").write_text(TABLE, encoding="utf-8")
    code, _, told = run("terms", "import", str(tmp_path / "a.tsv"), *LABEL, "A", "--licence", "CC0")
    assert code == 0 and "1 entries taken, 1 refused" in told and "line 3: term_one_language" in told
    (concept,) = concepts(run("terms", "export")[1])
    assert [word.text for word in concept.words] == ["zonk", "гофра"] and concept.domain == "border"
    exports = [
        run("terms", "export", "--as", f"expert-{home}", "--password-stdin", stdin=PASSWORD + "\n") for home in "AB"
    ]
    assert [len(concepts(out)) for _, out, _ in exports] == [1, 0]
    assert "unclassified // A" in exports[0][1] and "zonk" not in exports[1][1]
    vocabulary = told.split("refused: ")[1].split()[0]
    assert "CC0" in run("terms", "list")[2]
    assert run("dictionary", "remove", vocabulary)[0] == 1
    assert run("terms", "remove", vocabulary)[0] == 0
    assert concepts(run("terms", "export")[1]) == [] and "Nothing was imported." in run("terms", "list")[2]


def test_a_dictionary_goes_in_under_its_licence(run: Run, tmp_path: Path, components: Components) -> None:
    (tmp_path / "a.dsl").write_text("zonk\n\t[trn]гофра[/trn]\n", encoding="utf-16")
    assert run("dictionary", "import", str(tmp_path / "a.dsl"), *LABEL, "ALL")[0] == 2
    code, out, _ = run("dictionary", "import", str(tmp_path / "a.dsl"), *LABEL, "ALL", "--licence", "GPL", "--json")
    assert code == 0 and '"licence": "GPL"' in out and '"entries": 1' in out
    assert '"whole": true' in run("dictionary", "list", "--json")[1]
    acts = [entry.action for entry in components.trail.entries()]
    assert acts.count("import_dictionary") == 2 and acts[-1] == "list_dictionary"


def test_what_cannot_be_taken_says_what_to_do(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("zonk", encoding="utf-8")
    assert "The form is one of" in run("terms", "import", str(tmp_path / "a.txt"), *LABEL, "ALL")[2]
    (tmp_path / "a.index").write_text("zonk\tA\tA\n", encoding="utf-8")
    assert run("dictionary", "import", str(tmp_path / "a.index"), *LABEL, "ALL", "--licence", "x")[0] == 1
    (tmp_path / "a.tsv").write_text(TABLE, encoding="utf-8")
    assert run("terms", "import", str(tmp_path / "a.tsv"), *LABEL, "")[0] == 2
    assert run("terms", "import", str(tmp_path / "a.tsv"), *LABEL, "NOBODY")[0] == 1
    assert run("terms", "export", "--form", "pdf")[0] == 2
