"""`tolmach bitext export`: a pair goes out under the join of both labels, to whoever may read both papers."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from factories import PASSWORD, agency, fresh, label, person
from papers import Line, paper

from auth import policy
from auth.policy import Action
from indexer.bitext.exchange import tmx, xliff
from indexer.bitext.exchange.markup import read
from indexer.library.tables import DocumentRow
from indexer.pairs import pairs
from services import cli
from services.components import Components

ENGLISH = ("The meeting was opened on 12 October 2021.", "Each State should name one contact point.")
RUSSIAN = ("Совещание открылось 12 октября 2021 года.", "Каждому государству следует назначить контактное лицо.")
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def components(tmp_path: Path) -> Iterator[Components]:
    opened = fresh(tmp_path / "home")
    agency(opened, "A")
    person(opened, "tom", "A", ["translator"])
    person(opened, "low", "A", ["translator"], clearance="unclassified")
    yield opened
    opened.close()


@pytest.fixture
def run(components: Components, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command in this process on that home; gives its exit code and what it printed."""
    monkeypatch.setenv("TOLMACH_HOME", str(components.settings.home))

    def command(*arguments: str, stdin: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["tolmach", *arguments])
        monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        with pytest.raises(SystemExit) as ended:
            cli.main()
        printed = capsys.readouterr()
        return int(ended.value.code or 0), printed.out, printed.err

    return command


@pytest.fixture
def pair_id(components: Components) -> str:
    """An open English paper and a restricted Russian one, confirmed and not aligned yet."""
    with components.database.session() as session:
        english = paper(session, [[Line(text) for text in ENGLISH]]).id
        russian = paper(session, [[Line(text, language="ru") for text in RUSSIAN]], language="ru").id
        rule = policy.keep_rule(session, label(components, "A", "restricted").rule)
        session.get_one(DocumentRow, russian).rule = rule
        scope = policy.operator_scope(session, Action.EDIT)
        return pairs.make(session, scope, english, russian, "operator").row.id


def test_a_pair_is_written_under_the_join_of_both_labels(run, components, pair_id, tmp_path):
    code, _, told = run("bitext", "export", pair_id)
    assert code == 1 and "not aligned yet" in told
    worker = components.worker()
    while worker.pair():
        pass
    code, out, _ = run("bitext", "export", pair_id, "--format", "tmx")
    written = tmx.read(read(out.encode()), "en")
    assert code == 0 and "RESTRICTED" in written.label
    assert [(unit.source, unit.target) for unit in written.units] == list(zip(ENGLISH, RUSSIAN, strict=True))
    code, out, told = run("bitext", "export", pair_id, "--format", "xliff", "--to", str(tmp_path / "a.xlf"))
    assert (code, out) == (0, "") and "2 units" in told
    written = xliff.read(read((tmp_path / "a.xlf").read_bytes()))
    assert [unit.state for unit in written.units] == ["approved", "approved"]
    assert run("bitext", "export", pair_id, "--to", str(tmp_path / "a.xlf"))[0] == 1  # never written over
    exports = [entry.detail for entry in components.trail.entries() if entry.action == "export"]
    assert pair_id in exports[-1] and "label" in exports[-1]


def test_whoever_may_not_read_both_papers_is_told_as_of_no_pair(run, components, pair_id):
    refused = run("bitext", "export", pair_id, "--as", "low", "--password-stdin", stdin=PASSWORD + "\n")
    absent = run("bitext", "export", "0" * 32, "--as", "low", "--password-stdin", stdin=PASSWORD + "\n")
    assert refused == absent and refused[0] == 1
